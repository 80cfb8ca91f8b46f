/// Names one obligation inside its matter.
package struct ObligationKey: Hashable, Sendable, Comparable {
    package let rule: RuleID
    package let cycle: Int
    /// What it is about, for rules that a cycle may have several of; empty for the others.
    package let subject: String

    package init(rule: RuleID, cycle: Int, subject: String = "") {
        self.rule = rule
        self.cycle = cycle
        self.subject = subject
    }

    package static func < (left: ObligationKey, right: ObligationKey) -> Bool {
        (left.rule.text, left.cycle, left.subject) < (right.rule.text, right.cycle, right.subject)
    }
}

/// What somebody owes (or must be told), as the facts say; nothing in it depends on the time of asking.
package struct Obligation: Sendable {
    /// How an obligation comes to an end.
    package enum Nature: String, Sendable {
        /// Something is to be done until a moment.
        case deadline
        /// Something was to be done before an act.
        case gate
        /// Somebody is to be told; nobody owes anything.
        case notice
        /// Something was done that must not be done; only a correction ends it.
        case finding
        /// A duty of a quarter or year.
        case duty
    }

    package let key: ObligationKey
    package let rule: Rule
    package var nature: Nature
    package let escalation: EscalationPolicy
    /// The fact that it arose from.
    package let opening: Fact
    package let openedAt: Instant
    /// Nil for a notice, while a pause has no end, and where there is no limit.
    package var dueAt: Instant?
    /// When it was done; for a gate, when the earlier fact happened.
    package var metAt: Instant?
    package var metBy: Fact?
    /// When it ceased to matter, and why.
    package var cancelled: Cancellation?
    /// A due date counted across a year without a holiday notice.
    package var isProvisional = false
    /// Whether a time that it counts from came from the future, so that the arrival counts instead.
    package var hasClockSkew: Bool
    /// Whether its time can pass without anybody having breached anything.
    package var isReminder = false
    /// Whether the act of a gate is only planned yet.
    package var isAnnounced = false
    /// What messages and the journal say of it beside the rest.
    package var details: [Value.Member] = []

    package init(
        key: ObligationKey,
        rule: Rule,
        nature: Nature,
        escalation: EscalationPolicy,
        opening: Fact,
        openedAt: Instant,
        dueAt: Instant? = nil
    ) {
        self.key = key
        self.rule = rule
        self.nature = nature
        self.escalation = escalation
        self.opening = opening
        self.openedAt = openedAt
        self.dueAt = dueAt
        hasClockSkew = opening.hasClockSkew
    }

    package struct Cancellation: Sendable, Hashable {
        package let at: Instant
        package let reason: Reason
        package enum Reason: String, Sendable {
            case withdrawn, deregistered, reopened
            /// Whoever owed it no longer holds the role.
            case released
        }
    }

    /// How it stands at a moment.
    package enum Phase: String, Sendable, Hashable {
        case open, breached
        /// Done in time.
        case met
        /// Done after the breach.
        case metLate
        /// Ceased to matter before it was due.
        case cancelled
        /// Ceased to matter after the breach, which stays in the statistics.
        case breachedThenCancelled
    }

    package func phase(at now: Instant) -> Phase {
        if let metAt, isGate || isReminder || metAt <= dueAt ?? .distantFuture { return .met }
        let due = dueAt ?? .distantFuture
        if metAt != nil { return .metLate }
        if let cancelled { return cancelled.at < due ? .cancelled : .breachedThenCancelled }
        return isNotice || isReminder || isAnnounced || now < due ? .open : .breached
    }

    /// No step at or after this moment has anything to say.
    package var closedAt: Instant? {
        switch (metAt, cancelled?.at) {
        case (let met?, let cancelled?): isGate ? openedAt : min(met, cancelled)
        case (let met?, nil): isGate ? openedAt : met
        case (nil, let cancelled): cancelled
        }
    }

    package var isGate: Bool { nature == .gate }
    /// What records call it: a gate that only advises is a notice, which nobody owes and nothing closes.
    var recordKind: String { (isGate && isReminder ? .notice : nature).rawValue }
    package var isNotice: Bool { nature == .notice }
    /// Breached only because the event that opened it reached us after it was due.
    package var isLateIngest: Bool {
        nature != .finding && nature != .duty && (dueAt.map { opening.receivedAt > $0 } ?? false)
    }

    /// Whether a step is one of its own at all: a gate warns while its act is planned, and alarms once it is done.
    func has(_ step: EscalationStep) -> Bool { !isGate || step.isAlarm != isAnnounced }

    /// A step of its ladder at one moment; a step that is repeated has several.
    package struct Occurrence: Sendable, Hashable {
        package let moment: Instant
        /// 0 for a step that is not repeated, else how often it has come.
        package let count: Int
    }

    /// The last time that a step of its ladder came, until `now`, and the next time after that.
    package func occurrences(
        of step: EscalationStep,
        until now: Instant,
        calendar: WorkCalendar
    ) -> (last: Occurrence?, next: Instant?) {
        guard step.cycles.contains(key.cycle) else { return (nil, nil) }
        if case .weekly(let weekday, let minute) = step.moment {
            let first = firstWeekday(weekday, minute)
            guard first <= now else { return (nil, first) }
            let count = (now - first).microseconds / Span.days(7).microseconds
            let last = first + .days(7 * count)
            return (Occurrence(moment: last, count: Int(count) + 1), last + .days(7))
        }
        guard var moment = moment(of: step.moment, calendar: calendar) else { return (nil, nil) }
        if let daytime = step.daytime { moment = daytime.moved(moment) }
        return moment <= now ? (Occurrence(moment: moment, count: 0), nil) : (nil, moment)
    }

    /// The first such time of the week after the opening day.
    private func firstWeekday(_ weekday: Int, _ minute: Int) -> Instant {
        var day = CivilDate(openedAt).next
        while day.weekday != weekday { day = day.next }
        return day.start + .minutes(Int64(minute))
    }

    /// The day on which a limit ends; one that ends at midnight ends the day before.
    private var lastDay: CivilDate? { dueAt.map { CivilDate($0 - Span(microseconds: 1)) } }

    private func moment(of moment: EscalationStep.Moment, calendar: WorkCalendar) -> Instant? {
        switch moment {
        case .opening: return openedAt
        case .afterOpening(let span): return openedAt + span
        case .share(let percent):
            return dueAt.map {
                openedAt + Span(microseconds: ($0 - openedAt).microseconds / 100 * Int64(percent))
            }
        case .beforeDue(let span): return dueAt.map { max(openedAt, $0 - span) }
        case .due: return dueAt
        case .afterDue(let span): return dueAt.map { $0 + span }
        case .workingDaysBeforeDue(let count, let minute):
            return lastDay.map {
                calendar.subtracting(workingDays: count, from: $0).start + .minutes(Int64(minute))
            }
        case .workingDaysAfterDue(let count, let minute):
            return lastDay.map {
                calendar.adding(workingDays: count, to: $0).start + .minutes(Int64(minute))
            }
        case .date(let month, let day, let minute):
            // Days of the year that had passed before anybody owed anything are nobody's business.
            return lastDay.flatMap { CivilDate(year: $0.year, month: month, day: day) }
                .map { $0.start + .minutes(Int64(minute)) }.flatMap { $0 < openedAt ? nil : $0 }
        case .weekly: return nil
        }
    }
}

extension Obligation.Phase {
    package var isBreach: Bool { self == .breached || self == .metLate || self == .breachedThenCancelled }
    var isDone: Bool {
        self == .met || self == .metLate || self == .cancelled || self == .breachedThenCancelled
    }
    package var isActive: Bool { self == .open || self == .breached }
}
