import Duty
import Testing

@Suite struct PeriodTests {
    @Test(arguments: [
        ("2026-01-01", "2026-Q1", "2026-01-01", "2026-03-31"),
        ("2026-03-31", "2026-Q1", "2026-01-01", "2026-03-31"),
        ("2026-05-15", "2026-Q2", "2026-04-01", "2026-06-30"),
        ("2026-09-30", "2026-Q3", "2026-07-01", "2026-09-30"),
        ("2026-12-31", "2026-Q4", "2026-10-01", "2026-12-31"),
        ("2028-02-29", "2028-Q1", "2028-01-01", "2028-03-31"),
    ])
    func `A quarter is a calendar quarter`(
        _ day: String,
        _ name: String,
        _ first: String,
        _ last: String
    )
        throws
    {
        let period = Period(.quarter, containing: try #require(CivilDate(day)))
        #expect(period.description == name)
        #expect(period.firstDay.description == first && period.lastDay.description == last)
    }

    @Test func `A period begins and ends at midnight in the county`() throws {
        let quarter = Period(.quarter, containing: try #require(CivilDate("2026-11-23")))
        #expect(quarter.start == clock("2026-10-01T00:00:00+08:00"))
        #expect(quarter.end == clock("2027-01-01T00:00:00+08:00"))
        #expect(Period(.year, containing: quarter.firstDay).end == quarter.end)
        // By UTC it is still the last day of September.
        let early = CivilDate(clock("2026-10-01T07:59:59+08:00"))
        #expect(Period(.quarter, containing: early) == quarter)
    }

    @Test(arguments: [Period.Length.quarter, .year])
    func `Periods follow each other without a gap`(_ length: Period.Length) throws {
        var period = Period(length, containing: try #require(CivilDate("2023-02-10")))
        var day = period.firstDay
        while day.year < 2033 {
            if !period.contains(day) {
                #expect(period.next.firstDay == day && period.next.previous == period)
                #expect(period < period.next)
                period = period.next
            }
            #expect(period == Period(length, containing: day))
            day = day.next
        }
    }
}
