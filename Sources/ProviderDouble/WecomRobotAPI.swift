import Duty

/// The group robot of WeCom: the key in the address is the whole secret, and every answer is HTTP 200.
struct WecomRobotAPI: ProviderAPI {
    private static let textBytes = 2048
    private static let markdownBytes = 4096

    func read(_ request: DoubleRequest, _ memory: inout DoubleMemory) throws(Refusal) -> Letter {
        let key = request.parameter("key") ?? ""
        guard key == memory.credentials[.wecomRobot, "key"] else {
            throw Refusal("93000", "invalid webhook url")
        }
        let message = try WecomMessage.body(request)
        return Letter(
            recipients: WecomMessage.mentioned(message),
            text: try WecomRobotAPI.text(message),
            key: message.at(path: "template_card.task_id")?.string,
            account: key
        )
    }

    private static func text(_ message: Value) throws(Refusal) -> String {
        switch message["msgtype"]?.string {
        case "text": return try content(message, "text.content", limit: textBytes)
        case "markdown":
            let text = try content(message, "markdown.content", limit: markdownBytes)
            try WecomMessage.requireColours(text)
            return text
        case "template_card":
            guard message.at(path: "template_card.card_type")?.string != nil,
                let title = message.at(path: "template_card.main_title.title")?.string,
                message.at(path: "template_card.card_action.type")?.integer != nil
            else { throw Refusal("40035", "invalid parameter") }
            guard title.count <= 26 else { throw Refusal("45002", "content size out of limit") }
            return JSONWriter.text(message["template_card"] ?? .null)
        default: throw Refusal("40008", "invalid message type")
        }
    }

    private static func content(_ message: Value, _ path: String, limit: Int) throws(Refusal) -> String {
        let text = message.at(path: path)?.string ?? ""
        guard !text.isEmpty else { throw Refusal("44004", "empty content") }
        guard text.utf8.count <= limit else { throw Refusal("40058", "content exceed max length \(limit)") }
        return text
    }

    func limits(_ letter: Letter) -> [Limit] {
        let excess = Limit.Excess.refuse(code: "45009", message: "api freq out of limit")
        return [
            Limit(
                name: "wecom-robot/\(letter.account)",
                count: 20,
                span: .minutes(1),
                excess: excess,
                penalty: .minutes(1)
            )
        ]
    }

    func acceptance(_ letter: Letter, number: Int) -> Answer { Answer(["errcode": 0, "errmsg": "ok"]) }

    func refusal(_ refusal: Refusal, of letter: Letter?) -> Answer { WecomMessage.refusal(refusal) }
}

/// What the two interfaces of WeCom have in common.
enum WecomMessage {
    /// The body, as JSON without `\u` escapes, which WeCom refuses.
    static func body(_ request: DoubleRequest) throws(Refusal) -> Value {
        guard request.method == "POST", let message = request.json, message.members != nil else {
            throw Refusal("40035", "invalid parameter: no JSON object")
        }
        // An escaped backslash before a "u" is none of these.
        guard !request.text.replacing("\\\\", with: "").contains("\\u") else {
            throw Refusal("40033", "invalid charset")
        }
        return message
    }

    static func mentioned(_ message: Value) -> [String] {
        let lists = ["text.mentioned_list", "text.mentioned_mobile_list"].compactMap {
            message.at(path: $0)?.array
        }
        return lists.flatMap { $0.compactMap(\.string) }
    }

    /// Markdown knows three colours by name and no other.
    static func requireColours(_ text: String) throws(Refusal) {
        for part in text.split(separator: "<font color=\"", omittingEmptySubsequences: false).dropFirst() {
            let colour = part.prefix { $0 != "\"" }
            guard ["info", "comment", "warning"].contains(colour) else {
                throw Refusal("40035", "unknown colour \(colour)")
            }
        }
    }

    static func refusal(_ refusal: Refusal) -> Answer {
        Answer(
            status: refusal.status ?? 200,
            .members(("errcode", .code(refusal.code)), ("errmsg", .string(refusal.message)))
        )
    }
}
