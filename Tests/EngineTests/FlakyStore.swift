import Duty
import Storage
import Synchronization

/// A store whose next commits fail, before or after they are written.
final class FlakyStore: Store {
    enum Failure: Sendable { case beforeWriting, afterWriting }
    struct DiskFull: Error {}

    /// Whether there is room for a tiny commit alone.
    let hasLittleRoom = Mutex(false)

    private let store: any Store
    private let failures = Mutex<[Failure]>([])

    init(_ store: any Store) { self.store = store }

    /// The next commits fail, one each.
    func fail(_ next: Failure...) { failures.withLock { $0 += next } }

    func commit(_ commit: Commit) async throws -> CommitReceipt {
        let isTiny = commit.heartbeat != nil
        if !isTiny, hasLittleRoom.withLock({ $0 }) { throw DiskFull() }
        let failure = failures.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        if failure == .beforeWriting { throw DiskFull() }
        let receipt = try await store.commit(commit)
        if failure == .afterWriting { throw DiskFull() }
        return receipt
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
    func verify(
        progress: @Sendable (_ done: Int64, _ total: Int64) -> Void
    ) async throws -> VerificationReport {
        try await store.verify(progress: progress)
    }
    func close() async throws { try await store.close() }
}
