import Crypto
import Duty

/// What a person can do with a link or by a text message.
enum AnswerAction: String, CaseIterable, Sendable {
    /// Says that the message was seen; stops its repeats and nothing else.
    case acknowledge
    /// Says that the enterprise was contacted.
    case respond
    /// Says what will be done about it.
    case propose

    var kind: EventKind {
        switch self {
        case .acknowledge: .notificationAcknowledged
        case .respond: .complaintResponded
        case .propose: .complaintSolutionProposed
        }
    }

    /// The source of all answers, whichever way they come in.
    static let source = "/dutyclock/answers"

    /// The event of this answer to that notification: always the same, so that a second tap, a replay or an
    /// answer by another way adds no second fact.
    ///
    /// The id is of the letters a to p alone: nothing in it can be taken for a telephone number.
    func key(_ notification: String) -> EventKey {
        let digest = SHA256.hash(data: Array("\(rawValue)\u{0}\(notification)".utf8)).prefix(16)
        let letters = digest.flatMap { [$0 >> 4, $0 & 15] }.map { UInt8(ascii: "a") + $0 }
        return EventKey(source: Self.source, id: String(decoding: letters, as: UTF8.self))
    }
}

/// An answer with what was said, ready to become an event.
struct Answer: Sendable {
    enum Content: Sendable, Hashable {
        case acknowledgement
        /// `phone`, `visit` or `message`.
        case response(mode: String)
        case plan(reference: String, unit: String, date: CivilDate?)
    }

    let notification: Notification
    let content: Content
    let at: Instant
    /// `web` or `sms-reply`.
    let via: String
    /// The enterprise that the matter is about now, if it is about one.
    let enterprise: EnterpriseID?

    var action: AnswerAction {
        switch content {
        case .acknowledgement: .acknowledge
        case .response: .respond
        case .plan: .propose
        }
    }

    /// The CloudEvent as any other source would send it.
    var event: CloudEvent {
        let key = action.key(notification.key)
        var attributes = [
            "specversion": "1.0", "id": key.id, "source": key.source, "type": action.kind.typeName,
            "subject": notification.matter.text, "time": at.rfc3339, "datacontenttype": "application/json",
        ]
        if let enterprise, enterprise != .nobody { attributes["partitionkey"] = enterprise.text }
        return CloudEvent(attributes: attributes, data: .object(data))
    }

    private var data: [Value.Member] {
        let person = Value.Member("personRef", .string(notification.recipient.person.text))
        switch content {
        case .acknowledgement:
            return [
                Value.Member("notificationId", .string(notification.key)), person,
                Value.Member("at", .string(at.rfc3339)), Value.Member("via", .string(via)),
            ]
        case .response(let mode):
            let role = Value.Member("role", .string(notification.recipient.role.text))
            return complaint + [
                Value.Member("respondedAt", .string(at.rfc3339)),
                Value.Member("by", .object([person, role])),
                Value.Member("mode", .string(mode)), Value.Member("auto", false),
            ]
        case .plan(let reference, let unit, let date):
            let role = Value.Member("role", .string(notification.recipient.role.text))
            var members =
                complaint + [
                    Value.Member("proposedAt", .string(at.rfc3339)),
                    Value.Member("planRef", .string(reference)),
                    Value.Member("responsibleUnit", .string(unit)),
                ]
            if let date { members.append(Value.Member("plannedBy", .string(date.description))) }
            return members + [Value.Member("actor", .object([person, role]))]
        }
    }

    private var complaint: [Value.Member] {
        [
            Value.Member("complaintId", .string(notification.matter.number)),
            Value.Member("enterpriseId", .string((enterprise ?? notification.enterprise).text)),
        ]
    }
}
