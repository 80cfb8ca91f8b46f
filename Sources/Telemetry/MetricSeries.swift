import Synchronization

/// One line of numbers: a metric with its label values fixed.
///
/// A handle is obtained once and kept; using it takes no lookup.
package protocol MetricSeries: AnyObject, Sendable {
    static var kind: MetricKind { get }

    /// Appends this series' samples for the family and label values given.
    func render(into page: inout ExpositionPage, name: String, labels: [Label])
}

/// What a family counts, in the words of the exposition formats.
package enum MetricKind: String, Sendable {
    case counter, gauge, histogram, info
}

/// A label with its value.
package struct Label: Sendable {
    let name: String
    let value: String
}

/// A number that only grows.
package final class Counter: MetricSeries {
    package static let kind = MetricKind.counter
    private let total = Atomic<Int>(0)

    package init() {}

    /// Adds `count`; a negative count is ignored.
    package func add(_ count: Int = 1) {
        guard count > 0 else { return }
        total.wrappingAdd(count, ordering: .relaxed)
    }

    package var value: Int { total.load(ordering: .relaxed) }

    package func render(into page: inout ExpositionPage, name: String, labels: [Label]) {
        page.sample(name, labels: labels, integer: value)
    }
}

/// A number that goes up and down.
package final class Gauge: MetricSeries {
    package static let kind = MetricKind.gauge
    private let bits = Atomic<UInt64>(0)

    package init() {}

    package func set(_ value: Double) { bits.store(value.bitPattern, ordering: .relaxed) }

    package func set(_ value: Int) { set(Double(value)) }

    package func set(_ flag: Bool) { set(flag ? 1.0 : 0.0) }

    package var value: Double { Double(bitPattern: bits.load(ordering: .relaxed)) }

    package func render(into page: inout ExpositionPage, name: String, labels: [Label]) {
        page.sample(name, labels: labels, number: value)
    }
}

/// A constant 1 whose labels say something about the program.
package final class Info: MetricSeries {
    package static let kind = MetricKind.info

    package init() {}

    package func render(into page: inout ExpositionPage, name: String, labels: [Label]) {
        page.sample(name, labels: labels, integer: 1)
    }
}

/// Observations counted by size.
package final class Histogram: MetricSeries {
    package static let kind = MetricKind.histogram

    /// From a millisecond to ten minutes: how long work takes.
    package static let durations: [Double] = [
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 600,
    ]

    /// From ten milliseconds to a day: how far behind the world something is.
    package static let delays: [Double] = [
        0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 900, 3600, 14400, 86400,
    ]

    /// Doubling sizes of a batch.
    package static let batches: [Double] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000]

    private struct Tally {
        var counts: [Int]
        var sum = 0.0
    }

    private let bounds: [Double]
    private let tally: Mutex<Tally>

    /// `bounds` are the upper limits of the buckets, growing; the last, unlimited one is added.
    package init(bounds: [Double]) {
        self.bounds = bounds
        tally = Mutex(Tally(counts: Array(repeating: 0, count: bounds.count + 1)))
    }

    package func observe(seconds: Double) { observe(seconds) }

    /// Counts one observation.
    ///
    /// A negative one, as clocks that disagree produce, counts as zero.
    package func observe(_ value: Double) {
        guard value.isFinite else { return }
        let value = max(value, 0)
        let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
        tally.withLock {
            $0.counts[bucket] += 1
            $0.sum += value
        }
    }

    /// The number of observations, and their sum.
    package var total: (count: Int, sum: Double) {
        tally.withLock { ($0.counts.reduce(0, +), $0.sum) }
    }

    package func render(into page: inout ExpositionPage, name: String, labels: [Label]) {
        let tally = tally.withLock { $0 }
        var running = 0
        for (index, count) in tally.counts.enumerated() {
            running += count
            let bound = index < bounds.count ? bounds[index] : Double.infinity
            let limit = Label(name: "le", value: ExpositionPage.text(bound))
            page.sample(name + "_bucket", labels: labels + [limit], integer: running)
        }
        page.sample(name + "_sum", labels: labels, number: tally.sum)
        page.sample(name + "_count", labels: labels, integer: running)
    }
}
