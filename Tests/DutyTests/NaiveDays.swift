import Duty

/// A wall calendar, written out day by day, and the same days for the core.
enum NaiveDays {
    struct Day {
        /// Days after the Monday on which everything starts.
        let number: Int
        let year: Int
        let month: Int
        let day: Int
        let works: Bool
        /// Minutes after midnight at which the office closes.
        let closes: Int
        var quarter: String { "\(year)\((month + 2) / 3)" }
    }

    /// Days off, Saturdays and Sundays that work, and a day that ends at noon.
    private static let off: Set = [
        "2026-10-1", "2026-10-2", "2026-10-5", "2026-10-6", "2026-12-28", "2026-12-29", "2027-1-1",
        "2027-2-8",
        "2027-2-9", "2027-2-10", "2027-2-11", "2027-2-12",
    ]
    private static let makeup: Set = ["2026-9-27", "2026-12-26", "2027-2-6", "2027-2-7"]
    private static let short: Set = ["2026-12-31", "2027-2-7"]

    static let days = makeDays()

    private static func makeDays() -> [Day] {
        var days: [Day] = []
        // The first of January 2026 is a Thursday, 326 days before the Monday.
        var weekday = 4
        for year in 2026...2028 {
            for month in 1...12 {
                let isLeap = year % 4 == 0
                let length = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
                for day in 1...length {
                    let name = "\(year)-\(month)-\(day)"
                    days.append(
                        Day(
                            number: days.count - 326,
                            year: year,
                            month: month,
                            day: day,
                            works: makeup.contains(name) || (weekday <= 5 && !off.contains(name)),
                            closes: short.contains(name) ? 12 * 60 : 17 * 60 + 30
                        )
                    )
                    weekday = weekday == 7 ? 1 : weekday + 1
                }
            }
        }
        return days
    }

    static func day(_ number: Int) -> Day { days[number + 326] }
    /// The day on which a minute lies.
    static func day(of minute: Int) -> Day { day(NaiveBooks.day(minute)) }
    /// The minute at which the office closes on a day.
    static func close(_ number: Int) -> Int {
        NaiveBooks.minute(ofDay: number, at: day(number).closes)
    }

    /// The same days as the core reads them.
    static let calendar = WorkCalendar(
        offDays: Dictionary(uniqueKeysWithValues: dates(off).map { ($0, "") }),
        makeupDays: Set(dates(makeup)),
        knownYears: Set(2026...2028),
        halfDays: Dictionary(uniqueKeysWithValues: dates(short).map { ($0, 12 * 60) }),
        revision: "naive"
    )

    private static func dates(_ names: Set<String>) -> [CivilDate] {
        names.compactMap { name in
            let parts = name.split(separator: "-").compactMap { Int($0) }
            return CivilDate(year: parts[0], month: parts[1], day: parts[2])
        }
    }
}
