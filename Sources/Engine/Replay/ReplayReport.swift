import Duty

/// What a replay came to, as rows of figures; nothing in it names a person or depends on the machine.
package struct ReplayReport: Sendable, Hashable {
    package enum Section: String, Sendable, CaseIterable {
        case totals, events, matters, obligations, journal, alarms, messages, rates, ledger
    }

    package enum Amount: Sendable, Hashable {
        case count(Int64)
        case fen(Int64)
        case rate(Figures.Rate)
    }

    /// One figure; two reports are compared row by row.
    package struct Row: Sendable, Hashable {
        package let section: Section
        /// A rule, a type or a message code; empty in sections that have none.
        package let subject: String
        /// A word for what is counted, or a role.
        package let aspect: String
        package let amount: Amount
    }

    package let policyVersion: String
    package let document: String
    package let calendarRevision: String
    /// The first arrival; nil of nothing.
    package let from: Instant?
    package let until: Instant
    /// Titles of the rules that rows are about.
    package let titles: [String: String]
    /// What the policy calls each rate.
    package let rateTitles: [String: Wording]
    package let roleNames: [String: String]
    package private(set) var rows: [Row] = []

    init(
        tally: ReplayTally,
        policy: Policy,
        calendar: WorkCalendar,
        from: Instant?,
        until: Instant
    ) {
        policyVersion = policy.version
        document = policy.document
        calendarRevision = calendar.revision
        self.from = from
        self.until = until
        rateTitles = Dictionary(policy.rates.map { ($0.name, $0.title) }) { first, _ in first }
        titles = Dictionary(policy.rules.map { ($0.id.text, $0.title) }) { first, _ in first }
        roleNames = Dictionary(policy.roles.map { ($0.key.text, $0.value.name) }) { first, _ in first }
        addTotals(tally, tally.standing)
        addEvents(tally)
        addStanding(tally.standing)
        for (pair, count) in Self.sorted(tally.declared) { add(.journal, pair.subject, pair.aspect, count) }
        for (pair, count) in Self.sorted(tally.alarms) { add(.alarms, pair.subject, pair.aspect, count) }
        for (pair, count) in Self.sorted(tally.messages) { add(.messages, pair.subject, pair.aspect, count) }
        addRates(tally.figures, policy)
        addLedger(tally)
    }

    private mutating func add(_ section: Section, _ subject: String, _ aspect: String, _ count: Int64) {
        add(section, subject, aspect, .count(count))
    }

    private mutating func add(_ section: Section, _ subject: String, _ aspect: String, _ amount: Amount) {
        rows.append(Row(section: section, subject: subject, aspect: aspect, amount: amount))
    }

    private static func sorted(_ counts: [ReplayTally.Pair: Int64]) -> [(ReplayTally.Pair, Int64)] {
        counts.sorted { ($0.key.subject, $0.key.aspect) < ($1.key.subject, $1.key.aspect) }
            .map { ($0.key, $0.value) }
    }

    // MARK: Sections

    private mutating func addTotals(_ tally: ReplayTally, _ standing: ReplayStanding) {
        let messages = tally.messages.values.reduce(0, +)
        let totals: [(String, Int64)] = [
            ("accepted", tally.accepted.values.reduce(0, +)),
            ("duplicate", tally.duplicates.values.reduce(0, +)),
            ("rejected", Int64(tally.rejected.values.reduce(0, +))), ("skipped", Int64(tally.skipped)),
            ("parked", tally.parked), ("orphans", tally.orphans), ("leftOut", Int64(tally.leftOut)),
            ("matters", Int64(standing.matters)), ("obligations", standing.obligations),
            ("breaches", standing.count("deadline", \.isBreach)),
            ("gateViolations", standing.count("gate", \.isBreach)),
            ("findings", standing.count("finding", \.isBreach)),
            ("dutiesMissed", standing.count("duty", \.isBreach)),
            ("lateIngest", tally.lateIngest), ("messages", messages),
            ("alarms", tally.alarms.values.reduce(0, +)),
            ("withdrawals", tally.withdrawals.values.reduce(0, +)),
        ]
        for (name, count) in totals { add(.totals, "", name, count) }
    }

    private mutating func addEvents(_ tally: ReplayTally) {
        for (kind, count) in tally.accepted.sorted(by: { $0.key.typeName < $1.key.typeName }) {
            add(.events, kind.typeName, "accepted", count)
        }
        for (type, count) in tally.duplicates.sorted(by: { $0.key < $1.key }) {
            add(.events, type, "duplicate", count)
        }
        for (reason, count) in tally.rejected.sorted(by: { $0.key < $1.key }) {
            add(.events, reason, "rejected", Int64(count))
        }
        if tally.skipped > 0 { add(.events, "unknownType", "skipped", Int64(tally.skipped)) }
    }

    private mutating func addStanding(_ standing: ReplayStanding) {
        for (type, counts) in standing.byType.sorted(by: { $0.key < $1.key }) {
            add(.matters, type, "all", counts.all)
            add(.matters, type, "open", counts.open)
        }
        for (rule, phases) in standing.byRule.sorted(by: { $0.key < $1.key }) {
            add(.obligations, rule, "all", phases.values.reduce(0, +))
            for phase in Self.phases {
                if let count = phases[phase] { add(.obligations, rule, phase.rawValue, count) }
            }
        }
    }

    private static let phases: [Obligation.Phase] = [
        .open, .met, .metLate, .breached, .breachedThenCancelled, .cancelled,
    ]

    private mutating func addRates(_ figures: Figures, _ policy: Policy) {
        for rate in policy.rates where rate.measure == .inTime {
            let (name, clock) = (rate.name, figures.clock(rate.rules))
            add(.rates, name, "inTimeRate", .rate(clock.rate))
            let parts: [(String, Int64)] = [
                ("due", clock.due), ("inTime", clock.inTime), ("late", clock.late),
                ("missing", clock.missing),
                ("dropped", clock.dropped), ("cancelled", clock.cancelled), ("lateIngest", clock.lateIngest),
            ]
            for (part, count) in parts { add(.rates, name, part, count) }
        }
        for rate in policy.rates where rate.isShare && rate.measure != .inTime && rate.measure != .composite {
            add(.rates, rate.name, "share", .rate(rate.value(figures, on: CivilDate(until))))
        }
    }

    private mutating func addLedger(_ tally: ReplayTally) {
        let figures = tally.figures
        for (name, fen) in [
            ("posted", figures.postedFen), ("held", figures.heldFen), ("settled", figures.settledFen),
        ] {
            add(.ledger, "fen", name, .fen(fen))
        }
        for kind in LedgerPosting.Kind.allCases {
            if let count = tally.postings[kind] { add(.ledger, "entries", kind.rawValue, count) }
        }
    }
}
