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
            guard let rate: SupervisorRate = item.mapping({ rate($0) }) else { continue }
            if rates.contains(where: { $0.name == rate.name }) {
                item.fail("指标“\(rate.name)”重复", "the rate \"\(rate.name)\" is given twice")
            } else {
                rates.append(rate)
            }
        }
        return rates
    }

    private func rate(_ map: YAMLMapping) -> SupervisorRate? {
        let name = map.required("name")?.name()
        let title = map.required("title").flatMap(LocalizedText.both)
        let measure = map.required("measure")?.word(SupervisorRate.Measure.self)
        let named = (map["rules"]?.oneOrMany() ?? []).compactMap(rule)
        let kinds = (map["kinds"]?.oneOrMany() ?? []).compactMap { $0.word(of: RuleReader.kinds) }
        guard let name, let title, let measure else { return nil }
        let all = Set(named).union(rules.filter { kinds.contains($0.kindName) }.map(\.id))
        let isOfRules = measure != .solved && measure != .satisfied
        if isOfRules, all.isEmpty {
            map.node.fail("没有写规则(rules),也没有写规则种类(kinds)", "names neither rules nor kinds of them")
        }
        if !isOfRules, !all.isEmpty {
            map.node.fail("\(measure.rawValue) 不按规则计算,请删去 rules 和 kinds", "\(measure.rawValue) is of no rule")
        }
        return SupervisorRate(name: name, title: title, measure: measure, rules: all)
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
