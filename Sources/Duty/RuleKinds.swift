/// Days of the month on which certain visits must not enter an enterprise.
package struct WindowRule: Sendable {
    /// What to make of a visit where the rule cannot decide by itself.
    package enum Doubt: String, Sendable { case review, violation, exempt }

    /// The plan of a visit that the window is about.
    package var planned: FactPattern
    /// First and last day of the month on which the window is closed, both inclusive.
    package var fromDay: Int
    package var toDay: Int
    /// Flags of the profile that must all be true for the window to protect an enterprise.
    package var protects: [String]
    /// What of an enterprise of which one of the flags is not known.
    package var unknownFlags = Doubt.review
    /// Codes of exceptions under which a visit may enter.
    package var exceptions: Set<String>
    /// Those of them that count only with a reference number.
    package var referenceRequired: Set<String> = []
    /// What of a visit that a superior body has ordered; nil where the code is like any other.
    package var superiorDeployed: Doubt?
    /// Ladders for a plan inside the window, for an entry, and for what a person has to look at.
    package var plannedEscalation: String
    package var enteredEscalation: String
    package var reviewEscalation: String

    package static let superiorCode = "superiorDeployed"

    package init(
        planned: FactPattern,
        days: ClosedRange<Int>,
        protects: [String],
        exceptions: Set<String>,
        plannedEscalation: String,
        enteredEscalation: String,
        reviewEscalation: String
    ) {
        self.planned = planned
        fromDay = days.lowerBound
        toDay = days.upperBound
        self.protects = protects
        self.exceptions = exceptions
        self.plannedEscalation = plannedEscalation
        self.enteredEscalation = enteredEscalation
        self.reviewEscalation = reviewEscalation
    }
}

/// Something that must not be done, seen in the facts.
package struct PracticeRule: Sendable {
    package enum Test: Sendable, Hashable {
        /// Every fact that fits.
        case each
        /// A fact whose fields are the same as those of an earlier one.
        case repeated(by: [String])
        /// The first fact that makes it more than so many different values of a field.
        case moreThan(Int, of: String)
        /// Facts whose days lie within so many days of an earlier one's, with another value of a field.
        case near(days: Int, of: String)
    }

    /// Facts of how many matters are looked at together.
    package enum Range: String, Sendable {
        case matter
        /// All matters of one enterprise.
        case enterprise
        /// All matters.
        case county
    }

    package var facts: [FactPattern]
    package var test: Test
    package var range = Range.matter
    /// Counts only in a matter that has such a fact as well.
    package var given: FactPattern?
    /// Whether it is advice and nobody is at fault.
    package var isAdvice = false
    package var escalation: String

    package init(facts: [FactPattern], test: Test, escalation: String) {
        self.facts = facts
        self.test = test
        self.escalation = escalation
    }
}

/// A duty that comes round with every quarter or year.
package struct RecurringRule: Sendable {
    package enum Period: Sendable, Hashable {
        case quarter, year
        /// One time, until the end of a day.
        case once(CivilDate)
    }

    package enum Owner: Sendable, Hashable {
        /// Each who holds the role by standing owes it alone.
        case each(RoleID)
        /// Each who serves enterprises in the role owes it: for every one of them, or for one of them.
        case linked(RoleID, every: Bool)
        /// Owed once, whoever does it.
        case shared
    }

    /// The word by which `duty.performed` names the duty.
    package var code: String
    package var every: Period
    package var owner: Owner
    /// What a record of the duty must fulfil to count.
    package var conditions: [Condition] = []
    /// Plans of visits that count as the duty once the visit has ended.
    package var visits: FactPattern?
    /// Facts of other matters that count as the duty, for the year that their field `year` names.
    package var published: FactPattern?
    package var escalation: String

    package init(code: String, every: Period, owner: Owner, escalation: String) {
        self.code = code
        self.every = every
        self.owner = owner
        self.escalation = escalation
    }
}

/// An amount that is compared with a limit, or an award that follows from a grade.
package struct AmountRule: Sendable {
    package enum Figure: Sendable, Hashable {
        /// At most so many percent of another field, or, where that is missing, of so many fen; rounded down to the
        /// fen. Without either nothing is said.
        case atMost(percent: Int64, of: String, orOf: Int64? = nil)
        /// At most so many fen.
        case atMostFen(Int64)
        /// So many fen are due to the one who is named.
        case award(Int64)
    }

    package var facts: FactPattern
    package var selection: ListSelection?
    package var figure: Figure
    package var escalation: String

    package init(facts: FactPattern, figure: Figure, escalation: String) {
        self.facts = facts
        self.figure = figure
        self.escalation = escalation
    }
}

/// Elements of a list in a fact's data, each looked at by itself.
package struct ListSelection: Sendable, Hashable {
    package enum Part: Sendable, Hashable {
        case all
        /// The last so many by `rank`, without those at the cut who share a rank with one before it.
        case bottom(Int)
        /// The elements that such a shared rank leaves undecided, all together.
        case tied(Int)
    }

    package var list: String
    package var conditions: [Condition] = []
    package var part = Part.all

    package init(list: String) { self.list = list }
}

/// Limits that depend on the class that a matter was given, for `DeadlineRule`.
package struct DeadlineClasses: Sendable, Hashable {
    package struct Class: Sendable, Hashable {
        package let name: String
        package let within: TimeLimit
        package let metBy: [FactPattern]
        /// Counts only with a field of the classification, such as who approved it.
        package let needs: String?

        package init(name: String, within: TimeLimit, metBy: [FactPattern], needs: String?) {
            self.name = name
            self.within = within
            self.metBy = metBy
            self.needs = needs
        }
    }

    /// Facts that give a class, and the field that holds it.
    package let facts: FactPattern
    package let field: String
    /// From the strictest to the mildest.
    package let classes: [Class]
    /// Until somebody says.
    package let unclassified: String

    package init(facts: FactPattern, field: String, classes: [Class], unclassified: String) {
        self.facts = facts
        self.field = field
        self.classes = classes
        self.unclassified = unclassified
    }
}

extension Rule {
    /// The kinds of matter in which the rule has something to say.
    var matters: Set<MatterType> {
        switch body {
        case .deadline(let rule): Set(rule.opens.flatMap { Self.matters(of: $0.kind) })
        case .gate(let rule): Set(Self.matters(of: rule.act.kind))
        case .notice(let rule): Set(Self.matters(of: rule.on.kind))
        case .amount(let rule): Set(Self.matters(of: rule.facts.kind))
        case .allocation: [.fine]
        case .window: [.visit]
        case .recurring: [.duty]
        case .practice(let rule):
            rule.range == .matter ? Set(rule.facts.flatMap { Self.matters(of: $0.kind) }) : [.gathering]
        }
    }

    /// The kinds of matter whose facts the rule passes on to another matter.
    var sources: Set<MatterType> {
        switch body {
        case .recurring(let rule):
            var types: Set<MatterType> = []
            if case .linked = rule.owner { types.insert(.enterprise) }
            if rule.visits != nil { types.insert(.visit) }
            if let published = rule.published { types.formUnion(Self.matters(of: published.kind)) }
            if rule.owner != .shared { types.insert(.duty) }
            return types
        case .practice(let rule) where rule.range != .matter:
            return Set(rule.facts.flatMap { Self.matters(of: $0.kind) })
        default: return []
        }
    }

    /// Whether a fact of such a matter is, or makes another one, what the rule passes on.
    fileprivate func passesOn(_ kind: EventKind) -> Bool {
        switch body {
        case .practice(let rule): rule.facts.contains { $0.kind == kind }
        // A plan and the end of a visit come to it together.
        case .recurring(let rule): rule.visits != nil || rule.published?.kind == kind
        default: false
        }
    }

    private static func matters(of kind: EventKind) -> [MatterType] {
        switch kind {
        case .reportMade: [.case, .penalty]
        case .rosterAssigned, .rosterEnded: [.enterprise, .park, .org]
        default: EventCatalogue.schema(kind).matter.map { [$0] } ?? []
        }
    }
}

extension Policy {
    /// Whether other matters may have facts because of this one.
    package func passesOn(_ fact: Fact) -> Bool {
        sources(in: fact.matter.type).contains { $0.passesOn(fact.kind) }
    }
}
