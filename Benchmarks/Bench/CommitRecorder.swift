import Duty
import Storage
import Synchronization

/// Keeps every commit on its way into a real store.
final class CommitRecorder: Store {
    private let store: SQLiteStore
    private let kept = Mutex<[Commit]>([])
    private let isTold: Bool

    /// With `isTold` no commit is kept, and messages are left out as if all had been sent long ago.
    init(store: SQLiteStore, isTold: Bool = false) {
        self.store = store
        self.isTold = isTold
    }

    var commits: [Commit] { kept.withLock { $0 } }

    func commit(_ commit: Commit) async throws -> CommitReceipt {
        if isTold {
            var commit = commit
            commit.notifications = []
            return try await store.commit(commit)
        }
        kept.withLock { $0.append(commit) }
        return try await store.commit(commit)
    }

    func matters(_ ids: [MatterID]) async throws -> [StoredMatter] { try await store.matters(ids) }
    func openMatters(of enterprise: EnterpriseID, at moment: Instant) async throws -> [MatterID] {
        try await store.openMatters(of: enterprise, at: moment)
    }
    func closedMatters(of enterprise: EnterpriseID, at moment: Instant) async throws -> [MatterID] {
        try await store.closedMatters(of: enterprise, at: moment)
    }
    func openMatters(after id: MatterID?, limit: Int) async throws -> OpenMatters {
        try await store.openMatters(after: id, limit: limit)
    }
    func silencedMatters(by silence: String) async throws -> [MatterID] {
        try await store.silencedMatters(by: silence)
    }
    func calendarSweep() async throws -> CalendarSweep? { try await store.calendarSweep() }
    func repolicy() async throws -> Repolicy? { try await store.repolicy() }
    func heads(after id: MatterID?, limit: Int) async throws -> [MatterHead] {
        try await store.heads(after: id, limit: limit)
    }
    func events(around ids: [String]) async throws -> [Fact] { try await store.events(around: ids) }
    func addressedEvents() async throws -> Set<String> { try await store.addressedEvents() }
    func offsets() async throws -> [StoredOffset] { try await store.offsets() }
    func offsetsBlocking() throws -> [StoredOffset] { try store.offsetsBlocking() }
    func matterIDs(of type: MatterType) async throws -> [MatterID] { try await store.matterIDs(of: type) }
    func wakeUps(until moment: Instant, limit: Int) async throws -> [WakeUp] {
        try await store.wakeUps(until: moment, limit: limit)
    }
    func nextWakeUp() async throws -> Instant? { try await store.nextWakeUp() }
    func takeNotifications(
        limit: Int,
        now: Instant,
        excluding: Set<String>,
        passingOver: [MessageClass: Int]
    ) async throws -> [StoredNotification] {
        try await store.takeNotifications(
            limit: limit,
            now: now,
            excluding: excluding,
            passingOver: passingOver
        )
    }
    func beginAttempts(_ starts: [StoredAttemptStart]) async throws { try await store.beginAttempts(starts) }
    func finishAttempts(_ ends: [StoredAttemptEnd]) async throws -> [JournalRecord] {
        try await store.finishAttempts(ends)
    }
    func nextNotificationDue(after now: Instant) async throws -> Instant? {
        try await store.nextNotificationDue(after: now)
    }
    func notifications(triedSince moment: Instant) async throws -> [StoredNotification] {
        try await store.notifications(triedSince: moment)
    }
    func recoverAttempts(now: Instant) async throws -> [JournalRecord] {
        try await store.recoverAttempts(now: now)
    }
    func journal(after sequence: Int64, limit: Int) async throws -> [JournalRecord] {
        try await store.journal(after: sequence, limit: limit)
    }
    func cursor(_ name: String) async throws -> Int64 { try await store.cursor(name) }
    func setCursor(_ name: String, to sequence: Int64) async throws {
        try await store.setCursor(name, to: sequence)
    }
    func ledger(fine: MatterID?) async throws -> [LedgerEntry] { try await store.ledger(fine: fine) }
    func deadLetters(
        in states: Set<DeadLetter.State>?,
        after number: Int64,
        limit: Int
    ) async throws -> [DeadLetter] {
        try await store.deadLetters(in: states, after: number, limit: limit)
    }
    func deadLetter(_ number: Int64) async throws -> DeadLetter? { try await store.deadLetter(number) }
    func setDeadLetters(_ numbers: [Int64], to state: DeadLetter.State) async throws {
        try await store.setDeadLetters(numbers, to: state)
    }
    func notifications(of matter: MatterID) async throws -> [StoredNotification] {
        try await store.notifications(of: matter)
    }
    func savePolicy(version: String, text: String) async throws {
        try await store.savePolicy(version: version, text: text)
    }
    func policies() async throws -> [String: String] { try await store.policies() }
    func statistics(now: Instant) async throws -> StoreStatistics { try await store.statistics(now: now) }
    func secret(named name: String, orKeep fresh: [UInt8]) async throws -> [UInt8] {
        try await store.secret(named: name, orKeep: fresh)
    }
    func verify(progress: @Sendable (Int64, Int64) -> Void) async throws -> VerificationReport {
        try await store.verify(progress: progress)
    }
    func close() async throws { try await store.close() }
}
