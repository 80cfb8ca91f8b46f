import CCurl
import Duty
import DutyConfig

/// Hands each notification to a mail server as a plain text mail (RFC 6409 submission).
package struct EmailChannel: Channel {
    package static let type = ChannelType(
        ChannelSchema(
            "email",
            keys: [
                ChannelSchema.Key("host", .text) {
                    $0.contains(" ") || $0.contains("/") ? Wording("不是主机名", "is no host") : nil
                },
                ChannelSchema.Key("port", .integer(1...65_535), isRequired: false),
                ChannelSchema.Key(
                    "security",
                    .word(SMTPTransfer.Security.allCases.map(\.rawValue)),
                    isRequired: false
                ),
                ChannelSchema.Key("username", .text, isRequired: false),
                ChannelSchema.Key("password", .secret, isRequired: false),
                ChannelSchema.Key("from", .text) {
                    MailAddress($0) == nil ? Wording("不是邮箱地址", "is no mail address") : nil
                },
                ChannelSchema.Key("caFile", .text, isRequired: false),
            ],
            needsAddress: true,
            hasEndpoint: false,
            limits: ChannelLimits(timeout: .seconds(30), concurrency: 4)
        ),
        // Wrong credentials, no TLS where it is demanded, a certificate that is not trusted.
        openCodes: ["530", "534", "535", "538", "tls", "certificate"]
    ) { configuration, tools in
        let security =
            configuration.text("security").flatMap(SMTPTransfer.Security.init(rawValue:)) ?? .starttls
        let username = configuration.text("username")
        return EmailChannel(
            name: configuration.name,
            transfer: SMTPTransfer(
                host: try configuration.required("host"),
                port: configuration.integer("port") ?? security.usualPort,
                security: security,
                username: username,
                password: username == nil ? nil : try configuration.required("password"),
                caFile: configuration.text("caFile")
            ),
            from: try configuration.required("from"),
            now: tools.now
        )
    }

    package let name: String
    package let needsAddress = true
    private let transfer: SMTPTransfer
    private let from: String
    private let now: @Sendable () -> Instant

    init(name: String, transfer: SMTPTransfer, from: String, now: @escaping @Sendable () -> Instant) {
        self.name = name
        self.transfer = transfer
        self.from = from
        self.now = now
    }

    package func send(_ message: OutgoingMessage, timeout: Duration) async -> SendOutcome {
        guard let from = MailAddress(from), let to = MailAddress(message.address ?? "") else {
            return .failed(code: "address", reason: "the address is no mail address")
        }
        let mail = MailMessage(
            from: from,
            to: to,
            date: now(),
            subject: message.title,
            text: message.link.map { message.text + "\n" + $0 } ?? message.text,
            key: message.notification.key,
            matter: message.notification.matter.text
        )
        let (bytes, transfer) = (mail.bytes, transfer)
        let (seconds, attoseconds) = timeout.components
        let milliseconds = max(1, Int(clamping: seconds) * 1_000 + Int(attoseconds / 1_000_000_000_000_000))
        let result = await BlockingThread.run {
            transfer.send(bytes, from: from.address, to: to.address, timeout: milliseconds)
        }
        guard let result = result ?? nil else {
            return .retry(code: "resources", reason: "no thread or no libcurl", after: nil)
        }
        return EmailChannel.outcome(of: result)
    }

    /// What the end of one transfer means.
    ///
    /// A reply of the server is final wherever it comes. Without one the mail is in doubt only if its end may
    /// have been sent: a server may not take a mail whose end it has not seen (RFC 5321, section 4.1.1.4).
    static func outcome(of result: SMTPTransfer.Result) -> SendOutcome {
        if result.code == CURLE_OK.rawValue { return .sent(reference: reference(result.lastLine)) }
        switch result.reply {
        case 400..<500:
            return .retry(code: String(result.reply), reason: "the server asks to try again", after: nil)
        case 500..<600: return .failed(code: String(result.reply), reason: "the server refused the mail")
        default: break
        }
        switch result.code {
        case CURLE_USE_SSL_FAILED.rawValue:
            return .failed(code: "tls", reason: "the server offers no STARTTLS")
        case CURLE_PEER_FAILED_VERIFICATION.rawValue, CURLE_SSL_CACERT_BADFILE.rawValue:
            return .failed(code: "certificate", reason: "the server's certificate is not trusted")
        case CURLE_LOGIN_DENIED.rawValue:
            return .failed(code: "535", reason: "the server refused the login")
        default:
            guard !result.bodyEnded else { return .uncertain(reason: "no answer: curl \(result.code)") }
            return .retry(code: "connection", reason: "no connection: curl \(result.code)", after: nil)
        }
    }

    /// The server's own number of the mail: the last word of its answer, if it is one word of such a kind.
    static func reference(_ line: String) -> String? {
        guard line.hasPrefix("250"), let word = line.split(whereSeparator: \.isWhitespace).last,
            (6...64).contains(word.utf8.count),
            word.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "@") })
        else { return nil }
        return String(word)
    }
}
