import Duty

/// A notification as a CloudEvent in structured mode, the form in which programs receive it.
package enum NotificationEvent {
    package static let type = "park.notification.requested.v1"

    /// The JSON bytes of the event; `source` names this installation.
    package static func encode(_ message: OutgoingMessage, source: String) -> [UInt8] {
        let notification = message.notification
        var writer = JSONWriter(capacity: 1024)
        writer.object { event in
            event.member("specversion", "1.0")
            event.member("id", notification.key)
            event.member("source", source)
            event.member("type", type)
            event.member("subject", notification.matter.text)
            event.member("time", notification.requestedAt.rfc3339)
            event.member("partitionkey", notification.enterprise.text)
            if let traceparent = message.traceparent { event.member("traceparent", traceparent) }
            event.member("datacontenttype", "application/json")
            event.name("data")
            event.object { data(message, &$0) }
        }
        return writer.bytes
    }

    private static func data(_ message: OutgoingMessage, _ data: inout JSONWriter) {
        let notification = message.notification
        data.member("notificationId", notification.key)
        data.member("code", notification.code)
        data.member("ruleId", notification.rule.text)
        data.member("article", Int64(notification.article))
        data.member("matter", notification.matter.text)
        data.member("enterpriseId", notification.enterprise.text)
        data.member("cycle", Int64(notification.cycle))
        data.member("stage", notification.stage)
        data.member("class", notification.messageClass.text)
        data.name("recipient")
        data.object { recipient in
            recipient.member("personRef", notification.recipient.person.text)
            recipient.member("role", notification.recipient.role.text)
        }
        if let due = notification.dueAt { data.member("dueAt", due.rfc3339) }
        data.member("title", message.title)
        data.member("text", message.text)
        if let link = message.link { data.member("link", link) }
        if let withdrawn = notification.withdraws { data.member("withdraws", withdrawn) }
    }
}
