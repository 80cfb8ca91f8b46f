import Duty

/// Signs requests to Tencent Cloud by TC3-HMAC-SHA256.
struct TC3Signer: Sendable {
    let secretID: String
    let secretKey: String
    let service: String

    private static let algorithm = "TC3-HMAC-SHA256"

    /// The value of `authorization` for a body posted to `/`.
    ///
    /// `headers` are those that are signed: lower case, sorted by their names, with the values that are sent
    /// (an action in lower case).
    func authorization(headers: [(String, String)], body: [UInt8], at now: Instant) -> String {
        let names = headers.map(\.0).joined(separator: ";")
        let canonical = TC3Signer.canonicalRequest(headers: headers, body: body)
        let date = String(now.rfc3339.prefix(10))
        let scope = "\(date)/\(service)/tc3_request"
        let text = [TC3Signer.algorithm, String(now.seconds), scope, Hashing.sha256(canonical.utf8)]
            .joined(separator: "\n")
        let key = [date, service, "tc3_request"].reduce(Array("TC3\(secretKey)".utf8)) {
            Hashing.hmac($1, key: $0)
        }
        let signature = Hashing.hex(Hashing.hmac(text, key: key))
        return "\(TC3Signer.algorithm) Credential=\(secretID)/\(scope), SignedHeaders=\(names), "
            + "Signature=\(signature)"
    }

    static func canonicalRequest(headers: [(String, String)], body: [UInt8]) -> String {
        [
            "POST", "/", "", headers.map { "\($0.0):\($0.1)\n" }.joined(),
            headers.map(\.0).joined(separator: ";"), Hashing.sha256(body),
        ].joined(separator: "\n")
    }
}
