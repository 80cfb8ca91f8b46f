import Duty
import Foundation
import GRDB
import Synchronization

/// The store on one machine: a single SQLite file in WAL mode, with every commit on disk before it counts.
package final class SQLiteStore: Store {
    let pool: DatabasePool
    private let lock: ProcessLock?
    /// Heads of the two chains, read once and then kept here; the writer is the only one who moves them.
    let chains = Mutex<Chains?>(nil)

    /// Keys of notifications that were handed out, by their rows: what the dispatcher still has in hand is passed over by
    /// the index alone, however much of it waits for a channel that does not answer.
    let handedOut = Mutex<[Int64: String]>([:])

    struct Chains {
        var journal: HashChain
        var ledger: HashChain
    }

    /// Opens or creates the file at `path`, brings its tables up to date and takes it for this process alone.
    ///
    /// With `exclusively`: false for a reader beside the daemon, such as `audit verify`.
    /// Throws `StoreError.inUse` if another process has it, `StoreError.unusable` if it cannot be used.
    package init(path: String, exclusively: Bool = true) throws {
        lock = exclusively ? try ProcessLock(path: path + ".lock", of: path) : nil
        var configuration = Configuration()
        // A reader leaves the file as it is, whatever it turns out to be.
        configuration.readonly = !exclusively
        if exclusively { configuration.journalMode = .wal }
        configuration.busyMode = .timeout(10)
        configuration.label = "dutyclock"
        configuration.maximumReaderCount = 4
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA cache_size = -65536; PRAGMA mmap_size = 268435456")
        }
        do {
            let isNew = !FileManager.default.fileExists(atPath: path)
            if exclusively, !isNew { try SQLiteStore.refuseForeign(path) }
            pool = try DatabasePool(path: path, configuration: configuration)
            if isNew {
                try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA auto_vacuum = NONE") }
            }
        } catch let error as DatabaseError {
            let reason = error.message ?? "no message from SQLite"
            throw StoreError.unusable(Wording("\(path): 打不开:\(reason)", "\(path): \(reason)"))
        }
        try SQLiteStore.prepare(pool, path: path, migrating: exclusively)
    }

    /// Before anything is written: a file with tables, none of them ours, is somebody else's.
    private static func refuseForeign(_ path: String) throws {
        var configuration = Configuration()
        configuration.readonly = true
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        let isForeign = try queue.read { db in
            let tables =
                try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master WHERE type = 'table'") ?? 0
            return try tables > 0 && !db.tableExists("grdb_migrations")
        }
        try queue.close()
        if isForeign { throw StoreError.unusable(foreign(path)) }
    }

    private static func foreign(_ path: String) -> Wording {
        Wording("\(path) 不是 dutyclock 的数据库", "\(path) is no database of dutyclock")
    }

    /// GRDB sets `synchronous` to NORMAL when it opens a pool, which would let a power cut forget a commit.
    private static func prepare(_ pool: DatabasePool, path: String, migrating: Bool) throws {
        if migrating {
            try pool.writeWithoutTransaction {
                try $0.execute(sql: "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000")
            }
            guard try pool.read({ try !SQLiteSchema.migrator.hasBeenSuperseded($0) }) else {
                throw StoreError.unusable(newer(path))
            }
            try SQLiteSchema.migrator.migrate(pool)
            let level = try pool.writeWithoutTransaction { try Int.fetchOne($0, sql: "PRAGMA synchronous") }
            guard level == 2 else {
                throw StoreError.unusable(
                    Wording(
                        "\(path): synchronous 是 \(level ?? -1),不是 FULL",
                        "\(path): synchronous is \(level ?? -1), not FULL"
                    )
                )
            }
        } else {
            try pool.read { try requirePresent($0, path) }
        }
    }

    /// A reader does not bring tables up to date, and says who does.
    private static func requirePresent(_ db: Database, _ path: String) throws {
        let migrator = SQLiteSchema.migrator
        let isOurs = try db.tableExists("grdb_migrations") && db.tableExists("journal")
        guard isOurs else {
            throw StoreError.unusable(foreign(path))
        }
        if try migrator.hasBeenSuperseded(db) { throw StoreError.unusable(newer(path)) }
        guard try migrator.hasCompletedMigrations(db) else {
            throw StoreError.unusable(
                Wording(
                    "\(path) 由较早版本的 dutyclock 写成:先用本版本运行一次 serve(它会更新表结构)再核对,"
                        + "或用写它的那个版本核对",
                    "\(path) was written by an older dutyclock: run serve of this version on it once, which brings its "
                        + "tables up to date, or use the version that wrote it"
                )
            )
        }
    }

    private static func newer(_ path: String) -> Wording {
        Wording(
            "\(path) 由较新版本的 dutyclock 写成,请用那个版本",
            "\(path) was written by a newer dutyclock; use that version"
        )
    }

    package func close() async throws {
        try pool.close()
        lock?.release()
    }

    // MARK: Reading matters

    package func matters(_ ids: [MatterID]) async throws -> [StoredMatter] {
        if ids.isEmpty { return [] }
        return try await pool.read { db in try ids.compactMap { try Self.matter($0, db) } }
    }

    private static func matter(_ id: MatterID, _ db: Database) throws -> StoredMatter? {
        let statement = try db.cachedStatement(
            sql: """
                SELECT version, enterprise, policy, is_open, undecided_until, wake_at, state FROM matter WHERE id = ?
                """
        )
        // A text ends there for SQLite, which would find the row of the name before it.
        guard !id.text.utf8.contains(0) else { return nil }
        guard let row = try Row.fetchOne(statement, arguments: [id.text]) else { return nil }
        let facts = try Row.fetchAll(
            try db.cachedStatement(
                sql: "SELECT event_id, source, body FROM fact WHERE matter = ? ORDER BY number"
            ),
            arguments: [id.text]
        )
        var matter = StoredMatter(
            id: id,
            version: row["version"],
            enterprise: (row["enterprise"] as String?).map { EnterpriseID($0) },
            policyVersion: row["policy"],
            isOpen: row["is_open"],
            undecidedUntil: row.instant("undecided_until"),
            wakeAt: row.instant("wake_at"),
            state: try StateCodec.decode(row.bytes("state")),
            facts: try facts.map { fact in
                try FactCodec.decode(
                    fact.bytes("body"),
                    key: EventKey(source: fact["source"], id: fact["event_id"]),
                    matter: id
                )
            }
        )
        matter.markOnRecord()
        return matter
    }

    package func openMatters(of enterprise: EnterpriseID, at moment: Instant) async throws -> [MatterID] {
        try await ids(Self.openOnes, [enterprise.text, enterprise.text, moment.microseconds])
    }

    package func closedMatters(of enterprise: EnterpriseID, at moment: Instant) async throws -> [MatterID] {
        try await ids(Self.closedOnes, [enterprise.text, moment.microseconds])
    }

    /// An open matter is never undecided as well.
    static let openOnes = """
        SELECT id FROM matter WHERE enterprise = ? AND is_open = 1
        UNION ALL SELECT id FROM matter WHERE enterprise = ? AND undecided_until > ? ORDER BY id
        """
    static let closedOnes = """
        SELECT id FROM matter WHERE enterprise = ? AND is_open = 0
        AND (undecided_until IS NULL OR undecided_until <= ?) ORDER BY id
        """

    private func ids(_ sql: String, _ arguments: StatementArguments) async throws -> [MatterID] {
        try await pool.read { db in
            try String.fetchAll(try db.cachedStatement(sql: sql), arguments: arguments).map { MatterID($0) }
        }
    }

    package func silencedMatters(by silence: String) async throws -> [MatterID] {
        try await pool.read { db in
            try String.fetchAll(
                db,
                sql: "SELECT DISTINCT matter FROM notification WHERE silence = ? ORDER BY matter",
                arguments: [silence]
            ).map { MatterID($0) }
        }
    }

    /// Both halves are answered from an index.
    package static let around = """
        SELECT number, event_id, source, matter, body FROM fact WHERE event_id = ?1
        UNION SELECT number, event_id, source, matter, body FROM fact WHERE target = ?1
        ORDER BY number
        """

    package func events(around ids: [String]) async throws -> [Fact] {
        try await pool.read { db in
            let statement = try db.cachedStatement(sql: Self.around)
            var found: [Fact] = []
            var seen: Set<EventKey> = []
            for id in ids {
                for row in try Row.fetchAll(statement, arguments: [id]) {
                    let key = EventKey(source: row["source"], id: row["event_id"])
                    guard seen.insert(key).inserted else { continue }
                    found.append(
                        try FactCodec.decode(row.bytes("body"), key: key, matter: MatterID(row["matter"]))
                    )
                }
            }
            return found
        }
    }

    package static let addressed = "SELECT DISTINCT target FROM fact WHERE target IS NOT NULL"

    package func addressedEvents() async throws -> Set<String> {
        try await pool.read { db in
            Set(try String.fetchAll(db, sql: Self.addressed))
        }
    }

    package func offsets() async throws -> [StoredOffset] { try await pool.read(Self.offsets) }

    package func offsetsBlocking() throws -> [StoredOffset] { try pool.read(Self.offsets) }

    private static func offsets(_ db: Database) throws -> [StoredOffset] {
        try Row.fetchAll(db, sql: "SELECT topic, partition, next FROM consumed").map {
            StoredOffset(topic: $0["topic"], partition: $0["partition"], next: $0["next"])
        }
    }

    package func matterIDs(of type: MatterType) async throws -> [MatterID] {
        try await pool.read { db in
            try String.fetchAll(
                db,
                sql: "SELECT id FROM matter WHERE id >= ? AND id < ? ORDER BY id",
                arguments: [type.rawValue + "/", type.rawValue + "0"]
            ).map { MatterID($0) }
        }
    }

    package func wakeUps(until moment: Instant, limit: Int) async throws -> [WakeUp] {
        try await pool.read { db in
            try Row.fetchAll(
                db,
                sql: "SELECT id, wake_at FROM matter WHERE wake_at <= ? ORDER BY wake_at LIMIT ?",
                arguments: [moment.microseconds, limit]
            ).map { WakeUp(matter: MatterID($0["id"]), at: Instant(microseconds: $0["wake_at"])) }
        }
    }

    package func nextWakeUp() async throws -> Instant? {
        try await pool.read { db in
            try Int64.fetchOne(
                db,
                sql: "SELECT wake_at FROM matter WHERE wake_at IS NOT NULL ORDER BY wake_at LIMIT 1"
            )
            .map { Instant(microseconds: $0) }
        }
    }

    // MARK: Policies and cursors

    package func savePolicy(version: String, text: String) async throws {
        try await pool.write { db in
            try db.execute(
                sql: "INSERT INTO policy (version, body) VALUES (?, ?) ON CONFLICT DO NOTHING",
                arguments: [version, text]
            )
        }
    }

    package func policies() async throws -> [String: String] {
        try await pool.read { db in
            let rows = try Row.fetchAll(db, sql: "SELECT version, body FROM policy")
            return Dictionary(rows.map { ($0["version"] as String, $0["body"] as String) }) { first, _ in
                first
            }
        }
    }

    /// The first one that was ever kept counts, whoever asks at the same time.
    package func secret(named name: String, orKeep fresh: [UInt8]) async throws -> [UInt8] {
        try await pool.write { db in
            try db.execute(
                sql: "INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING",
                arguments: ["secret." + name, Data(fresh)]
            )
            let kept = try Data.fetchOne(
                db,
                sql: "SELECT value FROM meta WHERE name = ?",
                arguments: ["secret." + name]
            )
            guard let kept else { throw CorruptRow(what: "secret") }
            return Array(kept)
        }
    }

    package func cursor(_ name: String) async throws -> Int64 {
        try await pool.read { db in
            try Int64.fetchOne(
                db,
                sql: "SELECT value FROM meta WHERE name = ?",
                arguments: ["cursor." + name]
            ) ?? 0
        }
    }

    package func setCursor(_ name: String, to sequence: Int64) async throws {
        try await pool.write { db in
            try db.execute(
                sql: """
                    INSERT INTO meta (name, value) VALUES (?, ?)
                    ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value)
                    """,
                arguments: ["cursor." + name, sequence]
            )
        }
    }
}
