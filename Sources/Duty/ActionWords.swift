/// What the journal calls the turns in the life of an obligation.
struct ActionWords {
    /// The first word: `deadline`, `gate`, `window`, `practice`, `fee`, `duty`.
    let name: String
    private let nature: Obligation.Nature?

    init(_ obligation: Obligation) { self.init(obligation.rule, obligation.nature) }

    /// For an obligation that is no longer there.
    init(_ record: MatterState.Record, _ policy: Policy) {
        self.init(policy.rule(record.key.rule), Obligation.Nature(rawValue: record.kind))
    }

    private init(_ rule: Rule?, _ nature: Obligation.Nature?) {
        self.nature = nature
        switch (nature, rule?.body) {
        case (.gate, _): name = "gate"
        case (.duty, _): name = "duty"
        case (.finding, .window): name = "window"
        case (.finding, .amount): name = "fee"
        case (.finding, _): name = "practice"
        default: name = "deadline"
        }
    }

    var started: String { name + (nature == .duty ? ".due" : ".started") }
    var breached: String {
        switch name {
        case "deadline": "deadline.breached"
        case "duty": "duty.missed"
        case "fee": "fee.overcharged"
        default: name + ".violated"
        }
    }
    /// It turned out not to have been one.
    var cleared: String { name + ".cleared" }
    /// What it arose from is gone.
    var vanished: String { name + (nature == .gate || nature == .finding ? ".cleared" : ".withdrawn") }
}
