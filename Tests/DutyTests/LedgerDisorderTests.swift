import Duty
import Testing

/// Rows of the table of disorder that concern fines, down to the last entry.
@Suite struct LedgerDisorderTests {
    private let issuedAt = Town.monday
    private func after(_ days: Int64) -> Instant { issuedAt + .days(days) }

    private var issued: Fact { Town.fact(.fineIssued, "issued", at: issuedAt) }

    private func decided(_ id: String, _ yes: Bool, day: Int64) -> Fact {
        Town.fact(
            .fineAttributed,
            id,
            at: after(day),
            ["attributable": .bool(yes), "decisionId": .string("AD-" + id)]
        )
    }

    private func revised(_ number: Int64, _ amount: Int64, _ id: String? = nil) -> Fact {
        Town.fact(
            .fineRevised,
            id ?? "rev\(number)",
            at: after(1 + number),
            ["revision": .integer(number), "amountFen": .integer(amount)]
        )
    }

    private func orders(_ facts: [Fact]) -> [[Fact]] {
        guard let first = facts.first else { return [[]] }
        return orders(Array(facts.dropFirst())).flatMap { rest in
            (0...rest.count).map { Array(rest[..<$0]) + [first] + Array(rest[$0...]) }
        }
    }

    /// A desk that gets the facts one after the other, long after all of them.
    private func desk(_ facts: [Fact]) -> Desk {
        var desk = Desk("fine/1", at: after(40))
        for fact in facts {
            desk.step(at: desk.now + .minutes(1))
            desk.take([fact])
        }
        return desk
    }

    @Test func `E16: in every order revisions count by their numbers, and a gap waits`() {
        let facts = [issued, decided("yes", true, day: 1), revised(2, 1_200_000), revised(4, 80)]
        for order in orders(facts) {
            var desk = desk(order)
            let names = order.map(\.key.id)
            #expect(desk.borne == ["P-1032": 300_000, "P-2001": 300_000], "\(names)")
            #expect(desk.postings.last?.revision == 2, "\(names)")
            desk.take([revised(3, 90)])
            #expect(desk.borne == ["P-1032": 20, "P-2001": 20], "\(names)")
            #expect(desk.postings.last?.revision == 4)
        }
    }

    @Test
    func `E16: of two revisions with one number the earlier counts, and neither once there is a later one`() {
        let facts = [issued, decided("yes", true, day: 1), revised(2, 1_200_000), revised(2, 9_999, "zwei")]
        for order in orders(facts) {
            var desk = desk(order)
            #expect(desk.borne == ["P-1032": 300_000, "P-2001": 300_000], "\(order.map(\.key.id))")
            desk.take([revised(3, 80)])
            let before = desk.postings.count
            desk.take([revised(2, 7_777, "drei")])
            #expect(desk.borne == ["P-1032": 20, "P-2001": 20] && desk.postings.count == before)
        }
    }

    @Test func `E17: in every order the decision that is later by its own time wins, by way of adjustments`()
        throws
    {
        let facts = [
            issued, decided("a", true, day: 1), decided("b", false, day: 2), decided("c", true, day: 3),
        ]
        for order in orders(facts) {
            let desk = desk(order)
            #expect(desk.borne == ["P-1032": 500_000, "P-2001": 500_000], "\(order.map(\.key.id))")
            let sums = Dictionary(grouping: desk.postings, by: \.person).mapValues { $0.map(\.amount).sum }
            #expect(sums == ["P-1032": Fen(500_000), "P-2001": Fen(500_000)])
        }
        let desk = desk(facts)
        #expect(
            desk.postings.map(\.kind) == [.allocate, .allocate, .reverse, .reverse, .adjust, .adjust]
        )
        #expect(desk.postings.last?.entryID == "1|1|AD-c|P-1032|adjust")
    }

    @Test func `E17: proportions of the decision that wins count, and only those`() {
        let uneven = decided("a", true, day: 1).with(["weights": ["park.staff": 1]])
        for order in orders([issued, uneven, decided("b", true, day: 2)]) {
            #expect(desk(order).borne.filter { $0.value != 0 } == ["P-1032": 500_000, "P-2001": 500_000])
        }
        #expect(desk([issued, uneven]).borne == ["P-1032": 1_000_000])
    }

    @Test func `E18: a decision taken back reverses shares and held parts, and what was settled is due back`()
    {
        let settled = Town.fact(.fineShareSettled, "v1", at: after(2), ["amountFen": 400_000])
        let vacant = Town.ended("RA-3", at: issuedAt - .days(1))
        let facts = [vacant, issued, decided("yes", true, day: 1), settled, decided("no", false, day: 3)]
        for order in orders(facts) {
            let desk = desk(order)
            let names = order.map(\.key.id)
            #expect(desk.borne.allSatisfy { $0.value == 0 }, "\(names)")
            #expect(desk.state.refundDue == ["P-1032": Fen(400_000)], "\(names)")
            #expect(ShareBeliefs.problems(desk) == [], "\(names)")
        }
        let kinds = desk(facts).postings.map(\.kind)
        #expect(kinds == [.allocate, .hold, .settle, .reverse, .reverse, .refundDue])
    }
}
