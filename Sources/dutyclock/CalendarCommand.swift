import ArgumentParser
import Delivery
import Duty
import DutyConfig

/// The command `dutyclock calendar`.
struct CalendarCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calendar",
        abstract: "列出工作日,或逐日说明到期日。 List working days, or account for a due date day by day.",
        discussion: """
            只看日历文件;由事件公布的年份以运行中的服务为准。
            Reads the calendar file; years that events have published are known to the daemon alone.
            """
    )

    @Option(help: "年份 the year to list; without it, all years of the file")
    var year: Int?

    @Option(help: "起算日 the day on which a limit begins")
    var from: String?

    @Option(help: "工作日数 count so many working days")
    var workingDays: Int?

    @Option(help: "自然日数,末日顺延 count so many natural days, the last rolls forward")
    var naturalDays: Int?

    @Option(help: "停计区间,如 2026-11-24/2026-11-26 the clock stands from one day until another; repeatable")
    var pause: [String] = []

    @Option(help: "每月不计的日子,如 6-25 days of the month to leave out when counting what is open")
    var closed: String?

    @OptionGroup var file: ConfigurationOption

    @Flag(name: .long, help: "输出 JSON print JSON, one object a day")
    var json = false

    func validate() throws {
        guard (from == nil) == (workingDays == nil && naturalDays == nil),
            workingDays == nil || naturalDays == nil
        else {
            throw ValidationError(
                "--from 须与 --working-days、--natural-days 之一同用 --from goes with one of --working-days and --natural-days"
            )
        }
        guard year == nil || from == nil else {
            throw ValidationError("--year 不能与 --from 同用 --year does not go with --from")
        }
        guard [workingDays, naturalDays].allSatisfy({ (0...1_000).contains($0 ?? 0) }) else {
            throw ValidationError("天数须在 0 到 1000 之间 the number of days must be from 0 to 1000")
        }
        guard (1...9_998).contains(year ?? 1) else {
            throw ValidationError("--year 须在 1 到 9998 之间 --year must be from 1 to 9998")
        }
        _ = try (start, pauses, closedDays)
    }

    func run() throws {
        let pages = CalendarPages(calendar: try calendar())
        guard let start = try start else {
            let years = year.map { [$0] } ?? pages.calendar.knownYears.sorted()
            for year in years { list(pages, year, try closedDays) }
            return
        }
        let days = try account(pages.calendar, start)
        for day in days { Process.writeOutput((json ? pages.json(day) : pages.text(day)) + "\n") }
        if !json { Process.writeOutput(pages.due(days) + "\n") }
    }

    /// Nothing but the calendar has to be right.
    private func calendar() throws -> WorkCalendar {
        let main = DutyclockConfiguration.load(
            path: file.path,
            environment: Process.environment,
            channelTypes: ChannelTypes.all.map(\.schema)
        )
        guard let path = main.partial?.calendar, !path.isEmpty else {
            throw Problems(main.problems, main.partial?.locale ?? .ofEnvironment).failure
        }
        let loaded = CalendarFile.load(path: path)
        guard let calendar = loaded.value, loaded.problems.isEmpty else {
            throw Problems(loaded.problems, main.partial?.locale ?? .ofEnvironment).failure
        }
        return calendar
    }

    private func list(_ pages: CalendarPages, _ year: Int, _ closed: ClosedRange<Int>?) {
        let lines = json ? pages.days(year).map(pages.json) : pages.summary(year, closed: closed)
        for line in lines { Process.writeOutput(line + "\n") }
    }

    private func account(_ calendar: WorkCalendar, _ start: CivilDate) throws -> [CountedDay] {
        if let naturalDays {
            return calendar.account(naturalDays: naturalDays, from: start, rollsForward: true)
        }
        let pauses = try pauses
        return calendar.account(workingDays: workingDays ?? 0, from: start) { day in
            pauses.contains { $0.contains(day) }
        }
    }

    // MARK: Arguments

    private var start: CivilDate? {
        get throws { try from.map { try Self.date($0) } }
    }

    /// The day of the pause stands still, the day of the resumption counts again.
    private var pauses: [Range<CivilDate>] {
        get throws {
            try pause.map { text in
                let ends = try text.split(separator: "/", omittingEmptySubsequences: false).map {
                    try Self.date(String($0))
                }
                // Counting goes through each day of a pause, so that it has to have an end worth waiting for.
                guard ends.count == 2, ends[0] <= ends[1], ends[1] <= ends[0].adding(days: 3_660) else {
                    throw ValidationError(
                        "--pause 须是用 / 隔开的两个日期 --pause wants two days with / between them, is \(text)"
                    )
                }
                return ends[0]..<ends[1]
            }
        }
    }

    private var closedDays: ClosedRange<Int>? {
        get throws {
            guard let closed else { return nil }
            let ends = closed.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
            guard ends.count == 2, ends[0] >= 1, ends[0] <= ends[1], ends[1] <= 31 else {
                throw ValidationError(
                    "--closed 须是 6-25 这样的两个日子 --closed wants two days of the month such as 6-25, is \(closed)"
                )
            }
            return ends[0]...ends[1]
        }
    }

    private static func date(_ text: String) throws -> CivilDate {
        guard let date = CivilDate(text) else {
            throw ValidationError("须是日期 YYYY-MM-DD must be a date YYYY-MM-DD, is \(text)")
        }
        return date
    }
}
