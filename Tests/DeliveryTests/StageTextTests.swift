import Duty
import Testing

@testable import Delivery

/// What one message says at the stages of its ladder, and of matters without an enterprise or a number.
@Suite struct StageTextTests {
    private let chinese = MessageRenderer(directory: templates("zh-CN"))
    private let english = MessageRenderer(directory: templates("en"))

    struct Row: Sendable {
        let code: String
        var stage = "breach"
        var matter: MatterID = "service/SV-7"
        var dueAt: Instant? = noon
        var requestedAt = noon
        let values: Value
        let chinese: String
        let english: String
    }

    /// The end of 2026, as the first moment of 2027.
    private static let yearEnd = CivilDate("2026-12-31").map(\.next.start)

    static let rows = [
        Row(
            code: "N40",
            stage: "open",
            requestedAt: noon - .hours(300),
            values: ["enterpriseName": "某某", "number": "SV-7", "ruleTitle": "高压用电", "workingDays": 12],
            chinese: "【新办件】某某高压用电(SV-7)限12个工作日,请于11月23日14:35前办结。",
            english: "[New] 某某 SV-7: 高压用电. Please finish by Nov 23 14:35 (12 working days)."
        ),
        Row(
            code: "N40",
            stage: "lastDay~2",
            requestedAt: noon - .hours(5),
            values: ["enterpriseName": "某某", "number": "SV-7", "ruleTitle": "用气报装"],
            chinese: "【今日到期】某某用气报装(SV-7),请于11月23日14:35前办结。",
            english: "[Due today] 某某 SV-7: 用气报装. Please finish by Nov 23 14:35."
        ),
        Row(
            code: "N40",
            values: ["enterpriseName": "某某", "number": "SV-7", "ruleTitle": "用水报装", "workingDays": 4],
            chinese: "【已逾期】某某用水报装(SV-7)应于11月23日14:35前办结,请抓紧办结。",
            english: "[Overdue] 某某 SV-7: 用水报装. It was due Nov 23 14:35. Please get it done."
        ),
        Row(
            code: "N40",
            stage: "ownStage.v1",
            requestedAt: noon + .hours(50),
            values: [
                "enterpriseName": "某某", "number": "SV-7", "ruleTitle": "用水报装", "overdueSeconds": 180_000,
            ],
            chinese: "【已逾期】某某用水报装(SV-7)应于11月23日14:35前办结,已逾期2天2小时,请抓紧办结。",
            english:
                "[Overdue] 某某 SV-7: 用水报装. It was due Nov 23 14:35 and is 2 d 2 h late. Please get it done."
        ),
        Row(
            code: "N52",
            stage: "open.review.v1",
            matter: "visit/VS-7",
            dueAt: nil,
            values: [
                "enterpriseName": "某某", "number": "VS-7", "doubt": "aboveScale,inNormalProduction",
            ],
            chinese: "【待核实】某某入企检查(VS-7):是否规上不明、是否正常生产不明,系统无法判断宁静日是否适用,请人工核实。",
            english:
                "[Please decide] Visit VS-7 to 某某: above scale or not is unknown, normal production or not is unknown. The system cannot tell whether quiet days apply."
        ),
        Row(
            code: "N56",
            matter: "gathering/A21.merge.E-000451",
            dueAt: nil,
            values: [
                "enterpriseName": "某某", "number": "A21.merge.E-000451", "count": 2,
                "departments": ["D-SCJG", "D-YJGL"],
            ],
            chinese: "【综合查一次】有2个部门近期计划入某某检查:市监局、D-YJGL。建议合并为一次。",
            english:
                "[One visit] 2 departments plan to visit 某某 within days: 市监局, D-YJGL. Please merge the visits."
        ),
        Row(
            code: "N75",
            stage: "withdrawn",
            matter: "duty/A25.P-0006",
            values: ["number": "A25.P-0006", "ruleTitle": "每季度到联点企业调研", "reason": "released"],
            chinese: "【更正】“每季度到联点企业调研”此前的通知作废,原因:任职已结束。",
            english: "[Correction] The earlier notice (每季度到联点企业调研) is withdrawn: the assignment has ended."
        ),
        Row(
            code: "N75",
            stage: "withdrawn",
            matter: "case/CS-7",
            values: ["number": "CS-7", "reason": "voided"],
            chinese: "【更正】某企业CS-7此前的通知作废,原因:记录已作废。",
            english:
                "[Correction] The earlier notice about CS-7 of an enterprise is withdrawn: the record was voided."
        ),
        Row(
            code: "N75",
            stage: "withdrawn",
            matter: "clue/CL-7",
            values: ["number": "CL-7", "reason": "voided"],
            chinese: "【更正】CL-7此前的通知作废,原因:记录已作废。",
            english: "[Correction] The earlier notice about CL-7 is withdrawn: the record was voided."
        ),
        Row(
            code: "N81",
            stage: "warn15d",
            matter: "duty/A25.P-0006",
            dueAt: yearEnd,
            values: [
                "number": "A25.P-0006", "period": "2026-Q4", "total": 5, "done": 1,
                "missing": ["甲厂", "乙厂", "丙厂", "丁厂"],
            ],
            chinese: "【剩15天】2026年第4季度联点调研已完成1家,共5家。未调研:甲厂、乙厂、丙厂等。截止12月31日24:00。",
            english:
                "[15 days left] Linked visits Q4 2026: 1 of 5 done. Still to visit: 甲厂, 乙厂, 丙厂 and others. Due Dec 31 24:00."
        ),
        Row(
            code: "N81",
            matter: "duty/A25.P-0006",
            dueAt: yearEnd,
            requestedAt: yearEnd ?? noon,
            values: [
                "number": "A25.P-0006", "period": "2026-Q4", "total": 1, "done": 0, "missing": ["甲厂"],
                "personRef": "P-0006",
            ],
            chinese: "【已逾期】贺知行2026年第4季度联点调研已完成0家,共1家。未调研:甲厂。截止2026年12月31日24:00。",
            english:
                "[Overdue] Linked visits Q4 2026 (贺知行): 0 of 1 done. Still to visit: 甲厂. Due Dec 31, 2026 24:00."
        ),
        Row(
            code: "N83",
            stage: "october",
            matter: "duty/A20.review",
            dueAt: yearEnd,
            values: ["number": "A20.review", "period": "2026", "ruleTitle": "案卷评查", "basis": "default"],
            chinese: "【提醒】2026年度“案卷评查”尚未登记完成,截止12月31日24:00。(非文件原文)",
            english:
                "[Reminder] 2026: 案卷评查. Not on record as done, due Dec 31 24:00. (not from the document)"
        ),
        Row(
            code: "N83",
            matter: "duty/A00.plan",
            values: ["number": "A00.plan", "period": "2026-11-23", "ruleTitle": "制定实施方案"],
            chinese: "【已逾期】“制定实施方案”尚未登记完成,截止11月23日14:35。",
            english: "[Overdue] 制定实施方案. Not on record as done, due Nov 23 14:35."
        ),
        Row(
            code: "N84",
            stage: "open",
            matter: "complaint/CP-7",
            dueAt: nil,
            values: ["enterpriseName": "某某", "number": "CP-7", "ageDays": 0, "amountFen": 1_234_500],
            chinese: "【欠款线索】某某欠款线索CP-7未清零,金额12,345.00元,请抓紧办理。",
            english: "[Arrears] CP-7 of 某某 is not paid, CNY 12,345.00. Please pursue it."
        ),
        Row(
            code: "N85",
            stage: "lastDay",
            matter: "complaint/CP-7",
            requestedAt: noon - .hours(5),
            values: [
                "enterpriseName": "某某", "number": "CP-7", "ruleTitle": "欠款线索办理", "basis": "statute",
            ],
            chinese: "【今日到期】某某(CP-7)欠款线索办理:须于11月23日14:35前完成。(依据上位法)",
            english: "[Due today] 某某 CP-7: 欠款线索办理, due Nov 23 14:35. (from higher law)"
        ),
    ]

    @Test(arguments: rows) func texts(_ row: Row) {
        let notification = sample(
            code: row.code,
            requestedAt: row.requestedAt,
            values: row.values,
            matter: row.matter,
            stage: row.stage,
            dueAt: row.dueAt
        )
        let names: (PersonRef) -> String = {
            ["D-SCJG": "市监局", "P-0006": "贺知行"][$0.text] ?? $0.text
        }
        #expect(chinese.render(notification, names: names).text == row.chinese)
        #expect(english.render(notification, names: names).text == row.english)
    }
}
