import Duty
import Testing

@testable import ProviderDouble

/// The double itself: what it takes, what it finds wrong, which limits it keeps, and how it misbehaves.
@Suite struct ProviderDoubleTests {
    // MARK: What is right and what is wrong

    @Test func everyProviderAcceptsWhatIsRight() async throws {
        let sender = Sender()
        #expect(await sender.send(sender.wecomRobot())?["errcode"] == 0)
        let token = await sender.token()
        #expect(await sender.send(sender.wecomApp("正文", token: token))?["errcode"] == 0)
        #expect(await sender.send(sender.dingtalk())?["errcode"] == 0)
        #expect(await sender.send(sender.feishu())?["code"] == 0)
        #expect(await sender.send(sender.sms())?["Code"] == "OK")
        #expect(await sender.send(sender.call())?["Code"] == "OK")
        let status = await sender.send(sender.tencent())?.at(path: "Response.SendStatusSet")?.array?.first
        #expect(status?["Code"] == "Ok")
        for provider in Provider.allCases {
            #expect(await sender.count(provider, "invalid") == 0, "\(provider)")
        }
    }

    @Test func aWrongSecretIsRefused() async {
        let sender = Sender()
        #expect(await sender.send(sender.wecomRobot(key: "other"))?["errcode"] == 93_000)
        #expect(await sender.send(sender.wecomApp("正文", token: "other"))?["errcode"] == 40_014)
        #expect(await sender.send(sender.dingtalk(secret: "other"))?["errcode"] == 310_000)
        #expect(await sender.send(sender.feishu(secret: "other"))?["code"] == 19_021)
        #expect(await sender.send(sender.sms(secret: "other"))?["Code"] == "SignatureDoesNotMatch")
        let answer = await sender.send(sender.tencent(key: "other"))
        #expect(answer?.at(path: "Response.Error.Code") == "AuthFailure.SignatureFailure")
        #expect(await sender.count(.smsAliyun, "invalid") == 1)
    }

    @Test func aSignatureGrowsOld() async {
        let sender = Sender()
        let (ding, sms) = (sender.dingtalk(), sender.sms())
        sender.pass(.minutes(61))
        #expect(await sender.send(ding)?["errmsg"] == "invalid timestamp")
        #expect(await sender.send(sms)?["Code"] == "InvalidTimeStamp.Expired")
        #expect(await sender.send(sender.feishu(age: .minutes(61)))?["code"] == 19_021)
        let answer = await sender.send(sender.tencent(age: .minutes(6)))
        #expect(answer?.at(path: "Response.Error.Code") == "AuthFailure.SignatureExpire")
    }

    @Test func aSignedRequestCountsOnce() async {
        let sender = Sender()
        let request = sender.sms()
        #expect(await sender.send(request)?["Code"] == "OK")
        #expect(await sender.send(request)?["Code"] == "SignatureNonceUsed")
    }

    @Test(arguments: [
        (String(repeating: "字", count: 683), 40_058), (#"\u4f60\u597d"#, 40_033), ("", 44_004),
    ])
    func wecomChecksTheText(_ text: String, _ code: Int) async {
        let sender = Sender()
        #expect(await sender.send(sender.wecomRobot(text))?["errcode"] == .integer(Int64(code)))
    }

    @Test(arguments: [
        ("12", "CP-1", "isv.MOBILE_NUMBER_ILLEGAL"),
        ("13800138000", String(repeating: "x", count: 36), "isv.PARAM_LENGTH_LIMIT"),
        ("13800138000", "https%3A%2F%2Fx", "isv.BLACK_KEY_CONTROL_LIMIT"),
    ])
    func aliyunChecksTheVariables(_ number: String, _ value: String, _ code: String) async {
        let sender = Sender()
        #expect(await sender.send(sender.sms(number: number, value: value))?["Code"] == .string(code))
    }

    @Test func aTokenEnds() async {
        let sender = Sender()
        let token = await sender.token()
        sender.pass(.seconds(7_200))
        #expect(await sender.send(sender.wecomApp("正文", token: token))?["errcode"] == 42_001)
        #expect(await sender.send(sender.wecomApp("正文", token: await sender.token()))?["errcode"] == 0)
        #expect(await sender.count(.wecomApp, "tokens") == 2)
    }

    // MARK: Limits

    @Test func aWecomRobotTakesTwentyAMinute() async {
        let sender = Sender()
        for _ in 0..<20 { #expect(await sender.send(sender.wecomRobot())?["errcode"] == 0) }
        #expect(await sender.send(sender.wecomRobot())?["errcode"] == 45_009)
        sender.pass(.seconds(59))
        #expect(await sender.send(sender.wecomRobot())?["errcode"] == 45_009)
        sender.pass(.seconds(2))
        #expect(await sender.send(sender.wecomRobot())?["errcode"] == 0)
        #expect(await sender.count(.wecomRobot, "overLimit") == 2)
    }

    @Test func aDingtalkRobotIsShutForTenMinutes() async {
        let sender = Sender()
        for _ in 0..<20 { _ = await sender.send(sender.dingtalk()) }
        #expect(await sender.send(sender.dingtalk())?["errcode"] == 130_101)
        sender.pass(.minutes(9))
        #expect(await sender.send(sender.dingtalk())?["errcode"] == 130_101)
        sender.pass(.minutes(2))
        #expect(await sender.send(sender.dingtalk())?["errcode"] == 0)
    }

    @Test func aFeishuBotTakesFiveASecond() async {
        let sender = Sender()
        for _ in 0..<5 { #expect(await sender.send(sender.feishu())?["code"] == 0) }
        #expect(await sender.send(sender.feishu())?["code"] == 11_232)
        sender.pass(.seconds(1))
        #expect(await sender.send(sender.feishu())?["code"] == 0)
    }

    @Test func aMemberOfWecomMissesWhatIsTooMuch() async {
        let sender = Sender()
        let token = await sender.token()
        for number in 0..<31 {
            let answer = await sender.send(sender.wecomApp("正文 \(number)", token: token))
            #expect(answer?["errcode"] == 0)
        }
        #expect(await sender.count(.wecomApp, "accepted") == 30)
        #expect(await sender.count(.wecomApp, "dropped") == 1)
    }

    @Test func aNumberTakesFiftyMessagesAndFiveCalls() async {
        let sender = Sender()
        for _ in 0..<50 { #expect(await sender.send(sender.sms())?["Code"] == "OK") }
        #expect(await sender.send(sender.sms())?["Code"] == "isv.BUSINESS_LIMIT_CONTROL")
        #expect(await sender.send(sender.sms(number: "13900139000"))?["Code"] == "OK")
        #expect(await sender.send(sender.call())?["Code"] == "OK")
        #expect(await sender.send(sender.call())?["Code"] == "isv.BUSINESS_LIMIT_CONTROL")
        for _ in 0..<4 {
            sender.pass(.minutes(1))
            #expect(await sender.send(sender.call())?["Code"] == "OK")
        }
        sender.pass(.minutes(1))
        #expect(await sender.send(sender.call())?["Code"] == "isv.BUSINESS_LIMIT_CONTROL")
    }

    @Test func theClockOfTheLimitsCanRunFaster() async throws {
        let sender = Sender()
        try await sender.script(#"{"scale": 10}"#)
        for _ in 0..<20 { _ = await sender.send(sender.wecomRobot()) }
        sender.pass(.seconds(6))
        #expect(await sender.send(sender.wecomRobot())?["errcode"] == 0)
    }

    // MARK: The script

    @Test func aRefusalIsScriptedOnceAndSaysNothingOfTheSender() async throws {
        let sender = Sender()
        try await sender.script(
            #"{"rules": [{"provider": "wecom-robot", "behaviour": "refuse", "code": -1, "times": 1}]}"#
        )
        #expect(await sender.send(sender.wecomRobot())?["errcode"] == -1)
        #expect(await sender.send(sender.wecomRobot())?["errcode"] == 0)
        #expect(await sender.count(.wecomRobot, "invalid") == 0)
        let refused = await sender.double.counters.at(path: "wecom-robot.refused")
        #expect(refused == ["-1": 1])
    }

    @Test func tencentPutsTheNumbersCodeBesideTheNumber() async throws {
        let sender = Sender()
        let code = "FailedOperation.PhoneNumberInBlacklist"
        try await sender.script(#"{"rules": [{"behaviour": "refuse", "code": "\#(code)"}]}"#)
        let answer = await sender.send(sender.tencent())
        #expect(answer?.at(path: "Response.SendStatusSet")?.array?.first?["Code"] == .string(code))
        try await sender.script(
            #"{"rules": [{"behaviour": "refuse", "code": "InternalError.Timeout"}], "replace": true}"#
        )
        let second = await sender.send(sender.tencent())
        #expect(second?.at(path: "Response.Error.Code") == "InternalError.Timeout")
    }

    @Test func whatDiesHasArrivedAndComesAgainAsADuplicate() async throws {
        let sender = Sender()
        try await sender.script(#"{"rules": [{"behaviour": "die", "times": 1, "delayMilliseconds": 5}]}"#)
        #expect(await sender.send(sender.tencent()) == nil)
        #expect(await sender.count(.smsTencent, "died") == 1)
        #expect(await sender.send(sender.tencent()) != nil)
        #expect(await sender.count(.smsTencent, "duplicates") == 1)
    }

    @Test func wecomFindsARepetitionByItself() async {
        let sender = Sender()
        let token = await sender.token()
        for _ in 0..<2 { #expect(await sender.send(sender.wecomApp("一样", token: token))?["errcode"] == 0) }
        #expect(await sender.count(.wecomApp, "accepted") == 1)
        #expect(await sender.count(.wecomApp, "suppressed") == 1)
    }

    @Test func someRecipientsAreUnknown() async throws {
        let sender = Sender()
        try await sender.script(
            #"{"rules": [{"path": "/message/send", "behaviour": "partial", "unreachable": ["lisi"]}]}"#
        )
        let token = await sender.token()
        let answer = await sender.send(sender.wecomApp("正文", token: token, to: "zhangsan|lisi"))
        #expect(answer?["errcode"] == 0)
        #expect(answer?["invaliduser"] == "lisi")
        #expect(await sender.send(sender.wecomApp("正文", token: token, to: "lisi"))?["errcode"] == 81_013)
    }

    @Test func aRuleHoldsForAText() async throws {
        let sender = Sender()
        try await sender.script(#"{"rules": [{"contains": "CP-7", "behaviour": "throttle"}]}"#)
        #expect(await sender.send(sender.dingtalk("单号 CP-7"))?["errcode"] == 130_101)
        #expect(await sender.send(sender.dingtalk("单号 CP-8"))?["errcode"] == 0)
    }

    @Test(arguments: [
        #"{"rules": [{"behaviour": "dance"}]}"#, #"{"rules": [{"provider": "pigeon"}]}"#,
        #"{"rules": [{"behaviour": "refuse"}]}"#, #"{"rules": [{"colour": 1}]}"#, #"{"mood": 1}"#,
        #"{"credentials": {"wecom-robot": {"colour": "red"}}}"#, "[]",
    ])
    func aWrongScriptIsRefused(_ script: String) async {
        let sender = Sender()
        await #expect(throws: DoubleProblem.self) { try await sender.script(script) }
    }

    @Test func whatCameCanBeRead() async {
        let sender = Sender()
        _ = await sender.send(sender.wecomRobot("单号 CP-1"))
        _ = await sender.send(sender.tencent())
        let all = await sender.double.received(after: 0, provider: nil).array ?? []
        #expect(all.count == 2)
        #expect(all.first?["text"] == "单号 CP-1")
        #expect(await sender.double.received(after: 1, provider: .wecomRobot) == [])
        #expect(all.last?["key"] == "k")
        #expect(all.last?["recipients"] == ["+8613800138000"])
    }
}
