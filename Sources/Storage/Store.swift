import Duty

/// A matter as the store keeps it.
package struct StoredMatter: Sendable {
    package let id: MatterID
    /// Grows by one with each commit; a commit computed from an older one is refused.
    package var version: Int64
    /// The enterprise whose roster and key count now; another than in the facts after a merger.
    package var enterprise: EnterpriseID?
    /// The policy version it was opened under.
    package var policyVersion: String
    /// Whether anything about its enterprise can still change what it says.
    package var isOpen: Bool
    /// Where nothing is owed: until when a change of its enterprise that reaches us can still say that something is;
    /// nil while it is open.
    package var undecidedUntil: Instant?
    package var wakeAt: Instant?
    package var state: MatterState
    package var facts: [Fact]
    /// Whether its row, as it is now on disk or on its way there, is among the open ones that statistics count.
    package private(set) var wasCounted = false

    package init(
        id: MatterID,
        version: Int64 = 0,
        enterprise: EnterpriseID?,
        policyVersion: String,
        isOpen: Bool = false,
        undecidedUntil: Instant? = nil,
        wakeAt: Instant? = nil,
        state: MatterState = MatterState(),
        facts: [Fact] = []
    ) {
        self.id = id
        self.version = version
        self.enterprise = enterprise
        self.policyVersion = policyVersion
        self.isOpen = isOpen
        self.undecidedUntil = undecidedUntil
        self.wakeAt = wakeAt
        self.state = state
        self.facts = facts
    }

    /// Whether statistics count it as open: those of no enterprise, such as the duties of a year, are not.
    package var isCounted: Bool { isOpen && enterprise != nil }

    /// For who has it from the store, or has handed it in.
    package mutating func markOnRecord() { wasCounted = isCounted }

    /// What a commit writes of it: facts are rows of their own.
    package var withoutFacts: StoredMatter {
        var row = self
        row.facts = []
        return row
    }
}

/// A place in the intake: the next offset to read of one partition.
package struct StoredOffset: Hashable, Sendable {
    package let topic: String
    package let partition: Int32
    package let next: Int64

    package init(topic: String, partition: Int32, next: Int64) {
        self.topic = topic
        self.partition = partition
        self.next = next
    }
}

/// A record that could not be read, kept as it came.
package struct DeadLetter: Hashable, Sendable {
    package enum State: String, Sendable {
        case new, published, retried, discarded
        /// Kafka would not take it, for its size; it is here alone.
        case kept

        /// What nobody has seen to yet.
        package static let unsettled: Set<State> = [.new, .published, .kept]
    }

    /// 0 until the store has given it a number.
    package var number: Int64 = 0
    package var topic: String
    package var partition: Int32
    package var offset: Int64
    package var key: [UInt8]?
    package var value: [UInt8]?
    package var headers: [Header]
    package var reason: String
    package var detail: String
    package var at: Instant
    package var state: State = .new

    package struct Header: Hashable, Sendable {
        package let name: String
        package let value: [UInt8]?
        package init(name: String, value: [UInt8]?) {
            self.name = name
            self.value = value
        }
    }

    package init(
        topic: String,
        partition: Int32,
        offset: Int64,
        key: [UInt8]?,
        value: [UInt8]?,
        headers: [Header],
        reason: String,
        detail: String,
        at: Instant
    ) {
        self.topic = topic
        self.partition = partition
        self.offset = offset
        self.key = key
        self.value = value
        self.headers = headers
        self.reason = reason
        self.detail = detail
        self.at = at
    }
}

/// One record of the journal: what one commit found new about one matter.
package struct JournalRecord: Sendable, Hashable {
    /// 0 until the store has given it a place in the chain.
    package var sequence: Int64 = 0
    package var matter: MatterID?
    package var enterprise: EnterpriseID?
    /// The policy version that decided.
    package var policyVersion: String?
    package var at: Instant
    package var entries: [Transition]

    package init(
        matter: MatterID?,
        enterprise: EnterpriseID?,
        policyVersion: String? = nil,
        at: Instant,
        entries: [Transition]
    ) {
        self.matter = matter
        self.enterprise = enterprise
        self.policyVersion = policyVersion
        self.at = at
        self.entries = entries
    }
}

/// Somebody said that they have a notification.
package struct Acknowledgement: Sendable, Hashable {
    package let key: String
    package let person: PersonRef
    package let at: Instant
    package let via: String

    package init(key: String, person: PersonRef, at: Instant, via: String) {
        self.key = key
        self.person = person
        self.at = at
        self.via = via
    }
}

/// Everything that one turn of the engine changes, written whole or not at all.
package struct Commit: Sendable {
    /// Facts that are new; each names its matter.
    package var facts: [Fact] = []
    /// Facts that move to the matter they speak about, now that it is known.
    package var moves: [(event: EventKey, to: MatterID)] = []
    /// Matters with their new state; `version` is the new one.
    package var matters: [StoredMatter] = []
    package var journal: [JournalRecord] = []
    package var ledger: [LedgerEntry] = []
    /// What the matters now count for beyond what they counted for before.
    package var figures = Figures()
    package var notifications: [Notification] = []
    /// Messages that are only on record, until the silence is over.
    package var silenced: [SilencedNotification] = []
    package var acknowledgements: [Acknowledgement] = []
    package var deadLetters: [DeadLetter] = []
    /// What an operator has decided of dead letters, by their numbers.
    package var letterStates: [Int64: DeadLetter.State] = [:]
    package var offsets: [StoredOffset] = []
    /// Nil leaves it as it is.
    package var calendarSweep: CalendarSweep?
    /// Nil leaves it as it is.
    package var repolicy: Repolicy?
    /// Written only to see that writing works; nil writes none.
    package var heartbeat: Instant?

    package init() {}

    /// Makes room for what so many events mostly bring, at once.
    package mutating func reserve(events count: Int) {
        facts.reserveCapacity(count)
        matters.reserveCapacity(count)
        journal.reserveCapacity(count)
        notifications.reserveCapacity(count)
    }

    package var isEmpty: Bool {
        facts.isEmpty && matters.isEmpty && journal.isEmpty && deadLetters.isEmpty && offsets.isEmpty
            && notifications.isEmpty && silenced.isEmpty && ledger.isEmpty && moves.isEmpty
            && letterStates.isEmpty && calendarSweep == nil && repolicy == nil && heartbeat == nil
    }
}

/// One line of the ledger, ready for its place in the chain.
package struct LedgerEntry: Sendable, Hashable {
    /// 0 until the store has given it a place in the chain.
    package var sequence: Int64 = 0
    package let posting: LedgerPosting
    package let at: Instant
    package let ruleVersion: String
    /// The words that the entry rests on.
    package let basis: String
    /// Filled in when read from the store.
    package var hash: String = ""
    package var previousHash: String = ""

    package init(posting: LedgerPosting, at: Instant, ruleVersion: String, basis: String) {
        self.posting = posting
        self.at = at
        self.ruleVersion = ruleVersion
        self.basis = basis
    }
}

/// Why a store did not do what it was asked.
package enum StoreError: Error, Sendable, Equatable {
    /// These events are on record already; nothing of the commit was written.
    case duplicateEvents([EventKey])
    /// A matter has moved on since it was read; nothing of the commit was written.
    case staleMatter(MatterID)
    /// The file belongs to another process.
    case inUse(path: String, process: String)
    /// The database is newer than this program, or is not one of ours.
    case unusable(Wording)
}
