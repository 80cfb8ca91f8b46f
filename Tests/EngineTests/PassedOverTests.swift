import Duty
import Storage
import Synchronization
import Testing

@testable import Engine

/// Events that change nothing are counted, and said without filling the log.
@Suite struct PassedOverTests {
    private static let origin = Origin(topic: "park.events", partition: 3, offset: 40)

    @Test func aDuplicateNamesItsMatterAndItsEvent() throws {
        let file = LogFile()
        PassedOverLog(log: file.log).write(
            duplicates: [PassedOver(try Event.filed(), Self.origin)],
            skipped: [PassedOver("type x is not in the catalogue", Self.origin)]
        )
        let lines = try file.lines()
        #expect(lines.count == 1, "what is skipped is said at debug level alone")
        let line = try #require(lines.first)
        for (name, value): (String, Value) in [
            ("event.action", "event.duplicate"), ("log.level", "info"), ("event.id", "filed-1"),
            ("duty.event_source", "/desk"), ("duty.event_type", "park.complaint.filed.v1"),
            ("duty.matter", "complaint/1"), ("park.enterprise_id", "E-000451"),
            ("messaging.destination.name", "park.events"), ("messaging.destination.partition.id", "3"),
            ("messaging.kafka.offset", 40),
        ] { #expect(line[name] == value, "\(name)") }
    }

    @Test func anUnknownTypeIsSaidAtDebugLevel() throws {
        let file = LogFile(level: .debug)
        PassedOverLog(log: file.log).write(
            duplicates: [],
            skipped: [PassedOver("type park.13900001111.v1 is not in the catalogue", Self.origin)]
        )
        let line = try #require(try file.lines().first)
        #expect(line["event.action"] == "event.skipped" && line["log.level"] == "debug")
        #expect(line["duty.reason"] == "type park.139****1111.v1 is not in the catalogue")
        #expect(line["messaging.kafka.offset"] == 40)
    }

    @Test func aTopicReadAgainDoesNotFillTheLog() throws {
        let file = LogFile()
        let log = PassedOverLog(log: file.log)
        let start = ContinuousClock.now
        let flood = Array(repeating: PassedOver(try Event.filed(), nil), count: 500)
        for _ in 0..<4 { log.write(duplicates: flood, skipped: [], now: start) }
        let lines = try file.lines()
        #expect(lines.count == 61)
        #expect(lines.last?["message"] == "further duplicates are only counted for a minute")
        log.write(duplicates: flood, skipped: [], now: start + .seconds(60))
        #expect(try file.lines().count == 122)
    }

    @Test func whatIsRejectedIsSaidOnceItsCommitIsOnDisk() async throws {
        let listener = Listener()
        var flaky: FlakyStore?
        let wrap: (any Store) -> any Store = { store in
            let made = FlakyStore(store)
            flaky = made
            return made
        }
        let letter = DeadLetter(
            topic: "park.events",
            partition: 3,
            offset: 40,
            key: nil,
            value: [0xFF],
            headers: [],
            reason: "notJSON",
            detail: "tel 13900001111",
            at: World.monday
        )
        try await World.with(wrap: wrap, observer: listener) { world in
            let batch = Batch(items: [.deadLetter(letter)])
            flaky?.fail(.beforeWriting)
            try await world.engine.ingest(batch)
            await #expect(throws: FlakyStore.DiskFull.self) { try await world.engine.settle() }
            #expect(listener.rejected.isEmpty, "it is not on disk")
            _ = try await world.engine.recovered()
            try await world.engine.ingest(batch, epoch: 1)
            try await world.engine.settle()
        }
        #expect(listener.rejected == [letter])
        let file = LogFile()
        PassedOverLog(log: file.log).write(rejected: listener.rejected)
        let line = try #require(try file.lines().first)
        for (name, value): (String, Value) in [
            ("event.action", "event.rejected"), ("event.kind", "event"),
            ("event.category", .array(["process"])),
            ("log.level", "warn"), ("error.type", "notJSON"), ("error.message", "tel 139****1111"),
            ("messaging.system", "kafka"), ("messaging.kafka.offset", 40),
        ] { #expect(line[name] == value, "\(name)") }
    }

    @Test func anAllowanceComesBackAfterItsSpan() {
        let start = ContinuousClock.now
        var allowance = LineAllowance(lines: 2, per: .seconds(10))
        let answers = [0, 1, 2, 3, 10, 11, 12, 13].map { allowance.take(at: start + .seconds($0)) }
        #expect(answers == [.line, .line, .last, .none, .line, .line, .last, .none])
    }

    /// Keeps what was passed over.
    private final class Listener: CommitObserver {
        private let seen = Mutex<[(duplicates: [PassedOver], skipped: [PassedOver])]>([])
        private let letters = Mutex<[DeadLetter]>([])
        func rejected(_ letters: [DeadLetter]) { self.letters.withLock { $0 += letters } }
        var rejected: [DeadLetter] { letters.withLock { $0 } }
        func committed(_ records: [JournalRecord]) {}
        func notificationsQueued() {}
        func deadLettersQueued() {}
        func passedOver(duplicates: [PassedOver], skipped: [PassedOver]) {
            seen.withLock { $0.append((duplicates, skipped)) }
        }
        var duplicates: [PassedOver] { seen.withLock { $0.flatMap(\.duplicates) } }
        var skipped: [PassedOver] { seen.withLock { $0.flatMap(\.skipped) } }
    }

    @Test func theEngineTellsOfThem() async throws {
        try await World.with { world in
            let listener = Listener()
            let engine = Engine(
                store: world.store,
                book: world.book,
                clock: world.clock,
                metrics: world.metrics,
                observer: listener
            )
            let filed = try Event.filed()
            for _ in 0..<2 {
                try await engine.ingest(
                    Batch(items: [.fact(filed, Self.origin), .skipped(reason: "type x", Self.origin)])
                )
                try await engine.settle()
            }
            #expect(listener.duplicates == [PassedOver(filed, Self.origin)])
            #expect(listener.skipped.map(\.reason) == ["type x", "type x"])
            #expect(world.count("duplicate") == 1 && world.count("skipped") == 2)
        }
    }
}
