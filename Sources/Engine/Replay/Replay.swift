import Duty
import Storage

/// What a stretch of the past would have come to under some rules: the engine's own decisions on a virtual clock.
///
/// Each event is taken at the moment of its arrival, and every wake-up at its own moment, as they would have been.
package struct Replay: Sendable {
    private let book: RuleBook
    private let input: ReplayInput
    private let end: Instant
    private let store = MemoryStore()

    /// - Parameters:
    ///   - book: The rules; every matter is opened under its current policy.
    ///   - input: What arrived.
    ///   - end: How far the clock goes; what arrived later is left out. Nil: to the last arrival.
    package init(book: RuleBook, input: ReplayInput, until end: Instant? = nil) {
        self.book = book
        self.input = input
        self.end = end ?? input.facts.last?.receivedAt ?? .distantPast
    }

    /// Most events of one moment in one turn.
    private static let batchSize = 2_000
    private static let wakeUpsAtOnce = 2_000

    /// Runs all of it; `progress` is told now and then how many events have been taken.
    package func run(progress: @Sendable (Int) -> Void = { _ in }) async throws -> ReplayReport {
        var run = Run(
            store: store,
            processor: Processor(store: store, book: book),
            tally: ReplayTally(input)
        )
        let facts = input.facts.prefix { $0.receivedAt <= end }
        run.tally.leftOut = input.facts.count - facts.count
        if let first = facts.first { try await run.begin(at: first.receivedAt) }
        var index = facts.startIndex
        var announced = 0
        while index < facts.endIndex {
            let moment = facts[index].receivedAt
            try await run.wake(until: moment, limit: Self.wakeUpsAtOnce)
            let last = min(facts.endIndex, index + Self.batchSize)
            let next = facts[index..<last].firstIndex { $0.receivedAt != moment } ?? last
            try await run.take(facts[index..<next], at: moment)
            index = next
            if index - announced >= 1_000 {
                announced = index
                progress(index)
            }
        }
        if !facts.isEmpty { try await run.wake(until: end, limit: Self.wakeUpsAtOnce) }
        progress(input.facts.count)
        return ReplayReport(
            tally: run.tally,
            matters: store.all(),
            policy: book.current,
            calendar: run.processor.book.calendar,
            from: facts.first?.receivedAt,
            until: end
        )
    }

    /// A replay on its way.
    private struct Run {
        let store: MemoryStore
        var processor: Processor
        var tally: ReplayTally

        mutating func begin(at moment: Instant) async throws {
            try await keep(try await processor.prepareStandingDuties(now: moment))
        }

        mutating func take(_ facts: ArraySlice<Fact>, at moment: Instant) async throws {
            let batch = Batch(items: facts.map { .fact($0, nil) })
            while true {
                do {
                    try await keep(try await processor.prepare(batch, now: moment))
                    break
                } catch StoreError.duplicateEvents(let keys) {
                    // Known under another matter: refused when the batch is read again, as in the daemon.
                    processor.reset()
                    processor.foreignDuplicates.formUnion(keys)
                }
            }
            while processor.calendars.isToBeDone,
                let turn = try await processor.prepareSweep(limit: 500, now: moment)
            {
                try await keep(turn.prepared)
            }
        }

        mutating func wake(until moment: Instant, limit: Int) async throws {
            while let next = try await store.nextWakeUp(), next <= moment {
                let due = try await store.wakeUps(until: next, limit: limit)
                tally.wakeUps += due.count
                try await keep(try await processor.prepare(wakeUps: due, now: next))
            }
        }

        private mutating func keep(_ prepared: Prepared) async throws {
            _ = try await store.commit(prepared.commit)
            tally.add(prepared)
        }
    }
}
