import Duty

/// One attempt: renders, masks and hands over to the channel.
struct Delivery: Sendable {
    let channel: any Channel
    /// One, or several that are told as one.
    let notifications: [Notification]
    /// Characters that the text of several may have.
    let digestLength: Int
    let renderer: MessageRenderer
    let names: @Sendable (PersonRef) -> String
    let address: String?
    /// Where the recipient may answer; made anew for each attempt, so that no link is ever stored.
    let links: @Sendable (Notification) -> String?
    let timeout: Duration
    let shadow: Bool

    func send() async -> SendOutcome {
        guard let (notification, title, text) = words() else {
            return .failed(code: "empty", reason: "there is nothing to tell")
        }
        let message = OutgoingMessage(
            notification: notification,
            title: Self.leaving(title),
            text: Self.leaving(text),
            fields: renderer.fields(notification, names: names).mapValues(Self.leaving),
            link: links(notification),
            address: address,
            traceparent: notification.values["traceparent"]?.string
        )
        guard !shadow else { return .sent(reference: "shadow") }
        return await channel.send(message, timeout: timeout)
    }

    /// What may leave of a text, whatever the channel.
    private static func leaving(_ text: String) -> String { PlainText.printable(PrivacyFilter.mask(text)) }

    private func words() -> (notification: Notification, title: String, text: String)? {
        if notifications.count > 1 {
            return renderer.digest(notifications, limit: digestLength, names: names)
        }
        return notifications.first.map { notification in
            let (title, text) = renderer.render(notification, names: names)
            return (notification, title, text)
        }
    }
}
