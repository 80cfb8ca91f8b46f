import Kafka
import Testing

struct RoundTripTests {
    @Test func recordsComeBackAsTheyWereWritten() async throws {
        let fixture = try Fixture()
        let producer = try fixture.producer()
        let headers = [
            KafkaHeader(name: "a", value: [1, 2]),
            KafkaHeader(name: "a", value: nil),
            KafkaHeader(name: "b", value: []),
        ]
        let results = await producer.produce([
            ProducerRecord(topic: "t", key: [7], value: [8, 9], headers: headers, partition: 0),
            ProducerRecord(topic: "t", key: nil, value: [], partition: 0),
            ProducerRecord(topic: "t", key: [], value: nil, partition: 0),
        ])
        #expect(try results.map { try $0.get().offset } == [0, 1, 2])
        let consumer = try fixture.consumer()
        let records = await consumer.records(3)
        try #require(records.count == 3)
        #expect(records.map(\.offset) == [0, 1, 2])
        #expect(records.map(\.key) == [[7], nil, []])
        #expect(records.map(\.value) == [[8, 9], [], nil])
        #expect(records[0].headers.map(\.name) == ["a", "a", "b"])
        #expect(records[0].headers[0] == headers[0])
        #expect(records[1].headers.isEmpty)
        #expect(records[0].timestampMillis ?? 0 > 1_500_000_000_000)
        #expect(consumer.assignment == [fixture.partition(0)])
        #expect(consumer.lag() == [fixture.partition(0): 0])
        await consumer.close()
        await producer.close()
    }

    @Test func manyRecordsArriveInOrder() async throws {
        let fixture = try Fixture(partitions: 4)
        for partition in Int32(0)..<4 { try await fixture.write(0..<10_000, partition: partition) }
        let consumer = try fixture.consumer()
        var offsets: [Int32: [Int64]] = [:]
        for record in await consumer.records(40_000) {
            offsets[record.partition, default: []].append(record.offset)
        }
        #expect(offsets.count == 4)
        #expect(offsets.values.allSatisfy { $0 == Array(0..<10_000) })
        await consumer.close()
    }

    @Test func aTopicThatComesLaterIsAnErrorAndThenRead() async throws {
        let fixture = try Fixture()
        let unknown: Int32 = 3
        // The broker would create a topic that someone asks for.
        fixture.broker.setTopicError("later", code: unknown)
        let consumer = try KafkaConsumer(
            configuration: ConsumerConfiguration(
                properties: fixture.properties.merging(["topic.metadata.refresh.interval.ms": "500"]) { $1 },
                topics: ["later"]
            )
        )
        let error = await consumer.first { if case .error(let error) = $0 { error } else { nil } }
        #expect(error?.name == "UNKNOWN_TOPIC_OR_PART")
        fixture.broker.setTopicError("later", code: 0)
        let producer = try fixture.producer()
        _ = await producer.produce([ProducerRecord(topic: "later", value: [1])])
        #expect(await consumer.records(1).first?.value == [1])
        await consumer.close()
        await producer.close()
    }

    @Test func metadataTellsTheTopics() async throws {
        let fixture = try Fixture(partitions: 3)
        let admin = try KafkaAdmin(properties: fixture.properties)
        #expect(try await admin.metadata(timeout: .seconds(5)) == ["t": 3])
    }

    @Test func aBrokerWithoutTheAdminProtocolIsAnErrorNotATrap() async throws {
        let fixture = try Fixture()
        let admin = try KafkaAdmin(properties: fixture.properties)
        await #expect(throws: KafkaError.self) {
            try await admin.createTopics(
                [NewTopic(name: "x", partitions: 1, replication: 1)],
                timeout: .seconds(2)
            )
        }
        await #expect(throws: KafkaError.self) {
            try await admin.createTopics(
                [NewTopic(name: "x", partitions: -5, replication: 1)],
                timeout: .zero
            )
        }
    }
}
