/// A calendar day in Asia/Shanghai (UTC+8 all year since 1992), without a time.
package struct CivilDate: Hashable, Sendable, Comparable {
    /// Days since 1970-01-01.
    package let dayNumber: Int64

    package init(dayNumber: Int64) { self.dayNumber = dayNumber }

    /// The day with this year, month (1…12) and day of the month, or nil if there is none.
    package init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month), day >= 1,
            day <= CivilDate.daysInMonth(year: year, month: month)
        else { return nil }
        self.init(validYear: year, month: month, day: day)
    }

    /// The day of `instant` by the clock on the wall of the county.
    package init(_ instant: Instant) {
        dayNumber = (instant.seconds + CivilDate.utcOffsetSeconds).floorDivided(by: 86_400)
    }

    private init(validYear year: Int, month: Int, day: Int) {
        // Days from the civil date, counting years from March (H. Hinnant's algorithm).
        let shifted = Int64(month <= 2 ? year - 1 : year)
        let era = shifted.floorDivided(by: 400)
        let yearOfEra = shifted - era * 400
        let monthFromMarch = Int64((month + 9) % 12)
        let dayOfYear = (153 * monthFromMarch + 2) / 5 + Int64(day) - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        dayNumber = era * 146_097 + dayOfEra - 719_468
    }

    /// Seconds that the county's clock is ahead of UTC.
    package static let utcOffsetSeconds: Int64 = 8 * 3600

    /// Year, month (1…12) and day of the month.
    package var parts: (year: Int, month: Int, day: Int) {
        let days = dayNumber + 719_468
        let era = days.floorDivided(by: 146_097)
        let dayOfEra = days - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = Int(dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
        let month = Int(monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9)
        return (Int(yearOfEra + era * 400) + (month <= 2 ? 1 : 0), month, day)
    }

    package var year: Int { parts.year }
    /// 1 is Monday, 7 is Sunday (ISO 8601).
    package var weekday: Int { Int((dayNumber + 3) - (dayNumber + 3).floorDivided(by: 7) * 7) + 1 }
    package var next: CivilDate { CivilDate(dayNumber: dayNumber + 1) }

    /// The first moment of the day.
    package var start: Instant { Instant(seconds: dayNumber * 86_400 - CivilDate.utcOffsetSeconds) }

    package func adding(days: Int) -> CivilDate { CivilDate(dayNumber: dayNumber + Int64(days)) }
    package static func < (left: CivilDate, right: CivilDate) -> Bool { left.dayNumber < right.dayNumber }

    package static func daysInMonth(year: Int, month: Int) -> Int {
        switch month {
        case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

extension CivilDate: CustomStringConvertible {
    /// `2026-11-23`.
    package var description: String {
        let (year, month, day) = parts
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    }

    /// Reads `YYYY-MM-DD`, and nothing else.
    package init?(_ text: String) {
        guard let date = DigitReader.read(text, Self.day) else { return nil }
        self = date
    }

    private static func day(_ reader: inout DigitReader) -> CivilDate? {
        guard let year = reader.number(4), reader.take("-"), let month = reader.number(2), reader.take("-"),
            let day = reader.number(2), reader.isAtEnd
        else { return nil }
        return CivilDate(year: year, month: month, day: day)
    }
}

/// `number` in decimal, with zeros in front up to `width`.
package func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return digits.utf8.count >= width
        ? digits : String(repeating: "0", count: width - digits.utf8.count) + digits
}
