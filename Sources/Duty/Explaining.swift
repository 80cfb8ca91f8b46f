/// What an explanation asks of a matter beside what follows from its facts.
package struct Explaining: Sendable {
    private let deriver: Deriver

    /// `facts` are all that is known, of whatever matter.
    package init(
        _ matter: MatterID,
        of enterprise: EnterpriseID?,
        among facts: [Fact],
        policy: Policy,
        calendar: WorkCalendar
    ) {
        let id = enterprise ?? .nobody
        let home = MatterID(type: .enterprise, number: id.text)
        deriver = Deriver(
            matter: matter,
            facts: FactHistory.effective(facts.filter { $0.matter == matter }),
            enterprise: Enterprise(id: id, facts: FactHistory.effective(facts.filter { $0.matter == home })),
            policy: policy,
            calendar: calendar,
            now: facts.map(\.receivedAt).max() ?? .distantPast
        )
    }

    // MARK: Pauses

    /// Whether the clock of a rule that counts working days stood still on the whole of a day.
    package func stoodStill(_ rule: Rule, on day: CivilDate) -> Bool {
        guard case .deadline(let deadline) = rule.body, !deadline.pausesExactly else { return false }
        return deriver.pauses(deadline, deriver.facts).contains { $0.covers(day) }
    }

    // MARK: Facts that change no clock

    /// Why a fact of the matter changed no clock of a rule.
    package enum Unheeded: Sendable, Hashable {
        /// The rule asks for something else in one of its fields.
        case other(RuleID, field: String, is: Value?, wanted: Condition.Test)
        /// It would begin another round, but the one before it never ended.
        case notClosed(RuleID)
    }

    /// Empty where rules of the matter would have heeded the fact, or have nothing to do with it.
    package func unheeded(_ fact: Fact) -> [Unheeded] {
        deriver.policy.rules.compactMap { rule in
            guard let deadline = running(rule) else { return nil }
            if let reopens = deadline.reopens, let closing = deadline.reopensAfter, !deadline.comesAndGoes,
                deriver.matches(fact, reopens),
                !deriver.facts.contains(where: { deriver.matches($0, closing) && $0.at <= fact.at })
            {
                return .notClosed(rule.id)
            }
            let patterns = deadline.listensTo.filter { $0.kind == fact.kind }
            guard !patterns.isEmpty, !patterns.contains(where: { deriver.matches(fact, $0) }),
                let failing = patterns[0].conditions.first(where: { !deriver.holds($0, for: fact) })
            else { return nil }
            let value = fact.data.at(path: failing.path)
            return .other(rule.id, field: failing.path, is: value, wanted: failing.test)
        }
    }

    /// Whether a clock of the matter can be changed by facts of this kind.
    package func concernsClocks(_ kind: EventKind) -> Bool {
        deriver.policy.rules.contains { rule in
            running(rule)?.listensTo.contains { $0.kind == kind } ?? false
        }
    }

    /// The deadline of a rule, if something in the matter opens it.
    private func running(_ rule: Rule) -> DeadlineRule? {
        guard case .deadline(let deadline) = rule.body else { return nil }
        if let given = deadline.given, !deriver.facts.contains(where: { deriver.matches($0, given) }) {
            return nil
        }
        return deriver.facts.contains { deriver.matches($0, deadline.opens) } ? deadline : nil
    }
}

extension DeadlineRule {
    /// All that ends, stops or begins its clock again.
    fileprivate var listensTo: [FactPattern] {
        metBy + (classes?.classes.flatMap(\.metBy) ?? []) + cancelledBy
            + [reopens, pausedBy, resumedBy].compactMap { $0 }
    }
}
