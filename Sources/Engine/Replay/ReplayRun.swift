import Duty
import Storage

/// A replay, or one part of it, on its way: events at their arrival, wake-ups at their moments.
struct ReplayRun {
    let store = MemoryStore()
    var processor: Processor
    var tally: ReplayTally

    /// It is about the matters of its share.
    init(book: RuleBook, input: ReplayInput, share: ReplayPartition.Share = .all) {
        processor = Processor(store: store, book: book)
        // Figures are all that a replay is for; nobody reads a message of it.
        processor.hasReaders = false
        tally = ReplayTally(input, of: share)
    }

    /// Most events of one moment in one turn.
    private static let batchSize = 2_000
    private static let wakeUpsAtOnce = 2_000

    /// Runs all of it, up to `end`; `progress` is told now and then how many events have been taken.
    ///
    /// The facts are in the order of their arrival. Duties of standing begin at `beginning`; it is nil where they are
    /// another part's.
    mutating func run(
        _ facts: ArraySlice<Fact>,
        beginning: Instant?,
        until end: Instant,
        progress: @Sendable (Int) -> Void
    ) async throws {
        if let beginning {
            try await keep(try await processor.prepareStandingDuties(now: beginning))
        }
        var index = facts.startIndex
        var announced = index
        while index < facts.endIndex {
            let moment = facts[index].receivedAt
            try await wake(until: moment)
            let last = min(facts.endIndex, index + Self.batchSize)
            var next = index + 1
            while next < last, facts[next].receivedAt == moment { next += 1 }
            try await take(facts[index..<next], at: moment)
            index = next
            if index - announced >= 1_000 {
                announced = index
                progress(index - facts.startIndex)
            }
        }
        if !facts.isEmpty { try await wake(until: end) }
        progress(facts.count)
        tally.close(store)
    }

    private mutating func take(_ facts: ArraySlice<Fact>, at moment: Instant) async throws {
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

    private mutating func wake(until moment: Instant) async throws {
        while let next = try await store.nextWakeUp(), next <= moment {
            let due = try await store.wakeUps(until: next, limit: Self.wakeUpsAtOnce)
            tally.add(wakeUps: due)
            try await keep(try await processor.prepare(wakeUps: due, now: next))
        }
    }

    private mutating func keep(_ prepared: Prepared) async throws {
        _ = try await store.commit(prepared.commit)
        tally.add(prepared)
    }
}
