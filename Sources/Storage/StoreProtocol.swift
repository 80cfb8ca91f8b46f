import Duty

/// What the engine's decisions need of a store: matters with their facts, and the moments to look at them again.
package protocol MatterStore: Sendable {
    /// The matters with these ids, with their facts; unknown ids are left out.
    func matters(_ ids: [MatterID]) async throws -> [StoredMatter]
    /// Matters of an enterprise that what reaches us of it at `moment` can change: open ones, and undecided ones.
    func openMatters(of enterprise: EnterpriseID, at moment: Instant) async throws -> [MatterID]
    /// All its other matters.
    func closedMatters(of enterprise: EnterpriseID, at moment: Instant) async throws -> [MatterID]
    /// The open ones among the `limit` matters that follow `id`; nil begins with the first.
    func openMatters(after id: MatterID?, limit: Int) async throws -> OpenMatters
    /// Matters of which a silence has kept something back, that nobody has heard since.
    func silencedMatters(by silence: String) async throws -> [MatterID]
    /// How far the open matters have been looked at by a calendar; nil if none has been noted yet.
    func calendarSweep() async throws -> CalendarSweep?
    /// The events with these ids, whatever their sources, and the corrections and voids that speak about such ids.
    func events(around ids: [String]) async throws -> [Fact]
    /// Ids of events that corrections and voids speak about, whether or not these are there.
    func addressedEvents() async throws -> Set<String>
    /// Writes all of it or nothing.
    /// - Throws: `StoreError.duplicateEvents`, `StoreError.staleMatter`, or what the database says.
    func commit(_ commit: Commit) async throws -> CommitReceipt
    /// Ids of all matters of a type, for summaries of small stores.
    func matterIDs(of type: MatterType) async throws -> [MatterID]
    /// Matters whose moment has come by `moment`, earliest first.
    func wakeUps(until moment: Instant, limit: Int) async throws -> [WakeUp]
    /// The earliest moment at which a matter has something to say.
    func nextWakeUp() async throws -> Instant?
}

/// Where dutyclock keeps what it knows: one transaction a commit, and the same behaviour whatever is beneath.
///
/// `Tests/StorageTests/StoreConformance.swift` is the suite that every store passes.
package protocol Store: MatterStore {
    // MARK: The engine
    func offsets() async throws -> [StoredOffset]
    /// The same, for the consumer's own thread; blocks it.
    func offsetsBlocking() throws -> [StoredOffset]
    /// The last order to move matters to another policy; nil if there never was one.
    func repolicy() async throws -> Repolicy?
    /// The `limit` matters that follow `id`; nil begins with the first.
    func heads(after id: MatterID?, limit: Int) async throws -> [MatterHead]

    // MARK: Delivery
    /// Rows whose time has come, by urgency, then by age.
    ///
    /// Of the classes in `passingOver`, only rows that are more urgent than that are looked at.
    func takeNotifications(
        limit: Int,
        now: Instant,
        excluding: Set<String>,
        passingOver: [MessageClass: Int]
    ) async throws -> [StoredNotification]
    func beginAttempts(_ starts: [StoredAttemptStart]) async throws
    /// The records of the journal that came of it; none of what the row said already.
    @discardableResult
    func finishAttempts(_ ends: [StoredAttemptEnd]) async throws -> [JournalRecord]
    /// When the earliest row that is not due at `now` will be.
    func nextNotificationDue(after now: Instant) async throws -> Instant?
    /// Rows with an attempt that ended at `moment` or later, in the order of their last ends.
    func notifications(triedSince moment: Instant) async throws -> [StoredNotification]
    /// Marks what was in mid-send when the process died; the records of the journal that came of it.
    @discardableResult
    func recoverAttempts(now: Instant) async throws -> [JournalRecord]

    // MARK: Journal, ledger, dead letters
    /// Records after `sequence`, in their order.
    func journal(after sequence: Int64, limit: Int) async throws -> [JournalRecord]
    /// A named place in the journal up to which something has been done.
    func cursor(_ name: String) async throws -> Int64
    func setCursor(_ name: String, to sequence: Int64) async throws
    func ledger(fine: MatterID?) async throws -> [LedgerEntry]
    /// Letters with greater numbers in one of these states, or in any, in their order.
    func deadLetters(
        in states: Set<DeadLetter.State>?,
        after number: Int64,
        limit: Int
    ) async throws -> [DeadLetter]
    func deadLetter(_ number: Int64) async throws -> DeadLetter?
    /// What the publisher says, `published` and `kept`, never replaces what an operator has said.
    func setDeadLetters(_ numbers: [Int64], to state: DeadLetter.State) async throws

    // MARK: People and operations
    func notifications(of matter: MatterID) async throws -> [StoredNotification]
    func savePolicy(version: String, text: String) async throws
    /// Texts of all policy versions that a matter may still refer to.
    func policies() async throws -> [String: String]
    func statistics(now: Instant) async throws -> StoreStatistics
    /// The secret kept under `name`; `fresh` is kept, and given back, where there is none yet.
    func secret(named name: String, orKeep fresh: [UInt8]) async throws -> [UInt8]
    /// Recomputes both hash chains.
    func verify(
        progress: @Sendable (_ done: Int64, _ total: Int64) -> Void
    ) async throws -> VerificationReport
    func close() async throws
}

package struct WakeUp: Sendable, Hashable {
    package let matter: MatterID
    package let at: Instant
    package init(matter: MatterID, at: Instant) {
        self.matter = matter
        self.at = at
    }
}

/// What a commit was given on its way in.
package struct CommitReceipt: Sendable {
    /// The journal's records with their places in the chain.
    package let journal: [JournalRecord]

    package init(journal: [JournalRecord]) { self.journal = journal }
}

/// A notification with its life so far.
package struct StoredNotification: Sendable {
    package let notification: Notification
    package var state: NotificationState
    package var nextAt: Instant?
    package var attempts: [StoredAttempt]
    package var acknowledgement: Acknowledgement?
}

/// One try on one channel.
package struct StoredAttempt: Sendable, Hashable {
    package let channel: String
    package let number: Int
    package let startedAt: Instant
    package var finishedAt: Instant?
    package var outcome: SendOutcome?
    /// The key of the message in which it went out together with others, if it did.
    package var digest: String?

    package init(
        channel: String,
        number: Int,
        startedAt: Instant,
        finishedAt: Instant? = nil,
        outcome: SendOutcome? = nil,
        digest: String? = nil
    ) {
        self.channel = channel
        self.number = number
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.outcome = outcome
        self.digest = digest
    }
}

package struct StoredAttemptStart: Sendable, Hashable {
    package let key: String
    package let channel: String
    package let number: Int
    package let at: Instant
    /// The key of the message in which it goes out together with others, if it does.
    package let digest: String?

    package init(key: String, channel: String, number: Int, at: Instant, digest: String? = nil) {
        self.key = key
        self.channel = channel
        self.number = number
        self.at = at
        self.digest = digest
    }
}

package struct StoredAttemptEnd: Sendable, Hashable {
    package let key: String
    package let channel: String
    package let number: Int
    package let at: Instant
    package let outcome: SendOutcome
    package let state: NotificationState
    package let nextAt: Instant?
    /// Where it is tried then, if that is decided.
    package let nextChannel: String?
    /// Why nobody will be told, if the row gave up.
    package let gaveUpBecause: String?
    /// The key of the message in which it went out together with others, if it did.
    package let digest: String?

    package init(
        key: String,
        channel: String,
        number: Int,
        at: Instant,
        outcome: SendOutcome,
        state: NotificationState,
        nextAt: Instant?,
        nextChannel: String? = nil,
        gaveUpBecause: String? = nil,
        digest: String? = nil
    ) {
        self.key = key
        self.channel = channel
        self.number = number
        self.at = at
        self.outcome = outcome
        self.state = state
        self.nextAt = nextAt
        self.nextChannel = nextChannel
        self.gaveUpBecause = gaveUpBecause
        self.digest = digest
    }
}

/// Figures for metrics, readiness and the summary.
package struct StoreStatistics: Sendable {
    package var matters: Int64 = 0
    package var openMatters: Int64 = 0
    package var facts: Int64 = 0
    package var overdueWakeUps: Int64 = 0
    /// Notifications that wait, by what is known of where they go.
    package var pending: [Pending] = []
    package var oldestPending: Instant?
    package var newDeadLetters: Int64 = 0
    package var journalRecords: Int64 = 0
    /// What supervisors look at.
    package var supervision = Figures()

    package init() {}

    package var pendingNotifications: Int64 { pending.reduce(0) { $0 + $1.count } }

    package struct Pending: Sendable, Hashable {
        package let messageClass: MessageClass
        /// Nil until it has been tried: the first channel of its class that reaches the recipient comes next.
        package let channel: String?
        package let count: Int64

        package init(messageClass: MessageClass, channel: String?, count: Int64) {
            self.messageClass = messageClass
            self.channel = channel
            self.count = count
        }
    }
}

/// What `audit verify` found.
package struct VerificationReport: Sendable, Equatable {
    package struct Flaw: Sendable, Equatable {
        /// `journal` or `ledger`.
        package let chain: String
        package let sequence: Int64
        package let reason: Wording
    }

    package var journalRecords: Int64 = 0
    package var ledgerEntries: Int64 = 0
    package var flaws: [Flaw] = []
    package var isSound: Bool { flaws.isEmpty }

    package init() {}
}

extension Store {
    package func deadLetters(state: DeadLetter.State?, limit: Int) async throws -> [DeadLetter] {
        try await deadLetters(in: state.map { [$0] }, after: 0, limit: limit)
    }
}
