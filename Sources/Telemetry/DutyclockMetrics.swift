/// The daemon's metrics, each declared once.
///
/// The names are public: dashboards and alert rules are written against them.
package struct DutyclockMetrics: Sendable {
    package let registry: MetricsRegistry

    /// Events by what became of them: `accepted`, `duplicate`, `rejected`, `skipped`, `parked`.
    package let events: MetricFamily<Counter>
    /// From an event's own time to its commit.
    package let eventLag: Histogram
    /// Records between the committed offset and the partition's end.
    package let consumerLag: MetricFamily<Gauge>
    /// How long a commit took.
    package let commitSeconds: Histogram
    /// How many events a commit held.
    package let commitEvents: Histogram
    /// Commits that failed; what they held is read again.
    package let commitFailures: Counter
    package let deadlinesOpen: MetricFamily<Gauge>
    /// Deadlines that came to an end, by rule and outcome.
    package let deadlines: MetricFamily<Counter>
    /// From the due moment to the moment the breach was recorded.
    package let deadlineLateness: Histogram
    /// 1 while `/readyz` says yes.
    package let ready: Gauge
    /// Wake-ups whose moment has passed.
    package let timersOverdue: Gauge
    package let notifications: MetricFamily<Counter>
    /// From the event's arrival, or from the decision where time alone caused the message, to the provider's yes.
    package let notificationLatency: MetricFamily<Histogram>
    package let outboxPending: MetricFamily<Gauge>
    /// The age of the oldest notification not yet sent.
    package let outboxOldest: Gauge
    /// 1 while a channel's circuit breaker keeps sends back.
    package let channelOpen: MetricFamily<Gauge>
    package let ledger: MetricFamily<Gauge>
    /// The supervisors' rates, 0 to 1.
    package let rate: MetricFamily<Gauge>
    /// The supervisors' rates that are times: the median and the ninth decile of what was done.
    package let rateSeconds: MetricFamily<Gauge>
    /// Whom nobody would hear of, by kind, and by one channel alone.
    package let unreachable: MetricFamily<Gauge>
    /// 0 after a configuration was refused, 1 after one was taken.
    package let configReloadSuccess: Gauge
    /// 1 while everything is decided and recorded and nothing is sent.
    package let shadow: Gauge
    package let buildInfo: MetricFamily<Info>
    /// Members of the consumer group that are not this program.
    package let groupMembersForeign: Gauge
    package let clockJumps: Counter
    /// 1 while the calendar lacks a notice that should be there.
    package let calendarNoticeMissing: Gauge

    /// Calls of `/a/{token}` that were turned away, by reason.
    package let linkRejected: MetricFamily<Counter>
    /// Replies to text messages by what became of them.
    package let replies: MetricFamily<Counter>

    /// Declares all families in `registry`, whose prefix is the program's.
    package init(registry: MetricsRegistry = MetricsRegistry(prefix: "dutyclock_")) {
        self.registry = registry
        events = registry.counter("events_total", help: "Events by result.", labels: ["result"])
        eventLag = registry.histogram(
            "event_lag_seconds",
            help: "From an event's own time to its commit.",
            unit: "seconds",
            bounds: Histogram.delays
        )()
        consumerLag = registry.gauge(
            "kafka_consumer_lag",
            help: "Records between the stored offset and the end of the partition.",
            labels: ["topic", "partition"]
        )
        commitSeconds = registry.histogram(
            "commit_seconds",
            help: "Duration of a commit to the store.",
            unit: "seconds"
        )()
        commitEvents = registry.histogram(
            "commit_events",
            help: "Events in a commit.",
            unit: "events",
            bounds: Histogram.batches
        )()
        commitFailures = registry.counter(
            "commit_failures_total",
            help: "Commits that failed and are made up for."
        )()
        deadlinesOpen = registry.gauge("deadlines_open", help: "Deadlines now running.", labels: ["rule"])
        deadlines = registry.counter(
            "deadlines_total",
            help: "Deadlines that ended, by outcome.",
            labels: ["rule", "outcome"]
        )
        deadlineLateness = registry.histogram(
            "deadline_lateness_seconds",
            help: "From the due moment to the record of the breach.",
            unit: "seconds"
        )()
        ready = registry.gauge("ready", help: "1 while /readyz answers 200, else 0.")()
        timersOverdue = registry.gauge("timers_overdue", help: "Wake-ups whose moment has passed.")()
        notifications = registry.counter(
            "notifications_total",
            help: "Notifications by channel and outcome.",
            labels: ["channel", "outcome"]
        )
        notificationLatency = registry.histogram(
            "notification_latency_seconds",
            help: "From the event's arrival, or the decision where time caused it, to the provider's yes.",
            unit: "seconds",
            labels: ["channel"]
        )
        outboxPending = registry.gauge(
            "outbox_pending",
            help: "Notifications waiting to be sent.",
            labels: ["channel"]
        )
        outboxOldest = registry.gauge(
            "outbox_oldest_seconds",
            help: "Age of the oldest notification waiting to be sent.",
            unit: "seconds"
        )()
        channelOpen = registry.gauge(
            "channel_open",
            help: "1 while the circuit breaker of the channel is open.",
            labels: ["channel"]
        )
        ledger = registry.gauge(
            "ledger_fen",
            help: "Amounts in the ledger by state, in fen.",
            unit: "fen",
            labels: ["state"]
        )
        rate = registry.gauge(
            "rate_ratio",
            help: "Rates that supervisors look at, 0 to 1.",
            unit: "ratio",
            labels: ["name"]
        )
        rateSeconds = registry.gauge(
            "rate_seconds",
            help: "Rates that supervisors look at and that are times: median and ninth decile.",
            unit: "seconds",
            labels: ["name"]
        )
        unreachable = registry.gauge(
            "unreachable",
            help: "Roles, enterprises and steps that reach nobody, or by one channel only.",
            labels: ["kind"]
        )
        configReloadSuccess = registry.gauge(
            "config_reload_success",
            help: "1 when the last configuration read was valid, else 0."
        )()
        shadow = registry.gauge(
            "shadow",
            help: "1 while everything is decided and recorded and nothing is sent, else 0."
        )()
        buildInfo = registry.info(
            "build_info",
            help: "Versions of the program and what it was built with.",
            labels: ["version", "swift", "librdkafka"]
        )
        groupMembersForeign = registry.gauge(
            "group_members_foreign",
            help: "Members of the consumer group that are another program."
        )()
        linkRejected = registry.counter(
            "link_rejected_total",
            help: "Calls with a link to answer that were turned away.",
            labels: ["reason"]
        )
        replies = registry.counter(
            "replies_total",
            help: "Replies to text messages by what became of them.",
            labels: ["result"]
        )
        clockJumps = registry.counter("clock_jumps_total", help: "Jumps of the wall clock noticed.")()
        calendarNoticeMissing = registry.gauge(
            "calendar_notice_missing",
            help: "1 while the calendar lacks this year's holiday notice or, from 15 November, the next."
        )()
    }
}
