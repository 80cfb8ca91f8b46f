/// Things that must not be done, amounts that must not be passed, and the awards that follow from a grade.
extension Deriver {
    // MARK: Practices

    func practice(_ rule: Rule, _ practice: PracticeRule) -> [Obligation] {
        if practice.range != .matter, !(matter.number + ".").hasPrefix(rule.id.text + ".") { return [] }
        if let given = practice.given, !facts.contains(where: { matches($0, given) }) { return [] }
        let facts = self.facts.filter {
            isInForce($0) && (practice.range != .matter || matches($0, practice.facts))
        }
        return offenders(distinct(facts), practice.test).map { offender in
            var obligation = finding(rule, offender.fact, practice.escalation, subject: offender.subject)
            if practice.isAdvice {
                obligation.nature = .notice
                obligation.dueAt = nil
            }
            obligation.details = offender.details
            return obligation
        }
    }

    private struct Offender {
        let fact: Fact
        var subject: String
        var details: [Value.Member] = []
    }

    private typealias Named = (fact: Fact, subject: String)

    private func offenders(_ facts: [Named], _ test: PracticeRule.Test) -> [Offender] {
        switch test {
        case .each: return facts.map { Offender(fact: $0.fact, subject: $0.subject) }
        case .repeated(let fields):
            var seen: Set<[Value]> = []
            return facts.filter { named in
                !seen.insert(fields.map { named.fact.data.at(path: $0) ?? .null }).inserted
            }
            .map { Offender(fact: $0.fact, subject: $0.subject) }
        case .moreThan(let limit, let field): return excess(facts, limit, field)
        case .near(let days, let field): return near(facts, days, field)
        }
    }

    private func excess(_ facts: [Named], _ limit: Int, _ field: String) -> [Offender] {
        var values: Set<String> = []
        var offenders: [Offender] = []
        for (fact, subject) in facts {
            guard let value = fact.text(field), values.insert(value).inserted, values.count > limit else {
                continue
            }
            let count = Value.Member("count", .integer(Int64(values.count)))
            let most = Value.Member("limit", .integer(Int64(limit)))
            offenders.append(Offender(fact: fact, subject: subject, details: [count, most]))
        }
        return offenders
    }

    /// Once for the fact that makes a group out of its neighbours, by the days between the end of one plan and the
    /// beginning of the next; plans that overlap have none between them.
    private func near(_ facts: [Named], _ days: Int, _ field: String) -> [Offender] {
        let plans = facts.map(\.fact).map { (fact: $0, days: self.days(of: $0), value: $0.text(field) ?? "") }
        return plans.enumerated().compactMap { index, plan in
            let others = plans[..<index].filter {
                $0.value != plan.value
                    && max(
                        $0.days.lowerBound.dayNumber - plan.days.upperBound.dayNumber,
                        plan.days.lowerBound.dayNumber - $0.days.upperBound.dayNumber
                    ) <= Int64(days)
            }
            guard !others.isEmpty else { return nil }
            let values = Set(others.map(\.value) + [plan.value]).sorted()
            let departments = Value.Member("departments", .array(values.map { .string($0) }))
            // With another department beside them it is other advice, and for more people.
            return Offender(
                fact: plan.fact.narrowed(to: .object([departments])),
                subject: plan.fact.key.id + "." + values.joined(separator: "+"),
                details: [Value.Member("count", .integer(Int64(values.count))), departments]
            )
        }
    }

    private func days(of fact: Fact) -> ClosedRange<CivilDate> {
        let first = CivilDate(fact.text("start").flatMap { Instant(rfc3339: $0) } ?? fact.at)
        let last = fact.text("end").flatMap { Instant(rfc3339: $0) }.map { CivilDate($0) } ?? first
        return first...max(first, last)
    }

    func finding(_ rule: Rule, _ fact: Fact, _ escalation: String, subject: String) -> Obligation {
        Obligation(
            key: ObligationKey(rule: rule.id, cycle: 1, subject: subject),
            rule: rule,
            nature: .finding,
            escalation: ladder(escalation),
            opening: fact,
            openedAt: fact.at,
            dueAt: fact.at
        )
    }

    // MARK: Amounts

    func amounts(_ rule: Rule, _ amount: AmountRule) -> [Obligation] {
        distinct(facts.filter { matches($0, amount.facts) && isInForce($0) }).flatMap { fact, subject in
            elements(of: fact, subject, amount.selection).compactMap { element in
                self.amount(rule, amount, element.fact, element.subject)
            }
        }
    }

    private func amount(_ rule: Rule, _ amount: AmountRule, _ fact: Fact, _ subject: String) -> Obligation? {
        var obligation = finding(rule, fact, amount.escalation, subject: subject)
        if case .award(let fen) = amount.figure {
            obligation.nature = .notice
            obligation.dueAt = nil
            obligation.details = [Value.Member("amountFen", .integer(fen))]
            return obligation
        }
        guard let charged = fact.data["amountFen"]?.integer, let limit = self.limit(amount.figure, fact),
            charged > limit
        else { return nil }
        obligation.details = [
            Value.Member("amountFen", .integer(charged)), Value.Member("limitFen", .integer(limit)),
        ]
        return obligation
    }

    private func limit(_ figure: AmountRule.Figure, _ fact: Fact) -> Int64? {
        switch figure {
        case .atMostFen(let fen): return fen
        case .atMost(let percent, let field, let otherwise):
            guard let base = fact.data[field]?.integer ?? otherwise else { return nil }
            let (product, overflow) = base.multipliedReportingOverflow(by: percent)
            return overflow ? nil : product / 100
        case .award: return nil
        }
    }
}
