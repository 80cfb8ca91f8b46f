import Foundation
import Telemetry
import Testing

@Suite struct MetricsTests {
    private func page(_ registry: MetricsRegistry, _ format: ExpositionFormat = .openMetrics) -> String {
        String(decoding: registry.render(format), as: UTF8.self)
    }

    /// The daemon's families with a number in each.
    private func filled() -> DutyclockMetrics {
        let metrics = DutyclockMetrics()
        metrics.events("accepted").add(3)
        metrics.eventLag.observe(seconds: 0.3)
        metrics.consumerLag("park.events", "0").set(12)
        metrics.commitSeconds.observe(seconds: 0.004)
        metrics.commitEvents.observe(50)
        metrics.deadlinesOpen("A22.response").set(2)
        metrics.deadlines("A22.response", "met").add()
        metrics.deadlineLateness.observe(seconds: 0.01)
        metrics.notifications("park-robot", "sent").add()
        metrics.notificationLatency("park-robot").observe(seconds: 1.5)
        metrics.outboxPending("park-robot").set(1)
        metrics.channelOpen("park-robot").set(false)
        metrics.ledger("posted").set(123_456)
        metrics.rate("on_time").set(0.75)
        metrics.configReloadSuccess.set(true)
        _ = metrics.buildInfo("1.0.0", "6.3", "2.0.2")
        metrics.clockJumps.add()
        return metrics
    }

    @Test func openMetricsPage() {
        let registry = MetricsRegistry(prefix: "t_")
        registry.counter("events_total", help: "Events by\nresult.", labels: ["result"])("a\"\\\n").add(2)
        let latency = registry.histogram("wait_seconds", help: "Wait.", unit: "seconds", bounds: [0.1, 1])
        latency().observe(seconds: 0.1)
        latency().observe(seconds: 0.5)
        latency().observe(seconds: -3)
        latency().observe(seconds: .nan)
        registry.gauge("level", help: "Level.")().set(.infinity)
        _ = registry.info("build_info", help: "Build.", labels: ["version"])("1")
        #expect(
            page(registry) == #"""
                # HELP t_metric_series_dropped Combinations of label values refused because their family was full.
                # TYPE t_metric_series_dropped counter
                # HELP t_events Events by\nresult.
                # TYPE t_events counter
                t_events_total{result="a\"\\\n"} 2
                # HELP t_wait_seconds Wait.
                # TYPE t_wait_seconds histogram
                # UNIT t_wait_seconds seconds
                t_wait_seconds_bucket{le="0.1"} 2
                t_wait_seconds_bucket{le="1.0"} 3
                t_wait_seconds_bucket{le="+Inf"} 3
                t_wait_seconds_sum 0.6
                t_wait_seconds_count 3
                # HELP t_level Level.
                # TYPE t_level gauge
                t_level +Inf
                # HELP t_build Build.
                # TYPE t_build info
                t_build_info{version="1"} 1
                # EOF

                """#
        )
    }

    @Test func everyFamilyIsThere() {
        let text = page(filled().registry)
        for name in [
            "events_total{result=\"accepted\"} 3", "event_lag_seconds_count 1",
            "kafka_consumer_lag{topic=\"park.events\",partition=\"0\"} 12.0", "commit_seconds_count 1",
            "commit_events_sum 50.0", "deadlines_open{rule=\"A22.response\"} 2.0",
            "deadlines_total{rule=\"A22.response\",outcome=\"met\"} 1", "deadline_lateness_seconds_count 1",
            "timers_overdue 0.0", "notifications_total{channel=\"park-robot\",outcome=\"sent\"} 1",
            "notification_latency_seconds_count{channel=\"park-robot\"} 1",
            "outbox_pending{channel=\"park-robot\"} 1.0", "outbox_oldest_seconds 0.0",
            "channel_open{channel=\"park-robot\"} 0.0", "ledger_fen{state=\"posted\"} 123456.0",
            "rate_ratio{name=\"on_time\"} 0.75", "config_reload_success 1.0",
            "build_info{version=\"1.0.0\",swift=\"6.3\",librdkafka=\"2.0.2\"} 1",
            "group_members_foreign 0.0", "clock_jumps_total 1",
        ] { #expect(text.contains("\ndutyclock_\(name)\n"), "\(name)") }
    }

    @Test func whatAlertsWaitForIsThereBeforeItHappens() {
        let metrics = DutyclockMetrics()
        metrics.events("rejected").add(2)
        metrics.showZeros(channels: ["hook"], rules: ["A22.response"])
        let text = page(metrics.registry)
        for name in [
            "events_total{result=\"rejected\"} 2",
            "notifications_total{channel=\"\",outcome=\"gaveUp\"} 0",
            "notifications_total{channel=\"hook\",outcome=\"failed\"} 0",
            "channel_open{channel=\"hook\"} 0.0",
            "deadlines_total{rule=\"A22.response\",outcome=\"breached\"} 0",
        ] { #expect(text.contains("\ndutyclock_\(name)\n"), "\(name)") }
    }

    @Test(arguments: [ExpositionFormat.openMetrics, .prometheus])
    func everyLineHasTheForm(format: ExpositionFormat) throws {
        let sample =
            #/[a-zA-Z_:][a-zA-Z0-9_:]*(\{[a-z_]+="([^"\\\n]|\\[n"\\])*"(,[a-z_]+="([^"\\\n]|\\[n"\\])*")*\})? \S+/#
        let header = #/\# (HELP|TYPE|UNIT) [a-zA-Z_:][a-zA-Z0-9_:]* .+/#
        var lines = page(filled().registry, format).split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.popLast() == "")
        if format == .openMetrics { #expect(lines.popLast() == "# EOF") }
        for line in lines {
            let isRight = line.wholeMatch(of: sample) != nil || line.wholeMatch(of: header) != nil
            #expect(isRight, "\(line)")
        }
    }

    @Test(.enabled(if: Promtool.path != nil, "promtool is not installed"))
    func promtoolAccepts() throws {
        let path = try #require(Promtool.path)
        let (status, output) = try Promtool.check(filled().registry.render(.prometheus), with: path)
        #expect(status == 0, "\(output)")
    }

    @Test func aFullFamilyDropsAndCounts() {
        let registry = MetricsRegistry(prefix: "t_", limit: 2)
        let family = registry.counter("x_total", help: "X.", labels: ["id"])
        for id in 0..<5 { family("\(id)").add() }
        let text = page(registry)
        #expect(text.contains("t_metric_series_dropped_total{family=\"t_x_total\"} 3\n"))
        #expect(text.components(separatedBy: "t_x_total{").count == 3)
        #expect(family("0").value == 1)
    }

    @Test func aForgottenCombinationIsGone() {
        let registry = MetricsRegistry()
        let lag = registry.gauge("lag", help: "Lag.", labels: ["partition"])
        lag("0").set(1)
        lag("1").set(1)
        lag.remove("0")
        #expect(!page(registry).contains("partition=\"0\""))
        lag.removeAll()
        #expect(!page(registry).contains("partition=\"1\""))
    }

    @Test func collectorsRunBeforeThePage() async {
        let registry = MetricsRegistry()
        let gauge = registry.gauge("depth", help: "Depth.")()
        registry.collect { gauge.set(7) }
        let text = String(decoding: await registry.scrape(), as: UTF8.self)
        #expect(text.contains("\ndepth 7.0\n"))
    }

    @Test func countersCountFromManyTasks() async {
        let counter = Counter()
        let histogram = Histogram(bounds: Histogram.durations)
        await withTaskGroup { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<10_000 {
                        counter.add()
                        histogram.observe(seconds: 1)
                    }
                }
            }
        }
        counter.add(-5)
        #expect(counter.value == 80_000)
        #expect(histogram.total == (80_000, 80_000.0))
    }

    @Test func theScraperChoosesTheFormat() {
        let modern = ExpositionFormat(accept: "application/openmetrics-text;version=1.0.0,text/plain;q=0.1")
        #expect(modern.contentType.hasPrefix("application/openmetrics-text; version=1.0.0"))
        #expect(ExpositionFormat(accept: nil).contentType == "text/plain; version=0.0.4; charset=utf-8")
    }
}

/// Debian's checker of Prometheus pages.
enum Promtool {
    static let path = ["/usr/bin/promtool", "/usr/local/bin/promtool"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    static func check(_ page: [UInt8], with path: String) throws -> (status: Int32, output: String) {
        let process = Process()
        let (input, output) = (Foundation.Pipe(), Foundation.Pipe())
        process.executableURL = URL(filePath: path)
        process.arguments = ["check", "metrics"]
        process.standardInput = input
        process.standardOutput = output
        process.standardError = output
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: page)
        try input.fileHandleForWriting.close()
        let text = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: text, as: UTF8.self))
    }
}
