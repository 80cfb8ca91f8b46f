import Duty
import Foundation
import GRDB
import GRDBSQLite
import Storage
import Synchronization
import Testing

/// Whether a commit is on the disk before it counts, seen from below SQLite.
@Suite struct SynchronousTests {
    @Test func everyCommitIsSyncedToTheLogBeforeItCounts() async throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        SyncCounter.watch(marker: scratch.folder)
        let store = try SQLiteStore(path: scratch.database)
        for number: Int64 in 1...5 {
            let before = SyncCounter.count
            _ = try await store.commit(Commit { $0.deadLetters = [Sample.letter(number)] })
            #expect(SyncCounter.count > before, "commit \(number) was not synced")
        }
        _ = try await store.commit(Commit { $0.notifications = [Sample.notification("n")] })
        let before = SyncCounter.count
        let start = StoredAttemptStart(key: "n", channel: "hook", number: 1, at: Sample.noon)
        try await store.beginAttempts([start])
        #expect(SyncCounter.count > before, "the intent to send was not synced")
        try await store.close()
        try await self.aPoolAsItComesSyncsNothing()
    }

    /// The counter can tell: a pool as GRDB opens it keeps its log in memory until the next checkpoint.
    private func aPoolAsItComesSyncsNothing() async throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        SyncCounter.watch(marker: scratch.folder)
        let pool = try DatabasePool(path: scratch.database)
        try await pool.write { try $0.execute(sql: "CREATE TABLE t (n)") }
        let before = SyncCounter.count
        try await pool.write { try $0.execute(sql: "INSERT INTO t VALUES (1)") }
        #expect(SyncCounter.count == before)
        try pool.close()
    }
}

/// Stands between SQLite and the file system and counts the syncs of write-ahead logs in one folder.
private enum SyncCounter {
    private struct Watch: @unchecked Sendable {
        var marker = ""
        var original: UnsafeMutablePointer<sqlite3_vfs>?
        var methods: UnsafePointer<sqlite3_io_methods>?
        let counting = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
    }

    private static let state = Mutex(Watch())
    private static let syncs = Atomic<Int>(0)

    static var count: Int { syncs.load(ordering: .sequentiallyConsistent) }

    static func watch(marker: String) {
        state.withLock { state in
            state.marker = marker
            guard state.original == nil, let original = sqlite3_vfs_find(nil) else { return }
            state.original = original
            let shim = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
            shim.initialize(to: original.pointee)
            shim.pointee.pNext = nil
            shim.pointee.zName = UnsafePointer(strdup("counting"))
            shim.pointee.xOpen = { _, name, file, flags, outFlags in
                SyncCounter.open(name, file, flags, outFlags)
            }
            sqlite3_vfs_register(shim, 1)
        }
    }

    private static func open(
        _ name: UnsafePointer<CChar>?,
        _ file: UnsafeMutablePointer<sqlite3_file>?,
        _ flags: Int32,
        _ outFlags: UnsafeMutablePointer<Int32>?
    ) -> Int32 {
        let (original, marker) = state.withLock { ($0.original, $0.marker) }
        guard let original, let open = original.pointee.xOpen else { return SQLITE_ERROR }
        let code = open(original, name, file, flags, outFlags)
        let path = name.map { String(cString: $0) } ?? ""
        guard code == SQLITE_OK, let file, path.hasPrefix(marker), path.hasSuffix("-wal") else { return code }
        state.withLock { state in
            if state.methods == nil, let methods = file.pointee.pMethods {
                state.methods = methods
                state.counting.initialize(to: methods.pointee)
                state.counting.pointee.xSync = { file, flags in SyncCounter.sync(file, flags) }
            }
            file.pointee.pMethods = UnsafePointer(state.counting)
        }
        return code
    }

    private static func sync(_ file: UnsafeMutablePointer<sqlite3_file>?, _ flags: Int32) -> Int32 {
        syncs.add(1, ordering: .sequentiallyConsistent)
        let methods = state.withLock { $0.methods }
        return methods?.pointee.xSync(file, flags) ?? SQLITE_ERROR
    }
}
