import Duty
import Storage
import Telemetry

/// What happens once a commit is on disk: log lines, live board, pokes.
package protocol CommitObserver: Sendable {
    func committed(_ records: [JournalRecord])
    /// Events of the same commit that were on record before, or are of an unknown type.
    func passedOver(duplicates: [PassedOver], skipped: [PassedOver])
    /// Records of the same commit that could not be read.
    func rejected(_ letters: [DeadLetter])
    /// New rows of the outbox are there.
    func notificationsQueued()
    /// New dead letters are there.
    func deadLettersQueued()
}

extension CommitObserver {
    package func passedOver(duplicates: [PassedOver], skipped: [PassedOver]) {}
    package func rejected(_ letters: [DeadLetter]) {}
}

/// Why a batch was not taken: a commit before it failed, and everything from the stored offsets on is read again.
package struct BatchSuperseded: Error, Sendable {}

/// The one who commits. Batches and wake-ups go through it one after the other; while a commit is on its way to
/// the disk, and one more waits behind it, the next one is being worked out.
package actor Engine {
    let store: any Store
    let clock: any WallClock
    private let metrics: DutyclockMetrics
    private let observer: any CommitObserver
    /// Nil while a turn has it; nobody else does then, because of the turnstile.
    var processor: Processor?
    private var foreignDuplicates: Set<EventKey> = []
    let turnstile = Turnstile()
    /// The commit that was begun last, until what came of it is told; it waits for all before it.
    var inFlight: Task<Void, any Error>?
    /// The one before it.
    private var before: Task<Void, any Error>?
    /// The commit that was begun last, until it is on disk.
    private var storing: Task<(CommitReceipt, Duration), any Error>?
    var isBroken = false
    /// Whether something was to be committed, failed, and has not been since.
    private var owesWork = false
    private var dutiesStand = false
    private var oldestEpoch = 0
    private var scheduledWake: Instant?
    /// Nil until the store has been asked.
    var repolicy: Repolicy??
    private var lastCommit: ContinuousClock.Instant?
    /// Where what is next is worked out, and where what is on disk is told of.
    private let working = Lane("dutyclock.working")
    private let telling = Lane("dutyclock.telling")

    /// Raised when an earlier wake-up was committed than the one that the wake-up service waits for.
    package nonisolated let wakeSignal = Signal()
    /// Raised when a commit failed and the intake has to begin again at the stored offsets.
    package nonisolated let brokenSignal = Signal()

    package init(
        store: any Store,
        book: RuleBook,
        clock: any WallClock,
        metrics: DutyclockMetrics,
        observer: any CommitObserver,
        rules: RulesInForce? = nil,
        cacheSize: Int = 20_000
    ) {
        self.store = store
        self.clock = clock
        self.metrics = metrics
        self.observer = observer
        processor = Processor(store: store, book: book, rules: rules, cacheSize: cacheSize)
    }

    // MARK: Work

    /// Works out what a batch of records means and starts to commit it.
    ///
    /// Returns while the commit may still be on its way: `settle()` waits for it.
    /// - Parameters:
    ///   - batch: What was read.
    ///   - epoch: How often the intake had been set back when the records were read; nil for what comes from
    ///     elsewhere.
    /// - Throws: `BatchSuperseded` when it will be read again.
    package func ingest(_ batch: Batch, epoch: Int? = nil) async throws {
        await turnstile.enter()
        defer { turnstile.leave() }
        guard !isBroken, epoch ?? oldestEpoch >= oldestEpoch else { throw BatchSuperseded() }
        do {
            if processor?.needsSettledStore(batch) ?? true { try await inFlight?.value }
            let prepared = try await withProcessor { try await $0.prepare(batch, now: self.clock.now()) }
            // One may wait for another: how long a batch and a commit take varies, and neither is to stand still.
            try await before?.value
            start(prepared)
        } catch {
            fail(error)
            throw BatchSuperseded()
        }
    }

    /// Says whatever has become due; the next moment at which something will, as far as the store knows.
    ///
    /// While some of it is on its way to the disk the next is being worked out.
    @discardableResult
    package func wake(limit: Int = 2_000) async throws -> Instant? {
        await turnstile.enter()
        defer { turnstile.leave() }
        guard !isBroken else { throw BatchSuperseded() }
        do {
            try await inFlight?.value
            try await establishDuties(clock.now())
            var underway: Set<MatterID> = []
            for _ in 0..<Self.wakeUpRounds {
                let now = clock.now()
                // What is on its way may still be due as far as the store knows.
                let found = try await store.wakeUps(until: now, limit: limit + underway.count)
                let due = Array(found.filter { !underway.contains($0.matter) }.prefix(limit))
                if due.isEmpty { break }
                let prepared = try await withProcessor { try await $0.prepare(wakeUps: due, now: now) }
                try await inFlight?.value
                start(prepared)
                underway = Set(due.map(\.matter))
            }
            try await inFlight?.value
            scheduledWake = try await store.nextWakeUp()
            return scheduledWake
        } catch {
            fail(error)
            throw BatchSuperseded()
        }
    }

    /// So many times in a row before events have their turn.
    private static let wakeUpRounds = 4

    /// Works out open matters by a calendar that has changed, some at a time; nil once all have been looked at.
    package func followCalendar(limit: Int = 500) async throws -> CalendarProgress? {
        await turnstile.enter()
        defer { turnstile.leave() }
        guard !isBroken else { throw BatchSuperseded() }
        do {
            try await inFlight?.value
            let now = clock.now()
            let turn = try await withProcessor { try await $0.prepareSweep(limit: limit, now: now) }
            guard let turn else { return nil }
            start(turn.prepared)
            try await inFlight?.value
            return turn.progress
        } catch {
            fail(error)
            throw BatchSuperseded()
        }
    }

    /// Begins and ends the recurring duties that people have by the directory, once for each set of rules.
    private func establishDuties(_ now: Instant) async throws {
        guard !dutiesStand else { return }
        start(try await withProcessor { try await $0.prepareStandingDuties(now: now) })
        try await inFlight?.value
        dutiesStand = true
    }

    /// Shows that commits still reach the disk: unless one did within `span`, writes a tiny one and waits for it.
    ///
    /// Without traffic a full disk would otherwise be noticed with the first event only.
    package func proveCommits(within span: Duration) async throws {
        await turnstile.enter()
        defer { turnstile.leave() }
        guard !isBroken else { throw BatchSuperseded() }
        do {
            try await inFlight?.value
            if let lastCommit, ContinuousClock.now - lastCommit < span { return }
            var proof = Prepared()
            proof.commit.heartbeat = clock.now()
            start(proof)
            try await inFlight?.value
        } catch {
            fail(error)
            throw BatchSuperseded()
        }
    }

    /// Waits until everything taken so far is on disk.
    package func settle() async throws {
        await turnstile.enter()
        defer { turnstile.leave() }
        try await inFlight?.value
    }

    /// Takes new rules; running matters keep theirs.
    ///
    /// Another calendar counts for all of them, see `followCalendar`.
    package func replace(book: RuleBook) async {
        await turnstile.enter()
        defer { turnstile.leave() }
        try? await inFlight?.value
        processor?.book = book
        dutiesStand = false
        processor?.reset()
        // Where the store is away, the next turn learns what it knows of the calendar.
        try? await withProcessor { try await $0.learnCalendar() }
    }

    /// After a failed commit: forgets what is not on disk and returns the offsets from which to read again.
    ///
    /// Nothing is taken before `resume()`.
    /// - Throws: what the store says while it is away, or while it can be read but not written.
    package func recover() async throws -> [StoredOffset] {
        await turnstile.enter()
        defer { turnstile.leave() }
        _ = try? await inFlight?.value
        (inFlight, before, storing) = (nil, nil, nil)
        processor?.reset()
        // Only what is on disk under another matter is a duplicate; a batch that was refused left nothing.
        let onDisk = Set(try await store.events(around: foreignDuplicates.map(\.id)).map(\.key))
        processor?.foreignDuplicates = foreignDuplicates.filter(onDisk.contains)
        var proof = Commit()
        proof.heartbeat = clock.now()
        _ = try await store.commit(proof)
        return try await store.offsets()
    }

    /// Takes batches again, those that were read since the intake was set back for the `epoch`-th time.
    package func resume(epoch: Int = 0) {
        oldestEpoch = epoch
        isBroken = false
    }

    package var isHealthy: Bool { !isBroken }

    /// After `resume()`: whether what failed is committed, or nothing fails any more for `patience`; false once a
    /// commit fails again.
    package func hasCaughtUp(within patience: Duration) async -> Bool {
        let end = ContinuousClock.now + patience
        while owesWork, !isBroken, ContinuousClock.now < end, !Task.isCancelled {
            try? await Task.sleep(for: .milliseconds(10))
        }
        if !isBroken { owesWork = false }
        return !isBroken
    }

    // MARK: Commits

    func withProcessor<Result>(
        _ body: (inout Processor) async throws -> Result
    ) async throws -> Result {
        guard var current = processor else { throw BatchSuperseded() }
        // Taken out, not copied: its caches must have one owner to be changed in place.
        processor = nil
        defer { processor = current }
        return try await withTaskExecutorPreference(working) { try await body(&current) }
    }

    func start(_ prepared: Prepared) {
        if prepared.commit.isEmpty {
            owesWork = false
            count(prepared)
            return
        }
        let (stored, told) = (storing, inFlight)
        // Nothing is written after what was not.
        let commit = Task(executorPreference: telling) {
            _ = try await stored?.value
            let began = ContinuousClock.now
            return (try await self.store.commit(prepared.commit), ContinuousClock.now - began)
        }
        (storing, before) = (commit, told)
        inFlight = Task(executorPreference: telling) {
            do {
                try await told?.value
                let (receipt, took) = try await commit.value
                await self.finished(prepared, receipt, took: took)
            } catch {
                await self.failed(prepared, error)
                throw error
            }
        }
    }

    private func finished(_ prepared: Prepared, _ receipt: CommitReceipt, took: Duration) {
        lastCommit = .now
        guard prepared.commit.heartbeat == nil else { return }
        owesWork = false
        metrics.commitSeconds.observe(seconds: took / .seconds(1))
        metrics.commitEvents.observe(Double(prepared.accepted + prepared.duplicates.count))
        count(prepared)
        observer.committed(receipt.journal)
        if !prepared.commit.notifications.isEmpty { observer.notificationsQueued() }
        if !prepared.commit.deadLetters.isEmpty { observer.deadLettersQueued() }
        if prepared.commit.calendarSweep.map({ !$0.isDone }) ?? false { wakeSignal.raise() }
        if let wake = prepared.earliestWake, scheduledWake.map({ wake < $0 }) ?? true {
            scheduledWake = wake
            wakeSignal.raise()
        }
    }

    private func failed(_ prepared: Prepared, _ error: any Error) {
        if prepared.commit.heartbeat == nil { owesWork = true }
        fail(error)
    }

    private func count(_ prepared: Prepared) {
        metrics.events("accepted").add(prepared.accepted)
        metrics.events("duplicate").add(prepared.duplicates.count)
        metrics.events("rejected").add(prepared.rejected.count)
        metrics.events("parked").add(prepared.parked)
        metrics.events("skipped").add(prepared.skipped.count)
        observer.passedOver(duplicates: prepared.duplicates, skipped: prepared.skipped)
        if !prepared.rejected.isEmpty { observer.rejected(prepared.rejected) }
        for lag in prepared.eventLags { metrics.eventLag.observe(seconds: Double(lag.microseconds) / 1e6) }
        for late in prepared.breachLateness {
            metrics.deadlineLateness.observe(seconds: max(0, Double(late.microseconds) / 1e6))
        }
    }

    func fail(_ error: any Error) {
        repolicy = nil
        if case StoreError.duplicateEvents(let keys) = error { foreignDuplicates.formUnion(keys) }
        guard !isBroken else { return }
        isBroken = true
        lastError = "\(error)"
        brokenSignal.raise()
    }

    package private(set) var lastError = ""
}
