import Kafka
import Testing

struct PropertyTests {
    @Test func anUnknownPropertyIsNamed() throws {
        let error = #expect(throws: KafkaError.self) { try KafkaProducer(properties: ["no.such": "1"]) }
        #expect(error?.message.contains("no.such") == true)
        #expect(error?.name == "_INVALID_ARG")
        #expect(error?.isFatal == false)
    }

    @Test func aBadValueIsNamed() throws {
        let error = #expect(throws: KafkaError.self) {
            try KafkaConsumer(
                configuration: ConsumerConfiguration(
                    properties: ["group.id": "g", "session.timeout.ms": "soon"],
                    topics: ["t"]
                )
            )
        }
        #expect(error?.message.contains("session.timeout.ms") == true)
    }

    @Test func propertiesAreLookedAtBeforeThereIsAClient() {
        let said = PropertyCheck.problems([
            "no.such": "1", "session.timeout.ms": "soon", "bootstrap.servers": "127.0.0.1:9092",
            "security.protocol": "SASL_SSL", "linger.ms": "5",
        ])
        #expect(Set(said.keys) == ["no.such", "session.timeout.ms"])
        #expect(said["no.such"]?.contains("no.such") == true)
        #expect(said["session.timeout.ms"]?.contains("session.timeout.ms") == true)
    }

    @Test func aConsumerWithoutAGroupIsRefused() throws {
        #expect(throws: KafkaError.self) {
            try KafkaConsumer(configuration: ConsumerConfiguration(properties: [:], topics: ["t"]))
        }
    }

    @Test func oneMapServesBothKinds() {
        let both = ["bootstrap.servers": "b", "group.id": "g", "linger.ms": "5"]
        #expect(ClientProperties.forProducer(both) == ["bootstrap.servers": "b", "linger.ms": "5"])
        #expect(ClientProperties.forConsumer(both) == ["bootstrap.servers": "b", "group.id": "g"])
    }
}
