import Duty

/// Text messages and calls of Alibaba Cloud, signed by ACS3-HMAC-SHA256.
struct AliyunAPI: ProviderAPI {
    enum Service { case sms, voice }

    let service: Service

    private var provider: Provider { service == .sms ? .smsAliyun : .voiceAliyun }
    private var version: String { "2017-05-25" }

    func read(_ request: DoubleRequest, _ memory: inout DoubleMemory) throws(Refusal) -> Letter {
        guard request.headers["x-acs-version"] == version else {
            throw Refusal("InvalidVersion", "Specified parameter Version is not valid.")
        }
        try ACS3Signature.verify(
            request,
            id: memory.credentials[provider, "accessKeyId"],
            secret: memory.credentials[provider, "accessKeySecret"],
            &memory
        )
        var fields = Dictionary(request.query.map { ($0.name, $0.value) }) { $1 }
        if request.headers["content-type"]?.hasPrefix("application/x-www-form-urlencoded") == true {
            fields.merge(DoubleRequest.form(request.text).map { ($0.name, $0.value) }) { $1 }
        }
        return service == .sms ? try sms(fields) : try voice(fields)
    }

    // MARK: Text messages

    private func sms(_ fields: [String: String]) throws(Refusal) -> Letter {
        let numbers = (fields["PhoneNumbers"] ?? "").split(separator: ",").map(String.init)
        guard !numbers.isEmpty, numbers.count <= 1_000, numbers.allSatisfy(AliyunAPI.isMobile) else {
            throw Refusal("isv.MOBILE_NUMBER_ILLEGAL", "号码非法")
        }
        let sign = try required(fields, "SignName", "isv.SMS_SIGNATURE_ILLEGAL")
        let template = try required(fields, "TemplateCode", "isv.SMS_TEMPLATE_ILLEGAL")
        let variables = try variables(fields["TemplateParam"] ?? "{}")
        for value in variables {
            guard value.count <= 35 else { throw Refusal("isv.PARAM_LENGTH_LIMIT", "参数超出长度限制") }
            guard !value.contains("://") else {
                throw Refusal("isv.BLACK_KEY_CONTROL_LIMIT", "黑名单管控")
            }
        }
        return Letter(
            recipients: numbers,
            text: variables.joined(separator: "\n"),
            key: fields["OutId"],
            account: "\(sign)/\(template)"
        )
    }

    private static func isMobile(_ number: String) -> Bool {
        let plain = number.hasPrefix("+86") ? number.dropFirst(3) : number[...]
        return plain.count == 11 && plain.first == "1" && plain.utf8.allSatisfy { (48...57).contains($0) }
    }

    private func required(
        _ fields: [String: String],
        _ name: String,
        _ code: String
    ) throws(Refusal) -> String {
        guard let value = fields[name], !value.isEmpty else { throw Refusal(code, "\(name) is missing") }
        return value
    }

    /// The values of the template's variables, which must all be texts or numbers.
    private func variables(_ text: String) throws(Refusal) -> [String] {
        guard let members = (try? JSONReader.decode(text))?.members else {
            throw Refusal("isv.INVALID_JSON_PARAM", "JSON参数不合法")
        }
        return members.map { $0.value.string ?? JSONWriter.text($0.value) }
    }

    // MARK: Calls

    private func voice(_ fields: [String: String]) throws(Refusal) -> Letter {
        let number = fields["CalledNumber"] ?? ""
        guard AliyunAPI.isMobile(number) else { throw Refusal("isv.MOBILE_NUMBER_ILLEGAL", "号码非法") }
        let template = try required(fields, "TtsCode", "isv.TTS_TEMPLATE_ILLEGAL")
        let variables = try variables(fields["TtsParam"] ?? "{}")
        guard variables.reduce(0, { $0 + $1.count }) < 250 else {
            throw Refusal("isv.PARAM_LENGTH_LIMIT", "参数超出长度限制")
        }
        if let times = fields["PlayTimes"], !["1", "2", "3"].contains(times) {
            throw Refusal("isv.INVALID_PARAMETERS", "PlayTimes")
        }
        if let id = fields["OutId"], !(1...15).contains(id.utf8.count) {
            throw Refusal("isv.INVALID_PARAMETERS", "OutId")
        }
        return Letter(
            recipients: [number],
            text: variables.joined(separator: "\n"),
            key: fields["OutId"],
            account: template
        )
    }

    // MARK: Limits and answers

    func limits(_ letter: Letter) -> [Limit] {
        let code = "isv.BUSINESS_LIMIT_CONTROL"
        let windows: [(Int, Span, String)] =
            service == .sms
            ? [(50, .days(1), "触发天级流控Permits:50")]
            : [(1, .minutes(1), "触发分钟级流控"), (5, .hours(1), "触发小时级流控"), (20, .days(1), "触发天级流控")]
        return letter.recipients.flatMap { number in
            windows.map { count, span, words in
                Limit(
                    name: service == .sms ? "sms/\(letter.account)/\(number)" : "voice/\(number)",
                    count: count,
                    span: span,
                    excess: .refuse(code: code, message: words)
                )
            }
        }
    }

    func acceptance(_ letter: Letter, number: Int) -> Answer {
        Answer(
            .members(
                ("Code", "OK"),
                ("Message", "OK"),
                ("RequestId", .string("DOUBLE-\(number)")),
                (service == .sms ? "BizId" : "CallId", .string("\(number)^0"))
            )
        )
    }

    func refusal(_ refusal: Refusal, of letter: Letter?) -> Answer {
        Answer(
            status: refusal.status ?? AliyunAPI.status(refusal.code),
            .members(
                ("Code", .string(refusal.code)),
                ("Message", .string(refusal.message)),
                ("RequestId", "DOUBLE-0")
            )
        )
    }

    /// The service's own codes come with HTTP 200, those of the gateway do not.
    private static func status(_ code: String) -> Int {
        if code.hasPrefix("isv.") || code.hasPrefix("isp.") { return 200 }
        if code.hasPrefix("ServiceUnavailable") { return 503 }
        if code.hasPrefix("InternalError") { return 500 }
        return 400
    }
}
