/// The facts of a matter after its corrections and voids, in the order of their own time.
package enum FactHistory {
    /// The facts that count.
    ///
    /// Acknowledgements, escalations by hand, corrections and voids are taken out; a fact that was voided is as if
    /// it had never been. A void can itself be voided, and so can a correction.
    package static func effective(_ facts: [Fact]) -> [Fact] {
        guard facts.contains(where: \.isAmendment) else {
            return ordered(
                facts.contains(where: \.kind.isAboutTelling)
                    ? facts.filter { !$0.kind.isAboutTelling } : facts
            )
        }
        let targets = targets(facts)
        let voided = voided(facts, targets)
        let corrections = facts.filter { $0.kind == .recordCorrected && !voided.contains($0.key) }
            .sorted(by: Fact.precedes)
        return facts.filter { isPlain($0) && !voided.contains($0.key) }
            .map { fact in
                corrections.filter { targets[$0.key] == fact.key }.reduce(fact, corrected)
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
        let voided = facts.contains { $0.kind == .recordVoided } ? voided(facts, targets(facts)) : []
        return all.filter { !voided.contains($0.key) }.sorted(by: Fact.precedes)
    }

    /// Whose matter it is: the enterprise of the fact that opens it, as far as it counts and with what was corrected of
    /// it; else that of the fact that would come next.
    ///
    /// What opens a matter stands first among the kinds of events, whatever time the others claim. A matter of which
    /// nothing counts any more stays with the enterprise that it was entered for. Something restricted is nobody's.
    package static func enterprise(of matter: MatterID, _ facts: [Fact]) -> EnterpriseID? {
        guard let type = matter.type, type.belongsToEnterprise else { return nil }
        if type == .enterprise { return EnterpriseID(matter.number) }
        guard facts.contains(where: \.isAmendment) else { return opener(facts)?.enterprise }
        let counting = effective(facts)
        return opener(counting.isEmpty ? facts : counting)?.enterprise
    }

    /// The first of the plain facts, by kind before time, that says whose its matter is; nil if one is restricted.
    private static func opener(_ facts: [Fact]) -> Fact? {
        var first: Fact?
        for fact in facts where isPlain(fact) {
            if EventValidation.isRestricted(fact) { return nil }
            if fact.enterprise != nil, first.map({ opens(fact, before: $0) }) ?? true { first = fact }
        }
        return first
    }

    private static func opens(_ fact: Fact, before other: Fact) -> Bool {
        fact.kind == other.kind ? Fact.precedes(fact, other) : fact.kind.ordinal < other.kind.ordinal
    }

    private static func isPlain(_ fact: Fact) -> Bool { !fact.isAmendment && !fact.kind.isAboutTelling }

    /// A correction after which the data would no longer be an event of its kind changes nothing.
    private static func corrected(_ fact: Fact, by correction: Fact) -> Fact {
        let patched = fact.patched(by: correction.data["patch"] ?? .object([]))
        return EventValidation.accepts(patched.data, for: fact.kind) ? patched : fact
    }

    /// The events that corrections and voids are about, by the keys of these.
    private static func targets(_ facts: [Fact]) -> [EventKey: EventKey] {
        let wanted = facts.compactMap { fact in RecordTarget(fact).map { (key: fact.key, target: $0) } }
        let ids = Set(wanted.map(\.target.id))
        let known = Dictionary(
            grouping: facts.lazy.filter { ids.contains($0.key.id) }.map(RecordIdentity.init),
            by: \.key.id
        )
        var targets: [EventKey: EventKey] = [:]
        for (key, target) in wanted { targets[key] = target.choice(among: known[target.id] ?? []) }
        return targets
    }

    /// A void counts unless a void that counts speaks about it; voids that void each other in a ring count in
    /// the order of their own time.
    private static func voided(_ facts: [Fact], _ targets: [EventKey: EventKey]) -> Set<EventKey> {
        let voids = facts.filter { $0.kind == .recordVoided }.sorted(by: Fact.precedes).map(\.key)
        var counts: [EventKey: Bool] = [:]
        var undecided = voids
        while !undecided.isEmpty {
            let settled = undecided.filter { void in
                !undecided.contains { targets[$0] == void && $0 != void }
            }
            for void in settled.isEmpty ? [undecided[0]] : settled {
                counts[void] = !voids.contains { targets[$0] == void && counts[$0] == true }
            }
            undecided.removeAll { counts[$0] != nil }
        }
        return Set(
            voids.filter { counts[$0] == true }.compactMap { targets[$0] }
                + voids.filter { counts[$0] == false }
        )
    }
}
