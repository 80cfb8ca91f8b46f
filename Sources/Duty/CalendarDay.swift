/// What the calendar says of one day, and why.
package struct CalendarDay: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case workday
        /// A Saturday or Sunday that works for a holiday.
        case makeupWorkday
        /// A Saturday or Sunday outside of any holiday.
        case weekend
        /// With its name, empty where it is not known.
        case holiday(String)
    }

    package let date: CivilDate
    package let kind: Kind
    /// When the office closes early, in minutes after midnight; nil on any other day.
    package let closesEarly: Int?
    /// No notice says so: the year has none.
    package let isProvisional: Bool

    package var isWorking: Bool { kind == .workday || kind == .makeupWorkday }

    package init(_ date: CivilDate, in calendar: WorkCalendar) {
        self.date = date
        isProvisional = !calendar.knownYears.contains(date.year)
        if calendar.isWorkingDay(date) {
            kind = date.weekday > 5 ? .makeupWorkday : .workday
            closesEarly = calendar.halfDays[date]
        } else {
            let (_, month, day) = date.parts
            let statute = isProvisional ? WorkCalendar.fixedStatutoryDays[month * 100 + day] : nil
            kind = (calendar.offDays[date] ?? statute).map { .holiday($0) } ?? .weekend
            closesEarly = nil
        }
    }
}

/// One day on the way from the start of a day limit to its end, and what it counted for.
package struct CountedDay: Hashable, Sendable {
    package enum Role: Hashable, Sendable {
        /// The day on which the clock began, which does not count (Civil Code 201 I).
        case start
        /// The so-many-th day of the limit.
        case counted(Int)
        /// A day off that does not count.
        case passed
        /// A working day on which the clock stood still.
        case paused
        /// The working day to which a limit that ended on a day off moves on (Civil Code 203 I).
        case rolledTo
    }

    package let day: CalendarDay
    package let role: Role
}

extension WorkCalendar {
    /// Every day from `start` to the end of a limit of working days.
    package func account(
        workingDays count: Int,
        from start: CivilDate,
        skipping: (CivilDate) -> Bool = { _ in false }
    ) -> [CountedDay] {
        var days = [CountedDay(day: CalendarDay(start, in: self), role: .start)]
        var date = start
        var number = 0
        while number < count {
            date = date.next
            let day = CalendarDay(date, in: self)
            if day.isWorking, !skipping(date) { number += 1 }
            let role: CountedDay.Role =
                !day.isWorking ? .passed : skipping(date) ? .paused : .counted(number)
            days.append(CountedDay(day: day, role: role))
        }
        return days
    }

    /// Every day from `start` to the end of a limit of natural days.
    package func account(naturalDays count: Int, from start: CivilDate, rollsForward: Bool) -> [CountedDay] {
        var days = [CountedDay(day: CalendarDay(start, in: self), role: .start)]
        for number in 0..<count {
            let day = CalendarDay(start.adding(days: number + 1), in: self)
            days.append(CountedDay(day: day, role: .counted(number + 1)))
        }
        while rollsForward, let last = days.last?.day, !last.isWorking {
            let day = CalendarDay(last.date.next, in: self)
            days.append(CountedDay(day: day, role: day.isWorking ? .rolledTo : .passed))
        }
        return days
    }
}
