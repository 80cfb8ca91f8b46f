import Crypto
import Duty
import FoundationEssentials

/// Signs web hooks by the symmetric scheme of Standard Webhooks: HMAC-SHA256 over `id.timestamp.body`.
package struct WebhookSigner: Sendable {
    private let key: SymmetricKey

    /// `secret` is `whsec_` and base64, else its UTF-8 bytes are the key; nil if the base64 is broken or empty.
    package init?(secret: String) {
        let prefix = "whsec_"
        guard secret.hasPrefix(prefix) else {
            guard !secret.isEmpty else { return nil }
            key = SymmetricKey(data: Data(secret.utf8))
            return
        }
        guard let data = Data(base64Encoded: String(secret.dropFirst(prefix.count))), !data.isEmpty else {
            return nil
        }
        key = SymmetricKey(data: data)
    }

    /// The value of `webhook-signature`; `timestamp` is in seconds since 1970.
    package func signature(id: String, timestamp: Int64, body: [UInt8]) -> String {
        var authentication = HMAC<SHA256>(key: key)
        authentication.update(data: Data("\(WebhookSigner.headerID(id)).\(timestamp).".utf8))
        authentication.update(data: body)
        return "v1," + Data(authentication.finalize()).base64EncodedString()
    }

    /// `id` as a header can carry it: bytes outside visible ASCII, and the percent sign, are percent-encoded.
    package static func headerID(_ id: String) -> String {
        guard id.utf8.contains(where: { !(0x21...0x7E).contains($0) || $0 == 0x25 }) else { return id }
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in id.utf8 {
            if (0x21...0x7E).contains(byte), byte != 0x25 {
                bytes.append(byte)
            } else {
                bytes += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
