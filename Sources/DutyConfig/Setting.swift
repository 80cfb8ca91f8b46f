import Duty

/// One named switch: a question that the document leaves open, and the answers that can be chosen.
package struct Setting: Sendable {
    /// What kind of value answers the question.
    package enum Kind: Sendable, Hashable {
        /// One of the `choices`.
        case choice
        /// `true` or `false`.
        case flag
        case integer(ClosedRange<Int64>)
        /// A whole number, or the word `none`.
        case optionalInteger(ClosedRange<Int64>)
        /// `1/2`.
        case ratio
        /// Roles with whole numbers: `{park.leader: 1, park.staff: 1}`.
        case weights
        case span
        case date
        /// A date, or the word `none`.
        case optionalDate
        /// A role of the policy.
        case role
        /// A role of the policy, or several.
        case roles
        /// The word `any`, or a list of words of which one must fit: of these words, or of any where there are none.
        case anyOrList(of: [String])
        /// The word `none`, or a list of words.
        case noneOrList
        /// A list of some of these words; it may be empty if `mayBeEmpty`.
        case list(of: [String], mayBeEmpty: Bool)
    }

    package struct Choice: Sendable {
        package let value: String
        /// What it changes, in one line.
        package let effect: String
    }

    package let name: String
    /// What is being asked, in one line.
    package let question: String
    package let kind: Kind
    package let `default`: Value
    /// For `choice` and `flag`, every value there is.
    package let choices: [Choice]

    /// What may stand in the file, for messages and the manual.
    package var form: String {
        switch kind {
        case .choice, .flag: choices.map(\.value).joined(separator: ", ")
        case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .optionalInteger(let range):
            "a whole number from \(range.lowerBound) to \(range.upperBound), or the word none"
        case .ratio: "a fraction such as 1/2"
        case .weights: "roles with whole numbers"
        case .span: TimeText.spanForm
        case .date: "a date YYYY-MM-DD"
        case .optionalDate: "a date YYYY-MM-DD, or the word none"
        case .role: "a role, or the word any"
        case .roles: "a role or a list of roles"
        case .anyOrList(let words):
            "the word any, or a list" + (words.isEmpty ? "" : " of " + words.joined(separator: ", "))
        case .noneOrList: "the word none, or a list"
        case .list(let words, let mayBeEmpty):
            "a list of " + words.joined(separator: ", ") + (mayBeEmpty ? "; may be empty" : "")
        }
    }

    /// The value in `node`, or nil after saying what is wrong.
    func value(_ node: YAMLNode) -> Value? {
        switch kind {
        case .choice: return node.word(of: choices.map(\.value)).map { .string($0) }
        case .flag: return node.flag().map { .bool($0) }
        case .integer(let range): return node.integer(in: range).map { .integer($0) }
        case .optionalInteger(let range):
            if node.scalarText == "none" { return "none" }
            return node.integer(in: range).map { .integer($0) }
        case .ratio:
            guard let text = node.text() else { return nil }
            return Setting.ratio(text) == nil
                ? node.failed(
                    "须是 1/2 这样的分数,最大 1/1,现为“\(text)”",
                    "must be \(form), at most 1/1, is \"\(text)\""
                ) : .string(text)
        case .weights: return weights(node)
        case .span: return node.span() == nil ? nil : node.scalarText.map { .string($0) }
        case .date: return node.date().map { .string($0.description) }
        case .optionalDate:
            if node.scalarText == "none" { return "none" }
            return node.date().map { .string($0.description) }
        case .role: return node.name().map { .string($0) }
        case .roles: return words(node)
        case .list(let known, let mayBeEmpty):
            guard node.isList else { return node.failed("须是列表", "must be a list") }
            return words(node, of: known, mayBeEmpty: mayBeEmpty)
        case .noneOrList:
            return node.isList ? words(node) : node.word(of: ["none"]).map { .string($0) }
        case .anyOrList(let known):
            guard node.isList else { return node.word(of: ["any"]).map { .string($0) } }
            return known.isEmpty ? words(node) : words(node, of: known, mayBeEmpty: false)
        }
    }

    /// Words of a list, each of them one that is known: a misspelt one would never fit any event.
    private func words(_ node: YAMLNode, of known: [String], mayBeEmpty: Bool) -> Value? {
        let words = node.list().map { $0.word(of: known) }
        guard mayBeEmpty || !words.isEmpty else { return node.failed("列表是空的,请至少写一项", "is an empty list") }
        return words.contains(nil) ? nil : .array(words.compactMap { $0 }.map { .string($0) })
    }

    private func words(_ node: YAMLNode) -> Value? {
        let items = node.oneOrMany()
        let words = items.compactMap { $0.text() }
        guard !words.isEmpty, words.count == items.count else {
            return items.isEmpty ? node.failed("列表是空的,请至少写一项", "is an empty list") : nil
        }
        return node.isList ? .array(words.map { .string($0) }) : .string(words[0])
    }

    private func weights(_ node: YAMLNode) -> Value? {
        let members = node.members().map { ($0.key, $0.value.integer(in: 0...1_000)) }
        guard members.contains(where: { ($0.1 ?? 1) > 0 }) else {
            return node.failed("至少要有一个角色的权重大于 0", "must name at least one role with a weight above 0")
        }
        return .object(members.map { Value.Member($0.0, .integer($0.1 ?? 0)) })
    }

    /// `1/2` as numerator and denominator.
    static func ratio(_ text: String) -> (numerator: Int64, denominator: Int64)? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int64($0) }
        guard parts.count == 2, let numerator = parts[0], let denominator = parts[1], numerator > 0,
            numerator <= denominator, denominator <= 10_000
        else { return nil }
        return (numerator, denominator)
    }

    /// A value as it stands in the file.
    package static func text(_ value: Value) -> String {
        switch value {
        case .null: "null"
        case .bool(let flag): flag ? "true" : "false"
        case .integer(let number): String(number)
        case .number(let number): String(number)
        case .string(let text): text
        case .array(let values): "[" + values.map(text).joined(separator: ", ") + "]"
        case .object(let members):
            "{" + members.map { $0.name + ": " + text($0.value) }.joined(separator: ", ") + "}"
        }
    }
}
