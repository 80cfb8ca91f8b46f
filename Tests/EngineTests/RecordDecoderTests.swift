import Duty
import Engine
import Kafka
import Testing

/// What comes over Kafka, well formed and otherwise.
@Suite struct RecordDecoderTests {
    private static let now = World.monday
    private static let structured = JSONWriter.encode(
        Event.cloud(.complaintFiled, "filed-1", at: now).structured
    )
    private static let data = JSONWriter.encode(Event.cloud(.complaintFiled, "filed-1", at: now).data)
    private static let binary: [(String, String?)] = [
        ("ce_specversion", "1.0"), ("ce_id", "filed-1"), ("ce_source", "/desk"),
        ("ce_type", "park.complaint.filed.v1"), ("ce_time", "2026-11-23T14:05:00+08:00"),
        ("content-type", "application/json"),
    ]
    private static let cloudEvents = (
        "content-type", "application/cloudevents+json; charset=UTF-8" as String?
    )

    private static func record(
        _ value: [UInt8]?,
        _ headers: [(String, String?)] = [],
        offset: Int64 = 7,
        at millis: Int64? = nil
    ) -> KafkaRecord {
        KafkaRecord(
            topic: "park.events",
            partition: 3,
            offset: offset,
            timestampMillis: millis,
            key: [0x6B],
            value: value,
            headers: headers.map { name, value in KafkaHeader(name: name, value: value.map { Array($0.utf8) })
            }
        )
    }

    private static func without(_ name: String) -> [(String, String?)] { binary.filter { $0.0 != name } }

    /// `fact`, `skipped` or the reason of the dead letter.
    private static func verdict(_ record: KafkaRecord) -> String {
        let decoder = RecordDecoder(clock: ManualClock(now))
        switch decoder.decode([record]).items.first {
        case .fact: return "fact"
        case .skipped: return "skipped"
        case .deadLetter(let letter): return letter.reason
        case nil: return "nothing"
        }
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        let verdict: String
        let record: KafkaRecord
        init(_ name: String, _ verdict: String, _ record: KafkaRecord) {
            self.name = name
            self.verdict = verdict
            self.record = record
        }
        var testDescription: String { name }
    }

    private static func spelled(_ transform: (String) -> String) -> [(String, String?)] {
        binary.map { (transform($0.0), $0.1) }
    }

    static let table: [Row] = [
        Row("structured", "fact", record(structured, [cloudEvents])),
        Row(
            "structured, loud header",
            "fact",
            record(structured, [("Content-Type", "Application/CloudEvents+JSON")])
        ),
        Row("structured without a content type", "fact", record(structured)),
        Row("structured as plain JSON", "fact", record(structured, [("content-type", "application/json")])),
        Row("binary", "fact", record(data, binary)),
        Row("binary with loud headers", "fact", record(data, spelled { $0.uppercased() })),
        Row("binary without a content type", "fact", record(data, without("content-type"))),
        Row("binary with a header of no value", "fact", record(data, binary + [("ce_subject", nil)])),
        Row("binary without id", "notCloudEvent", record(data, without("ce_id"))),
        Row("binary without source", "notCloudEvent", record(data, without("ce_source"))),
        Row("binary without type", "notCloudEvent", record(data, without("ce_type"))),
        Row("binary without specversion", "notCloudEvent", record(data, without("ce_specversion"))),
        Row(
            "binary of another version",
            "notCloudEvent",
            record(data, without("ce_specversion") + [("ce_specversion", "0.3")])
        ),
        Row("binary with an empty id", "notCloudEvent", record(data, without("ce_id") + [("ce_id", "")])),
        Row(
            "binary with a wrong time",
            "illTypedField",
            record(data, without("ce_time") + [("ce_time", "noon")])
        ),
        Row("binary with data that are none", "notJSON", record([0x7B], binary)),
        Row("tombstone", "tombstone", record(nil, binary)),
        Row("no bytes", "notJSON", record([], [cloudEvents])),
        Row("garbage", "notJSON", record([0x00, 0xFF, 0x13, 0x7B], [cloudEvents])),
        Row("a word", "notCloudEvent", record(Array("\"word\"".utf8), [cloudEvents])),
        Row("a list", "notCloudEvent", record(Array("[]".utf8))),
        Row(
            "wrong UTF-8",
            "notJSON",
            record(Array("{\"id\":\"".utf8) + [0xC3, 0x28] + Array("\"}".utf8), [cloudEvents])
        ),
        Row(
            "a batch",
            "notCloudEvent",
            record(structured, [("content-type", "application/cloudevents-batch+json")])
        ),
        Row("another content type", "notCloudEvent", record(structured, [("content-type", "text/plain")])),
        Row(
            "unknown type",
            "skipped",
            record(data, without("ce_type") + [("ce_type", "park.weather.changed.v1")])
        ),
        Row(
            "too large",
            "tooLarge",
            record(structured + [UInt8](repeating: 0x20, count: EventValidation.maximumBytes), [cloudEvents])
        ),
        Row(
            "too large with its headers",
            "tooLarge",
            record(data, binary + [("filler", String(repeating: "x", count: EventValidation.maximumBytes))])
        ),
        Row(
            "as large as it may be",
            "fact",
            record(
                structured + [UInt8](repeating: 0x20, count: EventValidation.maximumBytes - structured.count)
            )
        ),
        Row("deeply nested", "notJSON", record([UInt8](repeating: 0x5B, count: 60_000), [cloudEvents])),
    ]

    @Test(arguments: table) func aRecordIsTakenForWhatItIs(_ row: Row) {
        #expect(Self.verdict(row.record) == row.verdict)
    }

    @Test func aHeaderThatIsNoTextCountsAsMissing() {
        var record = Self.record(Self.data, Self.without("ce_id"))
        record.headers.append(KafkaHeader(name: "ce_id", value: [0xC3, 0x28]))
        #expect(Self.verdict(record) == "notCloudEvent")
    }

    @Test func bothModesMakeTheSameFact() throws {
        let decoder = RecordDecoder(clock: ManualClock(Self.now))
        let batch = decoder.decode([
            Self.record(Self.structured, [Self.cloudEvents]), Self.record(Self.data, Self.binary),
        ])
        let facts = batch.items.compactMap { if case .fact(let fact, _) = $0 { fact } else { nil } }
        try #require(facts.count == 2)
        #expect(facts[0] == facts[1])
        #expect(
            facts[0].matter == "complaint/1" && facts[0].enterprise == "E-000451"
                && facts[0].receivedAt == Self.now
        )
    }

    @Test func aTraceMayStandBesideTheEvent() throws {
        func trace(_ digit: Character) -> String {
            "00-4bf92f3577b34da6a3ce929d0e0e473\(digit)-00f067aa0ba902b7-01"
        }
        let batch = RecordDecoder(clock: ManualClock(Self.now)).decode([
            Self.record(Self.structured, [Self.cloudEvents, ("traceparent", trace("1"))]),
            Self.record(Self.data, Self.binary + [("traceparent", trace("2"))]),
            Self.record(
                Self.data,
                Self.binary + [("ce_traceparent", trace("3")), ("traceparent", trace("4"))]
            ),
            Self.record(Self.data, Self.binary + [("traceparent", "none")]),
        ])
        let facts = batch.items.compactMap { if case .fact(let fact, _) = $0 { fact } else { nil } }
        #expect(facts.map(\.traceparent) == [trace("1"), trace("2"), trace("3"), nil])
    }

    @Test func aDeadLetterIsTheRecordItself() throws {
        let record = Self.record([0xFF, 0x00], [("a", nil), ("b", "x")], offset: 41)
        let item = RecordDecoder(clock: ManualClock(Self.now)).decode([record]).items.first
        guard case .deadLetter(let letter) = item else {
            Issue.record("no dead letter")
            return
        }
        #expect(letter.topic == "park.events" && letter.partition == 3 && letter.offset == 41)
        #expect(letter.key == [0x6B] && letter.value == [0xFF, 0x00] && letter.at == Self.now)
        #expect(letter.headers.map(\.name) == ["a", "b"] && letter.headers.map(\.value) == [nil, [0x78]])
        #expect(!letter.detail.isEmpty && letter.state == .new)
    }

    @Test func theNextOffsetOfEveryPartitionIsKept() {
        var other = Self.record(nil, offset: 90)
        other.partition = 5
        let records = [Self.record(Self.structured, offset: 3), Self.record([0x00], offset: 4), other]
        let batch = RecordDecoder(clock: ManualClock(Self.now)).decode(records)
        #expect(batch.items.count == 3)
        #expect(Set(batch.offsets.map { [Int64($0.partition), $0.next] }) == [[3, 5], [5, 91]])
    }

    @Test func theBrokersTimeCountsUnlessItLiesAhead() {
        func arrival(_ millis: Int64?, _ arrival: RecordDecoder.Arrival) -> Instant? {
            let decoder = RecordDecoder(clock: ManualClock(Self.now), arrival: arrival)
            let item = decoder.decode([Self.record(Self.structured, at: millis)]).items.first
            if case .fact(let fact, _) = item { return fact.receivedAt }
            return nil
        }
        let earlier = Self.now - .minutes(5)
        #expect(arrival(earlier.milliseconds, .broker) == earlier)
        #expect(arrival((Self.now + .hours(1)).milliseconds, .broker) == Self.now)
        #expect(arrival(nil, .broker) == Self.now)
        #expect(arrival(earlier.milliseconds, .clock) == Self.now)
        #expect(arrival(Int64.max / 2, .broker) != nil && arrival(Int64.min, .broker) != nil)
    }
}
