import Duty
import DutyConfig
import Foundation
import Kafka
import Synchronization
import Testing

@testable import Engine

/// A replay in parts comes to the same, row by row, as one in a single piece.
@Suite struct ReplayTests {
    private static func reports(
        _ events: [CloudEvent],
        until end: Instant? = nil
    ) async throws -> (plain: ReplayReport, inParts: ReplayReport) {
        try await reports(lines(events), until: end)
    }

    private static func lines(_ events: [CloudEvent]) -> [UInt8] {
        events.flatMap { (event: CloudEvent) -> [UInt8] in JSONWriter.encode(event.structured) + [0x0A] }
    }

    private static func reports(
        _ lines: [UInt8],
        until end: Instant? = nil
    ) async throws -> (plain: ReplayReport, inParts: ReplayReport) {
        let input = await ReplayInput.read(json: [lines])
        let books = try (0..<3).map { _ in try Shipped.book() }
        return (
            try await Replay(book: books[0], input: input, until: end).run(),
            try await Replay(books: books, input: input, until: end).run()
        )
    }

    private static func total(_ report: ReplayReport, _ name: String) -> Int64? {
        for row in report.rows where row.section == .totals && row.aspect == name {
            if case .count(let count) = row.amount { return count }
        }
        return nil
    }

    @Test func `the sample day`() async throws {
        let day = try [UInt8](Data(contentsOf: URL(fileURLWithPath: Shipped.root + "/examples/day.jsonl")))
        let (plain, inParts) = try await Self.reports(day)
        #expect(plain == inParts)
        #expect(try #require(Self.total(plain, "accepted")) > 300)
    }

    @Test(arguments: 1...6) func `random complaints of many enterprises`(_ seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        var events: [CloudEvent] = []
        for number in 0..<12 {
            let name = "E-\(number)"
            let began = World.monday - .days(9)
            events.append(
                Event.cloud(.enterpriseRegistered, "reg-\(name)", of: name, at: began, enterprise: name)
            )
            // On some seeds the enterprises share a leader, whose duty links them.
            let role = seed % 2 == 0 ? "county.linked" : "park.staff"
            events.append(Self.assigned(number, name, role))
        }
        for number in 0..<60 {
            let name = "E-\(Int.random(in: 0..<12, using: &generator))"
            let at = World.monday + .minutes(Int64.random(in: 0..<4_000, using: &generator))
            let id = "C-\(number)"
            events.append(Event.cloud(.complaintFiled, "f-\(id)", of: id, at: at, enterprise: name))
            let answered = at + .minutes(Int64.random(in: 1..<90, using: &generator))
            if Bool.random(using: &generator) {
                events.append(
                    Event.cloud(.complaintResponded, "r-\(id)", of: id, at: answered, enterprise: name)
                )
            }
            if Int.random(in: 0..<6, using: &generator) == 0 {
                let target = Value.string("f-\(id)")
                events.append(
                    Event.cloud(
                        .recordVoided,
                        "v-\(id)",
                        at: answered,
                        enterprise: name,
                        ["targetId": target]
                    )
                )
            }
            if Int.random(in: 0..<6, using: &generator) == 0, let last = events.last { events.append(last) }
        }
        events.shuffle(using: &generator)
        let (plain, inParts) = try await Self.reports(events, until: World.monday + .days(5))
        #expect(plain == inParts, "seed \(seed)")
        #expect(try #require(Self.total(plain, "breaches")) > 0)
        #expect(try #require(Self.total(plain, "duplicate")) > 0)
    }

    private static func assigned(_ number: Int, _ enterprise: String, _ role: String) -> CloudEvent {
        Event.cloud(
            .rosterAssigned,
            "ra-\(number)",
            at: World.monday - .days(8),
            enterprise: enterprise,
            [
                "assignmentId": .string("RA-\(number)"), "personRef": .string("P-\(number % 2)"),
                "role": .string(role), "from": "2026-10-01T00:00:00+08:00",
                "scope": ["enterpriseId": .string(enterprise)],
            ]
        )
    }

    /// One park, leaders of several enterprises, visits that are looked at together, days off named in the middle.
    @Test(arguments: 1...8) func `everything of one park`(_ seed: UInt64) async throws {
        let (plain, inParts) = try await Self.reports(
            ParkHistory(seed: seed).events,
            until: World.monday + .days(100)
        )
        #expect(plain == inParts, "seed \(seed)")
        for name in [
            "breaches", "gateViolations", "findings", "dutiesMissed", "duplicate", "parked", "orphans",
        ] {
            #expect(
                try #require(Self.total(plain, name)) > 0,
                "seed \(seed): no \(name), so that nothing is shown"
            )
        }
    }

    @Test func `one park keeps several processors busy`() async throws {
        let input = await ReplayInput.read(json: [Self.lines(ParkHistory(seed: 1).events)])
        let parts = await ReplayPartition.parts(input.facts[...], try Shipped.book().current, count: 2)
        #expect(parts.count == 2)
        let shared = parts[0].facts.count + parts[1].facts.count - input.facts.count
        #expect(
            parts.allSatisfy { Double($0.facts.count - shared) > 0.3 * Double(input.facts.count - shared) }
        )
    }

    /// What is read side by side ends with a line, whatever the file ends with.
    @Test func `a large file is read in its order`() async throws {
        let ids = (0..<4_000).map { "f-\($0)" }
        let events = ids.map { Event.cloud(.complaintFiled, $0, of: $0, at: World.monday) }
        let lines = Self.lines(events)
        #expect(lines.count > 1_000_000, "one piece shows nothing")
        let input = await ReplayInput.read(json: [lines.dropLast()])
        #expect(input.facts.map(\.key.id) == ids)
        #expect(input.rejected.isEmpty)
    }

    @Test func `records of a topic are taken as they arrived`() async throws {
        let unknown = ["specversion": "1.0", "id": "x", "source": "/desk", "type": "x"]
        let decided: [(CloudEvent?, Int64)] = [
            (Event.cloud(.complaintFiled, "f-3", of: "3", at: World.monday), 3_000),
            (Event.cloud(.complaintFiled, "f-1", of: "1", at: World.monday), 1_000), (nil, 1_500),
            (Event.cloud(.complaintFiled, "f-2", of: "2", at: World.monday), 2_000),
            (CloudEvent(attributes: unknown, data: [:]), 500),
        ]
        let records = decided.enumerated().map { offset, item in
            KafkaRecord(
                topic: "park.events",
                partition: 0,
                offset: Int64(offset),
                timestampMillis: item.1,
                key: nil,
                value: item.0.map { JSONWriter.encode($0.structured) },
                headers: []
            )
        }
        let input = await ReplayInput.read(records, clock: SystemClock())
        #expect(input.facts.map(\.key.id) == ["f-1", "f-2", "f-3"])
        #expect(input.facts.map(\.receivedAt) == [1_000, 2_000, 3_000].map { Instant(milliseconds: $0) })
        #expect(input.rejected == ["tombstone": 1])
        #expect(input.skipped == 1)
    }

    /// Such a complaint is in every part, and counts once.
    @Test func `an enterprise and complaints whose events have one id`() async throws {
        var events: [CloudEvent] = []
        for number in 0..<6 {
            let name = "E-\(number)"
            let began = World.monday - .days(9)
            events.append(
                Event.cloud(.enterpriseRegistered, "same-\(number)", of: name, at: began, enterprise: name)
            )
            for (source, id) in [("/other", "same-\(number)"), ("/desk", "f-\(number)")] {
                events.append(
                    Event.cloud(
                        .complaintFiled,
                        id,
                        of: "\(number)-\(source.dropFirst())",
                        at: World.monday,
                        enterprise: name,
                        source: source
                    )
                )
            }
        }
        let (plain, inParts) = try await Self.reports(events, until: World.monday + .days(1))
        #expect(plain == inParts)
        #expect(Self.total(inParts, "accepted") == 18)
    }

    @Test func `progress comes to the whole`() async throws {
        let events = (0..<40).map {
            Event.cloud(.complaintFiled, "f-\($0)", of: "\($0)", at: World.monday, enterprise: "E-\($0)")
        }
        let input = await ReplayInput.read(json: [Self.lines(events)])
        let seen = Seen()
        let books = [try Shipped.book(), try Shipped.book()]
        _ = try await Replay(books: books, input: input).run { seen.add($0) }
        #expect(seen.highest == 40)
    }

    private final class Seen: Sendable {
        private let state = Mutex(0)
        func add(_ count: Int) { state.withLock { $0 = max($0, count) } }
        var highest: Int { state.withLock { $0 } }
    }
}
