import Duty
import Yams

/// A value of a YAML file that knows its place; its accessors note what is wrong and go on.
struct YAMLNode {
    let node: Node
    /// The file, or the environment variable that replaced its value.
    let file: String
    let line: Int
    /// From the top of the file, for messages: `channels.hook.url`, `rules[3].metBy[0]`.
    let path: String
    let log: ProblemLog
    let overrides: EnvironmentOverrides?
    var isFromEnvironment = false

    /// Notes what is wrong with the value, and perhaps what was meant.
    func fail(_ chinese: String, _ english: String, _ hint: Wording = .nothing) {
        fail(Wording(chinese, english) + hint)
    }

    func fail(_ wording: Wording) {
        log.add(
            ConfigProblem(
                file: file,
                line: line,
                wording: path.isEmpty ? wording : wording.after(path + ": ")
            )
        )
    }

    /// Notes what is wrong and is nil, for the end of an expression.
    func failed<Value>(_ chinese: String, _ english: String, _ hint: Wording = .nothing) -> Value? {
        failed(Wording(chinese, english) + hint)
    }

    func failed<Value>(_ wording: Wording) -> Value? {
        fail(wording)
        return nil
    }

    // MARK: Scalars

    /// The characters of a scalar; nil without a word for what is none.
    var scalarText: String? { node.scalar?.string }
    var isMapping: Bool { node.mapping != nil }
    var isList: Bool { node.sequence != nil }

    /// Nothing, `~` or `null`, not in quotes.
    var isNull: Bool {
        guard let scalar = node.scalar, scalar.style == .plain else { return false }
        return ["", "~", "null"].contains(scalar.string)
    }

    /// Any scalar with something in it, a number as it was written.
    func text() -> String? {
        guard let scalar = node.scalar else {
            return failed("须是一段文字,现为\(kindName.chinese)", "must be a text, is \(kindName.english)")
        }
        guard !isNull, !scalar.string.isEmpty else { return failed("是空的", "is empty") }
        return scalar.string
    }

    func flag() -> Bool? {
        guard let text = text() else { return nil }
        switch text {
        case "true": return true
        case "false": return false
        default: return failed("须是 true 或 false,现为“\(text)”", "must be true or false, is \"\(text)\"")
        }
    }

    func integer(in range: ClosedRange<Int64>) -> Int64? {
        guard let text = text() else { return nil }
        guard let number = Int64(text), range.contains(number) else {
            return failed(
                "须是 \(range.lowerBound) 到 \(range.upperBound) 的整数,现为“\(text)”",
                "must be a whole number from \(range.lowerBound) to \(range.upperBound), is \"\(text)\""
            )
        }
        return number
    }

    func span() -> Span? {
        guard let text = text() else { return nil }
        return TimeText.span(text)
            ?? failed(
                "须是一段时间,例如 250ms、30s、15m、24h、400d 或 10y,现为“\(text)”",
                "must be \(TimeText.spanForm), is \"\(text)\""
            )
    }

    func date() -> CivilDate? {
        guard let text = text() else { return nil }
        return CivilDate(text)
            ?? failed("须是日期 YYYY-MM-DD,现为“\(text)”", "must be a date YYYY-MM-DD, is \"\(text)\"")
    }

    func word(of words: [String]) -> String? {
        guard let text = text() else { return nil }
        guard words.contains(text) else {
            return failed(
                "须是其中之一:\(words.joined(separator: "、")),现为“\(text)”",
                "must be one of \(words.joined(separator: ", ")), is \"\(text)\"",
                Spelling.hint(text, among: words)
            )
        }
        return text
    }

    func word<Word: RawRepresentable & CaseIterable>(_ type: Word.Type) -> Word?
    where Word.RawValue == String {
        word(of: Word.allCases.map(\.rawValue)).flatMap { Word(rawValue: $0) }
    }

    /// A name that goes into keys, logs and file names: letters, digits, dot, dash and underscore.
    func name() -> String? {
        guard let text = text() else { return nil }
        guard YAMLNode.isName(text) else {
            return failed(
                "只能用字母、数字、点、短横和下划线,最多 64 个,现为“\(text)”",
                "must be at most 64 letters, digits, dots, dashes or underscores, is \"\(text)\""
            )
        }
        return text
    }

    static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 64
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }
    }

    func url() -> String? {
        guard let text = text() else { return nil }
        guard text.hasPrefix("http://") || text.hasPrefix("https://"), !text.contains(" "),
            text.split(separator: "/", omittingEmptySubsequences: false).count > 2,
            !text.split(separator: "/", omittingEmptySubsequences: false)[2].isEmpty
        else {
            return failed(
                "须是以 http:// 或 https:// 开头的地址",
                "must be an address that starts with http:// or https://"
            )
        }
        return text
    }

    // MARK: Lists and mappings

    /// The items of a list; a variable of the environment may also give them with commas between.
    func list() -> [YAMLNode] {
        if let sequence = node.sequence {
            return sequence.enumerated().map {
                child($1, line: $1.mark?.line ?? line, path: "\(path)[\($0)]")
            }
        }
        if isFromEnvironment, let text = node.scalar?.string {
            return text.split(separator: ",").enumerated().map { index, part in
                child(
                    Node(YAMLNode.trimmed(part), Tag(.implicit), .plain),
                    line: line,
                    path: "\(path)[\(index)]"
                )
            }
        }
        fail("须是列表,现为\(kindName.chinese)", "must be a list, is \(kindName.english)")
        return []
    }

    /// One value or a list of them.
    func oneOrMany() -> [YAMLNode] { isList ? list() : [self] }

    /// Reads a mapping with `body`; keys that `body` did not ask for are noted as unknown.
    func mapping<Value>(_ body: (YAMLMapping) -> Value?) -> Value? {
        guard let mapping = YAMLMapping(self) else {
            return failed(
                "须是“键: 值”的映射,现为\(kindName.chinese)",
                "must be a mapping of keys to values, is \(kindName.english)"
            )
        }
        let value = body(mapping)
        mapping.finish()
        return value
    }

    /// The members of a mapping whose keys are names of the user's own choice.
    func members() -> [(key: String, value: YAMLNode)] {
        var members: [(key: String, value: YAMLNode)] = []
        _ = mapping { map in
            members = map.allMembers()
        }
        return members
    }

    func child(_ node: Node, line: Int, path: String) -> YAMLNode {
        var child = YAMLNode(node: node, file: file, line: line, path: path, log: log, overrides: overrides)
        child.isFromEnvironment = isFromEnvironment
        return child
    }

    private var kindName: Wording {
        if isNull { return Wording("空", "empty") }
        if isMapping { return Wording("映射", "a mapping") }
        return isList ? Wording("列表", "a list") : Wording("单个值", "a single value")
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
