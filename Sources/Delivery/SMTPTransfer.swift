import CCurl

/// Hands one mail to a server by libcurl, which speaks SMTP, STARTTLS and AUTH; blocks until it is done.
struct SMTPTransfer: Sendable {
    enum Security: String, Sendable, CaseIterable {
        /// Plain at first, then TLS, or nothing at all.
        case starttls
        /// TLS from the first byte.
        case tls
        /// In the clear: for a relay on the same machine.
        case none

        var usualPort: Int64 {
            switch self {
            case .starttls: 587
            case .tls: 465
            case .none: 25
            }
        }
    }

    let host: String
    let port: Int64
    let security: Security
    let username: String?
    let password: String?
    /// A file of certificates to trust in place of the system's.
    let caFile: String?

    /// What is known when libcurl has ended.
    struct Result: Hashable, Sendable {
        /// libcurl's own code; 0 is success.
        let code: UInt32
        /// The last three digits that the server said; 0 if it said none.
        let reply: Int
        /// All bytes of the mail were handed over, so that its end may have been sent.
        let bodyEnded: Bool
        /// The last line that the server said.
        let lastLine: String
    }

    private static let isReady: Bool = ccurl_global_init() == CURLE_OK

    /// Sends `mail` within `timeout` milliseconds; nil if libcurl cannot work here at all.
    func send(_ mail: [UInt8], from: String, to: String, timeout: Int) -> Result? {
        guard Self.isReady, let handle = curl_easy_init() else { return nil }
        defer { curl_easy_cleanup(handle) }
        let recipients = curl_slist_append(nil, "<\(to)>")
        defer { curl_slist_free_all(recipients) }
        let exchange = Exchange(mail)
        return withExtendedLifetime(exchange) {
            configure(handle, timeout)
            _ = ccurl_set_text(handle, CURLOPT_MAIL_FROM, "<\(from)>")
            _ = ccurl_set_pointer(handle, CURLOPT_MAIL_RCPT, recipients)
            ccurl_set_transfer(
                handle,
                Exchange.readBody,
                Exchange.takeLine,
                Unmanaged.passUnretained(exchange).toOpaque()
            )
            let code = curl_easy_perform(handle)
            return Result(
                code: code.rawValue,
                reply: Int(ccurl_response_code(handle)),
                bodyEnded: exchange.bodyEnded,
                lastLine: exchange.lastLine
            )
        }
    }

    private func configure(_ handle: UnsafeMutableRawPointer, _ timeout: Int) {
        let scheme = security == .tls ? "smtps" : "smtp"
        let address = host.contains(":") ? "[\(host)]" : host
        let texts: [(CURLoption, String?)] = [
            (CURLOPT_URL, "\(scheme)://\(address):\(port)"), (CURLOPT_PROTOCOLS_STR, "smtp,smtps"),
            (CURLOPT_USERNAME, username), (CURLOPT_PASSWORD, password), (CURLOPT_CAINFO, caFile),
            // A proxy of the environment is none for mail.
            (CURLOPT_PROXY, ""),
        ]
        for case (let option, let text?) in texts { _ = ccurl_set_text(handle, option, text) }
        let numbers: [(CURLoption, Int)] = [
            (CURLOPT_UPLOAD, 1), (CURLOPT_NOSIGNAL, 1), (CURLOPT_TIMEOUT_MS, timeout),
            (CURLOPT_CONNECTTIMEOUT_MS, min(timeout, 5_000)),
            (CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2)),
            (CURLOPT_USE_SSL, Int((security == .starttls ? CURLUSESSL_ALL : CURLUSESSL_NONE).rawValue)),
        ]
        for (option, number) in numbers { _ = ccurl_set_long(handle, option, number) }
    }
}

/// The bytes of one mail on their way, and what the server says meanwhile; only libcurl's thread touches it.
private final class Exchange {
    private let mail: [UInt8]
    private var sent = 0
    private(set) var bodyEnded = false
    private(set) var lastLine = ""

    init(_ mail: [UInt8]) { self.mail = mail }

    static let readBody: ccurl_transfer = { bytes, size, count, context in
        guard let bytes, let context else { return 0 }
        return Unmanaged<Exchange>.fromOpaque(context).takeUnretainedValue().read(into: bytes, size * count)
    }

    static let takeLine: ccurl_transfer = { bytes, size, count, context in
        guard let bytes, let context else { return size * count }
        let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
        Unmanaged<Exchange>.fromOpaque(context).takeUnretainedValue().lastLine = String(
            decoding: line,
            as: UTF8.self
        )
        return size * count
    }

    private func read(into bytes: UnsafeMutablePointer<CChar>, _ room: Int) -> Int {
        let count = min(room, mail.count - sent)
        guard count > 0 else {
            // libcurl asks until there is nothing more; only then does it write the dot that ends the mail.
            bodyEnded = true
            return 0
        }
        mail.withUnsafeBytes { whole in
            UnsafeMutableRawBufferPointer(start: bytes, count: count)
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: whole[sent..<sent + count]))
        }
        sent += count
        return count
    }
}
