import Duty
import Storage
import Testing

@testable import Console

/// Who sees results of assessments, and what people bear of fines.
@Suite struct DisclosureTests {
    private static let due = Sample.noon + .minutes(20)

    @Test func resultsOfAnAssessmentAreForDisciplineAndForWhomTheyAreAbout() async throws {
        try await TestConsole.with { console in
            let rule = try #require(console.policy.rule("A30.chief"))
            try await console.add(
                "assessment/AS-2",
                rule: rule.id,
                article: 30,
                due: Self.due,
                facts: [
                    (
                        .assessmentPublished,
                        [
                            "assessmentId": "AS-2", "scheme": "sectionChief", "year": 2026,
                            "publishedAt": .string(Sample.noon.rfc3339),
                            "results": [
                                ["personRef": "P-1", "grade": "末位", "rank": 98],
                                ["personRef": "P-7002", "grade": "优秀", "rank": 2],
                            ],
                        ]
                    )
                ],
                told: ("open", Recipient(person: "P-7002", role: "office"))
            )
            let lists = [
                "/api/v1/matters", "/api/v1/deadlines", "/api/v1/alerts", "/", "/matters", "/alerts",
            ]
            let one = ["/api/v1/matters/assessment/AS-2", "/matters/assessment/AS-2"]
            for role in [AccessRole.viewer, .supervisor, .admin] {
                for path in lists + one {
                    let answer = try await console.ask(path, token: TestConsole.token(role))
                    #expect(answer.status == 200 && answer.body.contains("AS-2"), "\(path): \(answer.body)")
                    for word in ["P-7002", "优秀", "A30.chief", rule.title] {
                        #expect(!answer.body.contains(word), "\(role) sees \(word) on \(path)")
                    }
                }
            }
            // The viewer's token is that of P-1.
            let own = try await console.ask(one[0], token: TestConsole.token(.viewer)).value
            #expect(own["restricted"] == true)
            #expect(own["facts"]?.array?.first?.at(path: "data.results")?.array?.count == 1)
            #expect(own["facts"]?.array?.first?.at(path: "data.results")?.array?.first?["rank"] == 98)
            let head = try await console.ask(one[0], token: TestConsole.token(.supervisor))
            #expect(head.value["restricted"] == true && head.value["facts"]?.array?.isEmpty == true)
            for path in ["/api/v1/journal", "/audit"] {
                let journal = try await console.ask(path, token: TestConsole.token(.supervisor))
                #expect(journal.body.contains("AS-2"))
                #expect(!journal.body.contains("A30.chief") && !journal.body.contains(rule.title), "\(path)")
            }
            let seen = try await console.ask(one[0], token: Premises.disciplineToken)
            #expect(seen.value["restricted"] == false && seen.body.contains("优秀"))
            #expect(seen.body.contains("A30.chief"))
        }
    }

    /// A duty that is done by publishing an assessment has the event too.
    @Test func resultsAreHiddenWhereverTheirEventCounts() async throws {
        try await TestConsole.with { console in
            let data: Value = [
                "assessmentId": "AS-3", "scheme": "unit", "year": 2026,
                "publishedAt": .string(Sample.noon.rfc3339),
                "results": [["orgUnit": "D-5", "grade": "末位", "rank": 40]],
            ]
            let wrong: Value = [
                "targetType": "park.assessment.published.v1", "targetId": "x", "reason": "D-5 名次有误",
                "by": "P-2", "at": .string(Sample.noon.rfc3339), "patch": ["results.0.rank": 40_417],
            ]
            try await console.add(
                "duty/A30",
                rule: "A30.yearly",
                article: 30,
                cycle: 2026,
                due: Self.due,
                facts: [(.assessmentPublished, data), (.recordCorrected, wrong)]
            )
            let path = "/api/v1/matters/duty/A30"
            let head = try await console.ask(path, token: TestConsole.token(.admin)).body
            #expect(head.contains("AS-3") && head.contains("A30.yearly"))
            #expect(!head.contains("D-5") && !head.contains("40417"), "\(head)")
            #expect(try await console.ask(path, token: Premises.disciplineToken).body.contains("D-5"))
        }
    }

    @Test func aShareIsForThePersonAndForThoseWhoseWorkTheLedgerIs() async throws {
        try await TestConsole.with { console in
            let at: Value = .string(Sample.noon.rfc3339)
            let events: [(EventKind, Value)] = [
                (
                    .fineIssued,
                    [
                        "fineId": "FN-1", "enterpriseId": "E-1", "deptId": "D-3", "amountFen": 100_001,
                        "currency": "CNY", "revision": 1, "decidedAt": at,
                    ]
                ),
                (
                    .fineAttributed,
                    [
                        "fineId": "FN-1", "enterpriseId": "E-1", "decisionId": "DC-1", "attributable": true,
                        "weights": ["P-0111": 3], "at": at,
                    ]
                ),
                (
                    .fineShareSettled,
                    [
                        "fineId": "FN-1", "personRef": "P-0111", "amountFen": 25_000, "voucherRef": "V-9",
                        "at": at,
                    ]
                ),
                (
                    .fineShareSettled,
                    [
                        "fineId": "FN-1", "personRef": "P-1", "amountFen": 25_007, "voucherRef": "V-8",
                        "at": at,
                    ]
                ),
                (
                    .recordCorrected,
                    [
                        "targetType": "park.fine.issued.v1", "targetId": "x", "reason": "金额少写100001分",
                        "by": "P-2",
                        "at": at, "patch": ["amountFen": 200_002],
                    ]
                ),
            ]
            try await console.add(
                "fine/FN-1",
                rule: "A26.plan",
                article: 26,
                due: Self.due,
                facts: events,
                told: ("share.park.staff.r1.e2", Recipient(person: "P-0111", role: "park.staff"))
            )
            let path = "/api/v1/matters/fine/FN-1"
            let viewer = TestConsole.token(.viewer)
            for path in [
                path, "/matters/fine/FN-1", "/api/v1/alerts", "/alerts", "/api/v1/matters", "/matters",
            ] {
                let answer = try await console.ask(path, token: viewer)
                #expect(answer.status == 200 && answer.body.contains("FN-1"), "\(path)")
                for word in ["P-0111", "25000", "100001", "200002", "V-9"] {
                    #expect(!answer.body.contains(word), "a viewer sees \(word) on \(path)")
                }
            }
            let shown = try await console.ask(path, token: viewer).body
            #expect(shown.contains("DC-1") && shown.contains("D-3"), "what is nobody's share stays")
            // The viewer's token is that of P-1.
            #expect(shown.contains("25007") && shown.contains("V-8"))
            let head = try await console.ask(path, token: TestConsole.token(.supervisor)).body
            for word in ["P-0111", "25000", "100001", "200002", "V-9"] {
                #expect(head.contains(word), "\(word)")
            }
        }
    }
}
