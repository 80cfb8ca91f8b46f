import Duty

/// The custom bot of Feishu: signed inside the body, with key and message the other way round than DingTalk.
struct FeishuRobotAPI: ProviderAPI {
    static let prefix = "/open-apis/bot/v2/hook/"
    private static let bodyBytes = 20 * 1_024

    func read(_ request: DoubleRequest, _ memory: inout DoubleMemory) throws(Refusal) -> Letter {
        let hook = String(request.path.dropFirst(Self.prefix.count))
        guard hook == memory.credentials[.feishuRobot, "hookId"] else {
            throw Refusal("19001", "param invalid: incoming webhook access token invalid")
        }
        guard request.method == "POST", request.body.count <= Self.bodyBytes, let message = request.json
        else {
            throw Refusal("9499", "Bad Request")
        }
        try verify(message, memory)
        return Letter(
            recipients: FeishuRobotAPI.mentioned(request.text),
            text: try FeishuRobotAPI.text(message),
            account: hook
        )
    }

    private func verify(_ message: Value, _ memory: DoubleMemory) throws(Refusal) {
        let secret = memory.credentials[.feishuRobot, "secret"]
        guard !secret.isEmpty else { return }
        let refusal = Refusal(
            "19021",
            "sign match fail or timestamp is not within one hour from current time"
        )
        guard let timestamp = message["timestamp"]?.string, let seconds = Int64(timestamp) else {
            throw refusal
        }
        try memory.requireFresh(Instant(seconds: seconds), within: .hours(1), refusal)
        guard message["sign"]?.string == FeishuRobotAPI.signature(timestamp: timestamp, secret: secret) else {
            throw refusal
        }
    }

    static func signature(timestamp: String, secret: String) -> String {
        Digest.base64(Digest.hmac([], key: "\(timestamp)\n\(secret)".utf8))
    }

    /// Who is named by `<at user_id="…">`.
    private static func mentioned(_ text: String) -> [String] {
        text.split(separator: "user_id=\\\"", omittingEmptySubsequences: false).dropFirst()
            .map { String($0.prefix { $0 != "\\" }) }
    }

    private static func text(_ message: Value) throws(Refusal) -> String {
        let refusal = Refusal("9499", "Bad Request")
        switch message["msg_type"]?.string {
        case "text":
            guard let text = message.at(path: "content.text")?.string, !text.isEmpty else { throw refusal }
            return text
        case "interactive":
            guard let card = message["card"], card.members != nil,
                card["elements"] != nil || card["body"] != nil
            else { throw refusal }
            return JSONWriter.text(card)
        case "post":
            guard let post = message.at(path: "content.post") else { throw refusal }
            return JSONWriter.text(post)
        default: throw refusal
        }
    }

    func limits(_ letter: Letter) -> [Limit] {
        let excess = Limit.Excess.refuse(
            code: "11232",
            message: "frequency limited psm[lark.oapi.app_platform]"
        )
        return [(100, Span.minutes(1)), (5, .seconds(1))].map { count, span in
            Limit(name: "feishu-robot/\(letter.account)", count: count, span: span, excess: excess)
        }
    }

    func acceptance(_ letter: Letter, number: Int) -> Answer {
        Answer(
            .members(
                ("StatusCode", 0),
                ("StatusMessage", "success"),
                ("code", 0),
                ("data", .object([])),
                ("msg", "success")
            )
        )
    }

    func refusal(_ refusal: Refusal, of letter: Letter?) -> Answer {
        var headers: [(String, String)] = []
        if refusal.code == "99991400" {
            headers.append(("x-ogw-ratelimit-reset", String(refusal.retryAfter ?? 1)))
        }
        let usual = refusal.code == "99991400" ? 429 : 200
        return Answer(
            status: refusal.status ?? usual,
            headers: headers,
            .members(
                ("code", .code(refusal.code)),
                ("msg", .string(refusal.message)),
                ("data", .object([]))
            )
        )
    }
}
