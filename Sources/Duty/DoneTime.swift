/// How long something took, in minutes, rounded up to two significant digits: 7, 29, 30, 120, 1500.
///
/// So there are few different ones, and sums of them stay small, however many matters there are.
struct DoneTime: Hashable {
    let minutes: Int64

    /// Nil for what is not done, and for what nobody had a clock for.
    init?(_ record: MatterState.Record) {
        guard record.kind == "deadline", record.phase == .met || record.phase == .metLate,
            let done = record.metAt
        else { return nil }
        self.init(done - record.openedAt)
    }

    init(_ span: Span) {
        let minutes = (max(0, span.microseconds) + 59_999_999) / 60_000_000
        var unit: Int64 = 1
        while minutes / unit >= 100 { unit *= 10 }
        self.minutes = (minutes + unit - 1) / unit * unit
    }
}

extension Figures {
    /// What part of all that was done took so many minutes at most (nearest rank), and how many there were; what was
    /// late only because its event came late is left out.
    ///
    /// `percent` is from 1 to 100: 50 is the median.
    package func minutes(_ rules: Set<RuleID>, percent: Int64) -> (minutes: Int64, count: Int64) {
        var times: [Int64: Int64] = [:]
        for (slot, count) in counts where slot.outcome == .took && !slot.isLateIngest {
            if let rule = slot.rule, let minutes = slot.minutes, rules.contains(rule) {
                times[minutes, default: 0] &+= count
            }
        }
        let count = times.values.reduce(0, &+)
        guard count > 0 else { return (0, 0) }
        let rank = (count * percent + 99) / 100
        var passed: Int64 = 0
        for (minutes, here) in times.sorted(by: { $0.key < $1.key }) {
            passed += here
            if passed >= rank { return (minutes, count) }
        }
        return (0, count)
    }
}

/// Matters that wait, by for how many days they have.
package struct AgeBand: Sendable, Hashable {
    /// In days; the day on which something began is day 0.
    package let from: Int64
    /// Inclusive; nil has no end.
    package let through: Int64?
    package let count: Int64

    private static let bounds: [(Int64, Int64?)] = [(0, 0), (1, 3), (4, 7), (8, 15), (16, 30), (31, nil)]

    /// All bands, the youngest first; `waiting` counts matters by the day on which they began.
    package static func all(_ waiting: [CivilDate: Int64], on today: CivilDate) -> [AgeBand] {
        bounds.map { from, through in
            let count = waiting.reduce(Int64(0)) { sum, entry in
                let age = max(0, today.dayNumber - entry.key.dayNumber)
                return age >= from && age <= through ?? .max ? sum &+ entry.value : sum
            }
            return AgeBand(from: from, through: through, count: count)
        }
    }
}

extension MatterState {
    /// The day on which the oldest deadline began that nobody has met yet.
    package var waitingSince: CivilDate? {
        var oldest: Instant?
        for record in records where record.kind == "deadline" && record.isRunning {
            if oldest.map({ record.openedAt < $0 }) ?? true { oldest = record.openedAt }
        }
        return oldest.map { CivilDate($0) }
    }
}

extension MatterState.Record {
    fileprivate var isRunning: Bool { !isWithdrawn && (phase == .open || phase == .breached) }
}
