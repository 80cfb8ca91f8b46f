import Duty

/// Text messages of Tencent Cloud, signed by TC3-HMAC-SHA256; every number has a code of its own.
struct TencentAPI: ProviderAPI {
    private static let skew: Span = .minutes(5)

    func read(_ request: DoubleRequest, _ memory: inout DoubleMemory) throws(Refusal) -> Letter {
        try verify(request, memory)
        guard request.headers["x-tc-action"] == "SendSms", request.headers["x-tc-version"] == "2021-01-11"
        else {
            throw Refusal("InvalidAction", "The action or version is not valid.")
        }
        guard request.headers["x-tc-region"]?.isEmpty == false else {
            throw Refusal("MissingParameter", "X-TC-Region")
        }
        guard let message = request.json else { throw Refusal("InvalidParameter", "no JSON object") }
        guard message["SmsSdkAppId"]?.string == memory.credentials[.smsTencent, "appId"] else {
            throw Refusal("UnauthorizedOperation.SdkAppIdIsDisabled", "SmsSdkAppId")
        }
        return try letter(message)
    }

    private func letter(_ message: Value) throws(Refusal) -> Letter {
        let numbers = (message["PhoneNumberSet"]?.array ?? []).compactMap(\.string)
        guard !numbers.isEmpty, numbers.count <= 200, numbers.allSatisfy(TencentAPI.isMobile) else {
            throw Refusal("InvalidParameterValue.IncorrectPhoneNumber", "PhoneNumberSet")
        }
        guard let sign = message["SignName"]?.string, !sign.isEmpty,
            let template = message["TemplateId"]?.string, !template.isEmpty
        else { throw Refusal("MissingParameter", "SignName or TemplateId") }
        let list = message["TemplateParamSet"]?.array ?? []
        let variables = list.compactMap(\.string)
        guard variables.count == list.count else {
            throw Refusal("InvalidParameterValue.TemplateParameterFormatError", "TemplateParamSet")
        }
        let context = message["SessionContext"]?.string
        guard (context ?? "").utf8.count <= 512 else {
            throw Refusal("InvalidParameterValue.ContentLengthLimit", "SessionContext")
        }
        return Letter(
            recipients: numbers,
            text: variables.joined(separator: "\n"),
            key: context,
            account: "\(sign)/\(template)"
        )
    }

    /// `+8613…` or the eleven digits alone.
    private static func isMobile(_ number: String) -> Bool {
        let plain = number.hasPrefix("+86") ? number.dropFirst(3) : number[...]
        return plain.count == 11 && plain.first == "1" && plain.utf8.allSatisfy { (48...57).contains($0) }
    }

    // MARK: Signature

    private func verify(_ request: DoubleRequest, _ memory: DoubleMemory) throws(Refusal) {
        let failure = Refusal(
            "AuthFailure.SignatureFailure",
            "The provided credentials could not be validated."
        )
        guard let seconds = Int64(request.headers["x-tc-timestamp"] ?? "") else { throw failure }
        let stamp = Instant(seconds: seconds)
        try memory.requireFresh(
            stamp,
            within: Self.skew,
            Refusal("AuthFailure.SignatureExpire", "The signature has expired.")
        )
        let id = memory.credentials[.smsTencent, "secretId"]
        let date = String(stamp.rfc3339.prefix(10))
        let signed = ["content-type", "host", "x-tc-action"]
        let signature = TencentAPI.signature(
            request,
            signed: signed,
            service: "sms",
            secret: memory.credentials[.smsTencent, "secretKey"]
        )
        let expected =
            "TC3-HMAC-SHA256 Credential=\(id)/\(date)/sms/tc3_request, "
            + "SignedHeaders=\(signed.joined(separator: ";")), Signature=\(signature ?? "")"
        guard signature != nil,
            request.headers["authorization"]?.filter({ $0 != " " }) == expected.filter({ $0 != " " })
        else { throw failure }
    }

    /// The signature that `request` should have over these headers; nil if it lacks one of them.
    static func signature(
        _ request: DoubleRequest,
        signed: [String],
        service: String,
        secret: String
    ) -> String? {
        var headers = ""
        for name in signed {
            guard let value = request.headers[name] else { return nil }
            headers += "\(name):\(name == "x-tc-action" ? value.lowercased() : value)\n"
        }
        guard let timestamp = request.headers["x-tc-timestamp"], let seconds = Int64(timestamp) else {
            return nil
        }
        let canonical = [
            "POST", "/", "", headers, signed.joined(separator: ";"), Digest.hash(request.body),
        ].joined(separator: "\n")
        let date = String(Instant(seconds: seconds).rfc3339.prefix(10))
        let text =
            "TC3-HMAC-SHA256\n\(timestamp)\n\(date)/\(service)/tc3_request\n\(Digest.hash(canonical.utf8))"
        var key = Digest.hmac(date.utf8, key: "TC3\(secret)".utf8)
        for word in [service, "tc3_request"] { key = Digest.hmac(word.utf8, key: key) }
        return Digest.hex(Digest.hmac(text.utf8, key: key))
    }

    // MARK: Limits and answers

    func limits(_ letter: Letter) -> [Limit] {
        letter.recipients.map { number in
            Limit(
                name: "sms-tencent/\(letter.account)/\(number)",
                count: 50,
                span: .days(1),
                excess: .refuse(
                    code: "LimitExceeded.PhoneNumberDailyLimit",
                    message: "the number of SMS messages sent to the number exceeds the daily limit"
                )
            )
        }
    }

    func acceptance(_ letter: Letter, number: Int) -> Answer {
        status(letter, code: "Ok", message: "send success", serial: "double-\(number)")
    }

    private func status(_ letter: Letter, code: String, message: String, serial: String) -> Answer {
        let list = letter.recipients.map { number in
            Value.members(
                ("SerialNo", .string(serial)),
                ("PhoneNumber", .string(number)),
                ("Fee", code == "Ok" ? 1 : 0),
                ("SessionContext", .string(letter.key ?? "")),
                ("Code", .string(code)),
                ("Message", .string(message)),
                ("IsoCode", "CN")
            )
        }
        return Answer(["Response": .members(("SendStatusSet", .array(list)), ("RequestId", "double"))])
    }

    /// What concerns a number stands beside the number, what concerns the request above it.
    func refusal(_ refusal: Refusal, of letter: Letter?) -> Answer {
        let isNumbers = refusal.code.hasPrefix("LimitExceeded.") || refusal.code.hasPrefix("FailedOperation.")
        if isNumbers, let letter {
            var answer = status(letter, code: refusal.code, message: refusal.message, serial: "")
            answer.status = refusal.status ?? 200
            return answer
        }
        let error = Value.members(("Code", .string(refusal.code)), ("Message", .string(refusal.message)))
        return Answer(
            status: refusal.status ?? 200,
            ["Response": .members(("Error", error), ("RequestId", "double"))]
        )
    }
}
