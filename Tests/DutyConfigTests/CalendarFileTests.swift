import Duty
import Testing

@testable import DutyConfig

@Suite struct CalendarFileTests {
    private static let calendar = CalendarFile.load(path: TestFiles.root + "/config/calendars/cn.yaml")

    @Test(arguments: [(2023, 249), (2024, 251), (2025, 248), (2026, 248)])
    func eachYearHasItsWorkingDays(_ year: Int, _ count: Int) throws {
        let calendar = try #require(Self.calendar.value)
        var day = try #require(CivilDate(year: year, month: 1, day: 1))
        var working = 0
        while day.year == year {
            if calendar.isWorkingDay(day) { working += 1 }
            day = day.next
        }
        #expect(working == count)
    }

    /// Start, working days, due day, and the same number of natural days rolled forward and not.
    static let vectors: [(String, Int, String, String, String)] = [
        ("2023-09-28", 1, "2023-10-07", "2023-10-07", "2023-09-29"),
        ("2023-09-28", 5, "2023-10-11", "2023-10-07", "2023-10-03"),
        ("2023-09-28", 10, "2023-10-18", "2023-10-08", "2023-10-08"),
        ("2023-09-28", 15, "2023-10-25", "2023-10-13", "2023-10-13"),
        ("2024-02-08", 4, "2024-02-20", "2024-02-18", "2024-02-12"),
        ("2024-02-08", 12, "2024-03-01", "2024-02-20", "2024-02-20"),
        ("2024-09-13", 1, "2024-09-14", "2024-09-14", "2024-09-14"),
        ("2024-09-13", 10, "2024-09-29", "2024-09-23", "2024-09-23"),
        ("2025-01-24", 4, "2025-02-06", "2025-02-05", "2025-01-28"),
        ("2025-01-24", 12, "2025-02-17", "2025-02-05", "2025-02-05"),
        ("2025-09-30", 1, "2025-10-09", "2025-10-09", "2025-10-01"),
        ("2025-09-30", 12, "2025-10-23", "2025-10-13", "2025-10-12"),
        ("2026-02-13", 1, "2026-02-14", "2026-02-14", "2026-02-14"),
        ("2026-02-13", 8, "2026-03-03", "2026-02-24", "2026-02-21"),
        ("2026-02-13", 15, "2026-03-12", "2026-02-28", "2026-02-28"),
        ("2026-04-30", 5, "2026-05-11", "2026-05-06", "2026-05-05"),
        ("2026-04-30", 15, "2026-05-25", "2026-05-15", "2026-05-15"),
        ("2026-09-24", 4, "2026-10-08", "2026-09-28", "2026-09-28"),
        ("2026-09-24", 12, "2026-10-19", "2026-10-08", "2026-10-06"),
        ("2026-11-20", 1, "2026-11-23", "2026-11-23", "2026-11-21"),
        ("2026-11-20", 10, "2026-12-04", "2026-11-30", "2026-11-30"),
        ("2026-12-25", 1, "2026-12-28", "2026-12-28", "2026-12-26"),
    ]

    @Test(arguments: vectors)
    func dueDaysAreThoseOfTheNotices(
        _ start: String,
        _ count: Int,
        _ due: String,
        _ rolled: String,
        _ plain: String
    ) throws {
        let calendar = try #require(Self.calendar.value)
        let start = try #require(CivilDate(start))
        #expect(calendar.adding(workingDays: count, to: start).description == due)
        #expect(start.adding(days: count).description == plain)
        #expect(calendar.rolledForward(start.adding(days: count)).description == rolled)
    }

    @Test func hoursAndNamesAreThere() throws {
        let calendar = try #require(Self.calendar.value)
        #expect(calendar.hours == .standard)
        #expect(calendar.offDays[try #require(CivilDate("2025-10-06"))] == "中秋节")
        #expect(calendar.revision.hasPrefix("cn+"))
    }

    @Test func halfDaysAndTheMissingYearAreRead() throws {
        let half = "    halfDays: [{ date: 2026-01-05, until: \"12:00\" }]"
        let text = "missingYear: refuse\n" + Self.good + "\n" + half
        let calendar = try #require(CalendarFile.load(text: text, fileName: "c").value)
        let day = try #require(CivilDate("2026-01-05"))
        #expect(calendar.halfDays == [day: 720] && calendar.closeOfBusiness(on: day) == 720)
        #expect(calendar.missingYear == .refuse)
        #expect(try #require(Self.calendar.value).missingYear == .provisional)
    }

    private static let good = """
        name: cn
        hours: ["09:00-12:00", "13:00-17:30"]
        years:
          2026:
            source: https://example.org/notice
            offDays:
              - { name: 元旦, from: 2026-01-01, to: 2026-01-03 }
            makeupWorkdays: [2026-01-04]
        """

    @Test(arguments: [
        (
            "[2026-01-04]", "[2026-01-05]",
            "8: years.2026.makeupWorkdays[0]: 2026-01-05 is a plain weekday and works anyway"
        ),
        (
            "[2026-01-04]", "[2026-01-03]",
            "8: years.2026.makeupWorkdays[0]: 2026-01-03 is already a day off (元旦)"
        ),
        (
            "[2026-01-04]", "[2026-01-04, 2026-01-04]",
            "8: years.2026.makeupWorkdays[1]: 2026-01-04 is already a make-up working day"
        ),
        (
            "[2026-01-04]", "[]\n    halfDays: [{ date: 2026-01-04, until: \"12:00\" }]",
            "9: years.2026.halfDays[0]: 2026-01-04 is no working day"
        ),
        (
            "[2026-01-04]", "[2026-01-04]\n    halfDays: [{ date: 2026-01-04, until: \"17:30\" }]",
            "9: years.2026.halfDays[0].until: must be a time inside the office hours, is \"17:30\""
        ),
        (
            "name: cn", "name: cn\nmissingYear: guess",
            "2: missingYear: must be one of provisional, refuse, is \"guess\""
        ),
        ("[2026-01-04]", "[2025-01-04]", "8: years.2026.makeupWorkdays[0]: 2025-01-04 is not in 2026"),
        (
            "to: 2026-01-03", "to: 2026-01-33",
            "7: years.2026.offDays[0].to: must be a date YYYY-MM-DD, is \"2026-01-33\""
        ),
        ("to: 2026-01-03", "to: 2025-12-31", "7: years.2026.offDays[0].to: 2025-12-31 is not in 2026"),
        (
            "to: 2026-01-03", "to: 2026-12-31",
            "7: years.2026.offDays[0].to: must be from the first day, 2026-01-01, to 30 days after it"
        ),
        ("    source: https://example.org/notice\n", "", "5: years.2026: \"source\" is missing"),
        ("2026:\n", "year:\n", "5: years.year: must be a year from 2000 to 2200"),
        ("\"13:00-17:30\"", "\"11:00-17:30\"", "2: hours[1]: begins before the interval in front of it ends"),
        (
            "\"13:00-17:30\"", "\"17:30-13:00\"",
            "2: hours[1]: must be an interval such as 09:00-12:00, is \"17:30-13:00\""
        ),
        ("[\"09:00-12:00\", \"13:00-17:30\"]", "[]", "2: hours: names no interval"),
        (
            "years:", "closeOfBusiness: \"18:00\"\nyears:",
            "3: closeOfBusiness: must be the end of the last interval of \"hours\", is \"18:00\""
        ),
    ])
    func eachMistakeIsSaid(_ old: String, _ new: String, _ said: String) {
        let text = Self.good.replacing(old, with: new)
        #expect(CalendarFile.load(text: text, fileName: "c").problems.map(\.description) == ["c:" + said])
    }
}
