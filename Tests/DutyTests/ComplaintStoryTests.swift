import Duty
import Testing

/// Article 22 as stories: file, let the clock run, see who hears what.
@Suite struct ComplaintStoryTests {
    private let filedAt = Town.monday

    private func filed() -> Desk {
        var desk = Desk("complaint/1", at: filedAt)
        desk.receive(Town.fact(.complaintFiled, "filed", at: filedAt))
        return desk
    }

    @Test func `Filing tells the owner and the group at once`() {
        let desk = filed()
        #expect(desk.heard() == ["N10 @group", "N10 P-1032"])
        #expect(desk.actions() == ["deadline.started", "deadline.started"])
        #expect(desk.record("A22.response")?.dueAt == filedAt + .minutes(30))
        #expect(desk.record("A22.solution")?.dueAt == filedAt + .hours(24))
        #expect(desk.wakeAt == filedAt + .minutes(15))
    }

    @Test func `Half an hour without an answer alarms the owner, the leader and the group exactly once`() {
        var desk = filed()
        desk.advance(by: .minutes(29))
        #expect(desk.heard(since: 2) == ["N11 P-1032", "N12 P-1032", "N12 P-1040", "N12 P-2001"])
        desk.advance(by: .minutes(1))
        desk.advance(by: .minutes(20))
        #expect(desk.heard(since: 6) == ["N13 @group", "N13 P-1032", "N13 P-2001"])
        #expect(desk.record("A22.response")?.phase == .breached)
        #expect(desk.actions("deadline.breached").count == 1)
    }

    @Test func `A whole hour without an answer reaches the head of the park`() {
        var desk = filed()
        desk.advance(by: .minutes(60))
        #expect(desk.heard("N14") == ["P-3001"])
        #expect(desk.heard("N13") == ["@group", "P-1032", "P-2001"])
    }

    @Test func `A late answer is told to exactly those who heard of the breach`() {
        var desk = filed()
        desk.receive(Town.fact(.complaintResponded, "answer", at: filedAt + .minutes(45)))
        #expect(desk.heard("N15") == ["@group", "P-1032", "P-2001"])
        desk.advance(by: .minutes(120))
        #expect(desk.heard("N14").isEmpty)
        #expect(desk.heard("N15").count == 3)
        #expect(desk.record("A22.response")?.phase == .metLate)
        #expect(desk.record("A22.response")?.metAt == filedAt + .minutes(45))
    }

    @Test func `An answer in time is quiet`() {
        var desk = filed()
        desk.receive(Town.fact(.complaintResponded, "answer", at: filedAt + .minutes(16)))
        desk.advance(by: .hours(2))
        #expect(desk.heard(since: 2) == ["N11 P-1032"])
        #expect(desk.actions("deadline.met").count == 1)
    }

    @Test func `An answer at the due moment itself is in time`() {
        var desk = filed()
        desk.receive(Town.fact(.complaintResponded, "answer", at: filedAt + .minutes(30)))
        desk.advance(by: .hours(1))
        #expect(desk.record("A22.response")?.phase == .met)
        #expect(desk.heard("N15").isEmpty)
    }

    @Test(
        arguments: [
            ["auto": true], ["by": ["personRef": "P-1", "role": "dept.contact"]],
        ] as [KeyValuePairs<String, Value>]
    )
    func `A machine or a stranger does not answer`(_ more: KeyValuePairs<String, Value>) {
        var desk = filed()
        desk.receive(Town.fact(.complaintResponded, "answer", at: filedAt + .minutes(5), more))
        desk.advance(by: .minutes(60))
        #expect(desk.heard("N13").count == 3)
    }

    @Test(arguments: [EventKind.complaintSolutionProposed, .complaintResolved])
    func `A solution or a result answers as well`(_ kind: EventKind) {
        var desk = filed()
        desk.receive(Town.fact(kind, "answer", at: filedAt + .minutes(20)))
        desk.advance(by: .days(2))
        #expect(desk.record("A22.response")?.phase == .met)
        #expect(desk.record("A22.solution")?.phase == .met)
        #expect(desk.heard("N22").isEmpty)
    }

    @Test func `The solution clock warns, alarms and closes for those alone who heard the alarm`() {
        var desk = filed()
        desk.receive(Town.fact(.complaintResponded, "answer", at: filedAt + .minutes(5)))
        desk.advance(to: filedAt + .hours(25))
        #expect(
            desk.heard(since: 2) == [
                "N20 P-1032", "N20 P-1032", "N21 P-1032", "N21 P-2001", "N22 P-2001", "N22 P-3001",
                "N22 office",
            ]
        )
        desk.advance(to: filedAt + .hours(49))
        #expect(desk.heard("N23") == ["P-0003"])
        desk.receive(Town.fact(.complaintSolutionProposed, "plan", at: filedAt + .hours(50)))
        #expect(desk.heard("N24") == ["P-0003", "P-2001", "P-3001", "office"])
        #expect(desk.wakeAt == nil)
    }

    @Test(arguments: ["rejected", "transferred"])
    func `A refusal is no solution`(_ outcome: String) {
        var desk = filed()
        desk.receive(
            Town.fact(.complaintResolved, "end", at: filedAt + .minutes(10), ["outcome": .string(outcome)])
        )
        desk.advance(to: filedAt + .hours(24))
        #expect(desk.record("A22.response")?.phase == .met)
        #expect(desk.heard("N22") == ["P-2001", "P-3001", "office"])
    }

    @Test func `A complaint from outside the park, or of another kind, starts no clock`() {
        var desk = filed()
        desk = Desk("complaint/1", at: filedAt)
        desk.enterpriseFacts = [
            Town.fact(.enterpriseRegistered, "reg", at: filedAt, of: "E-000451", ["inPark": false])
        ]
        desk.receive(Town.fact(.complaintFiled, "filed", at: filedAt))
        #expect(desk.notifications.isEmpty)
        var other = Desk("complaint/1", at: filedAt)
        other.receive(Town.fact(.complaintFiled, "filed", at: filedAt, ["kind": "window"]))
        #expect(other.notifications.isEmpty && other.wakeAt == nil)
    }

    @Test func `Without an owner the leader is told at once, without a leader the head`() {
        var desk = Desk("complaint/1", at: filedAt)
        desk.take([Town.ended("RA-1", at: filedAt - .days(1))])
        desk.receive(Town.fact(.complaintFiled, "filed", at: filedAt))
        #expect(desk.heard("N10") == ["@group", "P-2001", "P-3001"])
    }

    @Test func `An event of the year before the document opens nothing`() {
        var desk = Desk("complaint/1", at: clock("2023-08-14T23:59:59+08:00"))
        desk.receive(Town.fact(.complaintFiled, "filed", at: clock("2023-08-14T23:59:59+08:00")))
        #expect(desk.state.records.isEmpty)
        var first = Desk("complaint/1", at: clock("2023-08-15T00:00:00+08:00"))
        first.receive(Town.fact(.complaintFiled, "filed", at: clock("2023-08-15T00:00:00+08:00")))
        #expect(first.state.records.count == 2)
    }
}
