/// Duties that come round with the quarter or the year.
///
/// Their matter is `duty/CODE.PERSON`, or `duty/CODE` where it does not matter who does it. Who owes them stands
/// in its `roster.assigned` facts, which other matters and the directory pass on to it.
extension Deriver {
    func duties(_ rule: Rule, _ recurring: RecurringRule) -> (obligations: [Obligation], next: Instant?) {
        guard recurring.holds(matter) else { return ([], nil) }
        let links = self.links
        guard let first = links.map(\.watchedFrom).min() else { return ([], nil) }
        let begin = max(first, policy.effectiveFrom.start)
        let limit = links.map { $0.until ?? .distantFuture }.max() ?? .distantFuture
        var obligations: [Obligation] = []
        var period = DutyPeriod(recurring.every, containing: begin)
        while let current = period, current.start <= now || current.start <= begin, current.start < limit {
            if let duty = duty(rule, recurring, current, links) { obligations.append(duty) }
            period = current.following
        }
        return (obligations, period.flatMap { $0.start < limit ? $0.start : nil })
    }

    /// From when to when somebody owes the duty, and for which enterprise.
    private struct Link {
        let fact: Fact
        let person: String
        let enterprise: String
        let name: String
        let from: Instant
        let until: Instant?
        /// What was over when we first heard of it is nobody's omission.
        var watchedFrom: Instant { max(from, fact.receivedAt) }
    }

    private var links: [Link] {
        facts.filter { $0.kind == .rosterAssigned }.map { fact in
            let assignment = assignment(fact)
            let enterprise = fact.text("scope.enterpriseId") ?? ""
            return Link(
                fact: fact,
                person: fact.text("personRef") ?? "",
                enterprise: enterprise,
                name: fact.text("enterpriseName") ?? enterprise,
                from: assignment?.from ?? fact.at,
                until: assignment?.until
            )
        }
    }

    private func duty(
        _ rule: Rule,
        _ recurring: RecurringRule,
        _ period: DutyPeriod,
        _ links: [Link]
    ) -> Obligation? {
        let there = links.filter {
            $0.from < period.end && $0.until ?? .distantFuture > period.start && $0.watchedFrom < period.end
        }
        guard let opening = there.min(by: { ($0.from, $0.fact.key) < ($1.from, $1.fact.key) }) else {
            return nil
        }
        // Who is released before the end owes nothing any more.
        let owed = there.filter { $0.until ?? .distantFuture >= period.end }
        var obligation = Obligation(
            key: ObligationKey(rule: rule.id, cycle: period.number),
            rule: rule,
            nature: .duty,
            escalation: ladder(recurring.escalation),
            opening: opening.fact,
            openedAt: max(period.start, opening.from),
            dueAt: period.end
        )
        let done = facts.filter { fact in
            fact.kind == .dutyPerformed && period.covers(fact)
                && isInForce(fact) && isHere(fact, recurring)
                && recurring.conditions.allSatisfy { holds($0, for: fact) }
        }
        let answer = fulfil(&obligation, recurring.owner, owed.isEmpty ? there : owed, done)
        obligation.metAt = answer.map { max($0.at, obligation.openedAt) }
        obligation.metBy = answer
        if answer == nil, owed.isEmpty, let until = there.compactMap(\.until).max() {
            obligation.cancelled = Obligation.Cancellation(at: until, reason: .released)
        }
        obligation.details.append(Value.Member("period", .string(period.name)))
        return obligation
    }

    /// A record that was corrected to somebody else counts for that one, not here.
    func isHere(_ fact: Fact, _ recurring: RecurringRule) -> Bool {
        recurring.matter(of: fact.performer) == matter
    }

    /// The fact that completed the duty, if it is complete; what is still to be done goes into the details.
    private func fulfil(
        _ obligation: inout Obligation,
        _ owner: RecurringRule.Owner,
        _ owed: [Link],
        _ done: [Fact]
    ) -> Fact? {
        guard case .linked(_, let every) = owner else { return done.first }
        var firsts: [String: Fact] = [:]
        for fact in done {
            guard let enterprise = fact.text("enterpriseId"), firsts[enterprise] == nil,
                owed.contains(where: { $0.enterprise == enterprise })
            else { continue }
            firsts[enterprise] = fact
        }
        var missing: [String] = []
        for link in owed where firsts[link.enterprise] == nil && !missing.contains(link.name) {
            missing.append(link.name)
        }
        obligation.details = [
            Value.Member("total", .integer(Int64(Set(owed.map(\.enterprise)).count))),
            Value.Member("done", .integer(Int64(firsts.count))),
            Value.Member("missing", .array(missing.sorted().map { .string($0) })),
        ]
        let visits = firsts.values.sorted(by: Fact.precedes)
        return every ? (missing.isEmpty ? visits.last : nil) : visits.first
    }
}

extension Fact {
    /// Who has done a duty.
    var performer: String { text("personRef") ?? text("orgUnit") ?? "-" }
}

extension RecurringRule {
    /// Whether a matter is one in which this duty is owed.
    func holds(_ matter: MatterID) -> Bool {
        owner == .shared ? matter.number == code : matter.number.hasPrefix(code + ".")
    }

    /// The matter in which a person owes the duty.
    func matter(of person: String) -> MatterID {
        MatterID(type: .duty, number: owner == .shared ? code : code + "." + person)
    }
}

/// One quarter or year, or the whole time until a single day.
struct DutyPeriod {
    let start: Instant
    /// The first moment after it.
    let end: Instant
    /// 20264 for the last quarter of 2026, 2026 for the year, 1 for what is owed once.
    let number: Int
    let name: String
    private let calendarPeriod: Period?

    init?(_ every: RecurringRule.Period, containing moment: Instant) {
        let date = CivilDate(moment)
        switch every {
        case .quarter: self.init(Period(.quarter, containing: date))
        case .year: self.init(Period(.year, containing: date))
        case .once(let day):
            guard date <= day else { return nil }
            // What was done before anybody watched is done.
            self.init(start: .distantPast, end: day.next.start, number: 1, name: day.description, nil)
        }
    }

    private init(_ period: Period) {
        let (year, month, _) = period.firstDay.parts
        let number = period.length == .year ? year : year * 10 + (month + 2) / 3
        self.init(start: period.start, end: period.end, number: number, name: period.description, period)
    }

    private init(start: Instant, end: Instant, number: Int, name: String, _ period: Period?) {
        self.start = start
        self.end = end
        self.number = number
        self.name = name
        calendarPeriod = period
    }

    /// Whether a record counts for this period: by the year that it is about, where it says so, else by its time.
    ///
    /// The result of a year can be published in the next: the year's duty was then done late.
    func covers(_ fact: Fact) -> Bool {
        if fact.isReflected, calendarPeriod?.length == .year, let year = fact.data["year"]?.integer {
            return year == Int64(number)
        }
        return fact.at >= start && fact.at < end
    }

    var following: DutyPeriod? { calendarPeriod.map { DutyPeriod($0.next) } }
}
