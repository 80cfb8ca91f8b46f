import Duty
import Storage

/// Changes of an enterprise that hold for the past: open matters follow them, of closed ones the journal says what
/// they would have come to.
extension Processor {
    struct PastChange {
        /// From when on the enterprise is another one.
        var from: Instant
        /// When the first change reached us.
        var receivedAt: Instant
        /// What changed it.
        var facts: Set<EventKey> = []
    }

    func notePastChange(_ fact: Fact, of enterprise: EnterpriseID, _ turn: inout Turn) {
        guard hasReaders, let from = Self.beginning(fact), from < fact.receivedAt else { return }
        var change = turn.pastChanges[enterprise] ?? PastChange(from: from, receivedAt: fact.receivedAt)
        change.from = min(change.from, from)
        change.receivedAt = min(change.receivedAt, fact.receivedAt)
        change.facts.insert(fact.key)
        turn.pastChanges[enterprise] = change
    }

    /// From when on a fact makes its enterprise another one; nil if it does not.
    private static func beginning(_ fact: Fact) -> Instant? {
        switch fact.kind {
        case .enterpriseUpdated:
            return fact.profileFrom
        case .recordCorrected, .recordVoided: return .distantPast
        default: return nil
        }
    }

    /// So many closed matters are held in memory at a time.
    private static let page = 500

    mutating func recalculate(_ turn: Turn, _ prepared: inout Prepared, now: Instant) async throws {
        for (id, change) in turn.pastChanges.sorted(by: { $0.key < $1.key }) {
            let after = try await enterprise(id)
            let facts = cache.take(Self.matterID(id))?.facts ?? []
            let known = FactHistory.effective(facts.filter { !change.facts.contains($0.key) })
            let before = Enterprise(id: id, facts: known)
            let closed = try await store.closedMatters(of: id, at: change.receivedAt)
            for start in stride(from: 0, to: closed.count, by: Self.page) {
                let page = Array(closed[start..<min(start + Self.page, closed.count)])
                for matter in try await store.matters(page)
                where matter.facts.contains(where: { $0.at >= change.from }) {
                    report(matter, before, after, &prepared, now: now)
                }
            }
        }
    }

    private func report(
        _ matter: StoredMatter,
        _ before: Enterprise,
        _ after: Enterprise,
        _ prepared: inout Prepared,
        now: Instant
    ) {
        let policy = book.policy(matter.policyVersion)
        func derived(_ enterprise: Enterprise) -> Derivation {
            derive(
                matter: matter.id,
                facts: matter.facts,
                enterprise: enterprise,
                policy: policy,
                calendar: book.calendar,
                now: now
            )
        }
        let entries = Recalculation.report(
            matter.state,
            before: derived(before),
            after: derived(after),
            at: now
        )
        guard !entries.isEmpty else { return }
        prepared.commit.journal.append(
            JournalRecord(
                matter: matter.id,
                enterprise: matter.enterprise,
                policyVersion: policy.version,
                at: now,
                entries: entries
            )
        )
    }
}
