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
        /// Not done in time, of what has fallen due.
        case late
        /// Opened again, of what was done.
        case reopened
        /// Calls its complaint solved, or is content, of those who said anything.
        case solved, satisfied
        /// Several shares with their weights, as one.
        case composite
        /// How many are against the rules, of nothing.
        case breaches
        /// How many wait, of nothing.
        case open
        /// How many there was only something to tell of.
        case noted
        /// How many minutes half, or nine tenths, of what was done took at most.
        case median, p90
        /// How many were about an amount, and what the amounts come to, by the day on which they began.
        case billed, billedAmount
        /// What the amounts of those come to that are not done yet.
        case owedAmount
        /// For how many days what has no due time has waited, on average.
        case age
        /// What people bear of fines, all together.
        case shares
    }

    /// What the figure is a number of.
    package enum Unit: String, Sendable, CaseIterable {
        case share, count, minutes, fen, days
    }

    /// One share of a composite.
    package struct Part: Sendable, Hashable {
        package let rate: SupervisorRate
        package let weight: Int64

        package init(rate: SupervisorRate, weight: Int64) {
            self.rate = rate
            self.weight = weight
        }
    }

    /// Its name in metrics and in the API.
    package let name: String
    package let title: Wording
    package let measure: Measure
    /// Empty where the measure is not of rules.
    package let rules: Set<RuleID>
    /// What a composite is made of.
    package let parts: [Part]
    /// Whether a screen on the wall shows it.
    package let isOnWall: Bool

    package init(
        name: String,
        title: Wording,
        measure: Measure,
        rules: Set<RuleID>,
        parts: [Part] = [],
        isOnWall: Bool = true
    ) {
        self.name = name
        self.title = title
        self.measure = measure
        self.rules = rules
        self.parts = parts
        self.isOnWall = isOnWall
    }

    package var unit: Unit {
        switch measure {
        case .inTime, .done, .closedInTime, .late, .reopened, .solved, .satisfied, .composite: .share
        case .breaches, .open, .noted, .billed: .count
        case .median, .p90: .minutes
        case .billedAmount, .owedAmount, .shares: .fen
        case .age: .days
        }
    }

    /// Whether it is a share of something rather than a number.
    package var isShare: Bool { unit == .share }

    /// Whether it is a time, in minutes.
    package var isTime: Bool { unit == .minutes }

    /// Whether it says how things stand now, whenever they were or will be due, so that no day has one of its own.
    package var isOfNow: Bool {
        switch measure {
        case .open, .owedAmount, .age, .shares: true
        default: false
        }
    }

    /// Whether a large share is bad.
    package var isBetterLow: Bool { measure == .late || measure == .reopened }

    /// Whether there should be none of what it counts.
    package var isOfWrongs: Bool { measure == .breaches || measure == .open }

    /// The figure; `whole` is zero where it is a number, and for a time or an age how many there were.
    ///
    /// `today` is what ages are counted to. A composite is in ten thousandths, and of nothing while one of its shares
    /// is.
    package func value(_ figures: Figures, on today: CivilDate) -> Figures.Rate {
        let clock = figures.clock(rules)
        func number(_ count: Int64) -> Figures.Rate { Figures.Rate(part: count, whole: 0) }
        return switch measure {
        case .inTime: clock.rate
        case .done: Figures.Rate(part: clock.done, whole: clock.due)
        case .closedInTime: Figures.Rate(part: clock.inTime, whole: clock.done)
        case .late: Figures.Rate(part: clock.due - clock.inTime, whole: clock.due)
        case .reopened: Figures.Rate(part: figures.sum(.reopened, rules), whole: clock.done)
        case .solved: Figures.Rate(part: figures.said(.solved), whole: figures.said(.rated))
        case .satisfied: Figures.Rate(part: figures.said(.satisfied), whole: figures.said(.rated))
        case .composite: composite(figures, today)
        case .breaches: number(clock.late + clock.missing + clock.dropped)
        case .open: number(clock.open + clock.missing)
        case .noted: number(figures.sum(.noted, rules))
        case .median: time(figures, 50)
        case .p90: time(figures, 90)
        case .billed: number(figures.sum(.billed, rules))
        case .billedAmount: number(figures.sum(.billedFen, rules))
        case .owedAmount: number(figures.sum(.owedFen, rules))
        case .age: age(figures, clock.open, today)
        case .shares: number(figures.postedFen)
        }
    }

    /// Of how many cases it is, for whoever wants to know whether it says much.
    package func cases(_ figures: Figures, on today: CivilDate) -> Int64 {
        guard measure == .composite else { return value(figures, on: today).whole }
        return parts.map { $0.rate.cases(figures, on: today) }.min() ?? 0
    }

    private func time(_ figures: Figures, _ percent: Int64) -> Figures.Rate {
        let (minutes, count) = figures.minutes(rules, percent: percent)
        return Figures.Rate(part: minutes, whole: count)
    }

    private func age(_ figures: Figures, _ count: Int64, _ today: CivilDate) -> Figures.Rate {
        guard count > 0 else { return Figures.Rate(part: 0, whole: 0) }
        let days = today.dayNumber &* count &- figures.sum(.sinceDay, rules)
        return Figures.Rate(part: max(0, days) / count, whole: count)
    }

    private static let wholeOfComposite: Int64 = 10_000

    private func composite(_ figures: Figures, _ today: CivilDate) -> Figures.Rate {
        var (sum, weights) = (0.0, 0.0)
        for part in parts {
            guard let ratio = part.rate.value(figures, on: today).ratio else {
                return Figures.Rate(part: 0, whole: 0)
            }
            sum += ratio * Double(part.weight)
            weights += Double(part.weight)
        }
        guard weights > 0 else { return Figures.Rate(part: 0, whole: 0) }
        let share = (sum / weights * Double(Self.wholeOfComposite)).rounded()
        return Figures.Rate(part: Int64(share), whole: Self.wholeOfComposite)
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
