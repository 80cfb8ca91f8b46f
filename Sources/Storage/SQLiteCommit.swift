import Duty
import GRDB

/// The one transaction of the engine.
extension SQLiteStore {
    package func commit(_ commit: Commit) async throws -> CommitReceipt {
        // Encoding and hashing need no database, but the chains' order is the order of the transactions.
        let bodies = Bodies(commit)
        do {
            return try await pool.writeWithoutTransaction { db in
                var chains = try self.currentChains(db)
                var journal: [JournalRecord] = []
                try db.inTransaction(.immediate) {
                    try Self.writeFacts(commit, bodies.facts, db)
                    try Self.writeMatters(commit.matters, bodies.states, db)
                    journal = try Self.writeJournal(commit.journal, bodies.journal, &chains.journal, db)
                    try Self.writeLedger(commit.ledger, &chains.ledger, db)
                    try Self.writeNotifications(commit, bodies.notifications, db)
                    try Self.writeFigures(commit.figures, db)
                    try Self.writeDeadLetters(commit, db)
                    try Self.writeOffsets(commit.offsets, db)
                    try Self.writeSweep(commit.calendarSweep, db)
                    try Self.writeRepolicy(commit.repolicy, db)
                    try Self.writeHeartbeat(commit.heartbeat, db)
                    return .commit
                }
                self.chains.withLock { $0 = chains }
                return CommitReceipt(journal: journal)
            }
        } catch {
            chains.withLock { $0 = nil }
            throw error
        }
    }

    /// The rows' bodies, in the commit's order, made before the writer is taken.
    private struct Bodies: Sendable {
        let facts: [[UInt8]]
        let states: [[UInt8]]
        let journal: [[UInt8]]
        let notifications: [[UInt8]]

        init(_ commit: Commit) {
            facts = commit.facts.map(FactCodec.encode)
            states = commit.matters.map { StateCodec.encode($0.state) }
            journal = commit.journal.map(RecordCodec.encode)
            notifications = commit.notifications.map(NotificationCodec.encode)
        }
    }

    func currentChains(_ db: Database) throws -> Chains {
        if let chains = chains.withLock({ $0 }) { return chains }
        return Chains(journal: try Self.head("journal", db), ledger: try Self.head("ledger", db))
    }

    private static func head(_ table: String, _ db: Database) throws -> HashChain {
        let row = try Row.fetchOne(
            db,
            sql: "SELECT sequence, hash FROM \(table) ORDER BY sequence DESC LIMIT 1"
        )
        return row.map { HashChain(sequence: $0["sequence"], head: $0.bytes("hash")) } ?? HashChain()
    }

    private static func writeFacts(_ commit: Commit, _ bodies: [[UInt8]], _ db: Database) throws {
        let insert = try FastStatement(
            db,
            """
            INSERT INTO fact (event_id, source, matter, target, body) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT DO NOTHING
            """
        )
        var duplicates: [EventKey] = []
        for (fact, body) in zip(commit.facts, bodies) {
            let changed = try insert.run(
                .text(fact.key.id),
                .text(fact.key.source),
                .text(fact.matter.text),
                .optionalText(fact.addressedEvent),
                .blob(body)
            )
            if changed == 0 { duplicates.append(fact.key) }
        }
        guard duplicates.isEmpty else { throw StoreError.duplicateEvents(duplicates) }
        for (event, matter) in commit.moves {
            try db.execute(
                sql: "UPDATE fact SET matter = ? WHERE event_id = ? AND source = ?",
                arguments: [matter.text, event.id, event.source]
            )
        }
    }

    private static func writeMatters(
        _ matters: [StoredMatter],
        _ states: [[UInt8]],
        _ db: Database
    ) throws {
        let insert = try FastStatement(
            db,
            """
            INSERT INTO matter (id, version, enterprise, policy, is_open, undecided_until, wake_at, due_at, state)
            VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
            """
        )
        let update = try FastStatement(
            db,
            """
            UPDATE matter SET version = ?2, enterprise = ?3, policy = ?4, is_open = ?5, undecided_until = ?6,
              wake_at = ?7, due_at = ?8, state = ?9
            WHERE id = ?1 AND version = ?2 - 1
            """
        )
        var opened: Int64 = 0
        for (matter, state) in zip(matters, states) {
            opened += (matter.isCounted ? 1 : 0) - (matter.wasCounted ? 1 : 0)
            let enterprise = FastStatement.Argument.optionalText(matter.enterprise?.text)
            let wake = FastStatement.Argument.optionalInteger(matter.wakeAt?.microseconds)
            let due = FastStatement.Argument.optionalInteger(matter.state.nextDue?.microseconds)
            let open = FastStatement.Argument.integer(matter.isOpen ? 1 : 0)
            let undecided = FastStatement.Argument.optionalInteger(matter.undecidedUntil?.microseconds)
            let changed =
                matter.version == 1
                ? try insert.run(
                    .text(matter.id.text),
                    enterprise,
                    .text(matter.policyVersion),
                    open,
                    undecided,
                    wake,
                    due,
                    .blob(state)
                )
                : try update.run(
                    .text(matter.id.text),
                    .integer(matter.version),
                    enterprise,
                    .text(matter.policyVersion),
                    open,
                    undecided,
                    wake,
                    due,
                    .blob(state)
                )
            guard changed == 1 else { throw StoreError.staleMatter(matter.id) }
        }
        try countOpen(opened, db)
    }

    private static func writeJournal(
        _ records: [JournalRecord],
        _ bodies: [[UInt8]],
        _ chain: inout HashChain,
        _ db: Database
    ) throws -> [JournalRecord] {
        let insert = try FastStatement(
            db,
            "INSERT INTO journal (sequence, matter, body, hash) VALUES (?, ?, ?, ?)"
        )
        var written = records
        for (index, body) in bodies.enumerated() {
            let (sequence, hash) = chain.append(body)
            let matter = records[index].matter?.text
            try insert.run(.integer(sequence), .optionalText(matter), .blob(body), .blob(hash))
            written[index].sequence = sequence
        }
        return written
    }

    /// Appends to the journal outside of an engine's commit, inside a transaction of the caller; the records
    /// with their places in the chain.
    func appendJournal(_ records: [JournalRecord], _ db: Database) throws -> [JournalRecord] {
        var chains = try currentChains(db)
        let bodies = records.map(RecordCodec.encode)
        let written = try Self.writeJournal(records, bodies, &chains.journal, db)
        self.chains.withLock { $0 = chains }
        return written
    }

    private static func writeLedger(
        _ entries: [LedgerEntry],
        _ chain: inout HashChain,
        _ db: Database
    ) throws {
        let insert = try FastStatement(
            db,
            "INSERT INTO ledger (sequence, entry_id, fine, body, hash) VALUES (?, ?, ?, ?, ?)"
        )
        for entry in entries {
            let body = RecordCodec.encode(entry)
            let (sequence, hash) = chain.append(body)
            try insert.run(
                .integer(sequence),
                .text(entry.posting.entryID),
                .text(entry.posting.fine.text),
                .blob(body),
                .blob(hash)
            )
        }
    }

    private static func writeNotifications(_ commit: Commit, _ bodies: [[UInt8]], _ db: Database) throws {
        let insert = try FastStatement(
            db,
            """
            INSERT INTO notification (key, matter, state, urgency, next_at, class, body)
            VALUES (?, ?, 'pending', ?, ?, ?, ?)
            ON CONFLICT (key) DO UPDATE SET state = 'pending', urgency = excluded.urgency,
              next_at = excluded.next_at, class = excluded.class, body = excluded.body, silence = NULL
            WHERE state = 'silenced'
            """
        )
        for (notification, body) in zip(commit.notifications, bodies) {
            try insert.run(
                .text(notification.key),
                .text(notification.matter.text),
                .integer(Int64(notification.urgency)),
                .integer(notification.requestedAt.microseconds),
                .text(notification.messageClass.text),
                .blob(body)
            )
        }
        try writeSilenced(commit.silenced, db)
        for acknowledgement in commit.acknowledgements {
            try db.execute(
                sql: """
                    UPDATE notification SET acknowledged_by = ?, acknowledged_at = ?, acknowledged_via = ?
                    WHERE key = ? AND acknowledged_at IS NULL
                    """,
                arguments: [
                    acknowledgement.person.text, acknowledgement.at.microseconds, acknowledgement.via,
                    acknowledgement.key,
                ]
            )
        }
    }

    /// What is said after all takes the row over; a second silence takes it from the first.
    private static func writeSilenced(_ silenced: [SilencedNotification], _ db: Database) throws {
        guard !silenced.isEmpty else { return }
        let insert = try FastStatement(
            db,
            """
            INSERT INTO notification (key, matter, state, urgency, class, body, silence)
            VALUES (?, ?, 'silenced', ?, ?, ?, ?)
            ON CONFLICT (key) DO UPDATE SET body = excluded.body, silence = excluded.silence
            WHERE state = 'silenced'
            """
        )
        for item in silenced {
            try insert.run(
                .text(item.notification.key),
                .text(item.notification.matter.text),
                .integer(Int64(item.notification.urgency)),
                .text(item.notification.messageClass.text),
                .blob(NotificationCodec.encode(item.notification)),
                .text(item.silence)
            )
        }
    }

    private static func writeDeadLetters(_ commit: Commit, _ db: Database) throws {
        let insert = try FastStatement(
            db,
            """
            INSERT INTO dead_letter (topic, partition, offset, key, value, headers, reason, detail, at, state)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        )
        for (number, state) in commit.letterStates {
            try db.execute(
                sql: "UPDATE dead_letter SET state = ? WHERE number = ?",
                arguments: [state.rawValue, number]
            )
        }
        for letter in commit.deadLetters {
            try insert.run(
                .text(letter.topic),
                .integer(Int64(letter.partition)),
                .integer(letter.offset),
                .optionalBlob(letter.key),
                .optionalBlob(letter.value),
                .blob(DeadLetterCodec.encode(letter.headers)),
                .text(letter.reason),
                .text(letter.detail),
                .integer(letter.at.microseconds),
                .text(letter.state.rawValue)
            )
        }
    }

    private static func writeOffsets(_ offsets: [StoredOffset], _ db: Database) throws {
        let upsert = try FastStatement(
            db,
            """
            INSERT INTO consumed (topic, partition, next) VALUES (?, ?, ?)
            ON CONFLICT (topic, partition) DO UPDATE SET next = max(next, excluded.next)
            """
        )
        for offset in offsets {
            try upsert.run(.text(offset.topic), .integer(Int64(offset.partition)), .integer(offset.next))
        }
    }

    private static func writeHeartbeat(_ moment: Instant?, _ db: Database) throws {
        guard let moment else { return }
        try FastStatement(
            db,
            """
            INSERT INTO meta (name, value) VALUES ('heartbeat', ?)
            ON CONFLICT (name) DO UPDATE SET value = excluded.value
            """
        ).run(.integer(moment.microseconds))
    }
}
