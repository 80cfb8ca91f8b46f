/// Counting of days and office time.
extension WorkCalendar {
    /// The `count`-th working day after `date`, not counting the start day (Civil Code 201 I).
    ///
    /// On days for which `skipping` is true the clock stands still.
    package func adding(
        workingDays count: Int,
        to date: CivilDate,
        skipping: (CivilDate) -> Bool = { _ in false }
    ) -> CivilDate {
        var day = date
        var left = count
        while left > 0 {
            day = workingDay(after: day)
            if !skipping(day) { left -= 1 }
        }
        return day
    }

    /// The `count`-th working day before `date`.
    package func subtracting(
        workingDays count: Int,
        from date: CivilDate,
        skipping: (CivilDate) -> Bool = { _ in false }
    ) -> CivilDate {
        var day = date
        var left = count
        while left > 0 {
            day = day.adding(days: -1)
            if isWorkingDay(day), !skipping(day) { left -= 1 }
        }
        return day
    }

    /// `span` of office time after `start`, counted inside the working hours alone.
    package func adding(officeTime span: Span, to start: Instant) -> Instant {
        var left = span.microseconds
        var day = CivilDate(start)
        var from = start
        while true {
            for interval in officeHours(on: day) {
                let opens = max(from, day.start + .minutes(Int64(interval.lowerBound)))
                let closes = day.start + .minutes(Int64(interval.upperBound))
                guard opens < closes else { continue }
                let available = (closes - opens).microseconds
                if left <= available { return opens + Span(microseconds: left) }
                left -= available
            }
            day = day.next
            from = day.start
        }
    }

    /// The office time between two moments; zero if the second is not after the first.
    package func officeTime(from start: Instant, to end: Instant) -> Span {
        var total: Int64 = 0
        var day = CivilDate(start)
        while day.start < end {
            for interval in officeHours(on: day) {
                let opens = max(start, day.start + .minutes(Int64(interval.lowerBound)))
                let closes = min(end, day.start + .minutes(Int64(interval.upperBound)))
                if opens < closes { total += (closes - opens).microseconds }
            }
            day = day.next
        }
        return Span(microseconds: total)
    }

    /// How many working days a month has, those left out whose day of the month lies in `closed`.
    package func workingDays(year: Int, month: Int, outside closed: ClosedRange<Int>? = nil) -> Int {
        (1...CivilDate.daysInMonth(year: year, month: month)).count { number in
            guard let day = CivilDate(year: year, month: month, day: number) else { return false }
            return isWorkingDay(day) && !(closed?.contains(number) ?? false)
        }
    }
}
