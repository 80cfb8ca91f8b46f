import Duty
import DutyConfig

/// Calls by Alibaba Cloud that read a template aloud, `SingleCallByTts`; help.aliyun.com/document_detail/393519.
package struct VoiceAliyunChannel: Channel {
    package static let type = ChannelType(
        ChannelSchema(
            "voice-aliyun",
            keys: [
                ChannelSchema.Key("accessKeyId", .text), ChannelSchema.Key("accessKeySecret", .secret),
                // Without one the provider calls from numbers of its own.
                ChannelSchema.Key("calledShowNumber", .text, isRequired: false),
                ChannelSchema.Key("playTimes", .integer(1...3), isRequired: false), SMSTemplate.key,
            ],
            needsAddress: true,
            // What the provider allows for one number; a call that nobody answers counts as well.
            limits: ChannelLimits(
                concurrency: 4,
                personBudget: [
                    ChannelLimits.Rate(1, per: .minutes(1)), ChannelLimits.Rate(5, per: .hours(1)),
                    ChannelLimits.Rate(20, per: .days(1)),
                ]
            ),
            values: ChannelSchema.ValueSize(each: SMSTemplate.valueLimit, together: variablesLimit)
        ),
        openCodes: codes.openCodes,
        pauses: codes.pauses
    ) { configuration, tools in
        VoiceAliyunChannel(
            name: configuration.name,
            showNumber: configuration.text("calledShowNumber"),
            playTimes: configuration.integer("playTimes") ?? 2,
            templates: configuration.templates("templates"),
            api: AliyunAPI(
                url: configuration.target("https://dyvmsapi.aliyuncs.com/"),
                signer: ACS3Signer(
                    accessKeyID: try configuration.required("accessKeyId"),
                    accessKeySecret: try configuration.required("accessKeySecret")
                ),
                action: "SingleCallByTts",
                codes: codes,
                tools: tools
            )
        )
    }

    static let codes = ProviderCodes([
        ProviderCodes.Row("OK", .sent, "taken"),
        ProviderCodes.Row("isp.SYSTEM_ERROR", .uncertain, "an error inside the provider"),
        ProviderCodes.Row("InternalError", .uncertain, "an error inside the provider"),
        ProviderCodes.Row("ServiceUnavailable", .retry, "the service takes nothing"),
        ProviderCodes.Row("Throttling*", .retry, "more requests than the provider takes"),
        ProviderCodes.Row("isv.BUSINESS_LIMIT_CONTROL", .refused, "more calls than this number may get"),
        ProviderCodes.Row("isv.OUT_OF_SERVICE", .closed, "the account is out of service"),
        ProviderCodes.Row("isv.ACCOUNT_ABNORMAL", .closed, "the account is not in order"),
        ProviderCodes.Row("isv.ACCOUNT_NOT_EXISTS", .closed, "the account does not exist"),
        ProviderCodes.Row("isv.AMOUNT_NOT_ENOUGH", .closed, "the account is empty"),
        ProviderCodes.Row("isv.MOBILE_NUMBER_ILLEGAL", .refused, "the number is none"),
        ProviderCodes.Row("isv.TTS_TEMPLATE_ILLEGAL", .refused, "the template is not approved"),
        ProviderCodes.Row("isv.TEMPLATE_MISSING_PARAMETERS", .refused, "the template has other variables"),
        ProviderCodes.Row("isv.INVALID_JSON_PARAM", .refused, "the variables cannot be read"),
        ProviderCodes.Row("isv.INVALID_PARAMETERS", .refused, "a parameter that is not allowed"),
        ProviderCodes.Row("isv.PARAM_LENGTH_LIMIT", .refused, "the variables are too long"),
        ProviderCodes.Row("isp.RAM_PERMISSION_DENY", .closed, "the key has no permission for this"),
        ProviderCodes.Row("SignatureDoesNotMatch", .closed, "the key is wrong"),
        ProviderCodes.Row("InvalidAccessKeyId*", .closed, "the key is not known"),
        ProviderCodes.Row("InvalidTimeStamp*", .closed, "this clock is wrong"),
    ])

    /// Characters that all variables of a call may have together.
    static let variablesLimit = 249

    package let name: String
    package let needsAddress = true
    private let showNumber: String?
    private let playTimes: Int64
    private let templates: [String: ChannelConfiguration.Template]
    private let api: AliyunAPI

    init(
        name: String,
        showNumber: String?,
        playTimes: Int64,
        templates: [String: ChannelConfiguration.Template],
        api: AliyunAPI
    ) {
        self.name = name
        self.showNumber = showNumber
        self.playTimes = playTimes
        self.templates = templates
        self.api = api
    }

    package func send(_ message: OutgoingMessage, timeout: Duration) async -> SendOutcome {
        guard let number = message.address else { return SMSTemplate.noAddress }
        let count =
            templates[message.notification.code].map { ($0.variables ?? SMSTemplate.usual).count } ?? 0
        let limit = min(SMSTemplate.valueLimit, Self.variablesLimit / max(1, count))
        guard let template = SMSTemplate(message, templates, limit: limit) else { return SMSTemplate.missing }
        var query = [
            ("CalledNumber", number), ("TtsCode", template.id), ("TtsParam", template.json),
            ("PlayTimes", String(playTimes)), ("OutId", AliyunAPI.outID(message.notification.key)),
        ]
        if let showNumber { query.append(("CalledShowNumber", showNumber)) }
        return await api.call(query, timeout: timeout)
    }
}
