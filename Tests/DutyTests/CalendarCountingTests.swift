import Duty
import Testing

/// Counting by the notices of 2023 to 2026, with pauses, half days and years without a notice.
@Suite struct CalendarCountingTests {
    private let notices = CalendarTests.calendar

    private func day(_ text: String) throws -> CivilDate { try #require(CivilDate(text)) }

    private func calendar(
        halfDays: [CivilDate: Int] = [:],
        missingYear: WorkCalendar.MissingYear = .provisional
    ) -> WorkCalendar {
        WorkCalendar(
            offDays: notices.offDays,
            makeupDays: notices.makeupDays,
            knownYears: notices.knownYears,
            halfDays: halfDays,
            missingYear: missingYear,
            revision: "test"
        )
    }

    @Test func `The office time between a start and its end is what was added`() throws {
        var random = SeededGenerator(seed: 19)
        let early = calendar(halfDays: [try day("2026-02-14"): 12 * 60])
        for _ in 0..<300 {
            let start = Instant(seconds: Int64.random(in: 1_672_502_400..<1_790_000_000, using: &random))
            let span = Span.minutes(Int64.random(in: 0..<6_000, using: &random))
            let end = early.adding(officeTime: span, to: start)
            #expect(early.officeTime(from: start, to: end) == span, "\(start) \(span)")
            #expect(early.officeTime(from: end, to: start) == .zero)
        }
    }

    /// A start and some days on which the clock stands, at random.
    private struct Draw {
        let start: CivilDate
        let count: Int
        let paused: Set<CivilDate>

        init(_ random: inout SeededGenerator) {
            let first = CivilDate(dayNumber: 19_358)  // 2023-01-01
            start = first.adding(days: Int.random(in: 0..<1_300, using: &random))
            count = Int.random(in: 0..<25, using: &random)
            paused = Set(
                (0..<Int.random(in: 0..<12, using: &random)).map { _ in
                    first.adding(days: Int.random(in: 0..<1_360, using: &random))
                } + (1...3).map { CivilDate(dayNumber: 19_358).adding(days: 40 * $0) }
            )
        }
    }

    // MARK: Properties

    @Test func `Subtracting undoes adding, whatever days are paused`() {
        var random = SeededGenerator(seed: 11)
        for _ in 0..<500 {
            let draw = Draw(&random)
            let isPaused = { draw.paused.contains($0) }
            let start = notices.adding(workingDays: 1, to: draw.start, skipping: isPaused)
            let there = notices.adding(workingDays: draw.count, to: start, skipping: isPaused)
            #expect(
                notices.subtracting(workingDays: draw.count, from: there, skipping: isPaused) == start
            )
        }
    }

    @Test func `A later start and a longer limit never end earlier`() {
        var random = SeededGenerator(seed: 12)
        for _ in 0..<500 {
            let draw = Draw(&random)
            let due = notices.adding(workingDays: draw.count, to: draw.start)
            #expect(notices.adding(workingDays: draw.count, to: draw.start.next) >= due)
            #expect(notices.adding(workingDays: draw.count + 1, to: draw.start) > due)
            #expect(draw.count == 0 || notices.isWorkingDay(due))
        }
    }

    @Test func `A pause moves the end by the working days that it takes away`() {
        var random = SeededGenerator(seed: 13)
        for _ in 0..<500 {
            let draw = Draw(&random)
            let due = notices.adding(workingDays: draw.count, to: draw.start) { draw.paused.contains($0) }
            var lost = 0
            var date = draw.start
            while date < due {
                date = date.next
                if notices.isWorkingDay(date), draw.paused.contains(date) { lost += 1 }
            }
            #expect(due == notices.adding(workingDays: draw.count + lost, to: draw.start))
            #expect(!draw.paused.contains(due) || draw.count == 0)
        }
    }

    @Test func `The account of days ends where counting ends and leaves out no day`() {
        var random = SeededGenerator(seed: 14)
        for _ in 0..<300 {
            let draw = Draw(&random)
            let isPaused = { draw.paused.contains($0) }
            let due = notices.adding(workingDays: draw.count, to: draw.start, skipping: isPaused)
            let account = notices.account(workingDays: draw.count, from: draw.start, skipping: isPaused)
            #expect(account.last?.day.date == due)
            #expect(account.count == Int(due.dayNumber - draw.start.dayNumber) + 1)
            let counted = account.filter { if case .counted = $0.role { true } else { false } }
            #expect(counted.count == draw.count)
            #expect(counted.allSatisfy { notices.isWorkingDay($0.day.date) && !isPaused($0.day.date) })
            let natural = notices.account(naturalDays: draw.count, from: draw.start, rollsForward: true)
            let rolled = notices.rolledForward(draw.start.adding(days: draw.count))
            #expect(natural.last?.day.date == rolled)
        }
    }

    // MARK: Examples

    @Test func `Inspections have four to eight open working days in each month of 2026`() {
        let open = (1...12).map { notices.workingDays(year: 2026, month: $0, outside: 6...25) }
        #expect(open == [7, 7, 8, 7, 4, 8, 8, 7, 7, 5, 7, 8])
        #expect((1...12).reduce(0) { $0 + notices.workingDays(year: 2026, month: $1) } == 248)
    }

    @Test func `The account says what each day was`() throws {
        let paused = try day("2026-09-29")
        let account = notices.account(workingDays: 4, from: try day("2026-09-24")) { $0 == paused }
        let words = account.map { "\($0.day.date.description.dropFirst(5)) \($0.day.kind) \($0.role)" }
        #expect(
            words == [
                "09-24 workday start", "09-25 holiday(\"中秋节\") passed", "09-26 holiday(\"中秋节\") passed",
                "09-27 holiday(\"中秋节\") passed", "09-28 workday counted(1)", "09-29 workday paused",
                "09-30 workday counted(2)", "10-01 holiday(\"国庆节\") passed",
                "10-02 holiday(\"国庆节\") passed", "10-03 holiday(\"国庆节\") passed",
                "10-04 holiday(\"国庆节\") passed", "10-05 holiday(\"国庆节\") passed",
                "10-06 holiday(\"国庆节\") passed", "10-07 holiday(\"国庆节\") passed",
                "10-08 workday counted(3)", "10-09 workday counted(4)",
            ]
        )
        let rolled = notices.account(naturalDays: 5, from: try day("2026-05-04"), rollsForward: true)
        #expect(
            rolled.map { "\($0.day.kind) \($0.role)" } == [
                "holiday(\"劳动节\") start", "holiday(\"劳动节\") counted(1)", "workday counted(2)",
                "workday counted(3)", "workday counted(4)", "makeupWorkday counted(5)",
            ]
        )
        let last = notices.account(naturalDays: 2, from: try day("2026-11-19"), rollsForward: true)
        #expect(last.map(\.role) == [.start, .counted(1), .counted(2), .passed, .rolledTo])
        #expect(last[3].day.kind == .weekend)
    }

    // MARK: Half days

    @Test func `A half day closes early for office time and for limits`() throws {
        let eve = try day("2026-02-13")
        let half = calendar(halfDays: [eve: 720])
        #expect(half.officeHours(on: eve) == [540..<720])
        #expect(half.closeOfBusiness(on: eve) == 720)
        #expect(half.closeOfBusiness(on: eve.next) == 1_050)
        #expect(
            half.adding(officeTime: .hours(4), to: clock("2026-02-13T10:00:00+08:00"))
                == clock("2026-02-14T11:00:00+08:00")
        )
        #expect(CalendarDay(eve, in: half).closesEarly == 720)
    }

    @Test func `A half day can end inside an interval, and on a day off it means nothing`() throws {
        let off = try day("2026-02-16")
        let eve = try day("2026-02-13")
        let half = calendar(halfDays: [off: 720, eve: 900])
        #expect(half.officeHours(on: eve) == [540..<720, 780..<900])
        #expect(half.officeHours(on: off).isEmpty)
        #expect(half.closeOfBusiness(on: off) == 1_050)
        #expect(CalendarDay(off, in: half).closesEarly == nil)
    }

    // MARK: Years without a notice

    @Test(arguments: [
        ("2026-11-14", Int?.none), ("2026-11-15", 2027), ("2026-12-31", 2027), ("2027-01-01", 2027),
        ("2025-12-31", nil), ("2022-06-01", 2022),
    ])
    func `From 15 November on the next year is missed`(_ today: String, _ year: Int?) throws {
        #expect(notices.overdueYear(on: try day(today)) == year)
    }

    @Test func `A year without a notice has the fixed days of the statute by name`() throws {
        let new = CalendarDay(try day("2027-01-01"), in: notices)
        #expect(new.kind == .holiday("元旦") && new.isProvisional)
        #expect(CalendarDay(try day("2027-05-03"), in: notices).kind == .workday)
        #expect(CalendarDay(try day("2026-12-31"), in: notices).isProvisional == false)
    }

    @Test func `A calendar that refuses provisional dates names none`() throws {
        var desk = Desk("fine/1", at: clock("2026-12-25T10:00:00+08:00"))
        desk.calendar = calendar(missingYear: .refuse)
        desk.receive(Town.fact(.fineIssued, "issued", at: desk.now))
        let record = try #require(desk.record("A22.attribution"))
        #expect(record.dueAt == nil && record.phase == .open)
        #expect(try #require(desk.transitions.first).fields["calendarProvisional"] == true)
        desk.advance(by: .days(60))
        #expect(desk.actions("deadline.breached").isEmpty)
        var other = Desk("fine/1", at: clock("2026-11-25T10:00:00+08:00"))
        other.calendar = desk.calendar
        other.receive(Town.fact(.fineIssued, "issued", at: other.now))
        #expect(other.record("A22.attribution")?.dueAt == clock("2026-12-09T17:30:00+08:00"))
    }
}
