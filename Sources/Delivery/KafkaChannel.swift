import Duty
import DutyConfig
import Synchronization

/// Puts each notification onto a Kafka topic as a CloudEvent in structured mode, keyed by the enterprise.
package struct KafkaChannel: Channel {
    package static let type = ChannelType(
        ChannelSchema(
            "kafka",
            keys: [
                ChannelSchema.Key("topic", .text) {
                    isTopic($0) ? nil : Wording("不能作主题名", "is no name of a topic")
                }
            ],
            needsAddress: false,
            hasEndpoint: false,
            limits: ChannelLimits(grouping: .never, keepsClear: false)
        )
    ) { configuration, tools in
        guard let publish = tools.publish else {
            throw ChannelConfiguration.Missing(channel: configuration.name, key: "kafka")
        }
        return KafkaChannel(
            name: configuration.name,
            topic: try configuration.required("topic"),
            source: tools.source,
            publish: publish
        )
    }

    package let name: String
    package let needsAddress = false
    private let topic: String
    private let source: String
    private let publish: ChannelTools.Publish

    init(name: String, topic: String, source: String, publish: @escaping ChannelTools.Publish) {
        self.name = name
        self.topic = topic
        self.source = source
        self.publish = publish
    }

    package func send(_ message: OutgoingMessage, timeout: Duration) async -> SendOutcome {
        var headers = [("content-type", Array("application/cloudevents+json; charset=UTF-8".utf8))]
        if let traceparent = message.traceparent { headers.append(("traceparent", Array(traceparent.utf8))) }
        let (publish, topic, record) = (publish, topic, NotificationEvent.encode(message, source: source))
        let (key, sent) = (Array(message.notification.enterprise.text.utf8), headers)
        let answer = FirstAnswer()
        Task { answer.give(await publish(topic, key, record, sent)) }
        // The client goes on trying for minutes; what it reports then comes too late to be waited for.
        Task {
            try? await Task.sleep(for: timeout)
            answer.give(.uncertain(reason: "no answer in time"))
        }
        return await answer.value
    }

    /// What Kafka takes for a topic's name.
    private static func isTopic(_ text: String) -> Bool {
        (1...249).contains(text.utf8.count) && text != "." && text != ".."
            && text.utf8.allSatisfy {
                (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0)
                    || "._-".utf8.contains($0)
            }
    }
}

/// The first of several answers, for one who waits; the others are dropped.
private final class FirstAnswer: Sendable {
    private struct State {
        var answer: SendOutcome?
        var waiting: CheckedContinuation<SendOutcome, Never>?
    }

    private let state = Mutex(State())

    func give(_ answer: SendOutcome) {
        let waiting = state.withLock { state -> CheckedContinuation<SendOutcome, Never>? in
            guard state.answer == nil else { return nil }
            state.answer = answer
            return state.waiting
        }
        waiting?.resume(returning: answer)
    }

    var value: SendOutcome {
        get async {
            await withCheckedContinuation { continuation in
                let ready = state.withLock { state -> SendOutcome? in
                    if state.answer == nil { state.waiting = continuation }
                    return state.answer
                }
                if let ready { continuation.resume(returning: ready) }
            }
        }
    }
}
