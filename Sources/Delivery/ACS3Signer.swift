import Duty

/// Signs requests to Alibaba Cloud by ACS3-HMAC-SHA256; parameters stand in the query, the body is empty.
struct ACS3Signer: Sendable {
    let accessKeyID: String
    let accessKeySecret: String

    /// A request of the RPC style.
    struct Request {
        let host: String
        let action: String
        let version: String
        let query: [(name: String, value: String)]
        let date: Instant
        /// A number that is used once.
        let nonce: String
    }

    private static let algorithm = "ACS3-HMAC-SHA256"
    private static let emptyBody = Hashing.sha256([])

    /// The headers to send, `authorization` among them.
    func headers(_ request: Request) -> [(String, String)] {
        let signed = ACS3Signer.signedHeaders(request)
        let names = signed.map(\.0).joined(separator: ";")
        let canonical = ACS3Signer.canonicalRequest(request)
        let text = ACS3Signer.algorithm + "\n" + Hashing.sha256(canonical.utf8)
        let signature = Hashing.hex(Hashing.hmac(text, key: Array(accessKeySecret.utf8)))
        let authorization =
            "\(ACS3Signer.algorithm) Credential=\(accessKeyID),SignedHeaders=\(names),Signature=\(signature)"
        return signed + [("authorization", authorization)]
    }

    static func canonicalRequest(_ request: Request) -> String {
        let signed = signedHeaders(request)
        let query = request.query.map { (PercentEncoding.encode($0.name), PercentEncoding.encode($0.value)) }
            .sorted { $0 < $1 }.map { $0.0 + "=" + $0.1 }.joined(separator: "&")
        let headers = signed.map { "\($0.0):\($0.1)\n" }.joined()
        let names = signed.map(\.0).joined(separator: ";")
        return ["POST", "/", query, headers, names, emptyBody].joined(separator: "\n")
    }

    /// Sorted by their names, as the signature wants them.
    private static func signedHeaders(_ request: Request) -> [(String, String)] {
        [
            ("host", request.host), ("x-acs-action", request.action),
            ("x-acs-content-sha256", emptyBody), ("x-acs-date", seconds(request.date)),
            ("x-acs-signature-nonce", request.nonce), ("x-acs-version", request.version),
        ]
    }

    /// `2023-10-26T10:22:32Z`.
    private static func seconds(_ date: Instant) -> String {
        date.rfc3339.prefix { $0 != "." && $0 != "Z" } + "Z"
    }

    /// 32 hexadecimal digits that have not been used before.
    static func nonce() -> String {
        var generator = SystemRandomNumberGenerator()
        return Hashing.hex((0..<16).map { _ in UInt8.random(in: 0...255, using: &generator) })
    }
}
