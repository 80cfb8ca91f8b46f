import Duty
import GRDB

/// Going through the matters to move them to another policy.
extension SQLiteStore {
    private static let repolicyName = "repolicy"

    package func heads(after id: MatterID?, limit: Int) async throws -> [MatterHead] {
        try await pool.read { db in
            let rows = try Row.fetchAll(
                db,
                sql: "SELECT id, is_open, policy FROM matter WHERE id > ? ORDER BY id LIMIT ?",
                arguments: [id?.text ?? "", limit]
            )
            return rows.map {
                MatterHead(id: MatterID($0["id"]), isOpen: $0["is_open"], policyVersion: $0["policy"])
            }
        }
    }

    package func repolicy() async throws -> Repolicy? {
        try await pool.read { db in
            let sql = "SELECT value FROM meta WHERE name = ?"
            return try Row.fetchOne(db, sql: sql, arguments: [Self.repolicyName])
                .map { try RepolicyCodec.decode($0.bytes("value")) }
        }
    }

    static func writeRepolicy(_ order: Repolicy?, _ db: Database) throws {
        guard let order else { return }
        try writeMeta(repolicyName, RepolicyCodec.encode(order), db)
    }
}
