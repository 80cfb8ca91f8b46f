import Duty

/// Notifications and their attempts as columns.
package enum NotificationCodec {
    package static func encode(_ notification: Notification) -> [UInt8] {
        var writer = JSONWriter(capacity: 512)
        writer.object { writer in
            writer.member("code", notification.code)
            writer.member("rule", notification.rule.text)
            writer.member("article", Int64(notification.article))
            writer.member("enterprise", notification.enterprise.text)
            writer.member("cycle", Int64(notification.cycle))
            writer.member("stage", notification.stage)
            writer.member("class", notification.messageClass.text)
            writer.member("person", notification.recipient.person.text)
            writer.member("role", notification.recipient.role.text)
            writer.member("due", notification.dueAt)
            writer.member("requested", notification.requestedAt)
            writer.member("arrived", notification.arrivedAt)
            writer.member("urgency", Int64(notification.urgency))
            writer.member("withdraws", optional: notification.withdraws)
            writer.member("values", notification.values)
        }
        return writer.bytes
    }

    static func decode(_ bytes: [UInt8], key: String, matter: MatterID) throws -> Notification {
        let value = try JSONReader.decode(bytes)
        var notification = Notification(
            key: key,
            code: try value.needText("code"),
            rule: RuleID(try value.needText("rule")),
            article: Int(try value.needInteger("article")),
            matter: matter,
            enterprise: EnterpriseID(try value.needText("enterprise")),
            cycle: Int(try value.needInteger("cycle")),
            stage: try value.needText("stage"),
            messageClass: MessageClass(try value.needText("class")),
            recipient: Recipient(
                person: PersonRef(try value.needText("person")),
                role: RoleID(try value.needText("role"))
            ),
            dueAt: value.instant("due"),
            requestedAt: try value.needInstant("requested"),
            urgency: Int(try value.needInteger("urgency")),
            withdraws: value["withdraws"]?.string,
            values: try value.need("values")
        )
        notification.arrivedAt = value.instant("arrived")
        return notification
    }

    static func encode(_ attempts: [StoredAttempt]) -> [UInt8] {
        var writer = JSONWriter(capacity: 256)
        writer.array { writer in
            for attempt in attempts {
                writer.object { writer in
                    writer.member("channel", attempt.channel)
                    writer.member("number", Int64(attempt.number))
                    writer.member("started", attempt.startedAt)
                    writer.member("finished", attempt.finishedAt)
                    writer.member("digest", optional: attempt.digest)
                    if let outcome = attempt.outcome { encode(outcome, &writer) }
                }
            }
        }
        return writer.bytes
    }

    private static func encode(_ outcome: SendOutcome, _ writer: inout JSONWriter) {
        writer.member("outcome", outcome.word)
        switch outcome {
        case .sent(let reference): writer.member("reference", optional: reference)
        case .retry(let code, let reason, let after):
            writer.member("code", code)
            writer.member("reason", reason)
            if let after { writer.member("after", after.microseconds) }
        case .failed(let code, let reason):
            writer.member("code", code)
            writer.member("reason", reason)
        case .uncertain(let reason): writer.member("reason", reason)
        }
    }

    static func attempts(_ bytes: [UInt8]) throws -> [StoredAttempt] {
        try (JSONReader.decode(bytes).array ?? []).map { value in
            StoredAttempt(
                channel: try value.needText("channel"),
                number: Int(try value.needInteger("number")),
                startedAt: try value.needInstant("started"),
                finishedAt: value.instant("finished"),
                outcome: outcome(value),
                digest: value["digest"]?.string
            )
        }
    }

    private static func outcome(_ value: Value) -> SendOutcome? {
        let reason = value["reason"]?.string ?? ""
        let code = value["code"]?.string ?? ""
        return switch value["outcome"]?.string {
        case "sent": .sent(reference: value["reference"]?.string)
        case "retry":
            .retry(code: code, reason: reason, after: value["after"]?.integer.map { Span(microseconds: $0) })
        case "failed": .failed(code: code, reason: reason)
        case "uncertain": .uncertain(reason: reason)
        default: nil
        }
    }
}
