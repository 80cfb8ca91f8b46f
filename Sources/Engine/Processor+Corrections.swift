import Duty
import Storage

/// Corrections and voids, which may come before what they speak about.
///
/// Each stands in the matter of its target, or waits. Whenever a correction, a void or a possible target of one comes,
/// those that are about the same id find their places anew, so that the order in which all of them came means nothing.
extension Processor {
    mutating func learnAddressed() async throws {
        guard !knowsAddressed else { return }
        addressed = try await store.addressedEvents()
        knowsAddressed = true
    }

    /// Gives corrections and voids their places, among them those on record that have another one now.
    mutating func resolveTargets(
        _ arrivals: inout [(fact: Fact, origin: Origin?)],
        _ turn: inout Turn,
        _ prepared: inout Prepared
    ) async throws {
        var asked: Set<String> = []
        for arrival in arrivals {
            if let target = arrival.fact.addressedEvent { asked.insert(target) }
            let id = arrival.fact.key.id
            if !addressed.isEmpty, addressed.contains(id) { asked.insert(id) }
        }
        guard !asked.isEmpty else { return }
        let known = KnownEvents(try await events(around: asked, arrivals.map(\.fact)))
        for index in arrivals.indices {
            guard let target = arrivals[index].fact.addressedEvent else { continue }
            addressed.insert(target)
            arrivals[index].fact.matter = known.home(of: arrivals[index].fact)
        }
        for fact in known.onRecord where fact.addressedEvent != nil {
            let home = known.home(of: fact)
            if home != fact.matter { try await move(fact, to: home, &turn, &prepared) }
        }
    }

    /// All that is linked to these ids by what corrections and voids are about, on record or arriving just now.
    private func events(around ids: Set<String>, _ arriving: [Fact]) async throws -> [Found] {
        var found: [Found] = []
        var asked: Set<String> = []
        var next = ids
        while !next.isEmpty {
            asked.formUnion(next)
            let onRecord = try await store.events(around: next.sorted())
            let coming = arriving.filter { fact in
                next.contains(fact.key.id) || fact.addressedEvent.map { next.contains($0) } ?? false
            }
            found += onRecord.map { Found(fact: $0, isOnRecord: true) }
            found += coming.map { Found(fact: $0, isOnRecord: false) }
            let linked = (onRecord + coming).filter { $0.addressedEvent != nil }
            next = Set(linked.flatMap { [$0.key.id, $0.addressedEvent ?? ""] }).subtracting(asked)
        }
        return found
    }

    fileprivate struct Found {
        let fact: Fact
        let isOnRecord: Bool
    }

    private mutating func move(
        _ fact: Fact,
        to home: MatterID,
        _ turn: inout Turn,
        _ prepared: inout Prepared
    ) async throws {
        try await load([fact.matter, home])
        var moved = fact
        moved.matter = home
        _ = cache.change(fact.matter) { $0.facts.removeAll { $0.key == fact.key } }
        if cache.change(home, { $0.facts.append(moved) }) == nil {
            var matter = newMatter(home)
            matter.facts.append(moved)
            cache.put(matter)
        }
        prepared.commit.moves.append((event: fact.key, to: home))
        for fact in [fact, moved] {
            turn.touch(fact.matter)
            try await touchOthers(because: fact, &turn)
        }
    }
}

/// Events that corrections and voids can be about, each once, as it is on record where it is.
private struct KnownEvents {
    private var facts: [EventKey: Fact] = [:]
    private var byID: [String: [RecordIdentity]] = [:]
    /// In the order in which they came.
    private(set) var onRecord: [Fact] = []

    init(_ found: [Processor.Found]) {
        for item in found.filter(\.isOnRecord) + found.filter({ !$0.isOnRecord }) {
            guard facts.updateValue(facts[item.fact.key] ?? item.fact, forKey: item.fact.key) == nil else {
                continue
            }
            byID[item.fact.key.id, default: []].append(RecordIdentity(item.fact))
            if item.isOnRecord { onRecord.append(item.fact) }
        }
    }

    /// The matter of what a fact is about in the end, or the place where it waits for that.
    func home(of fact: Fact) -> MatterID {
        var fact = fact
        var seen: Set<EventKey> = [fact.key]
        while let id = fact.addressedEvent {
            guard let key = RecordTarget(fact)?.choice(among: byID[id] ?? []), let target = facts[key],
                seen.insert(key).inserted
            else { return .waiting(for: id) }
            fact = target
        }
        return fact.matter
    }
}
