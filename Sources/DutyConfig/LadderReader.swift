import Duty

/// Reads the block `escalations` of a policy file.
final class LadderReader {
    /// Where the parts of a ladder stand, for checks that need the rule as well.
    struct Source {
        let node: YAMLNode
        var steps: [(moment: EscalationStep.Moment, node: YAMLNode)] = []
        var factFields: [(field: String, node: YAMLNode)] = []
        /// What asks for an acknowledgement.
        var asking: [YAMLNode] = []
        /// The messages that close it: all-clear, withdrawal, move.
        var closing: [String] = []
    }

    private let values: PolicyValues
    private(set) var policies: [String: EscalationPolicy] = [:]
    private(set) var sources: [String: Source] = [:]
    private(set) var codes: [PolicyFile.CodeUse] = []
    private(set) var tells: [PolicyFile.TellSource] = []
    private var used: Set<String> = []

    init(values: PolicyValues) { self.values = values }

    func read(_ node: YAMLNode?) {
        for (name, value) in node?.members() ?? [] {
            sources[name] = Source(node: value)
            let policy: EscalationPolicy? = value.mapping { map in
                let met = map["met"].flatMap(code)
                let withdrawn = map["withdrawn"].flatMap(code)
                let moved = map["moved"].flatMap(code)
                sources[name]?.closing = [met, withdrawn, moved].compactMap { $0 }
                return EscalationPolicy(
                    steps: steps(map.required("steps"), of: name),
                    met: met,
                    withdrawn: withdrawn,
                    moved: moved
                )
            }
            policies[name] = policy ?? EscalationPolicy(steps: [])
        }
    }

    /// The ladder that a rule names.
    func named(_ node: YAMLNode) -> String? {
        guard let name = node.text() else { return nil }
        guard sources[name] != nil else {
            return node.failed(
                "没有升级方案“\(name)”",
                "there is no escalation \"\(name)\"",
                Spelling.hint(name, among: sources.keys.sorted())
            )
        }
        used.insert(name)
        return name
    }

    func reportUnused() {
        for (name, source) in sources where !used.contains(name) {
            source.node.fail("没有规则使用这个升级方案,请删去或在规则中引用", "no rule uses this escalation")
        }
    }

    func code(_ node: YAMLNode) -> String? {
        guard let text = node.name() else { return nil }
        codes.append(PolicyFile.CodeUse(code: text, line: node.line))
        return text
    }

    // MARK: Steps

    private func steps(_ node: YAMLNode?, of ladder: String) -> [EscalationStep] {
        var steps: [EscalationStep] = []
        for item in node?.list() ?? [] {
            guard let step = item.mapping({ self.step($0, of: ladder) }) else { continue }
            if steps.contains(where: { $0.stage == step.stage }) {
                item.fail("阶段 \(step.stage) 重复", "stage \(step.stage) is given twice")
            }
            steps.append(step)
        }
        return steps
    }

    private func step(_ map: YAMLMapping, of ladder: String) -> EscalationStep? {
        let stage = map.required("stage")?.name()
        let momentNode = map.required("at")
        let timing = momentNode.flatMap(timing)
        let code = map.required("code").flatMap(code)
        let cycles = map["cycles"]?.word(of: ["all", "first", "reopened"])
        let tells =
            map.required("tell").map { self.tells($0, Self.name(stage ?? "?", of: ladder), ladder, code) }
            ?? []
        let repeatNode = map["repeat"]
        let repetition = repeatNode.flatMap(repetition)
        let timeoutNode = map["ackTimeout"]
        let timeout = timeoutNode.flatMap(askingSpan)
        let unknown = map["unknownDepartment"]?.word(of: ["standIn", "skip"])
        guard let stage, let timing, let momentNode, let code else { return nil }
        sources[ladder]?.steps.append((timing.moment, momentNode))
        for node in [repeatNode, timeoutNode].compactMap({ $0 }) {
            sources[ladder]?.asking.append(node)
            if tells.allSatisfy(\.roles.isEmpty) {
                node.fail("整个群无法确认,请写明角色", "a whole group cannot acknowledge")
            }
        }
        var step = EscalationStep(
            stage: stage,
            moment: timing.moment,
            code: code,
            tells: tells,
            cycles: cycles.flatMap { EscalationStep.Cycles(rawValue: $0) } ?? .all,
            repetition: repetition,
            acknowledgedFor: timeout,
            daytime: timing.daytime
        )
        step.skipsUnknownDepartment = unknown == "skip"
        return step
    }

    private static func name(_ stage: String, of ladder: String) -> Wording {
        Wording("升级方案 \(ladder) 的 \(stage) 一步", "step \(stage) of \(ladder)")
    }

    /// `{every: 10m, until: acknowledged, times: 6}`.
    private func repetition(_ node: YAMLNode) -> EscalationStep.Repetition? {
        node.mapping { map in
            let every = map.required("every").flatMap(askingSpan)
            let until = map.required("until")?.word(of: ["acknowledged"])
            let times = map.required("times")?.integer(in: 1...100)
            guard let every, until != nil, let times else { return nil }
            return EscalationStep.Repetition(every: every, times: Int(times))
        }
    }

    /// Shorter than a minute nobody could answer.
    private func askingSpan(_ node: YAMLNode) -> Span? {
        guard let span = node.span() else { return nil }
        return span >= .minutes(1) ? span : node.failed("不能短于 1m", "must be at least 1m")
    }

    private func timing(
        _ node: YAMLNode
    ) -> (moment: EscalationStep.Moment, daytime: EscalationStep.Daytime?)? {
        guard let text = node.text() else { return nil }
        return MomentText.timing(text)
            ?? node.failed(
                "须是下列写法之一:\(MomentText.forms.chinese);现为“\(text)”",
                "must be \(MomentText.forms.english); is \"\(text)\""
            )
    }

    // MARK: Audiences

    /// `{personal: [park.staff], group: everyone}`.
    private func tells(
        _ node: YAMLNode,
        _ step: Wording,
        _ ladder: String,
        _ code: String?
    ) -> [EscalationStep.Tell] {
        let tells = node.members().compactMap { name, value -> EscalationStep.Tell? in
            guard YAMLNode.isName(name) else {
                return value.failed("不能作消息类别的名字,只能用字母、数字、点、短横和下划线", "is no name of a class of messages")
            }
            return tell(MessageClass(name), value, step, ladder, code)
        }
        if node.isMapping, node.members().isEmpty { node.fail("没有写通知谁", "tells nobody") }
        return tells
    }

    private func tell(
        _ messageClass: MessageClass,
        _ node: YAMLNode,
        _ step: Wording,
        _ ladder: String,
        _ stepCode: String?
    ) -> EscalationStep.Tell? {
        var code: String?
        let audience: [RoleID]?
        if node.isMapping {
            audience = node.mapping { map in
                code = map["code"].flatMap(self.code)
                return map.required("roles").flatMap { self.audience($0, ladder) }
            }
        } else {
            audience = self.audience(node, ladder)
        }
        guard let audience else { return nil }
        self.tells.append(
            PolicyFile.TellSource(
                name: step,
                roles: audience,
                messageClass: messageClass,
                codes: [code ?? stepCode].compactMap { $0 } + (sources[ladder]?.closing ?? []),
                line: node.line
            )
        )
        return EscalationStep.Tell(roles: audience, messageClass: messageClass, code: code)
    }

    /// Roles, or none for the word `everyone`, which is a whole group.
    private func audience(_ node: YAMLNode, _ ladder: String) -> [RoleID]? {
        if node.scalarText == "everyone" { return [] }
        let roles = values.roles(node)
        if node.isList, node.list().isEmpty {
            node.fail("没有写角色;通知整个群请写 everyone", "names no role; a whole group is the word everyone")
        }
        for role in roles where role.text.hasPrefix("fact:") {
            sources[ladder]?.factFields.append((String(role.text.dropFirst("fact:".count)), node))
        }
        return roles.isEmpty ? nil : roles
    }
}
