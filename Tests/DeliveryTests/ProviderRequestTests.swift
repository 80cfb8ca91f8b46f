import Duty
import DutyConfig
import Foundation
import Synchronization
import Testing

@testable import Delivery

/// What the providers get to see, field by field.
@Suite struct ProviderRequestTests {
    private let group = sample(
        messageClass: .group,
        person: "@group",
        values: ["ownerRefs": ["P-1", "P-2", "P-3"]]
    )

    private func request(
        _ fixture: ProviderFixture,
        _ message: OutgoingMessage,
        code: String
    ) async throws
        -> Received
    {
        let (outcome, requests) = try await fixture.send(message) { _ in fixture.answer(code) }
        #expect(outcome.word == "sent")
        return try #require(requests.last)
    }

    @Test func wecomRobotPointsAtTheOwners() async throws {
        var fixture = ProviderFixture.wecomRobot
        fixture.addresses = ["P-1": "lisi", "P-2": "13800000000"]
        let request = try await request(fixture, ProviderFixture.message(group, address: nil), code: "0")
        #expect(request.line == "POST /cgi-bin/webhook/send?key=hush-key HTTP/1.1")
        #expect(
            request.json == [
                "msgtype": "text",
                "text": [
                    "content": "【已超时】衡阳某某精密诉求CP-1半小时未回应。", "mentioned_list": ["lisi"],
                    "mentioned_mobile_list": ["13800000000"],
                ],
            ]
        )
        let text = String(decoding: request.body, as: UTF8.self)
        #expect(!text.contains("\\u") && !text.contains("\\/") && text.contains("已超时"))
    }

    @Test func aRobotNeverCarriesTheLinkOfAPerson() async throws {
        for fixture in [ProviderFixture.wecomRobot, .dingtalk, .feishu] {
            let message = ProviderFixture.message(link: "https://duty.example.org/a/hush-token")
            let request = try await request(fixture, message, code: "0")
            #expect(!String(decoding: request.body, as: UTF8.self).contains("/a/"))
        }
    }

    @Test func wecomTextsEndAtTheirLimit() async throws {
        let message = ProviderFixture.message(text: String(repeating: "诉", count: 3_000))
        let request = try await request(.wecomRobot, message, code: "0")
        let content = try #require(request.json?.at(path: "text.content")?.string)
        #expect((2_045...2_048).contains(content.utf8.count) && content.hasSuffix("诉…"))
    }

    @Test func aNamePutsNoMarkIntoTextsOfWecom() async throws {
        let message = ProviderFixture.message(text: #"衡阳<a href="http://evil.example">点此</a>厂<@all>"#)
        let plain = #"衡阳〈a href="http://evil.example"〉点此〈/a〉厂〈@all〉"#
        let robot = try await request(.wecomRobot, message, code: "0")
        #expect(robot.json?.at(path: "text.content") == .string(plain))
        let app = try await request(.wecomApp, message, code: "0")
        #expect(app.json?.at(path: "text.content") == .string(plain))
    }

    @Test func whatNobodyCanSeeLeavesAsASpace() {
        #expect(PlainText.printable("衡阳\u{07}精密\u{1B}[31m\u{0B}厂\n第二行") == "衡阳 精密 [31m 厂\n第二行")
        #expect(PlainText.printable("供电不足😀") == "供电不足😀")
    }

    @Test func dingtalkSignsTheTimeAndNamesWhomItCalls() async throws {
        var fixture = ProviderFixture.dingtalk
        fixture.addresses = ["P-1": "13800000000", "P-2": "u2"]
        let request = try await request(fixture, ProviderFixture.message(group, address: nil), code: "0")
        #expect(request.path == "/robot/send")
        let key = Array("hush-secret".utf8)
        let sign = PlainHMAC.authenticate(Array("1795415700000\nhush-secret".utf8), key: key)
        #expect(
            request.query == [
                "access_token": "hush-token", "timestamp": "1795415700000",
                "sign": Data(sign).base64EncodedString(),
            ]
        )
        #expect(
            request.json == [
                "msgtype": "text",
                "text": ["content": "【已超时】衡阳某某精密诉求CP-1半小时未回应。\n@13800000000 @u2"],
                "at": ["atMobiles": ["13800000000"], "atUserIds": ["u2"], "isAtAll": false],
            ]
        )
    }

    @Test func feishuSignsInTheBodyAndLetsNobodyCallAll() async throws {
        var fixture = ProviderFixture.feishu
        fixture.addresses = ["P-1": "ou_1", "P-2": "13800000000"]
        let text = #"诉求<at user_id="all">x</at>"#
        let message = ProviderFixture.message(group, text: text, address: nil)
        let request = try await request(fixture, message, code: "0")
        #expect(request.path == "/open-apis/bot/v2/hook/hush-key")
        let sign = PlainHMAC.authenticate([], key: Array("1795415700\nhush-secret".utf8))
        #expect(
            request.json == [
                "timestamp": "1795415700", "sign": .string(Data(sign).base64EncodedString()),
                "msg_type": "text",
                "content": [
                    "text": #"<at user_id="ou_1">刘青禾</at> 诉求〈at user_id="all"〉x〈/at〉"#
                ],
            ]
        )
        let long = ProviderFixture.message(text: String(repeating: "<诉\"", count: 9_000))
        #expect(try await self.request(fixture, long, code: "0").body.count < 20_000)
    }

    @Test func wecomAppSendsTextOrACardWithTheLink() async throws {
        let plain = try await request(.wecomApp, ProviderFixture.message(), code: "0")
        #expect(plain.path == "/cgi-bin/message/send" && plain.query == ["access_token": "hush-token"])
        #expect(
            plain.json == [
                "touser": "zhangsan", "msgtype": "text", "agentid": 1_000_002,
                "text": ["content": "【已超时】衡阳某某精密诉求CP-1半小时未回应。"],
                "enable_duplicate_check": 1, "duplicate_check_interval": 300,
            ]
        )
        let link = "https://duty.example.org/a/t1"
        let card = try await request(.wecomApp, ProviderFixture.message(link: link), code: "0")
        #expect(card.json?["msgtype"] == "textcard")
        #expect(
            card.json?["textcard"] == [
                "title": "已超时 衡阳某某精密", "description": "【已超时】衡阳某某精密诉求CP-1半小时未回应。",
                "url": .string(link), "btntxt": "查看",
            ]
        )
        // What a card has no room for is not cut: it goes as a text that ends with the link.
        for (count, whole) in [(171, true), (600, true), (700, false)] {
            let text = String(repeating: "诉", count: count)
            let long = try await request(
                .wecomApp,
                ProviderFixture.message(text: text, link: link),
                code: "0"
            )
            let content = try #require(long.json?.at(path: "text.content")?.string)
            #expect(content.hasSuffix("\n" + link) && content.utf8.count <= 2_048)
            #expect(content.hasPrefix(text) == whole)
        }
    }

    @Test(arguments: [
        ("", "", "sent(reference: Optional(\"m1\"))"), ("zhangsan", "", "81013"),
        ("", "ZhangSan|lisi", "unlicensed"),
        ("zhangsan", "lisi", "81013"), ("lisi", "", "1 of 2 members not reached"),
    ])
    func partialSuccessOfTheApp(_ invalid: String, _ unlicensed: String, _ said: String) async throws {
        let members = said.contains("of 2") || unlicensed.contains("lisi") ? "zhangsan|lisi" : "zhangsan"
        let (outcome, requests) = try await ProviderFixture.wecomApp.send(
            ProviderFixture.message(address: members)
        ) { _ in
            .answer(
                200,
                body:
                    #"{"errcode":0,"invaliduser":"\#(invalid)","unlicenseduser":"\#(unlicensed)","msgid":"m1"}"#
            )
        }
        #expect("\(outcome)".contains(said), "\(outcome)")
        #expect(requests.count == 2)
    }

    @Test func aliyunIsSignedOverWhatIsSent() async throws {
        let request = try await request(
            .smsAliyun,
            ProviderFixture.message(address: "13800000000"),
            code: "OK"
        )
        #expect(request.line.hasPrefix("POST /?") && request.body.isEmpty)
        #expect(
            request.query == [
                "PhoneNumbers": "13800000000", "SignName": "西渡高新区", "TemplateCode": "SMS_13",
                "TemplateParam":
                    #"{"enterpriseName":"衡阳某某精密","number":"CP-2026-000123","due":"11月23日14:35"}"#,
                "OutId": AliyunAPI.outID("k1"),
            ]
        )
        let headers = request.headers
        #expect(headers["x-acs-action"] == "SendSms" && headers["x-acs-version"] == "2017-05-25")
        #expect(headers["x-acs-date"] == "2026-11-23T06:35:00Z")
        #expect(headers["x-acs-signature-nonce"]?.count == 32)
        let signed = [
            "host", "x-acs-action", "x-acs-content-sha256", "x-acs-date", "x-acs-signature-nonce",
            "x-acs-version",
        ]
        let target = request.line.split(separator: " ")[1].dropFirst(2)
        let canonical =
            "POST\n/\n" + target.split(separator: "&").sorted().joined(separator: "&") + "\n"
            + signed.map { "\($0):\(headers[$0] ?? "")\n" }.joined() + "\n"
            + signed.joined(separator: ";") + "\n" + (headers["x-acs-content-sha256"] ?? "")
        let text = "ACS3-HMAC-SHA256\n" + Hashing.sha256(canonical.utf8)
        let signature = PlainHMAC.authenticate(Array(text.utf8), key: Array("hush-secret".utf8))
        #expect(headers["authorization"]?.hasSuffix("Signature=" + Hashing.hex(signature)) == true)
    }

    @Test func tencentIsSignedOverWhatIsSent() async throws {
        let request = try await request(
            .smsTencent,
            ProviderFixture.message(address: "13800000000"),
            code: "Ok"
        )
        #expect(
            request.json == [
                "PhoneNumberSet": ["+8613800000000"], "SmsSdkAppId": "1400000001", "SignName": "西渡高新区",
                "TemplateId": "SMS_13",
                "TemplateParamSet": ["衡阳某某精密", "CP-2026-000123", "11月23日14:35"],
                "SessionContext": "k1",
            ]
        )
        let headers = request.headers
        #expect(headers["x-tc-action"] == "SendSms" && headers["x-tc-version"] == "2021-01-11")
        #expect(headers["x-tc-region"] == "ap-guangzhou" && headers["x-tc-timestamp"] == "1795415700")
        let canonical =
            "POST\n/\n\ncontent-type:\(headers["content-type"] ?? "")\nhost:\(headers["host"] ?? "")\n"
            + "x-tc-action:sendsms\n\ncontent-type;host;x-tc-action\n" + Hashing.sha256(request.body)
        let text =
            "TC3-HMAC-SHA256\n1795415700\n2026-11-23/sms/tc3_request\n" + Hashing.sha256(canonical.utf8)
        var key = Array("TC3hush-secret".utf8)
        for part in ["2026-11-23", "sms", "tc3_request"] {
            key = PlainHMAC.authenticate(Array(part.utf8), key: key)
        }
        let signature = PlainHMAC.authenticate(Array(text.utf8), key: key)
        #expect(headers["authorization"]?.hasSuffix("Signature=" + Hashing.hex(signature)) == true)
    }

    @Test func aCallKeepsToItsLimits() async throws {
        var fixture = ProviderFixture.voice
        let names = [
            "enterpriseName", "number", "due", "owner", "department", "reason", "overdue", "matterWord",
        ]
        fixture.values["templates"] = .templates([
            "N13": ChannelConfiguration.Template("TTS_1", variables: names)
        ])
        let long = String(repeating: "长", count: 60)
        let fields = Dictionary(names.map { ($0, long) }) { $1 }
        let message = ProviderFixture.message(address: "13800000000", fields: fields)
        let request = try await request(fixture, message, code: "OK")
        #expect(request.headers["x-acs-action"] == "SingleCallByTts")
        let query = request.query
        #expect(query["CalledNumber"] == "13800000000" && query["CalledShowNumber"] == "07340000000")
        #expect(query["TtsCode"] == "TTS_1" && query["PlayTimes"] == "2")
        #expect((1...15).contains(query["OutId"]?.utf8.count ?? 0))
        let values = try JSONReader.decode(query["TtsParam"] ?? "").members?.compactMap(\.value.string) ?? []
        #expect(values.count == 8 && values.reduce(0) { $0 + $1.count } < 250)
    }

    @Test func variablesAreShortAndHoldNoLink() async throws {
        let message = ProviderFixture.message(
            sample(code: "N10"),
            address: "13800000000",
            fields: ["number": "https://x.example/a/t", "matterWord": String(repeating: "电", count: 40)]
        )
        let request = try await request(.smsAliyun, message, code: "OK")
        let values = try JSONReader.decode(request.query["TemplateParam"] ?? "")
        #expect(values == ["number": "-", "matterWord": .string(String(repeating: "电", count: 34) + "…")])
        #expect(!request.line.contains("0af7651916cd43dd8448eb211c80319c"))
    }

    @Test func withoutATemplateOrAnAddressNothingLeaves() async throws {
        for fixture in [ProviderFixture.smsAliyun, .smsTencent, .voice] {
            let unknown = try await fixture.send(ProviderFixture.message(sample(code: "N99"))) { _ in .close }
            #expect(unknown.outcome == .failed(code: "template", reason: "no template for this message"))
            let nowhere = try await fixture.send(ProviderFixture.message(address: nil)) { _ in .close }
            #expect(nowhere.outcome.word == "failed" && unknown.requests.isEmpty && nowhere.requests.isEmpty)
        }
    }
}

/// The access token of the WeCom app.
@Suite struct WecomTokenTests {
    @Test func fiftyAtOnceFetchOneToken() async throws {
        let receiver = try Receiver { _, request in
            if request.line.contains("gettoken") { usleep(200_000) }
            return request.line.contains("gettoken")
                ? ProviderFixture.token : ProviderFixture.wecomApp.answer("0")
        }
        defer { receiver.stop() }
        let outcomes = try await ProviderFixture.wecomApp.withChannel(
            at: "http://127.0.0.1:\(receiver.port)"
        ) { channel in
            await withTaskGroup(of: SendOutcome.self) { group in
                for _ in 0..<50 {
                    group.addTask { await channel.send(ProviderFixture.message(), timeout: .seconds(20)) }
                }
                return await group.reduce(into: [SendOutcome]()) { $0.append($1) }
            }
        }
        #expect(outcomes.count == 50 && outcomes.allSatisfy { $0.word == "sent" })
        #expect(receiver.requests.count { $0.line.contains("gettoken") } == 1)
        #expect(receiver.requests.first?.query == ["corpid": "ww1", "corpsecret": "hush-secret"])
    }

    @Test(arguments: ["42001", "40014", "41001"])
    func anOldTokenIsRenewedAndTheMessageRepeatedOnce(code: String) async throws {
        let fixture = ProviderFixture.wecomApp
        let posts = Mutex(0)
        let (outcome, requests) = try await fixture.send { _ in
            let number = posts.withLock { posts in
                posts += 1
                return posts
            }
            return fixture.answer(number == 1 ? code : "0")
        }
        #expect(outcome.word == "sent")
        #expect(requests.map(\.path).map { $0.hasSuffix("gettoken") } == [true, false, true, false])
    }

    @Test func aTokenThatNeverHelpsIsNotAskedForWithoutEnd() async throws {
        let fixture = ProviderFixture.wecomApp
        let (outcome, requests) = try await fixture.send { _ in fixture.answer("40014") }
        #expect(outcome.word == "retry" && requests.count == 4)
    }

    @Test(arguments: [
        (#"{"errcode":40001,"errmsg":"hush-secret"}"#, "failed"), (#"{"errcode":-1}"#, "retry"),
        (#"{"errcode":0}"#, "retry"), ("oops", "retry"),
    ])
    func withoutATokenNothingOfTheMessageLeaves(_ body: String, _ word: String) async throws {
        let receiver = try Receiver { _, _ in .answer(200, body: body) }
        defer { receiver.stop() }
        let outcome = try await ProviderFixture.wecomApp.withChannel(
            at: "http://127.0.0.1:\(receiver.port)"
        ) { await $0.send(ProviderFixture.message(), timeout: .seconds(10)) }
        #expect(outcome.word == word && !"\(outcome)".contains("hush"))
        #expect(receiver.requests.count == 1)
    }

    @Test func aTokenIsRenewedBeforeItEnds() async throws {
        let receiver = try Receiver { _, _ in ProviderFixture.token }
        defer { receiver.stop() }
        let http = OutboundHTTP()
        let clock = ManualClock()
        let tokens = WecomTokens(
            url: "http://127.0.0.1:\(receiver.port)/cgi-bin/gettoken",
            corpID: "ww1",
            secret: "s",
            tools: ChannelTools(http: http, now: { clock.now() })
        )
        for (span, fetches) in [(0, 1), (6_899, 1), (2, 2)] {
            clock.advance(.seconds(Int64(span)))
            #expect(await tokens.current(timeout: .seconds(5)) == .success("hush-token"))
            #expect(receiver.requests.count == fetches)
        }
        await http.shutdown()
    }
}
