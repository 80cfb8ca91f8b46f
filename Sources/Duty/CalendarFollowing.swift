/// What the calendar adds to a step: doubts about due dates, and word of those that another calendar has moved.
extension StepResult {
    /// Marks what rests on a year without a holiday notice: records of the state, and messages that name a date.
    package mutating func markProvisional(_ derivation: Derivation) {
        for obligation in derivation.obligations where obligation.isProvisional {
            for index in state.records.indices where state.records[index].key == obligation.key {
                state.records[index].isProvisional = true
            }
            guard obligation.dueAt != nil else { continue }
            for place in notifications.indices where obligation.isSpokenOf(by: notifications[place]) {
                notifications[place].add(Value.Member("calendarProvisional", .bool(true)))
            }
        }
    }

    /// After the calendar or the policy has changed: says in the journal by which one a due date was worked out anew, and tells
    /// everybody who had heard another date, whether it has become earlier or later.
    ///
    /// A correction of a fact tells of an earlier date alone; that is done by the step itself. `before` is the
    /// state before the step; `isAlone` says that the change is the only thing that is new.
    package mutating func follow(
        _ change: RulesChange,
        _ derivation: Derivation,
        _ context: StepContext,
        before: MatterState,
        isAlone: Bool,
        now: Instant
    ) {
        switch change {
        case .calendar: nameCalendar(context.calendar.revision, isAlone: isAlone)
        case .policy: namePolicy()
        }
        for obligation in derivation.obligations where obligation.phase(at: now).isActive {
            guard let code = obligation.escalation.moved, obligation.dueAt != nil else { continue }
            for told in before.told where told.obligation == obligation.key {
                tellMoved(told, code, change, obligation, derivation, context, now)
            }
        }
    }

    private mutating func nameCalendar(_ revision: String, isAlone: Bool) {
        for index in transitions.indices where transitions[index].isDueDateMoved {
            var fields = [Value.Member("calendarRevision", .string(revision))]
            if isAlone { fields.append(RulesChange.calendar.reason) }
            transitions[index].fields = .object((transitions[index].fields.members ?? []) + fields)
        }
        guard isAlone else { return }
        for index in notifications.indices where notifications[index].stage.hasPrefix(Self.moved) {
            notifications[index].add(RulesChange.calendar.reason)
        }
    }

    /// No record was corrected or voided: whatever is no longer so, is so by the other policy.
    private mutating func namePolicy() {
        for index in transitions.indices {
            transitions[index].fields = transitions[index].fields.replacing(
                reasons: Self.reasonsOfFacts,
                by: RulesChange.policy.rawValue
            )
            if transitions[index].isDueDateMoved, transitions[index].fields["reason"] == nil {
                transitions[index].fields = .object(
                    (transitions[index].fields.members ?? []) + [RulesChange.policy.reason]
                )
            }
        }
        for index in notifications.indices {
            if notifications[index].stage.hasPrefix(Self.moved) {
                notifications[index].add(RulesChange.policy.reason)
            } else {
                notifications[index].replace(reasons: Self.reasonsOfFacts, by: RulesChange.policy.rawValue)
            }
        }
    }

    private static let reasonsOfFacts: Set<String> = ["corrected", "voided"]

    /// The stage of word of another due date.
    private static let moved = "moved-"

    private mutating func tellMoved(
        _ told: MatterState.Told,
        _ code: String,
        _ change: RulesChange,
        _ obligation: Obligation,
        _ derivation: Derivation,
        _ context: StepContext,
        _ now: Instant
    ) {
        let index = state.told.firstIndex {
            $0.obligation == told.obligation && $0.recipient.person == told.recipient.person
                && $0.messageClass == told.messageClass
        }
        let hasHeard = notifications.contains {
            obligation.isSpokenOf(by: $0) && $0.recipient.person == told.recipient.person
                && $0.messageClass == told.messageClass
        }
        guard let index, let due = obligation.dueAt, !told.isClosed, !told.key.isEmpty, told.dueAt != due,
            !state.told[index].isClosed, !hasHeard
        else { return }
        var stepper = Stepper(derivation: derivation, context: context, now: now, state: state)
        stepper.result = self
        var values = [change.reason]
        if let old = told.dueAt { values.append(Value.Member("oldDueAt", .string(old.rfc3339))) }
        let key = stepper.send(
            Stepper.Sheet(
                code: code,
                rule: obligation.key.rule,
                article: obligation.rule.article,
                cycle: obligation.key.cycle,
                subject: obligation.key.subject,
                dueAt: due
            ),
            stage: Self.moved + String(due.seconds),
            turn: state.told[index].turn,
            to: told.recipient,
            told.messageClass,
            urgency: 1,
            withdraws: nil,
            values: stepper.values(obligation, told.messageClass) + values
        )
        self = stepper.result
        // A date that comes back later is news again, under a key of its own.
        if key != nil { state.told[index].turn += 1 }
    }
}

/// What has changed while the facts stayed as they are.
package enum RulesChange: String, Sendable {
    case calendar, policy

    /// What messages and the journal say of it.
    var reason: Value.Member { Value.Member("reason", .string(rawValue)) }
}

extension Value {
    /// The object with another `reason`, if the one that it has is among `reasons`.
    func replacing(reasons: Set<String>, by reason: String) -> Value {
        guard let members, let old = self["reason"]?.string, reasons.contains(old) else { return self }
        return .object(
            members.map { $0.name == "reason" ? Value.Member("reason", .string(reason)) : $0 }
        )
    }
}

extension Derivation {
    /// Takes back dates that rest on a year without a notice, where the calendar says to name none.
    mutating func refuseProvisional(_ calendar: WorkCalendar) {
        guard calendar.missingYear == .refuse else { return }
        for index in obligations.indices where obligations[index].isProvisional {
            obligations[index].dueAt = nil
        }
    }
}

extension Transition {
    fileprivate var isDueDateMoved: Bool { action.hasSuffix(".recomputed") && fields["oldDueAt"] != nil }
}

extension Obligation {
    /// Whether a message is about this very obligation and names its due date.
    fileprivate func isSpokenOf(by notification: Notification) -> Bool {
        notification.rule == key.rule && notification.cycle == key.cycle && notification.dueAt == dueAt
            && (key.subject.isEmpty || notification.stage.contains("." + key.subject))
    }
}
