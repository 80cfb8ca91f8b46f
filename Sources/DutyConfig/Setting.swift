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
        /// The word `any`, or a list of words of which one must fit.
        case anyOrList
        /// A list of words.
        case list
        /// A list of the reasons for which a service pauses; it may be empty.
        case phases
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
        case .ratio: "a fraction such as 1/2"
        case .weights: "roles with whole numbers"
        case .span: TimeText.spanForm
        case .date: "a date YYYY-MM-DD"
        case .optionalDate: "a date YYYY-MM-DD, or the word none"
        case .role: "a role, or the word any"
        case .roles: "a role or a list of roles"
        case .anyOrList: "the word any, or a list"
        case .list: "a list"
        case .phases: "a list of " + Setting.phaseWords.joined(separator: ", ") + "; may be empty"
        }
    }

    /// The value in `node`, or nil after saying what is wrong.
    func value(_ node: YAMLNode) -> Value? {
        switch kind {
        case .choice: return node.word(of: choices.map(\.value)).map { .string($0) }
        case .flag: return node.flag().map { .bool($0) }
        case .integer(let range): return node.integer(in: range).map { .integer($0) }
        case .ratio:
            guard let text = node.text() else { return nil }
            return Setting.ratio(text) == nil
                ? node.failed("must be \(form), at most 1/1, is \"\(text)\"") : .string(text)
        case .weights: return weights(node)
        case .span: return node.span() == nil ? nil : node.scalarText.map { .string($0) }
        case .date: return node.date().map { .string($0.description) }
        case .optionalDate:
            if node.scalarText == "none" { return "none" }
            return node.date().map { .string($0.description) }
        case .role: return node.name().map { .string($0) }
        case .roles: return words(node)
        case .list: return node.isList ? words(node) : node.failed("must be a list")
        case .phases:
            guard node.isList else { return node.failed("must be a list") }
            let words = node.list().map { $0.word(of: Setting.phaseWords) }
            return words.contains(nil) ? nil : .array(words.compactMap { $0 }.map { .string($0) })
        case .anyOrList: return node.isList ? words(node) : node.word(of: ["any"]).map { .string($0) }
        }
    }

    private static let phaseWords: [String] = {
        let field = EventCatalogue.schema(.servicePaused).fields.first { $0.name == "reason" }
        guard case .oneOf(let words) = field?.kind else { return [] }
        return words
    }()

    private func words(_ node: YAMLNode) -> Value? {
        let items = node.oneOrMany()
        let words = items.compactMap { $0.text() }
        guard !words.isEmpty, words.count == items.count else {
            return items.isEmpty ? node.failed("is an empty list") : nil
        }
        return node.isList ? .array(words.map { .string($0) }) : .string(words[0])
    }

    private func weights(_ node: YAMLNode) -> Value? {
        let members = node.members().map { ($0.key, $0.value.integer(in: 0...1_000)) }
        guard members.contains(where: { ($0.1 ?? 1) > 0 }) else {
            return node.failed("must name at least one role with a weight above 0")
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
