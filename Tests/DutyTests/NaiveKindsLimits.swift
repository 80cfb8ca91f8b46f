import Duty

/// Limits that are no days: office time, the end of the same day, the clock itself, and none at all.
enum NaiveLimits: NaiveKind {
    private static let officeMinutes = 600

    static let rules = [
        rule("office", .officeTime(.minutes(Int64(officeMinutes)))),
        rule("midnight", .sameDay(end: .midnight)),
        rule("close", .sameDay(end: .closeOfBusiness)), rule("clock", .continuous(.hours(24))),
        rule("open", .open),
    ]

    private static func rule(_ id: RuleID, _ limit: TimeLimit) -> Rule {
        var deadline = DeadlineRule(
            opens: [FactPattern(.complaintFiled)],
            within: limit,
            metBy: [FactPattern(.complaintResolved)],
            escalation: "plain"
        )
        deadline.cancelledBy = [FactPattern(.complaintWithdrawn)]
        deadline.reopens = FactPattern(.complaintReopened)
        deadline.reopensAfter = FactPattern(.complaintResolved)
        return .naive(id, .deadline(deadline))
    }

    static func play(_ history: inout NaiveKindsHistory) {
        history.add(.complaintFiled, history.moment(35...48), ["kind": "window"])
        for _ in 0..<history.below(3) {
            history.add(.complaintResolved, history.moment(35...56), ["outcome": "done"])
        }
        for _ in 0..<history.below(3) { history.add(.complaintReopened, history.moment(35...56)) }
        if history.chance(15) { history.add(.complaintWithdrawn, history.moment(35...56)) }
    }

    // MARK: The notebook

    private struct Round {
        let number: Int
        let start: Int
        var resolved: Int?
        var withdrawn: Int?
        var reopened: Int?
    }

    /// Turns the pages: a resolution closes a round, and only a closed one can be opened again.
    private static func rounds(_ seen: [NaiveModel.Happening]) -> [Round] {
        guard let filing = seen.first(where: { $0.kind == .complaintFiled }) else { return [] }
        var rounds: [Round] = []
        var round = Round(number: 1, start: filing.minute)
        // What was resolved after it had been withdrawn was over already.
        var isClosed = false
        for page in seen {
            switch page.kind {
            case .complaintResolved:
                round.resolved = round.resolved ?? page.minute
                if round.withdrawn == nil { isClosed = true }
            case .complaintWithdrawn: round.withdrawn = round.withdrawn ?? page.minute
            case .complaintReopened where page.minute >= round.start && isClosed:
                round.reopened = page.minute
                rounds.append(round)
                round = Round(number: round.number + 1, start: page.minute)
                isClosed = false
            default: break
            }
        }
        return rounds + [round]
    }

    static func wanted(_ history: NaiveKindsHistory, at now: Int) -> [String] {
        let rounds = rounds(happenings(history, at: now))
        return ["office", "midnight", "close", "clock", "open"].flatMap { rule in
            rounds.map { round in
                let due = due(rule, round.start)
                let over = [round.withdrawn, round.reopened].compactMap { $0 }.min()
                let phase = naivePhase(
                    from: round.start,
                    due: due,
                    met: round.resolved,
                    cancelled: over,
                    now: now
                )
                return "\(round.number) " + clockLine(rule, round.start, due, phase)
            }
        }.sorted()
    }

    private static func due(_ rule: String, _ start: Int) -> Int? {
        let today = NaiveBooks.day(start)
        switch rule {
        case "clock": return start + 1_440
        case "midnight": return NaiveBooks.minute(ofDay: today + 1, at: 0)
        case "close": return NaiveDays.close(today)
        case "office": return officeEnd(start)
        default: return nil
        }
    }

    /// Watches the clock on the wall minute by minute, and counts those at which somebody sits at the desk.
    private static func officeEnd(_ start: Int) -> Int {
        var left = officeMinutes
        var minute = start
        while left > 0 {
            let day = NaiveDays.day(of: minute)
            let time = minute - NaiveBooks.minute(ofDay: day.number, at: 0)
            let isOpen = (time >= 540 && time < 720) || time >= 780
            if day.works, isOpen, time < day.closes { left -= 1 }
            minute += 1
        }
        return minute
    }

    static func found(_ history: NaiveKindsHistory, at now: Int) -> [String] {
        derived("complaint/1", history.arrived(by: now), at: now).obligations
            .map { "\($0.key.cycle) " + clockLine($0, at: now) }.sorted()
    }
}

/// What is owed once, until a day, and what is owed each year and shows in results that are published.
enum NaiveYears: NaiveKind {
    private static let plan = "A00.plan"
    private static let review = "A30"
    private static let results = ["AS-1", "AS-2", "AS-3"]
    /// Days after the Monday: the last of 2026.
    private static let lastDay = 38

    static let rules = [once, yearly]
    private static var once: Rule {
        let day = CivilDate(year: 2026, month: 12, day: 31) ?? CivilDate(.distantPast)
        return .naive(
            "once",
            .recurring(RecurringRule(code: plan, every: .once(day), owner: .shared, escalation: "plain"))
        )
    }
    private static var yearly: Rule {
        var rule = RecurringRule(code: review, every: .year, owner: .shared, escalation: "plain")
        rule.published = FactPattern(.assessmentPublished, [.one(of: "scheme", "unit")])
        return .naive("yearly", .recurring(rule))
    }

    private static func standing(_ code: String) -> StandingDuty {
        StandingDuty(matter: MatterID(type: .duty, number: code), role: "office", person: "@county")
    }

    static func play(_ history: inout NaiveKindsHistory) {
        history.otherAnswers = ["year": [2026, 2027], "scheme": ["unit", "sectionChief"]]
        for code in [plan, review] {
            let first = NaiveKindsHistory.instant(history.moment(-150...50))
            history.keep(standing(code).beginning(at: first), in: code)
            for _ in 0..<history.below(3) where history.chance(50) {
                history.add(.dutyPerformed, history.moment(-150...100), of: code, ["personRef": "P-9"])
            }
        }
        for result in results where history.chance(50) {
            history.add(
                .assessmentPublished,
                history.moment(-150...100),
                of: result,
                [
                    "scheme": history.one(["unit", "unit", "sectionChief", "provinceIndicator"]),
                    "year": history.one([2025, 2026, 2026, 2027]),
                    "results": [["orgUnit": "D-1", "rank": 1]],
                ]
            )
        }
    }

    // MARK: The notebook

    static func wanted(_ history: NaiveKindsHistory, at now: Int) -> [String] {
        onceWanted(history, at: now) + yearlyWanted(history, at: now)
    }

    private static func onceWanted(_ history: NaiveKindsHistory, at now: Int) -> [String] {
        let seen = happenings(history, plan, at: now)
        let end = NaiveBooks.minute(ofDay: lastDay + 1, at: 0)
        // Whoever comes after the day has nothing to do with it any more.
        guard let first = seen.first(where: { $0.kind == .rosterAssigned })?.minute, first < end else {
            return []
        }
        let done = seen.first { $0.kind == .dutyPerformed && $0.minute < end }?.minute
        let phase = naivePhase(from: first, due: end, met: done, cancelled: nil, now: now)
        return ["1 " + clockLine("once", first, end, phase)]
    }

    private static func yearlyWanted(_ history: NaiveKindsHistory, at now: Int) -> [String] {
        let seen = happenings(history, review, at: now)
        guard let first = seen.first(where: { $0.kind == .rosterAssigned })?.minute else { return [] }
        let published = results.flatMap { happenings(history, $0, at: now) }
            .filter { $0.text("scheme") == "unit" }
        return NaivePeriod.begun("year", at: now).filter { $0.end > first }.map { period in
            let records = seen.filter {
                $0.kind == .dutyPerformed && (period.start..<period.end).contains($0.minute)
            }
            let results = published.filter { $0.number("year") == Int64(period.cycle) }
            let done = (records + results).map(\.minute).min()
            let opened = max(period.start, first)
            let phase = naivePhase(from: opened, due: period.end, met: done, cancelled: nil, now: now)
            return "\(period.cycle) " + clockLine("yearly", opened, period.end, phase)
        }.sorted()
    }

    // MARK: The core

    static func found(_ history: NaiveKindsHistory, at now: Int) -> [String] {
        let nobody = Enterprise(id: .nobody, facts: [])
        let reflections = results.flatMap { result in
            derived(
                MatterID(type: .assessment, number: result),
                history.arrived(by: now, at: result),
                nobody,
                at: now
            ).reflections
        }
        return [plan, review].flatMap { code -> [String] in
            let matter = MatterID(type: .duty, number: code)
            let facts = history.arrived(by: now, at: code) + reflections.filter { $0.matter == matter }
            return derived(matter, facts, nobody, at: now).obligations.map {
                "\($0.key.cycle) " + clockLine($0, at: now)
            }
        }
    }
}
