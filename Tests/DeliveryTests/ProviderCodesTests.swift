import Duty
import DutyConfig
import Foundation
import Testing

@testable import Delivery

/// What each code of each provider comes to, written down apart from the tables in the sources.
@Suite struct ProviderCodesTests {
    private static let ok = "sent", next = "failed", shut = "failed, open", again = "retry",
        doubt = "uncertain"
    private static let minute = "retry after 60 s, pause 60 s", tenMinutes = "retry after 600 s, pause 600 s"

    private static let aliyun = [
        "OK": ok, "isp.SYSTEM_ERROR": doubt, "InternalError": doubt, "ServiceUnavailable": again,
        "Throttling.User": again, "Throttling": again, "isv.BUSINESS_LIMIT_CONTROL": next,
        "isv.OUT_OF_SERVICE": shut, "isv.ACCOUNT_ABNORMAL": shut, "isv.ACCOUNT_NOT_EXISTS": shut,
        "isv.AMOUNT_NOT_ENOUGH": shut, "isv.MOBILE_NUMBER_ILLEGAL": next,
        "isv.TEMPLATE_MISSING_PARAMETERS": next, "isv.INVALID_JSON_PARAM": next,
        "isv.INVALID_PARAMETERS": next, "isv.PARAM_LENGTH_LIMIT": next, "isp.RAM_PERMISSION_DENY": shut,
        "SignatureDoesNotMatch": shut, "InvalidAccessKeyId.NotFound": shut, "InvalidTimeStamp.Expired": shut,
        "isv.SOMETHING_NEW": next,
    ]

    private static let expected: [String: [String: String]] = [
        "wecom-robot": [
            "0": ok, "-1": again, "45009": minute, "45033": again, "93000": shut, "40001": shut,
            "40008": next, "40033": next, "40035": next, "40058": next, "44004": next, "45002": next,
            "99999": next,
        ],
        "wecom-app": [
            "0": ok, "42001": again, "40014": again, "41001": again, "-1": again, "45009": minute,
            "45033": minute, "60020": shut, "48002": shut, "50003": shut, "40013": shut, "40001": shut,
            "40056": shut, "81013": next, "60111": next, "40003": next, "unlicensed": next,
        ],
        "dingtalk-robot": [
            "0": ok, "-1": again, "130101": tenMinutes, "410100": tenMinutes, "310000": shut,
            "400013": shut, "400101": shut, "400102": shut, "400106": shut, "400105": next, "40035": next,
            "43004": next, "430101": next, "430102": next, "430103": next, "430104": next,
        ],
        "feishu-robot": [
            "0": ok, "11232": again, "2200": again, "99991400": again, "9499": next, "19001": shut,
            "19002": next, "19021": shut, "19022": shut, "19024": next,
        ],
        "sms-aliyun": aliyun.merging([
            "isv.DAY_LIMIT_CONTROL": shut, "isv.MONTH_LIMIT_CONTROL": shut, "isv.SMS_TEMPLATE_ILLEGAL": next,
            "isv.SMS_SIGNATURE_ILLEGAL": next, "isv.SIGN_STATE_ILLEGAL": next,
            "isv.SMS_CONTENT_ILLEGAL": next, "isv.BLACK_KEY_CONTROL_LIMIT": next,
        ]) { $1 },
        "voice-aliyun": aliyun.merging(["isv.TTS_TEMPLATE_ILLEGAL": next]) { $1 },
        "sms-tencent": [
            "Ok": ok, "InternalError.Timeout": doubt, "InternalError.SendAndRecvFail": doubt,
            "InternalError.OtherError": again, "RequestLimitExceeded.IPLimitExceeded": again,
            "LimitExceeded.PhoneNumberThirtySecondLimit": next, "LimitExceeded.PhoneNumberDailyLimit": next,
            "AuthFailure.SignatureFailure": shut, "UnauthorizedOperation.SmsSdkAppIdVerifyFail": shut,
            "FailedOperation.SignatureIncorrectOrUnapproved": next,
            "FailedOperation.TemplateIncorrectOrUnapproved": next,
            "FailedOperation.PhoneNumberInBlacklist": next, "FailedOperation.ContainSensitiveWord": next,
            "FailedOperation.InsufficientBalanceInSmsPackage": shut,
            "InvalidParameterValue.IncorrectPhoneNumber": next,
        ],
    ]

    private static let tables = [
        "wecom-robot": WecomRobotChannel.codes, "wecom-app": WecomAppChannel.codes,
        "dingtalk-robot": DingtalkRobotChannel.codes, "feishu-robot": FeishuRobotChannel.codes,
        "sms-aliyun": SMSAliyunChannel.codes, "sms-tencent": SMSTencentChannel.codes,
        "voice-aliyun": VoiceAliyunChannel.codes,
    ]

    private static func words(_ outcome: SendOutcome, _ policy: ChannelPolicy) -> String {
        var words = outcome.word
        if case .retry(_, _, let after?) = outcome { words += " after \(after.seconds) s" }
        if case .open(let pause) = policy.verdict(outcome) {
            words += pause.map { ", pause \($0.seconds) s" } ?? ", open"
        }
        return words
    }

    @Test(arguments: ProviderFixture.all.map(\.type.schema.word))
    func everyRowOfTheTable(word: String) async throws {
        let fixture = try #require(ProviderFixture.all.first { $0.type.schema.word == word })
        let policy = fixture.type.policy(fixture.type.schema.limits)
        let expected = try #require(Self.expected[word])
        for (code, said) in expected {
            let (outcome, _) = try await fixture.send { _ in fixture.answer(code) }
            #expect(Self.words(outcome, policy) == said, "\(word) \(code)")
            let shown = "\(outcome)"
            #expect(!ProviderFixture.secrets.contains { shown.contains($0) }, "\(word) \(code)")
        }
    }

    @Test func everyRowHasItsTest() throws {
        for (word, table) in Self.tables {
            let tested = Set((Self.expected[word] ?? [:]).keys.compactMap { table.row($0)?.code })
            #expect(Set(table.rows.map(\.code)) == tested, "\(word)")
            #expect(Set(table.rows.map(\.code)).count == table.rows.count, "\(word) has a code twice")
        }
    }

    @Test(arguments: ProviderFixture.all.map(\.type.schema.word))
    func whatIsNoAnswerOfTheProvider(word: String) async throws {
        let fixture = try #require(ProviderFixture.all.first { $0.type.schema.word == word })
        let cases: [(Reaction, String)] = [
            (.answer(200, body: "<html>hush-key</html>"), "uncertain"), (.answer(200, body: ""), "uncertain"),
            (.answer(500, body: "oops"), "uncertain"), (.answer(502, body: "{}"), "uncertain"),
            (.answer(503, body: ""), "retry"), (.answer(429, body: ""), "retry"),
            (.answer(404, body: ""), "failed"), (.answer(302, body: ""), "failed"), (.close, "uncertain"),
        ]
        for (reaction, said) in cases {
            let (outcome, _) = try await fixture.send { _ in reaction }
            #expect(outcome.word == said, "\(word) \(reaction)")
            #expect(!"\(outcome)".contains("hush"))
        }
        let silent = try await fixture.send(timeout: .seconds(3)) { _ in .silence }
        #expect(silent.outcome.word == "uncertain")
        let port = try Receiver.refusedPort()
        let refused = try await fixture.withChannel(at: "http://127.0.0.1:\(port)") {
            await $0.send(ProviderFixture.message(), timeout: .seconds(10))
        }
        #expect(refused.word == "retry" && !"\(refused)".contains("hush"))
    }

    @Test func aCodeCountsWhateverTheStatus() async throws {
        let sms = ProviderFixture.smsAliyun
        let wrong = try await sms.send { _ in sms.answer("SignatureDoesNotMatch", status: 400) }
        #expect(wrong.outcome == .failed(code: "SignatureDoesNotMatch", reason: "the key is wrong"))
        let busy = try await sms.send { _ in sms.answer("Throttling.User", status: 503) }
        #expect(busy.outcome.word == "retry")
    }

    @Test func feishuNamesItsTimeInAHeader() async throws {
        let (outcome, _) = try await ProviderFixture.feishu.send { _ in
            .answer(400, headers: ["x-ogw-ratelimit-reset": "37"], body: #"{"code":99991400,"msg":"x"}"#)
        }
        #expect(
            outcome
                == .retry(
                    code: "99991400",
                    reason: "more requests than the provider takes",
                    after: .seconds(37)
                )
        )
    }

    @Test func dingtalksPunishmentIsReadAsItWasSeen() async throws {
        let (outcome, _) = try await ProviderFixture.dingtalk.send { _ in
            .answer(
                200,
                body: #"{"status":1111,"wait":5,"source":"x5","punish":"deny","uuid":"u","errcode":130101,"#
                    + #""errmsg":"send too fast, exceed 20 times per minute"}"#
            )
        }
        #expect(outcome.word == "retry")
        #expect(DingtalkRobotChannel.type.pauses["130101"] == .minutes(10))
    }

    @Test func tencentsErrorOfTheWholeRequest() async throws {
        let (outcome, _) = try await ProviderFixture.smsTencent.send { _ in
            .answer(
                200,
                body: #"{"Response":{"Error":{"Code":"AuthFailure.SecretIdNotFound","Message":"x"}}}"#
            )
        }
        #expect(
            outcome
                == .failed(code: "AuthFailure.SecretIdNotFound", reason: "the key or its signature is wrong")
        )
    }

    @Test func aCodeFromOutsideIsNoTextForLogs() {
        let codes = ProviderCodes([])
        #expect(
            codes.outcome("x y\n138")
                == .failed(
                    code: "unknown",
                    reason: "refused with a code that is not in the table"
                )
        )
        #expect(codes.outcome(String(repeating: "a", count: 65)).word == "failed")
    }
}
