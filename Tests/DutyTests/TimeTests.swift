import Duty
import Testing

/// RFC 3339 times and civil dates.
@Suite struct TimeTests {
    @Test(arguments: [
        ("2026-11-23T14:05:00+08:00", "2026-11-23T06:05:00.000Z"),
        ("2026-11-23T06:05:00Z", "2026-11-23T06:05:00.000Z"),
        ("2026-11-23t06:05:00z", "2026-11-23T06:05:00.000Z"),
        ("2026-11-23 06:05:00Z", "2026-11-23T06:05:00.000Z"),
        ("2026-11-23T06:05:00-05:30", "2026-11-23T11:35:00.000Z"),
        ("2026-01-01T00:00:00+23:59", "2025-12-31T00:01:00.000Z"),
        ("2024-02-29T23:59:59Z", "2024-02-29T23:59:59.000Z"),
        ("2000-02-29T00:00:00Z", "2000-02-29T00:00:00.000Z"),
        ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000Z"),
        ("1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z"),
        ("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999Z"),
        ("2026-11-23T06:05:00.1Z", "2026-11-23T06:05:00.100Z"),
        ("2026-11-23T06:05:00.000000999999999Z", "2026-11-23T06:05:00.000Z"),
        ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59.000Z"),
        ("2026-11-23T06:05:00-00:00", "2026-11-23T06:05:00.000Z"),
    ])
    func `A time with an offset is read`(_ text: String, _ expected: String) {
        #expect(Instant(rfc3339: text)?.rfc3339 == expected)
    }

    @Test(arguments: [
        "", " ", "2026-11-23", "2026-11-23T14:05:00", "2026-11-23T14:05+08:00", "2026-11-23T24:00:00Z",
        "2026-11-23T14:60:00Z", "2026-11-23T14:05:61Z", "2026-02-29T00:00:00Z", "2100-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-04-31T00:00:00Z", "2026-11-00T00:00:00Z",
        "0000-01-01T00:00:00Z", "2026-11-23T14:05:00.Z", "2026-11-23T14:05:00,5Z", "2026-11-23T14:05:00+8:00",
        "2026-11-23T14:05:00+0800", "2026-11-23T14:05:00+24:00", "2026-11-23T14:05:00+08:60",
        "2026-11-23T14:05:00Z ", " 2026-11-23T14:05:00Z", "2026-11-23T14:05:00ZZ", "2026/11/23T14:05:00Z",
        "２０２６-11-23T14:05:00Z", "-026-11-23T14:05:00Z", "+2026-11-23T14:05:00Z", "12026-11-23T14:05:00Z",
        "2026-11-23T14:05:00\u{0}Z", "yesterday", "1700000000", "2026-W47-1T00:00:00Z",
    ])
    func `Anything else is no time`(_ text: String) {
        #expect(Instant(rfc3339: text) == nil)
    }

    @Test func `Every front part of a time is no time`() {
        let text = "2026-11-23T14:05:00.123+08:00"
        for length in 0..<text.count { #expect(Instant(rfc3339: String(text.prefix(length))) == nil) }
    }

    @Test func `A written time reads back as itself`() {
        var random = SeededGenerator(seed: 1)
        for _ in 0..<2_000 {
            let moment = Instant(
                milliseconds: Int64.random(in: -62_135_596_800_000...253_402_300_799_999, using: &random)
            )
            #expect(Instant(rfc3339: moment.rfc3339) == moment)
        }
    }

    @Test func `The county's clock is eight hours ahead`() {
        #expect(clock("2026-11-23T16:30:00Z").local == "2026-11-24 00:30:00")
        #expect(CivilDate(clock("2026-11-23T15:59:59Z")).description == "2026-11-23")
        #expect(CivilDate(clock("2026-11-23T16:00:00Z")).description == "2026-11-24")
        #expect(CivilDate(clock("1969-12-31T15:59:59Z")).description == "1969-12-31")
    }

    @Test func `Days follow each other through four hundred years, each the right day of the week`() throws {
        var date = try #require(CivilDate("1901-01-01"))
        var count = 0
        for year in 1901...2300 {
            let isLeap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0)
            for (month, usual) in [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31].enumerated() {
                for day in 1...(month == 1 && isLeap ? 29 : usual) {
                    if date.parts != (year, month + 1, day) || date.weekday != (count + 1) % 7 + 1 {
                        Issue.record("\(year)-\(month + 1)-\(day) is \(date), weekday \(date.weekday)")
                    }
                    count += 1
                    date = date.next
                }
            }
        }
        #expect(count == 146_097)
    }

    @Test func `A day begins at midnight of the county and is the day of its own start`() throws {
        let date = try #require(CivilDate("2024-02-29"))
        #expect(date.start.rfc3339 == "2024-02-28T16:00:00.000Z")
        #expect(CivilDate(date.start) == date)
        #expect(CivilDate(date.start - Span(microseconds: 1)).next == date)
    }

    @Test(arguments: [
        "2026-02-29", "2026-1-01", "20260101", "2026-01-01T00:00:00Z", "2026-01-32", "", "2026-00-10",
        "0000-01-01",
    ])
    func `What is no date is refused`(_ text: String) {
        #expect(CivilDate(text) == nil)
    }

    @Test(
        arguments: [
            (0, "0.00"), (1, "0.01"), (99, "0.99"), (100, "1.00"), (-1, "-0.01"), (-100, "-1.00"),
            (99_999, "999.99"),
            (100_000, "1,000.00"), (1_234_567, "12,345.67"), (100_000_000, "1,000,000.00"),
            (-123_456_789, "-1,234,567.89"), (Int64.max, "92,233,720,368,547,758.07"),
            (Int64.min, "-92,233,720,368,547,758.08"),
        ] as [(Int64, String)]
    )
    func `Fen are written as yuan`(_ amount: Int64, _ text: String) {
        #expect(Fen(amount).yuan == text)
    }
}
