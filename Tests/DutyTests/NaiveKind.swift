import Duty

/// A kind of rule on trial: rules of the kind, random histories for them, and what somebody with a wall calendar
/// and a notebook makes of a history.
protocol NaiveKind {
    static var rules: [Rule] { get }
    /// Fills a history.
    static func play(_ history: inout NaiveKindsHistory)
    /// One line an obligation, as the notebook says at a minute of the facts that have arrived.
    static func wanted(_ history: NaiveKindsHistory, at now: Int) -> [String]
    /// The same lines from what the core derives.
    static func found(_ history: NaiveKindsHistory, at now: Int) -> [String]
}

extension NaiveKind {
    /// The facts that count, of the matter with this number, in the order of their own time.
    static func happenings(
        _ history: NaiveKindsHistory,
        _ number: String = "1",
        at now: Int
    ) -> [NaiveModel.Happening] {
        NaiveModel.counting(history.arrived(by: now, at: number))
    }

    static func derived(
        _ matter: MatterID,
        _ facts: [Fact],
        _ enterprise: Enterprise = Enterprise(id: Town.enterpriseID, facts: [Town.registration]),
        at now: Int
    ) -> Derivation {
        derive(
            matter: matter,
            facts: facts,
            enterprise: enterprise,
            policy: policy,
            calendar: NaiveDays.calendar,
            now: NaiveKindsHistory.instant(now)
        )
    }

    private static var policy: Policy {
        Policy(
            name: "naive",
            version: "1",
            document: "",
            effectiveFrom: CivilDate(clock("2023-08-15T00:00:00+08:00")),
            roles: [:],
            escalations: Dictionary(
                uniqueKeysWithValues: ladders.map { ($0, EscalationPolicy(steps: [], withdrawn: $0)) }
            ),
            rules: rules,
            settings: [:]
        )
    }

    /// `rule opened due phase`, in minutes.
    static func clockLine(_ rule: String, _ opened: Int, _ due: Int?, _ phase: String) -> String {
        "\(rule) opened \(opened) due \(due.map { "\($0)" } ?? "-") \(phase)"
    }

    static func clockLine(_ obligation: Obligation, at now: Int) -> String {
        clockLine(
            obligation.key.rule.text,
            NaiveModel.minute(obligation.openedAt),
            obligation.dueAt.map(NaiveModel.minute),
            obligation.phase(at: NaiveKindsHistory.instant(now)).rawValue
        )
    }
}

/// Ladders without steps that tell themselves apart by the message that takes them back.
private let ladders = ["plain", "planned", "entered", "review"]

extension Rule {
    static func naive(_ id: RuleID, _ body: Body) -> Rule {
        Rule(id: id, article: 1, basis: .text, title: "", body: body)
    }
}

extension Condition {
    static func one(of path: String, _ values: Value...) -> Condition { Condition(path, .isOneOf(values)) }
}

/// How a clock with a known end stands, once it is known when it was done and when it ceased to matter.
func naivePhase(from start: Int, due: Int?, met: Int?, cancelled: Int?, now: Int) -> String {
    let due = due ?? Int.max
    if let met, met <= cancelled ?? Int.max { return max(met, start) <= due ? "met" : "metLate" }
    if let cancelled { return cancelled < due ? "cancelled" : "breachedThenCancelled" }
    return now >= due ? "breached" : "open"
}
