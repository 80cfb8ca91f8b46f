/// A figure that supervisors ask for, as the policy names it.
package struct SupervisorRate: Sendable, Hashable {
    /// What is counted, and of what.
    package enum Measure: String, Sendable, CaseIterable {
        /// Done in time, of what has fallen due.
        case inTime
        /// Done at all, of what has fallen due.
        case done
        /// Done in time, of what was done.
        case closedInTime
        /// Calls its complaint solved, or is content, of those who said anything.
        case solved, satisfied
        /// How many are against the rules, of nothing.
        case breaches
        /// How many wait, of nothing.
        case open
    }

    /// Its name in metrics and in the API.
    package let name: String
    package let title: Wording
    package let measure: Measure
    /// Empty where the measure is not of rules.
    package let rules: Set<RuleID>

    package init(name: String, title: Wording, measure: Measure, rules: Set<RuleID>) {
        self.name = name
        self.title = title
        self.measure = measure
        self.rules = rules
    }

    /// Whether it is a share of something rather than a number.
    package var isShare: Bool { measure != .breaches && measure != .open }

    /// The figure; `whole` is zero where it is no share.
    package func value(_ figures: Figures) -> Figures.Rate {
        let clock = figures.clock(rules)
        return switch measure {
        case .inTime: clock.rate
        case .done: Figures.Rate(part: clock.done, whole: clock.due)
        case .closedInTime: Figures.Rate(part: clock.inTime, whole: clock.done)
        case .solved: Figures.Rate(part: figures.said(.solved), whole: figures.said(.rated))
        case .satisfied: Figures.Rate(part: figures.said(.satisfied), whole: figures.said(.rated))
        case .breaches: Figures.Rate(part: clock.late + clock.missing + clock.dropped, whole: 0)
        case .open: Figures.Rate(part: clock.open + clock.missing, whole: 0)
        }
    }
}

/// One text in both languages that people read here.
package struct Wording: Sendable, Hashable {
    package let chinese: String
    package let english: String

    package init(_ chinese: String, _ english: String) {
        self.chinese = chinese
        self.english = english
    }
}
