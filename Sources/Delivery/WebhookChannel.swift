import Duty
import DutyConfig

/// Posts each notification as a signed CloudEvent to one receiver (CloudEvents 1.0, Standard Webhooks 1.0).
///
/// The receiver may drop a `webhook-id` that it has seen: it is the key of the notification.
package struct WebhookChannel: Channel {
    package static let type = ChannelType(
        ChannelSchema(
            "webhook",
            keys: [
                ChannelSchema.Key("url", .url),
                ChannelSchema.Key("secret", .secret) { secret in
                    WebhookSigner(secret: secret) == nil
                        ? Wording("whsec_ 之后须是 base64", "is no base64 after whsec_") : nil
                },
            ],
            needsAddress: false,
            limits: ChannelLimits(grouping: .never, keepsClear: false)
        ),
        // The receiver says that it is gone.
        openCodes: ["410"]
    ) { configuration, tools in
        WebhookChannel(
            name: configuration.name,
            url: configuration.target(try configuration.required("url")),
            source: tools.source,
            signer: try WebhookSigner(secret: configuration.required("secret"))
                ?? { throw ChannelConfiguration.Missing(channel: configuration.name, key: "secret") }(),
            client: tools.http,
            now: tools.now
        )
    }

    package let name: String
    package let needsAddress = false
    private let url: String
    private let source: String
    private let signer: WebhookSigner
    private let client: OutboundHTTP
    private let now: @Sendable () -> Instant

    /// A channel that posts to `url`, which is a secret and appears in no outcome.
    ///
    /// `source` is the CloudEvents source of this installation.
    package init(
        name: String,
        url: String,
        source: String,
        signer: WebhookSigner,
        client: OutboundHTTP,
        now: @escaping @Sendable () -> Instant
    ) {
        self.name = name
        self.url = url
        self.source = source
        self.signer = signer
        self.client = client
        self.now = now
    }

    package func send(_ message: OutgoingMessage, timeout: Duration) async -> SendOutcome {
        let body = NotificationEvent.encode(message, source: source)
        let reply = await client.post(
            url,
            headers: headers(message, body: body),
            body: body,
            timeout: timeout,
            patience: .seconds(1)
        )
        return WebhookChannel.outcome(of: reply, now: now())
    }

    private func headers(_ message: OutgoingMessage, body: [UInt8]) -> [(String, String)] {
        let key = message.notification.key
        let timestamp = now().seconds
        var headers = [
            ("content-type", "application/cloudevents+json; charset=UTF-8"),
            ("webhook-id", WebhookSigner.headerID(key)),
            ("webhook-timestamp", String(timestamp)),
            ("webhook-signature", signer.signature(id: key, timestamp: timestamp, body: body)),
        ]
        if let traceparent = message.traceparent { headers.append(("traceparent", traceparent)) }
        return headers
    }

    /// What a reply means for the attempt.
    static func outcome(of reply: HTTPReply, now: Instant) -> SendOutcome {
        switch reply {
        case .answered(let answer):
            self.answer(
                answer.status,
                retryAfter: answer.headers["retry-after"],
                reference: answer.headers["x-request-id"],
                now: now
            )
        case .notSent(let reason): .retry(code: "connection", reason: reason, after: nil)
        case .unusable(let reason): .failed(code: "request", reason: reason)
        case .unanswered(let reason): .uncertain(reason: reason)
        }
    }

    private static func answer(
        _ status: Int,
        retryAfter: String?,
        reference: String?,
        now: Instant
    ) -> SendOutcome {
        let code = String(status)
        switch status {
        case 200..<300: return .sent(reference: reference)
        case 300..<400: return .failed(code: code, reason: "redirects are not followed")
        case 408, 425, 429, 500..<600:
            let after = retryAfter.flatMap { RetryAfter.span($0, now: now) }
            return .retry(code: code, reason: "the receiver asks to try again", after: after)
        default: return .failed(code: code, reason: "the receiver refused the message")
        }
    }
}
