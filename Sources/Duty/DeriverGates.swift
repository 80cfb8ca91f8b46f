/// Acts that need something before them, and facts that somebody is told of.
extension Deriver {
    func gate(_ rule: Rule, _ gate: GateRule) -> [Obligation] {
        let plan = gate.planned.flatMap { latestPlan(FactPattern($0.kind)) }
        // A plan says what the act is for; the rule may be about other plans.
        if let plan, let pattern = gate.planned, !matches(plan, pattern) { return [] }
        if let given = gate.given, !facts.contains(where: { matches($0, given) }) { return [] }
        if let unless = gate.unless, facts.contains(where: { matches($0, unless) }) { return [] }
        guard let act = facts.first(where: { matches($0, gate.act) && isInForce($0) }) else {
            return plan.map { announced(rule, gate, $0) } ?? []
        }
        let before = facts.first { isEarlyEnough($0, gate, act) }
        var obligation = Obligation(
            key: ObligationKey(rule: rule.id, cycle: 1),
            rule: rule,
            nature: .gate,
            escalation: ladder(gate.escalation),
            opening: plan.map { act.narrowed(to: $0.data) } ?? act,
            openedAt: act.at,
            dueAt: act.at + gate.grace
        )
        obligation.isReminder = gate.isAdvice
        obligation.metAt = before?.at
        obligation.metBy = before
        if before == nil, gate.actField.flatMap({ act.text($0) }) != nil {
            obligation.metAt = act.at
            obligation.metBy = act
        }
        return [obligation]
    }

    /// The act is planned and has not happened: there is something to be reminded of, and nothing to breach.
    private func announced(_ rule: Rule, _ gate: GateRule, _ plan: Fact) -> [Obligation] {
        guard isInForce(plan), let start = plan.text(gate.plannedField).flatMap({ Instant(rfc3339: $0) })
        else { return [] }
        var obligation = Obligation(
            key: ObligationKey(rule: rule.id, cycle: 1),
            rule: rule,
            nature: .gate,
            escalation: ladder(gate.escalation),
            opening: plan,
            openedAt: plan.at,
            dueAt: start
        )
        let before = facts.first { matches($0, gate.before) }
        obligation.isAnnounced = true
        obligation.metAt = before?.at
        obligation.metBy = before
        obligation.cancelled =
            before == nil
            ? facts.first { matches($0, gate.cancelledBy) }.map {
                Obligation.Cancellation(at: $0.at, reason: .withdrawn)
            } : nil
        return [obligation]
    }

    private func isEarlyEnough(_ fact: Fact, _ gate: GateRule, _ act: Fact) -> Bool {
        guard fact.at < act.at, matches(fact, gate.before), isAddressed(fact, gate, act) else { return false }
        guard gate.leadWorkingDays > 0 else { return true }
        let day = calendar.adding(workingDays: gate.leadWorkingDays, to: CivilDate(fact.at))
        return day <= CivilDate(act.at)
    }

    /// Whether the report went to somebody who held the role when it was made or when the act was done.
    private func isAddressed(_ report: Fact, _ gate: GateRule, _ act: Fact) -> Bool {
        guard let role = gate.recipientHolds, let person = report.text("toPersonRef") else { return true }
        return [report.at, act.at].contains { moment in
            enterprise.roster.holders(of: role, at: moment, backups: false).contains(PersonRef(person))
        }
    }

    /// The plan with the highest version; of one version, the one that was made last.
    func latestPlan(_ pattern: FactPattern) -> Fact? {
        var latest: (plan: Fact, version: Int64)?
        for fact in facts where fact.kind == pattern.kind {
            let version = version(fact)
            if latest.map({ version >= $0.version }) ?? true { latest = (fact, version) }
        }
        return latest.flatMap { matches($0.plan, pattern) ? $0.plan : nil }
    }

    func version(_ plan: Fact) -> Int64 { plan.data["version"]?.integer ?? 1 }

    func notices(_ rule: Rule, _ notice: NoticeRule) -> [Obligation] {
        distinct(facts.filter { matches($0, notice.on) && isInForce($0) }).flatMap { fact, subject in
            elements(of: fact, subject, notice.selection).map { element in
                var obligation = Obligation(
                    key: ObligationKey(rule: rule.id, cycle: 1, subject: element.subject),
                    rule: rule,
                    nature: .notice,
                    escalation: ladder(notice.escalation),
                    opening: element.fact,
                    openedAt: fact.at
                )
                if case .tied = notice.selection?.part, let count = element.fact.data["count"] {
                    obligation.details = [Value.Member("count", count)]
                }
                return obligation
            }
        }
    }

    // MARK: Elements of lists

    /// The selected elements of a list in a fact, each as the fact with the element's fields beside its own.
    ///
    /// Without a selection the fact itself. `subject` tells it from others of its kind.
    func elements(
        of fact: Fact,
        _ subject: String,
        _ selection: ListSelection?
    ) -> [(fact: Fact, subject: String)] {
        guard let selection else { return [(fact, subject)] }
        let all = (fact.data[selection.list]?.array ?? []).enumerated()
        let fitting = all.filter { _, element in
            selection.conditions.allSatisfy { holds($0, for: element, of: fact) }
        }
        let chosen = part(fitting.map { $0.element["rank"]?.integer }, of: selection.part)
        if case .tied = selection.part {
            // One question for all who share the rank, whom no message may name.
            let count = chosen.count(where: \.self)
            guard count > 0 else { return [] }
            return [(fact.narrowed(to: .object([Value.Member("count", .integer(Int64(count)))])), subject)]
        }
        var times: [String: Int] = [:]
        return zip(fitting, chosen).filter(\.1).map { entry, _ in
            let element = fact.narrowed(to: entry.element)
            let who = element.text("orgUnit") ?? element.text("personRef")
            let subject = (subject.isEmpty ? "" : subject + ".") + (who ?? String(entry.offset))
            // One unit can answer for several indicators.
            times[subject, default: 0] += 1
            let time = times[subject] ?? 1
            return (element, time == 1 ? subject : subject + "." + String(time))
        }
    }

    /// Most conditions ask for what the element itself has; only for the others the fact is put together.
    private func holds(_ condition: Condition, for element: Value, of fact: Fact) -> Bool {
        if case .field = condition.subject, let value = element[condition.path] {
            return condition.test.isMet(by: value)
        }
        return holds(condition, for: fact.narrowed(to: element))
    }

    private func part(_ ranks: [Int64?], of part: ListSelection.Part) -> [Bool] {
        let sorted = ranks.compactMap { $0 }.sorted()
        func last(_ count: Int, tied: Bool) -> [Bool] {
            guard sorted.count > count, count > 0 else { return ranks.map { $0 != nil && !tied } }
            let cut = sorted[sorted.count - count]
            // The rank at the cut stands on both sides of it: nobody but a person can say who is meant.
            let isTied = sorted[sorted.count - count - 1] == cut
            return ranks.map { rank in
                guard let rank else { return false }
                return tied ? isTied && rank == cut : rank > cut || (rank == cut && !isTied)
            }
        }
        switch part {
        case .all: return ranks.map { _ in true }
        case .bottom(let count): return last(count, tied: false)
        case .tied(let count): return last(count, tied: true)
        }
    }
}
