import Duty
import Engine
import Storage

/// What pages and lists are made from: the store, the rules in force, and who is called how.
struct BoardReader: Sendable {
    let store: any Store & BoardStore
    let rules: RulesInForce
    let clock: any WallClock
    let name: @Sendable (PersonRef) -> String?
    let enterprises: EnterpriseBook
    /// How many running clocks each person has to see to, the busiest first.
    let load: Slow<[StaffLoad]>

    struct StaffLoad: Sendable, Hashable {
        let person: PersonRef
        let open: Int64
    }

    /// So many enterprises are looked at for the load of the staff.
    private static let busiest = 5_000

    init(
        store: any Store & BoardStore,
        rules: RulesInForce,
        clock: any WallClock,
        name: @escaping @Sendable (PersonRef) -> String?
    ) {
        self.store = store
        self.rules = rules
        self.clock = clock
        self.name = name
        let enterprises = EnterpriseBook(store: store)
        self.enterprises = enterprises
        load = Slow(age: .seconds(5)) {
            try await Self.load(store, enterprises, rules.book.current, clock.now())
        }
    }

    /// Of several people who serve one enterprise, each has the whole of it to see to.
    private static func load(
        _ store: any Store & BoardStore,
        _ enterprises: EnterpriseBook,
        _ policy: Policy,
        _ now: Instant
    ) async throws -> [StaffLoad] {
        let open = try await store.load(limit: busiest)
        let known = try await enterprises.enterprises(open.map(\.enterprise))
        var sums: [PersonRef: Int64] = [:]
        for (id, count) in open {
            for person in known[id].map({ policy.owners(of: $0, at: now) }) ?? [] {
                sums[person, default: 0] += count
            }
        }
        return sums.map { StaffLoad(person: $0.key, open: $0.value) }
            .sorted { ($1.open, $0.person) < ($0.open, $1.person) }
    }

    /// What is known of the enterprise that a matter belongs to; nil where it belongs to none.
    func enterprise(of matter: StoredMatter) async throws -> Enterprise? {
        guard let id = matter.enterprise else { return nil }
        return try await enterprises.enterprises([id])[id]
    }

    /// The enterprises that somebody serves now, in whatever role.
    func served(by person: PersonRef) async throws -> [EnterpriseID] {
        let now = clock.now()
        return try await enterprises.all().filter { _, enterprise in
            enterprise.roster.serving(at: now).contains { $0.person == person }
        }.keys.sorted()
    }
}

extension Policy {
    /// Who has to see to what an enterprise asks for.
    func owners(of enterprise: Enterprise, at now: Instant) -> [PersonRef] {
        guard let role = keyRoles.owner else { return [] }
        return enterprise.roster.holders(of: role, at: now, backups: false)
    }

    /// The rules of whose matters nothing but the number may be shown.
    var secretRules: Set<RuleID> { Set(rules.filter(\.isRestricted).map(\.id)) }
}
