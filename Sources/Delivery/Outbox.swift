import Duty

/// A row of the outbox: a notification and what has been tried so far.
package struct OutboxItem: Sendable {
    package let notification: Notification
    package var state: NotificationState
    /// Oldest first.
    package var attempts: [Attempt]

    package init(notification: Notification, state: NotificationState, attempts: [Attempt]) {
        self.notification = notification
        self.state = state
        self.attempts = attempts
    }
}

/// One try on one channel.
package struct Attempt: Sendable, Hashable {
    package let channel: String
    /// 1… on that channel.
    package let number: Int
    package let startedAt: Instant
    package let finishedAt: Instant?
    /// Nil while only the intent is known.
    package let outcome: SendOutcome?
    /// The key of the message in which it went out together with others, if it did.
    package let digest: String?

    package init(
        channel: String,
        number: Int,
        startedAt: Instant,
        finishedAt: Instant?,
        outcome: SendOutcome?,
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

/// The intent to send, on disk before the first byte leaves.
package struct AttemptStart: Sendable, Hashable {
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

/// An attempt of an earlier run, as far as budgets count it.
package struct PastAttempt: Sendable, Hashable {
    package let channel: String
    package let recipient: Recipient
    package let code: String
    package let endedAt: Instant
    /// The key of the message that it shared with others, if it did.
    package let digest: String?

    package init(channel: String, recipient: Recipient, code: String, endedAt: Instant, digest: String? = nil)
    {
        self.channel = channel
        self.recipient = recipient
        self.code = code
        self.endedAt = endedAt
        self.digest = digest
    }
}

/// What became of an attempt, and of the row.
///
/// `number` 0 stands for no attempt at all: there was no channel to try, or it is not yet time, and only the
/// row changes.
package struct AttemptEnd: Sendable, Hashable {
    package let key: String
    package let channel: String
    package let number: Int
    package let at: Instant
    package let outcome: SendOutcome
    /// The new state of the row.
    package let state: NotificationState
    /// When the row is to be taken again; nil: never.
    package let nextAt: Instant?
    /// Where it is tried then.
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

/// The durable list of what is to be told; the store implements it.
package protocol Outbox: Sendable {
    /// Rows whose time has come, by urgency, then age, without those whose keys are in hand.
    ///
    /// `passingOver` names classes for which there is no room, with the urgency from which on their rows are not even
    /// looked at, so that they cost nothing.
    func take(
        limit: Int,
        now: Instant,
        excluding: Set<String>,
        passingOver: [MessageClass: Int]
    ) async throws -> [OutboxItem]
    /// Records intents; durable when it returns.
    func begin(_ starts: [AttemptStart]) async throws
    /// Records outcomes; durable when it returns.
    func finish(_ ends: [AttemptEnd]) async throws
    /// When the earliest row that is not due at `now` will be.
    func nextDue(after now: Instant) async throws -> Instant?
    /// Attempts that ended at `moment` or later, in the order of their ends.
    func attempts(since moment: Instant) async throws -> [PastAttempt]
}
