import Delivery
import Duty
import Engine
import Storage

/// The store's notifications as the dispatcher sees them.
struct StoreOutbox: Outbox {
    let store: any Store
    /// Hears what the journal says of attempts, once it is on disk.
    let committed: @Sendable ([JournalRecord]) -> Void

    func take(
        limit: Int,
        now: Instant,
        excluding: Set<String>,
        passingOver: [MessageClass: Int]
    ) async throws -> [OutboxItem] {
        try await store.takeNotifications(
            limit: limit,
            now: now,
            excluding: excluding,
            passingOver: passingOver
        ).map { row in
            OutboxItem(
                notification: row.notification,
                state: row.state,
                attempts: row.attempts.map { attempt in
                    Attempt(
                        channel: attempt.channel,
                        number: attempt.number,
                        startedAt: attempt.startedAt,
                        finishedAt: attempt.finishedAt,
                        outcome: attempt.outcome,
                        digest: attempt.digest
                    )
                }
            )
        }
    }

    func begin(_ starts: [AttemptStart]) async throws {
        try await store.beginAttempts(
            starts.map {
                StoredAttemptStart(
                    key: $0.key,
                    channel: $0.channel,
                    number: $0.number,
                    at: $0.at,
                    digest: $0.digest
                )
            }
        )
    }

    func finish(_ ends: [AttemptEnd]) async throws {
        let records = try await store.finishAttempts(
            ends.map {
                StoredAttemptEnd(
                    key: $0.key,
                    channel: $0.channel,
                    number: $0.number,
                    at: $0.at,
                    outcome: $0.outcome,
                    state: $0.state,
                    nextAt: $0.nextAt,
                    nextChannel: $0.nextChannel,
                    gaveUpBecause: $0.gaveUpBecause,
                    digest: $0.digest
                )
            }
        )
        committed(records)
    }

    func nextDue(after now: Instant) async throws -> Instant? {
        try await store.nextNotificationDue(after: now)
    }

    func attempts(since moment: Instant) async throws -> [PastAttempt] {
        try await store.notifications(triedSince: moment).flatMap { row in
            row.attempts.compactMap { attempt in
                guard let end = attempt.finishedAt, end >= moment else { return nil }
                return PastAttempt(
                    channel: attempt.channel,
                    recipient: row.notification.recipient,
                    code: row.notification.code,
                    endedAt: end,
                    digest: attempt.digest
                )
            }
        }.sorted { $0.endedAt < $1.endedAt }
    }
}

/// The daemon's clock as the dispatcher sees it.
struct DeliveryClock: DispatcherClock {
    let clock: any WallClock
    func now() -> Instant { clock.now() }
    func sleep(until instant: Instant) async throws { try await clock.sleep(until: instant) }
}
