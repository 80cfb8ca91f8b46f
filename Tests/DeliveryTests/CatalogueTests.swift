import Duty
import Foundation
import Testing

@testable import Delivery

/// Every message of the catalogue, in both languages, with everything that it can show and with next to nothing.
@Suite struct CatalogueTests {
    static let locales = ["zh-CN", "en"]
    private let renderers = Dictionary(
        uniqueKeysWithValues: locales.map { ($0, MessageRenderer(directory: templates($0))) }
    )

    private func render(
        _ locale: String,
        _ notification: Duty.Notification
    ) throws -> (title: String, text: String) {
        try #require(renderers[locale]).render(notification) { ["D-SCJG": "市监局"][$0.text] ?? $0.text }
    }

    /// What is sent of a matter that nobody may know more of than its number and its time.
    private func restricted(_ code: String, dueAt: Instant? = noon) -> Duty.Notification {
        sample(
            code: code,
            values: [
                "number": "CP-7", "cycle": 1, "reason": "voided", "shareFen": 100, "oldShareFen": 200,
                "differenceFen": -100, "heldFen": 100, "heldRole": "park.leader",
            ],
            enterprise: .nobody,
            dueAt: dueAt
        )
    }

    @Test(arguments: locales, MessageCatalogue.codes)
    func everyMessageIsWhole(locale: String, code: String) throws {
        // A digest is made of several that may be told together, and none of them is restricted.
        let rare = code == Digest.code ? [] : [restricted(code), restricted(code, dueAt: nil)]
        for notification in [MessageCatalogue.longest(code)] + rare {
            let (title, text) = try render(locale, notification)
            for words in [title, text] {
                #expect(words.count > 1 && !words.contains("{{") && !words.contains("}}"), "\(words)")
                for empty in ["()", "()", "“”", "[]", "【】"] where words.contains(empty) {
                    Issue.record("\(words): \(empty)")
                }
            }
            #expect(title.count <= 26, "\(title)")
        }
        #expect(try !render(locale, MessageCatalogue.longest(code)).title.hasSuffix("…"))
    }

    @Test func aTitleThatIsTooLongIsCut() throws {
        let long = sample(code: "N13", values: ["enterpriseName": "湖南省衡阳市西渡高新技术产业园区某某精密机械制造"])
        let title = try render("zh-CN", long).title
        #expect(title.count == 26 && title.hasSuffix("…"))
    }

    @Test(arguments: locales, MessageCatalogue.codes.filter { $0 != "N91" })
    func nothingIsMissingBetweenPunctuation(locale: String, code: String) throws {
        let rare = code == Digest.code ? [] : [restricted(code)]
        for notification in [MessageCatalogue.longest(code)] + rare {
            let (title, text) = try render(locale, notification)
            for words in [title, text] {
                for pair in [
                    ",,", ",。", "。。", ":。", ":,", "】,", "于前", "在前", "  ", " .", " ,", " :", "..",
                    ",.", ":.", "( ",
                ] where words.contains(pair) {
                    Issue.record("\(words): \(pair)")
                }
            }
        }
    }

    /// The clue of a discipline office: a number and a time, whatever else is known.
    @Test func aClueShowsItsNumberAndItsTimeAlone() throws {
        let values = (MessageCatalogue.longest("N89").values.members ?? []).filter {
            !["number", "dueAt"].contains($0.name)
        }
        let full = sample(code: "N89", values: .object(values))
        let chinese = try render("zh-CN", full)
        #expect(chinese.title == "督办 CP-2026-000123")
        #expect(chinese.text == "【督办】编号CP-2026-000123,反馈截止11月23日14:35。(非文件原文)")
        let english = try render("en", full)
        #expect(english.title == "Reminder CP-2026-000123")
        #expect(
            english.text
                == "[Reminder] No. CP-2026-000123, feedback due Nov 23 14:35. (not from the document)"
        )
        let filed = try render("zh-CN", sample(code: "N89", values: .object(values), dueAt: nil))
        #expect(filed.text == "【督办】编号CP-2026-000123。(非文件原文)")
    }

    /// Somebody's result of an assessment is for them to look up.
    @Test func anAssessmentShowsItsYearAlone() throws {
        let full = MessageCatalogue.longest("N88")
        #expect(try render("zh-CN", full) == ("测评结果", "【测评结果】2026年度测评结果已发布,请登录系统查看。"))
        #expect(
            try render("en", full).text
                == "[Assessment] The result for 2026 is out. Please log in to see yours."
        )
    }

    @Test(arguments: locales, MessageCatalogue.codes)
    func sharesStandInTheMessagesToThoseWhoBearThemAlone(locale: String, code: String) throws {
        let own: Value = ["shareFen": 7_777_700, "oldShareFen": 8_888_800, "differenceFen": -1_111_100]
        let members = (MessageCatalogue.longest(code).values.members ?? []).filter { own[$0.name] == nil }
        let text = try render(locale, sample(code: code, values: .object(members + (own.members ?? [])))).text
        let shows = ["77,777.00", "88,888.00", "11,111.00"].contains { text.contains($0) }
        #expect(shows == ["N72", "N73"].contains(code), "\(text)")
    }

    @Test(arguments: MessageCatalogue.codes) func whatNamesAmountsNeverGoesToAGroup(code: String) throws {
        let text = try render("en", MessageCatalogue.longest(code)).text
        #expect(!text.contains("CNY") || MessageCatalogue.neverInGroup.contains(code), "\(text)")
    }

    /// The stages of the shipped ladders whose messages name the stage.
    private func stages() throws -> Set<String> {
        let path = URL(filePath: templates("en")).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "policy/hengyang-2023-4.yaml")
        let policy = try String(contentsOf: path, encoding: .utf8)
        let speaking = try MessageCatalogue.codes.filter { code in
            let file = templates("zh-CN") + "/\(code).mustache"
            return try String(contentsOfFile: file, encoding: .utf8).contains("{{stageWord}}")
        }
        let steps = policy.matches(of: /stage: (\w+),\s+at: [^\n]+?code: (N\d\d)/)
        return Set(steps.filter { speaking.contains(String($0.2)) }.map { String($0.1) })
    }

    @Test(arguments: locales) func everyStageThatIsNamedHasAWord(locale: String) throws {
        let bytes = try Data(contentsOf: URL(filePath: templates(locale) + "/phrases.json"))
        let phrases = Phrases(try JSONReader.decode([UInt8](bytes)))
        let stages = try stages()
        #expect(stages.count >= 10)
        for stage in stages { #expect(phrases.word("stages", stage) != nil, "\(stage)") }
    }

    @Test func bothLanguagesHaveTheSamePhrases() throws {
        func names(_ value: Value, _ path: String = "") -> Set<String> {
            guard let members = value.members else { return [path] }
            return Set(members.flatMap { names($0.value, path + "." + $0.name) })
        }
        let all = try Self.locales.map { locale in
            let bytes = try Data(contentsOf: URL(filePath: templates(locale) + "/phrases.json"))
            return names(try JSONReader.decode([UInt8](bytes)))
        }
        #expect(all[0].symmetricDifference(all[1]) == [".months"])
    }
}
