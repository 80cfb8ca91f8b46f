import Duty
import Foundation
import Testing

@testable import Delivery

/// Figures in texts are those of the policy: the files hold none of their own.
@Suite struct LimitTextTests {
    private static let chinese = MessageRenderer(directory: templates("zh-CN"))
    private static let english = MessageRenderer(directory: templates("en"))

    private func text(_ renderer: MessageRenderer, _ code: String, _ values: Value) -> String {
        let named = values.setting(path: "enterpriseName", to: "某某")
        return renderer.render(sample(code: code, values: named), names: { $0.text }).text
    }

    @Test(arguments: [
        ("30m", "半小时", "half an hour"), ("45m", "45分钟", "45 minutes"), ("1m", "1分钟", "1 minute"),
        ("2h", "2小时", "2 hours"), ("24h", "24小时", "24 hours"), ("1h", "1小时", "1 hour"),
        ("3wd", "3个工作日", "3 working days"), ("1wd", "1个工作日", "1 working day"), ("10d", "10天", "10 days"),
        ("0d", "当日", "the day"), ("2oh", "工作时间2小时", "2 office hours"), ("7x", "7x", "7x"),
    ])
    func aLimitIsSaidAsPeopleSayIt(_ word: String, _ chinese: String, _ english: String) {
        #expect(Self.chinese.phrases.limit(word: word) == chinese)
        #expect(Self.english.phrases.limit(word: word) == english)
    }

    @Test(arguments: [("30m", "48h"), ("2oh", "3wd")]) func theLimitsOfThePolicyStandInTheTexts(
        _ response: String,
        _ solution: String
    ) {
        let promise: Value = ["responseWithin": .string(response), "solutionWithin": .string(solution)]
        for renderer in [Self.chinese, Self.english] {
            let (first, second) = (
                renderer.phrases.limit(word: response), renderer.phrases.limit(word: solution)
            )
            let assigned = text(renderer, "N02", promise)
            #expect(assigned.contains(first) && assigned.contains(second), "\(assigned)")
            for (code, limit) in [("N13", response), ("N22", solution), ("N92", response)] {
                let told = text(renderer, code, ["within": .string(limit)])
                #expect(told.contains(renderer.phrases.limit(word: limit)), "\(told)")
            }
        }
        #expect(text(Self.chinese, "N02", [:]) == "【服务指派】您已成为某某的点对点服务人员。")
    }

    /// A warning says what is left when it is told, whatever the ladder's step is called.
    @Test(arguments: ["N11", "N12", "N21"]) func aWarningSaysWhatIsLeft(_ code: String) {
        for (seconds, chinese, english) in [
            (900, "【剩15分钟】", "[15 min left]"), (899, "【剩15分钟】", "[15 min left]"),
            (3_600, "【剩1小时】", "[1 h left]"),
            (20, "【即将到期】", "[Due now]"),
        ] as [(Int64, String, String)] {
            let values: Value = ["remainingSeconds": .integer(seconds)]
            #expect(text(Self.chinese, code, values).hasPrefix(chinese))
            #expect(text(Self.english, code, values).hasPrefix(english))
        }
    }

    @Test func whoAskedAndWhoseCaseItIsAreNamed() {
        let values: Value = ["number": "PJ-3", "department": "D-1", "ruleTitle": "一次性告知"]
        #expect(text(Self.chinese, "N44", values) == "【禁止事项】某某(PJ-3)D-1涉嫌违反“一次性告知”(第22条),请核实处理。")
        #expect(text(Self.english, "N44", values).contains("PJ-3: D-1 may breach article 22"))
        #expect(
            text(Self.chinese, "N44", values.setting(path: "department", to: .null)).contains("(PJ-3)涉嫌违反")
        )
        for code in ["N30", "N31", "N32"] {
            #expect(text(Self.chinese, code, values).contains("承办D-1"))
            #expect(text(Self.english, code, values).contains("D-1"))
        }
        #expect(text(Self.chinese, "N32", [:]).contains("承办部门未登记"))
    }

    /// Days, hours, percentages, amounts and articles of the shipped policy would be untrue in another county's.
    @Test(arguments: ["zh-CN", "en"]) func noTextHoldsAFigureOfItsOwn(_ locale: String) throws {
        let folder = templates(locale)
        let files = try FileManager.default.contentsOfDirectory(atPath: folder).filter {
            $0.hasSuffix(".mustache")
        }
        #expect(files.count > 60)
        let figure = /[0-9]|半小时|[一二三四五六七八九十]个?(?:小时|天|日|环节|工作日)|half an hour|one step/
        for file in files {
            let source = try String(contentsOfFile: folder + "/" + file, encoding: .utf8)
            #expect(source.firstMatch(of: figure) == nil, "\(file): \(source)")
        }
    }
}
