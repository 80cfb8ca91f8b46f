import Foundation
import Testing

/// Whatever is said of a mistake is written in two languages where it arises, and the first is Chinese.
@Suite struct LanguageTests {
    /// Calls whose first argument is for people who read Chinese; the last three are about configurations only.
    private static let calls = ["Wording(", "EventRejection(", ".fail(", "failed(", "log.add("]

    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Sources")

    /// The sources of a folder, by their paths.
    private static func sources(_ folder: String = "") throws -> [(path: String, text: String)] {
        let home = root.appendingPathComponent(folder)
        let files = FileManager.default.enumerator(atPath: home.path)?.compactMap { $0 as? String } ?? []
        return try files.filter { $0.hasSuffix(".swift") }.sorted().map { file in
            (file, try String(contentsOf: home.appendingPathComponent(file), encoding: .utf8))
        }
    }

    /// The first argument that begins with a text of each such call, with its place.
    private static func arguments() throws -> [(place: String, argument: String)] {
        var found: [(String, String)] = []
        for (path, text) in try sources() {
            for call in calls.prefix(path.hasPrefix("DutyConfig/") ? calls.count : 2) {
                for part in text.components(separatedBy: call).dropFirst() {
                    var rest = Substring(part)
                    // An event's rejection names its reason first.
                    if call == "EventRejection(" { rest = rest.dropFirst(argument(rest).count + 1) }
                    let first = argument(rest).trimmingCharacters(in: .whitespacesAndNewlines)
                    if first.hasPrefix("\"") { found.append((path + ": " + call, first)) }
                }
            }
        }
        return found
    }

    /// Up to the comma or bracket that ends it, whatever stands in brackets within.
    private static func argument(_ text: Substring) -> Substring {
        var depth = 0
        var end = text.startIndex
        for index in text.indices {
            end = index
            switch text[index] {
            case "(", "[", "{": depth += 1
            case ")", "]", "}": depth -= 1
            case "," where depth == 0 && !isInText(text[..<index]): return text[..<index]
            default: break
            }
            if depth < 0 { return text[..<index] }
        }
        return text[...end]
    }

    private static func isInText(_ text: Substring) -> Bool {
        text.replacingOccurrences(of: "\\\"", with: "").count { $0 == "\"" } % 2 == 1
    }

    @Test func everyProblemIsSaidInChineseFirst() throws {
        let arguments = try Self.arguments()
        #expect(arguments.count > 180, "the calls are spelt otherwise now: \(arguments.count)")
        // Names of keys are the same in every language, and nothing is nothing.
        for (place, text) in arguments where !["\"\"", "\"heldTo\""].contains(text) {
            let isChinese = text.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) }
            #expect(isChinese, "\(place) \(text)")
        }
    }

    /// Why deliveries fail is on record in English, and has Chinese words for those who look at it.
    @Test func everyReasonOfADeliveryHasChineseWords() throws {
        let words = try Self.sources("Console").first { $0.path == "AttemptWords.swift" }?.text ?? ""
        let pattern = #/(?:reason: |Row\(\s*"[^"]+",\s*\.[\w(.:) ]+,\s*)"(?<reason>[^"\\]+)"/#
        var reasons: Set<String> = []
        for (_, text) in try Self.sources("Delivery") {
            reasons.formUnion(text.matches(of: pattern).map { String($0.output.reason) })
        }
        // Those that go on with what a library says begin with words that are known.
        reasons = reasons.filter { !$0.hasSuffix(": ") }
        #expect(reasons.count > 80, "\(reasons.count)")
        for reason in reasons.sorted() { #expect(words.contains("\"\(reason)\":"), "\(reason)") }
    }

    /// The codes by which the interface says what is wrong, and the sentences that people read before them.
    @Test func everyCodeOfAProblemHasChineseWords() throws {
        let sources = try Self.sources("Console")
        let words = sources.first { $0.path == "ProblemWords.swift" }?.text ?? ""
        let pattern =
            #/
            (?:\bproblem|\bRefusal|\brefusal|APIProblem)\(\s*(?:(?:\.\w+|status),\s*)?"(?<code>\w+)"
            /#
        let codes = Set(sources.flatMap { $0.text.matches(of: pattern).map { String($0.output.code) } })
        #expect(codes.count >= 24, "\(codes.count)")
        for code in codes.sorted() { #expect(words.contains("\"\(code)\": \""), "\(code)") }
    }
}
