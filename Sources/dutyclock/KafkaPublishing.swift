import Delivery
import Duty
import Kafka

/// Lends the producer of outcomes to channels that put notifications onto a topic.
enum KafkaPublishing {
    static func publish(_ producer: KafkaProducer) -> ChannelTools.Publish {
        { topic, key, value, headers in
            let record = ProducerRecord(
                topic: topic,
                key: key,
                value: value,
                headers: headers.map { KafkaHeader(name: $0.0, value: $0.1) }
            )
            switch await producer.produce([record]).first {
            case .success(let place): return .sent(reference: "\(place.partition)/\(place.offset)")
            case .failure(let error): return outcome(of: error)
            case nil: return .uncertain(reason: "no answer")
            }
        }
    }

    /// After these the record may lie in the topic all the same.
    private static let doubtful: Set<String> = [
        "_MSG_TIMED_OUT", "_TIMED_OUT", "_TRANSPORT", "_DESTROY", "_PURGE_INFLIGHT", "REQUEST_TIMED_OUT",
        "NETWORK_EXCEPTION", "NOT_ENOUGH_REPLICAS_AFTER_APPEND",
    ]

    private static func outcome(of error: KafkaError) -> SendOutcome {
        if doubtful.contains(error.name) { return .uncertain(reason: "no answer: \(error.name)") }
        let reason = "the broker refused the record"
        return error.isRetriable
            ? .retry(code: error.name, reason: reason, after: nil) : .failed(code: error.name, reason: reason)
    }
}
