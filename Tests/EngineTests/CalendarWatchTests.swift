import Duty
import Telemetry
import Testing

@testable import Engine

/// Word of a holiday notice that should be there.
@Suite struct CalendarWatchTests {
    @Test func aMissingNoticeIsSaidOnceADay() throws {
        let file = LogFile()
        let metrics = DutyclockMetrics()
        let rules = RulesInForce(try Shipped.book())
        var watch = CalendarWatch(rules: rules, log: file.log, metrics: metrics)
        watch.check(now: instant("2026-11-14T23:59:59+08:00"))
        #expect(try file.lines().isEmpty)
        #expect(metrics.calendarNoticeMissing.value == 0)
        for time in ["2026-11-15T00:00:00", "2026-11-15T12:00:00", "2026-11-16T08:00:00"] {
            watch.check(now: instant(time + "+08:00"))
        }
        #expect(try file.lines().map { $0["duty.year"] } == [2027, 2027])
        #expect(try file.lines().allSatisfy { $0["log.level"] == "warn" })
        #expect(metrics.calendarNoticeMissing.value == 1)
    }
}
