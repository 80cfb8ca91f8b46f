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
        /// How many minutes half, or nine tenths, of what was done took at most.
        case median, p90
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
    package var isShare: Bool {
        switch measure {
        case .inTime, .done, .closedInTime, .solved, .satisfied: true
        case .breaches, .open, .median, .p90: false
        }
    }

    /// Whether it is a time, in minutes.
    package var isTime: Bool { measure == .median || measure == .p90 }

    /// The figure; `whole` is zero where it is a number, and for a time how many there were.
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
        case .median: time(figures, 50)
        case .p90: time(figures, 90)
        }
    }

    private func time(_ figures: Figures, _ percent: Int64) -> Figures.Rate {
        let (minutes, count) = figures.minutes(rules, percent: percent)
        return Figures.Rate(part: minutes, whole: count)
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
