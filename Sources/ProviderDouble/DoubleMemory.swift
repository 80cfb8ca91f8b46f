import Crypto
import Duty
import FoundationEssentials

/// What reading a request depends on, beside the request.
struct DoubleMemory: Sendable {
    var credentials = DoubleCredentials()
    /// The wall clock, which signatures are measured by.
    var now: Instant = .distantPast
    /// The clock that limits and tokens are measured by; it may run faster.
    var limitNow: Instant = .distantPast
    /// Access tokens of WeCom with the end of their validity.
    var tokens: [String: Instant] = [:]
    /// One-time numbers of signed requests that have been used.
    var nonces: Set<String> = []

    /// A new token, which no other follows from.
    mutating func issueToken(for span: Span) -> String {
        let token = "double-token-\(tokens.count + 1)-\(limitNow.microseconds)"
        tokens[token] = limitNow + span
        return token
    }

    /// Throws if `stamp` is further from the wall clock than `window`.
    func requireFresh(_ stamp: Instant, within window: Span, _ refusal: Refusal) throws(Refusal) {
        guard max(stamp - now, now - stamp) <= window else { throw refusal }
    }
}

/// The few functions of cryptography that the interfaces build their signatures from.
enum Digest {
    static func hmac(_ message: some Sequence<UInt8>, key: some Sequence<UInt8>) -> [UInt8] {
        let key = SymmetricKey(data: Data(key))
        return Array(HMAC<SHA256>.authenticationCode(for: Data(message), using: key))
    }

    static func hash(_ bytes: some Sequence<UInt8>) -> String { hex(SHA256.hash(data: Data(bytes))) }

    static func hex(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".unicodeScalars)
        var text = String.UnicodeScalarView()
        for byte in bytes { text.append(contentsOf: [digits[Int(byte >> 4)], digits[Int(byte & 15)]]) }
        return String(text)
    }

    static func base64(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }
}
