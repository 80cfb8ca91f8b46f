import Crypto
import Duty
import Foundation
import GRDB
import Storage
import Synchronization
import Testing

/// Notes of a progress report.
final class Ticks: Sendable {
    private let notes = Mutex<[[Int64]]>([])
    func note(_ done: Int64, _ total: Int64) { notes.withLock { $0.append([done, total]) } }
    var all: [[Int64]] { notes.withLock { $0 } }
}

/// The file itself: its owner, what survives, and what was done to it behind the store's back.
@Suite struct SQLiteFileTests {
    private static func fill(_ store: SQLiteStore) async throws {
        for number in 1...5 {
            _ = try await store.commit(
                Commit {
                    $0.facts = [Sample.fact("f\(number)")]
                    $0.matters = [Sample.matter(version: Int64(number))]
                    $0.journal = [Sample.record(action: "action \(number)")]
                    $0.ledger = [Sample.posting("entry \(number)")]
                    $0.notifications = [Sample.notification("n\(number)")]
                    $0.deadLetters = [Sample.letter(Int64(number))]
                    $0.offsets = [StoredOffset(topic: "park.events", partition: 0, next: Int64(number))]
                }
            )
        }
    }

    @Test func oneFileServesOneStore() async throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let store = try SQLiteStore(path: scratch.database)
        let process = "\(ProcessInfo.processInfo.processIdentifier)"
        #expect(throws: StoreError.inUse(path: scratch.database, process: process)) {
            try SQLiteStore(path: scratch.database)
        }
        let reader = try SQLiteStore(path: scratch.database, exclusively: false)
        #expect(try await reader.offsets().isEmpty)
        try await reader.close()
        try await store.close()
        try await SQLiteStore(path: scratch.database).close()
    }

    @Test func everythingIsThereAfterClosingAndOpening() async throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let first = try SQLiteStore(path: scratch.database)
        try await Self.fill(first)
        try await first.savePolicy(version: "1", text: "规则")
        try await first.setCursor("log", to: 3)
        _ = try await first.secret(named: "links", orKeep: [1, 2, 3])
        let before = try await first.contents(of: ["complaint/1"])
        try await first.close()
        let second = try SQLiteStore(path: scratch.database)
        #expect(try await second.contents(of: ["complaint/1"]) == before)
        #expect(try await second.policies() == ["1": "规则"])
        #expect(try await second.cursor("log") == 3)
        #expect(try await second.secret(named: "links", orKeep: [4]) == [1, 2, 3])
        let receipt = try await second.commit(Commit { $0.journal = [Sample.record()] })
        #expect(receipt.journal.map(\.sequence) == [6])
        #expect(try await second.verify { _, _ in }.isSound)
        try await second.close()
    }

    @Test func aCrashKeepsWhatWasCommitted() async throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let store = try SQLiteStore(path: scratch.database)
        try await Self.fill(store)
        try await store.beginAttempts([
            StoredAttemptStart(key: "n1", channel: "hook", number: 1, at: Sample.noon)
        ])
        let before = try await store.contents(of: ["complaint/1"])
        // What a dead process leaves behind: the file and its log, neither closed nor tidied.
        let copy = scratch.folder + "/copy.db"
        for ending in ["", "-wal"] {
            try FileManager.default.copyItem(atPath: scratch.database + ending, toPath: copy + ending)
        }
        let revived = try SQLiteStore(path: copy)
        #expect(try await revived.contents(of: ["complaint/1"]) == before)
        #expect(try await revived.recoverAttempts(now: Sample.noon).count == 1)
        #expect(try await revived.verify { _, _ in }.isSound)
        try await revived.close()
        try await store.close()
    }

    @Test func aFileOfAnotherKindIsNotTouched() async throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let text = Data(String(repeating: "no database. ", count: 200).utf8)
        try text.write(to: URL(fileURLWithPath: scratch.database))
        let unusable = { (error: any Error) in if case StoreError.unusable = error { true } else { false } }
        #expect(performing: { try SQLiteStore(path: scratch.database) }, throws: unusable)
        #expect(try Data(contentsOf: URL(fileURLWithPath: scratch.database)) == text)
        #expect(performing: { try SQLiteStore(path: scratch.folder + "/none/x.db") }, throws: unusable)
    }

    @Test(arguments: [true, false])
    func aDatabaseOfSomebodyElseIsRefusedAndStaysAsItWas(_ exclusively: Bool) async throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let queue = try DatabaseQueue(path: scratch.database)
        try await queue.write { try $0.execute(sql: "CREATE TABLE journal (account TEXT)") }
        try queue.close()
        let before = try Data(contentsOf: URL(fileURLWithPath: scratch.database))
        #expect {
            _ = try SQLiteStore(path: scratch.database, exclusively: exclusively)
        } throws: { error in
            guard case StoreError.unusable(let words) = error else { return false }
            return words.english == "\(scratch.database) is no database of dutyclock"
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: scratch.database)) == before)
    }

    @Test func aReaderMakesNoDatabaseOfAnEmptyFile() async throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        #expect(FileManager.default.createFile(atPath: scratch.database, contents: nil))
        #expect(throws: StoreError.self) { try SQLiteStore(path: scratch.database, exclusively: false) }
        #expect(try Data(contentsOf: URL(fileURLWithPath: scratch.database)).isEmpty)
    }

    @Test func aFileOfANewerVersionIsRefused() async throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        try await SQLiteStore(path: scratch.database).close()
        try Self.tamper(scratch.database) {
            try $0.execute(sql: "INSERT INTO grdb_migrations (identifier) VALUES ('9 of the future')")
        }
        for exclusively in [true, false] {
            #expect(
                try Self.refusal(scratch, exclusively) == "was written by a newer dutyclock; use that version"
            )
        }
    }

    /// Why the file is not opened, without its path.
    private static func refusal(_ scratch: Scratch, _ exclusively: Bool) throws -> String? {
        do {
            _ = try SQLiteStore(path: scratch.database, exclusively: exclusively)
            return nil
        } catch StoreError.unusable(let wording) {
            #expect(wording.chinese.contains("dutyclock") && !wording.chinese.contains("was written"))
            return wording.english.replacingOccurrences(of: scratch.database + " ", with: "")
        }
    }

    @Test func aReaderOfAnOlderFileSaysWhoBringsItUpToDate() async throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        try await SQLiteStore(path: scratch.database).close()
        try Self.tamper(scratch.database) {
            try $0.execute(sql: "DELETE FROM grdb_migrations WHERE identifier = 'how many matters are open'")
        }
        let said = try #require(try Self.refusal(scratch, false))
        #expect(said.contains("older dutyclock") && said.contains("run serve"))
        try Self.tamper(scratch.database) { try $0.execute(sql: "DROP TABLE grdb_migrations") }
        #expect(try Self.refusal(scratch, false) == "is no database of dutyclock")
    }

    @Test func voidsOfAnOlderFileAreFoundByWhatTheyAreAbout() async throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let store = try SQLiteStore(path: scratch.database)
        _ = try await store.commit(
            Commit {
                $0.facts = [
                    Sample.fact("f"), Sample.amendment("v", of: "f"),
                    Sample.amendment("w", of: "f", source: "/app"),
                    Sample.amendment("own", of: "f", source: Fact.reflectionSource),
                ]
                $0.matters = [Sample.matter()]
            }
        )
        let before = try await store.events(around: ["f"])
        #expect(before.count == 3)
        try await store.close()
        try Self.tamper(scratch.database) { db in
            try db.execute(sql: "DROP INDEX fact_target; ALTER TABLE fact DROP COLUMN target")
            try db.execute(
                sql: "DELETE FROM grdb_migrations WHERE identifier = 'what corrections and voids are about'"
            )
        }
        let older = try SQLiteStore(path: scratch.database)
        #expect(try await older.events(around: ["f"]) == before)
        #expect(try await older.addressedEvents() == ["f"])
        try await older.close()
    }

    @Test func amendmentsAreFoundThroughTheirIndexes() async throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        try await SQLiteStore(path: scratch.database).close()
        let queue = try DatabaseQueue(path: scratch.database)
        for sql in [SQLiteStore.around, SQLiteStore.addressed] {
            let plan = try await queue.read { db in
                try Row.fetchAll(
                    db,
                    sql: "EXPLAIN QUERY PLAN " + sql,
                    arguments: sql.contains("?") ? ["f"] : []
                )
                .map { $0["detail"] as String }
            }
            #expect(
                plan.contains { $0.contains("fact_target") } && !plan.contains { $0 == "SCAN fact" },
                "\(plan)"
            )
        }
        try queue.close()
    }

    @Test func aFileThatWasRefusedCanBeOpenedOnceItIsRight() async throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        try Data("no database".utf8).write(to: URL(fileURLWithPath: scratch.database))
        #expect(throws: (any Error).self) { try SQLiteStore(path: scratch.database) }
        try FileManager.default.removeItem(atPath: scratch.database)
        try await SQLiteStore(path: scratch.database).close()
    }

    @Test func theFileKeepsAWriteAheadLog() async throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        try await SQLiteStore(path: scratch.database).close()
        let queue = try DatabaseQueue(path: scratch.database)
        let mode = try await queue.read { try String.fetchOne($0, sql: "PRAGMA journal_mode") }
        #expect(mode == "wal")
        try queue.close()
    }

    // MARK: Tampering

    /// Does something to the file behind the store's back.
    private static func tamper(_ path: String, _ body: (Database) throws -> Void) throws {
        let queue = try DatabaseQueue(path: path)
        try queue.write(body)
        try queue.close()
    }

    private func flaws(after sql: String...) async throws -> [String] {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let store = try SQLiteStore(path: scratch.database)
        try await Self.fill(store)
        #expect(try await store.verify { _, _ in }.isSound)
        try await store.close()
        try Self.tamper(scratch.database) { db in for line in sql { try db.execute(sql: line) } }
        let reader = try SQLiteStore(path: scratch.database, exclusively: false)
        let report = try await reader.verify { _, _ in }
        try await reader.close()
        return report.flaws.map { "\($0.chain) \($0.sequence)" }
    }

    @Test(arguments: ["journal", "ledger"]) func oneChangedByteIsFoundWhereItIs(_ table: String) async throws
    {
        let change = """
            UPDATE \(table) SET body = CAST(replace(CAST(body AS TEXT), '22', '23') AS BLOB) WHERE sequence = 3
            """
        #expect(try await flaws(after: change) == ["\(table) 3"])
    }

    @Test(arguments: ["journal", "ledger"]) func aRemovedRowIsFound(_ table: String) async throws {
        #expect(try await flaws(after: "DELETE FROM \(table) WHERE sequence = 2").first == "\(table) 2")
        #expect(try await flaws(after: "DELETE FROM \(table) WHERE sequence = 1").first == "\(table) 1")
    }

    @Test(arguments: ["journal", "ledger"]) func aRemovedRowIsFoundAlsoWhenTheOthersCloseUp(
        _ table: String
    ) async throws {
        let found = try await flaws(
            after: "DELETE FROM \(table) WHERE sequence = 2",
            "UPDATE \(table) SET sequence = sequence - 1 WHERE sequence > 2"
        )
        #expect(found.first == "\(table) 2")
    }

    @Test(arguments: ["journal", "ledger"]) func swappedRowsAreFound(_ table: String) async throws {
        let found = try await flaws(
            after: "UPDATE \(table) SET sequence = 99 WHERE sequence = 2",
            "UPDATE \(table) SET sequence = 2 WHERE sequence = 3",
            "UPDATE \(table) SET sequence = 3 WHERE sequence = 99"
        )
        #expect(found.contains("\(table) 2") && found.contains("\(table) 3"))
    }

    @Test(arguments: ["journal", "ledger"]) func aRowPutInBetweenIsFound(_ table: String) async throws {
        let columns = table == "journal" ? "matter" : "entry_id || 'x', fine"
        let found = try await flaws(
            after: "UPDATE \(table) SET sequence = 99 WHERE sequence = 5",
            "INSERT INTO \(table) SELECT 5, \(columns), body, hash FROM \(table) WHERE sequence = 4",
            "UPDATE \(table) SET sequence = 6 WHERE sequence = 99"
        )
        #expect(found.first == "\(table) 5")
    }

    @Test func aHashIsThatOfTheRowItsPlaceAndTheHashBefore() async throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let store = try SQLiteStore(path: scratch.database)
        try await Self.fill(store)
        try await store.close()
        try Self.tamper(scratch.database) { db in
            for table in ["journal", "ledger"] {
                var previous = Data(repeating: 0, count: 32)
                let rows = try Row.fetchAll(
                    db,
                    sql: "SELECT sequence, body, hash FROM \(table) ORDER BY sequence"
                )
                #expect(rows.count == 5)
                for (index, row) in rows.enumerated() {
                    let place = withUnsafeBytes(of: Int64(index + 1).bigEndian) { Data($0) }
                    let body: Data = row["body"]
                    previous = Data(SHA256.hash(data: previous + place + body))
                    #expect(row["hash"] == previous)
                }
            }
        }
    }
}
