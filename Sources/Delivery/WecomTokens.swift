import Duty

/// The access token of a WeCom app: fetched once however many messages wait for it, renewed before it ends.
///
/// `GET /cgi-bin/gettoken?corpid=…&corpsecret=…`; developer.work.weixin.qq.com/document/path/91039.
actor WecomTokens {
    /// Why there is no token; no message left.
    struct Problem: Error, Hashable {
        let outcome: SendOutcome
    }

    private struct Token {
        let text: String
        let goodUntil: Instant
    }

    /// How long before its end a token is renewed.
    static let margin: Span = .minutes(5)

    private let url: String
    private let corpID: String
    private let secret: String
    private let tools: ChannelTools
    private var token: Token?
    private var fetch: Task<Result<Token, Problem>, Never>?

    init(url: String, corpID: String, secret: String, tools: ChannelTools) {
        self.url = url
        self.corpID = corpID
        self.secret = secret
        self.tools = tools
    }

    /// A token that is good for some minutes more.
    func current(timeout: Duration) async -> Result<String, Problem> {
        if let token, tools.now() < token.goodUntil { return .success(token.text) }
        let task = fetch ?? begin(timeout: timeout)
        return await task.value.map(\.text)
    }

    /// The provider does not take `refused` any more; a newer token stays.
    func drop(_ refused: String) {
        if token?.text == refused { token = nil }
    }

    private func begin(timeout: Duration) -> Task<Result<Token, Problem>, Never> {
        let task = Task {
            let result = await ask(timeout: timeout)
            finish(result)
            return result
        }
        fetch = task
        return task
    }

    private func finish(_ result: Result<Token, Problem>) {
        fetch = nil
        if case .success(let fresh) = result { token = fresh }
    }

    private func ask(timeout: Duration) async -> Result<Token, Problem> {
        let asked = tools.now()
        let query = PercentEncoding.query([("corpid", corpID), ("corpsecret", secret)])
        let reply = await tools.http.get(url + "?" + query, timeout: timeout)
        guard case .answered(let answer) = reply, let body = answer.json,
            body["errcode"]?.integer ?? 0 == 0, let text = body["access_token"]?.string, !text.isEmpty
        else { return .failure(Problem(outcome: WecomTokens.problem(reply, now: tools.now()))) }
        let span = Span.seconds(body["expires_in"]?.integer ?? 7_200)
        return .success(Token(text: text, goodUntil: asked + max(.zero, span - WecomTokens.margin)))
    }

    /// Without a token nothing of the message has left: what would be a doubt after a message may be repeated.
    private static func problem(_ reply: HTTPReply, now: Instant) -> SendOutcome {
        let outcome = WecomAppChannel.codes.outcome(of: reply, now: now, code: WecomReply.code)
        return switch outcome {
        case .uncertain, .sent: .retry(code: "token", reason: "no access token", after: nil)
        case .retry, .failed: outcome
        }
    }
}
