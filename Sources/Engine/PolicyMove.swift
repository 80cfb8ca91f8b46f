import Duty
import Storage

/// One matter on its way from the policy version that it was opened under to another one.
struct PolicyMove: Sendable {
    let order: Repolicy
    let policy: Policy
    let former: Policy
    /// As the matter has it; `former` is another one where its text is gone.
    let from: String

    func transition(at now: Instant) -> Transition {
        Transition(
            action: "matter.repolicied",
            rule: nil,
            article: nil,
            cycle: 0,
            at: now,
            fields: .object([
                Value.Member("from", .string(from)), Value.Member("to", .string(policy.version)),
                Value.Member("reason", .string(order.reason)), Value.Member("by", .string(order.by)),
            ])
        )
    }
}

/// What came of a look at some matters.
struct RepolicyTurn {
    let prepared: Prepared
    /// As far as this turn has come.
    let order: Repolicy
    /// How the matters that it moves stood before.
    let before: [StoredMatter]
}

extension Processor {
    /// Takes the next matters to another policy; `heads` are all that follow the place that was reached.
    mutating func prepare(
        _ order: Repolicy,
        _ heads: [MatterHead],
        isLast: Bool,
        now: Instant
    ) async throws -> RepolicyTurn {
        cache.age()
        try await learnCalendar()
        var prepared = Prepared()
        var turn = Turn()
        var before: [StoredMatter] = []
        var reached = order
        if let policy = book.policies[order.version] {
            let ids = heads.filter { order.concerns($0) }.map(\.id)
            try await load(ids)
            for id in ids {
                guard let matter = cache.take(id), matter.policyVersion != order.version,
                    try await isMeant(by: order, matter, policy, now)
                else { continue }
                before.append(matter)
                turn.moves[id] = PolicyMove(
                    order: order,
                    policy: policy,
                    former: book.policy(matter.policyVersion),
                    from: matter.policyVersion
                )
                turn.touch(id)
            }
            try await finish(&turn, &prepared, now: now)
        }
        reached.after = heads.last?.id ?? reached.after
        reached.moved += Int64(before.count)
        if isLast { reached.finishedAt = now }
        prepared.commit.repolicy = reached
        return RepolicyTurn(prepared: prepared, order: reached, before: before)
    }

    /// Gives a matter its new version, and what it remembers of steps the places of the new ladders.
    func take(
        _ matter: inout StoredMatter,
        along move: PolicyMove,
        from enterprise: Enterprise,
        to derivation: Derivation,
        now: Instant
    ) {
        matter.policyVersion = move.policy.version
        let old = derive(
            matter: matter.id,
            facts: matter.facts,
            enterprise: enterprise,
            policy: move.former,
            calendar: book.calendar,
            now: now
        )
        matter.state.translate(from: old.obligations, to: derivation.obligations)
    }

    /// Whether the rule that the order is limited to says something about a matter, now or by the new version.
    private mutating func isMeant(
        by order: Repolicy,
        _ matter: StoredMatter,
        _ policy: Policy,
        _ now: Instant
    ) async throws -> Bool {
        guard let rule = order.rule else { return true }
        if matter.state.records.contains(where: { $0.key.rule == rule && !$0.isWithdrawn }) { return true }
        let owner = FactHistory.enterprise(of: matter.id, matter.facts) ?? .nobody
        return derive(
            matter: matter.id,
            facts: matter.facts,
            enterprise: try await enterprise(owner),
            policy: policy,
            calendar: book.calendar,
            now: now
        ).obligations.contains { $0.key.rule == rule }
    }
}

extension Repolicy {
    /// Matters that go on for ever take part whether or not anything of them is open now.
    private static let standing: Set<MatterType> = [.enterprise, .park, .org, .duty, .gathering]

    fileprivate func concerns(_ head: MatterHead) -> Bool {
        guard head.policyVersion != version, let type = head.id.type else { return false }
        return (self.type ?? type) == type && (head.isOpen || Self.standing.contains(type))
    }
}
