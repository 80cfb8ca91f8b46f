import Duty

/// Reads the block `rules` of a policy file.
final class RuleReader {
    let values: PolicyValues
    private let ladders: LadderReader
    let patterns: PatternReader
    private(set) var rules: [Rule] = []
    /// All that the file has, also those that a setting leaves out.
    private(set) var names: Set<RuleID> = []
    private(set) var codes: [PolicyFile.CodeUse] = []
    private(set) var tells: [PolicyFile.TellSource] = []
    private(set) var duties: [PolicyFile.DutySource] = []
    private var limitNodes: [(rule: RuleID, node: YAMLNode)] = []

    static let kinds = [
        "deadline", "gate", "allocation", "notice", "window", "practice", "recurring", "amount",
    ]

    /// How many articles the document has; nil if the file does not say.
    private let articleCount: Int?

    init(values: PolicyValues, ladders: LadderReader, articleCount: Int? = nil) {
        self.values = values
        self.articleCount = articleCount
        self.ladders = ladders
        patterns = PatternReader(values: values)
    }

    func read(_ node: YAMLNode?) {
        for item in node?.list() ?? [] {
            _ = item.mapping { map in readRule(map, item) }
        }
        checkLimits()
    }

    private func readRule(_ map: YAMLMapping, _ node: YAMLNode) {
        let isOn = values.isOn(map["only"])
        let idNode = map.required("id")
        let id = idNode?.name().map { RuleID($0) }
        let article = map.required("article")?.integer(in: 0...Int64(articleCount ?? 99))
        let basis = map.required("basis")?.word(Basis.self)
        let titles = map.required("title").flatMap(LocalizedText.both)
        let title = titles.map { $0.pick(values.locale) }
        let says = map["says"].flatMap(LocalizedText.both).map { $0.pick(values.locale) }
        let isRestricted = map["restricted"].flatMap(values.flag) ?? false
        let isToldAtNight = map["atNight"].flatMap(values.flag) ?? false
        let limits = self.limits(map["limits"])
        let body = self.body(map, node)
        if let idNode, let id, isOn, rules.contains(where: { $0.id == id }) {
            idNode.fail("“\(id)”重复", "\"\(id)\" is given twice")
        }
        if let id { names.insert(id) }
        guard isOn, let id, let article, let basis, let title, let body else { return }
        let rule = Rule(
            id: id,
            article: Int(article),
            basis: basis,
            title: title,
            says: says,
            body: body,
            isRestricted: isRestricted,
            isToldAtNight: isToldAtNight,
            titles: titles,
            limits: limits
        )
        rules.append(rule)
        if case .recurring(let recurring) = body, case .each(let role) = recurring.owner {
            duties.append(PolicyFile.DutySource(rule: id, role: role, line: node.line))
        }
    }

    /// What messages may call a limit of another rule; each name is a placeholder with `Within` behind it.
    private static let limitNames = ["response", "solution"]

    private func limits(_ node: YAMLNode?) -> [(name: String, rule: RuleID)] {
        (node?.members() ?? []).compactMap { name, value -> (name: String, rule: RuleID)? in
            guard let rule = value.name().map({ RuleID($0) }) else { return nil }
            guard Self.limitNames.contains(name) else {
                let known = Self.limitNames
                return value.failed(
                    "消息只认 \(known.joined(separator: "、"))",
                    "messages know \(known.joined(separator: " and ")) alone"
                )
            }
            limitNodes.append((rule, value))
            return (name, rule)
        }
    }

    /// A rule can name one that stands further down.
    private func checkLimits() {
        for (rule, node) in limitNodes {
            if !names.contains(rule) {
                node.fail(
                    "没有规则“\(rule)”",
                    "there is no rule \"\(rule)\"",
                    Spelling.hint(rule.text, among: names.map(\.text).sorted())
                )
            } else if let found = rules.first(where: { $0.id == rule }), found.kindName != "deadline" {
                node.fail("\(rule) 不是限期规则,没有期限", "\(rule) is no deadline and has no limit")
            }
        }
    }

    private func body(_ map: YAMLMapping, _ node: YAMLNode) -> Rule.Body? {
        guard let kindNode = map.required("kind"), let kind = kindNode.text() else {
            _ = map.allMembers()
            return nil
        }
        switch kind {
        case "deadline": return deadline(map).map { .deadline($0) }
        case "gate": return gate(map).map { .gate($0) }
        case "notice": return notice(map).map { .notice($0) }
        case "allocation":
            let reader = AllocationReader(values: values, patterns: patterns)
            let rule = reader.read(map)
            codes += reader.codes
            tells += reader.tells
            return rule.map { .allocation($0) }
        case "window": return window(map).map { .window($0) }
        case "practice": return practice(map).map { .practice($0) }
        case "recurring": return recurring(map).map { .recurring($0) }
        case "amount": return amount(map).map { .amount($0) }
        default:
            _ = map.allMembers()
            return kindNode.word(of: RuleReader.kinds).flatMap { _ in nil }
        }
    }

    // MARK: Deadlines

    private func deadline(_ map: YAMLMapping) -> DeadlineRule? {
        let opens = map.required("opensOn").map(patterns.patterns) ?? []
        let limit = map.required("within").flatMap { $0.mapping(TimeLimitReader(values: values).limit) }
        let metBy = map.required("metBy").map(patterns.patterns) ?? []
        let escalation = self.escalation(map, opens: opens, hasDue: true)
        var rule = DeadlineRule(
            opens: opens,
            within: limit ?? .continuous(.zero),
            metBy: metBy,
            escalation: escalation ?? ""
        )
        rule.cancelledBy = map["cancelledBy"].map(patterns.patterns) ?? []
        rule.start = map["startsAt"].flatMap(start) ?? .ownTime
        _ = map["reopensOn"]?.mapping { reopens in
            rule.reopensAfter = reopens.required("after").flatMap(patterns.pattern)
            rule.reopens = patterns.pattern(reopens)
        }
        _ = map["pauses"]?.mapping { pauses in
            rule.pausedBy = pauses.required("from").flatMap(patterns.pattern)
            rule.resumedBy = pauses.required("until").flatMap(patterns.pattern)
            rule.pauseField = pauses["beside"]?.name()
            rule.pausesExactly = pauses["by"].flatMap { values.word($0, of: ["day", "exact"]) } == "exact"
        }
        rule.given = map["given"].flatMap(patterns.pattern)
        rule.isReminder = map["reminder"].flatMap(values.flag) ?? false
        rule.classes = map["classes"].flatMap { $0.mapping(classes) }
        rule.endsWithEnterprise = map["endsWithEnterprise"].flatMap(values.flag) ?? true
        return limit == nil || escalation == nil ? nil : rule
    }

    private func classes(_ map: YAMLMapping) -> DeadlineClasses? {
        let facts = map.required("by").flatMap(patterns.pattern)
        let field = map.required("field")?.name()
        let unclassified = map.required("unclassified").flatMap(values.text)
        let members = map.required("of")?.members() ?? []
        let classes = members.compactMap { name, node in node.mapping { self.deadlineClass($0, name) } }
        guard let facts, let field, let unclassified, classes.count == members.count else { return nil }
        guard classes.contains(where: { $0.name == unclassified }) else {
            return map.node.failed(
                "unclassified 写的“\(unclassified)”不是 of 里的类别",
                "\"unclassified\" names no class of \"of\": \"\(unclassified)\""
            )
        }
        return DeadlineClasses(facts: facts, field: field, classes: classes, unclassified: unclassified)
    }

    private func deadlineClass(_ map: YAMLMapping, _ name: String) -> DeadlineClasses.Class? {
        let within = map.required("within").flatMap { $0.mapping(TimeLimitReader(values: values).limit) }
        let metBy = map.required("metBy").map(patterns.patterns) ?? []
        let needs: String?? = map["needs"].map { node in
            guard node.isMapping else { return node.name() }
            return node.mapping { map in
                let isOn = values.isOn(map["only"])
                let field = map.required("field")?.name()
                return isOn ? field : nil
            }
        }
        return within.map { DeadlineClasses.Class(name: name, within: $0, metBy: metBy, needs: needs ?? nil) }
    }

    private func start(_ node: YAMLNode) -> ClockStart? {
        let words = ["filedAt", "ownTime", "requestedAt", "receivedAt", "assignedAt", "acceptedAt"]
        switch values.word(node, of: words) {
        case "acceptedAt": return .field("acceptedAt")
        case "receivedAt": return .received
        case "assignedAt": return .fact(.complaintAssigned)
        case nil: return nil
        default: return .ownTime
        }
    }

    // MARK: Gates and notices

    private func gate(_ map: YAMLMapping) -> GateRule? {
        let act = map.required("act").flatMap(patterns.pattern)
        let before = map.required("onlyAfter").flatMap(patterns.pattern)
        let grace = map.required("grace").flatMap(values.span)
        let escalation = self.escalation(map, opens: act.map { [$0] } ?? [], hasDue: true)
        let recipientHolds: RoleID?? = map["recipientHolds"].map { node in
            guard node.isMapping else { return values.role(node) }
            return node.mapping { map in
                let isOn = values.isOn(map["only"])
                let role = map.required("role").flatMap(values.role)
                return isOn ? role : nil
            }
        }
        guard let act, let before, let grace, let escalation else { return nil }
        var rule = GateRule(act: act, before: before, grace: grace, escalation: escalation)
        rule.recipientHolds = recipientHolds ?? nil
        rule.actField = map["actSays"]?.name()
        rule.leadWorkingDays = Int(map["leadWorkingDays"].flatMap { values.integer($0, in: 0...60) } ?? 0)
        rule.given = map["given"].flatMap(patterns.pattern)
        rule.unless = map["unless"].flatMap(patterns.pattern)
        rule.isAdvice = map["advice"].flatMap(values.flag) ?? false
        rule.planned = map["announcedBy"].flatMap(patterns.pattern)
        rule.cancelledBy = map["cancelledBy"].map(patterns.patterns) ?? []
        return rule
    }

    private func notice(_ map: YAMLMapping) -> NoticeRule? {
        let on = map.required("on").flatMap(patterns.pattern)
        let opens = map["selection"] == nil ? on.map { [$0] } ?? [] : []
        let escalation = self.escalation(map, opens: opens, hasDue: false)
        let selection = map["selection"].flatMap { $0.mapping(self.selection) }
        guard let on, let escalation else { return nil }
        var rule = NoticeRule(on: on, escalation: escalation)
        rule.selection = selection
        return rule
    }

    // MARK: Escalations

    /// The name of the rule's ladder, after checking that the ladder suits the rule.
    func escalation(
        _ map: YAMLMapping,
        _ key: String = "escalation",
        opens: [FactPattern],
        hasDue: Bool
    ) -> String? {
        guard let name = map.required(key).flatMap(ladders.named) else { return nil }
        guard let source = ladders.sources[name] else { return name }
        for (moment, node) in source.steps where !hasDue && moment != .opening {
            node.fail(
                "用到这个升级方案的是告知,没有到期时间,这里只能写 opening",
                "a notice uses this escalation and has no due time; only \"opening\" fits"
            )
        }
        for node in source.asking where !hasDue {
            node.fail(
                "用到这个升级方案的是告知,无须任何人确认",
                "a notice uses this escalation; it is news, and nobody has to acknowledge it"
            )
        }
        for (field, node) in source.factFields {
            for pattern in opens
            where !EventCatalogue.schema(pattern.kind).fields.contains(where: { $0.name == field }) {
                node.fail(
                    "fact:\(field): 启动规则的事件 \(pattern.kind.rawValue) 没有字段“\(field)”",
                    "fact:\(field): \(pattern.kind.rawValue), which opens the rule, has no field \"\(field)\""
                )
            }
        }
        return name
    }
}
