/// What has been recorded and told of one matter so far; everything else is derived from its facts.
package struct MatterState: Sendable, Hashable {
    /// What the journal last said of one obligation.
    package struct Record: Sendable, Hashable {
        package let key: ObligationKey
        package var article: Int
        package var kind: String
        package var openedAt: Instant
        package var dueAt: Instant?
        package var phase: Obligation.Phase
        package var metAt: Instant?
        package var breachedAt: Instant?
        package var isLateIngest: Bool
        /// It was there and is no longer: its fact was voided or no longer fits.
        package var isWithdrawn: Bool
        /// The highest warning step that the journal has named.
        package var warnedRung: Int
        /// The due date rests on a year without a holiday notice.
        package var isProvisional = false
        /// The amount that it is about: what is owed to an enterprise, or a fine as it stands now.
        package var amount: Fen?

        package init(
            key: ObligationKey,
            article: Int,
            kind: String,
            openedAt: Instant,
            dueAt: Instant?,
            phase: Obligation.Phase,
            metAt: Instant?,
            breachedAt: Instant?,
            isLateIngest: Bool,
            isWithdrawn: Bool,
            warnedRung: Int
        ) {
            self.key = key
            self.article = article
            self.kind = kind
            self.openedAt = openedAt
            self.dueAt = dueAt
            self.phase = phase
            self.metAt = metAt
            self.breachedAt = breachedAt
            self.isLateIngest = isLateIngest
            self.isWithdrawn = isWithdrawn
            self.warnedRung = warnedRung
        }
    }

    /// What one recipient last heard of one obligation, by one class of message.
    package struct Told: Sendable, Hashable {
        package let obligation: ObligationKey
        package let recipient: Recipient
        package let messageClass: MessageClass
        /// Place of the last told step in its ladder; -1 when what was told was taken back.
        package var rung: Int
        package var isAlarm: Bool
        /// Grows each time what was told is taken back, so that no key is used twice.
        package var turn: Int
        package var isClosed: Bool
        package var dueAt: Instant?
        package var key: String
        /// An alarm that somebody asked for by hand while the clock was still running.
        package var isEarly = false
        /// What its fact said then of whom and of how much it is, as a hash; empty for nothing, nil where nobody
        /// noted it.
        package var about: String?
        /// Where the step wants to be acknowledged: how often it has been said.
        package var asked: Asked?

        package struct Asked: Sendable, Hashable {
            /// The turn in which the stage was said first: acknowledgements of earlier ones say nothing of it.
            package let turn: Int
            /// When it was last said.
            package var at: Instant
            /// How often it has been said again.
            package var again = 0
            /// How often of these since an acknowledgement ran out, or since the beginning.
            package var unanswered = 0

            package init(turn: Int, at: Instant, again: Int = 0, unanswered: Int = 0) {
                self.turn = turn
                self.at = at
                self.again = again
                self.unanswered = unanswered
            }
        }

        package init(
            obligation: ObligationKey,
            recipient: Recipient,
            messageClass: MessageClass,
            rung: Int,
            isAlarm: Bool,
            turn: Int,
            isClosed: Bool,
            dueAt: Instant?,
            key: String
        ) {
            self.obligation = obligation
            self.recipient = recipient
            self.messageClass = messageClass
            self.rung = rung
            self.isAlarm = isAlarm
            self.turn = turn
            self.isClosed = isClosed
            self.dueAt = dueAt
            self.key = key
        }
    }

    /// What the ledger holds for a fine.
    package struct Posted: Sendable, Hashable {
        /// Nil for the part of a role that nobody holds.
        package let person: PersonRef?
        package let role: RoleID
        package var amount: Fen
        /// What the person was last told; nil if nothing yet.
        package var toldAmount: Fen?
        package var toldFine: Fen?

        package init(
            person: PersonRef?,
            role: RoleID,
            amount: Fen,
            toldAmount: Fen?,
            toldFine: Fen?
        ) {
            self.person = person
            self.role = role
            self.amount = amount
            self.toldAmount = toldAmount
            self.toldFine = toldFine
        }
    }

    /// A settlement as the ledger has it.
    package struct Settled: Sendable, Hashable {
        package let person: PersonRef
        package var amount: Fen

        package init(person: PersonRef, amount: Fen) {
            self.person = person
            self.amount = amount
        }
    }

    /// What whoever filed a complaint last said of how it was handled.
    package struct Rating: Sendable, Hashable {
        package let at: Instant
        package let isSolved: Bool
        /// Four or five of five.
        package let isSatisfied: Bool

        package init(at: Instant, isSolved: Bool, isSatisfied: Bool) {
            self.at = at
            self.isSolved = isSolved
            self.isSatisfied = isSatisfied
        }

        init?(_ facts: [Fact]) {
            // Of a complaint that is not there, or was taken back, nobody's opinion counts.
            guard let last = facts.last(where: { $0.kind == .complaintRated }),
                facts.contains(where: { $0.kind == .complaintFiled }),
                !facts.contains(where: { $0.kind == .complaintWithdrawn })
            else { return nil }
            at = last.at
            isSolved = last.data["solved"]?.bool ?? false
            isSatisfied = (last.data["satisfaction"]?.integer ?? 0) >= 4
        }
    }

    package var records: [Record] = []
    package var told: [Told] = []
    package var posted: [Posted] = []
    package var entryKeys: Set<String> = []
    /// Settlements on record, by the event that told of them.
    package var settled: [EventKey: Settled] = [:]
    /// What each person has settled beyond their share, where that is anything.
    package var refundDue: [PersonRef: Fen] = [:]
    package var isOrphanReported = false
    package var rating: Rating?
    /// Facts that have become dead letters after they were accepted.
    package var refused: Set<EventKey> = []
    /// Facts that were passed on to other matters, by their id.
    package var reflected: [String: Reflected] = [:]
    /// The keys of messages that are kept back, each with the silence that does it.
    package var silenced: [String: String] = [:]

    package init() {}

    /// The latest due moment that went on record as passed in vain.
    package var latestBreach: Instant? { records.lazy.compactMap(\.breachedAt).max() }

    package func record(_ key: ObligationKey) -> Record? { records.first { $0.key == key } }

    /// How the record of an obligation says that it stands; nil where there is none.
    func phase(of key: ObligationKey) -> Obligation.Phase? {
        records.firstIndex { $0.key == key }.map { records[$0].phase }
    }
}

/// One thing that is new and goes on record.
package struct Transition: Sendable, Hashable {
    /// `deadline.breached`, `gate.violated`, … of the log contract.
    package let action: String
    package let rule: RuleID?
    package let article: Int?
    package let cycle: Int
    /// The moment that it is about, which is not always the moment of recording it.
    package let at: Instant
    package internal(set) var fields: Value

    package init(action: String, rule: RuleID?, article: Int?, cycle: Int, at: Instant, fields: Value) {
        self.action = action
        self.rule = rule
        self.article = article
        self.cycle = cycle
        self.at = at
        self.fields = fields
    }
}

/// What `step` found to be new.
package struct StepResult: Sendable {
    package var state: MatterState
    package var transitions: [Transition] = []
    package var postings: [LedgerPosting] = []
    package var notifications: [Notification] = []
    /// Messages that a silence keeps back, each said once.
    package var silenced: [SilencedNotification] = []
    /// Facts for other matters.
    package var emissions: [Fact] = []
    /// Facts that waited too long for the one that opens their matter.
    package var orphans: Bool = false
    /// Ends of pauses whose beginning did not come within the time that facts may wait.
    package var refused: [Fact] = []
    /// The next moment at which something will have to be said; nil if no time will change anything.
    package var wakeAt: Instant?
}
