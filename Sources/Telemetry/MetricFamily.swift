import Synchronization

/// All series of one name, told apart by their label values.
package final class MetricFamily<Series: MetricSeries>: Sendable {
    /// The name with its suffix, as queries use it (`dutyclock_events_total`).
    package let name: String
    package let help: String
    package let unit: String?
    package let labelNames: [String]

    private let limit: Int
    private let make: @Sendable () -> Series
    private let dropped: @Sendable () -> Void
    private let overflow: Series
    private let series = Mutex<[[String]: Series]>([:])

    init(
        name: String,
        help: String,
        unit: String?,
        labelNames: [String],
        limit: Int,
        dropped: @escaping @Sendable () -> Void,
        make: @escaping @Sendable () -> Series
    ) {
        self.name = name
        self.help = help
        self.unit = unit
        self.labelNames = labelNames
        self.limit = limit
        self.dropped = dropped
        self.make = make
        overflow = make()
        if labelNames.isEmpty { series.withLock { $0[[]] = make() } }
    }

    /// The handle for these label values, in the order of the names; made on first use.
    ///
    /// Beyond the family's bound a new combination gets a handle that works and is never shown.
    package func callAsFunction(_ values: String...) -> Series { handle(values) }

    /// The handle for these label values.
    package func handle(_ values: [String]) -> Series {
        precondition(values.count == labelNames.count, "\(name) has the labels \(labelNames)")
        let found = series.withLock { series -> Series? in
            if let known = series[values] { return known }
            guard series.count < limit else { return nil }
            let new = make()
            series[values] = new
            return new
        }
        if let found { return found }
        dropped()
        return overflow
    }

    /// All series with their label values, in the order of these.
    package var all: [(labels: [String], series: Series)] {
        series.withLock { $0 }.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { ($0.key, $0.value) }
    }

    /// Forgets one combination, such as a partition that went to another node.
    package func remove(_ values: String...) { series.withLock { $0[values] = nil } }

    /// Forgets all combinations, before a collector sets those that still exist.
    package func removeAll() { series.withLock { $0.removeAll() } }
}

/// What the registry needs of a family, whatever its series.
protocol AnyMetricFamily: Sendable {
    var name: String { get }
    func render(into page: inout ExpositionPage)
}

extension MetricFamily: AnyMetricFamily {
    func render(into page: inout ExpositionPage) {
        let all = series.withLock { $0 }
        page.header(name: name, kind: Series.kind, help: help, unit: unit)
        for (values, series) in all.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            let labels = zip(labelNames, values).map { Label(name: $0, value: $1) }
            series.render(into: &page, name: name, labels: labels)
        }
    }
}
