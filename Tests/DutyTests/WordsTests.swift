import Foundation
import Testing

/// The core stays pure: it imports nothing, reads no clock and cannot trap on purpose.
@Suite struct WordsTests {
    private func sources() throws -> [(name: String, lines: [String])] {
        let folder = Resource.folder.appendingPathComponent("../../Sources/Duty").standardizedFileURL
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0.hasSuffix(".swift") }.sorted()
        return try names.map { name in
            let text = try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
            return (name, text.components(separatedBy: "\n"))
        }
    }

    private static let banned = [
        "Date()", "Date.now", "ContinuousClock", "SuspendingClock", "SystemRandom", "random(in",
        ".randomElement",
        ".shuffled(", "UUID(", "fatalError", "precondition(", "preconditionFailure", "assertionFailure",
        "try!", "as!",
        "unowned(unsafe)", "print(", "getenv", "FileManager", "Task.sleep", "Task {", "nonisolated(unsafe)",
        "@unchecked", "unsafeBitCast",
    ]

    @Test func `The core imports nothing but the standard library`() throws {
        let files = try sources()
        #expect(files.count >= 20)
        for (name, lines) in files {
            for line in lines where line.split(separator: " ").contains("import") && !line.hasPrefix("///") {
                Issue.record("\(name): \(line)")
            }
        }
    }

    @Test func `The core calls nothing that reads a clock, chance or the machine, or that traps on purpose`()
        throws
    {
        for (name, lines) in try sources() {
            for (number, line) in lines.enumerated() {
                let code = line.components(separatedBy: "//")[0]
                for word in Self.banned where code.contains(word) {
                    Issue.record("\(name):\(number + 1): \(word)")
                }
            }
        }
    }
}
