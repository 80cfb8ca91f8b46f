import Duty
import Testing

@testable import DutyConfig

@Suite struct PolicySemanticsTests {
    /// Whoever reads of a figure that is not the document's is told so, in either language.
    @Test(arguments: ["zh-CN", "en"]) func everyMessageOfAFigureThatIsNotTheDocumentsSaysSo(
        _ locale: String
    ) throws {
        var seen = 0
        for setting in [
            "a21.minLeadIsBreach: true", "a17.push: quarterly", "a17.push: yearly", "a20.review: quarterly",
        ] {
            let policy = try #require(TestFiles.policy(settings: "  " + setting).value).policy
            for rule in policy.rules where rule.basis != .text {
                for code in codes(of: rule, in: policy) {
                    let text = TestFiles.shipped("templates/\(locale)/\(code).mustache")
                    #expect(text.contains("{{#basis}}"), "\(rule.id) \(code)")
                    #expect(text.contains("{{basis}}"), "\(rule.id) \(code)")
                    seen += 1
                }
            }
        }
        #expect(seen > 100)
    }

    /// Everything that may be said of a rule: its steps, that it is done, taken back or moved, and the general word
    /// for what has vanished.
    private func codes(of rule: Rule, in policy: Policy) -> Set<String> {
        guard let ladder = policy.escalation(of: rule) else { return [] }
        let steps = ladder.steps.flatMap { step in [step.code] + step.tells.compactMap(\.code) }
        return Set(steps + [ladder.met, ladder.withdrawn ?? "N75", ladder.moved].compactMap { $0 })
    }

    private static let filed = "2026-11-23 14:05"
    private static let appeal: Value = ["kind": "appeal"]

    private func complaint(_ enterprise: Value = ["inPark": true]) throws -> PolicyMatter {
        var matter = try #require(PolicyMatter(enterprise: enterprise))
        matter.add(.complaintFiled, Self.filed, Self.appeal)
        return matter
    }

    @Test func aRequestOpensBothClocks() throws {
        let matter = try complaint()
        let response = try #require(matter.obligations("A22.response").first)
        let solution = try #require(matter.obligations("A22.solution").first)
        #expect(response.dueAt == PolicyMatter.moment("2026-11-23 14:35"))
        #expect(solution.dueAt == PolicyMatter.moment("2026-11-24 14:05"))
        #expect(matter.derived().obligations.count == 2)
    }

    @Test func theLadderOfTheHalfHour() throws {
        let matter = try complaint()
        let response = try #require(matter.obligations("A22.response").first)
        let ladder = response.escalation
        let told = ladder.steps.compactMap { step in
            response.occurrences(of: step, until: .distantFuture, calendar: matter.calendar).last.map {
                let moment = $0.moment
                return "\(step.stage) \(step.code) +\((moment - response.openedAt).seconds / 60)"
            }
        }
        #expect(
            told == [
                "open N10 +0", "warn15 N11 +15", "warn25 N12 +25", "breach N13 +30", "escalate60 N14 +60",
            ]
        )
        #expect(ladder.met == "N15" && ladder.withdrawn == "N25" && ladder.moved == "N27")
        let breach = try #require(ladder.steps.first { $0.stage == "breach" })
        #expect(breach.tells.map(\.messageClass) == [.personal, .group])
        #expect(breach.tells.first?.roles == ["park.staff", "park.leader"])
    }

    @Test func theLadderOfTheDay() throws {
        let matter = try complaint()
        let solution = try #require(matter.obligations("A22.solution").first)
        let told = solution.escalation.steps.compactMap { step in
            solution.occurrences(of: step, until: .distantFuture, calendar: matter.calendar).last.map {
                let moment = $0.moment
                return "\(step.code) +\((moment - solution.openedAt).seconds / 3_600)"
            }
        }
        #expect(told == ["N20 +12", "N20 +20", "N21 +23", "N22 +24", "N23 +48"])
    }

    static let answers: [(kind: EventKind, data: Value, responds: Bool, solves: Bool)] = [
        (.complaintResponded, ["by": ["personRef": "P-1", "role": "park.staff"]], true, false),
        (
            .complaintResponded, ["by": ["personRef": "P-1", "role": "park.leader"], "auto": false], true,
            false
        ),
        (
            .complaintResponded, ["by": ["personRef": "P-1", "role": "park.staff"], "auto": true], false,
            false
        ),
        (.complaintResponded, ["by": ["personRef": "P-1", "role": "dept.head"]], false, false),
        (.complaintSolutionProposed, ["planRef": "x"], true, true),
        (.complaintResolved, ["outcome": "done"], true, true),
        (.complaintResolved, ["outcome": "rejected"], true, false),
    ]

    @Test(arguments: answers)
    func onlySomeAnswersCount(_ kind: EventKind, _ data: Value, _ responds: Bool, _ solves: Bool) throws {
        var matter = try complaint()
        matter.add(kind, "2026-11-23 14:20", data)
        #expect((matter.obligations("A22.response").first?.metAt != nil) == responds)
        #expect((matter.obligations("A22.solution").first?.metAt != nil) == solves)
    }

    @Test func withdrawalCancelsAndReopeningStartsAgain() throws {
        var matter = try complaint()
        matter.add(.complaintWithdrawn, "2026-11-23 14:10")
        #expect(matter.obligations("A22.response").first?.cancelled?.reason == .withdrawn)
        matter = try complaint()
        matter.add(.complaintReopened, "2026-11-23 15:00", ["reason": "x", "cycle": 2])
        #expect(matter.obligations("A22.response").count == 1)
        matter.add(.complaintResolved, "2026-11-23 14:30", ["outcome": "done"])
        let cycles = matter.obligations("A22.response")
        #expect(cycles.map(\.key.cycle) == [1, 2])
        #expect(cycles.last?.dueAt == PolicyMatter.moment("2026-11-23 15:30"))
        let second = try #require(cycles.last)
        #expect(second.escalation.steps.filter { $0.cycles != .first }.first?.code == "N26")
    }

    @Test func otherComplaintsAndOtherEnterprisesStartNothing() throws {
        var matter = try #require(PolicyMatter())
        matter.add(.complaintFiled, Self.filed, ["kind": "window"])
        #expect(matter.derived().obligations.allSatisfy { $0.rule.article == 9 })
        #expect(try complaint(["inPark": false]).derived().obligations.isEmpty)
    }

    @Test func anEnterpriseOfTheParkNeedsAnOfficerTheSameDay() throws {
        var matter = try #require(PolicyMatter())
        matter.facts = matter.enterpriseFacts
        let open = try #require(matter.obligations("A22.assignment").first)
        #expect(open.dueAt == PolicyMatter.moment("2026-01-06 00:00"))
        #expect(open.metAt == nil)
        matter.assign("P-1", "park.staff")
        matter.facts = matter.enterpriseFacts
        #expect(matter.obligations("A22.assignment").first?.metAt != nil)
        let notice = try #require(matter.obligations("A22.owner").first)
        #expect(notice.escalation.steps.first?.tells.first?.roles == ["fact:personRef"])
    }

    @Test func aCaseNeedsAnEarlierReportToTheLinkedLeader() throws {
        var matter = try #require(PolicyMatter())
        matter.add(.caseOpened, "2026-11-23 10:00", ["caseId": "C-1"])
        #expect(matter.obligations("A25.case").isEmpty)
        matter.assign("P-6", "county.linked")
        let gate = try #require(matter.obligations("A25.case").first)
        #expect(gate.metAt == nil && gate.dueAt == PolicyMatter.moment("2026-11-23 12:00"))
        matter.add(.reportMade, "2026-11-23 09:00", report("case", "county.linked", "P-9"))
        #expect(matter.obligations("A25.case").first?.metAt == nil)
        matter.add(.reportMade, "2026-11-23 09:30", report("case", "county.linked", "P-6"))
        #expect(matter.obligations("A25.case").first?.metAt == PolicyMatter.moment("2026-11-23 09:30"))
        #expect(matter.obligations("A25.report").count == 2)
    }

    @Test func aPenaltyNeedsAnEarlierReportToTheSecretary() throws {
        var matter = try #require(PolicyMatter())
        matter.assign("P-6", "county.linked")
        matter.add(.penaltyDecided, "2026-11-23 10:00", ["penaltyId": "F-1", "kind": "fine"])
        #expect(matter.obligations("A25.penalty").first?.metAt == nil)
        matter.add(.reportMade, "2026-11-23 09:30", report("penalty", "county.secretary", "P-1"))
        #expect(matter.obligations("A25.penalty").first?.metAt != nil)
        #expect(matter.obligations("A25.penalty.review").isEmpty)
    }

    @Test func aFineAsksForADecisionAndSharesIt() throws {
        var matter = try #require(PolicyMatter())
        matter.assign("P-1", "park.staff")
        matter.assign("P-2", "park.leader")
        matter.add(.fineIssued, "2026-11-20 10:00", ["amountFen": 200_001, "deptId": "D-1"])
        let decision = try #require(matter.obligations("A22.attribution").first)
        #expect(decision.dueAt == PolicyMatter.moment("2026-12-04 17:30"))
        #expect(matter.derived().allocation?.isAttributed == false)
        matter.add(
            .fineAttributed,
            "2026-11-25 10:00",
            [
                "decisionId": "X", "attributable": true,
                "decidedBy": ["personRef": "office", "role": "office"],
            ]
        )
        #expect(matter.obligations("A22.attribution").first?.metAt != nil)
        let shares = try #require(matter.derived().allocation).allocation.shares
        #expect(shares.map(\.amount) == [Fen(50_000), Fen(50_000)])
        #expect(Set(shares.map(\.person)) == ["P-1", "P-2"])
    }

    @Test func aFirstMinorOffenceIsNoted() throws {
        var matter = try #require(PolicyMatter())
        matter.add(.caseOpened, "2026-11-23 10:00", ["minor": true, "first": true])
        #expect(matter.obligations("A20.firstOffence").count == 1)
    }

    private func report(_ subject: String, _ role: String, _ person: String) -> Value {
        [
            "subjectType": .string(subject), "toRole": .string(role), "toPersonRef": .string(person),
            "reportId": "R", "subjectId": "S", "byDept": "D",
        ]
    }
}
