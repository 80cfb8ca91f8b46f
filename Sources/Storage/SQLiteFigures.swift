import Duty
import GRDB

/// Sums over all matters: read at once, however many there are.
extension SQLiteStore {
    static func figures(_ db: Database) throws -> Figures {
        var figures = Figures()
        // A sum beyond 64 bits is a real number by now; the cast cuts it off instead of ending the process.
        let rows = try Row.fetchAll(db, sql: "SELECT name, CAST(value AS INTEGER) AS value FROM figure")
        let values = Dictionary(rows.map { ($0["name"] as String, $0["value"] as Int64) }) { $1 }
        for (name, path) in Figures.numbers { figures[keyPath: path] = values[name] ?? 0 }
        return figures
    }

    /// Adds what a commit changes.
    static func writeFigures(_ changes: Figures, _ db: Database) throws {
        guard changes != Figures() else { return }
        let upsert = try FastStatement(
            db,
            """
            INSERT INTO figure (name, value) VALUES (?, ?)
            ON CONFLICT (name) DO UPDATE SET value = value + excluded.value
            """
        )
        for (name, path) in Figures.numbers where changes[keyPath: path] != 0 {
            try upsert.run(.text(name), .integer(changes[keyPath: path]))
        }
    }

    /// Sums up a file that was written before figures were kept.
    static func countFigures(_ db: Database) throws {
        var figures = Figures()
        let rows = try Row.fetchCursor(db, sql: "SELECT state FROM matter")
        while let row = try rows.next() { figures += Figures(try StateCodec.decode(row.bytes("state"))) }
        try writeFigures(figures, db)
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
