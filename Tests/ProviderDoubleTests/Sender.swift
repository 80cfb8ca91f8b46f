import Duty
import Synchronization

@testable import ProviderDouble

/// 14:35 on 23 November 2026 in the county.
let noon = Instant(seconds: 1_795_415_700)

/// A double with a clock that is moved by hand, and requests as a correct sender would make them.
final class Sender: Sendable {
    let double: ProviderDouble
    private let nonce = Mutex(0)

    init() {
        let moment = Moment()
        self.moment = moment
        double = ProviderDouble(now: { moment.now })
    }

    private let moment: Moment
    var now: Instant { moment.now }

    func pass(_ span: Span) { moment.pass(span) }

    func script(_ json: String) async throws { try await double.script(try JSONReader.decode(json)) }

    /// The answer's body; nil if the connection was closed instead.
    func send(_ request: DoubleRequest) async -> Value? {
        guard let reaction = await double.react(to: request), reaction.manner != .never else { return nil }
        return (try? JSONReader.decode(reaction.answer.body)) ?? .null
    }

    /// The counts of one provider.
    func count(_ provider: Provider, _ name: String) async -> Int64? {
        await double.counters[provider.rawValue]?[name]?.integer
    }

    // MARK: Requests

    func post(
        _ path: String,
        _ query: String?,
        _ body: String,
        _ headers: [String: String] = [:]
    ) -> DoubleRequest {
        let usual = ["host": "127.0.0.1:8000", "content-type": "application/json"]
        return DoubleRequest(
            method: "POST",
            path: path,
            query: query,
            headers: usual.merging(headers) { $1 },
            body: Array(body.utf8)
        )
    }

    func wecomRobot(_ text: String = "正文", key: String = "double-wecom-key") -> DoubleRequest {
        post("/cgi-bin/webhook/send", "key=\(key)", #"{"msgtype":"text","text":{"content":"\#(text)"}}"#)
    }

    func token() async -> String {
        let request = DoubleRequest(
            method: "GET",
            path: "/cgi-bin/gettoken",
            query: "corpid=double-corp&corpsecret=double-corp-secret",
            headers: [:],
            body: []
        )
        return await send(request)?["access_token"]?.string ?? ""
    }

    func wecomApp(_ text: String, token: String, to: String = "zhangsan") -> DoubleRequest {
        post(
            "/cgi-bin/message/send",
            "access_token=\(token)",
            #"{"touser":"\#(to)","msgtype":"text","agentid":1000002,"text":{"content":"\#(text)"},"#
                + #""enable_duplicate_check":1}"#
        )
    }

    func dingtalk(_ text: String = "正文", secret: String = "SECdouble-dingtalk") -> DoubleRequest {
        let stamp = String(now.milliseconds)
        let sign = DingtalkRobotAPI.signature(timestamp: stamp, secret: secret)
            .replacing("+", with: "%2B").replacing("/", with: "%2F").replacing("=", with: "%3D")
        return post(
            "/robot/send",
            "access_token=double-dingtalk-token&timestamp=\(stamp)&sign=\(sign)",
            #"{"msgtype":"text","text":{"content":"\#(text)"}}"#
        )
    }

    func feishu(
        _ text: String = "正文",
        secret: String = "double-feishu-secret",
        age: Span = .zero
    ) -> DoubleRequest {
        let stamp = String((now - age).seconds)
        let sign = FeishuRobotAPI.signature(timestamp: stamp, secret: secret)
        return post(
            FeishuRobotAPI.prefix + "double-feishu-hook",
            nil,
            #"{"timestamp":"\#(stamp)","sign":"\#(sign)","msg_type":"text","content":{"text":"\#(text)"}}"#
        )
    }

    func aliyun(_ action: String, _ query: String, secret: String = "double-aliyun-secret") -> DoubleRequest {
        let number = nonce.withLock { value in
            value += 1
            return value
        }
        var headers = [
            "host": "127.0.0.1:8000", "x-acs-action": action, "x-acs-version": "2017-05-25",
            "x-acs-date": String(now.rfc3339.prefix(19)) + "Z", "x-acs-signature-nonce": "nonce-\(number)",
            "x-acs-content-sha256": Digest.hash([]),
        ]
        let signed = headers.keys.sorted()
        let plain = DoubleRequest(method: "POST", path: "/", query: query, headers: headers, body: [])
        let signature = ACS3Signature.signature(plain, signed, secret) ?? ""
        headers["authorization"] =
            "ACS3-HMAC-SHA256 Credential=double-aliyun-id,SignedHeaders=\(signed.joined(separator: ";")),"
            + "Signature=\(signature)"
        return DoubleRequest(method: "POST", path: "/", query: query, headers: headers, body: [])
    }

    func sms(
        number: String = "13800138000",
        value: String = "CP-1",
        secret: String = "double-aliyun-secret"
    )
        -> DoubleRequest
    {
        aliyun(
            "SendSms",
            "PhoneNumbers=\(number)&SignName=x&TemplateCode=SMS_1&OutId=k&TemplateParam=%7B%22no%22%3A%22\(value)%22%7D",
            secret: secret
        )
    }

    func call(number: String = "13800138000") -> DoubleRequest {
        aliyun("SingleCallByTts", "CalledNumber=\(number)&TtsCode=TTS_1&TtsParam=%7B%7D&OutId=k")
    }

    func tencent(key: String = "double-tencent-key", age: Span = .zero) -> DoubleRequest {
        let body =
            #"{"PhoneNumberSet":["+8613800138000"],"SmsSdkAppId":"1400000001","SignName":"x","TemplateId":"1","#
            + #""TemplateParamSet":["CP-1"],"SessionContext":"k"}"#
        var headers = [
            "host": "127.0.0.1:8000", "content-type": "application/json; charset=utf-8",
            "x-tc-action": "SendSms",
            "x-tc-version": "2021-01-11", "x-tc-region": "ap-guangzhou",
            "x-tc-timestamp": String((now - age).seconds),
        ]
        let signed = ["content-type", "host", "x-tc-action"]
        let plain = post("/", nil, body, headers)
        let signature = TencentAPI.signature(plain, signed: signed, service: "sms", secret: key) ?? ""
        let date = String((now - age).rfc3339.prefix(10))
        headers["authorization"] =
            "TC3-HMAC-SHA256 Credential=double-tencent-id/\(date)/sms/tc3_request, "
            + "SignedHeaders=content-type;host;x-tc-action, Signature=\(signature)"
        return post("/", nil, body, headers)
    }
}

/// A clock that stands still until it is moved.
private final class Moment: Sendable {
    private let state = Mutex(noon)
    var now: Instant { state.withLock { $0 } }
    func pass(_ span: Span) { state.withLock { $0 = $0 + span } }
}
