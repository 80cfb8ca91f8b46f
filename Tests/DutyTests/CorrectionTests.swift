import Duty
import Testing

/// Corrections and voids: what counts, and who is told that a time moved.
@Suite struct CorrectionTests {
    private let filedAt = Town.monday

    private func filed() -> Desk {
        var desk = Desk("complaint/1", at: filedAt)
        desk.receive(Town.fact(.complaintFiled, "filed", at: filedAt))
        return desk
    }

    private func moved(_ id: String, to minutes: Int64, at: Int64) -> Fact {
        Town.correction(
            id,
            of: "filed",
            at: filedAt + .minutes(at),
            ["filedAt": .string((filedAt + .minutes(minutes)).rfc3339)]
        )
    }

    private func effective(_ facts: Fact...) -> [Fact] { FactHistory.effective(facts) }
    private var filing: Fact { Town.fact(.complaintFiled, "filed", at: filedAt) }
    private func void(_ id: String, of target: String, _ minutes: Int64) -> Fact {
        let type: EventKind =
            target == "filed" ? .complaintFiled : target == "b" ? .recordCorrected : .recordVoided
        return Town.void(id, of: target, type, at: filedAt + .minutes(minutes))
    }

    @Test func `E21: an earlier filing time is told, a later one is not`() throws {
        var desk = filed()
        desk.receive(moved("fix", to: -10, at: 2))
        #expect(desk.record("A22.response")?.dueAt == filedAt + .minutes(20))
        #expect(desk.heard("N27") == ["@group", "P-1032"])
        let change = try #require(desk.transitions.first { $0.action == "deadline.recomputed" })
        #expect(change.fields["oldDueAt"]?.string == (filedAt + .minutes(30)).rfc3339)
        var other = filed()
        other.receive(moved("fix", to: 1, at: 2))
        #expect(other.record("A22.response")?.dueAt == filedAt + .minutes(31))
        #expect(other.heard("N27").isEmpty)
    }

    @Test func `E21: a filing time moved back beyond the due time breaches at once`() {
        var desk = filed()
        desk.receive(moved("fix", to: -60, at: 5))
        #expect(desk.record("A22.response")?.phase == .breached)
        #expect(desk.heard("N13") == ["@group", "P-1032", "P-2001"])
        #expect(desk.heard("N14") == ["P-3001"])
    }

    /// A complaint of half an hour ago, breached five minutes from now, is corrected to have come just now.
    private func takenBack() -> Desk {
        var desk = Desk("complaint/1", at: filedAt)
        desk.receive(
            Town.fact(.complaintFiled, "filed", at: filedAt - .minutes(25), received: filedAt)
        )
        desk.receive(moved("fix", to: 0, at: 6))
        return desk
    }

    @Test func `E21: a filing time moved forward takes a breach back, and the new one is told again`() {
        var desk = takenBack()
        #expect(desk.record("A22.response")?.phase == .open)
        #expect(desk.heard("N25") == ["@group", "P-1032", "P-2001"])
        desk.advance(to: filedAt + .minutes(31))
        #expect(desk.heard("N13") == ["@group", "@group", "P-1032", "P-1032", "P-2001", "P-2001"])
        let keys = desk.notifications.map(\.key)
        #expect(Set(keys).count == keys.count)
    }

    @Test func `E21: whose alarm was taken back hears of a later withdrawal no second time`() {
        var desk = takenBack()
        desk.receive(Town.fact(.complaintWithdrawn, "off", at: filedAt + .minutes(7)))
        #expect(desk.heard("N25").filter { $0 == "P-2001" }.count == 1)
    }

    @Test func `E21: a due time that moves back and forth uses no key twice`() {
        var desk = filed()
        desk.receive([
            moved("a", to: -5, at: 1), moved("b", to: 0, at: 2), moved("c", to: -5, at: 3),
            moved("d", to: 0, at: 4), moved("e", to: -5, at: 5),
        ])
        let keys = desk.notifications.map(\.key)
        #expect(Set(keys).count == keys.count)
        #expect(desk.heard("N27").filter { $0 == "P-1032" }.count == 3)
    }

    @Test func `E22: a voided answer lets the breach stand, and the next answer closes it again`() {
        var desk = filed()
        desk.receive(Town.fact(.complaintResponded, "answer", at: filedAt + .minutes(40)))
        desk.receive(Town.void("void", of: "answer", .complaintResponded, at: filedAt + .minutes(50)))
        #expect(desk.record("A22.response")?.phase == .breached)
        #expect(desk.heard("N13") == ["@group", "@group", "P-1032", "P-1032", "P-2001", "P-2001"])
        desk.receive(Town.fact(.complaintResponded, "again", at: filedAt + .minutes(55)))
        #expect(desk.heard("N15") == ["@group", "@group", "P-1032", "P-1032", "P-2001", "P-2001"])
        let keys = desk.notifications.map(\.key)
        #expect(Set(keys).count == keys.count)
    }

    @Test func `E22: a voided withdrawal sets the clock going again`() {
        var desk = filed()
        desk.receive(Town.fact(.complaintWithdrawn, "off", at: filedAt + .minutes(10)))
        desk.receive(Town.void("void", of: "off", .complaintWithdrawn, at: filedAt + .minutes(12)))
        desk.advance(to: filedAt + .minutes(31))
        #expect(desk.heard("N13") == ["@group", "P-1032", "P-2001"])
    }

    @Test func `A void of a void brings the fact back`() {
        #expect(effective(filing, void("v1", of: "filed", 1)).isEmpty)
        #expect(effective(filing, void("v1", of: "filed", 1), void("v2", of: "v1", 2)).count == 1)
        #expect(
            effective(filing, void("v1", of: "filed", 1), void("v2", of: "v1", 2), void("v3", of: "v2", 3))
                .isEmpty
        )
    }

    @Test func `A void of a void counts even where both carry the same time`() {
        for ids in [("v1", "v2"), ("v2", "v1")] {
            let kept = effective(filing, void(ids.0, of: "filed", 1), void(ids.1, of: ids.0, 1))
            #expect(kept.count == 1, "first void \(ids.0), second \(ids.1)")
        }
    }

    @Test func `A void of itself, or of nothing, ends quietly`() {
        #expect(effective(filing, void("v1", of: "v1", 1)).count == 1)
        #expect(effective(filing, void("v1", of: "unknown", 1)).count == 1)
        #expect(effective(filing, void("v1", of: "v2", 1), void("v2", of: "v1", 1)).count == 1)
    }

    @Test func `Corrections apply in the order of their own time, and a voided one not at all`() {
        let facts = [moved("b", to: 2, at: 20), moved("a", to: 1, at: 10), filing]
        #expect(FactHistory.effective(facts).map(\.at) == [filedAt + .minutes(2)])
        #expect(FactHistory.effective(facts + [void("v", of: "b", 30)]).map(\.at) == [filedAt + .minutes(1)])
    }

    @Test func `A correction that makes the time unreadable does not stop the matter`() {
        var desk = filed()
        desk.receive(Town.correction("fix", of: "filed", at: filedAt + .minutes(1), ["filedAt": "gestern"]))
        desk.advance(by: .hours(1))
        #expect(desk.record("A22.response") != nil)
    }

    @Test func `Acknowledgements never count as facts of the matter`() {
        let facts = effective(filing, Town.fact(.notificationAcknowledged, "ack", at: filedAt))
        #expect(facts.map(\.kind) == [.complaintFiled])
    }
}
