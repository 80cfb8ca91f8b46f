import Duty
import GRDB

/// The life of notifications.
extension SQLiteStore {
    private static let columns =
        "key, matter, state, next_at, body, attempts, acknowledged_by, acknowledged_at, acknowledged_via"

    static func notification(numbered row: Int64, _ db: Database) throws -> StoredNotification {
        let statement = try db.cachedStatement(
            sql: "SELECT \(columns) FROM notification WHERE rowid = ?"
        )
        guard let found = try Row.fetchOne(statement, arguments: [row]) else {
            throw CorruptRow(what: "notification \(row)")
        }
        return try notification(found)
    }

    static func notification(_ row: Row) throws -> StoredNotification {
        let key: String = row["key"]
        var acknowledgement: Acknowledgement?
        if let at = row.instant("acknowledged_at") {
            acknowledgement = Acknowledgement(
                key: key,
                person: PersonRef(row["acknowledged_by"] ?? ""),
                at: at,
                via: row["acknowledged_via"] ?? ""
            )
        }
        guard let state = NotificationState(rawValue: row["state"]) else { throw CorruptRow(what: "state") }
        return StoredNotification(
            notification: try NotificationCodec.decode(
                row.bytes("body"),
                key: key,
                matter: MatterID(row["matter"])
            ),
            state: state,
            nextAt: row.instant("next_at"),
            attempts: try row.optionalBytes("attempts").map(NotificationCodec.attempts) ?? [],
            acknowledgement: acknowledgement
        )
    }

    package func beginAttempts(_ starts: [StoredAttemptStart]) async throws {
        if starts.isEmpty { return }
        try await pool.write { db in
            for start in starts {
                var attempts = try Self.row(start.key, db).attempts
                // A call that is repeated because its answer was lost says nothing new.
                guard !attempts.contains(where: { $0.channel == start.channel && $0.number == start.number })
                else {
                    continue
                }
                attempts.append(
                    StoredAttempt(
                        channel: start.channel,
                        number: start.number,
                        startedAt: start.at,
                        digest: start.digest
                    )
                )
                try FastStatement(
                    db,
                    "UPDATE notification SET state = 'sending', next_at = NULL, attempts = ? WHERE key = ?"
                ).run(.blob(NotificationCodec.encode(attempts)), .text(start.key))
            }
        }
    }

    private static func row(
        _ key: String,
        _ db: Database
    ) throws -> (attempts: [StoredAttempt], state: NotificationState) {
        let statement = try db.cachedStatement(sql: "SELECT state, attempts FROM notification WHERE key = ?")
        guard let row = try Row.fetchOne(statement, arguments: [key]),
            let state = NotificationState(rawValue: row["state"])
        else { throw CorruptRow(what: "outbox row") }
        return (try row.optionalBytes("attempts").map(NotificationCodec.attempts) ?? [], state)
    }

    package func finishAttempts(_ ends: [StoredAttemptEnd]) async throws -> [JournalRecord] {
        if ends.isEmpty { return [] }
        do {
            return try await pool.write { db in
                let records = try ends.compactMap { end in
                    let (news, startedAt) = try Self.finish(end, db)
                    return news.isEmpty ? nil : try Self.record(of: end, news, startedAt, db)
                }
                return try self.appendJournal(records, db)
            }
        } catch {
            chains.withLock { $0 = nil }
            throw error
        }
    }

    /// What an end says that its row did not say already.
    private struct News: OptionSet {
        let rawValue: Int
        static let outcome = News(rawValue: 1)
        static let gaveUp = News(rawValue: 2)
    }

    private static func finish(
        _ end: StoredAttemptEnd,
        _ db: Database
    ) throws -> (news: News, startedAt: Instant?) {
        let row = try Self.row(end.key, db)
        var attempts = row.attempts
        var news: News = end.state == .gaveUp && row.state != .gaveUp ? .gaveUp : []
        let open = attempts.lastIndex { $0.channel == end.channel && $0.number == end.number }
        if let open {
            if attempts[open].outcome != end.outcome { news.insert(.outcome) }
            attempts[open].finishedAt = end.at
            attempts[open].outcome = end.outcome
        } else if end.number > 0 {
            news.insert(.outcome)
            attempts.append(
                StoredAttempt(
                    channel: end.channel,
                    number: end.number,
                    startedAt: end.at,
                    finishedAt: end.at,
                    outcome: end.outcome,
                    digest: end.digest
                )
            )
        }
        try FastStatement(
            db,
            """
            UPDATE notification SET state = ?, next_at = ?, channel = ?, attempts = ?, tried_at = ?
            WHERE key = ?
            """
        ).run(
            .text(end.state.rawValue),
            .optionalInteger(end.nextAt?.microseconds),
            .optionalText(end.nextChannel),
            .blob(NotificationCodec.encode(attempts)),
            .optionalInteger(attempts.compactMap(\.finishedAt).max()?.microseconds),
            .text(end.key)
        )
        return (news, open.map { attempts[$0].startedAt })
    }

    /// What the journal says of an attempt, and of giving up if it was the last.
    ///
    /// The policy that decided about the message is the one that its matter keeps.
    private static func record(
        of end: StoredAttemptEnd,
        _ news: News,
        _ startedAt: Instant?,
        _ db: Database
    ) throws -> JournalRecord? {
        let statement = try db.cachedStatement(
            sql: """
                SELECT n.matter, n.body, m.policy FROM notification n LEFT JOIN matter m ON m.id = n.matter
                WHERE n.key = ?
                """
        )
        guard let row = try Row.fetchOne(statement, arguments: [end.key]) else { return nil }
        let notification = try NotificationCodec.decode(
            row.bytes("body"),
            key: end.key,
            matter: MatterID(row["matter"])
        )
        let action =
            switch end.outcome {
            case .sent: "notification.sent"
            case .uncertain: "notification.uncertain"
            case .retry, .failed: "notification.failed"
            }
        var entries: [Transition] = []
        if news.contains(.outcome) { entries.append(entry(action, end, notification, since: startedAt)) }
        if news.contains(.gaveUp) {
            entries.append(entry("notification.gaveUp", end, notification, because: end.gaveUpBecause))
        }
        return JournalRecord(
            matter: notification.matter,
            enterprise: notification.enterprise,
            policyVersion: row["policy"],
            at: end.at,
            entries: entries
        )
    }

    private static func entry(
        _ action: String,
        _ end: StoredAttemptEnd,
        _ notification: Notification,
        since startedAt: Instant? = nil,
        because: String? = nil
    ) -> Transition {
        var fields = [
            Value.Member("notificationId", .string(end.key)),
            Value.Member("code", .string(notification.code)),
            Value.Member("stage", .string(notification.stage)),
            Value.Member("personRef", .string(notification.recipient.person.text)),
            Value.Member("role", .string(notification.recipient.role.text)),
        ]
        if end.number > 0 {
            fields.append(Value.Member("channel", .string(end.channel)))
            fields.append(Value.Member("attempt", .integer(Int64(end.number))))
        }
        if let trace = notification.values["traceparent"] {
            fields.append(Value.Member("traceparent", trace))
        }
        if let digest = end.digest { fields.append(Value.Member("digest", .string(digest))) }
        switch end.outcome {
        case .retry(let code, let reason, _), .failed(let code, let reason):
            fields.append(Value.Member("providerCode", .string(code)))
            fields.append(Value.Member("reason", .string(because ?? reason)))
        case .uncertain(let reason): fields.append(Value.Member("reason", .string(because ?? reason)))
        case .sent: break
        }
        // Of an attempt that a crash cut off nobody knows how long it took.
        if let startedAt, end.outcome != interrupted {
            let took = max(0, (end.at - startedAt).microseconds / 1_000)
            fields.append(Value.Member("durationMilliseconds", .integer(took)))
        }
        return Transition(
            action: action,
            rule: notification.rule,
            article: notification.article,
            cycle: notification.cycle,
            at: end.at,
            fields: .object(fields)
        )
    }

    private static let interrupted = SendOutcome.uncertain(reason: "the process ended in mid-send")

    package func notifications(triedSince moment: Instant) async throws -> [StoredNotification] {
        try await pool.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT \(Self.columns) FROM notification
                    WHERE tried_at IS NOT NULL AND tried_at >= ? ORDER BY tried_at
                    """,
                arguments: [moment.microseconds]
            ).map(Self.notification)
        }
    }

    package func recoverAttempts(now: Instant) async throws -> [JournalRecord] {
        let keys = try await pool.read { db in
            try Row.fetchAll(db, sql: "SELECT key, attempts FROM notification WHERE state = 'sending'").map {
                row in
                let last = try row.optionalBytes("attempts").map(NotificationCodec.attempts)?.last
                return (key: row["key"] as String, attempt: last)
            }
        }
        // The next channel is tried at once where there is one; the dispatcher decides by the attempts.
        return try await finishAttempts(
            keys.map { key, attempt in
                StoredAttemptEnd(
                    key: key,
                    channel: attempt?.channel ?? "",
                    number: attempt?.number ?? 1,
                    at: now,
                    outcome: Self.interrupted,
                    state: .uncertain,
                    nextAt: now,
                    digest: attempt?.digest
                )
            }
        )
    }

    package func notifications(of matter: MatterID) async throws -> [StoredNotification] {
        try await pool.read { db in
            try Row.fetchAll(
                db,
                sql: "SELECT \(Self.columns) FROM notification WHERE matter = ? ORDER BY rowid",
                arguments: [matter.text]
            ).map(Self.notification)
        }
    }
}
