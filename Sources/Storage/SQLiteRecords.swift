import Duty
import GRDB

/// Headers of a dead letter as one column.
enum DeadLetterCodec {
    static func encode(_ headers: [DeadLetter.Header]) -> [UInt8] {
        JSONWriter.encode(
            .array(
                headers.map { header in
                    .array([.string(header.name), header.value.map { .string($0.hex) } ?? .null])
                }
            )
        )
    }

    static func decode(_ bytes: [UInt8]) throws -> [DeadLetter.Header] {
        try (JSONReader.decode(bytes).array ?? []).compactMap { pair in
            guard let parts = pair.array, parts.count == 2, let name = parts[0].string else { return nil }
            return DeadLetter.Header(name: name, value: parts[1].string.flatMap(bytes(hex:)))
        }
    }

    private static func bytes(hex: String) -> [UInt8]? {
        let digits = hex.compactMap(\.hexDigitValue)
        guard digits.count == hex.count, digits.count % 2 == 0 else { return nil }
        return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }
    }
}

/// Journal, ledger, dead letters and figures.
extension SQLiteStore {
    package func journal(after sequence: Int64, limit: Int) async throws -> [JournalRecord] {
        try await pool.read { db in
            try Row.fetchAll(
                db,
                sql: "SELECT sequence, body FROM journal WHERE sequence > ? ORDER BY sequence LIMIT ?",
                arguments: [sequence, limit]
            ).map { try RecordCodec.journal($0.bytes("body"), sequence: $0["sequence"]) }
        }
    }

    package func ledger(fine: MatterID?) async throws -> [LedgerEntry] {
        try await pool.read { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT l.sequence, l.body, l.hash, p.hash AS previous
                    FROM ledger l LEFT JOIN ledger p ON p.sequence = l.sequence - 1
                    WHERE ?1 IS NULL OR l.fine = ?1 ORDER BY l.sequence
                    """,
                arguments: [fine?.text]
            )
            return try rows.map { row in
                try RecordCodec.ledger(
                    row.bytes("body"),
                    sequence: row["sequence"],
                    previous: row.optionalBytes("previous") ?? HashChain.start,
                    hash: row.bytes("hash")
                )
            }
        }
    }

    package func deadLetters(
        in states: Set<DeadLetter.State>?,
        after number: Int64,
        limit: Int
    ) async throws -> [DeadLetter] {
        let among = states.map { " AND " + Self.letters(in: $0) } ?? ""
        return try await pool.read { db in
            try Row.fetchAll(
                db,
                sql: "SELECT * FROM dead_letter WHERE number > ?\(among) ORDER BY number LIMIT ?",
                arguments: [number, limit]
            ).map(Self.deadLetter)
        }
    }

    /// The condition that a row of `dead_letter` is in one of these states.
    static func letters(in states: Set<DeadLetter.State>) -> String {
        "state IN (" + states.map { "'\($0.rawValue)'" }.sorted().joined(separator: ", ") + ")"
    }

    package func deadLetter(_ number: Int64) async throws -> DeadLetter? {
        try await pool.read { db in
            try Row.fetchOne(db, sql: "SELECT * FROM dead_letter WHERE number = ?", arguments: [number])
                .map(Self.deadLetter)
        }
    }

    private static func deadLetter(_ row: Row) throws -> DeadLetter {
        var letter = DeadLetter(
            topic: row["topic"],
            partition: row["partition"],
            offset: row["offset"],
            key: row.optionalBytes("key"),
            value: row.optionalBytes("value"),
            headers: try DeadLetterCodec.decode(row.bytes("headers")),
            reason: row["reason"],
            detail: row["detail"],
            at: Instant(microseconds: row["at"])
        )
        letter.number = row["number"]
        letter.state = DeadLetter.State(rawValue: row["state"]) ?? .new
        return letter
    }

    package func setDeadLetters(_ numbers: [Int64], to state: DeadLetter.State) async throws {
        let isOperators = state == .retried || state == .discarded
        try await pool.write { db in
            for number in numbers {
                try db.execute(
                    sql: "UPDATE dead_letter SET state = ? WHERE number = ? AND (? OR state = 'new')",
                    arguments: [state.rawValue, number, isOperators]
                )
            }
        }
    }

    package func statistics(now: Instant) async throws -> StoreStatistics {
        try await pool.read { db in
            func count(_ sql: String, _ arguments: StatementArguments = []) throws -> Int64 {
                try Int64.fetchOne(db, sql: sql, arguments: arguments) ?? 0
            }
            func moment(_ sql: String) throws -> Instant? {
                try Int64.fetchOne(db, sql: sql).map { Instant(microseconds: $0) }
            }
            var figures = StoreStatistics()
            // No matter is ever deleted, so that the last row's number is how many there are.
            figures.matters = try count("SELECT coalesce(max(rowid), 0) FROM matter")
            figures.openMatters = try Self.openMatters(db)
            figures.overdueWakeUps = try count(
                "SELECT count(*) FROM (SELECT 1 FROM matter WHERE wake_at <= ? LIMIT 100000)",
                [now.microseconds]
            )
            figures.pending = try Self.pending(db)
            figures.oldestPending = try moment(
                "SELECT min(next_at) FROM notification WHERE next_at IS NOT NULL"
            )
            figures.newDeadLetters = try count(
                "SELECT count(*) FROM dead_letter WHERE " + Self.letters(in: DeadLetter.State.unsettled)
            )
            figures.journalRecords = try count("SELECT coalesce(max(sequence), 0) FROM journal")
            figures.facts = try count("SELECT coalesce(max(number), 0) FROM fact")
            figures.supervision = try Self.figures(db)
            return figures
        }
    }

    package func verify(
        progress: @Sendable (_ done: Int64, _ total: Int64) -> Void
    ) async throws -> VerificationReport {
        try await pool.read { db in
            var report = VerificationReport()
            let total =
                try Int64.fetchOne(
                    db,
                    sql: "SELECT (SELECT count(*) FROM journal) + (SELECT count(*) FROM ledger)"
                ) ?? 0
            var done: Int64 = 0
            for table in ["journal", "ledger"] {
                let (count, flaws) = try Self.verify(table, db) {
                    done += 1
                    if done % 1_000 == 0 { progress(done, total) }
                }
                report.flaws += flaws
                if table == "journal" { report.journalRecords = count } else { report.ledgerEntries = count }
            }
            progress(total, total)
            return report
        }
    }

    /// Goes along one chain; a row that was changed, removed or put in between breaks it.
    private static func verify(
        _ table: String,
        _ db: Database,
        tick: () -> Void
    ) throws -> (Int64, [VerificationReport.Flaw]) {
        var chain = HashChain()
        var flaws: [VerificationReport.Flaw] = []
        var count: Int64 = 0
        let columns = table == "ledger" ? "entry_id AS one, fine AS two" : "matter AS one, NULL AS two"
        let rows = try Row.fetchCursor(
            db,
            sql: "SELECT sequence, body, hash, \(columns) FROM \(table) ORDER BY sequence"
        )
        while let row = try rows.next() {
            let sequence: Int64 = row["sequence"]
            if sequence != chain.sequence + 1 {
                flaws.append(
                    VerificationReport.Flaw(
                        chain: table,
                        sequence: chain.sequence + 1,
                        reason: Wording(
                            "到 \(sequence - 1) 为止的行缺失",
                            "rows up to \(sequence - 1) are missing"
                        )
                    )
                )
                chain = HashChain(sequence: sequence - 1, head: chain.head)
            }
            let stored = row.bytes("hash")
            let (_, expected) = chain.append(row.bytes("body"))
            if stored != expected {
                flaws.append(
                    VerificationReport.Flaw(
                        chain: table,
                        sequence: sequence,
                        reason: Wording(
                            "散列与本行及前一行不符",
                            "the hash does not fit the row and the one before it"
                        )
                    )
                )
                chain = HashChain(sequence: sequence, head: stored)
            }
            if stored == expected, !columnsAgree(row, table) {
                flaws.append(
                    VerificationReport.Flaw(
                        chain: table,
                        sequence: sequence,
                        reason: Wording(
                            "某一列与记录内容不一致",
                            "a column says something else than the record"
                        )
                    )
                )
            }
            count += 1
            tick()
        }
        return (count, flaws)
    }

    /// The columns that look-ups go by are not hashed themselves; they must say what the hashed body says.
    private static func columnsAgree(_ row: Row, _ table: String) -> Bool {
        guard let body = try? JSONReader.decode(row.bytes("body")) else { return false }
        let one: String? = row["one"]
        let two: String? = row["two"]
        return table == "ledger"
            ? body["entryId"]?.string == one && body["fine"]?.string == two : body["matter"]?.string == one
    }
}
