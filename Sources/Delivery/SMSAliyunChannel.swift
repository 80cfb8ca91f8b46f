import Duty
import DutyConfig

/// Text messages by Alibaba Cloud, `SendSms`; help.aliyun.com/document_detail/55284.
package struct SMSAliyunChannel: Channel {
    package static let type = ChannelType(
        ChannelSchema(
            "sms-aliyun",
            keys: [
                ChannelSchema.Key("accessKeyId", .text), ChannelSchema.Key("accessKeySecret", .secret),
                ChannelSchema.Key("signName", .text), SMSTemplate.key,
            ],
            needsAddress: true,
            limits: SMSTemplate.limits,
            values: ChannelSchema.ValueSize(each: SMSTemplate.valueLimit)
        ),
        openCodes: codes.openCodes,
        pauses: codes.pauses
    ) { configuration, tools in
        SMSAliyunChannel(
            name: configuration.name,
            signName: try configuration.required("signName"),
            templates: configuration.templates("templates"),
            api: AliyunAPI(
                url: configuration.target("https://dysmsapi.aliyuncs.com/"),
                signer: ACS3Signer(
                    accessKeyID: try configuration.required("accessKeyId"),
                    accessKeySecret: try configuration.required("accessKeySecret")
                ),
                action: "SendSms",
                codes: codes,
                tools: tools
            )
        )
    }

    /// The provider does not recognise repetitions, so what may have been taken is not repeated here.
    static let codes = ProviderCodes([
        ProviderCodes.Row("OK", .sent, "taken"),
        ProviderCodes.Row("isp.SYSTEM_ERROR", .uncertain, "an error inside the provider"),
        ProviderCodes.Row("InternalError", .uncertain, "an error inside the provider"),
        ProviderCodes.Row("ServiceUnavailable", .retry, "the service takes nothing"),
        ProviderCodes.Row("Throttling*", .retry, "more requests than the provider takes"),
        ProviderCodes.Row("isv.BUSINESS_LIMIT_CONTROL", .refused, "more than this number may get"),
        ProviderCodes.Row("isv.DAY_LIMIT_CONTROL", .closed, "the account's limit of the day is reached"),
        ProviderCodes.Row("isv.MONTH_LIMIT_CONTROL", .closed, "the account's limit of the month is reached"),
        ProviderCodes.Row("isv.OUT_OF_SERVICE", .closed, "the account is out of service"),
        ProviderCodes.Row("isv.ACCOUNT_ABNORMAL", .closed, "the account is not in order"),
        ProviderCodes.Row("isv.ACCOUNT_NOT_EXISTS", .closed, "the account does not exist"),
        ProviderCodes.Row("isv.AMOUNT_NOT_ENOUGH", .closed, "the account is empty"),
        ProviderCodes.Row("isv.MOBILE_NUMBER_ILLEGAL", .refused, "the number is none"),
        ProviderCodes.Row("isv.SMS_TEMPLATE_ILLEGAL", .refused, "the template is not approved"),
        ProviderCodes.Row("isv.SMS_SIGNATURE_ILLEGAL", .refused, "the signature is not approved"),
        ProviderCodes.Row("isv.SIGN_STATE_ILLEGAL", .refused, "the signature is not in use"),
        ProviderCodes.Row("isv.TEMPLATE_MISSING_PARAMETERS", .refused, "the template has other variables"),
        ProviderCodes.Row("isv.INVALID_JSON_PARAM", .refused, "the variables cannot be read"),
        ProviderCodes.Row("isv.INVALID_PARAMETERS", .refused, "a parameter that is not allowed"),
        ProviderCodes.Row("isv.PARAM_LENGTH_LIMIT", .refused, "a variable is too long"),
        ProviderCodes.Row("isv.SMS_CONTENT_ILLEGAL", .refused, "content that is not allowed"),
        ProviderCodes.Row("isv.BLACK_KEY_CONTROL_LIMIT", .refused, "content that is not allowed"),
        ProviderCodes.Row("isp.RAM_PERMISSION_DENY", .closed, "the key has no permission for this"),
        ProviderCodes.Row("SignatureDoesNotMatch", .closed, "the key is wrong"),
        ProviderCodes.Row("InvalidAccessKeyId*", .closed, "the key is not known"),
        ProviderCodes.Row("InvalidTimeStamp*", .closed, "this clock is wrong"),
    ])

    package let name: String
    package let needsAddress = true
    private let signName: String
    private let templates: [String: ChannelConfiguration.Template]
    private let api: AliyunAPI

    init(
        name: String,
        signName: String,
        templates: [String: ChannelConfiguration.Template],
        api: AliyunAPI
    ) {
        self.name = name
        self.signName = signName
        self.templates = templates
        self.api = api
    }

    package func send(_ message: OutgoingMessage, timeout: Duration) async -> SendOutcome {
        guard let number = message.address else { return SMSTemplate.noAddress }
        guard let template = SMSTemplate(message, templates) else { return SMSTemplate.missing }
        let query = [
            ("PhoneNumbers", number), ("SignName", signName), ("TemplateCode", template.id),
            ("TemplateParam", template.json), ("OutId", AliyunAPI.outID(message.notification.key)),
        ]
        return await api.call(query, timeout: timeout)
    }
}
