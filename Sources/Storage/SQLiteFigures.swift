import Duty
import GRDB

/// Sums over all matters: read at once, however many there are.
extension SQLiteStore {
    /// The sums over all days.
    static func figures(_ db: Database) throws -> Figures {
        var figures = try figures(
            db,
            "SELECT NULL AS day, rule, outcome, late, value FROM tally WHERE day = ?",
            [allDays]
        )
        // A sum beyond 64 bits is a real number by now; the cast cuts it off instead of ending the process.
        let rows = try Row.fetchAll(db, sql: "SELECT name, CAST(value AS INTEGER) AS value FROM figure")
        let values = Dictionary(rows.map { ($0["name"] as String, $0["value"] as Int64) }) { $1 }
        for (name, path) in Figures.money { figures[keyPath: path] = values[name] ?? 0 }
        return figures
    }

    package func figures(from first: CivilDate, through last: CivilDate) async throws -> Figures {
        try await pool.read { db in
            try Self.figures(
                db,
                "SELECT day, rule, outcome, late, value FROM tally WHERE day BETWEEN ? AND ?",
                [max(first.dayNumber, Self.allDays + 1), last.dayNumber]
            )
        }
    }

    private static func figures(
        _ db: Database,
        _ sql: String,
        _ arguments: StatementArguments
    ) throws -> Figures {
        var figures = Figures()
        let rows = try Row.fetchCursor(try db.cachedStatement(sql: sql), arguments: arguments)
        while let row = try rows.next() {
            guard let (outcome, minutes) = outcome(row["outcome"]) else { continue }
            let rule: String = row["rule"]
            let slot = Figures.Slot(
                rule: rule.isEmpty ? nil : RuleID(rule),
                outcome: outcome,
                isLateIngest: row["late"],
                day: (row["day"] as Int64?).map { CivilDate(dayNumber: $0) },
                minutes: minutes
            )
            figures.add(row["value"], to: slot)
        }
        return figures
    }

    /// `met`, or `took.30` with the minutes.
    private static func text(_ slot: Figures.Slot) -> String {
        slot.outcome.rawValue + (slot.minutes.map { ".\($0)" } ?? "")
    }

    private static func outcome(_ text: String) -> (Figures.Outcome, Int64?)? {
        let parts = text.split(separator: ".", maxSplits: 1)
        guard let word = parts.first, let outcome = Figures.Outcome(rawValue: String(word)) else {
            return nil
        }
        return (outcome, parts.count == 2 ? Int64(parts[1]) : nil)
    }

    package func waiting() async throws -> [CivilDate: Int64] {
        try await pool.read { db in
            let rows = try Row.fetchAll(
                db,
                sql: "SELECT day, value FROM tally WHERE outcome = 'waiting' AND value <> 0 AND day > ?",
                arguments: [Self.allDays]
            )
            return Dictionary(
                uniqueKeysWithValues: rows.map { (CivilDate(dayNumber: $0["day"]), $0["value"]) }
            )
        }
    }

    /// The day of the sums over all days, long before any other.
    private static let allDays: Int64 = -1_000_000

    /// Adds what a commit changes: to each day, and to the sum over all.
    static func writeFigures(_ changes: Figures, _ db: Database) throws {
        guard changes != Figures() else { return }
        let money = try FastStatement(
            db,
            """
            INSERT INTO figure (name, value) VALUES (?, ?)
            ON CONFLICT (name) DO UPDATE SET value = value + excluded.value
            """
        )
        for (name, path) in Figures.money where changes[keyPath: path] != 0 {
            try money.run(.text(name), .integer(changes[keyPath: path]))
        }
        let tally = try FastStatement(
            db,
            """
            INSERT INTO tally (day, rule, outcome, late, value) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (day, rule, outcome, late) DO UPDATE SET value = value + excluded.value
            """
        )
        for figures in [changes, changes.total] {
            for (slot, count) in figures.counts {
                try tally.run(
                    .integer(slot.day?.dayNumber ?? allDays),
                    .text(slot.rule?.text ?? ""),
                    .text(text(slot)),
                    .integer(slot.isLateIngest ? 1 : 0),
                    .integer(count)
                )
            }
        }
    }

    /// Sums up a file that was written before these figures were kept, and takes what is looked up by its due date.
    static func countFigures(_ db: Database) throws {
        var figures = Figures()
        let rows = try Row.fetchCursor(db, sql: "SELECT rowid, state FROM matter")
        let update = try FastStatement(db, "UPDATE matter SET due_at = ? WHERE rowid = ?")
        var dues: [(row: Int64, due: Instant)] = []
        while let row = try rows.next() {
            let state = try StateCodec.decode(row.bytes("state"))
            figures += Figures(state)
            if let due = state.nextDue { dues.append((row["rowid"], due)) }
        }
        for (row, due) in dues { try update.run(.integer(due.microseconds), .integer(row)) }
        try writeFigures(figures, db)
    }

    private static let openMatters = "matters.open"

    /// Adds what a commit changes of how many are open: counting a million of them takes longer than a page may.
    static func countOpen(_ change: Int64, _ db: Database) throws {
        guard change != 0 else { return }
        try FastStatement(
            db,
            """
            INSERT INTO figure (name, value) VALUES (?, ?)
            ON CONFLICT (name) DO UPDATE SET value = value + excluded.value
            """
        ).run(.text(openMatters), .integer(change))
    }

    static func openMatters(_ db: Database) throws -> Int64 {
        try Int64.fetchOne(db, sql: "SELECT value FROM figure WHERE name = ?", arguments: [openMatters]) ?? 0
    }

    /// Counts what a file of an earlier version holds.
    static func countOpen(_ db: Database) throws {
        try db.execute(
            sql: """
                INSERT OR REPLACE INTO figure (name, value)
                SELECT ?, count(*) FROM matter WHERE is_open = 1 AND enterprise IS NOT NULL
                """,
            arguments: [openMatters]
        )
    }

    static func pending(_ db: Database) throws -> [StoreStatistics.Pending] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT class, channel, count(*) AS count FROM notification
                WHERE next_at IS NOT NULL GROUP BY class, channel ORDER BY class, channel
                """
        ).map {
            StoreStatistics.Pending(
                messageClass: MessageClass($0["class"]),
                channel: $0["channel"],
                count: $0["count"]
            )
        }
    }
}
