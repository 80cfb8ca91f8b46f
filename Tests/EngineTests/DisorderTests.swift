import Duty
import Engine
import Kafka
import Storage
import Testing

/// Rows of the table of disorder that only intake, store and core together can show.
@Suite struct DisorderTests {
    private let monday = World.monday

    private func record(_ value: [UInt8], offset: Int64) -> KafkaRecord {
        KafkaRecord(
            topic: "park.events",
            partition: 0,
            offset: offset,
            timestampMillis: nil,
            key: nil,
            value: value,
            headers: []
        )
    }

    /// The record of a complaint with some attributes changed.
    private func complaint(_ number: String, _ changed: [String: String] = [:]) -> [UInt8] {
        var event = Event.cloud(.complaintFiled, "filed-" + number, of: number, at: monday)
        event.attributes.merge(changed) { _, new in new }
        return JSONWriter.encode(event.structured)
    }

    private func take(_ values: [[UInt8]], _ world: World) async throws {
        let records = values.enumerated().map { record($1, offset: Int64($0)) }
        try await world.engine.ingest(RecordDecoder(clock: world.clock).decode(records))
        try await world.engine.settle()
    }

    // MARK: Twice

    @Test func `E1 The same record again is counted and changes nothing`() async throws {
        try await World.with { world in
            try await world.feed(try Event.roster())
            try await take([complaint("1"), complaint("1")], world)
            let before = try await world.story()
            try await take([complaint("1")], world)
            same(world.count("duplicate"), 2)
            same(try await world.story(), before)
        }
    }

    @Test func `E2 Of two answers under two ids the earlier one counts and both are kept`() async throws {
        try await World.with { world in
            try await world.feed(try Event.roster() + [try Event.filed()])
            try await world.advance(by: .minutes(25))
            for (id, minutes) in [("second", 20), ("first", 10)] as [(String, Int64)] {
                try await world.feed(try Event.fact(.complaintResponded, id, at: monday + .minutes(minutes)))
            }
            let matter = try await world.matter("complaint/1")
            let record = matter.state.records.first { $0.key.rule == "A22.response" }
            same(record?.metAt, monday + .minutes(10))
            same(Set(matter.facts.map(\.key.id)), ["filed-1", "first", "second"])
        }
    }

    // MARK: What cannot be read

    @Test func `E28 An unknown type is counted, what cannot be read is put aside, and the rest goes on`()
        async throws
    {
        try await World.with { world in
            let broken: [UInt8] = [0x7B, 0xFF]
            try await take(
                [
                    complaint("1"), complaint("2", ["type": "park.weather.changed.v1"]), broken,
                    complaint("3"),
                ],
                world
            )
            same(world.count("skipped"), 1)
            same(world.count("rejected"), 1)
            let letters = try await world.store.deadLetters(state: nil, limit: 9)
            same(letters.map(\.reason), ["notJSON"])
            same(letters.map(\.value), [broken])
            same(letters.map(\.offset), [2])
            same(
                try await world.store.matterIDs(of: .complaint).map(\.text).sorted(),
                ["complaint/1", "complaint/3"]
            )
        }
    }
}
