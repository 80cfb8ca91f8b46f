import Duty

/// One way out to people: a chat robot, a text message, a web hook.
///
/// A new kind of channel is one type in one file that conforms to this protocol.
package protocol Channel: Sendable {
    /// The configured name (`park-robot`).
    var name: String { get }
    /// The kind of channel (`webhook`).
    var type: String { get }
    /// False if a recipient is reached here without an address of his own.
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
    /// The recipient's address on this channel.
    package let address: String?
    /// W3C trace context, handed on as it is.
    package let traceparent: String?

    package init(
        notification: Notification,
        title: String,
        text: String,
        address: String?,
        traceparent: String?
    ) {
        self.notification = notification
        self.title = title
        self.text = text
        self.address = address
        self.traceparent = traceparent
    }
}
