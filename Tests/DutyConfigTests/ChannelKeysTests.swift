import Duty
import Testing

@testable import DutyConfig

/// The keys of every type of channel, and what is said of mistakes in them.
@Suite struct ChannelKeysTests {
    /// A good entry of each type, with every key.
    private static let good = [
        "console": "",
        "webhook": #"url: "http://127.0.0.1:9/h", secret: {env: S}, endpoint: "http://127.0.0.1:8""#,
        "wecom-robot": #"key: {env: S}, endpoint: "http://127.0.0.1:8""#,
        "wecom-app": "corpId: ww1, agentId: 1000002, secret: {env: S}",
        "dingtalk-robot": "accessToken: {env: S}, secret: {env: S}",
        "feishu-robot": "hookId: {env: S}, secret: {env: S}",
        "sms-aliyun": "accessKeyId: a, accessKeySecret: {env: S}, signName: 西渡高新区, templates: {N13: SMS_1}",
        "sms-tencent": "secretId: a, secretKey: {env: S}, appId: \"1400\", region: ap-nanjing, signName: 园区, "
            + "templates: {N13: {id: \"7\", variables: [number, overdue]}}",
        "voice-aliyun":
            "accessKeyId: a, accessKeySecret: {env: S}, calledShowNumber: \"0734\", playTimes: 3, "
            + "templates: {N14: TTS_1}",
    ]

    private func load(
        _ entry: String,
        _ environment: [String: String] = ["S": "hush"]
    ) -> Loaded<DutyclockConfiguration> {
        let folder = TestFolder()
        folder.alter("dutyclock.yaml", "screen: { type: console }", "screen: { \(entry) }")
        return folder.load(environment)
    }

    @Test(arguments: good.keys.sorted()) func everyKeyIsRead(word: String) throws {
        let loaded = load("type: \(word)" + (Self.good[word] == "" ? "" : ", \(Self.good[word] ?? "")"))
        #expect(loaded.problems == [])
        let channel = try #require(loaded.value?.channels.first)
        let schema = try #require(TestFiles.channelTypes.first { $0.word == word })
        #expect(channel.type == word && channel.needsAddress == schema.needsAddress)
        #expect(channel.limits == schema.limits)
        #expect(Set(channel.values.keys) == Set(schema.keys.map(\.name)))
        #expect(!"\(channel)".contains("hush"))
    }

    @Test(arguments: good.keys.sorted()) func aRequiredKeyThatIsMissingIsSaid(word: String) throws {
        let schema = try #require(TestFiles.channelTypes.first { $0.word == word })
        let said = load("type: \(word)").problems.map(\.message)
        let needed = schema.keys.filter(\.isRequired).map { "channels.screen: \"\($0.name)\" is missing" }
        #expect(Set(said) == Set(needed))
    }

    @Test(arguments: [
        (
            "type: wecom-robot, kye: {env: S}",
            [
                "channels.screen: \"key\" is missing",
                "channels.screen.kye: unknown key; did you mean \"key\"?",
            ]
        ),
        (
            "type: wecom-robot, key: abc",
            [
                "channels.screen.key: a secret must not stand in the file; write {file: PATH}, {env: NAME} or {credential: NAME}"
            ]
        ),
        (
            "type: wecom-app, corpId: w, agentId: x1, secret: {env: S}",
            ["channels.screen.agentId: must be a whole number from 1 to 9223372036854775807, is \"x1\""]
        ),
        ("type: console, endpoint: \"http://127.0.0.1\"", ["channels.screen.endpoint: unknown key"]),
        (
            "type: wecom-robot, key: {env: S}, endpoint: here",
            ["channels.screen.endpoint: must be an address that starts with http:// or https://"]
        ),
        (
            "type: webhook, url: \"http://x/\", secret: {env: BROKEN}",
            ["channels.screen.secret: is no base64 after whsec_"]
        ),
        (
            "type: sms-aliyun, accessKeyId: a, accessKeySecret: {env: S}, signName: s, templates: {N13: {id: x, variables: [numbre]}}",
            ["channels.screen.templates.N13.variables[0]: "]
        ),
        (
            "type: voice-aliyun, accessKeyId: a, accessKeySecret: {env: S}, playTimes: 4, templates: {}",
            ["channels.screen.playTimes: must be a whole number from 1 to 3, is \"4\""]
        ),
        (
            "type: console, budget: { channel: [90/1m, 4] }",
            ["channels.screen.budget.channel[1]: must be a count and a time such as 18/1m, is \"4\""]
        ),
    ])
    func aMistakeIsSaidWithItsPlace(_ entry: String, _ said: [String]) {
        let problems = load(entry, ["S": "hush", "BROKEN": "whsec_%%"]).problems
        #expect(problems.count == said.count, "\(problems)")
        for (problem, start) in zip(problems.map(\.message).sorted(), said.sorted()) {
            #expect(problem.hasPrefix(start), "\(problem)")
        }
        #expect(!problems.contains { $0.description.contains("hush") })
    }

    @Test func severalRatesHoldAtOnce() throws {
        let loaded = load("type: console, budget: { channel: [90/1m, 4/1s], person: 20/1h }")
        let limits = try #require(loaded.value?.channels.first?.limits)
        #expect(limits.budget == [.init(90, per: .minutes(1)), .init(4, per: .seconds(1))])
        #expect(limits.personBudget == [.init(20, per: .hours(1))])
    }

    @Test func aMessageThatNoChannelHasATemplateForIsAnErrorOnlyIfItHasNoOtherWay() {
        let folder = TestFolder()
        let sms = "sms: { type: sms-aliyun, \(Self.good["sms-aliyun"] ?? "") }"
        folder.alter("dutyclock.yaml", "screen: { type: console }", "screen: { type: console }\n  \(sms)")
        #expect(folder.problems(["S": "hush"]) == [])
        folder.alter("dutyclock.yaml", "personal: [screen]", "personal: [sms]")
        let problems = folder.problems(["S": "hush"]).filter { $0.contains("templates") }
        #expect(
            problems.contains {
                $0.hasPrefix("dutyclock.yaml:10: channels.sms.templates: N10 is missing, and no")
            }
        )
        #expect(problems.contains { $0.contains("templates: N15 is missing") })
        #expect(!problems.contains { $0.contains("templates: N13 ") })
    }
}
