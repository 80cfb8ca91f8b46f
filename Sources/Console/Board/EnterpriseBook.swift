import Duty
import Storage

/// Names and rosters of enterprises for lists, each as it was a moment ago.
actor EnterpriseBook {
    private let store: any Store
    private var known: [EnterpriseID: (enterprise: Enterprise, at: ContinuousClock.Instant)] = [:]
    /// How old an answer may be, and how many are kept.
    private static let age = Duration.seconds(10)
    private static let most = 20_000

    init(store: any Store) { self.store = store }

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
        guard !missing.isEmpty else { return found }
        let matters = try await store.matters(missing.map { MatterID(type: .enterprise, number: $0.text) })
        let facts = Dictionary(matters.map { ($0.id.number, $0.facts) }) { first, _ in first }
        if known.count > Self.most { known.removeAll() }
        for id in missing {
            let enterprise = Enterprise(id: id, facts: FactHistory.effective(facts[id.text] ?? []))
            known[id] = (enterprise, now)
            found[id] = enterprise
        }
        return found
    }

    /// Every enterprise that there is, by its id; for lists of people and for finding who serves whom.
    func all() async throws -> [EnterpriseID: Enterprise] {
        let ids = try await store.matterIDs(of: .enterprise)
        return try await enterprises(ids.map { EnterpriseID($0.number) })
    }
}

/// A value that is dear to work out: what is known is given at once, and is worked out anew behind it.
actor Slow<Value: Sendable> {
    private let age: Duration
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
        if ContinuousClock.now - kept.at > age, work == nil { Task { try? await refresh() } }
        return kept.value
    }

    private func refresh() async throws -> Value {
        if let work { return try await work.value }
        let make = make
        let work = Task { try await make() }
        self.work = work
        defer { self.work = nil }
        let value = try await work.value
        kept = (value, .now)
        return value
    }
}
