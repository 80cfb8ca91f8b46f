/// Everything that the facts of one matter say: its obligations and, for a fine, who bears what.
package struct Derivation: Sendable {
    package var obligations: [Obligation] = []
    package var allocation: AllocationTarget?
    /// Since when facts have waited for the one that opens the matter; nil if it is there or not needed.
    package var orphanedSince: Instant?
    package var effectiveFacts: [Fact] = []
    /// The void or correction that came last.
    package var undoing: Fact?
    /// Ends of pauses that lie before every beginning they could belong to.
    package var reversedPauses: [Fact] = []
    /// Who has acknowledged which notification, when; what was voided left out.
    package var acknowledgements: [Fact] = []
    /// Who wants which step to be told at once; what was voided left out.
    package var escalations: [Fact] = []
    /// Facts that other matters are to have because of this one.
    package var reflections: [Fact] = []
    /// When the next quarter or year begins that something will be owed in, or what was reported ahead of its time.
    package var beginsAt: Instant?
    /// Whether any fact is restricted, also one that was voided.
    package var isRestricted = false
    /// Whether a person has been asked something that a change of the enterprise could answer.
    package var hasQuestions = false
    /// When what is planned is over: until then its enterprise can change what is said of it.
    package var plannedUntil: Instant?
}

/// What is true of a matter: a pure function of its facts, its enterprise, the policy and the calendar.
///
/// Quarters and years go on for ever: those are derived that have begun at `now`. A change of an enterprise and an
/// assignment can be reported ahead of their time: they count once it has come. Nothing else depends on `now`.
package func derive(
    matter: MatterID,
    facts: [Fact],
    enterprise: Enterprise,
    policy: Policy,
    calendar: WorkCalendar,
    now: Instant = .distantPast
) -> Derivation {
    let type = matter.type
    let deriver = Deriver(
        matter: matter,
        facts: FactHistory.effective(facts),
        enterprise: enterprise,
        policy: policy,
        calendar: calendar,
        now: now
    )
    var result = Derivation()
    result.effectiveFacts = deriver.facts
    let kinds = EventKinds(of: facts)
    if kinds.contains(.notificationAcknowledged) {
        result.acknowledgements = FactHistory.facts(of: .notificationAcknowledged, in: facts)
    }
    if kinds.contains(.recordVoided) || kinds.contains(.recordCorrected) {
        result.undoing = facts.filter { $0.kind == .recordVoided || $0.kind == .recordCorrected }
            .max { $0.receivedAt < $1.receivedAt }
    }
    if kinds.contains(.escalationRequested) {
        result.escalations = FactHistory.facts(of: .escalationRequested, in: facts)
    }
    // What a correction has made so is restricted like what came so.
    result.isRestricted =
        facts.contains { $0.classification == .restricted }
        || deriver.facts.contains { $0.classification == .restricted }
    for rule in policy.rules(in: type) where rule.needs.intersects(kinds) && deriver.mayConcern(rule) {
        switch rule.body {
        case .deadline(let deadline):
            let next = deriver.deadlines(rule, deadline, into: &result.obligations)
            result.beginsAt = Instant.earlier(result.beginsAt, next)
            for early in deriver.reversedPauses(deadline)
            where !result.reversedPauses.contains(where: early.isSameEvent) {
                result.reversedPauses.append(early)
            }
        case .gate(let gate): result.obligations += deriver.gate(rule, gate)
        case .notice(let notice): result.obligations += deriver.notices(rule, notice)
        case .window(let window):
            result.obligations += deriver.window(rule, window)
            result.plannedUntil = deriver.plannedUntil(window)
            result.hasQuestions = deriver.hasQuestions(window)
        case .practice(let practice): result.obligations += deriver.practice(rule, practice)
        case .amount(let amount): result.obligations += deriver.amounts(rule, amount)
        case .recurring(let recurring):
            let duties = deriver.duties(rule, recurring)
            result.obligations += duties.obligations
            result.beginsAt = Instant.earlier(result.beginsAt, duties.next)
        case .allocation(let allocation):
            result.allocation = deriver.allocation(rule, allocation) ?? result.allocation
        }
    }
    for rule in policy.sources(in: type) { result.reflections += deriver.reflections(rule) }
    if result.allocation == nil, kinds.contains(.fineIssued) { result.allocation = deriver.unshared() }
    result.orphanedSince = Derivation.waitingSince(matter, type, facts, kinds)
    result.refuseProvisional(calendar)
    return result
}

extension Derivation {
    fileprivate static func waitingSince(
        _ matter: MatterID,
        _ type: MatterType?,
        _ facts: [Fact],
        _ kinds: EventKinds
    ) -> Instant? {
        let opener: EventKind
        switch type {
        case .complaint: opener = .complaintFiled
        case .fine: opener = .fineIssued
        default:
            guard matter.isWaiting else { return nil }
            return facts.map(\.receivedAt).min()
        }
        guard !kinds.contains(opener) else { return nil }
        return facts.filter(\.kind.needsOpening).map(\.receivedAt).min()
    }
}
