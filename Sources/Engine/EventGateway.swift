import Duty
import Kafka
import Storage

/// The way in for events that do not come over Kafka: checked, then put onto the intake topic, so that the topic
/// stays the one record of what happened.
package struct EventGateway: Sendable {
    private let producer: KafkaProducer
    private let topic: String
    private let clock: any WallClock
    /// Say how many articles the document has; nil if any article may be named.
    private let rules: RulesInForce?

    package init(producer: KafkaProducer, topic: String, clock: any WallClock, rules: RulesInForce? = nil) {
        self.producer = producer
        self.topic = topic
        self.clock = clock
        self.rules = rules
    }

    /// Why an event was not taken.
    package enum Refusal: Error, Sendable {
        case rejected(index: Int, EventRejection)
        case unavailable(String)
    }

    /// Returns once every event is safe in Kafka; none is put there if one is refused.
    package func publish(_ events: [CloudEvent]) async throws(Refusal) {
        var records: [ProducerRecord] = []
        let articles = rules?.book.current.articleCount
        for (index, event) in events.enumerated() {
            do {
                let fact = try EventValidation.fact(event, receivedAt: clock.now(), articles: articles)
                records.append(IntakeRecord.record(event, fact, topic: topic))
            } catch {
                throw .rejected(index: index, error)
            }
        }
        for result in await producer.produce(records) {
            if case .failure(let error) = result { throw .unavailable(error.message) }
        }
    }
}
