/// A calendar quarter or year, in Asia/Shanghai.
package struct Period: Hashable, Sendable, Comparable {
    package enum Length: String, Sendable, Hashable, CaseIterable {
        case quarter, year

        fileprivate var months: Int { self == .quarter ? 3 : 12 }
    }

    package let length: Length
    package let firstDay: CivilDate

    /// The quarter or year that `date` lies in.
    package init(_ length: Length, containing date: CivilDate) {
        self.length = length
        let (_, month, day) = date.parts
        var first = date.adding(days: 1 - day)
        for _ in 0..<((month - 1) % length.months) { first = Period.firstOfMonth(before: first) }
        firstDay = first
    }

    private init(_ length: Length, from firstDay: CivilDate) {
        self.length = length
        self.firstDay = firstDay
    }

    package var next: Period {
        var first = firstDay
        for _ in 0..<length.months { first = Period.firstOfMonth(after: first) }
        return Period(length, from: first)
    }

    package var previous: Period { Period(length, containing: firstDay.adding(days: -1)) }

    package var lastDay: CivilDate { next.firstDay.adding(days: -1) }

    /// The first moment of the period.
    package var start: Instant { firstDay.start }
    /// The first moment after the period, which is 24:00 of its last day.
    package var end: Instant { next.start }

    package func contains(_ date: CivilDate) -> Bool { firstDay <= date && date <= lastDay }

    package static func < (left: Period, right: Period) -> Bool {
        (left.firstDay, right.length.months) < (right.firstDay, left.length.months)
    }

    private static func firstOfMonth(after first: CivilDate) -> CivilDate {
        let (year, month, _) = first.parts
        return first.adding(days: CivilDate.daysInMonth(year: year, month: month))
    }

    private static func firstOfMonth(before first: CivilDate) -> CivilDate {
        let last = first.adding(days: -1)
        return last.adding(days: 1 - last.parts.day)
    }
}

extension Period: CustomStringConvertible {
    /// `2026-Q4` or `2026`.
    package var description: String {
        let (year, month, _) = firstDay.parts
        return length == .year ? padded(year, 4) : "\(padded(year, 4))-Q\((month + 2) / 3)"
    }
}
