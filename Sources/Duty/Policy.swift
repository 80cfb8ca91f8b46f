/// One version of a county's document as rules: data, read from a file, frozen; behind a reference, because every
/// step is taken with it.
package final class Policy: Sendable {
    /// The short name of the document (`hengyang-2023-4`).
    package let name: String
    /// The declared version and the hash of the file; what a matter keeps when it opens.
    package let version: String
    /// The words that stand for the document in messages (`蒸发〔2023〕4号`).
    package let document: String
    /// How many articles the document has; nil if the file does not say.
    package let articleCount: Int?
    /// Facts from before this day open nothing.
    package let effectiveFrom: CivilDate
    package let roles: [RoleID: RoleDefinition]
    package let keyRoles: KeyRoles
    package let escalations: [String: EscalationPolicy]
    package let rules: [Rule]
    /// What supervisors look at, in their order.
    package let rates: [SupervisorRate]
    /// Rules of whose matters nothing but the number may be shown.
    let restrictedRules: Set<RuleID>
    private let rulesByID: [RuleID: Rule]
    private let rulesByMatter: [MatterType: [Rule]]
    private let sourcesByMatter: [MatterType: [Rule]]
    /// The choice made for each named ambiguity, as the file or the default says.
    package let settings: [String: Value]
    /// How long facts wait for the one that opens their matter.
    package let orphanAfter: Span
    /// Who is told of those that waited in vain.
    package let orphanRole: RoleID?
    /// Recorded later than this after it happened, a fact is flagged as back-dated.
    package let backdateFlag: Span
    /// Whether a matter of an enterprise that nobody has registered yet is handled as one in the park.
    package let unknownEnterpriseIsInPark: Bool

    package init(
        name: String,
        version: String,
        document: String,
        articleCount: Int? = nil,
        effectiveFrom: CivilDate,
        roles: [RoleID: RoleDefinition],
        escalations: [String: EscalationPolicy],
        rules: [Rule],
        rates: [SupervisorRate] = [],
        settings: [String: Value],
        keyRoles: KeyRoles = KeyRoles(),
        orphanAfter: Span = .hours(24),
        orphanRole: RoleID? = nil,
        backdateFlag: Span = .hours(24),
        unknownEnterpriseIsInPark: Bool = true
    ) {
        self.name = name
        self.version = version
        self.document = document
        self.articleCount = articleCount
        self.effectiveFrom = effectiveFrom
        self.roles = roles
        self.keyRoles = keyRoles
        self.escalations = escalations
        self.rules = rules
        self.rates = rates
        restrictedRules = Set(rules.filter(\.isRestricted).map(\.id))
        rulesByID = Dictionary(rules.map { ($0.id, $0) }) { first, _ in first }
        rulesByMatter = Self.index(rules, by: \.matters)
        sourcesByMatter = Self.index(rules, by: \.sources)
        self.settings = settings
        self.orphanAfter = orphanAfter
        self.orphanRole = orphanRole ?? keyRoles.office
        self.backdateFlag = backdateFlag
        self.unknownEnterpriseIsInPark = unknownEnterpriseIsInPark
    }

    /// Whether a fact is from before the document was in force, and so opens nothing.
    ///
    /// What is known of enterprises, people and days holds whenever it was said.
    package func passesOver(_ fact: Fact) -> Bool {
        guard !fact.isReflected, CivilDate(fact.at) < effectiveFrom else { return false }
        switch fact.kind {
        case .enterpriseRegistered, .enterpriseUpdated, .enterpriseDeregistered, .rosterAssigned,
            .rosterEnded,
            .calendarPublished, .silenceSet, .silenceEnded, .recordCorrected, .recordVoided,
            .notificationAcknowledged, .escalationRequested:
            return false
        default: return true
        }
    }

    package func rule(_ id: RuleID) -> Rule? { rulesByID[id] }

    /// The matter that a fact belongs to: for a duty its own, or the one of whoever owes it.
    package func home(of fact: Fact) -> MatterID {
        guard fact.kind == .dutyPerformed, let code = fact.text("dutyCode") else { return fact.matter }
        for rule in rules {
            guard case .recurring(let recurring) = rule.body, recurring.code == code else { continue }
            return recurring.matter(of: fact.performer)
        }
        return fact.matter
    }

    /// The duties that somebody owes by standing, as the directory says: their matter, role and person.
    package func standingDuties(_ directory: Directory) -> [StandingDuty] {
        rules.flatMap { rule -> [StandingDuty] in
            guard case .recurring(let recurring) = rule.body else { return [] }
            switch recurring.owner {
            case .linked: return []
            case .shared:
                let role = keyRoles.office ?? "@county"
                return [StandingDuty(matter: recurring.matter(of: ""), role: role, person: "@county")]
            case .each(let role):
                return (directory.standing[role] ?? []).map {
                    StandingDuty(matter: recurring.matter(of: $0.text), role: role, person: $0)
                }
            }
        }
    }

    /// The rules that have something to say in matters of a type, in the order of the file.
    package func rules(in type: MatterType?) -> [Rule] { type.flatMap { rulesByMatter[$0] } ?? [] }

    /// The rules that matters of a type pass facts on for.
    func sources(in type: MatterType?) -> [Rule] { type.flatMap { sourcesByMatter[$0] } ?? [] }

    private static func index(
        _ rules: [Rule],
        by types: (Rule) -> Set<MatterType>
    ) -> [MatterType: [Rule]] {
        var index: [MatterType: [Rule]] = [:]
        for rule in rules {
            for type in types(rule) { index[type, default: []].append(rule) }
        }
        return index
    }
}

/// Where a rule's figure comes from.
package enum Basis: String, Sendable, CaseIterable {
    /// Literally in the document.
    case text
    /// In higher law.
    case statute
    /// Ours, where the document is silent.
    case `default`
}

/// One rule of the document; behind a reference, because every obligation carries its rule.
package final class Rule: Sendable {
    package let id: RuleID
    package let article: Int
    package let basis: Basis
    package let title: String
    /// What the document says of it, for messages that quote it; nil if the file has no such words.
    package let says: String?
    package let body: Body
    /// Whether nothing of the matter but its number may be shown to anybody.
    package let isRestricted: Bool
    /// Of these kinds one must be there for the rule to have anything to say; see `EventKinds`.
    let needs: EventKinds
    /// If not nil, one of these must fit an effective fact as well.
    let beginnings: [FactPattern]?
    /// The title in both languages, for pages whose reader chooses; nil where only one is known.
    package let titles: Wording?
    /// Whether its breaches are told at any hour, also by channels that rest at night.
    package let isToldAtNight: Bool
    /// Deadlines whose limits its messages may name: as `responseWithin` for `response`.
    package let limits: [(name: String, rule: RuleID)]

    /// Behind a reference each: they have many parts, and are looked at with every event.
    package indirect enum Body: Sendable {
        case deadline(DeadlineRule)
        case gate(GateRule)
        case allocation(AllocationRule)
        case notice(NoticeRule)
        case window(WindowRule)
        case practice(PracticeRule)
        case recurring(RecurringRule)
        case amount(AmountRule)
    }

    package init(
        id: RuleID,
        article: Int,
        basis: Basis,
        title: String,
        says: String? = nil,
        body: Body,
        isRestricted: Bool = false,
        isToldAtNight: Bool = false,
        titles: Wording? = nil,
        limits: [(name: String, rule: RuleID)] = []
    ) {
        self.titles = titles
        self.limits = limits
        self.id = id
        self.article = article
        self.basis = basis
        self.title = title
        self.says = says
        self.body = body
        self.isRestricted = isRestricted
        needs = body.needs
        beginnings = body.beginnings
        self.isToldAtNight = isToldAtNight
    }

    package var kindName: String {
        switch body {
        case .deadline: "deadline"
        case .gate: "gate"
        case .allocation: "allocation"
        case .notice: "notice"
        case .window: "window"
        case .practice: "practice"
        case .recurring: "recurring"
        case .amount: "amount"
        }
    }
}

/// Something must happen within a time.
package struct DeadlineRule: Sendable {
    /// The first of these facts that fits opens the clock.
    package var opens: [FactPattern]
    /// Counts only in a matter that has such a fact as well.
    package var given: FactPattern?
    package var start: ClockStart = .ownTime
    package var within: TimeLimit
    package var metBy: [FactPattern]
    /// Other limits for matters of other classes; `within` and `metBy` are those of none of them.
    package var classes: DeadlineClasses?
    /// Whether it only reminds: nobody has breached anything when its time is over.
    package var isReminder = false
    package var cancelledBy: [FactPattern] = []
    /// Opens a new cycle, but only after `reopensAfter` in the same cycle.
    package var reopens: FactPattern?
    package var reopensAfter: FactPattern?
    /// Whether it is opened again by what opened it first: what lies before the opening ended another one.
    var comesAndGoes: Bool { opens.contains { $0.kind == reopens?.kind } }
    /// The clock stands between a fact of the first pattern and the next of the second.
    package var pausedBy: FactPattern?
    package var resumedBy: FactPattern?
    /// Pauses with different values of this field run beside each other.
    package var pauseField: String?
    /// Whether a day on which a pause begins or ends is paused for its hours alone, not as a whole.
    package var pausesExactly = false
    /// Whether the end of the enterprise ends the clock.
    package var endsWithEnterprise = true
    package var escalation: String

    package init(
        opens: [FactPattern],
        within: TimeLimit,
        metBy: [FactPattern],
        escalation: String
    ) {
        self.opens = opens
        self.within = within
        self.metBy = metBy
        self.escalation = escalation
    }
}

/// From which moment a clock runs.
package enum ClockStart: Sendable, Hashable {
    /// The opening fact's own time.
    case ownTime
    /// When the opening fact was written down, else when it reached us.
    case received
    /// The first fact of this kind after the opening one; until then there is no clock.
    case fact(EventKind)
    /// A time in a field of the opening fact; without it the fact's own time.
    case field(String)
}

/// How long a deadline is.
package enum TimeLimit: Sendable, Hashable {
    case continuous(Span)
    /// Counted inside working hours alone.
    case officeTime(Span)
    /// The start day does not count; the last day ends at `end`; a last day off rolls forward if `rolls`.
    case naturalDays(Int, end: DayEnd, rolls: Bool)
    case workingDays(Int, end: DayEnd)
    /// The end of the day on which it starts.
    case sameDay(end: DayEnd)
    /// No end: it stays open until it is done.
    case open
}

/// When a day limit ends on its last day (Civil Code 203 II).
package enum DayEnd: String, Sendable, Hashable {
    case closeOfBusiness, midnight
}

/// An act must have been preceded by another fact, in the acts' own time.
package struct GateRule: Sendable {
    package var act: FactPattern
    package var before: FactPattern
    /// If set, the person in the earlier fact's `toPersonRef` must hold this role for the enterprise.
    package var recipientHolds: RoleID?
    /// The act itself may say what the earlier fact would, by a field that is filled.
    package var actField: String?
    /// So many working days must lie between the two.
    package var leadWorkingDays = 0
    /// Counts only in a matter that has such a fact as well.
    package var given: FactPattern?
    /// Does not count in a matter that has such a fact.
    package var unless: FactPattern?
    /// Whether an act without the earlier fact is only worth advice.
    package var isAdvice = false
    /// Announces the act, with the field that holds its time: until then there are reminders.
    package var planned: FactPattern?
    package var plannedField = "start"
    package var cancelledBy: [FactPattern] = []
    /// How long an earlier fact may be written down late before its absence is a violation.
    package var grace: Span
    package var escalation: String

    package init(act: FactPattern, before: FactPattern, grace: Span, escalation: String) {
        self.act = act
        self.before = before
        self.grace = grace
        self.escalation = escalation
    }
}

/// Someone is to be told of a fact.
package struct NoticeRule: Sendable {
    package var on: FactPattern
    package var selection: ListSelection?
    package var escalation: String

    package init(on: FactPattern, escalation: String) {
        self.on = on
        self.escalation = escalation
    }
}
