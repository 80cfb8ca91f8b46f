import Duty
import Testing

/// Article 25: a case and a penalty must have been reported before, by the acts' own times.
@Suite struct GateStoryTests {
    private let openedAt = Town.monday

    private func report(
        _ id: String = "report",
        minutes: Int64,
        received: Int64? = nil,
        to person: String = "P-0007"
    )
        -> Fact
    {
        Town.fact(
            .reportMade,
            id,
            at: openedAt + .minutes(minutes),
            received: openedAt + .minutes(received ?? minutes),
            ["toPersonRef": .string(person)]
        )
    }

    private func opened(_ reports: Fact...) -> Desk {
        var desk = Desk("case/1", at: openedAt - .hours(5))
        desk.receive(reports)
        desk.receive(Town.fact(.caseOpened, "opened", at: openedAt))
        return desk
    }

    private let alarmed = ["P-0007", "P-5001", "office"]

    @Test func `A case reported beforehand is satisfied, and the leader hears of the report once`() {
        var desk = opened(report(minutes: -60))
        desk.advance(by: .days(3))
        #expect(desk.heard() == ["N62 P-0007"])
        #expect(desk.actions("gate") == ["gate.satisfied"])
        #expect(desk.record("A25.case")?.phase == .met)
    }

    @Test func `A case without a report is a violation after two hours of grace, not before`() {
        var desk = opened()
        desk.advance(by: .minutes(119))
        #expect(desk.notifications.isEmpty)
        desk.advance(by: .minutes(1))
        #expect(desk.heard("N60") == alarmed)
        #expect(desk.actions("gate") == ["gate.violated"])
    }

    @Test func `E14: an earlier report that arrives within the grace raises no alarm`() {
        var desk = opened()
        desk.receive(report(minutes: -10, received: 100))
        desk.advance(by: .days(1))
        #expect(desk.heard("N60").isEmpty && desk.heard("N64").isEmpty)
    }

    @Test func `E14: an earlier report that arrives after the grace takes the violation back`() {
        var desk = opened()
        desk.receive(report(minutes: -10, received: 200))
        #expect(desk.heard("N60") == alarmed && desk.heard("N64") == alarmed)
        #expect(desk.actions("gate") == ["gate.violated", "gate.cleared"])
    }

    @Test(arguments: [0, 1, 60] as [Int64])
    func `E14: a report at the same time or later is not beforehand`(_ minutes: Int64) {
        var desk = opened()
        desk.receive(report(minutes: minutes))
        desk.advance(to: openedAt + .hours(3))
        #expect(desk.heard("N60") == alarmed)
    }

    @Test func `A report to somebody who is not the linked leader does not count`() {
        var desk = opened(report(minutes: -60, to: "P-0008"))
        desk.advance(by: .hours(2))
        #expect(desk.heard("N60") == alarmed)
        #expect(desk.heard("N62") == ["P-0008"])
    }

    @Test func `A report to the leader of that day counts although another is linked now`() {
        var desk = Desk("case/1", at: openedAt - .hours(5))
        desk.receive(report(minutes: -60))
        desk.take([
            Town.ended("RA-4", at: openedAt - .minutes(30)),
            Town.assigned("RA-8", "P-0009", "county.linked", from: (openedAt - .minutes(30)).rfc3339),
        ])
        desk.receive(Town.fact(.caseOpened, "opened", at: openedAt))
        #expect(desk.record("A25.case")?.phase == .met)
    }

    @Test func `An enterprise without a linked leader has no such gate`() {
        var desk = Desk("case/1", at: openedAt)
        desk.take([Town.ended("RA-4", at: openedAt - .days(1))])
        desk.receive(Town.fact(.caseOpened, "opened", at: openedAt))
        #expect(desk.state.records.isEmpty && desk.wakeAt == nil)
    }

    @Test func `A report about a penalty satisfies no case, and one to another role no penalty`() {
        var desk = opened()
        desk.receive(
            Town.fact(
                .reportMade,
                "r",
                at: openedAt - .hours(1),
                received: openedAt,
                ["subjectType": "penalty", "toRole": "county.secretary", "toPersonRef": "P-0001"]
            )
        )
        desk.take([
            Town.fact(.reportMade, "r2", at: openedAt - .hours(1), ["toRole": "county.secretary"])
        ])
        desk.advance(to: openedAt + .hours(2))
        #expect(desk.record("A25.case")?.phase == .breached)
    }

    @Test func `A penalty must have been reported to the secretary`() {
        for (minutes, phase) in [(Int64(-1), Obligation.Phase.met), (0, .breached)] {
            var desk = Desk("penalty/1", at: openedAt - .hours(1))
            desk.receive(
                Town.fact(
                    .reportMade,
                    "r",
                    at: openedAt + .minutes(minutes),
                    ["subjectType": "penalty", "toRole": "county.secretary", "toPersonRef": "P-0001"]
                )
            )
            desk.receive(Town.fact(.penaltyDecided, "decided", at: openedAt))
            desk.advance(by: .hours(2))
            #expect(desk.record("A25.penalty")?.phase == phase)
            #expect(desk.heard("N61") == (phase == .met ? [] : ["P-0001", "P-5001", "office"]))
        }
    }

    @Test func `E15: a penalty of a case that nobody has heard of stands on its own`() {
        var desk = Desk("penalty/1", at: openedAt)
        desk.receive(Town.fact(.penaltyDecided, "decided", at: openedAt, ["caseId": "CS-unknown"]))
        desk.advance(by: .hours(2))
        #expect(desk.derivation?.orphanedSince == nil)
        #expect(desk.record("A25.penalty")?.phase == .breached)
    }

    @Test func `E22: a voided report lets the violation stand again, under a new key`() {
        var desk = opened(report(minutes: -60))
        desk.receive(Town.void("void", of: "report", .reportMade, at: openedAt + .hours(4)))
        #expect(desk.heard("N60") == alarmed)
        #expect(desk.heard("N64") == ["P-0007"])
        desk.receive(report("second", minutes: -30, received: 300))
        #expect(desk.heard("N64") == ["P-0007"] + alarmed)
        let keys = desk.notifications.map(\.key)
        #expect(Set(keys).count == keys.count)
    }

    @Test func `E22: a report that was voided and came back, or was corrected, is on record as it stands`() {
        var desk = opened(report(minutes: -60))
        desk.receive(Town.void("v1", of: "report", .reportMade, at: openedAt + .hours(1)))
        desk.receive(Town.void("v2", of: "v1", .recordVoided, at: openedAt + .hours(2)))
        desk.receive(
            Town.correction(
                "fix",
                of: "report",
                .reportMade,
                at: openedAt + .hours(3),
                ["reportedAt": .string((openedAt - .minutes(90)).rfc3339)]
            )
        )
        let record = desk.state.records.first { $0.key.rule == "A25.report" }
        #expect(record?.isWithdrawn == false && record?.openedAt == openedAt - .minutes(90))
    }

    @Test func `Q41: a report written down more than a day late is marked as back-dated`() throws {
        var desk = opened()
        let late = Fact(
            key: EventKey(source: "/desk", id: "late"),
            kind: .reportMade,
            matter: "case/1",
            enterprise: Town.enterpriseID,
            time: nil,
            recordedAt: openedAt + .hours(24),
            receivedAt: openedAt + .hours(25),
            data: report(minutes: -10).data
        )
        desk.receive(late)
        let cleared = try #require(desk.transitions.last)
        #expect(cleared.action == "gate.cleared" && cleared.fields["backdated"] == true)
        let told = try #require(desk.notifications.last { $0.code == "N64" })
        #expect(told.values["backdated"] == true)
    }
}
