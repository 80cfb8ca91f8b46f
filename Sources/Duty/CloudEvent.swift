/// A CloudEvents 1.0 event with JSON data, as any binding delivers it.
package struct CloudEvent: Hashable, Sendable {
    /// Context attributes by name, without `data`.
    package var attributes: [String: String]
    package var data: Value

    package init(attributes: [String: String], data: Value) {
        self.attributes = attributes
        self.data = data
    }

    /// Reads the structured mode (`application/cloudevents+json`).
    package init(structured value: Value) throws(EventRejection) {
        guard let members = value.members else {
            throw EventRejection(.notCloudEvent, "the value is not a JSON object")
        }
        var attributes: [String: String] = [:]
        var data = Value.null
        for member in members {
            switch (member.name, member.value) {
            case ("data", let value): data = value
            case ("data_base64", _):
                throw EventRejection(.notCloudEvent, "data_base64 is not accepted: data must be JSON")
            case (_, .string(let text)): attributes[member.name] = text
            case (_, .integer(let number)): attributes[member.name] = String(number)
            case (_, .bool(let flag)): attributes[member.name] = String(flag)
            case (_, .null): break
            default:
                throw EventRejection(
                    .notCloudEvent,
                    "attribute \(member.name) is neither text, number nor flag"
                )
            }
        }
        self.init(attributes: attributes, data: data)
    }

    /// The structured mode, attributes in the order of their names.
    package var structured: Value {
        var members = attributes.sorted { $0.key < $1.key }.map { Value.Member($0.key, .string($0.value)) }
        members.append(Value.Member("data", data))
        return .object(members)
    }
}

/// Why an event cannot be taken; its record goes to the dead letters unchanged.
package struct EventRejection: Error, Hashable, Sendable, CustomStringConvertible {
    /// A word for headers and metrics.
    package enum Reason: String, Sendable {
        case notJSON, notCloudEvent, unknownType, missingField, illTypedField, badAmount, tooLarge, tombstone
        case orphan, negativeInterval, classification
    }

    package let reason: Reason
    /// A sentence for people, without the data itself.
    package let detail: String

    package init(_ reason: Reason, _ detail: String) {
        self.reason = reason
        self.detail = detail
    }

    package var description: String { "\(reason.rawValue): \(detail)" }
}
