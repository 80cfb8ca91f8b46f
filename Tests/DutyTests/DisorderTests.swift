import Duty
import Testing

/// Rows of the table of disorder that concern complaints and their enterprise.
@Suite struct DisorderTests {
    private let filedAt = Town.monday
    private var filing: Fact { Town.fact(.complaintFiled, "filed", at: filedAt) }

    private func answer(_ id: String, after minutes: Int64, received: Int64? = nil) -> Fact {
        Town.fact(
            .complaintResponded,
            id,
            at: filedAt + .minutes(minutes),
            received: filedAt + .minutes(received ?? minutes)
        )
    }

    private func filed() -> Desk {
        var desk = Desk("complaint/1", at: filedAt)
        desk.receive(filing)
        return desk
    }

    @Test func `E1: the same event in the facts twice says nothing twice`() {
        var desk = filed()
        desk.take([filing])
        desk.advance(by: .hours(1))
        #expect(desk.heard("N13").count == 3)
        #expect(desk.state.records.count == 2)
    }

    @Test func `E2: of two answers the first by its own time counts, whichever arrives first`() {
        var desk = filed()
        desk.receive(answer("second", after: 20))
        desk.receive(answer("first", after: 10, received: 25))
        desk.advance(by: .hours(2))
        #expect(desk.record("A22.response")?.metAt == filedAt + .minutes(10))
        #expect(desk.heard("N15").isEmpty && desk.heard("N25").isEmpty)
    }

    @Test func `E3: an answer before its complaint waits, and counts once the complaint is there`() {
        var desk = Desk("complaint/1", at: filedAt)
        desk.receive(answer("answer", after: 12))
        #expect(desk.derivation?.orphanedSince == filedAt + .minutes(12))
        #expect(desk.state.records.isEmpty && desk.notifications.isEmpty)
        #expect(desk.wakeAt == filedAt + .minutes(12) + .hours(24))
        desk.receive(Town.fact(.complaintFiled, "filed", at: filedAt, received: filedAt + .hours(3)))
        #expect(desk.record("A22.response")?.phase == .met)
        #expect(desk.derivation?.orphanedSince == nil)
        #expect(desk.heard("N13").isEmpty)
    }

    @Test func `E3: what waits in vain for a day is reported once`() {
        var desk = Desk("complaint/1", at: filedAt)
        desk.receive(answer("answer", after: 12))
        desk.advance(by: .hours(23))
        #expect(desk.orphanReports == 0)
        desk.advance(by: .hours(30))
        #expect(desk.orphanReports == 1)
        #expect(desk.heard() == ["N92 office"])
    }

    @Test func `E4: a complaint that reaches us after its due time is breached at once and marked late`()
        throws
    {
        var desk = Desk("complaint/1", at: filedAt + .hours(2))
        desk.receive(Town.fact(.complaintFiled, "filed", at: filedAt, received: filedAt + .hours(2)))
        #expect(desk.heard() == ["N13 @group", "N13 P-1032", "N13 P-2001", "N14 P-3001"])
        #expect(desk.record("A22.response")?.isLateIngest == true)
        let breach = try #require(desk.transitions.first { $0.action == "deadline.breached" })
        #expect(breach.fields["lateIngest"] == true)
        #expect(breach.fields["ingestDelaySeconds"] == 7_200)
        #expect(breach.fields["delayedBySeconds"] == nil)
        #expect(breach.at == filedAt + .minutes(30))
    }

    @Test
    func `E5: an answer in time that arrives late takes the breach back from exactly those who heard it`()
        throws
    {
        var desk = filed()
        desk.receive(answer("answer", after: 20, received: 50))
        #expect(desk.heard("N25") == ["@group", "P-1032", "P-2001"])
        #expect(desk.record("A22.response")?.phase == .met)
        let met = try #require(desk.transitions.last { $0.action == "deadline.met" })
        #expect(met.fields["correctedBreach"] == true)
        let alarm = try #require(
            desk.notifications.first { $0.code == "N13" && $0.recipient.person == "P-1032" }
        )
        let taken = try #require(
            desk.notifications.first { $0.code == "N25" && $0.recipient.person == "P-1032" }
        )
        #expect(taken.withdraws == alarm.key)
        desk.advance(by: .hours(3))
        #expect(desk.heard("N25").count == 3 && desk.heard("N14").isEmpty)
    }

    @Test func `E6: a withdrawal before the due time ends both clocks`() {
        var desk = filed()
        desk.receive(Town.fact(.complaintWithdrawn, "off", at: filedAt + .minutes(10)))
        #expect(desk.record("A22.response")?.phase == .cancelled)
        #expect(desk.record("A22.solution")?.phase == .cancelled)
        #expect(desk.heard("N25") == ["@group", "P-1032"])
        #expect(desk.wakeAt == nil)
    }

    @Test func `E6: a withdrawal after the breach leaves the breach in the record`() {
        var desk = filed()
        desk.receive(Town.fact(.complaintWithdrawn, "off", at: filedAt + .minutes(40)))
        #expect(desk.record("A22.response")?.phase == .breachedThenCancelled)
        #expect(desk.record("A22.response")?.breachedAt == filedAt + .minutes(30))
        #expect(desk.record("A22.solution")?.phase == .cancelled)
    }

    @Test func `E7: an answer after the withdrawal changes nothing`() {
        var desk = filed()
        desk.receive(Town.fact(.complaintWithdrawn, "off", at: filedAt + .minutes(10)))
        let before = desk.notifications.count
        desk.receive(answer("answer", after: 15))
        desk.advance(by: .days(2))
        #expect(desk.record("A22.response")?.phase == .cancelled)
        #expect(desk.notifications.count == before)
    }

    @Test func `E7: a result after the withdrawal does not make the complaint one that can be re-opened`() {
        var desk = filed()
        desk.receive(Town.fact(.complaintWithdrawn, "off", at: filedAt + .minutes(10)))
        desk.receive(Town.fact(.complaintResolved, "done", at: filedAt + .minutes(20)))
        desk.receive(Town.fact(.complaintReopened, "again", at: filedAt + .minutes(30)))
        #expect(desk.record("A22.response", cycle: 2) == nil && desk.wakeAt == nil)
    }

    @Test func `E8: a re-opened complaint gets new clocks from its own time, and the old ones are frozen`() {
        var desk = filed()
        desk.receive(Town.fact(.complaintResolved, "done", at: filedAt + .minutes(20)))
        let reopenedAt = filedAt + .days(3)
        let before = desk.notifications.count
        desk.receive(Town.fact(.complaintReopened, "again", at: reopenedAt))
        #expect(desk.heard(since: before) == ["N26 P-1032", "N26 P-2001"])
        #expect(desk.record("A22.response", cycle: 2)?.dueAt == reopenedAt + .minutes(30))
        #expect(desk.record("A22.solution", cycle: 2)?.dueAt == reopenedAt + .hours(24))
        desk.advance(to: reopenedAt + .minutes(30))
        #expect(desk.heard("N13") == ["@group", "P-1032", "P-2001"])
        #expect(desk.record("A22.response", cycle: 1)?.phase == .met)
    }

    @Test func `E8: re-opening without a result is a follow-up and starts no clock`() {
        var desk = filed()
        desk.receive(answer("answer", after: 10))
        desk.receive(Town.fact(.complaintReopened, "again", at: filedAt + .hours(2)))
        #expect(desk.record("A22.response", cycle: 2) == nil)
        #expect(desk.record("A22.solution")?.dueAt == filedAt + .hours(24))
        #expect(desk.heard("N26").isEmpty)
    }

    @Test func `E8: whoever heard that the old plan was overdue hears that the re-opened one replaces it`() {
        var desk = filed()
        desk.receive(answer("answer", after: 10))
        desk.receive(
            Town.fact(.complaintResolved, "no", at: filedAt + .hours(25), ["outcome": "rejected"])
        )
        desk.receive(Town.fact(.complaintReopened, "again", at: filedAt + .hours(26)))
        #expect(desk.heard("N22") == ["P-2001", "P-3001", "office"])
        #expect(desk.heard("N25") == ["P-2001", "P-3001", "office"])
    }

    /// `other`: what a merger names as the enterprise that goes on.
    private func end(_ reason: Value, after minutes: Int64, into other: Value = .null) -> Fact {
        Town.fact(
            .enterpriseDeregistered,
            "end \(minutes)",
            at: filedAt + .minutes(minutes),
            of: "E-000451",
            ["reason": reason, "mergedInto": other]
        )
    }

    @Test(
        arguments: [
            ("cancelled", .null, .cancelled), ("moved", .null, .cancelled), ("merged", "E-000777", .open),
            // Events of before the daemon asked where to, and of nowhere.
            ("merged", .null, .cancelled), ("merged", "E-000451", .cancelled),
            ("cancelled", "E-000777", .cancelled),
        ] as [(Value, Value, Obligation.Phase)]
    )
    func `E20: the end of the enterprise ends open clocks, a merger into another one does not`(
        _ reason: Value,
        _ other: Value,
        _ phase: Obligation.Phase
    ) {
        var desk = filed()
        desk.receive(end(reason, after: 10, into: other))
        #expect(desk.record("A22.response")?.phase == phase)
    }

    @Test(arguments: [("cancelled", .null, false), ("merged", "E-000777", true)] as [(Value, Value, Bool)])
    func `E20: nothing opens after the end, but for one that goes on in another enterprise`(
        _ reason: Value,
        _ other: Value,
        _ opens: Bool
    ) {
        var desk = Desk("complaint/1", at: filedAt)
        desk.enterpriseFacts.append(end(reason, after: -60, into: other))
        desk.receive(Town.fact(.complaintFiled, "filed", at: filedAt))
        #expect((desk.record("A22.response") != nil) == opens)
        #expect(desk.notifications.isEmpty != opens)
        // The books say later that it was still there.
        desk.enterpriseFacts.append(
            Town.void("void", of: "end -60", .enterpriseDeregistered, at: filedAt + .minutes(5))
        )
        desk.advance(by: .minutes(5))
        #expect(desk.record("A22.response")?.phase == .open)
    }

    @Test func `E20: what is re-opened after the end starts no clock, and a fine goes on`() {
        var desk = filed()
        desk.receive(answer("answer", after: 10))
        desk.receive(Town.fact(.complaintResolved, "done", at: filedAt + .minutes(20)))
        desk.receive(end("cancelled", after: 30))
        desk.receive(Town.fact(.complaintReopened, "again", at: filedAt + .minutes(40)))
        #expect(desk.record("A22.response", cycle: 2) == nil)
        #expect(desk.heard("N26").isEmpty)
        var fine = Desk("fine/1", at: filedAt)
        fine.enterpriseFacts.append(end("cancelled", after: -60))
        fine.receive(Town.fact(.fineIssued, "issued", at: filedAt))
        #expect(fine.record("A22.attribution")?.phase == .open)
    }

    @Test func `E20: one that is registered again has its clocks again, until its next end`() {
        var desk = Desk("complaint/1", at: filedAt)
        desk.enterpriseFacts += [
            end("moved", after: -90),
            Town.fact(
                .enterpriseRegistered,
                "back",
                at: filedAt - .minutes(30),
                of: "E-000451",
                ["inPark": true]
            ),
        ]
        desk.receive(Town.fact(.complaintFiled, "filed", at: filedAt))
        #expect(desk.record("A22.response")?.phase == .open)
        desk.receive(end("cancelled", after: 10))
        #expect(desk.record("A22.response")?.phase == .cancelled)
    }

    @Test func `E22: a voided complaint is as if it had never been, and all who heard of it are told`() {
        var desk = filed()
        desk.advance(to: filedAt + .minutes(40))
        desk.receive(Town.void("void", of: "filed", at: filedAt + .minutes(50)))
        #expect(desk.heard("N25") == ["@group", "P-1032", "P-1040", "P-2001"])
        #expect(desk.state.records.allSatisfy { $0.isWithdrawn })
        #expect(desk.wakeAt == nil)
        desk.advance(by: .days(2))
        #expect(desk.heard("N22").isEmpty)
    }

    @Test func `E23: a time in the future is clamped to the arrival and flagged`() throws {
        let far = Town.fact(.complaintFiled, "filed", at: filedAt + .hours(3), received: filedAt)
        #expect(far.at == filedAt && far.hasClockSkew)
        var desk = Desk("complaint/1", at: filedAt)
        desk.receive(far)
        #expect(desk.record("A22.response")?.dueAt == filedAt + .minutes(30))
        #expect(try #require(desk.transitions.first).fields["clockSkew"] == true)
        let near = Town.fact(.complaintFiled, "filed", at: filedAt + .minutes(5), received: filedAt)
        #expect(near.at == filedAt + .minutes(5) && !near.hasClockSkew)
    }

    @Test func `E24: a new owner in the middle hears the standing alarm, the old one hears how it ends`() {
        var desk = filed()
        desk.advance(to: filedAt + .minutes(40))
        let before = desk.notifications.count
        desk.take([
            Town.ended("RA-1", at: filedAt + .minutes(40)),
            Town.assigned("RA-10", "P-1077", "park.staff", from: "2026-11-23", at: filedAt + .minutes(40)),
        ])
        #expect(desk.heard(since: before) == ["N13 P-1077"])
        desk.receive(answer("answer", after: 50))
        #expect(desk.heard("N15") == ["@group", "P-1032", "P-1077", "P-2001"])
    }

    @Test func `E24: who becomes owner after the late answer hears nothing of the breach`() {
        var desk = filed()
        desk.receive(answer("answer", after: 45))
        let before = desk.notifications.count
        desk.advance(to: filedAt + .minutes(60))
        desk.take([
            Town.ended("RA-1", at: filedAt + .minutes(60)),
            Town.assigned("RA-10", "P-1077", "park.staff", from: "2026-11-23", at: filedAt + .minutes(60)),
        ])
        #expect(desk.heard(since: before) == [])
    }

    @Test func `E25: after an outage each hears the latest step alone, and how late it is`() throws {
        var desk = filed()
        let before = desk.notifications.count
        desk.step(at: filedAt + .minutes(90))
        #expect(desk.heard(since: before) == ["N13 @group", "N13 P-1032", "N13 P-2001", "N14 P-3001"])
        let alarm = try #require(desk.notifications.first { $0.code == "N13" })
        #expect(alarm.values["delayedBySeconds"] == 3_600)
        let breach = try #require(desk.transitions.first { $0.action == "deadline.breached" })
        #expect(breach.at == filedAt + .minutes(30) && breach.fields["delayedBySeconds"] == 3_600)
        #expect(desk.actions("deadline.warned").isEmpty)
    }

    @Test func `E25: a breach that was answered while nobody watched is recorded, and alarms nobody`() {
        var desk = filed()
        let before = desk.notifications.count
        desk.facts.append(answer("answer", after: 45))
        desk.step(at: filedAt + .minutes(90))
        #expect(desk.actions("deadline.breached").count == 1)
        #expect(desk.record("A22.response")?.phase == .metLate)
        #expect(desk.heard(since: before).filter { $0.hasPrefix("N13") } == [])
    }

    @Test func `E26: the same facts again with the told state say nothing again`() {
        var desk = filed()
        desk.advance(to: filedAt + .hours(2))
        let before = (desk.notifications.count, desk.transitions.count)
        for _ in 0..<3 { desk.step(at: desk.now) }
        #expect((desk.notifications.count, desk.transitions.count) == before)
    }

    @Test func `E26: rebuilt from nothing with the same times, the same keys come out`() {
        var runs: [[String]] = []
        for _ in 0..<2 {
            var desk = filed()
            desk.receive(answer("answer", after: 45))
            runs.append(desk.notifications.map(\.key))
        }
        #expect(runs[0] == runs[1])
        #expect(Set(runs[0]).count == runs[0].count)
    }
}
