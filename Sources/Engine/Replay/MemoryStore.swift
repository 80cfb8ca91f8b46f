import Duty
import Storage
import Synchronization

/// Matters in memory alone, for a replay: what decisions read of a store, and nothing that only serves people.
///
/// Journal records, ledger entries and notifications of a commit are not kept; whoever commits has them in hand.
package final class MemoryStore: MatterStore {
    private let state = Mutex(State())

    package init() {}

    /// Shows every matter, in no order.
    func visit(_ body: (StoredMatter) -> Void) {
        state.withLock { state in for place in state.matters.values { body(place.matter) } }
    }

    // MARK: Reading

    package func matters(_ ids: [MatterID]) async throws -> [StoredMatter] {
        if ids.isEmpty { return [] }
        return state.withLock { state in ids.compactMap { state.matters[$0]?.matter } }
    }

    package func openMatters(of enterprise: EnterpriseID, at moment: Instant) async throws -> [MatterID] {
        state.withLock { $0.open(enterprise, at: moment).sorted() }
    }

    package func closedMatters(of enterprise: EnterpriseID, at moment: Instant) async throws -> [MatterID] {
        state.withLock { state in
            (state.belonging[enterprise] ?? []).subtracting(state.open(enterprise, at: moment)).sorted()
        }
    }

    package func openMatters(after id: MatterID?, limit: Int) async throws -> OpenMatters {
        state.withLock { state in
            let ids = state.ordered()
            let first = id.map { Self.place(after: $0, ids) } ?? 0
            let page = ids[first...].prefix(limit)
            return OpenMatters(
                open: page.filter { state.matters[$0]?.matter.isOpen ?? false },
                last: page.last
            )
        }
    }

    package func calendarSweep() async throws -> CalendarSweep? { state.withLock { $0.sweep } }

    package func silencedMatters(by silence: String) async throws -> [MatterID] {
        state.withLock { ($0.silenced[silence] ?? []).sorted(by: Self.precedes) }
    }

    package func events(around ids: [String]) async throws -> [Fact] {
        state.withLock { state in
            var found: [EventKey: Fact] = [:]
            for id in ids {
                for fact in state.facts(ofEvent: id) { found[fact.key] = fact }
                for key in state.amendments[id] ?? [] {
                    found[key] = state.facts(ofEvent: key.id).first { $0.key == key }
                }
            }
            return found.values.sorted { $0.key < $1.key }
        }
    }

    package func addressedEvents() async throws -> Set<String> {
        state.withLock { Set($0.amendments.keys) }
    }

    package func matterIDs(of type: MatterType) async throws -> [MatterID] {
        let prefix = type.rawValue + "/"
        return state.withLock { state in
            state.matters.keys.filter { $0.text.hasPrefix(prefix) }.sorted(by: Self.precedes)
        }
    }

    package func wakeUps(until moment: Instant, limit: Int) async throws -> [WakeUp] {
        state.withLock { state in
            var taken: [WakeQueue<Place>.Entry] = []
            while taken.count < limit, let next = state.nextWakeUp(), next.at <= moment {
                taken.append(next)
                state.wakeUps.removeFirst()
            }
            // Looked at, not taken: a matter leaves the queue when a commit gives it another moment.
            for entry in taken { state.wakeUps.insert(entry) }
            return taken.map { WakeUp(matter: $0.item.matter.id, at: $0.at) }
        }
    }

    package func nextWakeUp() async throws -> Instant? { state.withLock { $0.nextWakeUp()?.at } }

    // MARK: Writing

    /// The receipt is empty: a replay has no chain, and who commits has the records.
    package func commit(_ commit: Commit) async throws -> CommitReceipt {
        try state.withLock { state in state.write(commit, try state.check(commit)) }
        return CommitReceipt(journal: [])
    }

    /// The order of a database: that of the bytes.
    fileprivate static func precedes(_ left: MatterID, _ right: MatterID) -> Bool {
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

extension MemoryStore {
    /// Where a matter is: behind a reference, so that it changes in its place and its wake-ups find it at once.
    fileprivate final class Place {
        var matter: StoredMatter
        init(_ matter: StoredMatter) { self.matter = matter }
    }

    fileprivate struct State {
        var matters: [MatterID: Place] = [:]
        /// The matter that an event is in, by the event's id.
        private var homes: [String: MatterID] = [:]
        /// Further matters of ids that several sources use, once for each such event.
        private var otherHomes: [String: [MatterID]] = [:]
        /// Corrections and voids by the id of what they speak about.
        private(set) var amendments: [String: Set<EventKey>] = [:]
        /// Those that a change of their enterprise may reach: open ones, and those that are or were undecided.
        private var following: [EnterpriseID: Set<MatterID>] = [:]
        /// Whatever they are.
        private(set) var belonging: [EnterpriseID: Set<MatterID>] = [:]
        var wakeUps = WakeQueue<Place>()
        private(set) var sweep: CalendarSweep?
        private(set) var silenced: [String: Set<MatterID>] = [:]
        /// All ids in the order of their bytes; nil once a matter has come that is not in it.
        private var order: [MatterID]?

        mutating func ordered() -> [MatterID] {
            if let order { return order }
            let ids = matters.keys.sorted(by: MemoryStore.precedes)
            order = ids
            return ids
        }

        /// The earliest moment that still holds; those that a later commit has replaced are dropped.
        mutating func nextWakeUp() -> WakeQueue<Place>.Entry? {
            while let first = wakeUps.first {
                if first.item.matter.wakeAt == first.at { return first }
                wakeUps.removeFirst()
            }
            return nil
        }
    }
}

// MARK: Events

extension MemoryStore.State {
    /// The events with this id, of whatever source.
    fileprivate func facts(ofEvent id: String) -> [Fact] {
        Set(homes(ofEvent: id)).compactMap { matters[$0] }.flatMap(\.matter.facts).filter { $0.key.id == id }
    }

    private func homes(ofEvent id: String) -> [MatterID] {
        homes[id].map { [$0] + (otherHomes[id] ?? []) } ?? []
    }

    fileprivate func open(_ enterprise: EnterpriseID, at moment: Instant) -> Set<MatterID> {
        (following[enterprise] ?? []).filter { id in
            guard let matter = matters[id]?.matter else { return false }
            return matter.isOpen || matter.undecidedUntil.map { $0 > moment } ?? false
        }
    }

    private func holds(_ event: EventKey, _ matter: MatterID) -> Bool {
        matters[matter]?.matter.facts.contains { $0.key == event } ?? false
    }

    private func isKnown(_ event: EventKey) -> Bool {
        guard let home = homes[event.id] else { return false }
        return holds(event, home) || otherHomes[event.id]?.contains { holds(event, $0) } ?? false
    }

    private mutating func setHome(ofEvent id: String, _ matter: MatterID) {
        if let former = homes.updateValue(matter, forKey: id) { otherHomes[id, default: []].append(former) }
    }

    private mutating func move(_ event: EventKey, to target: MatterID) {
        var all = homes(ofEvent: event.id)
        guard let index = all.firstIndex(where: { holds(event, $0) }), let home = matters[all[index]],
            let place = home.matter.facts.firstIndex(where: { $0.key == event })
        else { return }
        var fact = home.matter.facts.remove(at: place)
        fact.matter = target
        matters[target]?.matter.facts.append(fact)
        all[index] = target
        homes[event.id] = all.removeFirst()
        otherHomes[event.id] = all.isEmpty ? nil : all
    }
}

// MARK: Commits

extension MemoryStore.State {
    /// Where the matters of a commit are; nil for those that are new.
    fileprivate func check(_ commit: Commit) throws(StoreError) -> [MemoryStore.Place?] {
        var known: [EventKey] = []
        for fact in commit.facts where isKnown(fact.key) { known.append(fact.key) }
        guard known.isEmpty else { throw .duplicateEvents(known) }
        var places: [MemoryStore.Place?] = []
        places.reserveCapacity(commit.matters.count)
        for matter in commit.matters {
            let place = matters[matter.id]
            guard matter.version == (place?.matter.version ?? 0) + 1 else { throw .staleMatter(matter.id) }
            places.append(place)
        }
        return places
    }

    fileprivate mutating func write(_ commit: Commit, _ places: [MemoryStore.Place?]) {
        var written: [MemoryStore.Place] = []
        written.reserveCapacity(places.count)
        for (matter, place) in zip(commit.matters, places) { written.append(put(matter, place)) }
        for (index, fact) in commit.facts.enumerated() {
            setHome(ofEvent: fact.key.id, fact.matter)
            if let target = fact.addressedEvent { amendments[target, default: []].insert(fact.key) }
            // Mostly each fact has brought a matter of its own.
            if index < written.count, written[index].matter.id == fact.matter {
                written[index].matter.facts.append(fact)
            } else {
                matters[fact.matter]?.matter.facts.append(fact)
            }
        }
        for (event, target) in commit.moves { move(event, to: target) }
        sweep = commit.calendarSweep ?? sweep
        for item in commit.silenced {
            silenced[item.silence, default: []].insert(item.notification.matter)
        }
    }

    private mutating func put(_ matter: StoredMatter, _ known: MemoryStore.Place?) -> MemoryStore.Place {
        guard let place = known else {
            let place = MemoryStore.Place(matter)
            matters[matter.id] = place
            order = nil
            list(matter, followed: nil)
            if let wake = matter.wakeAt { wakeUps.insert(at: wake, place) }
            return place
        }
        let (former, followed, wake) = (place.matter.enterprise, place.matter.follows, place.matter.wakeAt)
        var new = matter
        // Handed over, so that they are not copied.
        swap(&new.facts, &place.matter.facts)
        place.matter = new
        if let former, former != new.enterprise {
            belonging[former]?.remove(new.id)
            following[former]?.remove(new.id)
        }
        list(new, followed: former == new.enterprise ? followed : nil)
        if let next = new.wakeAt, next != wake { wakeUps.insert(at: next, place) }
        return place
    }

    /// Into the lists of its enterprise, where it is not what it was; `followed` is nil where it is in none of them.
    private mutating func list(_ matter: StoredMatter, followed: Bool?) {
        guard let enterprise = matter.enterprise, matter.follows != followed else { return }
        if followed == nil { belonging[enterprise, default: []].insert(matter.id) }
        if matter.follows {
            following[enterprise, default: []].insert(matter.id)
        } else {
            following[enterprise]?.remove(matter.id)
        }
    }
}

extension StoredMatter {
    /// Whether a change of its enterprise may reach it, now or for some time.
    fileprivate var follows: Bool { isOpen || undecidedUntil != nil }
}
