import Duty

/// A row that waits for its try on one channel; urgent ones come first, then old ones.
struct Job: Comparable, Sendable {
    /// What makes messages alike enough to be told as one.
    struct Kind: Hashable, Sendable {
        let recipient: PersonRef
        let code: String
        /// A breach is not told among warnings.
        let isAlarm: Bool
    }

    let item: OutboxItem
    let channel: String
    let number: Int
    /// From when on it may leave.
    let at: Instant
    let counted: Counted
    /// Whether its intent may be on disk though the outbox did not say so: then only this job knows of it.
    private(set) var mayHaveBegun = false

    /// A try of `item` on `channel`; `template` is what carries the message there, if that is not its code.
    init(
        item: OutboxItem,
        channel: String,
        number: Int,
        at: Instant,
        address: String? = nil,
        template: String? = nil
    ) {
        self.item = item
        self.channel = channel
        self.number = number
        self.at = at
        let recipient = item.notification.recipient
        counted = Counted(
            who: recipient.isGroup ? nil : address ?? recipient.person.text,
            template: template ?? item.notification.code
        )
    }

    var key: String { item.notification.key }

    var perhapsBegun: Job {
        var job = self
        job.mayHaveBegun = true
        return job
    }

    /// Nil for what always stands alone: accusations, amounts and clues, and what takes a message back.
    var kind: Kind? {
        let notification = item.notification
        guard notification.withdraws == nil, !MessageCatalogue.neverInGroup.contains(notification.code) else {
            return nil
        }
        return Kind(
            recipient: notification.recipient.person,
            code: notification.code,
            isAlarm: notification.urgency <= 0
        )
    }

    private var rank: (Int, Int64, String) {
        (item.notification.urgency, item.notification.requestedAt.microseconds, item.notification.key)
    }

    static func < (left: Job, right: Job) -> Bool { left.rank < right.rank }
    static func == (left: Job, right: Job) -> Bool { left.rank == right.rank }
}

extension Notification {
    /// Whether a few minutes matter: a breach, and what falls due within the hour.
    func isPressing(at now: Instant) -> Bool {
        urgency <= 0 || dueAt.map { $0 > now && $0 <= now + .hours(1) } ?? false
    }
}

/// What leaves a channel in one go: one message, or several that are told as one.
struct Parcel: Sendable {
    /// The most urgent and oldest first; at least one.
    let jobs: [Job]
    let channel: String
    let counted: Counted

    init(_ job: Job) {
        jobs = [job]
        channel = job.channel
        counted = job.counted
    }

    /// `first` and `others` as one message, which the provider books as `counted`.
    init(_ first: Job, _ others: [Job], counted: Counted) {
        jobs = [first] + others
        channel = first.channel
        self.counted = counted
    }

    /// The key of the message that tells several; nil if it is one.
    var digestKey: String? { jobs.count > 1 ? Digest.key(notifications) : nil }

    func starts(at now: Instant) -> [AttemptStart] {
        let digest = digestKey
        return jobs.map { job in
            AttemptStart(key: job.key, channel: channel, number: job.number, at: now, digest: digest)
        }
    }

    var notifications: [Notification] { jobs.map(\.item.notification) }
}
