import Duty
import Storage

/// Counts what a replay decides, commit by commit.
struct ReplayTally: Sendable {
    /// Something that happened to a rule, or was said of it.
    struct Pair: Hashable, Sendable {
        let subject: String
        let aspect: String
    }

    private(set) var accepted: [EventKind: Int64] = [:]
    private(set) var duplicates: [String: Int64] = [:]
    let rejected: [String: Int]
    let skipped: Int
    private(set) var parked: Int64 = 0
    private(set) var orphans: Int64 = 0
    /// Events that arrived after the end.
    var leftOut = 0
    private(set) var wakeUps = 0
    /// Rule and action of the journal.
    private(set) var declared: [Pair: Int64] = [:]
    /// Rule and role of alarms.
    private(set) var alarms: [Pair: Int64] = [:]
    /// Code and role of all messages.
    private(set) var messages: [Pair: Int64] = [:]
    /// Messages that take another one back, by their rule.
    private(set) var withdrawals: [String: Int64] = [:]
    private(set) var lateIngest: Int64 = 0
    private(set) var postings: [LedgerPosting.Kind: Int64] = [:]
    private(set) var figures = Figures()
    private(set) var standing = ReplayStanding()
    private let share: ReplayPartition.Share

    /// Counts what becomes of the matters of one share.
    init(_ input: ReplayInput, of share: ReplayPartition.Share = .all) {
        rejected = input.rejected
        skipped = input.skipped
        self.share = share
    }

    private func counts(_ matter: MatterID?) -> Bool { share.has(matter) }

    mutating func add(_ prepared: Prepared) {
        let commit = prepared.commit
        for fact in commit.facts where !fact.isReflected && counts(fact.matter) {
            accepted[fact.kind, default: 0] += 1
        }
        for event in prepared.duplicates where counts(event.matter) {
            duplicates[event.type ?? "", default: 0] += 1
        }
        for aside in prepared.setAside where counts(aside.matter) {
            parked += Int64(aside.parked)
            orphans += Int64(aside.letters)
        }
        for record in commit.journal where counts(record.matter) {
            for entry in record.entries { add(entry) }
        }
        for notification in commit.notifications where counts(notification.matter) { add(notification) }
        for entry in commit.ledger where counts(entry.posting.fine) {
            postings[entry.posting.kind, default: 0] += 1
        }
    }

    mutating func add(wakeUps: [WakeUp]) { self.wakeUps += wakeUps.count { counts($0.matter) } }

    /// What the matters of a store that count have come to in the end.
    mutating func close(_ store: MemoryStore) {
        let nothing = MatterState()
        store.visit { matter in
            guard counts(matter.id) else { return }
            standing.add(matter)
            figures.replace(nothing, with: matter.state)
        }
    }

    /// Adds what a part of the same input came to.
    mutating func add(_ part: ReplayTally) {
        accepted.merge(part.accepted, uniquingKeysWith: +)
        duplicates.merge(part.duplicates, uniquingKeysWith: +)
        parked += part.parked
        orphans += part.orphans
        wakeUps += part.wakeUps
        declared.merge(part.declared, uniquingKeysWith: +)
        alarms.merge(part.alarms, uniquingKeysWith: +)
        messages.merge(part.messages, uniquingKeysWith: +)
        withdrawals.merge(part.withdrawals, uniquingKeysWith: +)
        lateIngest += part.lateIngest
        postings.merge(part.postings, uniquingKeysWith: +)
        figures += part.figures
        standing.add(part.standing)
    }

    private mutating func add(_ entry: Transition) {
        // Facts are counted as such, and messages with their roles.
        guard let rule = entry.rule, !Self.counted.contains(entry.action) else { return }
        declared[Pair(subject: rule.text, aspect: entry.action), default: 0] += 1
        if entry.fields["lateIngest"] == true { lateIngest += 1 }
    }

    private static let counted: Set<String> = [
        "notification.requested", "notification.escalated", "notification.silenced",
    ]

    private mutating func add(_ notification: Notification) {
        let role = notification.recipient.role.text
        messages[Pair(subject: notification.code, aspect: role), default: 0] += 1
        if notification.isAlarm {
            alarms[Pair(subject: notification.rule.text, aspect: role), default: 0] += 1
        }
        if notification.withdraws != nil { withdrawals[notification.rule.text, default: 0] += 1 }
    }
}

extension Notification {
    /// Word of a breach, or of one that goes on.
    fileprivate var isAlarm: Bool { urgency == 0 }
}
