import Duty

/// Histories as no author would think of them: a few facts of one matter and its enterprise, at random minutes,
/// some of them corrected or voided, arriving late and out of order.
struct RandomHistory {
    let matter: MatterID
    private(set) var facts: [Fact] = []
    private var random: SeededGenerator
    private var count = 0

    init(_ type: MatterType, seed: UInt64) {
        matter = MatterID(type: type, number: "1")
        random = SeededGenerator(seed: seed)
        switch type {
        case .complaint: fileComplaint()
        case .case: openCase()
        case .penalty: decidePenalty()
        default: issueFine()
        }
        changeBooks()
        correct()
        facts.sort { ($0.receivedAt, $0.key.id) < ($1.receivedAt, $1.key.id) }
    }

    private mutating func below(_ limit: Int64) -> Int64 { Int64.random(in: 0..<limit, using: &random) }
    private mutating func one(_ values: Value...) -> Value { values.randomElement(using: &random) ?? .null }

    /// Half of all facts arrive at once, the others up to days late.
    private mutating func late() -> Span {
        random.chance(50) ? .zero : .minutes(below(random.chance(50) ? 60 : 3_000))
    }

    private mutating func add(_ kind: EventKind, _ minute: Int64, _ more: KeyValuePairs<String, Value> = [:])
    {
        count += 1
        let at = Town.monday + .minutes(minute)
        let number = kind == .enterpriseDeregistered || kind == .enterpriseUpdated ? "E-000451" : "1"
        let fact = Town.fact(kind, "f\(count)", at: at, received: at + late(), of: number, more)
        // Two desks count alike, now and then.
        let twin = random.chance(15) ? facts.randomElement(using: &random) : nil
        let key = twin.map { EventKey(source: "/app", id: $0.key.id) }
        guard let key, !facts.contains(where: { $0.key == key }) else { return facts.append(fact) }
        facts.append(fact.keyed(key, fact.enterprise))
    }

    // MARK: Matters

    private mutating func fileComplaint() {
        add(.complaintFiled, below(3))
        if random.chance(10) { add(.complaintFiled, below(60)) }
        var minute: Int64 = 0
        for _ in 0..<below(8) {
            minute += below(random.chance(60) ? 50 : 1_500)
            addToComplaint(max(0, minute - (random.chance(10) ? 100 : 0)))
        }
    }

    private mutating func addToComplaint(_ minute: Int64) {
        switch below(12) {
        case 0..<4:
            let role = one("park.staff", "park.leader", "dept.contact")
            add(
                .complaintResponded,
                minute,
                [
                    "auto": one(true, false, false, .null),
                    "by": .object([
                        Value.Member("personRef", "P-1032"), Value.Member("role", role),
                    ]),
                ]
            )
        case 4: add(.complaintSolutionProposed, minute)
        case 5..<8:
            add(.complaintResolved, minute, ["outcome": one("done", "replied", "rejected", "transferred")])
        case 8..<11: add(.complaintReopened, minute)
        default: add(.complaintWithdrawn, minute)
        }
    }

    private mutating func openCase() {
        add(.caseOpened, below(300))
        if random.chance(10) { add(.caseOpened, below(300)) }
        for _ in 0..<below(4) {
            add(
                .reportMade,
                below(400) - 50,
                [
                    "subjectType": one("case", "case", "case", "penalty"),
                    "toRole": one("county.linked", "county.linked", "county.secretary"),
                    "toPersonRef": one("P-0007", "P-0007", "P-0009"),
                ]
            )
        }
    }

    private mutating func decidePenalty() {
        add(.penaltyDecided, below(300))
        for _ in 0..<below(4) {
            add(
                .reportMade,
                below(400) - 50,
                [
                    "subjectType": one("penalty", "case"), "toRole": one("county.secretary", "county.linked"),
                    "toPersonRef": one("P-0001", "P-0002"),
                ]
            )
        }
    }

    private mutating func issueFine() {
        add(.fineIssued, below(100), ["amountFen": .integer(below(random.chance(50) ? 100 : 10_000_000))])
        for _ in 0..<below(6) {
            let minute = below(30_000) - (random.chance(10) ? 20_000 : 0)
            switch below(6) {
            case 0..<3:
                count += 1
                add(
                    .fineAttributed,
                    minute,
                    ["attributable": one(true, true, false), "decisionId": .string("AD-\(count)")]
                )
            case 3, 4:
                add(
                    .fineRevised,
                    minute,
                    ["revision": .integer(2 + below(3)), "amountFen": .integer(below(9_999))]
                )
            default: add(.fineRevoked, minute, ["revision": .integer(2 + below(3))])
            }
        }
    }

    // MARK: Books and corrections

    private mutating func changeBooks() {
        for _ in 0..<(random.chance(50) ? below(4) : 0) {
            let minute = below(3_000) - 500
            let time = Value.string((Town.monday + .minutes(minute)).rfc3339)
            switch below(6) {
            case 0..<3:
                let role = one("park.staff", "park.leader", "county.linked")
                let person = one("P-1077", "P-1088", "P-0009", "P-1032")
                count += 1
                add(
                    .rosterAssigned,
                    minute,
                    [
                        "assignmentId": .string("RA-x\(count)"), "personRef": person, "role": role,
                        "from": time,
                        "scope": ["enterpriseId": "E-000451"],
                    ]
                )
            case 3:
                add(
                    .rosterEnded,
                    minute,
                    ["assignmentId": one("RA-1", "RA-3", "RA-4"), "from": "2026-01-01"]
                )
            case 4:
                add(
                    .enterpriseUpdated,
                    minute,
                    ["changes": ["inPark": one(true, false)], "effectiveFrom": time]
                )
            default:
                add(
                    .enterpriseDeregistered,
                    max(-200, minute),
                    [
                        "reason": one("cancelled", "moved", "merged", "merged"),
                        "mergedInto": one("E-000777", "E-000777", "E-000451", .null),
                    ]
                )
            }
        }
    }

    private mutating func correct() {
        let own = facts.filter { ![.enterprise, nil].contains($0.matter.type) }
        for _ in 0..<(random.chance(50) ? below(4) : 0) {
            count += 1
            let voids = facts.filter { $0.kind == .recordVoided || $0.kind == .recordCorrected }
            guard let target = (random.chance(30) ? voids : own).randomElement(using: &random) ?? own.first
            else { return }
            let at = target.receivedAt + .minutes(1 + below(500))
            let isPlain = target.kind != .recordVoided && target.kind != .recordCorrected
            let received = at + late()
            if random.chance(50) || !isPlain {
                let void = Town.void("f\(count)", of: target.key.id, target.kind, at: at, received: received)
                facts.append(written(void, about: target))
                continue
            }
            let field = EventCatalogue.schema(target.kind).timeField ?? "at"
            let moved = target.at + .minutes(below(120) - 60)
            let correction = Town.correction(
                "f\(count)",
                of: target.key.id,
                target.kind,
                at: at,
                received: received,
                .object([Value.Member(field, .string(moved.rfc3339))])
            )
            facts.append(written(correction, about: target))
        }
    }

    /// By one desk or another, which says more or less, and seldom something wrong, of what it means.
    private mutating func written(_ slip: Fact, about target: Fact) -> Fact {
        let key = EventKey(source: one("/desk", "/desk", "/app", "/office").string ?? "", id: slip.key.id)
        var slip = slip.keyed(key, random.chance(5) ? "E-000999" : slip.enterprise)
        if random.chance(20) {
            slip.data = slip.data.setting(path: "targetSource", to: .string(target.key.source))
        }
        if random.chance(5) { slip.data = slip.data.setting(path: "targetType", to: "case.closed") }
        return slip
    }
}
