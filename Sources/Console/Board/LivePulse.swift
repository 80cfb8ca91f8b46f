import Synchronization

/// Counts what was committed, for pages that want to know whether anything is new.
package final class LivePulse: Sendable {
    private let count = Atomic<Int64>(0)

    package init() {}

    /// Something was committed; cheap and safe from any thread.
    package func raise() { count.add(1, ordering: .releasing) }

    package var version: Int64 { count.load(ordering: .acquiring) }
}
