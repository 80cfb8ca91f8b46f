import Duty
import DutyConfig
import Synchronization
import Testing

@testable import Delivery

@Suite struct KafkaChannelTests {
    @Test func theEventIsKeyedByTheEnterprise() async throws {
        let seen = Mutex<[(topic: String, key: String, value: Value?, headers: [String])]>([])
        let channel = KafkaChannel(name: "way", topic: "park.notices", source: "/dutyclock") {
            topic,
            key,
            value,
            headers in
            seen.withLock {
                $0.append(
                    (
                        topic, String(decoding: key, as: UTF8.self), try? JSONReader.decode(value),
                        headers.map(\.0)
                    )
                )
            }
            return .sent(reference: "0/7")
        }
        #expect(await channel.send(message(), timeout: .seconds(5)) == .sent(reference: "0/7"))
        let record = try #require(seen.withLock { $0.first })
        #expect(record.topic == "park.notices" && record.key == "E-000451")
        #expect(record.value?["id"] == "k1")
        #expect(record.headers == ["content-type"])
    }

    @Test func aBrokerThatDoesNotAnswerLeavesDoubt() async {
        let channel = KafkaChannel(name: "way", topic: "t", source: "/dutyclock") { _, _, _, _ in
            try? await Task.sleep(for: .seconds(3))
            return .sent(reference: nil)
        }
        let outcome = await channel.send(message(), timeout: .milliseconds(50))
        #expect(outcome == .uncertain(reason: "no answer in time"))
    }

    @Test func withoutKafkaThereIsNoSuchChannel() async throws {
        let http = OutboundHTTP()
        let configuration = ChannelTypesTests.configuration(KafkaChannel.type.schema)
        #expect(throws: ChannelConfiguration.Missing.self) {
            try KafkaChannel.type.make(configuration, ChannelTools(http: http, now: { noon }))
        }
        await http.shutdown()
    }
}
