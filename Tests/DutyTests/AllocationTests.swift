import Duty
import Testing

/// Shares of a fine: exact to the fen, fair, and independent of order.
@Suite struct AllocationTests {
    private static let leaders: RoleID = "park.leader"
    private static let staff: RoleID = "park.staff"

    private func rule(_ leader: Int64 = 1, _ staff: Int64 = 1) -> AllocationRule {
        AllocationRule(
            fines: FactPattern(.fineIssued),
            weights: [
                AllocationRule.Weight(role: Self.leaders, weight: leader),
                AllocationRule.Weight(role: Self.staff, weight: staff),
            ],
            heldRole: "office"
        )
    }

    private func people(_ value: Value?) -> [PersonRef] {
        value?.array?.compactMap { $0.string.map { PersonRef($0) } } ?? []
    }

    @Test func `Every counted example of money holds`() throws {
        let examples = try #require(Resource.json("money_vectors").array)
        #expect(examples.count >= 29)
        for example in examples {
            let weights = example["weights"]?.array?.compactMap(\.integer) ?? [1, 1]
            var rule = rule(weights[0], weights[1])
            rule.rounding = try #require(example["rounding"]?.string.flatMap { Rounding(rawValue: $0) })
            rule.emptyRole = try #require(
                example["emptyRole"]?.string.flatMap { AllocationRule.EmptyRole(rawValue: $0) }
            )
            let fine = Fen(try #require(example["fineFen"]?.integer))
            let result = rule.allocate(
                fine,
                holders: [Self.leaders: people(example["leaders"]), Self.staff: people(example["staff"])]
            )
            let shares = Dictionary(
                uniqueKeysWithValues: result.shares.map { ($0.person.text, $0.amount.amount) }
            )
            let expected = (example["alloc"]?.members ?? []).map { ($0.name, $0.value.integer ?? -1) }
            #expect(shares == Dictionary(uniqueKeysWithValues: expected), "\(example)")
            #expect(result.share.amount == example["shareFen"]?.integer)
            #expect(result.rest.amount == example["restFen"]?.integer)
            #expect(result.held.map(\.amount.amount).reduce(0, +) == example["heldFen"]?.integer)
        }
    }

    @Test func `Whatever the input, sums are exact, a role is fair, and order does not matter`() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededGenerator(seed: seed)
        for _ in 0..<5_000 {
            var rule = rule(Int64.random(in: 0...9, using: &random), Int64.random(in: 1...9, using: &random))
            rule.rounding = Rounding.allCases.randomElement(using: &random) ?? .floor
            rule.emptyRole = random.chance(50) ? .hold : .reassign
            rule.mode = random.chance(80) ? .together : .each
            rule.denominator = Int64.random(in: 2...10, using: &random)
            let fine = Fen(Int64.random(in: 0...(random.chance(50) ? 300 : Fen.limit.amount), using: &random))
            let crowd = (0..<12).map { PersonRef("P-\($0)") }.shuffled(using: &random)
            let leaders = Array(crowd.prefix(Int.random(in: 0...4, using: &random)))
            let staff = Array(crowd.suffix(Int.random(in: 0...5, using: &random)))
            let result = rule.allocate(fine, holders: [Self.leaders: leaders, Self.staff: staff])
            let again = rule.allocate(
                fine,
                holders: [
                    Self.leaders: leaders.shuffled(using: &random) + leaders,
                    Self.staff: staff.shuffled(using: &random),
                ]
            )
            let sum = (result.shares.map(\.amount) + result.held.map(\.amount)).reduce(.zero, +)
            #expect(again == result, "seed \(seed)")
            #expect(sum == result.share && result.share + result.rest == fine, "seed \(seed)")
            for role in [Self.leaders, Self.staff] {
                let amounts = result.shares.filter { $0.role == role }.map(\.amount.amount)
                #expect((amounts.max() ?? 0) - (amounts.min() ?? 0) <= 1, "seed \(seed)")
                #expect(amounts.allSatisfy { $0 >= 0 }, "seed \(seed)")
            }
        }
    }

    @Test(arguments: [Rounding.floor, .halfUp, .halfEven])
    func `A share is rounded as its rule says, up to the largest number there is`(_ rounding: Rounding) {
        let half = rounding.share(of: Fen(5), numerator: 1, denominator: 2)
        #expect(half == Fen(rounding == .halfUp ? 3 : 2))
        #expect(rounding.share(of: Fen(7), numerator: 1, denominator: 2) == Fen(rounding == .floor ? 3 : 4))
        #expect(rounding.share(of: Fen(2), numerator: 2, denominator: 3) == Fen(1))
        #expect(rounding.share(of: Fen(.max - 1), numerator: 1, denominator: 1) == Fen(.max - 1))
        #expect(rounding.share(of: Fen(.max - 1), numerator: .max, denominator: .max) == Fen(.max - 1))
        #expect(rounding.share(of: Fen(1), numerator: 1, denominator: 0) == nil)
        #expect(rounding.share(of: Fen(-1), numerator: 1, denominator: 2) == nil)
    }

    @Test func `A share that does not fit is no share, and brings nothing down`() async {
        await #expect(processExitsWith: .success) {
            let share = Rounding.floor.share(of: Fen(.max), numerator: 2, denominator: 1)
            #expect(share == nil)
        }
    }

    @Test func `Each mode makes both roles bear the whole share`() {
        var rule = rule()
        rule.mode = .each
        let result = rule.allocate(Fen(101), holders: [Self.leaders: ["L1"], Self.staff: ["S1", "S2"]])
        #expect(result.shares.map(\.amount.amount) == [50, 25, 25])
        #expect(result.share == Fen(100) && result.rest == Fen(1))
    }

    @Test func `An empty role's part goes to the others if the rule says so, but not a part of its own`() {
        var rule = rule()
        rule.emptyRole = .reassign
        let passedOn = rule.allocate(Fen(101), holders: [Self.staff: ["S1", "S2"]])
        #expect(passedOn.shares.map(\.amount.amount) == [25, 25] && passedOn.held.isEmpty)
        rule.mode = .each
        let own = rule.allocate(Fen(101), holders: [Self.staff: ["S1", "S2"]])
        #expect(own.shares.map(\.amount.amount) == [25, 25])
        #expect(own.held.map(\.role) == [Self.leaders] && own.held.map(\.amount) == [Fen(50)])
    }

    @Test(arguments: [AllocationRule.Mode.together, .each])
    func `A role without weight bears nothing, and nothing is lost by it`(_ mode: AllocationRule.Mode) {
        for emptyRole in [AllocationRule.EmptyRole.hold, .reassign] {
            var rule = rule(0, 1)
            rule.mode = mode
            rule.emptyRole = emptyRole
            let result = rule.allocate(Fen(100), holders: [Self.leaders: ["L1"], Self.staff: ["S1"]])
            #expect(result.shares.map(\.person) == ["S1"] && result.share == Fen(50))
            let held = rule.allocate(Fen(100), holders: [Self.leaders: ["L1"]])
            #expect(held.shares.isEmpty && held.held.map(\.amount) == [Fen(50)])
        }
    }

    @Test func `Without anybody at all the whole share is held`() {
        for emptyRole in [AllocationRule.EmptyRole.hold, .reassign] {
            var rule = rule()
            rule.emptyRole = emptyRole
            let result = rule.allocate(Fen(101), holders: [:])
            #expect(result.shares.isEmpty && result.held.map(\.amount.amount).reduce(0, +) == 50)
        }
    }

    @Test func `A single fen goes to the leader`() {
        let result = rule().allocate(Fen(3), holders: [Self.leaders: ["L1"], Self.staff: ["S1"]])
        #expect(result.shares.map(\.amount.amount) == [1, 0])
    }
}
