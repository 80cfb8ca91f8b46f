import Duty

/// The accounts that the double knows; every one is invented.
struct DoubleCredentials: Sendable {
    private var values: [Provider: [String: String]] = [
        .wecomRobot: ["key": "double-wecom-key"],
        .wecomApp: ["corpId": "double-corp", "secret": "double-corp-secret", "agentId": "1000002"],
        .dingtalkRobot: ["accessToken": "double-dingtalk-token", "secret": "SECdouble-dingtalk"],
        .feishuRobot: ["hookId": "double-feishu-hook", "secret": "double-feishu-secret"],
        .smsAliyun: ["accessKeyId": "double-aliyun-id", "accessKeySecret": "double-aliyun-secret"],
        .voiceAliyun: ["accessKeyId": "double-aliyun-id", "accessKeySecret": "double-aliyun-secret"],
        .smsTencent: [
            "secretId": "double-tencent-id", "secretKey": "double-tencent-key", "appId": "1400000001",
        ],
        .webhook: ["secret": "double-webhook-secret"],
    ]

    /// A value of one account; empty if there is none.
    subscript(provider: Provider, name: String) -> String { values[provider]?[name] ?? "" }

    /// Takes the values of `{"wecom-robot": {"key": "…"}}`; throws for what is no such thing.
    mutating func merge(_ value: Value) throws(DoubleProblem) {
        guard let members = value.members else { throw DoubleProblem("credentials must be an object") }
        for member in members {
            guard let provider = Provider(rawValue: member.name), let fields = member.value.members else {
                throw DoubleProblem("credentials: \(member.name) is no provider with values")
            }
            for field in fields {
                guard let text = field.value.string, values[provider]?[field.name] != nil else {
                    throw DoubleProblem("credentials: \(member.name).\(field.name) is unknown or no text")
                }
                values[provider]?[field.name] = text
            }
        }
    }

    var value: Value {
        .object(
            Provider.allCases.map { provider in
                let fields = (values[provider] ?? [:]).sorted { $0.key < $1.key }
                return Value.Member(
                    provider.rawValue,
                    .object(fields.map { Value.Member($0.key, .string($0.value)) })
                )
            }
        )
    }
}

/// What is wrong with a script for the double.
package struct DoubleProblem: Error, CustomStringConvertible {
    package let description: String
    init(_ description: String) { self.description = description }
}
