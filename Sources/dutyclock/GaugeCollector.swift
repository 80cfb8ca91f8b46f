import Delivery
import Duty
import Engine
import Kafka
import Storage
import Telemetry

/// Sets the gauges that are read from elsewhere, when somebody looks.
///
/// What needs all matters is never counted here: the store keeps those sums with its commits.
struct GaugeCollector: Sendable {
    let store: any Store
    let metrics: DutyclockMetrics
    let clock: any WallClock
    let consumer: KafkaConsumer
    let dispatcher: Dispatcher
    /// All that are configured.
    let channels: [String]
    let rules: RulesInForce
    let isReady: @Sendable () async -> Bool

    func collect() async {
        let now = clock.now()
        metrics.ready.set(await isReady())
        if let statistics = try? await store.statistics(now: now) {
            metrics.timersOverdue.set(Double(statistics.overdueWakeUps))
            let age = statistics.oldestPending.map { max(0, (now - $0).seconds) } ?? 0
            metrics.outboxOldest.set(Double(age))
            set(statistics.supervision, on: CivilDate(now))
            await setPending(statistics.pending)
        }
        for (partition, lag) in consumer.lag() {
            metrics.consumerLag(partition.topic, "\(partition.partition)").set(Double(lag))
        }
    }

    private func set(_ figures: Figures, on today: CivilDate) {
        metrics.deadlinesOpen.removeAll()
        for (rule, count) in figures.openByRule { metrics.deadlinesOpen(rule.text).set(Double(count)) }
        for rate in rules.book.current.rates {
            let value = rate.value(figures, on: today)
            if rate.isShare {
                set(metrics.rate, rate.name, value.ratio)
            } else if rate.isTime {
                set(metrics.rateSeconds, rate.name, value.whole > 0 ? Double(value.part * 60) : nil)
            }
        }
        metrics.ledger("posted").set(Double(figures.postedFen))
        metrics.ledger("held").set(Double(figures.heldFen))
        metrics.ledger("settled").set(Double(figures.settledFen))
    }

    /// Of nothing there is no rate, and no series.
    private func set(_ family: MetricFamily<Gauge>, _ name: String, _ value: Double?) {
        if let value { family(name).set(value) } else { family.remove(name) }
    }

    /// A series for each channel that is configured; what none of them will take has an empty name.
    private func setPending(_ pending: [StoreStatistics.Pending]) async {
        var counts = Dictionary(uniqueKeysWithValues: (channels + [""]).map { ($0, Int64(0)) })
        for group in pending {
            let first = await dispatcher.channels(of: group.messageClass).first
            let channel = group.channel ?? first ?? ""
            counts[counts[channel] == nil ? "" : channel, default: 0] += group.count
        }
        for (channel, count) in counts { metrics.outboxPending(channel).set(Double(count)) }
    }
}
