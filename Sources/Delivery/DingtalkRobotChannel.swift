import Duty
import DutyConfig

/// A custom robot in a DingTalk (钉钉) group, with the security setting 加签.
///
/// `POST /robot/send?access_token=…&timestamp=…&sign=…`.
package struct DingtalkRobotChannel: Channel {
    package static let type = ChannelType(
        ChannelSchema(
            "dingtalk-robot",
            keys: [ChannelSchema.Key("accessToken", .secret), ChannelSchema.Key("secret", .secret)],
            needsAddress: false,
            // The provider takes 20 a minute, and nothing for ten minutes after that.
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
        DingtalkRobotChannel(
            name: configuration.name,
            url: configuration.target("https://oapi.dingtalk.com/robot/send"),
            accessToken: try configuration.required("accessToken"),
            secret: try configuration.required("secret"),
            tools: tools
        )
    }

    static let codes = ProviderCodes([
        ProviderCodes.Row("0", .sent, "taken"),
        ProviderCodes.Row("-1", .retry, "the provider is busy"),
        ProviderCodes.Row("130101", .throttled(.minutes(10)), "more than the robot may send in a minute"),
        ProviderCodes.Row("410100", .throttled(.minutes(10)), "more than the robot may send in a minute"),
        ProviderCodes.Row(
            "310000",
            .closed,
            "a security setting does not fit: signature, clock, key word or address of this machine"
        ),
        ProviderCodes.Row("400013", .closed, "the group has been dissolved"),
        ProviderCodes.Row("400101", .closed, "the access token is unknown"),
        ProviderCodes.Row("400102", .closed, "the robot is switched off"),
        ProviderCodes.Row("400106", .closed, "the robot is not in the group any more"),
        ProviderCodes.Row("400105", .refused, "the type of message is not allowed"),
        ProviderCodes.Row("40035", .refused, "a parameter that is not allowed"),
        ProviderCodes.Row("43004", .refused, "the content type is not allowed"),
        ProviderCodes.Row("430101", .refused, "a link that the provider holds unsafe"),
        ProviderCodes.Row("430102", .refused, "a text that the provider holds unsafe"),
        ProviderCodes.Row("430103", .refused, "a picture that the provider holds unsafe"),
        ProviderCodes.Row("430104", .refused, "content that the provider holds unsafe"),
    ])

    /// Bytes of a text; the provider names 20,000 for the whole body.
    static let textLimit = 4_096

    package let name: String
    package let needsAddress = false
    private let url: String
    private let accessToken: String
    private let secret: String
    private let tools: ChannelTools

    init(name: String, url: String, accessToken: String, secret: String, tools: ChannelTools) {
        self.name = name
        self.url = url
        self.accessToken = accessToken
        self.secret = secret
        self.tools = tools
    }

    package func send(_ message: OutgoingMessage, timeout: Duration) async -> SendOutcome {
        let reply = await tools.http.post(
            address(at: tools.now()),
            headers: [("content-type", "application/json;charset=utf-8")],
            body: body(message),
            timeout: timeout
        )
        return Self.codes.outcome(of: reply, now: tools.now(), code: WecomReply.code)
    }

    /// The whole address, made anew for each message: a signature is good for an hour.
    private func address(at now: Instant) -> String {
        let timestamp = String(now.microseconds / 1_000)
        return url + "?"
            + PercentEncoding.query([
                ("access_token", accessToken), ("timestamp", timestamp),
                ("sign", Self.signature(timestamp: timestamp, secret: secret)),
            ])
    }

    /// HMAC-SHA256 over `timestamp\nsecret` with the secret as its key, in Base64; `timestamp` in milliseconds.
    static func signature(timestamp: String, secret: String) -> String {
        Hashing.base64(Hashing.hmac("\(timestamp)\n\(secret)", key: Array(secret.utf8)))
    }

    func body(_ message: OutgoingMessage) -> [UInt8] {
        let mentions = Mention.of(message, on: name, tools)
        // Who is to be pointed at must stand in the text, too; the program shows a name in place of a number.
        let calls = mentions.map { "@\($0.address)" }.joined(separator: " ")
        let text = TextLimit.bytes(message.text, Self.textLimit)
        return JSONWriter.encode([
            "msgtype": "text",
            "text": ["content": .string(calls.isEmpty ? text : text + "\n" + calls)],
            "at": [
                "atMobiles": .array(mentions.filter(\.isMobile).map { .string($0.address) }),
                "atUserIds": .array(mentions.filter { !$0.isMobile }.map { .string($0.address) }),
                "isAtAll": false,
            ],
        ])
    }
}
