import Duty

/// The JSON Schema (2020-12) of the data of one kind of event, made from the field table that the daemon itself
/// validates by.
///
/// It has no keyword that draft 7 does not know, because AsyncAPI 3.0 builds on draft 7.
package struct EventSchemaDocument {
    package let kind: EventKind

    package init(_ kind: EventKind) { self.kind = kind }

    /// Such as `complaint.filed.v1.json`.
    package var fileName: String { kind.rawValue + ".v1.json" }

    package var value: Value {
        let schema = EventCatalogue.schema(kind)
        var members: [Value.Member] = [
            Value.Member("$schema", "https://json-schema.org/draft/2020-12/schema"),
            Value.Member("title", .string(title)),
            Value.Member("description", .string(Self.description(schema))),
            Value.Member("type", "object"),
        ]
        members += FieldKind.schema(of: schema.fields, anyOf: schema.anyOf) { self.words($0, schema) }
        if let demand = schema.demand { members += demand.schema }
        members.append(Value.Member("examples", [EventExamples.data(kind)]))
        return .object(members)
    }

    private var title: String {
        let name = EventWords.wording(kind.rawValue)?.text
        return name.map { kind.typeName + " " + $0 } ?? kind.typeName
    }

    private func words(_ field: String, _ schema: EventSchema) -> Wording? {
        guard let words = FieldWords.wording(field, of: kind.rawValue) else { return nil }
        guard field == schema.timeField else { return words }
        return Wording(
            words.chinese + "(事件自身的时间)",
            words.english + " (the event's own time)"
        )
    }

    private static func description(_ schema: EventSchema) -> String {
        var text =
            "CloudEvents 的 data;表外字段照收,不起作用;null 等于没有。 "
            + "The data of the CloudEvent; other fields are kept without effect; null means absent."
        for note in notes(schema) { text += " " + note.text }
        return text
    }

    /// What the daemon asks for and JSON Schema cannot say.
    private static func notes(_ schema: EventSchema) -> [Wording] {
        var notes: [Wording] = []
        if schema.fields.contains(where: { $0.kind == .amount || $0.kind == .signedAmount }) {
            notes.append(
                Wording("金额不写小数点。", "Amounts are written without a decimal point.")
            )
        }
        if let demand = schema.demand {
            notes.append(
                Wording(
                    "\(demand.when) 为 \(demand.word) 时,\(demand.field) 与 \(demand.unlike) 不同。",
                    "Where \(demand.when) is \(demand.word), \(demand.field) is another one than \(demand.unlike)."
                )
            )
        }
        if schema.kind == .calendarPublished {
            notes.append(
                Wording(
                    "日期都在该年,且不重复。",
                    "All days are of that year, and none is given twice."
                )
            )
        }
        if schema.leastClassification > .internal {
            notes.append(
                Wording(
                    "dataclassification 至少为 \(schema.leastClassification.rawValue)。",
                    "Its dataclassification is at least \(schema.leastClassification.rawValue)."
                )
            )
        }
        return notes
    }
}
