import Duty
import Storage

/// Names and rosters of enterprises for lists, each as it was a moment ago.
actor EnterpriseBook {
    private struct Entry {
        let enterprise: Enterprise
        /// Of its matter; nil where nobody has reported anything about it.
        let version: Int64?
        let at: ContinuousClock.Instant
    }

    private let store: any Store & BoardStore
    private var known: [EnterpriseID: Entry] = [:]
    /// How old an answer may be.
    private static let age = Duration.seconds(10)
    /// How many are kept, at least; always twice as many as there are, for ids that nobody has registered.
    private static let few = 20_000
    private var most = few

    init(store: any Store & BoardStore) { self.store = store }

    /// Those of `ids`; an enterprise that nobody has registered has no name and no roster.
    func enterprises(_ ids: some Sequence<EnterpriseID>) async throws -> [EnterpriseID: Enterprise] {
        let now = ContinuousClock.now
        var found: [EnterpriseID: Enterprise] = [:]
        var missing: [EnterpriseID] = []
        for id in Set(ids) {
            if let entry = known[id], now - entry.at < Self.age {
                found[id] = entry.enterprise
            } else {
                missing.append(id)
            }
        }
        if known.count > most { known.removeAll() }
        try await load(missing)
        for id in missing { found[id] = known[id]?.enterprise }
        return found
    }

    /// Every enterprise that there is, by its id; for lists of people and for finding who serves whom.
    ///
    /// Only those of which something new is on record are read again.
    func all() async throws -> [EnterpriseID: Enterprise] {
        let versions = try await store.versions(of: .enterprise)
        most = max(Self.few, versions.count * 2)
        let ids = versions.map { (id: EnterpriseID($0.key.number), version: $0.value) }
        try await load(ids.filter { known[$0.id]?.version != $0.version }.map(\.id))
        var all: [EnterpriseID: Enterprise] = [:]
        for (id, _) in ids { all[id] = known[id]?.enterprise }
        return all
    }

    private func load(_ ids: [EnterpriseID]) async throws {
        guard !ids.isEmpty else { return }
        let matters = try await store.matters(ids.map { MatterID(type: .enterprise, number: $0.text) })
        let stored = Dictionary(matters.map { ($0.id.number, $0) }) { first, _ in first }
        let now = ContinuousClock.now
        for id in ids {
            let matter = stored[id.text]
            known[id] = Entry(
                enterprise: Enterprise(id: id, facts: FactHistory.effective(matter?.facts ?? [])),
                version: matter?.version,
                at: now
            )
        }
    }
}

/// A value that is dear to work out: what is known is given at once, and is worked out anew behind it.
actor Slow<Value: Sendable> {
    /// So much longer than it took to make is a value kept at least: twenty readers or one, it costs a twentieth of a core.
    private static var rest: Int { 20 }

    private let age: Duration
    private var cost = Duration.zero
    private let make: @Sendable () async throws -> Value
    private var kept: (value: Value, at: ContinuousClock.Instant)?
    private var work: Task<Value, any Error>?

    init(age: Duration, _ make: @escaping @Sendable () async throws -> Value) {
        self.age = age
        self.make = make
    }

    /// The last value; only the very first is waited for.
    func value() async throws -> Value {
        guard let kept else { return try await refresh() }
        if ContinuousClock.now - kept.at > max(age, cost * Self.rest), work == nil {
            Task { try? await refresh() }
        }
        return kept.value
    }

    private func refresh() async throws -> Value {
        if let work { return try await work.value }
        let make = make
        let began = ContinuousClock.now
        let work = Task { try await make() }
        self.work = work
        defer { self.work = nil }
        let value = try await work.value
        kept = (value, .now)
        cost = .now - began
        return value
    }
}
