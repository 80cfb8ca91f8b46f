import Duty
import Foundation
import Testing

/// The core against the naive model, on histories from a seed, at every arrival and long after.
@Suite struct ModelTests {
    private static let histories = setting("DUTYCLOCK_HISTORIES") ?? 1_000
    private static let seed = setting("DUTYCLOCK_SEED").map { UInt64($0) } ?? UInt64.random(in: 0..<1 << 48)

    private static func setting(_ name: String) -> Int? {
        ProcessInfo.processInfo.environment[name].flatMap { Int($0) }
    }

    @Test(arguments: [MatterType.complaint, .case, .penalty, .fine])
    func `Any history stands at any moment as the model says, and leaves nobody with a wrong belief`(
        _ type: MatterType
    ) {
        for index in 0..<Self.histories {
            let seed = Self.seed &+ UInt64(index)
            let history = RandomHistory(type, seed: seed)
            if let problem = Self.problem(history, seed) {
                let facts = history.facts.map(Self.line).joined(separator: "\n  ")
                Issue.record("DUTYCLOCK_SEED=\(seed): \(problem)\n  \(facts)")
                return
            }
        }
    }

    private static func problem(_ history: RandomHistory, _ seed: UInt64) -> String? {
        var random = SeededGenerator(seed: seed)
        var desk = Desk(history.matter, at: Town.monday - .days(30))
        for fact in history.facts {
            desk.receive(fact)
            if let problem = difference(desk) { return problem }
            if random.chance(40) {
                desk.advance(by: .minutes(Int64.random(in: 1...40, using: &random)))
                if let problem = difference(desk) { return problem }
            }
        }
        if let problem = difference(desk) { return problem }
        desk.advance(to: max(desk.now + .minutes(4_000), Town.monday + .minutes(8_000)))
        if let problem = difference(desk) { return problem }
        desk.advance(by: .days(90))
        let problems = Beliefs.problems(desk)
        return problems.isEmpty ? nil : problems.sorted().joined(separator: "; ")
    }

    private static func difference(_ desk: Desk) -> String? {
        let model = NaiveModel(facts: desk.facts, books: desk.enterpriseFacts, now: desk.now)
        let wanted: [String: NaiveModel.Standing] =
            switch desk.matter.type {
            case .complaint: model.complaint()
            case .case: model.gate("A25.case")
            case .penalty: model.gate("A25.penalty")
            default: model.attribution()
            }
        let found = standings(desk)
        if wanted != found { return "at \(model.now): the model says \(wanted), the core \(found)" }
        let borne = desk.borne.filter { $0.value != 0 }
        return desk.matter.type == .fine && model.ledger() != borne
            ? "at \(model.now): the model shares \(model.ledger()), the ledger \(borne)" : nil
    }

    private static func standings(_ desk: Desk) -> [String: NaiveModel.Standing] {
        var found: [String: NaiveModel.Standing] = [:]
        for record in desk.state.records where !record.isWithdrawn && record.kind != "notice" {
            found["\(record.key.rule) #\(record.key.cycle)"] = NaiveModel.Standing(
                openedAt: NaiveModel.minute(record.openedAt),
                dueAt: record.dueAt.map(NaiveModel.minute) ?? -1,
                phase: record.phase.rawValue
            )
        }
        return found
    }

    static func line(_ fact: Fact) -> String {
        let minutes = "\(NaiveModel.minute(fact.at)) (arrived \(NaiveModel.minute(fact.receivedAt)))"
        return "\(fact.key.id) \(fact.kind.rawValue) \(minutes) \(JSONWriter.text(fact.data))"
    }
}
