import Duty
import Foundation
import Testing

/// Working days against the State Council's notices and counted examples.
@Suite struct CalendarTests {
    static let calendar = load()

    private static func load() -> WorkCalendar {
        guard let years = Resource.json("cn_calendar_2023_2026")["years"]?.members else {
            Issue.record("the calendar has no years")
            return Town.calendar
        }
        var offDays: [CivilDate: String] = [:]
        var makeupDays: Set<CivilDate> = []
        for year in years {
            for day in year.value["offDays"]?.array ?? [] {
                guard let date = day["date"]?.string.flatMap({ CivilDate($0) }) else { continue }
                offDays[date] = day["name"]?.string ?? ""
            }
            for day in year.value["makeupWorkdays"]?.array ?? [] {
                if let date = day["date"]?.string.flatMap({ CivilDate($0) }) { makeupDays.insert(date) }
            }
        }
        return WorkCalendar(
            offDays: offDays,
            makeupDays: makeupDays,
            knownYears: Set(years.compactMap { Int($0.name) }),
            revision: "notices"
        )
    }

    @Test func `Each year has as many working days as its notice leaves`() throws {
        for year in try #require(Resource.json("cn_calendar_2023_2026")["years"]?.members) {
            let number = try #require(Int(year.name))
            var date = try #require(CivilDate(year: number, month: 1, day: 1))
            var count: Int64 = 0
            while date.year == number {
                if Self.calendar.isWorkingDay(date) { count += 1 }
                date = date.next
            }
            #expect(count == year.value["workdayCount"]?.integer, "\(year.name)")
        }
    }

    @Test func `Every counted example of working and natural days holds`() throws {
        let examples = try #require(Resource.json("workday_vectors").array)
        #expect(examples.count >= 22)
        for example in examples {
            let start = try #require(example["start"]?.string.flatMap { CivilDate($0) })
            let count = Int(try #require(example["workingDays"]?.integer))
            let natural = start.adding(days: count)
            #expect(
                Self.calendar.adding(workingDays: count, to: start).description == example["dueDate"]?.string
            )
            #expect(natural.description == example["naturalNoRoll"]?.string)
            #expect(Self.calendar.rolledForward(natural).description == example["naturalRollDue"]?.string)
        }
    }

    @Test func `Counting back and forth meets again on working days`() throws {
        var random = SeededGenerator(seed: 3)
        let first = try #require(CivilDate("2023-01-03"))
        for _ in 0..<500 {
            let start = Self.calendar.rolledForward(
                first.adding(days: Int.random(in: 0..<1_300, using: &random))
            )
            let count = Int.random(in: 0..<30, using: &random)
            let there = Self.calendar.adding(workingDays: count, to: start)
            #expect(Self.calendar.subtracting(workingDays: count, from: there) == start)
        }
    }

    @Test func `A year without a notice is provisional and keeps the fixed days of the statute`() throws {
        let new = try #require(CivilDate("2027-01-01"))
        #expect(new.weekday == 5 && !Self.calendar.isWorkingDay(new))
        let before = try #require(CivilDate("2026-12-28"))
        #expect(Self.calendar.isProvisional(from: before, to: new))
        #expect(!Self.calendar.isProvisional(from: before, to: before.next))
    }

    @Test(
        arguments: [
            ("2026-11-23T09:00:00+08:00", 240, "2026-11-23T14:00:00+08:00"),
            ("2026-11-23T12:00:00+08:00", 30, "2026-11-23T13:30:00+08:00"),
            ("2026-11-23T17:00:00+08:00", 60, "2026-11-24T09:30:00+08:00"),
            ("2026-11-20T17:30:00+08:00", 1, "2026-11-23T09:01:00+08:00"),
            ("2026-11-21T03:00:00+08:00", 180, "2026-11-23T12:00:00+08:00"),
            ("2026-09-20T16:30:00+08:00", 120, "2026-09-21T10:00:00+08:00"),
            ("2026-09-24T17:00:00+08:00", 60, "2026-09-28T09:30:00+08:00"),
            ("2026-11-23T08:00:00+08:00", 0, "2026-11-23T09:00:00+08:00"),
        ] as [(String, Int64, String)]
    )
    func `Office time runs inside the working hours alone`(_ start: String, _ minutes: Int64, _ due: String) {
        #expect(Self.calendar.adding(officeTime: .minutes(minutes), to: clock(start)) == clock(due))
    }

    @Test func `A decision asked for before a long holiday is due after it`() {
        var desk = Desk("fine/1", at: clock("2026-02-13T10:00:00+08:00"))
        desk.calendar = Self.calendar
        desk.receive(Town.fact(.fineIssued, "issued", at: desk.now))
        #expect(desk.record("A22.attribution")?.dueAt == clock("2026-03-05T17:30:00+08:00"))
    }

    @Test func `A due date counted into a year without a notice says so`() throws {
        var desk = Desk("fine/1", at: clock("2026-12-25T10:00:00+08:00"))
        desk.calendar = Self.calendar
        desk.receive(Town.fact(.fineIssued, "issued", at: desk.now))
        #expect(try #require(desk.transitions.first).fields["calendarProvisional"] == true)
    }
}
