import Duty
import Testing

/// What the settings of article 22 and the fields of its events do to shares.
@Suite struct ShareRuleTests {
    private let issuedAt = Town.monday
    private func after(_ days: Int64) -> Instant { issuedAt + .days(days) }

    private func desk(_ change: (inout AllocationRule) -> Void = { _ in }) -> Desk {
        var rule = Fixtures.share
        change(&rule)
        var desk = Desk("fine/1", at: issuedAt)
        desk.policy = Fixtures.policy(sharing: rule)
        return desk
    }

    private func issued(_ more: KeyValuePairs<String, Value> = [:]) -> Fact {
        Town.fact(.fineIssued, "issued", at: issuedAt, more)
    }

    private func decided(_ id: String = "yes", day: Int64, _ more: KeyValuePairs<String, Value> = [:]) -> Fact
    {
        Town.fact(.fineAttributed, id, at: after(day), more)
    }

    private func revised(_ number: Int64, day: Int64, _ more: KeyValuePairs<String, Value>) -> Fact {
        Town.fact(.fineRevised, "rev\(number)", at: after(day), more)
            .with(["revision": .integer(number)])
    }

    // MARK: What the share is a part of

    @Test func `Q8: the surcharge counts only if the rule says so, as the latest revision states it`() {
        for (base, first, second) in [
            (AllocationRule.Base.principal, 500_000 as Int64, 500_000 as Int64),
            (.principalPlusSurcharge, 515_000, 500_000),
        ] {
            var desk = desk { $0.base = base }
            desk.receive([issued(["surchargeFen": 60_000]), decided(day: 1)])
            #expect(desk.borne == ["P-1032": first, "P-2001": first])
            desk.receive(revised(2, day: 2, ["amountFen": 2_000_001]))
            #expect(desk.borne == ["P-1032": second, "P-2001": second])
        }
    }

    // MARK: Proportions

    @Test func `A decision can name the proportion itself`() {
        var desk = desk()
        desk.receive([issued(), decided(day: 1, ["weights": ["park.staff": 4, "park.leader": 6]])])
        #expect(desk.borne == ["P-1032": 400_000, "P-2001": 600_000])
        desk.receive(decided("again", day: 2))
        #expect(desk.borne == ["P-1032": 500_000, "P-2001": 500_000])
    }

    @Test func `A role that a decision leaves out bears nothing, one that the rule does not know is held`() {
        var desk = desk()
        desk.receive([issued(), decided(day: 1, ["weights": ["park.staff": 1, "park.boss": 1]])])
        #expect(desk.borne == ["P-1032": 500_000, "park.boss": 500_000])
        #expect(desk.heard("N74") == ["office"])
    }

    // MARK: The roster's date

    @Test func `Q13: as of the violation, if the record says when it was`() {
        let changes = [
            Town.ended("RA-1", at: issuedAt - .days(3)),
            Town.assigned("RA-6", "P-1077", "park.staff", from: "2026-11-21"),
        ]
        for (violation, staff) in [
            (Value.string("2026-11-18"), "P-1032"), (.null, "P-1077"),
            ("2026-11-20T14:04:59+08:00", "P-1032"),
            ("2026-11-21", "P-1077"),
        ] {
            var desk = desk { $0.rosterAsOf = .violation }
            desk.take(changes)
            desk.receive([issued(["violatedAt": violation]), decided(day: 1)])
            #expect(desk.borne == [staff: 500_000, "P-2001": 500_000], "\(violation)")
        }
    }

    // MARK: Held parts

    @Test func `A held part is released by an assignment that is recorded later, and the office hears of it`()
        throws
    {
        var desk = desk()
        desk.take([Town.ended("RA-3", at: issuedAt - .days(1))])
        desk.receive([issued(), decided(day: 1)])
        #expect(desk.heard("N74") == ["office"])
        desk.take([Town.assigned("RA-7", "P-2009", "park.leader", from: "2026-11-25", at: after(2))])
        #expect(desk.borne["park.leader"] == 500_000, "who came later does not answer for it")
        desk.take([Town.assigned("RA-8", "P-2010", "park.leader", from: "2026-11-22", at: after(2))])
        #expect(desk.borne == ["P-1032": 500_000, "P-2010": 500_000, "park.leader": 0])
        let release = try #require(desk.postings.last { $0.kind == .release })
        #expect(
            release.amount == Fen(-500_000) && release.balanceAfter == .zero && release.role == "park.leader"
        )
        let told = try #require(desk.notifications.last { $0.code == "N75" })
        #expect(told.recipient.person == "office" && told.values["reason"] == "assigned")
        #expect(told.withdraws == desk.notifications.first { $0.code == "N74" }?.key)
        #expect(desk.heard("N72") == ["P-1032", "P-2010"])
    }

    @Test func `A held part of a revoked fine is nobody's, and the office hears of it`() throws {
        var desk = desk()
        desk.take([Town.ended("RA-3", at: issuedAt - .days(1))])
        desk.receive([issued(), decided(day: 1), Town.fact(.fineRevoked, "off", at: after(2))])
        #expect(desk.postings.filter { $0.person == nil }.map(\.kind) == [.hold, .reverse])
        #expect(desk.notifications.last { $0.code == "N75" }?.values["reason"] == "corrected")
    }

    @Test func `Q10: with reassign the part moves back once somebody is on record`() {
        var desk = desk { $0.emptyRole = .reassign }
        desk.take([Town.ended("RA-3", at: issuedAt - .days(1))])
        desk.receive([issued(), decided(day: 1)])
        #expect(desk.borne == ["P-1032": 1_000_000] && desk.heard("N74").isEmpty)
        desk.take([Town.assigned("RA-8", "P-2010", "park.leader", from: "2026-11-22", at: after(2))])
        #expect(desk.borne == ["P-1032": 500_000, "P-2010": 500_000])
        let told = desk.notifications.last { $0.recipient.person == "P-1032" }
        #expect(told?.code == "N73" && told?.values["oldFineFen"] == nil, "the fine is what it was")
    }

    // MARK: Words

    @Test func `A share that changes with the decision says nothing of a change of the fine`() throws {
        var desk = desk()
        desk.receive([issued(), decided(day: 1), decided("no", day: 2, ["attributable": false])])
        let told = try #require(desk.notifications.last { $0.code == "N73" })
        #expect(told.values["oldShareFen"] == 500_000 && told.values["shareFen"] == 0)
        #expect(told.values["oldFineFen"] == nil && told.values["fineFen"] == nil)
    }

    @Test func `E22: a voided fine is not said to have become one of nothing`() throws {
        var desk = desk()
        desk.receive([issued(), decided(day: 1), Town.void("void", of: "issued", .fineIssued, at: after(2))])
        let told = try #require(desk.notifications.last { $0.code == "N73" })
        #expect(told.values["shareFen"] == 0 && told.values["fineFen"] == nil)
    }

    // MARK: Reviews

    private let review: KeyValuePairs<String, Value> = ["amountFen": 2_000_001, "underReview": true]

    @Test func `While a review runs shares change as ever, unless the rule freezes them`() {
        for (freezes, during) in [(false, ["P-1032": 0, "P-2001": 0]), (true, [:] as [String: Int64])] {
            var desk = desk { $0.freezesDuringReview = freezes }
            desk.receive([issued(), revised(2, day: 1, review), decided(day: 2)])
            desk.receive(Town.fact(.fineAttributed, "no", at: after(3), ["attributable": false]))
            #expect(desk.borne == during)
            desk.receive(decided("again", day: 4))
            desk.receive(revised(3, day: 5, ["amountFen": 1_200_000]))
            #expect(desk.borne == ["P-1032": 300_000, "P-2001": 300_000], "frozen: \(freezes)")
        }
    }

    @Test func `A frozen share stays as it was before the review, in whatever order that is learned`() {
        let facts = [
            issued(), decided(day: 1), revised(2, day: 2, review),
            decided("no", day: 3, ["attributable": false]),
            revised(3, day: 4, ["amountFen": 600_000, "underReview": true]),
        ]
        for order in [facts, facts.reversed()] {
            var desk = desk { $0.freezesDuringReview = true }
            desk.advance(to: after(5))
            for fact in order { desk.take([fact]) }
            #expect(desk.borne.filter { $0.value != 0 } == ["P-1032": 500_000, "P-2001": 500_000])
            desk.receive(Town.fact(.fineRevoked, "off", at: after(6), ["revision": 4]))
            #expect(desk.borne == ["P-1032": 0, "P-2001": 0])
        }
    }

    @Test func `The record of a fine tells what is under review and what waits for a revision`() throws {
        let issued = issued()
        let facts = [issued, revised(2, day: 1, review), revised(5, day: 2, ["amountFen": 7])]
        let record = FineRecord(issued: issued, facts: facts)
        #expect(record.stage.revision == 2 && record.stage.amount == Fen(2_000_001))
        #expect(record.review?.before.revision == 1 && record.awaitedRevision == 3)
        let closed = FineRecord(issued: issued, facts: facts + [revised(3, day: 3, ["amountFen": 8])])
        #expect(closed.review == nil && closed.stage.amount == Fen(8) && closed.awaitedRevision == 4)
    }
}
