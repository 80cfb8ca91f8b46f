import Duty
import DutyConfig

/// A custom bot in a Feishu (飞书) group, with the security setting 签名校验.
///
/// `POST /open-apis/bot/v2/hook/…`; open.feishu.cn/document/client-docs/bot-v3/add-custom-bot.
package struct FeishuRobotChannel: Channel {
    package static let type = ChannelType(
        ChannelSchema(
            "feishu-robot",
            keys: [ChannelSchema.Key("hookId", .secret), ChannelSchema.Key("secret", .secret)],
            needsAddress: false,
            // The provider takes 100 a minute and 5 a second.
            limits: ChannelLimits(
                concurrency: 4,
                budget: [
                    ChannelLimits.Rate(90, per: .minutes(1)), ChannelLimits.Rate(4, per: .seconds(1)),
                ]
            ),
            text: .bytes(textLimit)
        ),
        openCodes: codes.openCodes,
        pauses: codes.pauses
    ) { configuration, tools in
        FeishuRobotChannel(
            name: configuration.name,
            url: configuration.target("https://open.feishu.cn/open-apis/bot/v2/hook/")
                + PercentEncoding.encode(try configuration.required("hookId")),
            secret: try configuration.required("secret"),
            tools: tools
        )
    }

    static let codes = ProviderCodes([
        ProviderCodes.Row("0", .sent, "taken"),
        ProviderCodes.Row("11232", .retry, "more than the bot may send"),
        ProviderCodes.Row("2200", .retry, "an error inside the provider"),
        ProviderCodes.Row("99991400", .retry, "more requests than the provider takes"),
        ProviderCodes.Row("9499", .refused, "the form of the request is wrong, or it is too long"),
        ProviderCodes.Row("19001", .closed, "the address of the bot is wrong"),
        ProviderCodes.Row("19002", .refused, "a parameter that is not allowed"),
        ProviderCodes.Row("19021", .closed, "the signature does not fit, or this clock is an hour wrong"),
        ProviderCodes.Row("19022", .closed, "the address of this machine is not on the bot's list"),
        ProviderCodes.Row("19024", .refused, "the key word of the bot is not in the text"),
    ])

    /// Bytes of a text; the whole body may have 20 KB.
    static let textLimit = 8_192

    package let name: String
    package let needsAddress = false
    private let url: String
    private let secret: String
    private let tools: ChannelTools

    init(name: String, url: String, secret: String, tools: ChannelTools) {
        self.name = name
        self.url = url
        self.secret = secret
        self.tools = tools
    }

    package func send(_ message: OutgoingMessage, timeout: Duration) async -> SendOutcome {
        let reply = await tools.http.post(
            url,
            headers: [("content-type", "application/json; charset=utf-8")],
            body: body(message),
            timeout: timeout
        )
        return Self.codes.outcome(of: reply, now: tools.now(), code: Self.code)
    }

    private static func code(_ body: Value) -> (code: String, reference: String?)? {
        (body["code"] ?? body["StatusCode"])?.integer.map { (String($0), nil) }
    }

    /// HMAC-SHA256 over nothing with the key `timestamp\nsecret`, in Base64; `timestamp` in seconds.
    static func signature(timestamp: String, secret: String) -> String {
        Hashing.base64(Hashing.hmac("", key: Array("\(timestamp)\n\(secret)".utf8)))
    }

    func body(_ message: OutgoingMessage) -> [UInt8] {
        let timestamp = String(tools.now().seconds)
        let calls = Mention.of(message, on: name, tools).filter { !$0.isMobile }.map { mention in
            let id = PlainText.withoutMarks(mention.address).filter { $0 != "\"" }
            return "<at user_id=\"\(id)\">\(PlainText.withoutMarks(tools.nameOf(mention.person)))</at>"
        }
        let text = TextLimit.bytes(PlainText.withoutMarks(message.text), Self.textLimit)
        return JSONWriter.encode([
            "timestamp": .string(timestamp),
            "sign": .string(Self.signature(timestamp: timestamp, secret: secret)),
            "msg_type": "text",
            "content": ["text": .string((calls + [text]).joined(separator: " "))],
        ])
    }
}
