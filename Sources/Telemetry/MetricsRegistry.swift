import Synchronization

/// Every metric of the process, and the page that a scraper reads.
///
/// Families are declared at start; declaring a name twice is a mistake in the program and stops it.
package final class MetricsRegistry: Sendable {
    /// Something to run before a page is written: it sets gauges that are read from elsewhere.
    package typealias Collector = @Sendable () async -> Void

    private struct Contents {
        var families: [any AnyMetricFamily] = []
        var collectors: [Collector] = []
    }

    private let prefix: String
    private let limit: Int
    private let contents = Mutex(Contents())
    private let dropped: MetricFamily<Counter>

    /// Puts `prefix` before every name; a family holds at most `limit` combinations of label values.
    package init(prefix: String = "", limit: Int = 1000) {
        self.prefix = prefix
        self.limit = limit
        dropped = MetricFamily(
            name: prefix + "metric_series_dropped_total",
            help: "Combinations of label values refused because their family was full.",
            unit: nil,
            labelNames: ["family"],
            limit: limit,
            dropped: {},
            make: Counter.init
        )
        contents.withLock { $0.families.append(dropped) }
    }

    /// Declares a counter; its name ends in `_total`.
    package func counter(_ name: String, help: String, labels: [String] = []) -> MetricFamily<Counter> {
        precondition(name.hasSuffix("_total"), "a counter's name ends in _total: \(name)")
        return declare(name, help: help, unit: nil, labels: labels, make: Counter.init)
    }

    /// Declares a gauge; `unit` is the last word of its name, when that is a unit.
    package func gauge(
        _ name: String,
        help: String,
        unit: String? = nil,
        labels: [String] = []
    ) -> MetricFamily<Gauge> {
        declare(name, help: help, unit: unit, labels: labels, make: Gauge.init)
    }

    /// Declares a histogram with the bucket limits given.
    package func histogram(
        _ name: String,
        help: String,
        unit: String? = nil,
        labels: [String] = [],
        bounds: [Double] = Histogram.durations
    ) -> MetricFamily<Histogram> {
        declare(name, help: help, unit: unit, labels: labels) { Histogram(bounds: bounds) }
    }

    /// Declares facts about the program; its name ends in `_info`.
    package func info(_ name: String, help: String, labels: [String]) -> MetricFamily<Info> {
        precondition(name.hasSuffix("_info"), "an info's name ends in _info: \(name)")
        return declare(name, help: help, unit: nil, labels: labels, make: Info.init)
    }

    /// Has `collector` run before each page.
    package func collect(with collector: @escaping Collector) {
        contents.withLock { $0.collectors.append(collector) }
    }

    /// Runs the collectors, then writes the page.
    package func scrape(_ format: ExpositionFormat = .openMetrics) async -> [UInt8] {
        for collector in contents.withLock({ $0.collectors }) { await collector() }
        return render(format)
    }

    /// Writes the page from the numbers as they stand.
    package func render(_ format: ExpositionFormat = .openMetrics) -> [UInt8] {
        var page = ExpositionPage(format: format)
        for family in contents.withLock({ $0.families }) { family.render(into: &page) }
        return page.finish()
    }

    private func declare<Series: MetricSeries>(
        _ name: String,
        help: String,
        unit: String?,
        labels: [String],
        make: @escaping @Sendable () -> Series
    ) -> MetricFamily<Series> {
        let name = prefix + name
        precondition(unit.map { name.hasSuffix("_" + $0) } ?? true, "\(name) does not end in its unit")
        let family = MetricFamily(
            name: name,
            help: help,
            unit: unit,
            labelNames: labels,
            limit: limit,
            dropped: { [dropped] in dropped(name).add() },
            make: make
        )
        contents.withLock {
            precondition(!$0.families.contains { $0.name == name }, "\(name) is declared twice")
            $0.families.append(family)
        }
        return family
    }
}
