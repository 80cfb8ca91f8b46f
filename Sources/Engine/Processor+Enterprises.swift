import Duty
import Storage

/// What is known of enterprises, and whom a change of it reaches.
extension Processor {
    static func matterID(_ enterprise: EnterpriseID) -> MatterID {
        MatterID(type: .enterprise, number: enterprise.text)
    }

    /// The matters that a change of their enterprise reaches.
    mutating func touchDependents(of fact: Fact, _ turn: inout Turn) async throws {
        guard fact.matter.type == .enterprise || fact.matter.type == .park else { return }
        if fact.matter.type == .park {
            enterprises = [:]
            return
        }
        let enterprise = EnterpriseID(fact.matter.number)
        enterprises[enterprise] = nil
        for id in mergers where enterprises[id]?.end?.mergedInto == enterprise { enterprises[id] = nil }
        var dependents = try await store.openMatters(of: enterprise, at: fact.receivedAt)
        notePastChange(fact, of: enterprise, &turn)
        // Matters that a merger has moved are the other enterprise's now; a merger can be voided again.
        let history = cache.take(fact.matter)?.facts ?? []
        for other in Set(history.compactMap { $0.text("mergedInto") }) {
            dependents += try await store.openMatters(of: EnterpriseID(other), at: fact.receivedAt)
        }
        try await load(dependents)
        for id in dependents { turn.touch(id) }
    }

    /// Whether nothing but news has come of it.
    static func isUndecided(_ id: MatterID, _ state: MatterState) -> Bool {
        id.type != .enterprise && id.type != .gathering && state.records.allSatisfy { $0.kind == "notice" }
    }

    /// Until when what reaches us of its enterprise can still say that something is owed in a matter; nil where
    /// something was, or no enterprise has a say.
    ///
    /// Who is linked to an enterprise, and whether it is in the park, comes on ways of its own, and may come after what
    /// it decides about. It is waited for as long as for an event that opens a matter.
    func undecidedUntil(
        _ matter: StoredMatter,
        _ state: MatterState,
        _ enterprise: Enterprise,
        _ policy: Policy
    ) -> Instant? {
        let owesNothing = state.records.allSatisfy { $0.kind == "notice" || $0.isWithdrawn }
        guard owesNothing, enterprise.id != .nobody, matter.id.type != .enterprise,
            matter.id.type != .gathering, let latest = matter.facts.lazy.map(\.receivedAt).max()
        else { return nil }
        return max(latest, enterprise.registeredSince ?? latest) + policy.orphanAfter
    }

    /// Whom a matter has left, which is `own` by its events now; nil if it has left nobody.
    mutating func departure(
        from former: EnterpriseID?,
        by own: EnterpriseID
    ) async throws -> StepContext.Departure? {
        guard let former else { return nil }
        return StepContext.Departure(from: try await enterprise(former), isByMerger: former == own)
    }

    /// A matter goes over to another enterprise, by a merger or a correction: said under the new one's key with all
    /// that is open, so that whoever follows that key alone knows it.
    static func moved(_ state: MatterState, from former: EnterpriseID, at now: Instant) -> Transition {
        let open = state.records.filter { !$0.isWithdrawn && $0.phase.isActive && $0.kind != "notice" }
        let fields = [
            Value.Member("formerEnterpriseId", .string(former.text)),
            Value.Member("obligations", .array(open.map(copy))),
        ]
        return Transition(
            action: "matter.moved",
            rule: nil,
            article: nil,
            cycle: 0,
            at: now,
            fields: .object(fields)
        )
    }

    private static func copy(_ record: MatterState.Record) -> Value {
        var members = [
            Value.Member("ruleId", .string(record.key.rule.text)),
            Value.Member("article", .integer(Int64(record.article))),
            Value.Member("cycle", .integer(Int64(record.key.cycle))),
            Value.Member("state", .string(record.phase.rawValue)),
            Value.Member("openedAt", .string(record.openedAt.rfc3339)),
        ]
        if let due = record.dueAt { members.append(Value.Member("dueAt", .string(due.rfc3339))) }
        return .object(members)
    }

    mutating func enterprise(_ id: EnterpriseID) async throws -> Enterprise {
        if let known = enterprises[id] { return known }
        let matterID = Self.matterID(id)
        try await load([matterID])
        let facts = FactHistory.effective(cache.take(matterID)?.facts ?? [])
        let bare = Enterprise(id: id, facts: facts)
        guard let park = bare.parkID else { return remember(bare) }
        let parkID = MatterID(type: .park, number: park)
        try await load([parkID])
        let parkFacts = FactHistory.effective(cache.take(parkID)?.facts ?? [])
        return remember(Enterprise(id: id, facts: facts, parkFacts: parkFacts))
    }

    mutating func remember(_ enterprise: Enterprise) -> Enterprise {
        if enterprises.count > 50_000 { enterprises = [:] }
        if enterprise.end?.mergedInto != nil { mergers.insert(enterprise.id) }
        enterprises[enterprise.id] = enterprise
        return enterprise
    }

    /// Reads what is not in memory, all at once.
    mutating func load(_ ids: [MatterID]) async throws {
        var missing: [MatterID] = []
        var asked: Set<MatterID> = []
        for id in ids where !cache.holds(id) {
            if asked.insert(id).inserted { missing.append(id) }
        }
        guard !missing.isEmpty else { return }
        for matter in try await store.matters(missing) { cache.put(matter) }
    }
}
