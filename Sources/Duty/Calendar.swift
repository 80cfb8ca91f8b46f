/// The working days of the county: the State Council's yearly notices as data, Monday to Friday elsewhere.
package struct WorkCalendar: Sendable, Hashable {
    /// Days off by notice, with the holiday's name, empty where it is not known.
    package private(set) var offDays: [CivilDate: String]
    /// Saturdays and Sundays that are working days by notice.
    package private(set) var makeupDays: Set<CivilDate>
    /// Years whose notice is loaded; a working day counted in any other year is provisional.
    package private(set) var knownYears: Set<Int>
    package let hours: OfficeHours
    /// Working days on which the office closes early, with the minute after midnight at which it does.
    package let halfDays: [CivilDate: Int]
    package let missingYear: MissingYear
    /// Names the data, so that a figure can say what it was counted by.
    package private(set) var revision: String
    private var table = WorkingDayTable()

    package init(
        offDays: [CivilDate: String],
        makeupDays: Set<CivilDate>,
        knownYears: Set<Int>,
        hours: OfficeHours = .standard,
        halfDays: [CivilDate: Int] = [:],
        missingYear: MissingYear = .provisional,
        revision: String
    ) {
        self.offDays = offDays
        self.makeupDays = makeupDays
        self.knownYears = knownYears
        self.hours = hours
        self.halfDays = halfDays
        self.missingYear = missingYear
        self.revision = revision
        table = WorkingDayTable(self)
    }

    /// Working hours of a working day, in minutes after midnight.
    package struct OfficeHours: Sendable, Hashable {
        package let intervals: [Range<Int>]
        /// The end of the last interval, where a day limit ends (Civil Code 203 II).
        package var closeOfBusiness: Int { intervals.last?.upperBound ?? 1_050 }

        package init(intervals: [Range<Int>]) { self.intervals = intervals }
        /// 09:00–12:00 and 13:00–17:30.
        package static let standard = OfficeHours(intervals: [540..<720, 780..<1_050])
    }

    /// What to do about a due date in a year without a notice.
    package enum MissingYear: String, Sendable, Hashable, CaseIterable {
        /// Count by weekdays and the fixed days of the statute, and say that the date is provisional.
        case provisional
        /// Name no date before the notice is there.
        case refuse
    }

    /// Fixed statutory days off of 放假办法 (2024), month and day, the fall-back for a year without a notice.
    static let fixedStatutoryDays = [
        101: "元旦", 501: "劳动节", 502: "劳动节", 1001: "国庆节", 1002: "国庆节", 1003: "国庆节",
    ]

    /// The calendar with each of `years` in the place of what it had for that year.
    ///
    /// A notice has no names for its days: where this calendar has one, it stays. Half days are the county's
    /// own and stay as well.
    package func replacing(_ years: [PublishedYear]) -> WorkCalendar {
        var calendar = self
        for notice in years.sorted(by: { $0.year < $1.year }) {
            calendar.offDays = calendar.offDays.filter { $0.key.year != notice.year }
            calendar.makeupDays = calendar.makeupDays.filter { $0.year != notice.year }
            for day in notice.offDays { calendar.offDays[day] = offDays[day] ?? "" }
            calendar.makeupDays.formUnion(notice.makeupDays)
            calendar.knownYears.insert(notice.year)
            calendar.revision += "+" + notice.name
        }
        calendar.table = WorkingDayTable(calendar)
        return calendar
    }

    // MARK: Days

    package func isWorkingDay(_ date: CivilDate) -> Bool { table[date] ?? isWorkingDayByNotice(date) }

    fileprivate func isWorkingDayByNotice(_ date: CivilDate) -> Bool {
        if makeupDays.contains(date) { return true }
        if offDays[date] != nil || date.weekday > 5 { return false }
        let (year, month, day) = date.parts
        return knownYears.contains(year) || WorkCalendar.fixedStatutoryDays[month * 100 + day] == nil
    }

    /// The first working day after `date`.
    package func workingDay(after date: CivilDate) -> CivilDate {
        var day = date.next
        while !isWorkingDay(day) { day = day.next }
        return day
    }

    /// `date` itself if it is a working day, else the next one (Civil Code 203 I).
    package func rolledForward(_ date: CivilDate) -> CivilDate {
        isWorkingDay(date) ? date : workingDay(after: date)
    }

    // MARK: Hours

    /// When the office is open on a day, in minutes after midnight; empty on a day off.
    package func officeHours(on date: CivilDate) -> [Range<Int>] {
        guard isWorkingDay(date) else { return [] }
        guard let end = halfDays[date] else { return hours.intervals }
        return hours.intervals.map { $0.clamped(to: 0..<end) }.filter { !$0.isEmpty }
    }

    /// Where a limit that ends on `date` ends at close of business, in minutes after midnight.
    package func closeOfBusiness(on date: CivilDate) -> Int {
        officeHours(on: date).last?.upperBound ?? hours.closeOfBusiness
    }

    // MARK: Years without a notice

    /// Whether counting from `first` to `last` touches a year without a notice.
    package func isProvisional(from first: CivilDate, to last: CivilDate) -> Bool {
        (first.year...max(first.year, last.year)).contains { !knownYears.contains($0) }
    }

    /// The year whose notice should be there on `today` and is not: the running one, and from 15 November on,
    /// when notices usually are out, the next.
    package func overdueYear(on today: CivilDate) -> Int? {
        let (year, month, day) = today.parts
        if !knownYears.contains(year) { return year }
        return (month, day) >= (11, 15) && !knownYears.contains(year + 1) ? year + 1 : nil
    }
}

/// The answers for every day of the years that have a notice, because limits are counted day by day.
private struct WorkingDayTable: Sendable, Hashable {
    private let first: Int64
    private let isWorking: [Bool]

    /// More years than that have no table.
    private static let longest = 50

    /// Knows nothing.
    init() { self.init(first: 0, isWorking: []) }

    init(_ calendar: WorkCalendar) {
        guard let from = calendar.knownYears.min(), let to = calendar.knownYears.max(),
            to - from < Self.longest,
            let begin = CivilDate(year: from, month: 1, day: 1),
            let end = CivilDate(year: to, month: 12, day: 31)
        else {
            self.init()
            return
        }
        let days = begin.dayNumber...end.dayNumber
        self.init(
            first: begin.dayNumber,
            isWorking: days.map { calendar.isWorkingDayByNotice(CivilDate(dayNumber: $0)) }
        )
    }

    private init(first: Int64, isWorking: [Bool]) { (self.first, self.isWorking) = (first, isWorking) }

    /// Nil outside those years.
    subscript(date: CivilDate) -> Bool? {
        let index = date.dayNumber - first
        return isWorking.indices.contains(Int(index)) ? isWorking[Int(index)] : nil
    }
}
