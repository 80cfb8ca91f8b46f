import Crypto
import Duty
import FoundationEssentials

/// A receiver by Standard Webhooks that takes CloudEvents in structured mode.
struct WebhookAPI: ProviderAPI {
    private static let tolerance: Span = .minutes(5)

    func read(_ request: DoubleRequest, _ memory: inout DoubleMemory) throws(Refusal) -> Letter {
        let id = request.headers["webhook-id"] ?? ""
        try verify(request, id: id, memory)
        guard request.headers["content-type"]?.lowercased().hasPrefix("application/cloudevents+json") == true,
            let event = request.json, event["specversion"]?.string == "1.0", event["id"]?.string != nil,
            event["source"]?.string != nil, event["type"]?.string != nil
        else { throw Refusal("400", "no CloudEvent") }
        return Letter(
            recipients: [event.at(path: "data.recipient.personRef")?.string].compactMap(\.self),
            text: event.at(path: "data.text")?.string ?? "",
            key: id,
            account: "webhook"
        )
    }

    private func verify(_ request: DoubleRequest, id: String, _ memory: DoubleMemory) throws(Refusal) {
        let refusal = Refusal("401", "the signature or its time is wrong")
        guard let timestamp = request.headers["webhook-timestamp"], let seconds = Int64(timestamp) else {
            throw refusal
        }
        try memory.requireFresh(Instant(seconds: seconds), within: Self.tolerance, refusal)
        let secret = memory.credentials[.webhook, "secret"]
        let prefix = "whsec_"
        let key =
            secret.hasPrefix(prefix)
            ? Data(base64Encoded: String(secret.dropFirst(prefix.count))) ?? Data() : Data(secret.utf8)
        let expected =
            "v1," + Digest.base64(Digest.hmac(Array("\(id).\(timestamp).".utf8) + request.body, key: key))
        let given = (request.headers["webhook-signature"] ?? "").split(separator: " ").map(String.init)
        guard given.contains(expected) else { throw refusal }
    }

    func limits(_ letter: Letter) -> [Limit] { [] }

    func acceptance(_ letter: Letter, number: Int) -> Answer {
        Answer(status: 204, headers: [("x-request-id", "double-\(number)")])
    }

    func refusal(_ refusal: Refusal, of letter: Letter?) -> Answer {
        let headers = refusal.retryAfter.map { [("retry-after", String($0))] } ?? []
        return Answer(status: refusal.status ?? Int(refusal.code) ?? 400, headers: headers)
    }
}
