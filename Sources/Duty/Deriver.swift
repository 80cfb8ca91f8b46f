/// Derives obligations from the effective facts of one matter, in the order of their own time.
struct Deriver {
    let matter: MatterID
    let facts: [Fact]
    let enterprise: Enterprise
    let policy: Policy
    let calendar: WorkCalendar
    let now: Instant

    // MARK: Matching

    func matches(_ fact: Fact, _ pattern: FactPattern) -> Bool {
        fact.kind == pattern.kind && pattern.conditions.allSatisfy { holds($0, for: fact) }
    }

    func matches(_ fact: Fact, _ patterns: [FactPattern]) -> Bool {
        patterns.contains { matches(fact, $0) }
    }

    func holds(_ condition: Condition, for fact: Fact) -> Bool {
        condition.test.isMet(by: value(condition, for: fact))
    }

    private func value(_ condition: Condition, for fact: Fact) -> Value? {
        switch condition.subject {
        case .field: return fact.data.at(path: condition.path)
        case .profile(let name, true): return enterprise.field(name, at: .distantFuture)
        case .profile(let name, false):
            if name == "inPark", !enterprise.isRegistered { return .bool(policy.unknownEnterpriseIsInPark) }
            return enterprise.field(name, at: effect(of: fact))
        case .role(let role):
            let people = enterprise.roster.holders(of: role, at: fact.at, backups: false)
            return people.isEmpty ? nil : .array(people.map { .string($0.text) })
        }
    }

    /// Whether any fact may be one that the rule begins with, by what its own data say; most rules are about others.
    func mayConcern(_ rule: Rule) -> Bool {
        guard let beginnings = rule.beginnings else { return true }
        return facts.contains { fact in beginnings.contains { $0.mayFit(fact) } }
    }

    func isInForce(_ fact: Fact) -> Bool { CivilDate(fact.at) >= policy.effectiveFrom }

    func ladder(_ name: String) -> EscalationPolicy {
        policy.escalations[name] ?? EscalationPolicy(steps: [])
    }

    // MARK: Deadlines

    /// One stretch of a matter's life: from its opening to its next re-opening.
    private struct Cycle {
        let number: Int
        let opening: Fact
        /// Facts of the cycle, the opening one included; those before the first opening count as well.
        var facts: [Fact]
        var reopenedAt: Instant?
    }

    /// Adds the clocks that have begun by now.
    ///
    /// - Returns: When the next fact that was reported ahead of its time begins or ends one.
    func deadlines(_ rule: Rule, _ deadline: DeadlineRule, into obligations: inout [Obligation]) -> Instant? {
        let openings = facts.lazy.filter { matches($0, deadline.opens) && isInForce($0) }
        guard let opening = openings.min(by: { effect(of: $0) < effect(of: $1) }) else { return nil }
        if let given = deadline.given, !facts.contains(where: { matches($0, given) }) { return nil }
        guard hasBegun(effect(of: opening), opening) else { return effect(of: opening) }
        var next: Instant?
        for cycle in cycles(deadline, opening) {
            guard let found = obligation(rule, deadline, cycle) else { continue }
            obligations.append(found.obligation)
            next = Instant.earlier(next, found.next)
        }
        return next
    }

    private func cycles(_ deadline: DeadlineRule, _ opening: Fact) -> [Cycle] {
        guard let reopening = deadline.reopens else {
            return [Cycle(number: 1, opening: opening, facts: facts)]
        }
        var cycles: [Cycle] = []
        var current = Cycle(number: 1, opening: opening, facts: [])
        let relevant = deadline.comesAndGoes ? facts.drop { $0.key != opening.key } : facts[...]
        guard relevant.contains(where: { matches($0, reopening) }) else {
            return [Cycle(number: 1, opening: opening, facts: Array(relevant))]
        }
        for fact in relevant {
            if matches(fact, reopening), fact.at >= current.opening.at, isClosed(current, deadline) {
                current.reopenedAt = fact.at
                cycles.append(current)
                current = Cycle(number: current.number + 1, opening: fact, facts: [fact])
            } else {
                current.facts.append(fact)
            }
        }
        return cycles + [current]
    }

    /// Whether the cycle came to the end after which it can be opened again; once withdrawn it cannot.
    private func isClosed(_ cycle: Cycle, _ deadline: DeadlineRule) -> Bool {
        guard let closing = deadline.reopensAfter else { return false }
        for fact in cycle.facts {
            if matches(fact, closing) { return true }
            if matches(fact, deadline.cancelledBy) { return false }
        }
        return false
    }

    private func obligation(
        _ rule: Rule,
        _ deadline: DeadlineRule,
        _ cycle: Cycle
    ) -> (obligation: Obligation, next: Instant?)? {
        guard let start = clockStart(deadline, cycle), !isTooLate(cycle.opening, deadline) else { return nil }
        let limit = self.limit(deadline, from: start, cycle.facts)
        let cancelled = cancellation(deadline, cycle)
        let (answer, next) = answer(limit.metBy, cycle, from: start, until: cancelled?.at ?? .distantFuture)
        var obligation = Obligation(
            key: ObligationKey(rule: rule.id, cycle: cycle.number),
            rule: rule,
            nature: .deadline,
            escalation: ladder(deadline.escalation),
            opening: cycle.opening,
            openedAt: start,
            dueAt: limit.due
        )
        obligation.metAt = answer?.at
        obligation.metBy = answer?.fact
        obligation.cancelled = answer == nil ? cancelled : nil
        obligation.isReminder = deadline.isReminder
        if startsAhead(deadline, cycle.opening) { obligation.hasClockSkew = true }
        obligation.isProvisional =
            countsDays(limit.within)
            && (limit.due.map { calendar.isProvisional(from: CivilDate(start), to: CivilDate($0)) } ?? false)
        if case .workingDays(let count, _) = limit.within {
            obligation.details.append(Value.Member("workingDays", .integer(Int64(count))))
        }
        if let name = limit.name { obligation.details.append(Value.Member("class", .string(name))) }
        return (obligation, next)
    }

    /// The fact that ends a clock first, and when; without one, when the first that was reported ahead of its time will.
    private func answer(
        _ patterns: [FactPattern],
        _ cycle: Cycle,
        from start: Instant,
        until end: Instant
    ) -> (answer: (fact: Fact, at: Instant)?, next: Instant?) {
        var answer: (fact: Fact, at: Instant)?
        var next: Instant?
        for fact in cycle.facts where matches(fact, patterns) {
            guard let since = fulfilment(by: fact, from: start), since <= end else { continue }
            guard hasBegun(since, fact) else {
                next = min(next ?? since, since)
                continue
            }
            let moment = max(since, start)
            if answer.map({ moment < $0.at }) ?? true { answer = (fact, moment) }
        }
        return (answer, answer == nil ? next : nil)
    }

    /// Nothing begins for an enterprise that is no more, unless it goes on without it.
    private func isTooLate(_ opening: Fact, _ deadline: DeadlineRule) -> Bool {
        deadline.endsWithEnterprise && enterprise.isGone(at: effect(of: opening))
    }

    // MARK: Classes

    private struct Limit {
        var name: String?
        var within: TimeLimit
        var metBy: [FactPattern]
        var due: Instant?
    }

    /// The limit of the class that the matter is in; each later classification counts from the same start.
    ///
    /// A stricter class whose time would be over at once needs somebody's approval, else the one before it stays;
    /// so does a class that has to be approved and was not.
    private func limit(_ deadline: DeadlineRule, from start: Instant, _ facts: [Fact]) -> Limit {
        let pauses = self.pauses(deadline, facts)
        func end(_ limit: TimeLimit) -> Instant? {
            guard deadline.pausesExactly, case .workingDays = limit else {
                return due(limit, from: start, pauses)
            }
            return due(limit, from: start, []).flatMap { delayed($0, from: start, by: pauses) }
        }
        var limit = Limit(within: deadline.within, metBy: deadline.metBy)
        guard let classes = deadline.classes else {
            limit.due = end(limit.within)
            return limit
        }
        func enter(_ name: String, _ fact: Fact?) {
            guard let entry = classes.classes.first(where: { $0.name == name }) else { return }
            if let needs = entry.needs, let fact, fact.text(needs) == nil { return }
            let due = end(entry.within)
            if let fact, let before = limit.due, let due, due < before, due <= fact.at,
                fact.text("approvedBy") == nil
            {
                return
            }
            limit = Limit(name: name, within: entry.within, metBy: entry.metBy, due: due)
        }
        enter(classes.unclassified, nil)
        for fact in facts where matches(fact, classes.facts) {
            // What has been done is of no other class any more.
            if isAnswered(limit.metBy, facts, from: start, before: fact) { break }
            enter(fact.text(classes.field) ?? "", fact)
        }
        return limit
    }

    private func isAnswered(
        _ patterns: [FactPattern],
        _ facts: [Fact],
        from start: Instant,
        before later: Fact
    ) -> Bool {
        facts.contains { fact in
            Fact.precedes(fact, later) && matches(fact, patterns)
                && (fulfilment(by: fact, from: start).map { $0 <= later.at } ?? false)
        }
    }

    private func clockStart(_ deadline: DeadlineRule, _ cycle: Cycle) -> Instant? {
        switch deadline.start {
        case .ownTime: return effect(of: cycle.opening)
        case .field(let name):
            return claim(name, cycle.opening).map(cycle.opening.clamped) ?? effect(of: cycle.opening)
        case .received:
            return cycle.opening.recordedAt.map(cycle.opening.clamped) ?? cycle.opening.receivedAt
        case .fact(let kind):
            return cycle.facts.first { $0.kind == kind && $0.at >= cycle.opening.at }?.at
        }
    }

    private func claim(_ field: String, _ opening: Fact) -> Instant? {
        opening.text(field).flatMap { Instant(rfc3339: $0) }
    }

    /// Whether the clock would start in the future by what the opening claims beside its own time.
    private func startsAhead(_ deadline: DeadlineRule, _ opening: Fact) -> Bool {
        switch deadline.start {
        case .field(let name): claim(name, opening).map(opening.isAhead) ?? false
        case .received: opening.recordedAt.map(opening.isAhead) ?? false
        case .ownTime, .fact: false
        }
    }

    private func cancellation(_ deadline: DeadlineRule, _ cycle: Cycle) -> Obligation.Cancellation? {
        var earliest: Obligation.Cancellation?
        func note(_ at: Instant, _ reason: Obligation.Cancellation.Reason) {
            if earliest.map({ at < $0.at }) ?? true {
                earliest = Obligation.Cancellation(at: at, reason: reason)
            }
        }
        if let fact = cycle.facts.first(where: {
            matches($0, deadline.cancelledBy) && isInForce(revision: $0)
        }) {
            note(fact.at, .withdrawn)
        }
        if let at = cycle.reopenedAt { note(at, .reopened) }
        if deadline.endsWithEnterprise, let end = enterprise.end(from: effect(of: cycle.opening)),
            end.mergedInto == nil
        {
            note(end.at, .deregistered)
        }
        return earliest
    }

    /// Whether a fact that may be one of several revisions is the one that counts.
    private func isInForce(revision fact: Fact) -> Bool {
        guard fact.kind == .fineRevoked, let issued = facts.first(where: { $0.kind == .fineIssued }) else {
            return true
        }
        return FineRecord(issued: issued, facts: facts).stage.fact?.key == fact.key
    }

    private func countsDays(_ limit: TimeLimit) -> Bool {
        switch limit {
        case .workingDays, .naturalDays, .officeTime: true
        case .continuous, .sameDay, .open: false
        }
    }

    // MARK: Due times

    private func due(_ limit: TimeLimit, from start: Instant, _ pauses: [Pause]) -> Instant? {
        switch limit {
        case .open: return nil
        case .continuous(let span): return shifted(start + span, by: pauses)
        case .officeTime(let span): return shifted(calendar.adding(officeTime: span, to: start), by: pauses)
        case .sameDay(let end): return self.end(of: CivilDate(start), end)
        case .naturalDays(let count, let end, let rolls):
            let last = CivilDate(start).adding(days: count)
            return self.end(of: rolls ? calendar.rolledForward(last) : last, end)
        case .workingDays(let count, let end):
            func due(without pauses: ArraySlice<Pause>) -> Instant {
                self.end(
                    of: calendar.adding(workingDays: count, to: CivilDate(start)) { day in
                        pauses.contains { $0.covers(day) }
                    },
                    end
                )
            }
            var last = due(without: [])
            // A pause stops only a clock that has not run out before it.
            for (index, pause) in pauses.enumerated() where pause.from < last {
                guard pause.until != nil else { return nil }
                last = due(without: pauses[...index])
            }
            return last
        }
    }

    private func end(of date: CivilDate, _ end: DayEnd) -> Instant {
        switch end {
        case .midnight: date.next.start
        case .closeOfBusiness: date.start + .minutes(Int64(calendar.closeOfBusiness(on: date)))
        }
    }
}
