/// A provider whose interface the double speaks, by the word of its channel type.
package enum Provider: String, Sendable, CaseIterable {
    case wecomRobot = "wecom-robot"
    case wecomApp = "wecom-app"
    case dingtalkRobot = "dingtalk-robot"
    case feishuRobot = "feishu-robot"
    case smsAliyun = "sms-aliyun"
    case voiceAliyun = "voice-aliyun"
    case smsTencent = "sms-tencent"
    case webhook

    /// The code by which the provider says that it is asked too often.
    var throttleCode: String {
        switch self {
        case .wecomRobot, .wecomApp: "45009"
        case .dingtalkRobot: "130101"
        case .feishuRobot: "11232"
        case .smsAliyun, .voiceAliyun: "Throttling.User"
        case .smsTencent: "RequestLimitExceeded"
        case .webhook: "429"
        }
    }

    var api: any ProviderAPI {
        switch self {
        case .wecomRobot: WecomRobotAPI()
        case .wecomApp: WecomAppAPI()
        case .dingtalkRobot: DingtalkRobotAPI()
        case .feishuRobot: FeishuRobotAPI()
        case .smsAliyun: AliyunAPI(service: .sms)
        case .voiceAliyun: AliyunAPI(service: .voice)
        case .smsTencent: TencentAPI()
        case .webhook: WebhookAPI()
        }
    }

    /// Whose interface a request addresses; nil: nobody's.
    static func addressed(by request: DoubleRequest) -> Provider? {
        switch request.path {
        case "/cgi-bin/webhook/send": return .wecomRobot
        case "/cgi-bin/gettoken", "/cgi-bin/message/send": return .wecomApp
        case "/robot/send": return .dingtalkRobot
        case "/":
            if request.headers["x-tc-action"] != nil { return .smsTencent }
            switch request.headers["x-acs-action"] {
            case "SendSms": return .smsAliyun
            case "SingleCallByTts": return .voiceAliyun
            default: return request.headers["webhook-id"] == nil ? nil : .webhook
            }
        default:
            if request.path.hasPrefix(FeishuRobotAPI.prefix) { return .feishuRobot }
            return request.headers["webhook-id"] == nil ? nil : .webhook
        }
    }
}

/// What one provider documents: how a request is read, what it may hold, how often, and how it is answered.
protocol ProviderAPI: Sendable {
    /// Checks signature, fields and lengths.
    func read(_ request: DoubleRequest, _ memory: inout DoubleMemory) throws(Refusal) -> Letter
    /// How often such a letter may come.
    func limits(_ letter: Letter) -> [Limit]
    /// The provider's yes.
    func acceptance(_ letter: Letter, number: Int) -> Answer
    /// The provider's no; `letter` is nil if the request could not be read.
    func refusal(_ refusal: Refusal, of letter: Letter?) -> Answer
}

/// A provider's no.
struct Refusal: Error, Hashable {
    let code: String
    let message: String
    /// The HTTP status, where it is not the provider's usual one for this code.
    var status: Int?
    /// Seconds to wait, for providers that say so.
    var retryAfter: Int64?

    init(_ code: String, _ message: String, status: Int? = nil, retryAfter: Int64? = nil) {
        self.code = code
        self.message = message
        self.status = status
        self.retryAfter = retryAfter
    }
}

/// One message as it was understood.
struct Letter: Sendable {
    /// Who it is for: user ids, numbers; empty for a robot's group.
    var recipients: [String]
    /// All that a person would read or hear.
    var text: String
    /// The key by which the sender would recognise it, where the interface carries one.
    var key: String?
    /// What the provider itself compares to find a repetition; nil: it does not.
    var fingerprint: String?
    /// What `limits` counts by: robot key, signature and template.
    var account: String
    /// False for what reaches nobody, such as the fetching of a token.
    var isMessage = true
    /// The recipients that the provider could not reach, with which it says yes all the same.
    var unreachable: [String] = []
    /// What the answer to this request consists of, if it is not the usual one.
    var answer: Answer?
}
