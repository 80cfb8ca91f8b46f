import Duty

/// Quarters and years as a wall calendar has them.
struct NaivePeriod {
    let cycle: Int
    let start: Int
    let end: Int

    /// Those that have begun at a minute, from 2026 on, each with the minute after its last one.
    static func begun(_ length: String, at now: Int) -> [NaivePeriod] {
        var periods: [NaivePeriod] = []
        for day in NaiveDays.days where day.day == 1 {
            guard length == "quarter" ? (day.month - 1) % 3 == 0 : day.month == 1 else { continue }
            let year = day.year + (length == "quarter" ? (day.month + 2) / 12 : 1)
            let month = length == "quarter" ? (day.month + 2) % 12 + 1 : 1
            let next = NaiveDays.days.first { $0.year == year && $0.month == month && $0.day == 1 }
            guard let next else { continue }
            periods.append(
                NaivePeriod(
                    cycle: length == "quarter" ? day.year * 10 + (day.month + 2) / 3 : day.year,
                    start: NaiveBooks.minute(ofDay: day.number, at: 0),
                    end: NaiveBooks.minute(ofDay: next.number, at: 0)
                )
            )
        }
        return periods.filter { $0.start <= now }
    }
}

/// What one of the four owes each quarter, and what is owed once a year whoever does it.
enum NaiveDuties: NaiveKind {
    static let rules = [
        rule("meeting", "A24", .quarter, .each("county.four")), rule("list", "A13.list", .year, .shared),
    ]
    private static let standing = [
        "A24": StandingDuty(matter: "duty/A24.four-1", role: "county.four", person: "four-1"),
        "A13.list": StandingDuty(matter: "duty/A13.list", role: "office", person: "@county"),
    ]

    private static func rule(
        _ id: RuleID,
        _ code: String,
        _ every: RecurringRule.Period,
        _ owner: RecurringRule.Owner
    ) -> Rule {
        var recurring = RecurringRule(code: code, every: every, owner: owner, escalation: "plain")
        recurring.conditions = [Condition("theme", .isPresent(true))]
        return .naive(id, .recurring(recurring))
    }

    static func play(_ history: inout NaiveKindsHistory) {
        history.otherAnswers = ["theme": ["用工保障", "  "]]
        for (code, duty) in standing.sorted(by: { $0.key < $1.key }) {
            let first = history.moment(-150...40)
            let beginning = duty.beginning(at: NaiveKindsHistory.instant(first))
            history.keep(beginning, in: code)
            // What is owed whoever does it is not owed by anybody who could leave.
            if code == "A24", history.chance(30) {
                let last = NaiveKindsHistory.instant(first + history.below(150 * 1_440))
                for ending in StandingDuty.endings(in: duty.matter, [beginning], keeping: [], at: last) {
                    history.keep(ending, in: code)
                }
            }
            for _ in 0..<history.below(4) {
                let theme: Value = history.chance(75) ? "融资" : "  "
                history.add(
                    .dutyPerformed,
                    history.moment(-150...150),
                    of: code,
                    ["personRef": .string(code == "A24" ? "four-1" : "P-9"), "theme": theme]
                )
            }
        }
    }

    static func wanted(_ history: NaiveKindsHistory, at now: Int) -> [String] {
        [("meeting", "A24", "quarter"), ("list", "A13.list", "year")].flatMap { rule, code, length in
            let seen = happenings(history, code, at: now)
            guard let first = seen.first(where: { $0.kind == .rosterAssigned })?.minute else {
                return [String]()
            }
            let last = seen.first { $0.kind == .rosterEnded }?.minute
            let owed = NaivePeriod.begun(length, at: now)
                .filter { $0.end > first && $0.start < last ?? Int.max }
            return owed.map { period in
                let opened = max(period.start, first)
                let done = seen.first {
                    $0.kind == .dutyPerformed && (period.start..<period.end).contains($0.minute)
                        && !($0.text("theme") ?? "").allSatisfy { $0 == " " }
                }
                // What was done in its time counts, even if it was owed no more by then.
                let released = last.flatMap { done == nil && $0 < period.end ? $0 : nil }
                let phase = naivePhase(
                    from: opened,
                    due: period.end,
                    met: done?.minute,
                    cancelled: released,
                    now: now
                )
                return "\(period.cycle) " + clockLine(rule, opened, period.end, phase)
            }
        }.sorted()
    }

    static func found(_ history: NaiveKindsHistory, at now: Int) -> [String] {
        standing.flatMap { code, duty in
            derived(duty.matter, history.arrived(by: now, at: code), at: now).obligations.map {
                "\($0.key.cycle) " + clockLine($0, at: now)
            }
        }.sorted()
    }
}
