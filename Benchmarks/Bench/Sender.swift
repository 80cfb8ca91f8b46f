import Duty
import Engine
import Kafka

/// A desk of the park that puts its events onto the intake topic.
struct Sender: Sendable {
    let producer: KafkaProducer
    let topic: String

    func now() -> Instant { SystemClock().now() }

    /// Returns once Kafka has them all.
    func send(_ events: [CloudEvent]) async throws {
        for result in await producer.produce(events.map { $0.record(topic: topic) }) { _ = try result.get() }
    }
}
