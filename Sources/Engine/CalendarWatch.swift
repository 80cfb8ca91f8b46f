import Duty
import Telemetry

/// Says once a day that the notice of a year is missing from the calendar.
struct CalendarWatch {
    let rules: RulesInForce
    let log: LogWriter
    let metrics: DutyclockMetrics
    private var saidOn: CivilDate?

    init(rules: RulesInForce, log: LogWriter, metrics: DutyclockMetrics) {
        self.rules = rules
        self.log = log
        self.metrics = metrics
    }

    mutating func check(now: Instant) {
        let today = CivilDate(now)
        let calendar = rules.book.calendar
        let missing = calendar.overdueYear(on: today)
        metrics.calendarNoticeMissing.set(missing != nil)
        guard let missing, saidOn != today else { return }
        saidOn = today
        log.write(
            level: .warn,
            message: "the calendar lacks the holiday notice of a year",
            fields: [
                ("duty.year", .int(Int64(missing))),
                ("duty.calendar_revision", .string(calendar.revision)),
            ]
        )
    }
}
