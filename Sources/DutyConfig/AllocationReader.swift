import Duty

/// Reads a rule of the kind `allocation`: who bears which share of a fine.
final class AllocationReader {
    private let values: PolicyValues
    private let patterns: PatternReader
    private(set) var codes: [PolicyFile.CodeUse] = []
    private(set) var tells: [PolicyFile.TellSource] = []

    init(values: PolicyValues, patterns: PatternReader) {
        self.values = values
        self.patterns = patterns
    }

    func read(_ map: YAMLMapping) -> AllocationRule? {
        let fines = map.required("over").flatMap(patterns.pattern)
        let weights = map.required("between").flatMap(weights) ?? []
        let ratio = map.required("share").flatMap(ratio)
        if let fines, fines.kind != .fineIssued {
            map["over"]?.fail("须是关于 fine.issued 的", "must be about fine.issued")
        }
        let pattern = fines ?? FactPattern(.fineIssued)
        // Who hears of a part that nobody bears stands among the messages, read below.
        var rule = AllocationRule(fines: pattern, weights: weights, heldRole: "")
        rule.numerator = ratio?.numerator ?? 1
        rule.denominator = ratio?.denominator ?? 2
        rule.mode = word(map["borne"], ["together", "each"]) ?? .together
        rule.emptyRole = word(map["emptyRole"], ["hold", "reassign"]) ?? .hold
        rule.rounding = word(map["rounding"], Rounding.allCases.map(\.rawValue)) ?? .floor
        rule.base = word(map["base"], ["principal", "principalPlusSurcharge"]) ?? .principal
        rule.rosterAsOf = word(map["rosterAsOf"], ["decision", "attribution", "violation"]) ?? .decision
        rule.includesBackups = map["includeBackups"].flatMap(values.flag) ?? false
        rule.freezesDuringReview = map["freezeDuringReview"].flatMap(values.flag) ?? false
        rule.decider = map["decider"].flatMap(decider)
        readMessages(map, &rule)
        return fines == nil || ratio == nil || weights.isEmpty ? nil : rule
    }

    private func word<Word: RawRepresentable>(
        _ node: YAMLNode?,
        _ words: [String]
    ) -> Word? where Word.RawValue == String {
        node.flatMap { values.word($0, of: words) }.flatMap { Word(rawValue: $0) }
    }

    private func ratio(_ node: YAMLNode) -> (numerator: Int64, denominator: Int64)? {
        guard let text = values.text(node) else { return nil }
        return Setting.ratio(text)
            ?? node.failed(
                "须是 1/2 这样的分数,最大 1/1,现为“\(text)”",
                "must be a fraction such as 1/2, at most 1/1, is \"\(text)\""
            )
    }

    /// Written out or from a setting, in which role names have been checked already.
    private func weights(_ node: YAMLNode) -> [AllocationRule.Weight]? {
        let isSetting = node.node.mapping?.contains { $0.key.scalar?.string == "setting" } ?? false
        if isSetting {
            return values.setting(node)?.value.members?.compactMap { member in
                member.value.integer.map { AllocationRule.Weight(role: RoleID(member.name), weight: $0) }
            }
        }
        return node.members().compactMap { name, value in
            guard let weight = value.integer(in: 0...1_000), let role = values.known(name, value) else {
                return nil
            }
            return AllocationRule.Weight(role: role, weight: weight)
        }
    }

    /// A role; nil for the word `any`.
    private func decider(_ node: YAMLNode) -> RoleID? {
        guard let text = values.text(node), text != "any" else { return nil }
        return node.isMapping ? RoleID(text) : values.known(text, node)
    }

    private func readMessages(_ map: YAMLMapping, _ rule: inout AllocationRule) {
        _ = map.required("messages")?.mapping { messages in
            rule.postedCode = messages.required("posted").flatMap(code) ?? rule.postedCode
            rule.adjustedCode = messages.required("adjusted").flatMap(code) ?? rule.adjustedCode
            rule.heldCode = messages.required("held").flatMap(code) ?? rule.heldCode
            rule.releasedCode = messages["released"].flatMap(code) ?? rule.releasedCode
            guard let node = messages.required("heldTo"), let role = values.role(node) else { return }
            rule.heldRole = role
            tells.append(
                PolicyFile.TellSource(
                    name: Wording("heldTo", "heldTo"),
                    roles: [role] + rule.weights.map(\.role),
                    messageClass: .personal,
                    codes: [rule.postedCode, rule.adjustedCode, rule.heldCode, rule.releasedCode],
                    line: node.line
                )
            )
        }
    }

    private func code(_ node: YAMLNode) -> String? {
        guard let text = node.name() else { return nil }
        codes.append(PolicyFile.CodeUse(code: text, line: node.line))
        return text
    }
}
