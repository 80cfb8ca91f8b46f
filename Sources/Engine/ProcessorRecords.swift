import Duty
import Storage

/// What the processor writes down about facts and notifications.
extension Processor {
    /// With what the reader of a log has to know of an event that is on record and opens nothing.
    ///
    /// Without readers only that it was accepted.
    static func accepted(
        _ fact: Fact,
        _ origin: Origin?,
        _ policy: Policy,
        hasReaders: Bool
    ) -> Transition {
        Transition(
            action: "event.accepted",
            rule: nil,
            article: nil,
            cycle: 0,
            at: fact.at,
            fields: .object(hasReaders ? fields(of: fact, origin, policy) : [])
        )
    }

    private static func fields(of fact: Fact, _ origin: Origin?, _ policy: Policy) -> [Value.Member] {
        var fields = [
            Value.Member("source", .string(fact.key.source)), Value.Member("id", .string(fact.key.id)),
            Value.Member("type", .string(fact.kind.typeName)),
        ]
        if let origin {
            fields.append(Value.Member("topic", .string(origin.topic)))
            fields.append(Value.Member("partition", .integer(Int64(origin.partition))))
            fields.append(Value.Member("offset", .integer(origin.offset)))
        }
        if let trace = fact.traceparent { fields.append(Value.Member("traceparent", .string(trace))) }
        if policy.passesOver(fact) { fields.append(Value.Member("notInForce", .bool(true))) }
        if fact.hasClockSkew { fields.append(Value.Member("clockSkew", .bool(true))) }
        return fields
    }

    static func requested(_ notification: Notification) -> Transition {
        var fields = [
            Value.Member("notificationId", .string(notification.key)),
            Value.Member("code", .string(notification.code)),
            Value.Member("stage", .string(notification.stage)),
            Value.Member("class", .string(notification.messageClass.text)),
            Value.Member("personRef", .string(notification.recipient.person.text)),
            Value.Member("role", .string(notification.recipient.role.text)),
        ]
        if let trace = notification.values["traceparent"] {
            fields.append(Value.Member("traceparent", trace))
        }
        if let reason = notification.values["againBecause"] { fields.append(Value.Member("reason", reason)) }
        return Transition(
            action: notification.stage.hasPrefix("escalate") || notification.code == "N94"
                ? "notification.escalated" : "notification.requested",
            rule: notification.rule,
            article: notification.article,
            cycle: notification.cycle,
            at: notification.requestedAt,
            fields: .object(fields)
        )
    }

    /// A fact that waited in vain, as a dead letter; it stays with its matter, should the opening one still come.
    static func orphan(_ fact: Fact, _ now: Instant) -> DeadLetter {
        letter(fact, .orphan, DeadLetterWords.orphan(fact.matter).english, now)
    }

    /// The end of a pause that lies before its beginning; it stays with its matter, should an earlier one still come.
    static func reversed(_ fact: Fact, _ now: Instant) -> DeadLetter {
        letter(fact, .negativeInterval, DeadLetterWords.reversed(fact.matter).english, now)
    }

    private static func letter(
        _ fact: Fact,
        _ reason: EventRejection.Reason,
        _ detail: String,
        _ now: Instant
    ) -> DeadLetter {
        var attributes = [
            "specversion": "1.0", "id": fact.key.id, "source": fact.key.source, "type": fact.kind.typeName,
            "subject": fact.matter.text,
        ]
        if let time = fact.time { attributes["time"] = time.rfc3339 }
        if let trace = fact.traceparent { attributes["traceparent"] = trace }
        if fact.classification != .internal {
            attributes["dataclassification"] = fact.classification.rawValue
        }
        let event = CloudEvent(attributes: attributes, data: fact.data)
        return DeadLetter(
            topic: "",
            partition: -1,
            offset: -1,
            key: fact.enterprise.map { Array($0.text.utf8) },
            value: JSONWriter.encode(event.structured),
            headers: [
                DeadLetter.Header(
                    name: "content-type",
                    value: Array("application/cloudevents+json; charset=UTF-8".utf8)
                )
            ],
            reason: reason.rawValue,
            detail: detail,
            at: now
        )
    }
}
