import Duty
import DutyConfig
import Engine
import Foundation
import Storage
import Synchronization
import Telemetry
import Testing

/// The moment of an RFC 3339 text; a test with a malformed one fails.
func instant(_ text: String) -> Instant {
    guard let instant = Instant(rfc3339: text) else {
        Issue.record("no RFC 3339 time: \(text)")
        return .distantPast
    }
    return instant
}

/// The configuration as it is shipped.
enum Shipped {
    static let root =
        URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path + "/config"

    static func book(directory: String = root + "/directory.yaml") throws -> RuleBook {
        RuleBook(
            current: try #require(PolicyFile.load(path: root + "/policy/hengyang-2023-4.yaml").partial)
                .policy,
            calendar: try #require(CalendarFile.load(path: root + "/calendars/cn.yaml").partial),
            directory: try #require(DirectoryFile.load(path: directory).partial).directory
        )
    }
}

/// Keeps what the engine reports.
final class Watcher: CommitObserver {
    private let seen = Mutex<(records: [JournalRecord], outbox: Int, letters: Int)>(([], 0, 0))

    func committed(_ records: [JournalRecord]) { seen.withLock { $0.records += records } }
    func notificationsQueued() { seen.withLock { $0.outbox += 1 } }
    func deadLettersQueued() { seen.withLock { $0.letters += 1 } }

    var records: [JournalRecord] { seen.withLock { $0.records } }
    var outboxCalls: Int { seen.withLock { $0.outbox } }
    var letterCalls: Int { seen.withLock { $0.letters } }
}

/// A park with one enterprise, a store in a folder of its own, and an engine on a clock moved by hand.
struct World {
    /// A Monday afternoon.
    static let monday = instant("2026-11-23T14:05:00+08:00")

    let folder: String
    let store: SQLiteStore
    let clock: ManualClock
    let watcher = Watcher()
    let book: RuleBook
    let metrics = DutyclockMetrics()
    let engine: Engine

    init(
        at now: Instant = monday,
        directory: String = Shipped.root + "/directory.yaml",
        cacheSize: Int = 20_000,
        book: RuleBook? = nil,
        wrap: (any Store) -> any Store = { $0 },
        observer: (any CommitObserver)? = nil
    ) throws {
        folder =
            FileManager.default.temporaryDirectory.appendingPathComponent("engine-" + UUID().uuidString).path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        store = try SQLiteStore(path: folder + "/store.db")
        clock = ManualClock(now)
        self.book = try book ?? Shipped.book(directory: directory)
        engine = Engine(
            store: wrap(store),
            book: self.book,
            clock: clock,
            metrics: metrics,
            observer: observer ?? watcher,
            cacheSize: cacheSize
        )
    }

    /// Opens a world, lets `body` act in it, and clears it away.
    static func with(
        directory: String = Shipped.root + "/directory.yaml",
        at now: Instant = monday,
        cacheSize: Int = 20_000,
        book: RuleBook? = nil,
        wrap: (any Store) -> any Store = { $0 },
        observer: (any CommitObserver)? = nil,
        _ body: (World) async throws -> Void
    ) async throws {
        let world = try World(
            at: now,
            directory: directory,
            cacheSize: cacheSize,
            book: book,
            wrap: wrap,
            observer: observer
        )
        defer { try? FileManager.default.removeItem(atPath: world.folder) }
        try await body(world)
        try await world.store.close()
    }

    /// Another engine on the same store, as after a restart.
    func anotherEngine() -> Engine {
        Engine(store: store, book: book, clock: clock, metrics: metrics, observer: watcher)
    }

    // MARK: Doing

    func feed(_ facts: Fact..., offset: Int64? = nil) async throws { try await feed(facts, offset: offset) }

    func feed(_ facts: [Fact], offset: Int64? = nil, to other: Engine? = nil) async throws {
        let engine = other ?? engine
        try await engine.ingest(World.batch(facts, offset: offset))
        try await engine.settle()
    }

    static func batch(_ facts: [Fact], offset: Int64? = nil) -> Batch {
        Batch(
            items: facts.map { .fact($0, nil) },
            offsets: offset.map { [StoredOffset(topic: "park.events", partition: 0, next: $0)] } ?? []
        )
    }

    /// Moves the clock on, stopping wherever a matter has something to say.
    func advance(to moment: Instant, with other: Engine? = nil) async throws {
        let engine = other ?? engine
        while let next = try await store.nextWakeUp(), next <= moment {
            clock.advance(to: next)
            try await engine.wake()
        }
        clock.advance(to: moment)
    }

    func advance(by span: Span) async throws { try await advance(to: clock.now() + span) }

    // MARK: Seeing

    func matter(_ id: MatterID) async throws -> StoredMatter {
        try #require(try await store.matters([id]).first, "\(id) is not in the store")
    }

    /// `code person`, sorted.
    func heard(_ matter: MatterID, _ code: String? = nil) async throws -> [String] {
        try await store.notifications(of: matter).map(\.notification).filter {
            code == nil || $0.code == code
        }
        .map { $0.code + " " + $0.recipient.person.text }.sorted()
    }

    func actions(_ matter: MatterID? = nil) async throws -> [String] {
        try await store.journal(after: 0, limit: 100_000).filter { matter == nil || $0.matter == matter }
            .flatMap(\.entries).map(\.action)
    }

    func count(_ outcome: String) -> Int { metrics.events(outcome).value }

    /// The journal's whole text without the moments at which it was written.
    func story() async throws -> [String] {
        try await store.journal(after: 0, limit: 100_000).flatMap { record in
            record.entries.map {
                "\(record.matter?.text ?? "-") \($0.action) \($0.rule?.text ?? "-")/\($0.cycle)"
            }
        }
    }
}

extension Engine {
    /// What the intake does once the store answers again.
    @discardableResult func recovered() async throws -> [StoredOffset] {
        let offsets = try await recover()
        resume(epoch: 1)
        return offsets
    }
}
