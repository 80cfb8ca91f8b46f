import Duty

/// Checks ACS3-HMAC-SHA256 as Alibaba Cloud documents it for a receiver.
enum ACS3Signature {
    private static let algorithm = "ACS3-HMAC-SHA256"
    /// Requests of another time are refused after so long.
    private static let window: Span = .minutes(15)

    static func verify(
        _ request: DoubleRequest,
        id: String,
        secret: String,
        _ memory: inout DoubleMemory
    ) throws(Refusal) {
        let mismatch = Refusal("SignatureDoesNotMatch", "Specified signature does not match our calculation.")
        guard let parts = fields(request.headers["authorization"] ?? "") else { throw mismatch }
        guard parts["Credential"] == id else {
            throw Refusal("InvalidAccessKeyId.NotFound", "Specified access key is not found.", status: 404)
        }
        guard request.headers["x-acs-content-sha256"] == Digest.hash(request.body) else { throw mismatch }
        let signed = (parts["SignedHeaders"] ?? "").split(separator: ";").map(String.init)
        guard coversEverything(signed, request), let expected = signature(request, signed, secret),
            parts["Signature"] == expected
        else { throw mismatch }
        guard let date = Instant(rfc3339: request.headers["x-acs-date"] ?? "") else {
            throw Refusal("InvalidTimeStamp.Format", "Specified time stamp is not well formatted.")
        }
        let expired = Refusal("InvalidTimeStamp.Expired", "Specified time stamp or date value is expired.")
        try memory.requireFresh(date, within: window, expired)
        guard let nonce = request.headers["x-acs-signature-nonce"], !nonce.isEmpty,
            memory.nonces.insert(nonce).inserted
        else { throw Refusal("SignatureNonceUsed", "Specified signature nonce was used already.") }
    }

    /// `Credential`, `SignedHeaders` and `Signature` of the authorization header.
    private static func fields(_ header: String) -> [String: String]? {
        guard header.hasPrefix(algorithm + " ") else { return nil }
        let pairs = header.dropFirst(algorithm.count + 1).split(separator: ",").compactMap { part in
            let words = part.split(separator: "=", maxSplits: 1)
            return words.count == 2 ? (words[0].filter { $0 != " " }, String(words[1])) : nil
        }
        return Dictionary(pairs) { $1 }
    }

    /// Host, content type and all headers of the scheme have to be under the signature, in order.
    private static func coversEverything(_ signed: [String], _ request: DoubleRequest) -> Bool {
        let needed = request.headers.keys.filter {
            $0 == "host" || $0 == "content-type" || $0.hasPrefix("x-acs-")
        }
        return signed == signed.sorted() && Set(needed).isSubset(of: signed)
    }

    /// The signature that `request` should have over these headers; nil if it lacks one of them.
    static func signature(_ request: DoubleRequest, _ signed: [String], _ secret: String) -> String? {
        var headers = ""
        for name in signed {
            guard let value = request.headers[name] else { return nil }
            headers += "\(name):\(value)\n"
        }
        let query = request.query.map { (encoded($0.name), encoded($0.value)) }
            .sorted { ($0.0, $0.1) < ($1.0, $1.1) }
            .map { "\($0.0)=\($0.1)" }
        let canonical = [
            request.method, request.path, query.joined(separator: "&"), headers,
            signed.joined(separator: ";"), Digest.hash(request.body),
        ].joined(separator: "\n")
        let text = algorithm + "\n" + Digest.hash(canonical.utf8)
        return Digest.hex(Digest.hmac(text.utf8, key: secret.utf8))
    }

    /// RFC 3986, unreserved characters as they are.
    private static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), 48...57,
                UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "~"):
                String(Unicode.Scalar(byte))
            default: "%" + Digest.hex([byte]).uppercased()
            }
        }.joined()
    }
}
