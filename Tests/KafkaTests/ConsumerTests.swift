import Kafka
import Synchronization
import Testing

struct ConsumerTests {
    @Test func startsWhereTheOwnerSays() async throws {
        let fixture = try Fixture(partitions: 2)
        try await fixture.write(0..<100, partition: 0)
        try await fixture.write(0..<5, partition: 1)
        let place = fixture.partition(0)
        let consumer = try fixture.consumer { _ in [place: 90] }
        let records = await consumer.records(15)
        #expect(records.filter { $0.partition == 0 }.map(\.offset) == Array(90..<100))
        #expect(records.filter { $0.partition == 1 }.map(\.offset) == Array(0..<5))
        await consumer.close()
    }

    @Test func anOwnerThatCannotAnswerYetIsAskedAgain() async throws {
        let fixture = try Fixture()
        try await fixture.write(0..<10)
        let asked = Mutex(0)
        let place = fixture.partition(0)
        let consumer = try fixture.consumer { _ in
            let attempt = asked.withLock { count in
                count += 1
                return count
            }
            if attempt < 3 { throw CancellationError() }
            return [place: 8]
        }
        let error = await consumer.first { if case .error(let error) = $0 { error } else { nil } }
        #expect(error?.message.contains("start offsets") == true)
        #expect(await consumer.records(2).map(\.offset) == [8, 9])
        await consumer.close()
    }

    @Test func seekDropsWhatWasReadBefore() async throws {
        let fixture = try Fixture()
        try await fixture.write(0..<1000)
        let consumer = try fixture.consumer(maxBatch: 50)
        _ = await consumer.records(100)
        try await consumer.seek([fixture.partition(0): 20])
        let again = await consumer.records(980)
        #expect(again.map(\.offset) == Array(20..<1000))
        try await consumer.seek([fixture.partition(0): 990, TopicPartition(topic: "other", partition: 4): 1])
        #expect(await consumer.records(10).map(\.offset) == Array(990..<1000))
        await consumer.close()
        await #expect(throws: KafkaError.self) { try await consumer.seek([fixture.partition(0): 0]) }
    }

    @Test func pauseStopsAndResumeGoesOn() async throws {
        let fixture = try Fixture()
        let producer = try fixture.producer()
        let consumer = try fixture.consumer()
        _ = await consumer.waitForAssignment()
        try await fixture.write(0..<10, with: producer)
        #expect(await consumer.records(10).count == 10)
        consumer.pause()
        try await Task.sleep(for: .milliseconds(150))
        try await fixture.write(10..<20, with: producer)
        #expect(await consumer.next(within: .milliseconds(500)) == nil)
        consumer.resume()
        #expect(await consumer.records(10).map(\.offset) == Array(10..<20))
        await consumer.close()
        await producer.close()
    }

    @Test func aSeekDuringAPauseHolds() async throws {
        let fixture = try Fixture()
        try await fixture.write(0..<100)
        let consumer = try fixture.consumer(maxBatch: 10)
        #expect(await consumer.records(100).count == 100)
        // Back, then paused before anything was read there, then paused again at another place.
        try await consumer.seek([fixture.partition(0): 40])
        consumer.pause()
        try await Task.sleep(for: .milliseconds(150))
        try await consumer.seek([fixture.partition(0): 30])
        consumer.resume()
        #expect(await consumer.records(70).map(\.offset) == Array(30..<100))
        await consumer.close()
    }

    @Test func partitionsAssignedDuringAPauseWait() async throws {
        let fixture = try Fixture()
        try await fixture.write(0..<10)
        let consumer = try fixture.consumer()
        consumer.pause()
        #expect(await consumer.waitForAssignment() == [fixture.partition(0)])
        #expect(await consumer.next(within: .milliseconds(700)) == nil)
        consumer.resume()
        #expect(await consumer.records(10).map(\.offset) == Array(0..<10))
        await consumer.close()
    }

    @Test func aSlowOwnerLosesNothing() async throws {
        let fixture = try Fixture(partitions: 2)
        for partition in Int32(0)..<2 { try await fixture.write(0..<200, partition: partition) }
        let consumer = try fixture.consumer(maxBatch: 40)
        var offsets: [Int32: [Int64]] = [:]
        var found = 0
        while found < 400, case let event? = await consumer.next(within: .seconds(15)) {
            guard case .records(let records) = event else { continue }
            for record in records { offsets[record.partition, default: []].append(record.offset) }
            found += records.count
            // Longer than the thread waits before it pauses the partitions.
            try await Task.sleep(for: .milliseconds(350))
        }
        #expect(offsets == [0: Array(0..<200), 1: Array(0..<200)])
        await consumer.close()
    }

    @Test func closeIsPromptAndMayBeRepeated() async throws {
        let fixture = try Fixture()
        let consumer = try fixture.consumer()
        _ = await consumer.waitForAssignment()
        let waiting = Task { await consumer.next() }
        let start = ContinuousClock.now
        await consumer.close()
        #expect(ContinuousClock.now - start < .seconds(1))
        #expect(await waiting.value == nil)
        #expect(await consumer.next() == nil)
        await consumer.close()
        #expect(consumer.assignment.isEmpty)
        #expect(consumer.lag().isEmpty)
        await #expect(throws: KafkaError.self) { try await consumer.groupMembers(timeout: .seconds(1)) }
    }

    @Test func aCancelledOwnerIsSentAway() async throws {
        let fixture = try Fixture()
        let consumer = try fixture.consumer()
        let waiting = Task { await consumer.next() }
        waiting.cancel()
        #expect(await waiting.value == nil)
        await consumer.close()
    }

    @Test func committedOffsetsServeWhereTheOwnerHasNone() async throws {
        let fixture = try Fixture()
        try await fixture.write(0..<10)
        let first = try fixture.consumer()
        #expect(await first.records(10).count == 10)
        first.commit([fixture.partition(0): 6])
        await first.close()
        let second = try fixture.consumer()
        #expect(await second.records(4).map(\.offset) == [6, 7, 8, 9])
        await second.close()
    }

    @Test func aForgottenConsumerEndsItsThread() async throws {
        final class Token: Sendable {}
        let fixture = try Fixture()
        weak var token: Token?
        do {
            let held = Token()
            token = held
            // The thread alone keeps the closure, and so the token, once the consumer is gone.
            _ = try fixture.consumer { _ in withExtendedLifetime(held) { [:] } }
        }
        #expect(await eventually { token == nil })
    }
}
