import Kafka
import Testing

struct GroupTests {
    @Test func partitionsMoveAndNothingIsLost() async throws {
        let fixture = try Fixture(partitions: 4)
        let producer = try fixture.producer()
        let tally = Tally()
        let first = try fixture.consumer()
        #expect(await first.waitForAssignment().count == 4)
        let second = try fixture.consumer()
        let readers = [first, second].map { consumer in
            Task {
                var revoked = 0
                for await event in consumer.events {
                    if case .records(let records) = event { tally.add(records) }
                    if case .revoked(let partitions, _) = event { revoked += partitions.count }
                }
                return revoked
            }
        }
        #expect(await eventually { second.assignment.count == 2 && first.assignment.count == 2 })
        for partition in 0..<4 {
            try await fixture.write(
                partition * 100..<partition * 100 + 100,
                partition: Int32(partition),
                with: producer
            )
        }
        #expect(await eventually { tally.count == 400 })
        await second.close()
        #expect(await eventually { first.assignment.count == 4 })
        for partition in 4..<8 {
            try await fixture.write(
                partition * 100..<partition * 100 + 100,
                partition: Int32(partition - 4),
                with: producer
            )
        }
        #expect(await eventually { tally.count == 800 })
        await first.close()
        #expect(await readers[0].value == 2)
        await producer.close()
    }
}
