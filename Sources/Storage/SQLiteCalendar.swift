import Duty
import GRDB

/// Going through the open matters after the calendar has changed.
extension SQLiteStore {
    private static let sweepName = "calendar.sweep"

    package func openMatters(after id: MatterID?, limit: Int) async throws -> OpenMatters {
        try await pool.read { db in
            // Along the key, whatever is open: each call reads so many rows and no more.
            let rows = try Row.fetchAll(
                db,
                sql: "SELECT id, is_open FROM matter WHERE id > ? ORDER BY id LIMIT ?",
                arguments: [id?.text ?? "", limit]
            )
            let open = rows.filter { $0["is_open"] }.map { MatterID($0["id"]) }
            return OpenMatters(open: open, last: rows.last.map { MatterID($0["id"]) })
        }
    }

    package func calendarSweep() async throws -> CalendarSweep? {
        try await pool.read { db in
            try Row.fetchOne(db, sql: "SELECT value FROM meta WHERE name = ?", arguments: [Self.sweepName])
                .map { try CalendarSweepCodec.decode($0.bytes("value")) }
        }
    }

    static func writeSweep(_ sweep: CalendarSweep?, _ db: Database) throws {
        guard let sweep else { return }
        try writeMeta(sweepName, CalendarSweepCodec.encode(sweep), db)
    }

    static func writeMeta(_ name: String, _ bytes: [UInt8], _ db: Database) throws {
        let upsert = try FastStatement(
            db,
            "INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
        )
        try upsert.run(.text(name), .blob(bytes))
    }
}
