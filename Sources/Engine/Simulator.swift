import Duty
import Storage
import Telemetry

/// Runs facts through the real engine on a clock that is moved by hand, without Kafka and without sending.
package final class Simulator: Sendable {
    package let clock: ManualClock
    package let engine: Engine
    private let store: any Store

    package init(store: any Store, book: RuleBook, start: Instant, observer: any CommitObserver) {
        self.store = store
        clock = ManualClock(start)
        engine = Engine(
            store: store,
            book: book,
            clock: clock,
            metrics: DutyclockMetrics(),
            observer: observer
        )
    }

    /// Begins the duties that people have by the directory, as a start of the daemon does.
    package func begin() async throws { try await engine.wake() }

    /// Takes facts as if they arrived now.
    package func feed(_ facts: [Fact]) async throws {
        try await engine.ingest(Batch(items: facts.map { .fact($0, nil) }))
        try await engine.settle()
        while try await engine.followCalendar() != nil {}
    }

    /// Moves the clock on, stopping wherever a matter has something to say.
    package func advance(to moment: Instant) async throws {
        while let next = try await store.nextWakeUp(), next <= moment {
            clock.advance(to: next)
            try await engine.wake()
        }
        clock.advance(to: moment)
    }
}
