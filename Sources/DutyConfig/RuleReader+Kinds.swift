import Duty

/// Windows, practices, recurring duties and amounts.
extension RuleReader {
    // MARK: Windows

    func window(_ map: YAMLMapping) -> WindowRule? {
        let visits = map.required("visits").flatMap(patterns.pattern)
        if let visits, visits.kind != .visitPlanned {
            map["visits"]?.fail("须是关于 visit.planned 的", "must be about visit.planned")
        }
        let days = map.required("closed").flatMap { $0.mapping(self.days) }
        let protects = map.required("protects").map(values.words) ?? []
        let unknown = map["unknownFlags"].flatMap(doubt)
        let exceptions = map.required("exceptions").map(values.words) ?? []
        let references = map["referenceRequired"].map(values.words) ?? []
        let superior = map["superiorDeployed"].flatMap(doubt)
        let ladders: [String]? = map.required("escalations").flatMap { node in
            node.mapping { map in
                let opens = visits.map { [$0] } ?? []
                let names = [
                    escalation(map, "planned", opens: opens, hasDue: false),
                    escalation(map, "entered", opens: opens, hasDue: true),
                    escalation(map, "review", opens: opens, hasDue: false),
                ].compactMap { $0 }
                return names.count == 3 ? names : nil
            }
        }
        guard let visits, let days, let ladders else { return nil }
        var rule = WindowRule(
            planned: visits,
            days: days,
            protects: protects,
            exceptions: Set(exceptions),
            plannedEscalation: ladders[0],
            enteredEscalation: ladders[1],
            reviewEscalation: ladders[2]
        )
        rule.unknownFlags = unknown ?? .review
        rule.referenceRequired = Set(references)
        rule.superiorDeployed = superior
        return rule
    }

    private func days(_ map: YAMLMapping) -> ClosedRange<Int>? {
        let from = map.required("from").flatMap { values.integer($0, in: 1...31) }
        let toNode = map.required("to")
        let to = toNode.flatMap { values.integer($0, in: 1...31) }
        guard let from, let to else { return nil }
        return from <= to
            ? Int(from)...Int(to) : toNode?.failed("早于首日 \(from)", "is before the first day, \(from)")
    }

    private func doubt(_ node: YAMLNode) -> WindowRule.Doubt? {
        values.word(node, of: ["review", "violation", "exempt"]).flatMap { WindowRule.Doubt(rawValue: $0) }
    }

    // MARK: Practices

    func practice(_ map: YAMLMapping) -> PracticeRule? {
        let facts = map.required("facts").map(patterns.patterns) ?? []
        let given = map["given"].flatMap(patterns.pattern)
        let range = map["over"]?.word(of: ["matter", "enterprise", "county"])
        let isAdvice = map["advice"].flatMap(values.flag) ?? false
        let test = self.test(map, facts)
        let escalation = self.escalation(map, opens: facts, hasDue: !isAdvice)
        guard let test, let escalation, !facts.isEmpty else { return nil }
        var rule = PracticeRule(facts: facts, test: test, escalation: escalation)
        rule.given = given
        rule.range = range.flatMap { PracticeRule.Range(rawValue: $0) } ?? .matter
        rule.isAdvice = isAdvice
        return rule
    }

    private func test(_ map: YAMLMapping, _ facts: [FactPattern]) -> PracticeRule.Test? {
        let keys = ["each", "repeated", "moreThan", "near"]
        let given = keys.compactMap { key in map[key].map { (key, $0) } }
        guard given.count == 1, let (key, node) = given.first else {
            return map.node.failed(
                "\(keys.joined(separator: "、")) 须写且只写一个",
                "needs exactly one of \(keys.joined(separator: ", "))"
            )
        }
        switch key {
        case "each": return node.flag() == true ? .each : node.failed("只能是 true", "must be true")
        case "repeated":
            let fields = node.oneOrMany().compactMap { field($0, facts) }
            return fields.isEmpty ? nil : .repeated(by: fields)
        case "moreThan":
            return node.mapping { map in
                let count = map.required("values").flatMap { values.integer($0, in: 0...1_000) }
                let field = map.required("of").flatMap { self.field($0, facts) }
                guard let count, let field else { return nil }
                return .moreThan(Int(count), of: field)
            }
        default:
            return node.mapping { map in
                let days = map.required("days").flatMap { values.integer($0, in: 0...366) }
                let field = map.required("of").flatMap { self.field($0, facts) }
                guard let days, let field else { return nil }
                return .near(days: Int(days), of: field)
            }
        }
    }

    private func field(_ node: YAMLNode, _ facts: [FactPattern]) -> String? {
        guard let name = node.name() else { return nil }
        for pattern in facts {
            let fields = EventCatalogue.schema(pattern.kind).fields.map(\.name)
            guard fields.contains(name) else {
                return node.failed(
                    "\(pattern.kind.rawValue) 没有字段“\(name)”",
                    "\(pattern.kind.rawValue) has no field \"\(name)\"",
                    Spelling.hint(name, among: fields)
                )
            }
        }
        return name
    }

    // MARK: Recurring duties

    func recurring(_ map: YAMLMapping) -> RecurringRule? {
        let code = map.required("duty")?.name()
        let period = self.period(map)
        let owner = map.required("owner").flatMap(owner)
        let escalation = self.escalation(map, opens: [FactPattern(.rosterAssigned)], hasDue: true)
        let record = map["where"].map { node in
            patterns.pattern(fact: .dutyPerformed, node)
        }
        let visits = map["countsVisits"].flatMap(patterns.pattern)
        let published = map["countsYears"].flatMap { node in
            patterns.pattern(node).flatMap { countsYears($0, owner, node) }
        }
        guard let code, let period, let owner, let escalation else { return nil }
        var rule = RecurringRule(code: code, every: period, owner: owner, escalation: escalation)
        rule.conditions = record ?? []
        rule.visits = visits
        rule.published = published
        return rule
    }

    private func countsYears(
        _ pattern: FactPattern,
        _ owner: RecurringRule.Owner?,
        _ node: YAMLNode
    ) -> FactPattern? {
        guard EventCatalogue.schema(pattern.kind).fields.contains(where: { $0.name == "year" }) else {
            return node.failed(
                "\(pattern.kind.rawValue) 没有字段“year”",
                "\(pattern.kind.rawValue) has no field \"year\""
            )
        }
        guard owner == .shared else {
            return node.failed("只适用于 owner: shared 的职责", "fits a duty with \"owner: shared\" alone")
        }
        return pattern
    }

    private func period(_ map: YAMLMapping) -> RecurringRule.Period? {
        let every = map["every"]
        let once = map["once"]
        switch (every, once) {
        case (let every?, nil):
            return every.word(of: ["quarter", "year"]).map { $0 == "year" ? .year : .quarter }
        case (nil, let once?):
            guard let text = values.text(once), text != "none" else { return nil }
            return CivilDate(text).map { .once($0) }
                ?? once.failed("须是日期 YYYY-MM-DD 或 none", "must be a date YYYY-MM-DD or none")
        default: return map.node.failed("every、once 须写且只写一个", "needs exactly one of every, once")
        }
    }

    private func owner(_ node: YAMLNode) -> RecurringRule.Owner? {
        guard node.isMapping else { return node.word(of: ["shared"]).map { _ in .shared } }
        return node.mapping { map in
            let each = map["each"]
            let linked = map["linked"]
            let covers = map["covers"].flatMap { values.word($0, of: ["pair", "leader"]) }
            switch (each, linked) {
            case (let each?, nil): return values.role(each).map { .each($0) }
            case (nil, let linked?): return values.role(linked).map { .linked($0, every: covers != "leader") }
            default: return map.node.failed("each、linked 须写且只写一个", "needs exactly one of each, linked")
            }
        }
    }

    // MARK: Amounts

    func amount(_ map: YAMLMapping) -> AmountRule? {
        let facts = map.required("facts").flatMap(patterns.pattern)
        let selection = map["selection"].flatMap { $0.mapping(self.selection) }
        let figure = self.figure(map)
        var isAward = false
        if case .award = figure { isAward = true }
        let opens = selection == nil ? facts.map { [$0] } ?? [] : []
        let escalation = self.escalation(map, opens: opens, hasDue: !isAward)
        guard let facts, let figure, let escalation else { return nil }
        var rule = AmountRule(facts: facts, figure: figure, escalation: escalation)
        rule.selection = selection
        return rule
    }

    private func figure(_ map: YAMLMapping) -> AmountRule.Figure? {
        let keys = ["atMost", "atMostFen", "award"]
        let given = keys.compactMap { key in map[key].map { (key, $0) } }
        guard given.count == 1, let (key, node) = given.first else {
            return map.node.failed(
                "\(keys.joined(separator: "、")) 须写且只写一个",
                "needs exactly one of \(keys.joined(separator: ", "))"
            )
        }
        switch key {
        case "atMostFen": return values.integer(node, in: 0...Fen.limit.amount).map { .atMostFen($0) }
        case "award": return values.integer(node, in: 1...Fen.limit.amount).map { .award($0) }
        default:
            return node.mapping { map in
                let percent = map.required("percent").flatMap { values.integer($0, in: 0...1_000) }
                let field = map.required("of")?.name()
                let otherwise = map["orOf"].flatMap(otherwise)
                guard let percent, let field else { return nil }
                return .atMost(percent: percent, of: field, orOf: otherwise)
            }
        }
    }

    /// An amount in fen, or the word `none` of a setting.
    private func otherwise(_ node: YAMLNode) -> Int64? {
        if node.isMapping, values.setting(node)?.value == "none" { return nil }
        return values.integer(node, in: 0...Fen.limit.amount)
    }

    /// `{list: results, where: {grade: 优秀}, bottom: 3}`.
    func selection(_ map: YAMLMapping) -> ListSelection? {
        let list = map.required("list")?.name()
        let conditions = map["where"].map(patterns.elementConditions) ?? []
        let bottom = map["bottom"].flatMap { values.integer($0, in: 1...1_000) }
        let tied = map["tiedAt"].flatMap { values.integer($0, in: 1...1_000) }
        guard let list else { return nil }
        var selection = ListSelection(list: list)
        selection.conditions = conditions
        if let bottom { selection.part = .bottom(Int(bottom)) }
        if let tied { selection.part = .tied(Int(tied)) }
        return selection
    }
}
