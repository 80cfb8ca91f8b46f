import Duty

/// One way out to people: a chat robot, a text message, a web hook.
///
/// A new kind of channel is one file with a type that conforms to this protocol, and its line in
/// ``ChannelTypes``.
package protocol Channel: Sendable {
    /// The configured name (`park-robot`).
    var name: String { get }
    /// False if a recipient is reached here without an address of his own; the same as in the type's schema.
    var needsAddress: Bool { get }
    /// Sends once and says what became of it, within `timeout`; never throws, never tries again by itself.
    func send(_ message: OutgoingMessage, timeout: Duration) async -> SendOutcome
}

extension Channel {
    package var needsAddress: Bool { true }
}

/// A notification in words, for one recipient on one channel.
package struct OutgoingMessage: Sendable {
    package let notification: Notification
    package let title: String
    package let text: String
    /// What a template may show, by the names of its placeholders, for providers that keep the text themselves.
    package let fields: [String: String]
    /// The page on which the recipient can answer, if there is one; whoever has it speaks
    /// for the recipient, so it never goes to a group or into a log.
    package let link: String?
    /// The recipient's address on this channel.
    package let address: String?
    /// W3C trace context, handed on as it is.
    package let traceparent: String?

    package init(
        notification: Notification,
        title: String,
        text: String,
        fields: [String: String] = [:],
        link: String? = nil,
        address: String?,
        traceparent: String?
    ) {
        self.notification = notification
        self.title = title
        self.text = text
        self.fields = fields
        self.link = link
        self.address = address
        self.traceparent = traceparent
    }
}
