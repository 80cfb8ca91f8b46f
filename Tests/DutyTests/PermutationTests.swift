import Duty
import Foundation
import Testing

/// Whatever the order and delay in which facts arrive, the same is true and believed in the end.
@Suite struct PermutationTests {
    private static let orders = setting("DUTYCLOCK_PERMUTATIONS") ?? 10_000
    private static let seed = setting("DUTYCLOCK_SEED").map { UInt64($0) } ?? UInt64.random(in: 0..<1 << 48)

    private static func setting(_ name: String) -> Int? {
        ProcessInfo.processInfo.environment[name].flatMap { Int($0) }
    }

    @Test(arguments: Scenario.all)
    func `Facts in any order come to the same truth, and nobody is left with a wrong belief`(
        _ scenario: Scenario
    ) {
        let inOrder = scenario.facts.map { ($0.receivedAt, $0) }.sorted { $0.0 < $1.0 }
        let reference = run(scenario, inOrder)
        let known = Beliefs.problems(reference)
        if !known.isEmpty {
            Issue.record("in order of arrival: \(known.sorted().joined(separator: "; "))")
            return
        }
        for index in 0..<max(1, Self.orders / Scenario.all.count) {
            let seed = Self.seed &+ UInt64(index)
            var random = SeededGenerator(seed: seed)
            let arrivals = scenario.facts.map { ($0.receivedAt + Self.delay(&random), $0) }
                .shuffled(using: &random).sorted { $0.0 < $1.0 }
            let desk = run(scenario, arrivals)
            let problems = Beliefs.problems(desk) + differences(desk, reference)
            if !problems.isEmpty {
                let order = arrivals.map { $0.1.key.id + "@" + $0.0.local }.joined(separator: ", ")
                Issue.record(
                    """
                    DUTYCLOCK_SEED=\(Self.seed), seed \(seed), order \(order): \
                    \(problems.sorted().joined(separator: "; "))
                    """
                )
                return
            }
        }
    }

    private static func delay(_ random: inout SeededGenerator) -> Span {
        switch Int.random(in: 0..<4, using: &random) {
        case 0: .zero
        case 1: .seconds(Int64.random(in: 0..<3_600, using: &random))
        case 2: .minutes(Int64.random(in: 0..<2_880, using: &random))
        default: .minutes(Int64.random(in: 0..<50_000, using: &random))
        }
    }

    private func run(_ scenario: Scenario, _ arrivals: [(Instant, Fact)]) -> Desk {
        var desk = Desk(scenario.matter, at: Town.monday - .days(1))
        for (moment, fact) in arrivals {
            desk.advance(to: max(moment, desk.now))
            desk.take([fact])
        }
        desk.advance(to: Scenario.end)
        return desk
    }

    /// How the end differs from the end of the reference.
    private func differences(_ desk: Desk, _ reference: Desk) -> [String] {
        func records(_ desk: Desk) -> [ObligationKey: MatterState.Record] {
            let kept = desk.state.records.filter { !$0.isWithdrawn }.map { record in
                var record = record
                record.warnedRung = 0
                return (record.key, record)
            }
            return Dictionary(uniqueKeysWithValues: kept)
        }
        func met(_ desk: Desk) -> [ObligationKey: Instant?] {
            Dictionary(uniqueKeysWithValues: (desk.derivation?.obligations ?? []).map { ($0.key, $0.metAt) })
        }
        var problems: [String] = []
        if records(desk) != records(reference) { problems.append("other records than in order") }
        if met(desk) != met(reference) { problems.append("other answers than in order") }
        if desk.borne.filter({ $0.value != 0 }) != reference.borne.filter({ $0.value != 0 }) {
            problems.append("other balances than in order")
        }
        return problems
    }
}
