import Duty
import Testing

/// Article 22: half of a fine is borne by the leader and the staff, once somebody has decided so.
@Suite struct FineStoryTests {
    private let issuedAt = Town.monday

    private func after(_ days: Int64) -> Instant { issuedAt + .days(days) }

    private func issued() -> Desk {
        var desk = Desk("fine/1", at: issuedAt)
        desk.receive(Town.fact(.fineIssued, "issued", at: issuedAt))
        return desk
    }

    private func decided(_ id: String, _ yes: Bool, day: Int64, received: Int64? = nil) -> Fact {
        Town.fact(
            .fineAttributed,
            id,
            at: after(day),
            received: after(received ?? day),
            ["attributable": .bool(yes), "decisionId": .string("AD-" + id)]
        )
    }

    private func revised(_ number: Int64, _ amount: Int64, day: Int64, received: Int64? = nil) -> Fact {
        Town.fact(
            .fineRevised,
            "rev\(number)",
            at: after(day),
            received: after(received ?? day),
            ["revision": .integer(number), "amountFen": .integer(amount)]
        )
    }

    private func revoked(_ number: Int64, day: Int64) -> Fact {
        Town.fact(.fineRevoked, "revoked", at: after(day), ["revision": .integer(number)])
    }

    private func kinds(_ desk: Desk) -> [String] { desk.postings.map(\.kind.rawValue) }

    @Test func `A fine asks for a decision within ten working days, and shares nothing before it`() {
        var desk = issued()
        #expect(desk.heard() == ["N70 P-3001", "N70 office"])
        #expect(desk.record("A22.attribution")?.dueAt == clock("2026-12-07T17:30:00+08:00"))
        desk.advance(to: clock("2026-12-07T17:30:00+08:00"))
        #expect(desk.heard("N71") == ["P-3001", "office"])
        #expect(desk.postings.isEmpty)
    }

    @Test func `A decision for the county shares nothing`() {
        var desk = issued()
        desk.receive(decided("no", false, day: 2))
        #expect(desk.postings.isEmpty && desk.heard("N72").isEmpty)
        #expect(desk.record("A22.attribution")?.phase == .met)
    }

    @Test func `An attributed fine is borne half and half, and each hears of their own share alone`() throws {
        var desk = issued()
        desk.receive(decided("yes", true, day: 2))
        #expect(desk.borne == ["P-1032": 500_000, "P-2001": 500_000])
        #expect(kinds(desk) == ["allocate", "allocate"])
        #expect(desk.heard("N72") == ["P-1032", "P-2001"])
        let own = try #require(desk.notifications.last { $0.recipient.person == "P-1032" })
        #expect(own.values["shareFen"] == 500_000 && own.values["fineFen"] == nil)
        #expect(desk.postings[0].entryID == "1|1|AD-yes|P-2001|allocate")
    }

    @Test func `E16: a revision before its fine waits, and a gap waits`() {
        var desk = Desk("fine/1", at: issuedAt)
        desk.receive(revised(3, 600_000, day: 1))
        #expect(desk.derivation?.orphanedSince == after(1))
        desk.receive(Town.fact(.fineIssued, "issued", at: issuedAt, received: after(2)))
        desk.receive(decided("yes", true, day: 3))
        #expect(desk.borne == ["P-1032": 500_000, "P-2001": 500_000])
        desk.receive(revised(2, 1_200_000, day: 4))
        #expect(desk.borne == ["P-1032": 150_000, "P-2001": 150_000])
    }

    @Test func `E16: a revision below the known one changes nothing`() {
        var desk = issued()
        desk.receive([
            decided("yes", true, day: 1), revised(2, 1_200_000, day: 2), revised(3, 800_000, day: 3),
        ])
        let again = Town.fact(.fineRevised, "old", at: after(4), ["revision": 2, "amountFen": 9_000_000])
        desk.receive(again)
        #expect(desk.borne == ["P-1032": 200_000, "P-2001": 200_000])
    }

    @Test func `E17: a decision before its fine waits, and of two the later by its own time wins`() {
        var desk = Desk("fine/1", at: issuedAt)
        desk.receive(decided("later", true, day: 5, received: 5))
        #expect(desk.postings.isEmpty)
        desk.receive(Town.fact(.fineIssued, "issued", at: issuedAt, received: after(6)))
        #expect(desk.borne == ["P-1032": 500_000, "P-2001": 500_000])
        desk.receive(decided("earlier", false, day: 3, received: 7))
        #expect(desk.borne == ["P-1032": 500_000, "P-2001": 500_000])
    }

    @Test func `E18: a decision taken back reverses every share, and each is told`() {
        var desk = issued()
        desk.receive([decided("yes", true, day: 1), decided("no", false, day: 2)])
        #expect(desk.borne == ["P-1032": 0, "P-2001": 0])
        #expect(kinds(desk) == ["allocate", "allocate", "reverse", "reverse"])
        #expect(desk.heard("N73") == ["P-1032", "P-2001"])
    }

    @Test func `A revision is computed afresh, and the difference is posted`() throws {
        var desk = issued()
        desk.receive([decided("yes", true, day: 1), revised(2, 1_200_001, day: 40)])
        #expect(desk.borne == ["P-1032": 300_000, "P-2001": 300_000])
        #expect(desk.postings.suffix(2).map(\.amount) == [Fen(-200_000), Fen(-200_000)])
        let told = try #require(desk.notifications.last)
        #expect(told.code == "N73" && told.values["oldShareFen"] == 500_000)
        #expect(told.values["differenceFen"] == -200_000 && told.values["oldFineFen"] == 2_000_001)
    }

    @Test func `A revoked fine is borne by nobody, and its open decision is no longer asked for`() {
        var desk = issued()
        desk.receive(revoked(2, day: 1))
        #expect(desk.record("A22.attribution")?.phase == .cancelled)
        #expect(desk.heard("N75") == ["P-3001", "office"])
        var other = issued()
        other.receive([decided("yes", true, day: 1), revoked(2, day: 2)])
        #expect(other.borne == ["P-1032": 0, "P-2001": 0])
        #expect(kinds(other).suffix(2) == ["reverse", "reverse"])
    }

    @Test func `The part of a role that nobody held is kept apart and released once somebody is named`() {
        var desk = Desk("fine/1", at: issuedAt)
        desk.take([Town.ended("RA-3", at: issuedAt - .days(1))])
        desk.receive([Town.fact(.fineIssued, "issued", at: issuedAt), decided("yes", true, day: 1)])
        #expect(desk.borne == ["P-1032": 500_000, "park.leader": 500_000])
        #expect(desk.heard("N74") == ["office"])
        desk.take([Town.assigned("RA-7", "P-2009", "park.leader", from: "2026-11-01")])
        #expect(desk.borne == ["P-1032": 500_000, "P-2009": 500_000, "park.leader": 0])
        #expect(kinds(desk).sorted() == ["allocate", "allocate", "hold", "release"])
    }

    @Test func `Q13: who served on the day of the fine bears it, not who serves when it is decided`() {
        var desk = issued()
        desk.take([
            Town.ended("RA-1", at: after(1)),
            Town.assigned("RA-6", "P-1077", "park.staff", from: "2026-11-24"),
        ])
        desk.receive(decided("yes", true, day: 3))
        #expect(desk.borne == ["P-1032": 500_000, "P-2001": 500_000])
    }

    @Test func `E20: the end of the enterprise leaves its fine and the ledger alone`() {
        var desk = issued()
        desk.take([Town.fact(.enterpriseDeregistered, "end", at: issuedAt, of: "E-000451")])
        desk.receive(decided("yes", true, day: 3))
        #expect(desk.record("A22.attribution")?.phase == .met)
        #expect(desk.borne == ["P-1032": 500_000, "P-2001": 500_000])
    }

    @Test func `A fine of nothing is decided and borne with nothing`() {
        var desk = Desk("fine/1", at: issuedAt)
        desk.receive([
            Town.fact(.fineIssued, "issued", at: issuedAt, ["amountFen": 0]), decided("yes", true, day: 1),
        ])
        #expect(desk.borne == ["P-1032": 0, "P-2001": 0])
        #expect(desk.heard("N72").isEmpty)
    }
}
