import Duty
import DutyConfig
import Foundation
import Testing

@testable import Delivery

/// A channel of one type, made from a configuration as the daemon makes it, at a receiver of its own.
struct ProviderFixture {
    let type: ChannelType
    var values: [String: ChannelConfiguration.Value]
    var addresses: [PersonRef: String] = [:]

    static let secrets = ["hush-key", "hush-secret", "hush-token"]

    static let wecomRobot = ProviderFixture(
        type: WecomRobotChannel.type,
        values: ["key": .secret(Secret("hush-key"))]
    )
    static let wecomApp = ProviderFixture(
        type: WecomAppChannel.type,
        values: [
            "corpId": .text("ww1"), "agentId": .integer(1_000_002), "secret": .secret(Secret("hush-secret")),
        ]
    )
    static let dingtalk = ProviderFixture(
        type: DingtalkRobotChannel.type,
        values: ["accessToken": .secret(Secret("hush-token")), "secret": .secret(Secret("hush-secret"))]
    )
    static let feishu = ProviderFixture(
        type: FeishuRobotChannel.type,
        values: ["hookId": .secret(Secret("hush-key")), "secret": .secret(Secret("hush-secret"))]
    )
    static let templates: ChannelConfiguration.Value = .templates([
        "N13": ChannelConfiguration.Template("SMS_13"),
        "N10": ChannelConfiguration.Template("SMS_10", variables: ["number", "matterWord"]),
    ])
    static let smsAliyun = ProviderFixture(
        type: SMSAliyunChannel.type,
        values: [
            "accessKeyId": .text("AK1"), "accessKeySecret": .secret(Secret("hush-secret")),
            "signName": .text("西渡高新区"), "templates": templates,
        ]
    )
    static let voice = ProviderFixture(
        type: VoiceAliyunChannel.type,
        values: [
            "accessKeyId": .text("AK1"), "accessKeySecret": .secret(Secret("hush-secret")),
            "calledShowNumber": .text("07340000000"), "templates": templates,
        ]
    )
    static let smsTencent = ProviderFixture(
        type: SMSTencentChannel.type,
        values: [
            "secretId": .text("AKID1"), "secretKey": .secret(Secret("hush-secret")),
            "appId": .text("1400000001"), "signName": .text("西渡高新区"), "templates": templates,
        ]
    )
    static let all = [wecomRobot, wecomApp, dingtalk, feishu, smsAliyun, smsTencent, voice]

    /// Hands the channel and its HTTP client to `body`; the client ends afterwards.
    func withChannel<Result>(
        at endpoint: String,
        _ body: (any Channel) async throws -> Result
    ) async throws -> Result {
        var configuration = ChannelConfiguration(name: "way", schema: type.schema)
        configuration.values = values
        configuration.endpoint = endpoint
        let http = OutboundHTTP()
        let tools = ChannelTools(
            http: http,
            now: { noon },
            nameOf: { _ in "刘青禾" },
            addressOf: { [addresses] person, _ in addresses[person] }
        )
        let result: Result
        do {
            result = try await body(try type.make(configuration, tools))
        } catch {
            await http.shutdown()
            throw error
        }
        await http.shutdown()
        return result
    }

    /// What becomes of `message`, and every request that came.
    func send(
        _ message: OutgoingMessage = ProviderFixture.message(),
        timeout: Duration = .seconds(10),
        _ react: @escaping @Sendable (Received) -> Reaction
    ) async throws -> (outcome: SendOutcome, requests: [Received]) {
        let receiver = try Receiver { _, request in
            request.line.contains("/cgi-bin/gettoken") ? ProviderFixture.token : react(request)
        }
        defer { receiver.stop() }
        let outcome = try await withChannel(at: "http://127.0.0.1:\(receiver.port)") {
            await $0.send(message, timeout: timeout)
        }
        return (outcome, receiver.requests)
    }

    static let token = Reaction.answer(
        200,
        body: #"{"errcode":0,"errmsg":"ok","access_token":"hush-token","expires_in":7200}"#
    )

    /// The answer of this provider that carries `code`.
    func answer(_ code: String, status: Int = 200) -> Reaction {
        switch type.schema.word {
        case "wecom-app" where code == "unlicensed":
            .answer(status, body: #"{"errcode":0,"errmsg":"ok","unlicenseduser":"zhangsan"}"#)
        case "wecom-robot", "wecom-app", "dingtalk-robot":
            .answer(status, body: #"{"errcode":\#(code),"errmsg":"hush-token"}"#)
        case "feishu-robot": .answer(status, body: #"{"code":\#(code),"msg":"x","data":{}}"#)
        case "sms-tencent":
            .answer(
                status,
                body: #"{"Response":{"SendStatusSet":[{"SerialNo":"S1","Code":"\#(code)"}],"RequestId":"R"}}"#
            )
        default: .answer(status, body: #"{"Code":"\#(code)","Message":"x","BizId":"B1","RequestId":"R"}"#)
        }
    }

    static func message(
        _ notification: Duty.Notification = sample(),
        text: String = "【已超时】衡阳某某精密诉求CP-1半小时未回应。",
        link: String? = nil,
        address: String? = "zhangsan",
        fields: [String: String] = [
            "enterpriseName": "衡阳某某精密", "number": "CP-2026-000123", "due": "11月23日14:35",
        ]
    ) -> OutgoingMessage {
        OutgoingMessage(
            notification: notification,
            title: "已超时 衡阳某某精密",
            text: text,
            fields: fields,
            link: link,
            address: address,
            traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        )
    }
}

extension Received {
    var json: Value? { try? JSONReader.decode(body) }
    var path: String { String(line.split(separator: " ")[1].prefix { $0 != "?" }) }

    /// The query as it came, decoded.
    var query: [String: String] {
        let target = line.split(separator: " ")[1]
        guard let mark = target.firstIndex(of: "?") else { return [:] }
        let pairs = target[target.index(after: mark)...].split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (Received.decoded(parts[0]), parts.count > 1 ? Received.decoded(parts[1]) : "")
        }
        return Dictionary(pairs) { $1 }
    }

    private static func decoded(_ text: Substring) -> String { text.removingPercentEncoding ?? "?" }
}
