import Duty

/// The context attributes of CloudEvents as schemas: as headers of the binary mode, and as the event of the
/// structured mode.
enum EnvelopeSchema {
    private struct Attribute {
        let name: String
        let isRequired: Bool
        let words: Wording
        var schema: [Value.Member] = [Value.Member("type", "string")]

        init(_ name: String, isRequired: Bool = false, _ chinese: String, _ english: String) {
            self.name = name
            self.isRequired = isRequired
            words = Wording(chinese, english)
        }

        func with(_ name: String, _ value: Value) -> Attribute {
            var copy = self
            copy.schema.append(Value.Member(name, value))
            return copy
        }

        var isName: Attribute {
            with("minLength", 1).with("maxLength", .integer(Int64(EventValidation.longestAttribute)))
        }

        var isTime: Attribute {
            with("format", "date-time").with("pattern", .string(TextPattern.instant))
        }
    }

    private static let inputs: [Attribute] = [
        Attribute("specversion", isRequired: true, "规范版本", "version of CloudEvents").with("const", "1.0"),
        Attribute("id", isRequired: true, "事件编号,与 source 一起唯一", "id, unique within the source").isName,
        Attribute("source", isRequired: true, "来源", "producer").isName.with("format", "uri-reference")
            // What the daemon passes from one matter to another bears this source.
            .with("not", ["const": .string(Fact.reflectionSource)]),
        Attribute("type", isRequired: true, "种类", "type").isName,
        Attribute("subject", "事项", "matter"),
        Attribute("time", "发生时间", "when it happened").isTime,
        Attribute("recordedtime", "记录时间,显示补录", "when it was written down; shows backdating").isTime,
        Attribute("partitionkey", "Kafka 键,一般为企业编号", "Kafka key, as a rule the enterprise"),
        Attribute("sequence", "来源内的序号", "place within the source"),
        Attribute("correlationid", "关联编号", "correlation"),
        Attribute("causationid", "起因事件", "id of the event that caused it"),
        Attribute("dataclassification", "数据级别,默认 internal", "how widely it may be shown; internal by default")
            .with("enum", .array(DataClassification.allCases.map { .string($0.rawValue) })),
        Attribute("traceparent", "W3C 追踪", "W3C trace context"),
        Attribute("dataschema", "data 的 JSON Schema", "JSON Schema of the data"),
    ]

    /// Headers of a record in binary mode.
    static let headers: Value = .object(
        [
            Value.Member("type", "object"),
            Value.Member("required", .array(inputs.filter(\.isRequired).map { .string("ce_" + $0.name) })),
            Value.Member(
                "properties",
                .object(
                    [
                        Value.Member(
                            "content-type",
                            ["type": "string", "description": "application/json; charset=utf-8"]
                        )
                    ]
                        + inputs.map { Value.Member("ce_" + $0.name, described($0)) }
                )
            ),
        ]
    )

    /// An outcome in structured mode, all but its type.
    static let outcome: Value = .object(
        [
            Value.Member("type", "object"),
            Value.Member(
                "required",
                [
                    "specversion", "id", "source", "type", "subject", "time", "partitionkey",
                    "datacontenttype", "data",
                ]
            ),
            Value.Member(
                "properties",
                .object(
                    inputs.filter { outcomeNames.contains($0.name) }.map {
                        Value.Member($0.name, described($0))
                    }
                        + [
                            Value.Member("datacontenttype", ["const": "application/json"]),
                            Value.Member("data", ["$ref": "#/components/schemas/outcomeData"]),
                        ]
                )
            ),
        ]
    )

    private static let outcomeNames: Set<String> = [
        "specversion", "id", "source", "type", "subject", "time", "partitionkey", "traceparent",
    ]

    private static func described(_ attribute: Attribute) -> Value {
        .object([Value.Member("description", .string(attribute.words.text))] + attribute.schema)
    }

    static let outcomeData: Value = .object(
        [Value.Member("type", "object")]
            + FieldKind.schema(of: OutcomeCatalogue.fields, anyOf: []) {
                FieldWords.wording($0, of: "outcome")
            }
    )
}
