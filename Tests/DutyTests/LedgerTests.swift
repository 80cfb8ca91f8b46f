import Duty
import Testing

/// The ledger under corrections, voids and settlements.
@Suite struct LedgerTests {
    private let issuedAt = Town.monday
    private func after(_ days: Int64) -> Instant { issuedAt + .days(days) }

    private func shared() -> Desk {
        var desk = Desk("fine/1", at: issuedAt)
        desk.receive([
            Town.fact(.fineIssued, "issued", at: issuedAt), Town.fact(.fineAttributed, "yes", at: after(1)),
        ])
        return desk
    }

    private func settlement(_ id: String, _ amount: Int64, day: Int64) -> Fact {
        Town.fact(.fineShareSettled, id, at: after(day), ["amountFen": .integer(amount)])
    }

    private func settled(_ desk: Desk) -> Int64 {
        desk.postings.filter { $0.kind == .settle || $0.kind == .refund }.map(\.amount.amount).reduce(0, +)
    }

    @Test func `E22: a voided fine is as if it had never been, and so are its shares`() {
        var desk = shared()
        desk.receive(Town.void("void", of: "issued", .fineIssued, at: after(2)))
        #expect(desk.borne == ["P-1032": 0, "P-2001": 0])
        #expect(desk.heard("N73") == ["P-1032", "P-2001"])
    }

    @Test func `E22: a voided decision reverses the shares`() {
        var desk = shared()
        desk.receive(Town.void("void", of: "yes", .fineAttributed, at: after(2)))
        #expect(desk.borne == ["P-1032": 0, "P-2001": 0])
        #expect(desk.record("A22.attribution")?.phase == .open)
    }

    @Test func `E21: a corrected amount is posted as the difference`() {
        var desk = shared()
        desk.receive(
            Town.correction("fix", of: "issued", .fineIssued, at: after(2), ["amountFen": 1_000_000])
        )
        #expect(desk.borne == ["P-1032": 250_000, "P-2001": 250_000])
    }

    @Test func `A fine that turns out to lie outside the park is borne by nobody`() {
        var desk = shared()
        desk.enterpriseFacts.append(
            Town.correction("fix", of: "reg", .enterpriseRegistered, at: after(2), ["inPark": false])
        )
        desk.take([])
        #expect(desk.borne == ["P-1032": 0, "P-2001": 0])
    }

    @Test func `A settlement is posted once with what remains`() throws {
        var desk = shared()
        desk.receive(settlement("v1", 200_000, day: 3))
        let entry = try #require(desk.postings.last)
        #expect(entry.kind == .settle && entry.amount == Fen(200_000) && entry.balanceAfter == Fen(300_000))
        desk.advance(by: .days(3))
        #expect(settled(desk) == 200_000)
    }

    @Test func `The balance after an adjustment still knows what was settled`() throws {
        var desk = shared()
        desk.receive([
            settlement("v1", 200_000, day: 3),
            Town.fact(.fineRevised, "rev", at: after(4), ["amountFen": 1_200_000]),
        ])
        let entry = try #require(desk.postings.last { $0.person == "P-1032" && $0.kind == .adjust })
        #expect(entry.balanceAfter == Fen(100_000))
        #expect(desk.state.refundDue.isEmpty)
    }

    @Test func `What was settled beyond a share that became smaller is due back, by an entry of its own`()
        throws
    {
        var desk = shared()
        desk.receive([
            settlement("v1", 500_000, day: 3),
            Town.fact(.fineRevised, "rev", at: after(4), ["amountFen": 1_200_000]),
        ])
        let entry = try #require(desk.postings.last)
        #expect(entry.kind == .refundDue && entry.person == "P-1032" && entry.amount == Fen(200_000))
        #expect(entry.balanceAfter == .zero && entry.cause?.id == "rev" && entry.revision == 2)
        #expect(entry.entryID == "1|2|AD-1|P-1032|refundDue")
        #expect(desk.state.refundDue == ["P-1032": Fen(200_000)])
        let balance = try #require(LedgerBalance.all(desk.postings).first { $0.person == "P-1032" })
        #expect(balance.share == Fen(300_000) && balance.settled == Fen(500_000))
        #expect(balance.refundDue == Fen(200_000) && balance.outstanding == .zero)
    }

    @Test func `Somebody who settles more than their share has the rest due back at once`() throws {
        var desk = shared()
        desk.receive(settlement("v1", 500_001, day: 3))
        let entry = try #require(desk.postings.last)
        #expect(entry.kind == .refundDue && entry.amount == Fen(1) && entry.cause?.id == "v1")
    }

    @Test func `What is given back is no longer due`() {
        var desk = shared()
        desk.receive([
            settlement("v1", 500_000, day: 3),
            Town.fact(.fineRevised, "rev", at: after(4), ["amountFen": 1_200_000]),
            settlement("v2", -150_000, day: 5),
        ])
        let last = desk.postings.suffix(2)
        #expect(last.map(\.kind) == [.refund, .refundDue])
        #expect(last.map(\.amount) == [Fen(-150_000), Fen(-150_000)])
        #expect(desk.state.refundDue == ["P-1032": Fen(50_000)])
    }

    @Test func `What is due back counts for a share that grows again`() throws {
        var desk = shared()
        desk.receive([
            settlement("v1", 500_000, day: 3),
            Town.fact(.fineRevised, "rev", at: after(4), ["amountFen": 1_200_000]),
            Town.fact(.fineRevised, "rev3", at: after(5), ["revision": 3, "amountFen": 4_000_000]),
        ])
        let entry = try #require(desk.postings.last)
        #expect(entry.kind == .refundDue && entry.amount == Fen(-200_000))
        #expect(entry.balanceAfter == Fen(500_000) && desk.state.refundDue.isEmpty)
    }

    @Test func `E22: after a fine was voided, what was settled on it is due back, whatever came first`() {
        let void = Town.void("void", of: "issued", .fineIssued, at: after(4))
        for facts in [[settlement("v1", 200_000, day: 3), void], [void, settlement("v1", 200_000, day: 3)]] {
            var desk = shared()
            desk.advance(to: after(5))
            for fact in facts { desk.take([fact]) }
            #expect(desk.borne == ["P-1032": 0, "P-2001": 0])
            #expect(desk.state.refundDue == ["P-1032": Fen(200_000)])
        }
    }

    @Test func `What somebody without a share settles is due back to them`() {
        var desk = shared()
        desk.receive(
            Town.fact(.fineShareSettled, "v1", at: after(3), ["personRef": "P-1077", "amountFen": 700])
        )
        #expect(desk.state.refundDue == ["P-1077": Fen(700)])
        #expect(desk.postings.last?.role == "")
    }

    @Test func `E22: a voided settlement is taken out of the ledger again`() {
        var desk = shared()
        desk.receive([
            settlement("v1", 200_000, day: 3), Town.void("void", of: "v1", .fineShareSettled, at: after(4)),
        ])
        #expect(settled(desk) == 0)
        #expect(desk.postings.suffix(2).map(\.kind) == [.settle, .settle], "nobody was given anything back")
    }

    @Test func `E21: a corrected settlement is posted as the difference`() {
        var desk = shared()
        desk.receive([
            settlement("v1", 200_000, day: 3),
            Town.correction("fix", of: "v1", .fineShareSettled, at: after(4), ["amountFen": 20_000]),
        ])
        #expect(settled(desk) == 20_000)
    }

    @Test func `E21: a settlement that was somebody else's moves to them`() {
        var desk = shared()
        desk.receive([
            settlement("v1", 200_000, day: 3),
            Town.correction("fix", of: "v1", .fineShareSettled, at: after(4), ["personRef": "P-2001"]),
        ])
        let balances = LedgerBalance.all(desk.postings).map { ($0.person, $0.settled) }
        #expect(balances.map(\.0) == ["P-1032", "P-2001"] && balances.map(\.1) == [.zero, Fen(200_000)])
    }

    @Test func `Somebody who is leader and staff hears of both shares`() {
        var desk = Desk("fine/1", at: issuedAt)
        desk.take([
            Town.ended("RA-1", at: issuedAt - .days(1)), Town.assigned("RA-5", "P-2001", "park.staff"),
        ])
        desk.receive([
            Town.fact(.fineIssued, "issued", at: issuedAt), Town.fact(.fineAttributed, "yes", at: after(1)),
        ])
        #expect(desk.borne == ["P-2001": 1_000_000])
        let keys = desk.notifications.map(\.key)
        #expect(Set(keys).count == keys.count)
    }

    @Test func `Entry numbers are never used twice, however often a decision changes`() {
        var desk = shared()
        for day in 2..<12 {
            desk.receive(
                Town.fact(
                    .fineAttributed,
                    "again\(day)",
                    at: after(Int64(day)),
                    ["attributable": .bool(day % 2 == 1), "decisionId": "AD-1"]
                )
            )
        }
        let ids = desk.postings.map(\.entryID)
        #expect(Set(ids).count == ids.count)
        #expect(desk.borne == ["P-1032": 500_000, "P-2001": 500_000])
    }

    @Test func `Numbers with the separator in them cannot make two entries share an id`() {
        func ids(_ number: String, _ decision: Value) -> [String] {
            var desk = Desk(MatterID(type: .fine, number: number), at: issuedAt)
            desk.receive([
                Town.fact(.fineIssued, "issued", at: issuedAt, of: number),
                Town.fact(.fineAttributed, "yes", at: after(1), of: number, ["decisionId": decision]),
            ])
            return desk.postings.map(\.entryID)
        }
        let (one, other) = (ids("1", "1|AD"), ids("1|1", "AD"))
        #expect(one.count == 2 && Set(one).isDisjoint(with: other))
        #expect(Set(ids("1", "A%7C")).isDisjoint(with: ids("1", "A|")))
    }

    @Test func `Each entry is booked between two accounts, and one below zero takes back`() throws {
        var desk = shared()
        desk.receive(Town.fact(.fineRevoked, "off", at: after(3)))
        let first = try #require(desk.postings.first).booking
        #expect(first.debit.name == "责任人应承担/P-2001" && first.credit.name == "待认定分担/1")
        let last = try #require(desk.postings.last)
        #expect(last.kind == .reverse && last.amount == Fen(-500_000))
        #expect(last.booking.debit.name == "责任人应承担/P-1032" && last.booking.credit.name == "待认定分担/1")
        desk.receive(settlement("v1", 7, day: 4))
        let books = TrialBalance(desk.postings)
        #expect(books.total == .zero && books.accounts[LedgerAccount(.settled)] == Fen(7))
        #expect(books.accounts[LedgerAccount(.refundDue, "P-1032")] == Fen(-7))
    }

    @Test func `An amount that a correction makes absurd brings nothing down`() async {
        await #expect(processExitsWith: .success) {
            for amount in [Int64.min, .max, -1] as [Int64] {
                var desk = Desk("fine/1", at: Town.monday)
                desk.receive([
                    Town.fact(.fineIssued, "issued", at: Town.monday),
                    Town.fact(.fineAttributed, "yes", at: Town.monday),
                    Town.fact(.fineShareSettled, "v1", at: Town.monday),
                    Town.fact(.fineShareSettled, "v2", at: Town.monday),
                ])
                for target in ["issued", "v1", "v2"] {
                    desk.receive(
                        Town.correction(
                            "fix" + target,
                            of: target,
                            .fineShareSettled,
                            at: Town.monday,
                            ["amountFen": .integer(amount)]
                        )
                    )
                }
            }
        }
    }
}
