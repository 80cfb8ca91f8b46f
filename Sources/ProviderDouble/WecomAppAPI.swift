import Duty

/// Messages of a WeCom app: a token that expires, recipients of whom some may be unknown, repetitions that are
/// found, and members for whom too much is dropped without a word.
struct WecomAppAPI: ProviderAPI {
    private static let tokenSpan: Span = .seconds(7_200)

    func read(_ request: DoubleRequest, _ memory: inout DoubleMemory) throws(Refusal) -> Letter {
        guard request.path != "/cgi-bin/gettoken" else { return try token(request, &memory) }
        try requireToken(request, memory)
        let message = try WecomMessage.body(request)
        guard message["agentid"]?.integer.map({ String($0) }) == memory.credentials[.wecomApp, "agentId"]
        else {
            throw Refusal("40056", "invalid agentid")
        }
        let recipients = (message["touser"]?.string ?? "").split(separator: "|").map(String.init)
        guard !recipients.isEmpty, recipients.count <= 1_000 else {
            throw Refusal("40003", "invalid userid list")
        }
        return Letter(
            recipients: recipients,
            text: try WecomAppAPI.text(message),
            key: nil,
            fingerprint: message["enable_duplicate_check"]?.integer == 1 ? request.text : nil,
            account: memory.credentials[.wecomApp, "corpId"]
        )
    }

    private func token(_ request: DoubleRequest, _ memory: inout DoubleMemory) throws(Refusal) -> Letter {
        guard request.method == "GET", request.parameter("corpid") == memory.credentials[.wecomApp, "corpId"]
        else { throw Refusal("40013", "invalid corpid") }
        guard request.parameter("corpsecret") == memory.credentials[.wecomApp, "secret"] else {
            throw Refusal("40001", "invalid credential")
        }
        let answer = Answer(
            .members(
                ("errcode", 0),
                ("errmsg", "ok"),
                ("access_token", .string(memory.issueToken(for: WecomAppAPI.tokenSpan))),
                ("expires_in", .integer(WecomAppAPI.tokenSpan.seconds))
            )
        )
        return Letter(recipients: [], text: "", account: "token", isMessage: false, answer: answer)
    }

    private func requireToken(_ request: DoubleRequest, _ memory: DoubleMemory) throws(Refusal) {
        guard let token = request.parameter("access_token"), !token.isEmpty else {
            throw Refusal("41001", "access_token missing")
        }
        guard let end = memory.tokens[token] else { throw Refusal("40014", "invalid access_token") }
        guard memory.limitNow < end else { throw Refusal("42001", "access_token expired") }
    }

    private static func text(_ message: Value) throws(Refusal) -> String {
        switch message["msgtype"]?.string {
        case "text": return try content(message, "text.content", limit: 2_048)
        case "markdown":
            let text = try content(message, "markdown.content", limit: 2_048)
            try WecomMessage.requireColours(text)
            return text
        case "textcard":
            let title = try content(message, "textcard.title", limit: 128)
            let description = try content(message, "textcard.description", limit: 512)
            let link = try content(message, "textcard.url", limit: 2_048)
            return [title, description, link].joined(separator: "\n")
        default: throw Refusal("40008", "invalid message type")
        }
    }

    private static func content(_ message: Value, _ path: String, limit: Int) throws(Refusal) -> String {
        let text = message.at(path: path)?.string ?? ""
        guard !text.isEmpty else { throw Refusal("44004", "empty content: \(path)") }
        guard text.utf8.count <= limit else {
            throw Refusal("45002", "\(path) is longer than \(limit) bytes")
        }
        return text
    }

    func limits(_ letter: Letter) -> [Limit] {
        guard letter.isMessage else { return [] }
        let members = letter.recipients.flatMap { member in
            [(30, Span.minutes(1)), (1_000, .hours(1))].map { count, span in
                Limit(
                    name: "wecom-app/\(member)",
                    count: count,
                    span: span,
                    excess: .drop(recipient: member)
                )
            }
        }
        let refusal = Limit.Excess.refuse(code: "45009", message: "api freq out of limit")
        return members + [Limit(name: "wecom-api", count: 10_000, span: .minutes(1), excess: refusal)]
    }

    func acceptance(_ letter: Letter, number: Int) -> Answer {
        if let answer = letter.answer { return answer }
        guard letter.recipients.contains(where: { !letter.unreachable.contains($0) }) else {
            return WecomMessage.refusal(Refusal("81013", "user & party & tag all invalid"))
        }
        return Answer(
            .members(
                ("errcode", 0),
                ("errmsg", "ok"),
                ("invaliduser", .string(letter.unreachable.joined(separator: "|"))),
                ("invalidparty", ""),
                ("invalidtag", ""),
                ("unlicenseduser", ""),
                ("msgid", .string("double-msg-\(number)"))
            )
        )
    }

    func refusal(_ refusal: Refusal, of letter: Letter?) -> Answer { WecomMessage.refusal(refusal) }
}
