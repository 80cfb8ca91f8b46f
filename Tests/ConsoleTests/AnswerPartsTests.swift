import Duty
import Testing

@testable import Console

@Suite struct AnswerPartsTests {
    @Test func aFormIsRead() throws {
        let form = try #require(FormBody("a=1+2&b=%E4%BE%9B%E7%94%B5&c&a=3&=x".utf8))
        #expect(form["a"] == "1 2" && form["b"] == "供电" && form["c"] == "" && form["d"] == nil)
    }

    @Test(arguments: ["a=%", "a=%4", "a=%zz", "a=%FF"]) func whatIsNoFormIsNotRead(_ text: String) {
        #expect(FormBody(text.utf8) == nil)
    }

    @Test func aLineHoldsNothingInvisible() throws {
        let form = try #require(FormBody("a=%20%E2%80%AEx%0D%0Ay%00%09z+&b=+%0A&c=12345".utf8))
        #expect(form.line("a", atMost: 64) == "x y z")
        #expect(form.line("b", atMost: 64) == nil && form.line("c", atMost: 4) == nil)
    }

    @Test func theGateCountsEachNameForAMinute() {
        let gate = RateGate(limit: 2, mostNames: 3)
        #expect(gate.admits("a", at: Sample.noon) && gate.admits("a", at: Sample.noon))
        #expect(!gate.admits("a", at: Sample.noon + .seconds(59)) && gate.admits("b", at: Sample.noon))
        #expect(gate.admits("a", at: Sample.noon + .seconds(60)))
        for name in ["c", "d", "e", "f"] { #expect(gate.admits(name, at: Sample.noon)) }
    }

    private static let wishes: [(parameter: Substring?, accept: String?, AnswerWords.Language)] = [
        ("en", "zh-CN,zh;q=0.9", .english), (nil, "zh-CN,zh;q=0.9", .chinese),
        (nil, "en-GB,en;q=0.8", .english), (nil, "fr, en;q=0.5", .english), (nil, "fr", .chinese),
        ("xx", "en", .english), (nil, nil, .chinese),
    ]

    @Test func theLanguageIsChosen() {
        for (parameter, accept, language) in Self.wishes {
            let chosen = AnswerWords.Language(
                parameter: parameter,
                accept: accept,
                installation: .chinese
            )
            #expect(chosen == language, "\(parameter ?? "-") \(accept ?? "-")")
        }
    }

    @Test func timesReadAsPeopleSayThem() {
        let chinese = AnswerWords(language: .chinese)
        let english = AnswerWords(language: .english)
        #expect(chinese.date(Sample.noon, now: Sample.noon) == "11月23日 14:35")
        #expect(english.date(Sample.noon, now: Sample.noon + .days(60)) == "23 Nov 2026 14:35")
        #expect(chinese.duration(.minutes(65)) == "1小时5分钟" && english.duration(.minutes(65)) == "1 h 5 min")
        #expect(chinese.duration(.seconds(-30)) == "不到1分钟" && chinese.duration(.hours(-49)) == "2天1小时")
        #expect(english.duration(.minutes(1_441)) == "1 d")
    }

    @Test func theSameAnswerIsAlwaysTheSameEvent() {
        let keys = AnswerAction.allCases.map { $0.key("A22.response|complaint/CP-1|1|open|P-1") }
        #expect(Set(keys).count == 3)
        #expect(keys == AnswerAction.allCases.map { $0.key("A22.response|complaint/CP-1|1|open|P-1") })
        #expect(AnswerAction.respond.key("x") != AnswerAction.respond.key("y"))
        #expect(keys.allSatisfy { $0.id.count == 32 && !$0.id.contains(where: \.isNumber) })
    }

    @Test func everyAnswerIsAnEventOfTheCatalogue() throws {
        let contents: [Answer.Content] = [
            .acknowledgement, .response(mode: "phone"),
            .plan(reference: "DOC-551", unit: "供电公司", date: CivilDate("2026-11-30")),
            .plan(reference: "DOC-551", unit: "供电公司", date: nil),
        ]
        for content in contents {
            let answer = Answer(
                notification: Sample.notification(),
                content: content,
                at: Sample.noon,
                via: "web",
                enterprise: "E-000451"
            )
            let fact = try EventValidation.fact(answer.event, receivedAt: Sample.noon)
            #expect(fact.kind == answer.action.kind && fact.matter == Sample.matter)
            #expect(fact.key == answer.action.key(answer.notification.key) && fact.at == Sample.noon)
            #expect(answer.event.attributes["partitionkey"] == "E-000451")
        }
    }
}
