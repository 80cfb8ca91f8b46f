import Duty
import Storage

/// Corrections and voids, which may come before what they speak about.
extension Processor {
    mutating func learnAwaited() async throws {
        guard !knowsAwaited else { return }
        awaited = try await store.awaitedEvents()
        knowsAwaited = true
    }

    /// Finds the matters that corrections and voids speak about.
    func resolveTargets(_ arrivals: inout [(fact: Fact, origin: Origin?)]) async throws {
        let targets = arrivals.map(\.fact).filter { $0.kind == .recordCorrected || $0.kind == .recordVoided }
            .compactMap { $0.text("targetId") }
        guard !targets.isEmpty else { return }
        var known = try await store.locate(events: targets)
        for arrival in arrivals where known[arrival.fact.key.id] == nil {
            known[arrival.fact.key.id] = arrival.fact.matter
        }
        /// Where what still waits will be once this batch has brought what it waits for.
        func settled(_ matter: MatterID) -> MatterID {
            guard let awaited = matter.awaitedEvent, let found = known[awaited], !found.isWaiting
            else { return matter }
            return found
        }
        // A correction of a correction speaks about the matter of the first one, or waits where that one waits.
        for _ in 0..<Self.deepestChain {
            var isSettled = true
            for index in arrivals.indices where arrivals[index].fact.matter.isWaiting {
                guard let target = arrivals[index].fact.text("targetId"),
                    let matter = known[target].map(settled),
                    matter != arrivals[index].fact.matter
                else { continue }
                arrivals[index].fact.matter = matter
                known[arrivals[index].fact.key.id] = matter
                isSettled = false
            }
            if isSettled { return }
        }
    }

    /// So many corrections of corrections in one batch are followed at once.
    private static let deepestChain = 8

    mutating func adopt(
        waitingFor id: String,
        _ matter: MatterID,
        _ turn: inout Turn,
        _ prepared: inout Prepared
    ) async throws {
        let waitingID = MatterID.waiting(for: id)
        try await load([waitingID])
        guard var waiting = cache.take(waitingID), !waiting.facts.isEmpty else { return }
        for var fact in waiting.facts {
            fact.matter = matter
            cache.change(matter) { $0.facts.append(fact) }
            // A fact of this very batch is not on disk yet: it is written under its matter at once.
            if let index = prepared.commit.facts.firstIndex(where: { $0.key == fact.key }) {
                prepared.commit.facts[index].matter = matter
            } else {
                prepared.commit.moves.append((event: fact.key, to: matter))
            }
        }
        waiting.facts = []
        cache.put(waiting)
        turn.touch(waitingID)
        awaited.remove(id)
    }
}
