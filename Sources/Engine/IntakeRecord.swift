import Duty
import Kafka

/// Events as records of the intake topic, whichever way they come in.
package enum IntakeRecord {
    package static let contentType = KafkaHeader(
        name: "content-type",
        value: Array("application/cloudevents+json; charset=UTF-8".utf8)
    )

    /// The record of `event`, keyed so that what belongs together keeps its order.
    ///
    /// `fact` is what the event tells of; nil where it is not in the catalogue, or was never checked.
    package static func record(_ event: CloudEvent, _ fact: Fact?, topic: String) -> ProducerRecord {
        ProducerRecord(
            topic: topic,
            key: key(event, fact).map { Array($0.utf8) },
            value: JSONWriter.encode(event.structured),
            headers: [contentType]
        )
    }

    private static func key(_ event: CloudEvent, _ fact: Fact?) -> String? {
        if let key = event.attributes["partitionkey"] { return key }
        guard let fact else { return EventValidation.enterprise(in: event.data)?.text }
        return fact.enterprise?.text ?? fact.matter.text
    }
}
