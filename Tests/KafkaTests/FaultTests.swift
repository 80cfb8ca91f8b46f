import Kafka
import Testing

struct FaultTests {
    @Test func aBrokerThatComesBackIsReadOn() async throws {
        let fixture = try Fixture()
        let producer = try fixture.producer()
        let consumer = try fixture.consumer()
        try await fixture.write(0..<10, with: producer)
        #expect(await consumer.records(10).count == 10)
        fixture.broker.setDown()
        let error = await consumer.first { if case .error(let error) = $0 { error } else { nil } }
        #expect(error?.isRetriable == true)
        #expect(error?.isFatal == false)
        fixture.broker.setUp()
        try await fixture.write(10..<20, with: producer)
        #expect(await consumer.records(10).map(\.offset) == Array(10..<20))
        await consumer.close()
        await producer.close()
    }

    @Test func aProducerOutlivesBrokerErrors() async throws {
        let fixture = try Fixture()
        let producer = try fixture.producer()
        // Not leader for partition, twice, and a leader not available: each is tried again.
        fixture.broker.pushErrors(apiKey: 0, codes: [6, 5, 6])
        try await fixture.write(0..<10, with: producer)
        let consumer = try fixture.consumer()
        #expect(await consumer.records(10).map(\.text) == (0..<10).map(String.init))
        await consumer.close()
        await producer.close()
    }

    @Test func aRefusedRecordIsAResult() async throws {
        let fixture = try Fixture()
        let producer = try fixture.producer(["message.max.bytes": "2000"])
        let results = await producer.produce([
            ProducerRecord(topic: "t", value: [UInt8](repeating: 0, count: 5000)),
            ProducerRecord(topic: "t", value: [1]),
        ])
        try #require(results.count == 2)
        let error = #expect(throws: KafkaError.self) { try results[0].get() }
        #expect(error?.name == "MSG_SIZE_TOO_LARGE")
        #expect(try results[1].get().offset == 0)
        await producer.close()
        let late = await producer.produce([ProducerRecord(topic: "t", value: [1])])
        #expect(throws: KafkaError.self) { try late[0].get() }
    }

    @Test func aFullQueueIsWaitedFor() async throws {
        let fixture = try Fixture()
        let producer = try fixture.producer(["queue.buffering.max.messages": "10"])
        try await fixture.write(0..<200, with: producer)
        await producer.flush(timeout: .seconds(5))
        await producer.close()
        await producer.close()
    }

    @Test func closingAnswersWhatIsStillUnderWay() async throws {
        let fixture = try Fixture()
        fixture.broker.setDown()
        let producer = try fixture.producer()
        async let results = producer.produce([ProducerRecord(topic: "t", value: [1])])
        try await Task.sleep(for: .milliseconds(100))
        await producer.flush(timeout: .milliseconds(200))
        let start = ContinuousClock.now
        await producer.close()
        // Not the five minutes for which a record is tried; librdkafka itself takes up to two seconds to let go of a
        // broker that is down.
        #expect(ContinuousClock.now - start < .seconds(10))
        let outcome = await results
        #expect(throws: KafkaError.self) { try outcome[0].get() }
    }

    @Test func aMovedLeaderIsFollowed() async throws {
        let fixture = try Fixture(brokers: 2)
        let producer = try fixture.producer()
        let consumer = try fixture.consumer()
        try await fixture.write(0..<10, with: producer)
        #expect(await consumer.records(10).count == 10)
        fixture.broker.setRoundTrip(.milliseconds(5), broker: 2)
        fixture.broker.moveLeader(topic: "t", partition: 0, broker: 1)
        fixture.broker.moveLeader(topic: "t", partition: 0, broker: 2)
        try await fixture.write(10..<20, with: producer)
        #expect(await consumer.records(10).map(\.offset) == Array(10..<20))
        await consumer.close()
        await producer.close()
    }

    @Test func aClosedBrokerIsQuiet() throws {
        let fixture = try Fixture()
        fixture.broker.close()
        fixture.broker.close()
        fixture.broker.setDown()
        #expect(throws: KafkaError.self) { try fixture.broker.createTopic("x", partitions: 1) }
    }
}
