import Duty
import Storage

/// What somebody asks for who wants open matters to follow another policy version.
package struct RepolicyOrder: Sendable, Hashable {
    /// A version as matters have it, or the beginning of one alone; nil for the one in force.
    package var version: String?
    package var reason: String
    package var by: String
    package var type: MatterType?
    package var rule: RuleID?

    package init(
        version: String? = nil,
        reason: String,
        by: String,
        type: MatterType? = nil,
        rule: RuleID? = nil
    ) {
        self.version = version
        self.reason = reason
        self.by = by
        self.type = type
        self.rule = rule
    }
}

/// Why an order was not taken.
package enum RepolicyRefusal: Error, Sendable, Hashable {
    /// The versions that there are.
    case unknownVersion(String, known: [String])
    /// Neither the new version nor those of open matters have the rule.
    case unknownRule(RuleID)
    /// Another order is being carried out.
    case busy(Repolicy)
}

extension Engine {
    /// Takes an order and puts it on disk; `followRepolicy` carries it out.
    ///
    /// The same order again, while it is being carried out, is the same order.
    /// - Throws: `RepolicyRefusal`, or `BatchSuperseded` while the store is away.
    package func begin(_ order: RepolicyOrder) async throws -> Repolicy {
        await turnstile.enter()
        defer { turnstile.leave() }
        guard !isBroken else { throw BatchSuperseded() }
        do {
            try await inFlight?.value
            let asked = try resolve(order, at: clock.now())
            if let running = try await currentRepolicy(), !running.isDone {
                guard running.isSameOrder(as: asked) else { throw RepolicyRefusal.busy(running) }
                return running
            }
            var prepared = Prepared()
            prepared.commit.repolicy = asked
            start(prepared)
            try await inFlight?.value
            repolicy = asked
            wakeSignal.raise()
            return asked
        } catch let refusal as RepolicyRefusal {
            throw refusal
        } catch {
            fail(error)
            throw BatchSuperseded()
        }
    }

    /// The last order, carried out or not; nil if there never was one.
    package func lastRepolicy() async throws -> Repolicy? {
        await turnstile.enter()
        defer { turnstile.leave() }
        return try await currentRepolicy()
    }

    /// Moves the next matters, at most `limit` in one commit; nil if there is nothing to be done.
    package func followRepolicy(limit: Int = 500) async throws -> Repolicy? {
        await turnstile.enter()
        defer { turnstile.leave() }
        guard !isBroken else { throw BatchSuperseded() }
        do {
            try await inFlight?.value
            guard let order = try await currentRepolicy(), !order.isDone else { return nil }
            let heads = try await store.heads(after: order.after, limit: limit)
            let now = clock.now()
            let turn = try await withProcessor {
                try await $0.prepare(order, heads, isLast: heads.count < limit, now: now)
            }
            start(turn.prepared)
            try await inFlight?.value
            repolicy = turn.order
            return turn.order
        } catch {
            fail(error)
            throw BatchSuperseded()
        }
    }

    /// What an order would come to, by the decisions that carrying it out would make; nothing is written.
    ///
    /// Reads the store beside the traffic and holds nobody up. The order's reason is of no account; `listing` is how
    /// many matters are named one by one. Throws what `begin` does.
    package func preview(_ order: RepolicyOrder, listing: Int) async throws -> RepolicyPreview {
        await turnstile.enter()
        let book = processor?.book
        turnstile.leave()
        guard let book, !isBroken else { throw BatchSuperseded() }
        let now = clock.now()
        let asked = try resolve(order, at: now)
        return try await RepolicyPreview.make(asked, book, store, listing: listing, now: now)
    }

    private func currentRepolicy() async throws -> Repolicy? {
        if let repolicy { return repolicy }
        let stored = try await store.repolicy()
        repolicy = .some(stored)
        return stored
    }

    private func resolve(_ order: RepolicyOrder, at now: Instant) throws(RepolicyRefusal) -> Repolicy {
        guard let book = processor?.book else { throw .unknownVersion(order.version ?? "", known: []) }
        let asked = order.version ?? book.current.version
        let known = book.policies.keys.sorted()
        let matching = known.contains(asked) ? [asked] : known.filter { $0.hasPrefix(asked) }
        guard matching.count == 1, let version = matching.first else {
            throw .unknownVersion(asked, known: known)
        }
        if let rule = order.rule, !book.policies.values.contains(where: { $0.rule(rule) != nil }) {
            throw .unknownRule(rule)
        }
        return Repolicy(
            version: version,
            reason: order.reason,
            by: order.by,
            type: order.type,
            rule: order.rule,
            startedAt: now
        )
    }
}
