import Duty
import DutyConfig

/// Messages of a WeCom (企业微信) app to its members.
///
/// `POST /cgi-bin/message/send?access_token=…`; developer.work.weixin.qq.com/document/path/90236.
package struct WecomAppChannel: Channel {
    package static let type = ChannelType(
        ChannelSchema(
            "wecom-app",
            keys: [
                ChannelSchema.Key("corpId", .text), ChannelSchema.Key("agentId", .integer(1...Int64.max)),
                ChannelSchema.Key("secret", .secret),
            ],
            needsAddress: true,
            // A member gets 30 a minute and 1,000 an hour; what is more is dropped without a word.
            limits: ChannelLimits(
                concurrency: 16,
                personBudget: [
                    ChannelLimits.Rate(20, per: .minutes(1)), ChannelLimits.Rate(900, per: .hours(1)),
                ]
            ),
            text: .bytes(textLimit - linkRoom)
        ),
        openCodes: codes.openCodes,
        pauses: codes.pauses,
        repeatsSafelyFor: duplicateCheck - .minutes(1)
    ) { configuration, tools in
        WecomAppChannel(
            name: configuration.name,
            url: configuration.target("https://qyapi.weixin.qq.com/cgi-bin/message/send"),
            agentID: configuration.integer("agentId") ?? 0,
            tokens: WecomTokens(
                url: configuration.target("https://qyapi.weixin.qq.com/cgi-bin/gettoken"),
                corpID: try configuration.required("corpId"),
                secret: try configuration.required("secret"),
                tools: tools
            ),
            tools: tools
        )
    }

    static let codes = ProviderCodes([
        ProviderCodes.Row("0", .sent, "taken"),
        ProviderCodes.Row("42001", .retry, "the access token is too old"),
        ProviderCodes.Row("40014", .retry, "the access token is not valid"),
        ProviderCodes.Row("41001", .retry, "the access token is missing"),
        ProviderCodes.Row("-1", .retry, "the provider is busy"),
        ProviderCodes.Row("45009", .throttled(.seconds(60)), "more requests than the provider takes"),
        ProviderCodes.Row("45033", .throttled(.seconds(60)), "too many requests at a time"),
        ProviderCodes.Row("60020", .closed, "the address of this machine is not on the app's list"),
        ProviderCodes.Row("48002", .closed, "the app has no permission for this"),
        ProviderCodes.Row("50003", .closed, "the app is switched off"),
        ProviderCodes.Row("40013", .closed, "the corpId is wrong"),
        ProviderCodes.Row("40001", .closed, "the secret is wrong"),
        ProviderCodes.Row("40056", .closed, "the agentId is wrong"),
        ProviderCodes.Row("81013", .refused, "the member is not known or may not see the app"),
        ProviderCodes.Row("60111", .refused, "the member is not known"),
        ProviderCodes.Row("40003", .refused, "the member is not known"),
        ProviderCodes.Row("unlicensed", .refused, "the member has no licence"),
    ])

    /// Codes after which a new token and one repetition help.
    static let tokenCodes: Set<String> = ["42001", "40014", "41001"]

    /// How long the provider recognises the same request.
    ///
    /// Long enough for every repetition of ours, and shorter than the time between two tellings of one matter:
    /// the provider drops what it takes for a repetition without a word.
    static let duplicateCheck: Span = .minutes(5)

    static let textLimit = 2_048
    static let titleLimit = 128
    static let descriptionLimit = 512
    /// What is kept free of a text for the address of the page.
    static let linkRoom = 512

    package let name: String
    package let needsAddress = true
    private let url: String
    private let agentID: Int64
    private let tokens: WecomTokens
    private let tools: ChannelTools

    init(name: String, url: String, agentID: Int64, tokens: WecomTokens, tools: ChannelTools) {
        self.name = name
        self.url = url
        self.agentID = agentID
        self.tokens = tokens
        self.tools = tools
    }

    package func send(_ message: OutgoingMessage, timeout: Duration) async -> SendOutcome {
        guard let address = message.address else {
            return .failed(code: "address", reason: "the recipient has no address here")
        }
        let deadline = ContinuousClock.now + timeout
        let body = body(message, to: address)
        var outcome = SendOutcome.failed(code: "token", reason: "no access token")
        for _ in 1...2 {
            switch await tokens.current(timeout: timeout / 2) {
            case .failure(let problem): return problem.outcome
            case .success(let token):
                let rest = max(.milliseconds(1), ContinuousClock.now.duration(to: deadline))
                outcome = await post(body, to: address, token: token, timeout: rest)
                guard case .retry(let code, _, _) = outcome, Self.tokenCodes.contains(code) else {
                    return outcome
                }
                await tokens.drop(token)
            }
        }
        return outcome
    }

    private func post(
        _ body: [UInt8],
        to address: String,
        token: String,
        timeout: Duration
    ) async -> SendOutcome {
        let reply = await tools.http.post(
            url + "?access_token=" + PercentEncoding.encode(token),
            headers: [("content-type", "application/json")],
            body: body,
            timeout: timeout
        )
        return Self.codes.outcome(of: reply, now: tools.now()) { Self.code($0, to: address) }
    }

    /// The code of an answer; 0 with nobody left among the members is a refusal of them all.
    ///
    /// Where some were reached and others not, the message is never repeated: the reference says so.
    static func code(_ body: Value, to address: String) -> (code: String, reference: String?)? {
        guard let (code, reference) = WecomReply.code(body), code == "0" else { return WecomReply.code(body) }
        let members = Set(address.lowercased().split(separator: "|"))
        let unknown = Set((body["invaliduser"]?.string ?? "").lowercased().split(separator: "|"))
        let unlicensed = Set((body["unlicenseduser"]?.string ?? "").lowercased().split(separator: "|"))
        let missed = members.intersection(unknown.union(unlicensed))
        if missed.isEmpty { return (code, reference) }
        if missed == members { return (unlicensed.isSuperset(of: members) ? "unlicensed" : "81013", nil) }
        return (code, "\(reference ?? "") (\(missed.count) of \(members.count) members not reached)")
    }

    private static func text(_ message: OutgoingMessage) -> String {
        let text = PlainText.withoutMarks(message.text)
        guard let link = message.link else { return TextLimit.bytes(text, textLimit) }
        return TextLimit.bytes(text, textLimit - link.utf8.count - 1) + "\n" + link
    }

    /// The same bytes for the same message, so that the provider recognises a repetition.
    func body(_ message: OutgoingMessage, to address: String) -> [UInt8] {
        let content: Value.Member
        // What a card has no room for goes as a text, which ends with the address of the page.
        let text = PlainText.withoutMarks(message.text)
        let isCard = text.utf8.count <= Self.descriptionLimit
        if let link = message.link, isCard {
            content = Value.Member(
                "textcard",
                [
                    "title": .string(TextLimit.bytes(PlainText.withoutMarks(message.title), Self.titleLimit)),
                    "description": .string(text),
                    "url": .string(link), "btntxt": "查看",
                ]
            )
        } else {
            content = Value.Member(
                "text",
                ["content": .string(Self.text(message))]
            )
        }
        return JSONWriter.encode(
            .object([
                Value.Member("touser", .string(address)),
                Value.Member("msgtype", .string(content.name)),
                Value.Member("agentid", .integer(agentID)),
                content,
                Value.Member("enable_duplicate_check", 1),
                Value.Member("duplicate_check_interval", .integer(Self.duplicateCheck.seconds)),
            ])
        )
    }
}
