import Foundation
import Testing

/// Reads the sources and holds them to the layers of docs/architecture.md.
@Suite struct LayerTests {
    /// What each folder of Sources may import; nothing else.
    private static let layers: [String: Set<String>] = [
        "Duty": [],
        "Kafka": ["CRdkafka", "Glibc", "Darwin", "Synchronization"],
        "Telemetry": ["Logging", "Glibc", "Darwin", "Synchronization"],
        "Schemas": ["Duty"],
        "Storage": [
            "Duty", "Crypto", "GRDB", "GRDBSQLite", "Foundation", "Synchronization", "Glibc", "Darwin",
        ],
        "Delivery": [
            "CCurl", "CSpawn", "Duty", "DutyConfig", "Crypto", "AsyncHTTPClient", "Mustache", "NIOCore",
            "NIOHTTP1", "NIOSSL", "FoundationEssentials", "Synchronization", "Glibc", "Darwin",
        ],
        "DutyConfig": ["Duty", "Yams", "Foundation", "FoundationEssentials"],
        "Engine": [
            "Duty", "Kafka", "Storage", "Telemetry", "Dispatch", "Synchronization", "Glibc", "Darwin",
        ],
        "Console": [
            "Duty", "Engine", "Schemas", "Storage", "Telemetry", "Crypto", "Hummingbird", "HummingbirdTLS",
            "HTTPTypes", "JWTKit", "Mustache", "NIOCore", "NIOSSL", "Logging", "Synchronization",
        ],
        // Not "Delivery": the double checks what that module sends by code of its own.
        "ProviderDouble": [
            "Duty", "Crypto", "Hummingbird", "HTTPTypes", "NIOCore", "Logging", "FoundationEssentials",
        ],
        "dutyclock": [
            "Console", "Delivery", "Duty", "DutyConfig", "Engine", "Kafka", "ProviderDouble", "Schemas",
            "Storage", "Telemetry", "ArgumentParser", "AsyncHTTPClient", "ServiceLifecycle", "UnixSignals",
            "Logging", "Foundation",
            "Synchronization", "Glibc", "Darwin",
        ],
    ]

    /// What no source may do: end the process from within, or read a clock past `WallClock`.
    private static let banned = [
        "fatalError", "preconditionFailure", "try!", "as!", "Date()", "Date.now", "DateFormatter", "print(",
    ]

    private struct Source {
        let folder: String
        let path: String
        let text: String
        let lines: [Substring]
    }

    private static func sources() throws -> [Source] {
        let root = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Sources")
        var found: [Source] = []
        for folder in try FileManager.default.contentsOfDirectory(atPath: root.path).sorted() {
            let home = root.appendingPathComponent(folder).resolvingSymlinksInPath()
            let files = FileManager.default.enumerator(atPath: home.path)
            while let file = files?.nextObject() as? String {
                guard file.hasSuffix(".swift") else { continue }
                let text = try String(contentsOf: home.appendingPathComponent(file), encoding: .utf8)
                let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
                found.append(Source(folder: folder, path: folder + "/" + file, text: text, lines: lines))
            }
        }
        return found
    }

    /// The module that a line imports, also of `@preconcurrency import struct Module.Name`.
    private static func imported(_ line: Substring) -> String? {
        let pattern =
            #/
            ^\s*(?:@\w+(?:\(\w+\))?\s+)*(?:(?:package|public|internal|private|fileprivate)\s+)?
            import\s+(?:(?:struct|class|enum|protocol|func|typealias|let|var|actor)\s+)?(?<module>\w+)
            /#
        return (try? pattern.firstMatch(in: line)).map { String($0.output.module) }
    }

    @Test func everyFolderImportsOnlyWhatItsLayerMay() throws {
        let sources = try Self.sources()
        #expect(Set(sources.map(\.folder)) == Set(Self.layers.keys))
        for source in sources {
            let allowed = try #require(
                Self.layers[source.folder],
                "no layer is written down for \(source.folder)"
            )
            let modules = Set(source.lines.compactMap(Self.imported))
            #expect(modules.subtracting(allowed).isEmpty, "\(source.path)")
        }
    }

    @Test func noSourceEndsTheProcessOrReadsAClockOfItsOwn() throws {
        for source in try Self.sources() {
            for word in Self.banned where source.text.range(of: word) != nil {
                for (number, line) in source.lines.enumerated() where Self.uses(word, String(line)) {
                    Issue.record("\(source.path):\(number + 1) uses \(word)")
                }
            }
        }
    }

    /// Whether a line has the word as a whole one, outside of a comment; `ISO8601DateFormatter` counts too.
    private static func uses(_ word: String, _ line: String) -> Bool {
        let code = line.range(of: "//").map { String(line[..<$0.lowerBound]) } ?? line
        guard let found = code.range(of: word) else { return false }
        let isWhole = code[..<found.lowerBound].last.map { !$0.isLetter } ?? true
        return isWhole || word == "DateFormatter"
    }

    @Test(arguments: [
        ("fatalError(\"x\")", "fatalError", true), ("let x = try! f()", "try!", true),
        ("blueprint(1)", "print(", false), ("// print(1)", "print(", false),
        ("ISO8601DateFormatter()", "DateFormatter", true), ("CivilDate()", "Date()", false),
    ])
    func aBannedWordIsRecognized(_ line: String, _ word: String, _ isUsed: Bool) {
        #expect(Self.uses(word, line) == isUsed)
    }

    /// Each look at such a function wraps it once more and keeps it so: a call takes ever longer, and memory grows.
    @Test func noMutexHoldsAFunctionByItself() throws {
        for source in try Self.sources() {
            for (number, line) in source.lines.enumerated() where Self.holdsFunction(line) {
                Issue.record("\(source.path):\(number + 1): put the function into a struct")
            }
        }
    }

    private static func holdsFunction(_ line: Substring) -> Bool {
        let code = line.range(of: "//").map { line[..<$0.lowerBound] } ?? line
        return code.contains(#/\bMutex<(?:[^<>=]|<[^>]*>)*->/#)
    }

    @Test(arguments: [
        ("let a = Mutex<(@Sendable () -> Void)?>(nil)", true), ("let a: Mutex<() -> Int>", true),
        ("let a = Mutex<[Int: String]>([:])", false), ("/// Mutex<() -> Void>", false),
        ("func f(_ a: Mutex<Int>) -> Int { 0 }", false),
    ])
    func aFunctionInAMutexIsRecognized(_ line: String, _ holds: Bool) {
        #expect(Self.holdsFunction(line[...]) == holds)
    }

    @Test func noSourceIsLongerThanFourHundredLines() throws {
        let sources = try Self.sources()
        #expect(sources.count > 100)
        for source in sources { #expect(source.lines.count <= 401, "\(source.path)") }
    }

    @Test(arguments: [
        ("import Duty", "Duty"), ("  @preconcurrency import GRDB", "GRDB"), ("package import Yams", "Yams"),
        ("import struct Foundation.URL", "Foundation"), ("@_exported public import Crypto", "Crypto"),
        ("let important = 1", nil), ("// import Duty", nil),
    ])
    func anImportIsRecognized(_ line: String, _ module: String?) {
        #expect(Self.imported(line[...]) == module)
    }
}
