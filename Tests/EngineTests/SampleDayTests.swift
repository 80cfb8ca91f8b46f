import Duty
import Engine
import Foundation
import Kafka
import Storage
import Testing

/// The sample day, event by event as it arrived, against what was worked out for it by other means.
@Suite struct SampleDayTests {
    private struct Line {
        let arrivesAt: Instant
        let value: [UInt8]
    }

    private static func lines() throws -> [Line] {
        let text = try [UInt8](Data(contentsOf: URL(fileURLWithPath: Shipped.root + "/examples/day.jsonl")))
        return try text.split(separator: 0x0A).map { bytes in
            let line = try JSONReader.decode(Array(bytes))
            let raw = line["raw"]?.string.map { Array($0.utf8) }
            return Line(arrivesAt: instant(line["arrivedat"]?.string ?? ""), value: raw ?? Array(bytes))
        }
    }

    /// How the lines arrive: one at a time, or all of a stretch in one batch.
    private static func play(
        _ lines: [Line],
        until end: Instant,
        in world: (engine: Engine, store: SQLiteStore, clock: ManualClock),
        stretch: Int = 1
    ) async throws {
        let decoder = RecordDecoder(clock: world.clock, arrival: .clock)
        var offset: Int64 = 0
        var index = 0
        while index < lines.count {
            try await advance(to: lines[index].arrivesAt, world)
            let moment = lines[index].arrivesAt
            let group = lines[index...].prefix(stretch).prefix { $0.arrivesAt == moment }
            let records = group.enumerated().map { place, line in
                KafkaRecord(
                    topic: "park.events",
                    partition: 0,
                    offset: offset + Int64(place),
                    timestampMillis: nil,
                    key: nil,
                    value: line.value,
                    headers: []
                )
            }
            try await world.engine.ingest(decoder.decode(records))
            try await world.engine.settle()
            offset += Int64(group.count)
            index += group.count
        }
        try await advance(to: end, world)
    }

    private static func advance(
        to moment: Instant,
        _ world: (engine: Engine, store: SQLiteStore, clock: ManualClock)
    ) async throws {
        while let next = try await world.store.nextWakeUp(), next <= moment {
            world.clock.advance(to: next)
            try await world.engine.wake()
        }
        world.clock.advance(to: moment)
    }

    private static func expected() throws -> Value {
        try JSONReader.decode(
            [UInt8](Data(contentsOf: URL(fileURLWithPath: Shipped.root + "/examples/expected.json")))
        )
    }

    @Test func theDayComesToWhatWasWorkedOutForIt() async throws {
        let expected = try Self.expected()
        let lines = try Self.lines()
        let end = instant(expected["evaluatedAt"]?.string ?? "")
        #expect(Int64(lines.count) == expected["lines"]?.integer)
        try await World.with(directory: Shipped.root + "/examples/directory.yaml", at: lines[0].arrivesAt) {
            world in
            try await Self.play(lines, until: end, in: (world.engine, world.store, world.clock))
            let tally = try await DayTally(world.store, world.metrics)
            for (name, value) in tally.counts.sorted(by: { $0.key < $1.key }) {
                #expect(expected[name]?.integer == value, "\(name)")
            }
            let ledger = (expected["ledger"]?.members ?? []).map { ($0.name, $0.value.integer ?? 0) }
            #expect(tally.shares == Dictionary(uniqueKeysWithValues: ledger))
            for fine in expected["perFine"]?.members ?? [] {
                let heldFen = fine.value["heldFen"]?.integer ?? 0
                var people: [String: Int64] = [:]
                for group in ["leaders", "staff"] {
                    for share in fine.value[group]?.members ?? [] {
                        people[share.name, default: 0] += share.value.integer ?? 0
                    }
                }
                #expect(tally.byFine[fine.name]?.held ?? 0 == heldFen, "\(fine.name)")
                #expect(tally.byFine[fine.name]?.people ?? [:] == people, "\(fine.name)")
            }
            for gate in expected["gates"]?.members ?? [] {
                #expect(tally.gates[gate.name] ?? "outOfScope" == gate.value.string, "\(gate.name)")
            }
            try self.compareMatters(tally, expected)
            #expect(try await world.store.verify { _, _ in }.isSound)
        }
    }

    private func compareMatters(_ tally: DayTally, _ expected: Value) throws {
        let matters = try #require(expected["matters"]?.members)
        for matter in matters {
            for cycle in matter.value.members ?? [] {
                for clock in cycle.value.members ?? [] {
                    let name = "\(matter.name)/\(cycle.name)/\(clock.name)"
                    #expect(tally.clocks[name] == clock.value.string, "\(name)")
                }
            }
        }
        #expect(
            Set(tally.clocks.keys.map { $0.prefix { $0 != "/" } }) == Set(matters.map { Substring($0.name) })
        )
        let withdrawn = Set((expected["withdrawnBreaches"]?.array ?? []).compactMap(\.string))
        #expect(tally.withdrawnBreaches == withdrawn)
    }

    @Test func `E26 The day read again from the start says nothing twice`() async throws {
        let lines = try Self.lines()
        let end = try instant(Self.expected()["evaluatedAt"]?.string ?? "")
        try await World.with(directory: Shipped.root + "/examples/directory.yaml", at: lines[0].arrivesAt) {
            world in
            try await Self.play(lines, until: end, in: (world.engine, world.store, world.clock))
            let before = try await world.story()
            let ledger = try await world.store.ledger(fine: nil).map(\.hash)
            let decoder = RecordDecoder(clock: world.clock, arrival: .clock)
            let records = lines.enumerated().map { place, line in
                KafkaRecord(
                    topic: "park.events",
                    partition: 0,
                    offset: Int64(place),
                    timestampMillis: nil,
                    key: nil,
                    value: line.value,
                    headers: []
                )
            }
            let again = world.anotherEngine()
            var result = Result<Void, any Error>.success(())
            // Events that moved to another matter are found out by the store, which refuses the batch once.
            for _ in 0..<3 {
                do {
                    try await again.ingest(decoder.decode(records))
                    try await again.settle()
                    result = .success(())
                    break
                } catch {
                    result = .failure(error)
                    _ = try await again.recovered()
                }
            }
            try result.get()
            #expect(try await world.story() == before)
            #expect(try await world.store.ledger(fine: nil).map(\.hash) == ledger)
        }
    }
}
