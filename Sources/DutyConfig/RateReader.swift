import Duty

/// Reads the block `rates` of a policy file: what supervisors look at.
struct RateReader {
    /// Those that are in force.
    let rules: [Rule]
    /// All that the file has: a rate may count one that a setting leaves out, which then counts nothing.
    let names: Set<RuleID>

    func rates(_ node: YAMLNode?) -> [SupervisorRate] {
        var rates: [SupervisorRate] = []
        for item in node?.list() ?? [] {
            guard let rate: SupervisorRate = item.mapping({ rate($0, before: rates) }) else { continue }
            if rates.contains(where: { $0.name == rate.name }) {
                item.fail("指标“\(rate.name)”重复", "the rate \"\(rate.name)\" is given twice")
            } else {
                rates.append(rate)
            }
        }
        return rates
    }

    private func rate(_ map: YAMLMapping, before rates: [SupervisorRate]) -> SupervisorRate? {
        let name = map.required("name")?.name()
        let title = map.required("title").flatMap(LocalizedText.both)
        let measure = map.required("measure")?.word(SupervisorRate.Measure.self)
        let named = (map["rules"]?.oneOrMany() ?? []).compactMap(rule)
        let kinds = (map["kinds"]?.oneOrMany() ?? []).compactMap { $0.word(of: RuleReader.kinds) }
        let weights = map["weights"]
        let parts = weights.map { self.parts($0, rates) } ?? []
        let isOnWall = map["wall"]?.flag() ?? true
        guard let name, let title, let measure else { return nil }
        var all = Set(named).union(rules.filter { kinds.contains($0.kindName) }.map(\.id))
        check(map, measure, all)
        if measure == .composite {
            if parts.isEmpty {
                (weights ?? map.node).fail(
                    "综合率要写 weights:各指标和权重",
                    "a composite has \"weights\", each a rate with its weight"
                )
            }
            all = parts.reduce(into: all) { $0.formUnion($1.rate.rules) }
        } else if let weights {
            weights.fail("只有 composite 才有权重", "only a composite has weights")
        }
        return SupervisorRate(
            name: name,
            title: title,
            measure: measure,
            rules: all,
            parts: parts,
            isOnWall: isOnWall
        )
    }

    private func check(_ map: YAMLMapping, _ measure: SupervisorRate.Measure, _ all: Set<RuleID>) {
        let isOfRules = ![.solved, .satisfied, .composite, .shares].contains(measure)
        if isOfRules, all.isEmpty {
            map.node.fail("没有写规则(rules),也没有写规则种类(kinds)", "names neither rules nor kinds of them")
        }
        if !isOfRules, !all.isEmpty {
            map.node.fail("\(measure.rawValue) 不按规则计算,请删去 rules 和 kinds", "\(measure.rawValue) is of no rule")
        }
        guard measure == .age else { return }
        for rule in rules where all.contains(rule.id) {
            if case .deadline(let deadline) = rule.body, deadline.within == .open, deadline.classes == nil {
                continue
            }
            map.node.fail(
                "\(rule.id):账龄只用于没有期限的规则(within: { open: true })",
                "\(rule.id): an age is of deadlines without an end alone (within: { open: true })"
            )
        }
    }

    /// `{responded: 30, solved: 35}`: shares that stand further up.
    private func parts(_ node: YAMLNode, _ rates: [SupervisorRate]) -> [SupervisorRate.Part] {
        node.members().compactMap { name, value in
            let weight = value.integer(in: 1...1_000)
            guard let rate = rates.first(where: { $0.name == name }) else {
                return value.failed(
                    "前面没有指标“\(name)”",
                    "there is no rate \"\(name)\" further up",
                    Spelling.hint(name, among: rates.map(\.name))
                )
            }
            guard rate.isShare, rate.measure != .composite else {
                return value.failed("\(name) 不是比率", "\(name) is no share of something")
            }
            return weight.map { SupervisorRate.Part(rate: rate, weight: $0) }
        }
    }

    private func rule(_ node: YAMLNode) -> RuleID? {
        guard let name = node.name() else { return nil }
        if names.contains(RuleID(name)) { return RuleID(name) }
        return node.failed(
            "没有规则“\(name)”",
            "there is no rule \"\(name)\"",
            Spelling.hint(name, among: names.map(\.text).sorted())
        )
    }
}
