import Duty
import Foundation
import Testing

/// What holds of the ledger whatever happens, in whatever order.
@Suite struct LedgerPropertyTests {
    private static let histories = setting("DUTYCLOCK_FINES") ?? 1_500
    private static let seed = setting("DUTYCLOCK_SEED").map { UInt64($0) } ?? UInt64.random(in: 0..<1 << 48)

    private static func setting(_ name: String) -> Int? {
        ProcessInfo.processInfo.environment[name].flatMap { Int($0) }
    }

    /// Long after everything in a history.
    private static let later = Town.monday + .days(60)

    private static func desk(_ fine: RandomFine) -> Desk {
        var desk = Desk("fine/1", at: later)
        desk.policy = fine.policy
        return desk
    }

    /// Takes the facts one a minute; nil after noting what went wrong on the way.
    private static func desk(_ fine: RandomFine, _ facts: [Fact], _ seed: UInt64) -> Desk? {
        var desk = desk(fine)
        for fact in facts {
            desk.step(at: desk.now + .minutes(1))
            desk.take([fact])
            let problems = ShareBeliefs.problems(desk)
            guard problems.isEmpty else {
                note(seed, facts, problems + ["after \(fact.key.id)"])
                return nil
            }
        }
        return desk
    }

    private static func note(_ seed: UInt64, _ facts: [Fact], _ problems: [String]) {
        let lines = facts.map {
            "\($0.key.id) \($0.kind.rawValue) \($0.at.local) \(JSONWriter.text($0.data))"
        }
        Issue.record(
            "DUTYCLOCK_SEED=\(seed): \(problems.joined(separator: "; "))\n  \(lines.joined(separator: "\n  "))"
        )
    }

    /// What the ledger comes to, whatever entries led there.
    private static func end(_ desk: Desk) -> [LedgerAccount: Fen] {
        TrialBalance(desk.postings).accounts.filter { $0.value != .zero }
    }

    private static func shares(_ desk: Desk) -> [String: Fen] {
        let shares = desk.state.posted.map { ("\($0.role) \($0.person?.text ?? "")", $0.amount) }
        return Dictionary(uniqueKeysWithValues: shares).filter { $0.value != .zero }
    }

    @Test func `At every step of any history the books balance, and each knows exactly their own share`() {
        for index in 0..<Self.histories {
            let seed = Self.seed &+ UInt64(index)
            let fine = RandomFine(seed: seed)
            guard let desk = Self.desk(fine, fine.facts, seed) else { return }
            let ids = desk.postings.map(\.entryID)
            if Set(ids).count != ids.count { return Self.note(seed, fine.facts, ["an entry twice: \(ids)"]) }
        }
    }

    @Test func `Any order of the same facts comes to the same balances and leaves each knowing the same`() {
        for index in 0..<Self.histories / 3 {
            let seed = Self.seed &+ UInt64(index)
            let fine = RandomFine(seed: seed)
            var random = SeededGenerator(seed: seed &+ 1)
            var fresh = Self.desk(fine)
            fresh.take(fine.facts)
            for _ in 0..<4 {
                let order = fine.facts.shuffled(using: &random)
                guard let desk = Self.desk(fine, order, seed) else { return }
                guard Self.end(desk) == Self.end(fresh), Self.shares(desk) == Self.shares(fresh) else {
                    let found = "\(Self.end(desk)), \(Self.shares(desk))"
                    return Self.note(seed, order, ["\(found) instead of \(Self.end(fresh))"])
                }
            }
        }
    }

    @Test func `What is on record is not posted again, however often it is looked at`() {
        for index in 0..<Self.histories / 10 {
            let seed = Self.seed &+ UInt64(index)
            var desk = Self.desk(RandomFine(seed: seed))
            desk.take(RandomFine(seed: seed).facts)
            let (entries, messages) = (desk.postings.count, desk.notifications.count)
            for _ in 0..<3 { desk.step(at: desk.now + .days(1)) }
            #expect(desk.postings.count == entries, "seed \(seed)")
            #expect(desk.notifications.filter { $0.rule == "A22.share" }.count <= messages, "seed \(seed)")
        }
    }
}
