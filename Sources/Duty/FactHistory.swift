/// The facts of a matter after its corrections and voids, in the order of their own time.
package enum FactHistory {
    /// The facts that count.
    ///
    /// Acknowledgements, escalations by hand, corrections and voids are taken out; a fact that was voided is as if
    /// it had never been. A void can itself be voided, and so can a correction.
    package static func effective(_ facts: [Fact]) -> [Fact] {
        guard facts.contains(where: { $0.kind == .recordVoided || $0.kind == .recordCorrected }) else {
            return ordered(
                facts.contains(where: \.kind.isAboutTelling)
                    ? facts.filter { !$0.kind.isAboutTelling } : facts
            )
        }
        let voided = voidedIDs(facts)
        let corrections = facts.filter { $0.kind == .recordCorrected && !voided.contains($0.key.id) }
            .sorted(by: Fact.precedes)
        return facts.filter { isPlain($0) && !voided.contains($0.key.id) }
            .map { fact in
                corrections.filter { $0.text("targetId") == fact.key.id }.reduce(fact, corrected)
            }
            .sorted(by: Fact.precedes)
    }

    /// Facts mostly come in their own order.
    private static func ordered(_ facts: [Fact]) -> [Fact] {
        for index in facts.indices.dropFirst() where Fact.precedes(facts[index], facts[index - 1]) {
            return facts.sorted(by: Fact.precedes)
        }
        return facts
    }

    /// The acknowledgements, or the escalations by hand, that count, in the order of their own time.
    package static func facts(of kind: EventKind, in facts: [Fact]) -> [Fact] {
        let all = facts.filter { $0.kind == kind }
        guard !all.isEmpty else { return [] }
        let voided = facts.contains { $0.kind == .recordVoided } ? voidedIDs(facts) : []
        return all.filter { !voided.contains($0.key.id) }.sorted(by: Fact.precedes)
    }

    /// Whose matter it is: the enterprise of the earliest fact, whatever order they came in.
    ///
    /// A correction, a void or an acknowledgement only repeats what it says of its target's.
    package static func enterprise(_ facts: [Fact]) -> EnterpriseID? {
        var earliest: Fact?
        var spare: EnterpriseID?
        for fact in facts where fact.enterprise != nil {
            guard isPlain(fact) else {
                spare = spare ?? fact.enterprise
                continue
            }
            if earliest.map({ Fact.precedes(fact, $0) }) ?? true { earliest = fact }
        }
        return earliest?.enterprise ?? spare
    }

    private static func isPlain(_ fact: Fact) -> Bool {
        switch fact.kind {
        case .recordCorrected, .recordVoided: false
        default: !fact.kind.isAboutTelling
        }
    }

    /// A correction after which the data would no longer be an event of its kind changes nothing.
    private static func corrected(_ fact: Fact, by correction: Fact) -> Fact {
        let patched = fact.patched(by: correction.data["patch"] ?? .object([]))
        return EventValidation.accepts(patched.data, for: fact.kind) ? patched : fact
    }

    /// A void counts unless a void that counts speaks about it; voids that void each other in a ring count in
    /// the order of their own time.
    private static func voidedIDs(_ facts: [Fact]) -> Set<String> {
        let voids = facts.filter { $0.kind == .recordVoided }.sorted(by: Fact.precedes)
        let ids = Set(voids.map(\.key.id))
        var counts: [String: Bool] = [:]
        var undecided = voids
        while !undecided.isEmpty {
            let settled = undecided.filter { void in
                let against = undecided.contains { $0.text("targetId") == void.key.id && $0.key != void.key }
                return !against
            }
            for void in settled.isEmpty ? [undecided[0]] : settled {
                let isVoided = voids.contains {
                    $0.text("targetId") == void.key.id && counts[$0.key.id] == true
                }
                counts[void.key.id] = !isVoided
            }
            undecided.removeAll { counts[$0.key.id] != nil }
        }
        return Set(
            voids.filter { counts[$0.key.id] == true }.compactMap { $0.text("targetId") }
                + ids.filter { counts[$0] == false }
        )
    }
}
