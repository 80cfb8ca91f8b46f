import Duty

/// The custom robot of DingTalk: a signature over time and secret in the address.
struct DingtalkRobotAPI: ProviderAPI {
    private static let bodyBytes = 20_000

    func read(_ request: DoubleRequest, _ memory: inout DoubleMemory) throws(Refusal) -> Letter {
        let token = request.parameter("access_token") ?? ""
        guard token == memory.credentials[.dingtalkRobot, "accessToken"] else {
            throw Refusal("400101", "token is not exist")
        }
        try verify(request, memory)
        guard request.headers["content-type"]?.lowercased().hasPrefix("application/json") == true else {
            throw Refusal("43004", "unsupported content type")
        }
        guard request.method == "POST", let message = request.json, request.body.count <= Self.bodyBytes
        else {
            throw Refusal("40035", "invalid parameter")
        }
        return Letter(
            recipients: DingtalkRobotAPI.mentioned(message),
            text: try DingtalkRobotAPI.text(message),
            account: token
        )
    }

    private func verify(_ request: DoubleRequest, _ memory: DoubleMemory) throws(Refusal) {
        let secret = memory.credentials[.dingtalkRobot, "secret"]
        guard !secret.isEmpty else { return }
        let stamps = request.query.filter { $0.name == "timestamp" }
        guard stamps.count == 1, let milliseconds = Int64(stamps[0].value) else {
            throw Refusal("310000", "invalid timestamp")
        }
        try memory.requireFresh(
            Instant(milliseconds: milliseconds),
            within: .hours(1),
            Refusal("310000", "invalid timestamp")
        )
        // A sender that reuses an address instead of building it anew adds one signature to the next.
        let signs = request.query.filter { $0.name == "sign" }.map(\.value)
        guard signs == [DingtalkRobotAPI.signature(timestamp: stamps[0].value, secret: secret)] else {
            throw Refusal("310000", "sign not match")
        }
    }

    /// What stands in `sign` once it is decoded.
    static func signature(timestamp: String, secret: String) -> String {
        Digest.base64(Digest.hmac("\(timestamp)\n\(secret)".utf8, key: secret.utf8))
    }

    private static func mentioned(_ message: Value) -> [String] {
        ["at.atMobiles", "at.atUserIds"].compactMap { message.at(path: $0)?.array }
            .flatMap { $0.compactMap(\.string) }
    }

    private static func text(_ message: Value) throws(Refusal) -> String {
        switch message["msgtype"]?.string {
        case "text":
            guard let text = message.at(path: "text.content")?.string, !text.isEmpty else { break }
            return text
        case "markdown":
            guard let title = message.at(path: "markdown.title")?.string, !title.isEmpty,
                let text = message.at(path: "markdown.text")?.string, !text.isEmpty
            else { break }
            // In markdown a mention counts only if it stands in the text as well.
            for one in mentioned(message) where !text.contains("@" + one) {
                throw Refusal("40035", "a mention does not stand in the text")
            }
            return title + "\n" + text
        default: throw Refusal("400105", "unsupported message type")
        }
        throw Refusal("40035", "empty content")
    }

    func limits(_ letter: Letter) -> [Limit] {
        let excess = Limit.Excess.refuse(
            code: "130101",
            message: "send too fast, exceed 20 times per minute"
        )
        return [
            Limit(
                name: "dingtalk-robot/\(letter.account)",
                count: 20,
                span: .minutes(1),
                excess: excess,
                penalty: .minutes(10)
            )
        ]
    }

    func acceptance(_ letter: Letter, number: Int) -> Answer { Answer(["errcode": 0, "errmsg": "ok"]) }

    func refusal(_ refusal: Refusal, of letter: Letter?) -> Answer {
        guard refusal.code == "130101" else {
            return Answer(
                status: refusal.status ?? 200,
                .members(("errcode", .code(refusal.code)), ("errmsg", .string(refusal.message)))
            )
        }
        // The gateway in front of the robots answers this one, with members of its own.
        return Answer(
            status: refusal.status ?? 200,
            .members(
                ("status", 1111),
                ("wait", .integer(refusal.retryAfter ?? 5)),
                ("source", "x5"),
                ("punish", "deny"),
                ("uuid", "double"),
                ("errcode", 130_101),
                ("errmsg", .string(refusal.message))
            )
        )
    }
}
