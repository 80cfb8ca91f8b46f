import Duty

/// One fine with everything that can befall it, in the order of no author: decisions with and without proportions,
/// revisions with gaps and reviews, settlements by whoever, late entries in the roster, corrections and voids.
struct RandomFine {
    private(set) var facts: [Fact] = []
    private(set) var policy: Policy
    private var random: SeededGenerator

    private static let people: [Value] = ["P-1032", "P-2001", "P-1077", "P-1088"]

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
        policy = Fixtures.policy
        let rule = self.rule()
        policy = Fixtures.policy(sharing: rule)
        add(.fineIssued, ["amountFen": amount(), "surchargeFen": amount(), "violatedAt": "2026-11-10"])
        if random.chance(10) { add(.fineIssued, ["amountFen": amount()]) }
        for _ in 0..<below(10) { happen() }
        for _ in 0..<below(4) { serve() }
        for _ in 0..<(random.chance(50) ? below(4) : 0) { correct() }
    }

    private mutating func below(_ limit: Int64) -> Int64 { Int64.random(in: 0..<limit, using: &random) }
    private mutating func one<Item>(_ items: [Item], _ fallback: Item) -> Item {
        items.randomElement(using: &random) ?? fallback
    }
    private mutating func amount() -> Value { .integer(below(random.chance(50) ? 300 : 10_000_000)) }

    private mutating func rule() -> AllocationRule {
        var rule = Fixtures.share
        rule.rounding = one(Rounding.allCases, .floor)
        rule.emptyRole = random.chance(70) ? .hold : .reassign
        rule.mode = random.chance(80) ? .together : .each
        rule.base = random.chance(50) ? .principal : .principalPlusSurcharge
        rule.rosterAsOf = one([.decision, .attribution, .violation], .decision)
        rule.includesBackups = random.chance(20)
        rule.freezesDuringReview = random.chance(40)
        return rule
    }

    private mutating func add(_ kind: EventKind, _ patch: Value) {
        let at = Town.monday + .minutes(below(60_000) - 10_000)
        let fact = Town.fact(kind, "f\(facts.count)", at: at)
        facts.append(fact.with(patch))
    }

    private mutating func happen() {
        switch below(9) {
        case 0..<3: decide()
        case 3, 4:
            let isReview = random.chance(40)
            add(
                .fineRevised,
                [
                    "revision": .integer(2 + below(4)), "amountFen": amount(), "surchargeFen": amount(),
                    "underReview": .bool(isReview),
                ]
            )
        case 5: add(.fineRevoked, ["revision": .integer(2 + below(4))])
        default:
            let fen = below(random.chance(50) ? 200 : 3_000_000) * (random.chance(25) ? -1 : 1)
            add(.fineShareSettled, ["personRef": one(Self.people, ""), "amountFen": .integer(fen)])
        }
    }

    private mutating func decide() {
        let decision = Value.object([
            Value.Member("attributable", .bool(random.chance(75))),
            Value.Member("decisionId", .string(one(["AD-1", "AD|2", "AD%7C2", "AD-\(facts.count)"], ""))),
        ])
        let weights: Value = [
            "park.staff": .integer(below(4)), "park.leader": .integer(1 + below(3)),
            "park.head": .integer(random.chance(20) ? 1 : 0),
        ]
        add(.fineAttributed, random.chance(30) ? decision.setting(path: "weights", to: weights) : decision)
    }

    private mutating func serve() {
        let at = Town.monday + .days(below(30) - 15)
        guard random.chance(70) else {
            facts.append(Town.ended(one(["RA-1", "RA-3"], ""), at: at))
            return
        }
        facts.append(
            Town.assigned(
                "RA-x\(facts.count)",
                one(Self.people, "").string ?? "",
                one(["park.staff", "park.leader"], ""),
                from: one(["2026-01-01", "2026-11-12", "2026-11-26"], ""),
                backup: random.chance(20),
                at: at
            )
        )
    }

    private mutating func correct() {
        let own = facts.filter { $0.kind != .rosterAssigned && $0.kind != .rosterEnded }
        guard let target = own.randomElement(using: &random) else { return }
        let at = Town.monday + .days(50)
        let id = "f\(facts.count)"
        if random.chance(50) {
            facts.append(Town.void(id, of: target.key.id, target.kind, at: at))
        } else {
            let patch: Value =
                target.kind == .fineShareSettled && random.chance(50)
                ? ["personRef": one(Self.people, "")] : ["amountFen": amount()]
            facts.append(Town.correction(id, of: target.key.id, target.kind, at: at, patch))
        }
    }
}

extension Fixtures {
    /// The shares of article 22.
    static var share: AllocationRule {
        guard case .allocation(let rule)? = policy.rule("A22.share")?.body else {
            return AllocationRule(fines: FactPattern(.fineIssued), weights: [], heldRole: "office")
        }
        return rule
    }

    /// The policy with another rule for shares.
    static func policy(sharing share: AllocationRule) -> Policy {
        Policy(
            name: policy.name,
            version: policy.version,
            document: policy.document,
            effectiveFrom: policy.effectiveFrom,
            roles: policy.roles,
            escalations: policy.escalations,
            rules: policy.rules.map { rule in
                guard case .allocation = rule.body else { return rule }
                return Rule(
                    id: rule.id,
                    article: rule.article,
                    basis: rule.basis,
                    title: rule.title,
                    body: .allocation(share)
                )
            },
            settings: policy.settings
        )
    }
}

extension Fact {
    /// The same with other data; its own time stays.
    func with(_ patch: Value) -> Fact {
        Fact(
            key: key,
            kind: kind,
            matter: matter,
            enterprise: enterprise,
            time: time,
            recordedAt: recordedAt,
            receivedAt: receivedAt,
            data: (patch.members ?? []).reduce(data) { $0.setting(path: $1.name, to: $1.value) }
        )
    }
}
