/// Visits inside a window that is closed to them.
extension Deriver {
    private enum Verdict {
        case open
        /// A person has to look at it, and why.
        case review(String)
        case hit
    }

    func window(_ rule: Rule, _ window: WindowRule) -> [Obligation] {
        let plan = latestPlan(FactPattern(window.planned.kind))
        if let plan, !matches(plan, window.planned) { return [] }
        let cancelled = facts.first { $0.kind == .visitCancelled }
        var result: [Obligation] = []
        if let plan, isInForce(plan), var obligation = planned(rule, window, plan) {
            obligation.cancelled = cancelled.map { Obligation.Cancellation(at: $0.at, reason: .withdrawn) }
            result.append(obligation)
        }
        if let start = facts.first(where: { $0.kind == .visitStarted && isInForce($0) }) {
            let isAsked = result.contains { $0.escalation == ladder(window.reviewEscalation) }
            // Who has entered needs no hint on their plan any more; one that went out stays, and a question is still one.
            for index in result.indices where !isAsked && result[index].cancelled == nil {
                result[index].metAt = start.at
            }
            result += entered(rule, window, start, plan, isAsked: isAsked)
        }
        return result
    }

    /// The end of a visit that is planned and has neither been cancelled nor begun.
    func plannedUntil(_ window: WindowRule) -> Instant? {
        guard let plan = latestPlan(window.planned),
            !facts.contains(where: { $0.kind == .visitCancelled || $0.kind == .visitStarted })
        else { return nil }
        return plan.text("end").flatMap { Instant(rfc3339: $0) }
    }

    /// Whether nobody knows yet if the window protects the enterprise that is or was to be visited.
    func hasQuestions(_ window: WindowRule) -> Bool {
        let start = facts.first { $0.kind == .visitStarted }?.at
        let plan = latestPlan(window.planned)
        let moment = start ?? plan?.text("start").flatMap { Instant(rfc3339: $0) }
        guard let moment, start != nil || !facts.contains(where: { $0.kind == .visitCancelled }),
            plan != nil || latestPlan(FactPattern(window.planned.kind)) == nil
        else { return false }
        let flags = window.protects.map { enterprise.field($0, at: moment)?.bool }
        return flags.contains(nil) && !flags.contains(false)
    }

    private func planned(_ rule: Rule, _ window: WindowRule, _ plan: Fact) -> Obligation? {
        guard let start = plan.text("start").flatMap({ Instant(rfc3339: $0) }),
            let end = plan.text("end").flatMap({ Instant(rfc3339: $0) })
        else { return nil }
        let subject = "v\(version(plan))"
        switch verdict(window, plan, CivilDate(start), CivilDate(max(start, end)), at: start) {
        case .open: return nil
        case .hit: return notice(rule, plan, window.plannedEscalation, "planned." + subject, [])
        case .review(let why):
            return notice(
                rule,
                plan,
                window.reviewEscalation,
                "review." + subject,
                [Value.Member("doubt", .string(why))]
            )
        }
    }

    private func entered(
        _ rule: Rule,
        _ window: WindowRule,
        _ start: Fact,
        _ plan: Fact?,
        isAsked: Bool
    ) -> [Obligation] {
        let end = facts.first { $0.kind == .visitEnded && $0.at >= start.at }?.at ?? start.at
        switch verdict(window, plan, CivilDate(start.at), CivilDate(end), at: start.at) {
        case .open: return []
        case .hit:
            // Who entered stands in the plan.
            let opening = plan.map { start.narrowed(to: $0.data) } ?? start
            return [finding(rule, opening, window.enteredEscalation, subject: "entered")]
        case .review(let why):
            guard !isAsked else { return [] }
            return [
                notice(rule, start, window.reviewEscalation, "review", [Value.Member("doubt", .string(why))])
            ]
        }
    }

    private func notice(
        _ rule: Rule,
        _ fact: Fact,
        _ escalation: String,
        _ subject: String,
        _ details: [Value.Member]
    ) -> Obligation {
        var obligation = finding(rule, fact, escalation, subject: subject)
        obligation.nature = .notice
        obligation.dueAt = nil
        obligation.details = details
        return obligation
    }

    // MARK: The verdict

    private func verdict(
        _ window: WindowRule,
        _ plan: Fact?,
        _ first: CivilDate,
        _ last: CivilDate,
        at moment: Instant
    ) -> Verdict {
        let flags = window.protects.map { enterprise.field($0, at: moment)?.bool }
        if flags.contains(false) || !touches(window, first, last) { return .open }
        if flags.contains(nil) {
            let unknown = zip(window.protects, flags).filter { $0.1 == nil }.map(\.0)
            return verdict(window.unknownFlags, unknown.joined(separator: ","))
        }
        // Without a plan nobody has said what the visit is for.
        guard let plan else { return .review("purpose") }
        guard let code = plan.text("exception.code") else { return .hit }
        if code == WindowRule.superiorCode, let doubt = window.superiorDeployed {
            return verdict(doubt, code)
        }
        guard window.exceptions.contains(code) else { return .hit }
        let lacksReference = window.referenceRequired.contains(code) && plan.text("exception.ref") == nil
        return lacksReference ? .review("reference") : .open
    }

    private func verdict(_ doubt: WindowRule.Doubt, _ why: String) -> Verdict {
        switch doubt {
        case .review: .review(why)
        case .violation: .hit
        case .exempt: .open
        }
    }

    /// Whether any day from `first` to `last` is closed; more than a month always has one.
    private func touches(_ window: WindowRule, _ first: CivilDate, _ last: CivilDate) -> Bool {
        var day = first
        for _ in 0..<31 where day <= last {
            if (window.fromDay...window.toDay).contains(day.parts.day) { return true }
            day = day.next
        }
        return last.dayNumber - first.dayNumber >= 31
    }
}
