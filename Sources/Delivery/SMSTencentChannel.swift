import Duty
import DutyConfig

/// Text messages by Tencent Cloud, `SendSms`; cloud.tencent.com/document/api/382/55981.
package struct SMSTencentChannel: Channel {
    package static let type = ChannelType(
        ChannelSchema(
            "sms-tencent",
            keys: [
                ChannelSchema.Key("secretId", .text), ChannelSchema.Key("secretKey", .secret),
                ChannelSchema.Key("appId", .text), ChannelSchema.Key("region", .text, isRequired: false),
                ChannelSchema.Key("signName", .text), SMSTemplate.key,
            ],
            needsAddress: true,
            limits: SMSTemplate.limits,
            values: ChannelSchema.ValueSize(each: SMSTemplate.valueLimit)
        ),
        openCodes: codes.openCodes,
        pauses: codes.pauses
    ) { configuration, tools in
        SMSTencentChannel(
            name: configuration.name,
            url: configuration.target("https://sms.tencentcloudapi.com/"),
            signer: TC3Signer(
                secretID: try configuration.required("secretId"),
                secretKey: try configuration.required("secretKey"),
                service: "sms"
            ),
            appID: try configuration.required("appId"),
            region: configuration.text("region") ?? "ap-guangzhou",
            signName: try configuration.required("signName"),
            templates: configuration.templates("templates"),
            tools: tools
        )
    }

    /// The provider does not recognise repetitions, so what may have been taken is not repeated here.
    static let codes = ProviderCodes([
        ProviderCodes.Row("Ok", .sent, "taken"),
        ProviderCodes.Row("InternalError.Timeout", .uncertain, "the provider waited in vain for its own"),
        ProviderCodes.Row(
            "InternalError.SendAndRecvFail",
            .uncertain,
            "the provider waited in vain for its own"
        ),
        ProviderCodes.Row("InternalError*", .retry, "an error inside the provider"),
        ProviderCodes.Row("RequestLimitExceeded*", .retry, "more requests than the provider takes"),
        ProviderCodes.Row("LimitExceeded.*", .refused, "more than this number may get"),
        ProviderCodes.Row("AuthFailure.*", .closed, "the key or its signature is wrong"),
        ProviderCodes.Row("UnauthorizedOperation*", .closed, "the account may not do this"),
        ProviderCodes.Row(
            "FailedOperation.SignatureIncorrectOrUnapproved",
            .refused,
            "the signature is not approved"
        ),
        ProviderCodes.Row(
            "FailedOperation.TemplateIncorrectOrUnapproved",
            .refused,
            "the template is not approved"
        ),
        ProviderCodes.Row("FailedOperation.PhoneNumberInBlacklist", .refused, "the number wants no messages"),
        ProviderCodes.Row("FailedOperation.ContainSensitiveWord", .refused, "content that is not allowed"),
        ProviderCodes.Row(
            "FailedOperation.InsufficientBalanceInSmsPackage",
            .closed,
            "the account's packages are used up"
        ),
        ProviderCodes.Row("InvalidParameterValue.*", .refused, "a parameter that is not allowed"),
    ])

    package let name: String
    package let needsAddress = true
    private let url: String
    private let signer: TC3Signer
    private let appID: String
    private let region: String
    private let signName: String
    private let templates: [String: ChannelConfiguration.Template]
    private let tools: ChannelTools

    init(
        name: String,
        url: String,
        signer: TC3Signer,
        appID: String,
        region: String,
        signName: String,
        templates: [String: ChannelConfiguration.Template],
        tools: ChannelTools
    ) {
        self.name = name
        self.url = url
        self.signer = signer
        self.appID = appID
        self.region = region
        self.signName = signName
        self.templates = templates
        self.tools = tools
    }

    package func send(_ message: OutgoingMessage, timeout: Duration) async -> SendOutcome {
        guard let number = message.address else { return SMSTemplate.noAddress }
        guard let template = SMSTemplate(message, templates) else { return SMSTemplate.missing }
        let body = body(message, to: number, template)
        let reply = await tools.http.post(url, headers: headers(body), body: body, timeout: timeout)
        return Self.codes.outcome(of: reply, now: tools.now(), code: Self.code)
    }

    func body(_ message: OutgoingMessage, to number: String, _ template: SMSTemplate) -> [UInt8] {
        JSONWriter.encode([
            "PhoneNumberSet": [.string(number.hasPrefix("+") ? number : "+86" + number)],
            "SmsSdkAppId": .string(appID),
            "SignName": .string(signName),
            "TemplateId": .string(template.id),
            "TemplateParamSet": .array(template.values.map { .string($0.value) }),
            "SessionContext": .string(TextLimit.bytes(message.notification.key, 512)),
        ])
    }

    private func headers(_ body: [UInt8]) -> [(String, String)] {
        let now = tools.now()
        let contentType = "application/json; charset=utf-8"
        let host = AliyunAPI.host(url)
        let authorization = signer.authorization(
            headers: [("content-type", contentType), ("host", host), ("x-tc-action", "sendsms")],
            body: body,
            at: now
        )
        return [
            ("content-type", contentType), ("host", host), ("authorization", authorization),
            ("x-tc-action", "SendSms"), ("x-tc-version", "2021-01-11"), ("x-tc-region", region),
            ("x-tc-timestamp", String(now.seconds)),
        ]
    }

    /// The code of the one number that was asked for, else that of the request.
    private static func code(_ body: Value) -> (code: String, reference: String?)? {
        if let status = body.at(path: "Response.SendStatusSet")?.array?.first {
            return status["Code"]?.string.map { ($0, status["SerialNo"]?.string) }
        }
        return body.at(path: "Response.Error.Code")?.string.map { ($0, nil) }
    }
}
