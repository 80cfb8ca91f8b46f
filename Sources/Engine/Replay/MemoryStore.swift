import Duty
import Storage
import Synchronization

/// Matters in memory alone, for a replay: what decisions read of a store, and nothing that only serves people.
///
/// Journal records, ledger entries and notifications of a commit are not kept; whoever commits has them in hand.
package final class MemoryStore: MatterStore {
    fileprivate struct State {
        var matters: [MatterID: StoredMatter] = [:]
        /// Where each event is, by its id, then by its source.
        var homes: [String: [(source: String, matter: MatterID)]] = [:]
        var open: [EnterpriseID: Set<MatterID>] = [:]
        /// Open or not.
        var belonging: [EnterpriseID: Set<MatterID>] = [:]
        var wakeUps = WakeQueue()
        var sweep: CalendarSweep?
        var silenced: [String: Set<MatterID>] = [:]
        var sequence: Int64 = 0
        /// All ids in the order of their bytes; nil once a matter has come that is not in it.
        var order: [MatterID]?
    }

    private let state = Mutex(State())

    package init() {}

    /// All matters, in the order of their ids.
    package func all() -> [StoredMatter] {
        state.withLock { state in state.ordered().compactMap { state.matters[$0] } }
    }

    // MARK: Reading

    package func matters(_ ids: [MatterID]) async throws -> [StoredMatter] {
        if ids.isEmpty { return [] }
        return state.withLock { state in ids.compactMap { state.matters[$0] } }
    }

    package func openMatters(of enterprise: EnterpriseID) async throws -> [MatterID] {
        state.withLock { $0.open[enterprise]?.sorted() ?? [] }
    }

    package func closedMatters(of enterprise: EnterpriseID) async throws -> [MatterID] {
        state.withLock { state in
            (state.belonging[enterprise] ?? []).subtracting(state.open[enterprise] ?? []).sorted()
        }
    }

    package func openMatters(after id: MatterID?, limit: Int) async throws -> OpenMatters {
        state.withLock { state in
            let ids = state.ordered()
            let first = id.map { Self.place(after: $0, ids) } ?? 0
            let page = ids[first...].prefix(limit)
            return OpenMatters(
                open: page.filter { state.matters[$0]?.isOpen ?? false },
                last: page.last
            )
        }
    }

    package func calendarSweep() async throws -> CalendarSweep? { state.withLock { $0.sweep } }

    package func silencedMatters(by silence: String) async throws -> [MatterID] {
        state.withLock { ($0.silenced[silence] ?? []).sorted(by: Self.precedes) }
    }

    package func locate(events ids: [String]) async throws -> [String: MatterID] {
        state.withLock { state in
            var found: [String: MatterID] = [:]
            for id in ids { found[id] = state.homes[id]?.min { $0.source < $1.source }?.matter }
            return found
        }
    }

    package func awaitedEvents() async throws -> Set<String> {
        state.withLock { state in
            let waiting = state.matters.values.filter { $0.id.isWaiting && !$0.facts.isEmpty }
            return Set(waiting.map(\.id.number))
        }
    }

    package func matterIDs(of type: MatterType) async throws -> [MatterID] {
        let prefix = type.rawValue + "/"
        return state.withLock { state in
            state.matters.keys.filter { $0.text.hasPrefix(prefix) }.sorted(by: Self.precedes)
        }
    }

    package func wakeUps(until moment: Instant, limit: Int) async throws -> [WakeUp] {
        state.withLock { state in
            var taken: [WakeQueue.Entry] = []
            while taken.count < limit, let next = state.nextWakeUp(), next.at <= moment {
                taken.append(next)
                state.wakeUps.removeFirst()
            }
            // Looked at, not taken: a matter leaves the queue when a commit gives it another moment.
            for entry in taken { state.wakeUps.insert(entry) }
            return taken.map { WakeUp(matter: $0.matter, at: $0.at) }
        }
    }

    package func nextWakeUp() async throws -> Instant? { state.withLock { $0.nextWakeUp()?.at } }

    // MARK: Writing

    package func commit(_ commit: Commit) async throws -> CommitReceipt {
        try state.withLock { state in
            try state.check(commit)
            state.write(commit)
            var journal = commit.journal
            for index in journal.indices {
                state.sequence += 1
                journal[index].sequence = state.sequence
            }
            return CommitReceipt(journal: journal)
        }
    }

    /// The order of a database: that of the bytes.
    private static func precedes(_ left: MatterID, _ right: MatterID) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }

    private static func place(after id: MatterID, _ ids: [MatterID]) -> Int {
        var low = 0
        var high = ids.count
        while low < high {
            let middle = (low + high) / 2
            if precedes(id, ids[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

extension MemoryStore.State {
    fileprivate mutating func ordered() -> [MatterID] {
        if let order { return order }
        let ids = matters.keys.sorted { $0.text.utf8.lexicographicallyPrecedes($1.text.utf8) }
        order = ids
        return ids
    }

    /// The earliest moment that still holds; those that a later commit has replaced are dropped.
    fileprivate mutating func nextWakeUp() -> WakeQueue.Entry? {
        while let first = wakeUps.first {
            if matters[first.matter]?.wakeAt == first.at { return first }
            wakeUps.removeFirst()
        }
        return nil
    }

    fileprivate func check(_ commit: Commit) throws(StoreError) {
        let known = commit.facts.map(\.key).filter { key in
            homes[key.id]?.contains { $0.source == key.source } ?? false
        }
        guard known.isEmpty else { throw .duplicateEvents(known) }
        for matter in commit.matters where matter.version != (matters[matter.id]?.version ?? 0) + 1 {
            throw .staleMatter(matter.id)
        }
    }

    fileprivate mutating func write(_ commit: Commit) {
        for matter in commit.matters { put(matter) }
        for fact in commit.facts {
            homes[fact.key.id, default: []].append((fact.key.source, fact.matter))
            matters[fact.matter]?.facts.append(fact)
        }
        for (event, target) in commit.moves { move(event, to: target) }
        sweep = commit.calendarSweep ?? sweep
        for item in commit.silenced {
            silenced[item.silence, default: []].insert(item.notification.matter)
        }
    }

    private mutating func put(_ matter: StoredMatter) {
        let old = Self.exchange(&matters[matter.id], for: matter)
        if old == nil { order = nil }
        if let enterprise = old?.enterprise, old?.isOpen == true,
            enterprise != matter.enterprise || !matter.isOpen
        {
            open[enterprise]?.remove(matter.id)
        }
        if let enterprise = old?.enterprise, enterprise != matter.enterprise {
            belonging[enterprise]?.remove(matter.id)
        }
        if let enterprise = matter.enterprise {
            if old?.enterprise != enterprise { belonging[enterprise, default: []].insert(matter.id) }
            if matter.isOpen { open[enterprise, default: []].insert(matter.id) }
        }
        if let wake = matter.wakeAt, wake != old?.wakeAt { wakeUps.insert(at: wake, matter.id) }
    }

    /// What a matter was before a commit, as far as lists depend on it.
    private struct Head {
        let enterprise: EnterpriseID?
        let isOpen: Bool
        let wakeAt: Instant?
    }

    /// In its place, so that its facts are not copied; nil if it is new.
    private static func exchange(_ place: inout StoredMatter?, for matter: StoredMatter) -> Head? {
        let head = place.map { Head(enterprise: $0.enterprise, isOpen: $0.isOpen, wakeAt: $0.wakeAt) }
        var new = matter
        new.facts = place?.facts ?? []
        place = nil
        place = new
        return head
    }

    private mutating func move(_ event: EventKey, to target: MatterID) {
        guard let index = homes[event.id]?.firstIndex(where: { $0.source == event.source }),
            let home = homes[event.id]?[index].matter,
            let place = matters[home]?.facts.firstIndex(where: { $0.key == event })
        else { return }
        guard var fact = matters[home]?.facts.remove(at: place) else { return }
        fact.matter = target
        matters[target]?.facts.append(fact)
        homes[event.id]?[index].matter = target
    }
}
