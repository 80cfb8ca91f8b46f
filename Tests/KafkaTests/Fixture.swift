import Kafka
import Synchronization
import Testing

/// A broker of its own for one test, with helpers that read as the test's story.
struct Fixture {
    let broker: EmbeddedBroker
    let topic = "t"

    init(partitions: Int = 1, brokers: Int = 1) throws {
        broker = try EmbeddedBroker(brokers: brokers)
        try broker.createTopic(topic, partitions: partitions)
    }

    var properties: [String: String] {
        [
            "bootstrap.servers": broker.bootstrapServers,
            "group.id": "group",
            "reconnect.backoff.max.ms": "200",
            "retry.backoff.ms": "20",
            // The mock group waits for nearly a session before it answers whoever joins a second time.
            "session.timeout.ms": "3000",
            "heartbeat.interval.ms": "200",
        ]
    }

    func partition(_ number: Int32) -> TopicPartition { TopicPartition(topic: topic, partition: number) }

    func consumer(
        maxBatch: Int = 2000,
        properties extra: [String: String] = [:],
        startOffset: @escaping @Sendable ([TopicPartition]) throws -> [TopicPartition: Int64] = { _ in [:] }
    ) throws -> KafkaConsumer {
        try KafkaConsumer(
            configuration: ConsumerConfiguration(
                properties: properties.merging(extra) { _, new in new },
                topics: [topic],
                maxBatch: maxBatch
            ),
            startOffset: startOffset
        )
    }

    func producer(_ extra: [String: String] = [:]) throws -> KafkaProducer {
        try KafkaProducer(properties: properties.merging(extra) { _, new in new })
    }

    /// Writes numbered records to one partition and checks that each was delivered.
    func write(_ numbers: Range<Int>, partition: Int32 = 0) async throws {
        let producer = try producer()
        try await write(numbers, partition: partition, with: producer)
        await producer.close()
    }

    func write(_ numbers: Range<Int>, partition: Int32 = 0, with producer: KafkaProducer) async throws {
        let results = await producer.produce(
            numbers.map { ProducerRecord(topic: topic, value: Array("\($0)".utf8), partition: partition) }
        )
        for result in results { _ = try result.get() }
    }
}

extension KafkaRecord {
    var text: String { String(decoding: value ?? [], as: UTF8.self) }
}

extension KafkaConsumer {
    /// The next records, or what was left of them when the time ran out.
    func records(_ count: Int, within limit: Duration = .seconds(15)) async -> [KafkaRecord] {
        var found: [KafkaRecord] = []
        while found.count < count, let event = await next(within: limit) {
            if case .records(let records) = event { found += records }
        }
        return found
    }

    /// Passes over events until one is of the wanted kind.
    func first<Value: Sendable>(
        within limit: Duration = .seconds(15),
        _ match: (ConsumerEvent) -> Value?
    ) async -> Value? {
        while let event = await next(within: limit) {
            if let value = match(event) { return value }
        }
        return nil
    }

    /// The next event, or nil when none comes in time.
    func next(within limit: Duration) async -> ConsumerEvent? {
        await withTaskGroup(of: ConsumerEvent?.self) { group in
            group.addTask { await self.next() }
            group.addTask {
                try? await Task.sleep(for: limit)
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
    }

    func waitForAssignment() async -> [TopicPartition] {
        await first { if case .assigned(let partitions) = $0 { partitions } else { nil } } ?? []
    }
}

/// Gathers what two consumers of a group report.
final class Tally: Sendable {
    private let seen = Mutex<[String: Int]>([:])

    func add(_ records: [KafkaRecord]) {
        seen.withLock { seen in
            for record in records { seen[record.text, default: 0] += 1 }
        }
    }

    var count: Int { seen.withLock { $0.count } }
}

/// Looks again every few milliseconds until the condition holds or the limit is reached.
func eventually(within limit: Duration = .seconds(15), _ holds: () async -> Bool) async -> Bool {
    let deadline = ContinuousClock.now + limit
    while ContinuousClock.now < deadline {
        if await holds() { return true }
        try? await Task.sleep(for: .milliseconds(10))
    }
    return await holds()
}
