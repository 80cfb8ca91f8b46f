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

    /// After the calendar has changed: says in the journal by which one a due date was worked out anew, and tells
    /// everybody who had heard another date, whether it has become earlier or later.
    ///
    /// A correction of a fact tells of an earlier date alone; that is done by the step itself. `before` is the
    /// state before the step; `isAlone` says that the calendar is the only thing that is new.
    package mutating func followCalendar(
        _ derivation: Derivation,
        _ context: StepContext,
        before: MatterState,
        isAlone: Bool,
        now: Instant
    ) {
        nameCalendar(context.calendar.revision, isAlone: isAlone)
        for obligation in derivation.obligations where obligation.phase(at: now).isActive {
            guard let code = obligation.escalation.moved, obligation.dueAt != nil else { continue }
            for told in before.told where told.obligation == obligation.key {
                tellMoved(told, code, obligation, derivation, context, now)
            }
        }
    }

    private mutating func nameCalendar(_ revision: String, isAlone: Bool) {
        for index in transitions.indices where transitions[index].isDueDateMoved {
            var fields = [Value.Member("calendarRevision", .string(revision))]
            if isAlone { fields.append(Self.reason) }
            transitions[index].fields = .object((transitions[index].fields.members ?? []) + fields)
        }
        guard isAlone else { return }
        for index in notifications.indices where notifications[index].stage.hasPrefix(Self.moved) {
            notifications[index].add(Self.reason)
        }
    }

    /// The stage of word of another due date, and why it has moved.
    private static let moved = "moved-"
    private static let reason = Value.Member("reason", "calendar")

    private mutating func tellMoved(
        _ told: MatterState.Told,
        _ code: String,
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
        var values = [Self.reason]
        if let old = told.dueAt { values.append(Value.Member("oldDueAt", .string(old.rfc3339))) }
        _ = stepper.send(
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
        state.told[index].turn += 1
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
