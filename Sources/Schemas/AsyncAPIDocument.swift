import Duty

/// The AsyncAPI 3.0 document of what goes over Kafka: events in, outcomes and dead letters out.
package enum AsyncAPIDocument {
    package static let fileName = "asyncapi.yaml"

    /// The version of the interface, not of the program.
    private static let version = "1.0.0"
    private static let bindingVersion = Value.Member("bindingVersion", "0.5.0")

    package static var value: Value {
        [
            "asyncapi": "3.0.0",
            "info": [
                "title": "dutyclock", "version": .string(version), "description": .string(description),
                "license": ["name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"],
            ],
            "defaultContentType": "application/json",
            "servers": [
                "kafka": [
                    "host": "127.0.0.1:9092", "protocol": "kafka",
                    "description":
                        "kafka.properties 的 bootstrap.servers bootstrap.servers of the configuration",
                ]
            ],
            "channels": .object(channels),
            "operations": operations,
            "components": [
                "schemas": [
                    "eventHeaders": EnvelopeSchema.headers, "outcome": EnvelopeSchema.outcome,
                    "outcomeData": EnvelopeSchema.outcomeData,
                ],
                "messages": .object(inputs + outcomes + [Value.Member("deadLetter", deadLetter)]),
            ],
        ]
    }

    private static let description = """
        由 dutyclock schema 按守护进程校验所用的字段表生成;测试保证一致。
        Made by "dutyclock schema" from the field tables that the daemon validates by; a test holds the two together.

        入:CloudEvents 1.0,二进制模式如下;结构化模式亦可,整个事件为值,content-type 为 application/cloudevents+json。
        In: CloudEvents 1.0, in binary mode as below; in structured mode the value is the whole event and content-type
        is application/cloudevents+json.

        主题名是默认值,由 kafka.topics 配置。
        The topics are the defaults of kafka.topics.
        """

    // MARK: Channels and operations

    private static let day: Int64 = 86_400_000

    private static var channels: [Value.Member] {
        [
            Value.Member(
                "events",
                channel("park.events", "收到的事件", "events that come in", days: 400, inputs)
            ),
            Value.Member(
                "outcomes",
                channel("park.outcomes", "发布的结果", "what becomes of them", days: 400, outcomes)
            ),
            Value.Member(
                "deadLetters",
                channel(
                    "park.dlq",
                    "不能接收的记录",
                    "records that cannot be taken",
                    days: 30,
                    [Value.Member("deadLetter", deadLetter)]
                )
            ),
        ]
    }

    private static func channel(
        _ topic: String,
        _ chinese: String,
        _ english: String,
        days: Int64,
        _ messages: [Value.Member]
    ) -> Value {
        [
            "address": .string(topic),
            "description": .string(Wording(chinese, english).text),
            "messages": .object(
                messages.map { Value.Member($0.name, reference("components/messages/" + $0.name)) }
            ),
            "bindings": [
                "kafka": .object([
                    Value.Member("topic", .string(topic)), Value.Member("partitions", 6),
                    Value.Member("replicas", 3),
                    Value.Member(
                        "topicConfiguration",
                        ["cleanup.policy": ["delete"], "retention.ms": .integer(days * day)]
                    ),
                    bindingVersion,
                ])
            ],
        ]
    }

    private static var operations: Value {
        [
            "consumeEvents": operation(
                "receive",
                "events",
                "接收事件",
                "takes events",
                [Value.Member("groupId", ["type": "string", "default": "dutyclock"])]
            ),
            "publishOutcomes": operation("send", "outcomes", "发布结果", "publishes outcomes"),
            "publishDeadLetters": operation("send", "deadLetters", "退出记录", "puts dead letters aside"),
        ]
    }

    private static func operation(
        _ action: String,
        _ channel: String,
        _ chinese: String,
        _ english: String,
        _ binding: [Value.Member] = []
    ) -> Value {
        [
            "action": .string(action), "channel": reference("channels/" + channel),
            "summary": .string(Wording(chinese, english).text),
            "bindings": ["kafka": .object(binding + [bindingVersion])],
        ]
    }

    private static func reference(_ path: String) -> Value { ["$ref": .string("#/" + path)] }

    // MARK: Messages

    private static let inputs: [Value.Member] = EventKind.allCases.map { kind in
        let document = EventSchemaDocument(kind)
        return Value.Member(
            name(kind.rawValue),
            message(
                kind.rawValue,
                type: kind.typeName,
                contentType: "application/json",
                headers: [
                    "allOf": [
                        reference("components/schemas/eventHeaders"),
                        ["properties": ["ce_type": ["const": .string(kind.typeName)]]],
                    ]
                ],
                payload: ["$ref": .string("schemas/" + document.fileName)],
                key: Wording("企业编号,或 org/园区编号", "the enterprise, or org/ and the park")
            )
        )
    }

    private static let outcomes: [Value.Member] = OutcomeCatalogue.types.map { _, type in
        Value.Member(
            name(type),
            message(
                type,
                type: OutcomeCatalogue.typeName(type),
                contentType: "application/cloudevents+json",
                headers: [
                    "type": "object", "required": ["content-type"],
                    "properties": ["content-type": ["const": "application/cloudevents+json; charset=UTF-8"]],
                ],
                payload: [
                    "allOf": [
                        reference("components/schemas/outcome"),
                        ["properties": ["type": ["const": .string(OutcomeCatalogue.typeName(type))]]],
                    ]
                ],
                key: Wording("企业编号,或 -", "the enterprise, or -")
            )
        )
    }

    private static var deadLetter: Value {
        let names = [
            ("dlq-reason", "原因: 细节", "reason: detail"), ("dlq-topic", "原主题", "topic it came from"),
            ("dlq-partition", "原分区", "partition it came from"), ("dlq-offset", "原位移", "offset it came from"),
            ("dlq-time", "退出时间", "when it was put aside"),
        ]
        return [
            "name": "deadLetter",
            "title": "死信 dead letter",
            "summary": "键、值、原有头不变 key, value and headers as they came",
            "headers": [
                "type": "object", "required": .array(names.map { .string($0.0) }),
                "properties": .object(
                    names.map {
                        Value.Member(
                            $0.0,
                            [
                                "type": "string",
                                "description": .string(Wording($0.1, $0.2).text),
                            ]
                        )
                    }
                ),
            ],
            "payload": ["description": "任何内容 anything"],
            "bindings": ["kafka": .object([bindingVersion])],
        ]
    }

    private static func message(
        _ words: String,
        type: String,
        contentType: String,
        headers: Value,
        payload: Value,
        key: Wording
    ) -> Value {
        [
            "name": .string(type), "title": .string(EventWords.wording(words)?.text ?? type),
            "contentType": .string(contentType), "headers": headers, "payload": payload,
            "bindings": [
                "kafka": .object([
                    Value.Member("key", ["type": "string", "description": .string(key.text)]), bindingVersion,
                ])
            ],
        ]
    }

    /// `complaint.solution.proposed` as `complaintSolutionProposed`.
    private static func name(_ type: String) -> String {
        let parts = type.split(separator: ".")
        return parts.dropFirst().reduce(String(parts.first ?? "")) { name, part in
            name + part.prefix(1).uppercased() + part.dropFirst()
        }
    }
}
