import Duty

/// A service of Alibaba Cloud in the RPC style: parameters in the query, signed by ACS3.
struct AliyunAPI: Sendable {
    /// The address with its closing slash.
    let url: String
    let signer: ACS3Signer
    let action: String
    let codes: ProviderCodes
    let tools: ChannelTools

    static let version = "2017-05-25"

    /// The first characters of a hash of `key`: our name for a message there (`OutId`, at most 15 bytes).
    static func outID(_ key: String) -> String { String(Hashing.sha256(key.utf8).prefix(15)) }

    func call(_ query: [(name: String, value: String)], timeout: Duration) async -> SendOutcome {
        let request = ACS3Signer.Request(
            host: AliyunAPI.host(url),
            action: action,
            version: AliyunAPI.version,
            query: query,
            date: tools.now(),
            nonce: ACS3Signer.nonce()
        )
        let reply = await tools.http.post(
            url + "?" + PercentEncoding.query(query),
            headers: signer.headers(request),
            body: [],
            timeout: timeout
        )
        return codes.outcome(of: reply, now: tools.now()) { body in
            body["Code"]?.string.map { ($0, body["BizId"]?.string ?? body["CallId"]?.string) }
        }
    }

    /// Host and port of an address, as its header has them.
    static func host(_ url: String) -> String {
        let parts = url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        return parts.count > 2 ? String(parts[2]) : ""
    }
}
