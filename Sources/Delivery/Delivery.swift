import Duty

/// One attempt: renders, masks and hands over to the channel.
struct Delivery: Sendable {
    let channel: any Channel
    let notification: Notification
    let renderer: MessageRenderer
    let names: @Sendable (PersonRef) -> String
    let address: String?
    let timeout: Duration
    let shadow: Bool

    func send() async -> SendOutcome {
        let (title, text) = renderer.render(notification, names: names)
        let message = OutgoingMessage(
            notification: notification,
            title: PrivacyFilter.mask(title),
            text: PrivacyFilter.mask(text),
            fields: renderer.fields(notification, names: names).mapValues { PrivacyFilter.mask($0) },
            address: address,
            traceparent: notification.values["traceparent"]?.string
        )
        guard !shadow else { return .sent(reference: "shadow") }
        return await channel.send(message, timeout: timeout)
    }
}
