/// Why a rule that is about a kind of fact has nothing to say of one: what the enterprise is, or is not known to be.
package struct Shortfall: Sendable, Hashable {
    package let rule: RuleID
    /// `inPark`, `aboveScale`, or `role.ROLE` of a role that somebody would have to hold.
    package let field: String
    /// Whether nobody has said; else it is known to be otherwise.
    package let isUnknown: Bool
}

/// The rules that a fact would have opened something by, if its enterprise were another one.
///
/// `facts` are all that is known, of whatever matter; those of the enterprise's own matter are looked at.
package func shortfalls(
    of fact: Fact,
    among facts: [Fact],
    policy: Policy,
    calendar: WorkCalendar
) -> [Shortfall] {
    guard let id = fact.enterprise, id != .nobody else { return [] }
    let home = MatterID(type: .enterprise, number: id.text)
    let own = FactHistory.effective(facts.filter { $0.matter == home })
    let deriver = Deriver(
        matter: fact.matter,
        facts: [fact],
        enterprise: Enterprise(id: id, facts: own),
        policy: policy,
        calendar: calendar,
        now: fact.receivedAt
    )
    return policy.rules.flatMap { rule in deriver.shortfalls(rule, fact) }
}

extension Deriver {
    fileprivate func shortfalls(_ rule: Rule, _ fact: Fact) -> [Shortfall] {
        if case .window(let window) = rule.body { return shortfalls(rule, window, fact) }
        let patterns = rule.body.openings.filter { $0.kind == fact.kind }
        guard !patterns.isEmpty, !patterns.contains(where: { matches(fact, $0) }) else { return [] }
        for pattern in patterns {
            let failing = pattern.conditions.filter { !holds($0, for: fact) }
            // What the fact itself says otherwise makes the rule be about something else.
            guard failing.allSatisfy({ $0.isOfEnterprise }) else { continue }
            return failing.map { condition in
                if case .profile(let name, _) = condition.subject {
                    let isUnknown = enterprise.field(name, at: fact.at) == nil
                    return Shortfall(rule: rule.id, field: name, isUnknown: isUnknown)
                }
                return Shortfall(rule: rule.id, field: condition.path, isUnknown: false)
            }
        }
        return []
    }

    /// Flags of the profile for which a window does not protect the enterprise, or may not.
    private func shortfalls(_ rule: Rule, _ window: WindowRule, _ fact: Fact) -> [Shortfall] {
        guard matches(fact, window.planned) else { return [] }
        let start = fact.text("start").flatMap { Instant(rfc3339: $0) } ?? fact.at
        return window.protects.compactMap { flag in
            let value = enterprise.field(flag, at: start)?.bool
            return value == true ? nil : Shortfall(rule: rule.id, field: flag, isUnknown: value == nil)
        }
    }
}

extension Condition {
    fileprivate var isOfEnterprise: Bool { subject != .field }
}
