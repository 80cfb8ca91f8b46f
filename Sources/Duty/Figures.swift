/// What supervisors look at, summed over matters: how each rule was kept, day by day, what those who were served
/// said of it, and what the ledger holds.
///
/// The metrics, the board and the summary of a day all take their numbers from here. A sum can be corrected: the
/// store keeps one by taking off what a matter counted for before a commit and adding what it counts for after it.
package struct Figures: Sendable, Hashable {
    /// One thing that is counted.
    package struct Slot: Sendable, Hashable {
        /// Nil for what the served said, which is of no rule.
        package let rule: RuleID?
        package let outcome: Outcome
        /// Breached only because the event that opened it came too late; counted apart.
        package let isLateIngest: Bool
        /// The day on which it is or was due, else the one on which it opened; nil in a sum over all days.
        package let day: CivilDate?
        /// How long it took, for `took` alone; see `DoneTime`.
        package let minutes: Int64?

        package init(
            rule: RuleID?,
            outcome: Outcome,
            isLateIngest: Bool = false,
            day: CivilDate?,
            minutes: Int64? = nil
        ) {
            self.rule = rule
            self.outcome = outcome
            self.isLateIngest = isLateIngest
            self.day = day
            self.minutes = minutes
        }
    }

    /// How an obligation stands, or what was said of a complaint.
    package enum Outcome: String, Sendable, CaseIterable {
        case open, breached, met, metLate, cancelled, breachedThenCancelled
        /// A notice: somebody was to be told, and nothing is owed.
        case noted
        /// Complaints with a rating, those of them that call it solved, and those that are content (4 or 5 of 5).
        case rated, solved, satisfied
        /// A deadline that was done, in time or late, by how many minutes it took.
        case took
        /// A matter with a deadline that is not done, by the day on which the oldest of them began.
        case waiting
        /// Done, and opened again afterwards.
        case reopened
        /// A deadline that is about an amount, by the day on which it began; and that amount, in fen.
        case billed, billedFen
        /// The amount of one that is not done yet, in fen.
        case owedFen
        /// What has no due time and is not done yet: the number of the day on which it began.
        case sinceDay

        init(_ phase: Obligation.Phase) {
            self =
                switch phase {
                case .open: .open
                case .breached: .breached
                case .met: .met
                case .metLate: .metLate
                case .cancelled: .cancelled
                case .breachedThenCancelled: .breachedThenCancelled
                }
        }
    }

    /// Some of all; of nothing there is no rate.
    package struct Rate: Sendable, Hashable {
        package let part: Int64
        package let whole: Int64

        package init(part: Int64, whole: Int64) {
            self.part = part
            self.whole = whole
        }

        /// 0 to 1.
        package var ratio: Double? { whole > 0 ? Double(part) / Double(whole) : nil }
    }

    /// None of them is zero.
    package private(set) var counts: [Slot: Int64] = [:]
    /// What people bear, in fen.
    package var postedFen: Int64 = 0
    /// What nobody bears yet, in fen.
    package var heldFen: Int64 = 0
    /// What was paid, in fen.
    package var settledFen: Int64 = 0

    package init() {}

    /// The figures of one matter alone.
    package init(_ state: MatterState) { replace(MatterState(), with: state) }

    /// A matter was one way and is another.
    package mutating func replace(_ old: MatterState, with new: MatterState) {
        replace(old.records, with: new.records)
        let (before, after) = (old.waitingSince, new.waitingSince)
        if before != after {
            if let before { add(-1, to: Slot(rule: nil, outcome: .waiting, day: before)) }
            if let after { add(1, to: Slot(rule: nil, outcome: .waiting, day: after)) }
        }
        if old.rating != new.rating {
            count(old.rating, times: -1)
            count(new.rating, times: 1)
        }
        if old.posted != new.posted || old.settled != new.settled {
            countMoney(old, times: -1)
            countMoney(new, times: 1)
        }
    }

    /// Records keep their places, so that what has not changed need not be counted.
    private mutating func replace(_ old: [MatterState.Record], with new: [MatterState.Record]) {
        let common = min(old.count, new.count)
        for index in 0..<common where old[index] != new[index] {
            count(old[index], times: -1)
            count(new[index], times: 1)
        }
        for record in old[common...] { count(record, times: -1) }
        for record in new[common...] { count(record, times: 1) }
        countReopened(old, times: -1)
        countReopened(new, times: 1)
    }

    /// Cycles that were done and have a next one; few matters have any.
    private mutating func countReopened(_ records: [MatterState.Record], times: Int64) {
        for next in records where next.key.cycle > 1 && !next.isWithdrawn {
            for record in records
            where record.key.rule == next.key.rule && record.key.cycle == next.key.cycle - 1
                && record.key.subject == next.key.subject && record.isDone
            {
                add(times, to: Slot(rule: record.key.rule, outcome: .reopened, day: record.lastDay))
            }
        }
    }

    private mutating func count(_ record: MatterState.Record, times: Int64) {
        guard !record.isWithdrawn else { return }
        let slot = Slot(
            rule: record.key.rule,
            outcome: record.kind == "notice" ? .noted : Outcome(record.phase),
            isLateIngest: record.isLateIngest,
            day: record.lastDay
        )
        add(times, to: slot)
        countAmount(record, times: times)
        guard let time = DoneTime(record) else { return }
        add(
            times,
            to: Slot(
                rule: record.key.rule,
                outcome: .took,
                isLateIngest: record.isLateIngest,
                day: record.lastDay,
                minutes: time.minutes
            )
        )
    }

    private mutating func countAmount(_ record: MatterState.Record, times: Int64) {
        guard record.kind == "deadline" else { return }
        let began = CivilDate(record.openedAt)
        func slot(_ outcome: Outcome) -> Slot { Slot(rule: record.key.rule, outcome: outcome, day: began) }
        let isWaiting = record.phase == .open || record.phase == .breached
        if isWaiting, record.dueAt == nil { add(began.dayNumber &* times, to: slot(.sinceDay)) }
        // A fine that was revoked is none, and what was withdrawn counts nowhere.
        guard let amount = record.amount?.amount, amount > 0, record.phase != .cancelled,
            record.phase != .breachedThenCancelled
        else { return }
        // Opened again it is the same amount.
        if record.key.cycle == 1 {
            add(times, to: slot(.billed))
            add(amount &* times, to: slot(.billedFen))
        }
        if isWaiting { add(amount &* times, to: slot(.owedFen)) }
    }

    private mutating func count(_ rating: MatterState.Rating?, times: Int64) {
        guard let rating else { return }
        let day = CivilDate(rating.at)
        add(times, to: Slot(rule: nil, outcome: .rated, day: day))
        if rating.isSolved { add(times, to: Slot(rule: nil, outcome: .solved, day: day)) }
        if rating.isSatisfied { add(times, to: Slot(rule: nil, outcome: .satisfied, day: day)) }
    }

    // Many amounts near their limit may not end the process: a wrong sum is the lesser evil.
    private mutating func countMoney(_ state: MatterState, times: Int64) {
        for posted in state.posted {
            let amount = posted.amount.amount &* times
            if posted.person == nil { heldFen &+= amount } else { postedFen &+= amount }
        }
        for payment in state.settled.values { settledFen &+= payment.amount.amount &* times }
    }

    package mutating func add(_ count: Int64, to slot: Slot) {
        let sum = (counts[slot] ?? 0) &+ count
        counts[slot] = sum == 0 ? nil : sum
    }

    package static func += (sum: inout Figures, other: Figures) {
        for (slot, count) in other.counts { sum.add(count, to: slot) }
        for (_, path) in money { sum[keyPath: path] &+= other[keyPath: path] }
    }

    /// Each amount of the ledger with the name that it is kept under.
    package static let money: [(name: String, path: WritableKeyPath<Figures, Int64> & Sendable)] = [
        ("ledger.posted", \.postedFen), ("ledger.held", \.heldFen), ("ledger.settled", \.settledFen),
    ]

    /// The sum over all days.
    package var total: Figures {
        var total = self
        total.counts = [:]
        for (slot, count) in counts {
            total.add(
                count,
                to: Slot(
                    rule: slot.rule,
                    outcome: slot.outcome,
                    isLateIngest: slot.isLateIngest,
                    day: nil,
                    minutes: slot.minutes
                )
            )
        }
        return total
    }
}

extension Figures {
    /// The clocks of some rules taken together; what was withdrawn counts nowhere.
    package struct Clock: Sendable, Hashable {
        package var inTime: Int64 = 0
        /// Done after the breach.
        package var late: Int64 = 0
        /// Breached and still not done.
        package var missing: Int64 = 0
        /// Ceased to matter after the breach.
        package var dropped: Int64 = 0
        /// Ceased to matter before it was due.
        package var cancelled: Int64 = 0
        /// Not due yet and not done.
        package var open: Int64 = 0
        /// Breached, but only because we heard of it too late; in none of the others.
        package var lateIngest: Int64 = 0
        /// Breached and still not done, for whatever reason: what waits for somebody.
        package var overdue: Int64 = 0

        package init() {}

        /// Those that a supervisor asks about.
        package var due: Int64 { inTime + late + missing + dropped }
        package var done: Int64 { inTime + late }
        /// Breached at any time, for whatever reason.
        package var everLate: Int64 { late + missing + dropped + lateIngest }
        package var rate: Rate { Rate(part: inTime, whole: due) }
    }

    package func clock(_ rules: Set<RuleID>) -> Clock {
        var clock = Clock()
        for (slot, count) in counts {
            guard let rule = slot.rule, rules.contains(rule) else { continue }
            if slot.outcome == .breached { clock.overdue &+= count }
            guard !slot.isLateIngest else {
                if slot.outcome != .took { clock.lateIngest &+= count }
                continue
            }
            switch slot.outcome {
            case .met: clock.inTime &+= count
            case .metLate: clock.late &+= count
            case .breached: clock.missing &+= count
            case .breachedThenCancelled: clock.dropped &+= count
            case .cancelled: clock.cancelled &+= count
            case .open: clock.open &+= count
            case .noted, .rated, .solved, .satisfied, .took, .waiting, .reopened, .billed, .billedFen,
                .owedFen,
                .sinceDay:
                break
            }
        }
        return clock
    }

    /// What is open or breached and not done, by rule; what was only to be told is left out.
    package var openByRule: [RuleID: Int64] {
        var open: [RuleID: Int64] = [:]
        for (slot, count) in counts where slot.outcome == .open || slot.outcome == .breached {
            if let rule = slot.rule { open[rule, default: 0] &+= count }
        }
        return open.filter { $0.value != 0 }
    }

    /// The sum of an outcome over some rules, whether late by their events alone or not.
    package func sum(_ outcome: Outcome, _ rules: Set<RuleID>) -> Int64 {
        counts.reduce(0) { sum, entry in
            guard entry.key.outcome == outcome, let rule = entry.key.rule, rules.contains(rule) else {
                return sum
            }
            return sum &+ entry.value
        }
    }

    /// How many said this of their complaint.
    package func said(_ outcome: Outcome) -> Int64 {
        counts.reduce(0) { $1.key.rule == nil && $1.key.outcome == outcome ? $0 &+ $1.value : $0 }
    }
}

extension MatterState.Record {
    /// Done, in time or late, and counted as such.
    fileprivate var isDone: Bool { !isWithdrawn && !isLateIngest && (phase == .met || phase == .metLate) }

    /// The last day of the limit; one that ends at midnight ends the day before.
    package var lastDay: CivilDate { CivilDate(dueAt.map { $0 - Span(microseconds: 1) } ?? openedAt) }
}
