import Duty
import Foundation
import Testing

@testable import Delivery

@Suite struct MessageRendererTests {
    private let chinese = MessageRenderer(directory: templates("zh-CN"))
    private let english = MessageRenderer(directory: templates("en"))

    private func text(
        _ renderer: MessageRenderer,
        _ code: String,
        _ values: Value,
        names: @escaping (PersonRef) -> String = { $0.text }
    ) -> String {
        renderer.render(sample(code: code, values: values), names: names).text
    }

    @Test(arguments: ["zh-CN", "en"]) func shippedTemplatesAreSound(locale: String) {
        let problems = MessageRenderer(directory: templates(locale)).validate()
        #expect(problems.filter { !$0.isWarning } == [])
    }

    struct Case: Sendable {
        let code: String
        let values: Value
        let chinese: String
        let english: String
    }

    static let cases = [
        Case(
            code: "N10",
            values: ["enterpriseName": "某某精密", "number": "CP-7", "matterWord": "临时用电"],
            chinese: "【新诉求】某某精密:临时用电。请于11月23日14:35前联系企业并登记回应。单号CP-7",
            english:
                "[New complaint] 某某精密: 临时用电. Contact them and record your response by Nov 23 14:35. No. CP-7"
        ),
        Case(
            code: "N13",
            values: [
                "enterpriseName": "A&B <C>", "number": "CP-7", "overdueSeconds": 1_745, "within": "30m",
            ],
            chinese: "【已超时】A&B <C>诉求CP-7,半小时未回应,已超29分钟,请联点领导督办。",
            english:
                "[Overdue] Complaint CP-7 of A&B <C> had no response within half an hour and is 29 min late. Please step in."
        ),
        Case(
            code: "N13",
            values: [
                "enterpriseName": "某某", "number": "CP-7", "lateIngest": true, "ingestDelaySeconds": 7_500,
                "within": "2oh",
            ],
            chinese: "【已超时】某某诉求CP-7,工作时间2小时未回应,请联点领导督办。(诉求晚2小时5分钟录入系统)",
            english:
                "[Overdue] Complaint CP-7 of 某某 had no response within 2 office hours. Please step in. (It was entered 2 h 5 min late.)"
        ),
        Case(
            code: "N15",
            values: [
                "enterpriseName": "某某", "number": "CP-7", "metAt": "2026-11-23T07:05:00Z",
                "lateBySeconds": 1_800,
                "solutionDueAt": "2027-01-02T14:05:00+08:00",
            ],
            chinese: "【已回应】某某诉求CP-7已于11月23日15:05回应,迟30分钟。方案截止2027年1月2日14:05。",
            english:
                "[Responded] Complaint CP-7 of 某某 was answered on Nov 23 15:05, 30 min late. Solution due Jan 2, 2027 14:05."
        ),
        Case(
            code: "N25",
            values: ["enterpriseName": "某某", "number": "CP-7", "reason": "withdrawn"],
            chinese: "【更正】某某诉求CP-7原超时提醒作废,原因:已撤回或取消。",
            english:
                "[Correction] The earlier overdue notice for complaint CP-7 of 某某 is withdrawn: it was withdrawn or cancelled."
        ),
        Case(
            code: "N25",
            values: ["enterpriseName": "某某", "number": "CP-7", "reason": "voided", "reminder": true],
            chinese: "【更正】某某诉求CP-7此前的提醒作废,原因:记录已作废。",
            english:
                "[Correction] The earlier notice for complaint CP-7 of 某某 is withdrawn: the record was voided."
        ),
        Case(
            code: "N99",
            values: ["number": "AS-1", "year": 2026, "count": 3],
            chinese: "【名次并列】2026年度测评AS-1在末位界线上有3个名次并列,系统不作取舍,请对照测评结果人工认定。",
            english:
                "[Shared rank] The assessment for 2026 (AS-1) has 3 results that share the rank at the cut. The system does not choose; please decide by the results."
        ),
        Case(
            code: "N73",
            values: [
                "number": "FN-7", "oldFineFen": 2_000_001, "fineFen": 1_200_000, "oldShareFen": 500_001,
                "shareFen": 300_000, "differenceFen": -200_001,
            ],
            chinese: "【分担调整】FN-7罚款由20,000.01元变更为12,000.00元,您的承担额由5,000.01元调整为3,000.00元(差额-2,000.01元)。",
            english:
                "[Share adjusted] Fine FN-7 changed from CNY 20,000.01 to 12,000.00, your share from CNY 5,000.01 to 3,000.00 (difference -2,000.01)."
        ),
        Case(
            code: "N73",
            values: ["number": "FN-7", "oldShareFen": 500_001, "shareFen": 0, "differenceFen": -500_001],
            chinese: "【分担调整】FN-7责任认定、任职或罚款登记有变,您的承担额由5,000.01元调整为0.00元(差额-5,000.01元)。",
            english:
                "[Share adjusted] The finding, the roster or the record of fine FN-7 changed, your share from CNY 5,000.01 to 0.00 (difference -5,000.01)."
        ),
        Case(
            code: "N74",
            values: ["number": "FN-7", "heldFen": 500_001, "heldRole": "park.leader"],
            chinese: "【分担未落人】FN-7有5,000.01元因联点领导无人未分配,请指定。",
            english:
                "[Share not assigned] CNY 5,000.01 of FN-7 could not be assigned: nobody holds the role linked park leader. Please name someone."
        ),
        Case(
            code: "N27",
            values: [
                "enterpriseName": "某某", "number": "FN-7", "oldDueAt": "2027-01-11T17:30:00+08:00",
                "dueAt": "2027-01-12T17:30:00+08:00", "reason": "calendar", "calendarProvisional": true,
            ],
            chinese: "【时限更正】某某FN-7到期时间由2027年1月11日17:30改为2027年1月12日17:30(暂定)(节假日安排已公布或调整),请据此办理。",
            english:
                "[Due time corrected] FN-7 of 某某 is now due on Jan 12, 2027 17:30 (provisional) instead of Jan 11, 2027 17:30 (the holiday calendar was published or changed)."
        ),
        Case(
            code: "N91",
            values: ["channel": "park-robot", "count": 3, "fallback": "sms"],
            chinese: "【系统】park-robot发送失败3条,已改用sms。",
            english: "[System] 3 messages failed on park-robot; sms is used instead."
        ),
    ]

    @Test(arguments: cases) func texts(_ row: Case) {
        #expect(text(chinese, row.code, row.values) == row.chinese)
        #expect(text(english, row.code, row.values) == row.english)
    }

    @Test func titlesAreNeverEmpty() {
        for code in MessageCatalogue.codes where code != Digest.code {
            #expect(chinese.render(sample(code: code), names: { $0.text }).title.count > 1)
        }
    }

    @Test func peopleAreNamed() {
        let names: (PersonRef) -> String = { ["P-1": "张三", "P-2": "李四"][$0.text] ?? "" }
        let values: Value = ["enterpriseName": "某某", "ownerRefs": ["P-1", "P-2"], "overdueSeconds": 3_600]
        let text = text(chinese, "N14", values, names: names)
        #expect(text == "【升级】某某诉求CP-2026-000123超时1小时未回应,责任人张三、李四。")
    }

    @Test func missingValuesAreReported() {
        #expect(chinese.missingValues(sample(code: "N72")) == ["share"])
        #expect(chinese.missingValues(sample(code: "N72", values: ["shareFen": 1])) == [])
        #expect(chinese.missingValues(sample(code: "N26", dueAt: nil)) == ["due"])
    }

    @Test func unknownCodeIsNotSilent() {
        let message = chinese.render(sample(code: "N00"), names: { $0.text })
        #expect(message.title == "N00")
        #expect(message.text == "N00 CP-2026-000123")
    }

    @Test(arguments: [
        (59, nil), (60, "1分钟"), (3_600, "1小时"), (86_399, "23小时59分钟"), (187_200, "2天4小时"), (-120, "2分钟"),
    ])
    func durations(seconds: Int, text: String?) throws {
        let bytes = try Data(contentsOf: URL(filePath: templates("zh-CN") + "/phrases.json"))
        let phrases = Phrases(try JSONReader.decode([UInt8](bytes)))
        #expect(phrases.duration(Int64(seconds)) == text)
        #expect(phrases.duration(.min) != nil)
    }

    @Test func problemsAreAllFound() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "templates-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let files = [
            "N01": "title\n{{#lateIngest}}never closed", "N02": "title\nfirst\n{{unheardOf}} {{>partial}}",
            "N10": "title\n\n", "N11": "title\n" + String(repeating: "长", count: 71),
            "N12": "{{! note }}\ntext",
            "X1": "title\ntext",
        ]
        for (name, text) in files {
            try Data(text.utf8).write(to: folder.appending(path: "\(name).mustache"))
        }
        try Data("{\n\"date\": }".utf8).write(to: folder.appending(path: "phrases.json"))
        let renderer = MessageRenderer(directory: folder.path(percentEncoded: false))
        let found = renderer.validate().filter { $0.message != "missing template" }.map { problem in
            "\(problem.file.split(separator: "/").last ?? ""):\(problem.line) \(problem.message)"
        }
        #expect(
            found == [
                "N01.mustache:2 parse error: expectedSectionEnd",
                "N02.mustache:3 this kind of tag is not used here",
                "N02.mustache:3 unknown placeholder unheardOf", "N10.mustache:2 empty text",
                "N11.mustache:2 up to 71 characters, a text message of one part has 70",
                "N12.mustache:1 empty title",
                "X1.mustache:1 unknown message code", "phrases.json:2 unexpected character",
            ]
        )
        #expect(
            renderer.validate().count { $0.message == "missing template" } == MessageCatalogue.codes.count - 5
        )
    }
}
