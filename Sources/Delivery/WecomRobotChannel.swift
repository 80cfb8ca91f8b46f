import Duty
import DutyConfig

/// A robot in a WeCom (企业微信) group.
///
/// `POST /cgi-bin/webhook/send?key=…`; developer.work.weixin.qq.com/document/path/91770.
package struct WecomRobotChannel: Channel {
    package static let type = ChannelType(
        ChannelSchema(
            "wecom-robot",
            keys: [ChannelSchema.Key("key", .secret)],
            needsAddress: false,
            // The provider takes 20 a minute.
            limits: ChannelLimits(
                concurrency: 4,
                budget: [ChannelLimits.Rate(18, per: .minutes(1))],
                attempts: 3
            ),
            text: .bytes(textLimit)
        ),
        openCodes: codes.openCodes,
        pauses: codes.pauses
    ) { configuration, tools in
        WecomRobotChannel(
            name: configuration.name,
            url: configuration.target("https://qyapi.weixin.qq.com/cgi-bin/webhook/send") + "?key="
                + PercentEncoding.encode(try configuration.required("key")),
            tools: tools
        )
    }

    static let codes = ProviderCodes([
        ProviderCodes.Row("0", .sent, "taken"),
        ProviderCodes.Row("-1", .retry, "the provider is busy"),
        ProviderCodes.Row("45009", .throttled(.seconds(60)), "more than the robot may send in a minute"),
        ProviderCodes.Row("45033", .retry, "too many requests at a time"),
        ProviderCodes.Row("93000", .closed, "the robot is gone or its key is wrong"),
        ProviderCodes.Row("40001", .closed, "the key is wrong"),
        ProviderCodes.Row("40008", .refused, "the type of message is not allowed"),
        ProviderCodes.Row("40033", .refused, "characters that are not allowed"),
        ProviderCodes.Row("40035", .refused, "a parameter that is not allowed"),
        ProviderCodes.Row("40058", .refused, "a parameter that is not allowed, or too long"),
        ProviderCodes.Row("44004", .refused, "the text is empty"),
        ProviderCodes.Row("45002", .refused, "the text is too long"),
    ])

    /// Bytes of a text, by the documentation.
    static let textLimit = 2_048

    package let name: String
    package let needsAddress = false
    private let url: String
    private let tools: ChannelTools

    init(name: String, url: String, tools: ChannelTools) {
        self.name = name
        self.url = url
        self.tools = tools
    }

    package func send(_ message: OutgoingMessage, timeout: Duration) async -> SendOutcome {
        let reply = await tools.http.post(
            url,
            headers: [("content-type", "application/json")],
            body: body(message),
            timeout: timeout
        )
        return Self.codes.outcome(of: reply, now: tools.now(), code: WecomReply.code)
    }

    func body(_ message: OutgoingMessage) -> [UInt8] {
        let mentions = Mention.of(message, on: name, tools)
        return JSONWriter.encode([
            "msgtype": "text",
            "text": [
                "content": .string(
                    TextLimit.bytes(PlainText.withoutMarks(message.text), Self.textLimit)
                ),
                "mentioned_list": .array(mentions.filter { !$0.isMobile }.map { .string($0.address) }),
                "mentioned_mobile_list": .array(mentions.filter(\.isMobile).map { .string($0.address) }),
            ],
        ])
    }
}

/// The form in which WeCom and DingTalk answer: `{"errcode":0,"errmsg":"ok"}`.
enum WecomReply {
    static func code(_ body: Value) -> (code: String, reference: String?)? {
        body["errcode"]?.integer.map { (String($0), body["msgid"]?.string) }
    }
}
