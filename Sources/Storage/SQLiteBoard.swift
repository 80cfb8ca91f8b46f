import Duty
import GRDB

/// The lists that people page through.
extension SQLiteStore: BoardStore {
    package func list(_ query: MatterQuery, now: Instant) async throws -> MatterPage {
        let scan = MatterScan(query, now: now)
        guard query.enterprises?.isEmpty != true else { return MatterPage(rows: [], next: nil) }
        return try await pool.read { db in
            var rows: [MatterRow] = []
            var last: MatterScan.Place?
            var place = query.after
            var looked = 0
            while let step = try scan.step(after: place, db) {
                let found = try Row.fetchCursor(
                    try db.cachedStatement(sql: step.sql),
                    arguments: step.arguments
                )
                while let row = try found.next() {
                    let matter = try Self.row(row)
                    guard query.rules.map(matter.state.has) ?? true else { continue }
                    // One more than fits: only then is there another page.
                    if rows.count == query.limit { return MatterPage(rows: rows, next: last) }
                    rows.append(matter)
                    last = scan.place(row)
                }
                guard let end = step.end else { return MatterPage(rows: rows, next: nil) }
                place = end
                looked += step.looked
                if looked >= scan.most {
                    return MatterPage(rows: rows, next: rows.count < query.limit ? end : last)
                }
            }
            return MatterPage(rows: rows, next: nil)
        }
    }

    private static func row(_ row: Row) throws -> MatterRow {
        MatterRow(
            id: MatterID(row["id"]),
            enterprise: (row["enterprise"] as String?).map { EnterpriseID($0) },
            policyVersion: row["policy"],
            isOpen: row["is_open"],
            dueAt: row.instant("due_at"),
            state: try StateCodec.decode(row.bytes("state"))
        )
    }

    package func notifications(
        before number: Int64?,
        onlyTrouble: Bool,
        limit: Int
    ) async throws -> [NotificationRow] {
        // The latest of each state, and of them the latest.
        let trouble = ["uncertain", "gaveUp", "failed"].map { state in
            """
            SELECT * FROM (SELECT rowid FROM notification WHERE state = '\(state)' AND rowid < ?1
              ORDER BY rowid DESC LIMIT ?2)
            """
        }
        let condition =
            onlyTrouble ? "rowid IN (\(trouble.joined(separator: " UNION ALL ")))" : "rowid < ?1"
        return try await pool.read { db in
            let statement = try db.cachedStatement(
                sql:
                    "SELECT rowid AS number, * FROM notification WHERE \(condition) ORDER BY rowid DESC LIMIT ?2"
            )
            return try Row.fetchAll(statement, arguments: [number ?? .max, limit]).map {
                NotificationRow(number: $0["number"], stored: try Self.notification($0))
            }
        }
    }

    package func lastNotifications(of matters: [MatterID]) async throws -> [MatterID: StoredNotification] {
        try await pool.read { db in
            let statement = try db.cachedStatement(
                sql: """
                    SELECT * FROM notification WHERE matter = ? AND state != 'silenced'
                    ORDER BY rowid DESC LIMIT 1
                    """
            )
            var last: [MatterID: StoredNotification] = [:]
            for matter in matters {
                guard let row = try Row.fetchOne(statement, arguments: [matter.text]) else { continue }
                last[matter] = try Self.notification(row)
            }
            return last
        }
    }

    package func summary(now: Instant) async throws -> BoardSummary {
        try await pool.read { db in
            func count(_ sql: String, _ arguments: StatementArguments = []) throws -> Int64 {
                let sql = "SELECT count(*) FROM (\(sql) LIMIT \(BoardSummary.most))"
                return try Int64.fetchOne(try db.cachedStatement(sql: sql), arguments: arguments) ?? 0
            }
            return BoardSummary(
                overdue: try count("SELECT 1 FROM matter WHERE due_at <= ?", [now.microseconds]),
                running: try count("SELECT 1 FROM matter WHERE due_at > ?", [now.microseconds]),
                waiting: try count("SELECT 1 FROM notification WHERE next_at IS NOT NULL"),
                undelivered: try count(
                    """
                    SELECT 1 FROM notification INDEXED BY notification_trouble
                    WHERE state IN ('uncertain', 'gaveUp', 'failed') AND tried_at > ?
                    """,
                    [(now - .days(1)).microseconds]
                ),
                newDeadLetters: try count(
                    "SELECT 1 FROM dead_letter WHERE " + Self.letters(in: DeadLetter.State.unsettled)
                ),
                supervision: try Self.figures(db)
            )
        }
    }

    package func versions(of type: MatterType) async throws -> [MatterID: Int64] {
        try await pool.read { db in
            let rows = try Row.fetchCursor(
                try db.cachedStatement(sql: "SELECT id, version FROM matter WHERE id >= ? AND id < ?"),
                arguments: [type.rawValue + "/", type.rawValue + "0"]
            )
            var versions: [MatterID: Int64] = [:]
            while let row = try rows.next() { versions[MatterID(row["id"])] = row["version"] }
            return versions
        }
    }

    package func latestFines(limit: Int) async throws -> [MatterID] {
        try await pool.read { db in
            let statement = try db.cachedStatement(
                sql: """
                    SELECT fine FROM (SELECT fine, sequence FROM ledger ORDER BY sequence DESC LIMIT ?)
                    GROUP BY fine ORDER BY max(sequence) DESC LIMIT ?
                    """
            )
            // A fine has a handful of entries; the latest ones stand among the latest of these.
            return try String.fetchAll(statement, arguments: [limit * 20, limit]).map { MatterID($0) }
        }
    }

    package func journal(before sequence: Int64?, limit: Int) async throws -> [JournalRecord] {
        try await pool.read { db in
            try Row.fetchAll(
                db,
                sql: "SELECT sequence, body FROM journal WHERE sequence < ? ORDER BY sequence DESC LIMIT ?",
                arguments: [sequence ?? .max, limit]
            ).map { try RecordCodec.journal($0.bytes("body"), sequence: $0["sequence"]) }
        }
    }

    package func load(limit: Int) async throws -> [(enterprise: EnterpriseID, open: Int64)] {
        try await pool.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT enterprise, count(*) AS open FROM matter
                    WHERE is_open = 1 AND enterprise IS NOT NULL AND due_at IS NOT NULL
                    GROUP BY enterprise ORDER BY open DESC, enterprise LIMIT ?
                    """,
                arguments: [limit]
            ).map { (EnterpriseID($0["enterprise"]), $0["open"]) }
        }
    }
}

extension MatterState {
    fileprivate func has(_ rules: Set<RuleID>) -> Bool {
        records.contains { !$0.isWithdrawn && rules.contains($0.key.rule) }
    }
}
