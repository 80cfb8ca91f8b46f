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
            throw EventRejection(.notCloudEvent, "不是 JSON 对象", "the value is not a JSON object")
        }
        var attributes: [String: String] = [:]
        attributes.reserveCapacity(members.count)
        var data = Value.null
        for member in members {
            switch (member.name, member.value) {
            case ("data", let value): data = value
            case ("data_base64", _):
                throw EventRejection(
                    .notCloudEvent,
                    "不接受 data_base64,data 须是 JSON",
                    "data_base64 is not accepted: data must be JSON"
                )
            case (_, .string(let text)): attributes[member.name] = text
            case (_, .integer(let number)): attributes[member.name] = String(number)
            case (_, .bool(let flag)): attributes[member.name] = String(flag)
            case (_, .null): break
            default:
                throw EventRejection(
                    .notCloudEvent,
                    "属性 \(member.name) 既不是文字,也不是数字或真假值",
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
    package let wording: Wording
    /// The same in English, as records and logs have it.
    package var detail: String { wording.english }

    package init(_ reason: Reason, _ chinese: String, _ english: String) {
        self.reason = reason
        wording = Wording(chinese, english)
    }

    package var description: String { "\(reason.rawValue): \(detail)" }
}

extension EventRejection.Reason {
    /// What people call it.
    package var title: Wording {
        switch self {
        case .notJSON: Wording("不是 JSON", "not JSON")
        case .notCloudEvent: Wording("不是 CloudEvents 事件", "not a CloudEvent")
        case .unknownType: Wording("未知的事件类型", "unknown type")
        case .missingField: Wording("缺少字段", "missing field")
        case .illTypedField: Wording("字段内容不合规定", "ill-typed field")
        case .badAmount: Wording("金额有误", "bad amount")
        case .tooLarge: Wording("过大", "too large")
        case .tombstone: Wording("没有内容", "no value")
        case .orphan: Wording("等不到对应的事件", "orphan")
        case .negativeInterval: Wording("起止颠倒", "ends before it begins")
        case .classification: Wording("密级标注有误", "bad classification")
        }
    }
}
