import Duty
import Storage

/// What moving matters to another policy version would come to.
package struct RepolicyPreview: Sendable {
    /// One obligation that would be another.
    package struct Change: Sendable, Hashable {
        package enum Kind: String, Sendable, CaseIterable {
            case appears, vanishes, dueMoved, stateChanges
        }

        package let kind: Kind
        package let article: Int
        package let key: ObligationKey
        package let before: MatterState.Record?
        package let after: MatterState.Record?
    }

    /// One matter that would move.
    package struct Item: Sendable {
        package let matter: MatterID
        package let from: String
        package let changes: [Change]
        /// Who would be told what.
        package let tells: [Notification]
        package let ledgerEntries: Int
    }

    /// Changes of one rule.
    package struct Tally: Sendable, Hashable {
        package var article = 0
        package var counts: [Change.Kind: Int] = [:]
        package var messages = 0
    }

    /// The version that matters would move to.
    package let version: String
    /// Matters that would move.
    package private(set) var matters = 0
    /// Those of them of which anything would be another, or somebody would be told.
    package private(set) var changed = 0
    package private(set) var rules: [RuleID: Tally] = [:]
    package private(set) var messages = 0
    package private(set) var ledgerEntries = 0
    /// The first of those that would change.
    package private(set) var items: [Item] = []
    package var isTruncated: Bool { items.count < changed }

    init(version: String) { self.version = version }

    private static let page = 500

    static func make(
        _ order: Repolicy,
        _ book: RuleBook,
        _ store: any Store,
        listing: Int,
        now: Instant
    ) async throws -> RepolicyPreview {
        var preview = RepolicyPreview(version: order.version)
        var processor = Processor(store: store, book: book)
        var order = order
        while !order.isDone {
            let heads = try await store.heads(after: order.after, limit: page)
            let turn = try await processor.prepare(order, heads, isLast: heads.count < page, now: now)
            preview.add(turn, listing: listing)
            order = turn.order
            // What it worked out is not to be built upon: nothing of it is on disk.
            processor.forget()
        }
        return preview
    }

    private mutating func add(_ turn: RepolicyTurn, listing: Int) {
        let commit = turn.prepared.commit
        let after = Dictionary(commit.matters.map { ($0.id, $0.state) }) { $1 }
        let tells = Dictionary(grouping: commit.notifications, by: \.matter)
        let postings = Dictionary(grouping: commit.ledger, by: \.posting.fine)
        matters += turn.before.count
        messages += commit.notifications.count
        ledgerEntries += commit.ledger.count
        for notification in commit.notifications {
            rules[notification.rule, default: Tally(article: notification.article)].messages += 1
        }
        for matter in turn.before {
            let changes = Self.changes(matter.state, after[matter.id] ?? matter.state)
            for change in changes {
                rules[change.key.rule, default: Tally(article: change.article)]
                    .counts[change.kind, default: 0] += 1
            }
            let item = Item(
                matter: matter.id,
                from: matter.policyVersion,
                changes: changes,
                tells: tells[matter.id] ?? [],
                ledgerEntries: postings[matter.id]?.count ?? 0
            )
            guard !item.changes.isEmpty || !item.tells.isEmpty || item.ledgerEntries > 0 else { continue }
            changed += 1
            if items.count < listing { items.append(item) }
        }
    }

    private static func changes(_ before: MatterState, _ after: MatterState) -> [Change] {
        let old = present(before)
        let new = present(after)
        return Set(old.keys).union(new.keys).sorted().compactMap { key in
            let kind: Change.Kind
            switch (old[key], new[key]) {
            case (nil, _): kind = .appears
            case (_, nil): kind = .vanishes
            case (let old?, let new?) where old.dueAt != new.dueAt: kind = .dueMoved
            case (let old?, let new?) where old.phase != new.phase: kind = .stateChanges
            default: return nil
            }
            let record = new[key] ?? old[key]
            return Change(
                kind: kind,
                article: record?.article ?? 0,
                key: key,
                before: old[key],
                after: new[key]
            )
        }
    }

    private static func present(_ state: MatterState) -> [ObligationKey: MatterState.Record] {
        Dictionary(state.records.filter { !$0.isWithdrawn }.map { ($0.key, $0) }) { first, _ in first }
    }
}

extension Processor {
    /// Forgets matters and keeps the rules.
    fileprivate mutating func forget() {
        cache.removeAll()
        enterprises = [:]
    }
}
