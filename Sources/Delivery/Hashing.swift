import Crypto
import FoundationEssentials

/// The two hash functions of the providers' signatures.
enum Hashing {
    /// SHA-256 as hexadecimal digits.
    static func sha256(_ bytes: some Sequence<UInt8>) -> String { hex(SHA256.hash(data: Data(bytes))) }

    /// HMAC-SHA256 of `message`.
    static func hmac(_ message: String, key: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Data(message.utf8), using: SymmetricKey(data: key)))
    }

    static func hex(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] },
            as: UTF8.self
        )
    }

    static func base64(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }
}
