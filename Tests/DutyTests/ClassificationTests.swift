import Duty
import Testing

/// What `dataclassification` keeps out of messages, journal and view.
@Suite struct ClassificationTests {
    private static func classified(_ fact: Fact, _ classification: DataClassification) -> Fact {
        Fact(
            key: fact.key,
            kind: fact.kind,
            matter: fact.matter,
            enterprise: fact.enterprise,
            time: fact.time,
            receivedAt: fact.receivedAt,
            classification: classification,
            data: fact.data
        )
    }

    private static func complaint(_ classification: DataClassification) -> Desk {
        var desk = Desk("complaint/1", at: Town.monday)
        let filed = Town.fact(.complaintFiled, "filed", at: Town.monday)
        desk.receive(classified(filed, classification))
        return desk
    }

    /// A fine that the park's head and the group hear of.
    private static func fine(_ classification: DataClassification) -> Desk {
        var desk = Desk("fine/1", at: Town.monday)
        let heard = EscalationStep(
            stage: "open",
            moment: .opening,
            code: "N40",
            tells: [
                EscalationStep.Tell(roles: ["park.head"], messageClass: .personal),
                EscalationStep.Tell(roles: [], messageClass: .group),
            ]
        )
        let rule = Rule(
            id: "A22.notice",
            article: 22,
            basis: .text,
            title: "罚款告知",
            body: .notice(NoticeRule(on: FactPattern(.fineIssued), escalation: "notice"))
        )
        desk.policy = Policy(
            name: "notice",
            version: "test-1",
            document: "蒸发〔2023〕4号",
            effectiveFrom: Fixtures.policy.effectiveFrom,
            roles: Fixtures.policy.roles,
            escalations: ["notice": EscalationPolicy(steps: [heard])],
            rules: [rule],
            settings: [:]
        )
        desk.receive(classified(Town.fact(.fineIssued, "issued", at: Town.monday), classification))
        return desk
    }

    private static func amount(_ desk: Desk, _ person: PersonRef) -> Value? {
        desk.notifications.first { $0.recipient.person == person }?.values["fineFen"]
    }

    @Test(arguments: [DataClassification.public, .internal])
    func `An ordinary event reaches the group and is quoted`(_ classification: DataClassification) {
        let desk = Self.complaint(classification)
        #expect(desk.heard() == ["N10 @group", "N10 P-1032"])
        #expect(desk.notifications.last?.values["matterWord"] == "厂区临时用电容量不足")
        let fine = Self.fine(classification)
        #expect(Self.amount(fine, "P-3001") == 2_000_001 && Self.amount(fine, "@group") == 2_000_001)
    }

    @Test func `Amounts of a confidential event reach single persons and no group`() {
        let fine = Self.fine(.confidential)
        #expect(fine.heard().sorted() == ["N40 @group", "N40 P-3001"])
        #expect(Self.amount(fine, "P-3001") == 2_000_001)
        #expect(Self.amount(fine, "@group") == nil)
    }

    @Test func `A restricted event is told to single persons, without what it is about`() {
        var desk = Self.complaint(.restricted)
        desk.advance(by: .hours(1))
        #expect(desk.heard("N10") == ["P-1032"] && desk.heard("N13") == ["P-1032", "P-2001"])
        #expect(!desk.notifications.contains { $0.recipient.isGroup })
        for notification in desk.notifications {
            for name in ["matterWord", "enterpriseName", "department", "actAt"] {
                #expect(notification.values[name] == nil)
            }
            #expect(notification.values["number"] == "1")
        }
        #expect(desk.record("A22.response")?.phase == .breached)
    }

    @Test func `A restricted answer silences what is said of its matter`() {
        var desk = Self.complaint(.internal)
        let answer = Town.fact(.complaintResponded, "answer", at: Town.monday + .minutes(45))
        desk.receive(Self.classified(answer, .restricted))
        let late = desk.notifications.filter { $0.code == "N15" && !$0.recipient.isGroup }
        #expect(late.count == 2)
        #expect(late.allSatisfy { $0.values["enterpriseName"] == nil && $0.values["lateBySeconds"] == nil })
    }

    @Test func `A view shows of restricted data what names the event and says when`() {
        let filed = Town.fact(.complaintFiled, "filed", at: Town.monday)
        #expect(Self.classified(filed, .confidential).shownData == filed.data)
        let shown = Self.classified(filed, .restricted).shownData
        #expect(Set((shown.members ?? []).map(\.name)) == ["enterpriseId", "complaintId", "filedAt"])
    }

    @Test func `The order is that of the words`() {
        #expect(DataClassification.allCases.sorted() == [.public, .internal, .confidential, .restricted])
        #expect(max(DataClassification.confidential, .internal) == .confidential)
    }
}
