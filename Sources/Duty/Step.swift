/// What is new since we last told anyone: compares what is true at `now` with what was recorded and told.
package func step(
    _ derivation: Derivation,
    _ state: MatterState,
    _ context: StepContext,
    now: Instant
) -> StepResult {
    var stepper = Stepper(derivation: derivation, context: context, now: now, state: state)
    stepper.run()
    return stepper.result
}

/// Goes through the obligations of a matter once.
struct Stepper {
    let derivation: Derivation
    let context: StepContext
    let now: Instant
    var result: StepResult
    /// The next moment at which something is said again or differently, as far as it is known while telling.
    var laterAt: Instant?
    /// What a silence keeps back as things are.
    var keptBack: [String: String] = [:]
    /// The enterprise that messages name: the matter's, or the one that it has left where they are about that.
    var subject: Enterprise

    init(derivation: Derivation, context: StepContext, now: Instant, state: MatterState) {
        self.derivation = derivation
        self.context = context
        self.now = now
        subject = context.enterprise
        result = StepResult(state: state)
    }

    mutating func run() {
        takeLeave()
        for obligation in derivation.obligations {
            let before = result.state.phase(of: obligation.key)
            let ladder = ladder(obligation)
            record(obligation, ladder.due)
            tell(obligation, ladder.due, before: before)
            waitFor(ladder.next)
        }
        withdrawVanished()
        postAllocation()
        passOn()
        reportOrphans()
        refuseReversedPauses()
        result.state.silenced = keptBack
        result.state.rating = MatterState.Rating(derivation.effectiveFacts)
        result.wakeAt = wakeAt()
    }

    // MARK: The record

    mutating func record(_ obligation: Obligation, _ rungs: [Rung]) {
        guard !obligation.isNotice else { return recordNotice(obligation) }
        let actual = obligation.phase(at: now)
        let phase = obligation.isAnnounced && actual == .met ? .open : actual
        let old = result.state.record(obligation.key)
        var new = MatterState.Record(
            key: obligation.key,
            article: obligation.rule.article,
            kind: obligation.recordKind,
            openedAt: obligation.openedAt,
            dueAt: obligation.dueAt,
            phase: phase,
            metAt: phase == .met || phase == .metLate ? obligation.metAt : nil,
            breachedAt: phase.isBreach ? obligation.dueAt : nil,
            isLateIngest: phase.isBreach && obligation.isLateIngest,
            isWithdrawn: false,
            warnedRung: old?.warnedRung ?? -1
        )
        new.amount = amount(obligation)
        switch obligation.nature {
        case .gate, .finding: noteGate(obligation, old, new)
        case .deadline, .duty, .notice: noteDeadline(obligation, old, new)
        }
        store(new)
        let isMoved = old.map { $0.dueAt != new.dueAt || $0.openedAt != new.openedAt } ?? false
        noteWarnings(obligation, rungs, phase, isMoved: isMoved)
    }

    private mutating func recordNotice(_ obligation: Obligation) {
        let old = result.state.record(obligation.key)
        let phase: Obligation.Phase = obligation.metAt == nil ? .open : .met
        guard
            old.map({ $0.isWithdrawn || $0.openedAt != obligation.openedAt || $0.phase != phase }) ?? true
        else { return }
        store(
            MatterState.Record(
                key: obligation.key,
                article: obligation.rule.article,
                kind: obligation.nature.rawValue,
                openedAt: obligation.openedAt,
                dueAt: nil,
                phase: phase,
                metAt: obligation.metAt,
                breachedAt: nil,
                isLateIngest: false,
                isWithdrawn: false,
                warnedRung: -1
            )
        )
    }

    private mutating func store(_ record: MatterState.Record) {
        if let index = result.state.records.firstIndex(where: { $0.key == record.key }) {
            result.state.records[index] = record
        } else {
            result.state.records.append(record)
        }
    }

    private mutating func noteDeadline(
        _ obligation: Obligation,
        _ old: MatterState.Record?,
        _ new: MatterState.Record
    ) {
        let words = ActionWords(obligation)
        let wasThere = old.map { !$0.isWithdrawn } ?? false
        if !wasThere {
            note(words.started, obligation, at: obligation.openedAt)
        } else if let old, old.dueAt != new.dueAt {
            note(
                words.name + ".recomputed",
                obligation,
                at: now,
                extra: [Value.Member("oldDueAt", old.dueAt.map { .string($0.rfc3339) } ?? .null)]
            )
        }
        let before: Obligation.Phase = wasThere ? old?.phase ?? .open : .open
        guard before != new.phase else { return }
        if before.isBreach, !new.phase.isBreach, new.phase != .met {
            note(words.name + ".withdrawn", obligation, at: now, extra: [Value.Member("reason", "corrected")])
        }
        if !before.isBreach, new.phase.isBreach, let due = obligation.dueAt {
            note(
                words.breached,
                obligation,
                at: due,
                extra: lateness(obligation, due) + owners(obligation, at: due)
            )
        }
        switch new.phase {
        case .met where before != .met:
            let corrected = Value.Member("correctedBreach", .bool(true))
            note(
                words.name + ".met",
                obligation,
                at: obligation.metAt ?? now,
                extra: before.isBreach ? [corrected] : []
            )
        case .metLate:
            note(words.name + ".met", obligation, at: obligation.metAt ?? now, extra: overdue(obligation))
        case .cancelled, .breachedThenCancelled:
            note(
                words.name + ".cancelled",
                obligation,
                at: obligation.cancelled?.at ?? now,
                extra: reason(obligation)
            )
        case .open where before.isDone:
            note(
                words.name + ".recomputed",
                obligation,
                at: now,
                extra: [Value.Member("reason", "corrected")]
            )
        default: break
        }
    }

    private mutating func noteGate(
        _ obligation: Obligation,
        _ old: MatterState.Record?,
        _ new: MatterState.Record
    ) {
        let words = ActionWords(obligation)
        let before = old.flatMap { $0.isWithdrawn ? nil : $0.phase }
        guard before != new.phase else { return }
        switch (before, new.phase) {
        case (.breached, .met):
            note(words.cleared, obligation, at: now, extra: backdating(obligation))
        case (_, .met):
            note("gate.satisfied", obligation, at: obligation.metAt ?? now, extra: backdating(obligation))
        case (_, .breached):
            let due = obligation.dueAt ?? now
            note(words.breached, obligation, at: due, extra: lateness(obligation, due))
        case (.breached, _):
            note(words.cleared, obligation, at: now, extra: [Value.Member("reason", "corrected")])
        default: break
        }
    }

    /// Warnings go on record once each, while the clock is open; those whose moment passed together, the last.
    ///
    /// Only a clock that moved can come to a warning again; a wall clock that was set back cannot.
    private mutating func noteWarnings(
        _ obligation: Obligation,
        _ rungs: [Rung],
        _ phase: Obligation.Phase,
        isMoved: Bool
    ) {
        guard phase == .open, !obligation.isGate else { return }
        let warning = rungs.last { !$0.step.isAlarm && $0.step.moment != .opening }
        guard let index = result.state.records.firstIndex(where: { $0.key == obligation.key }) else { return }
        let highest = warning?.rung ?? -1
        if let last = warning, last.rung > result.state.records[index].warnedRung {
            note(
                ActionWords(obligation).name + ".warned",
                obligation,
                at: last.moment,
                extra: [Value.Member("stage", .string(last.stage))]
            )
        }
        let before = result.state.records[index].warnedRung
        result.state.records[index].warnedRung = isMoved ? highest : max(highest, before)
    }

    private mutating func withdrawVanished() {
        let obligations = derivation.obligations
        // Records keep the order of their obligations, unless some are gone.
        let isComplete =
            result.state.records.count == obligations.count
            && zip(result.state.records, obligations).allSatisfy { $0.key == $1.key }
        guard !isComplete else { return }
        let present = Set(obligations.map(\.key))
        for index in result.state.records.indices where !present.contains(result.state.records[index].key) {
            let record = result.state.records[index]
            result.state.records[index].isWithdrawn = true
            if record.kind != "notice", !record.isWithdrawn {
                result.transitions.append(
                    Transition(
                        action: context.words(record).vanished,
                        rule: record.key.rule,
                        article: record.article,
                        cycle: record.key.cycle,
                        at: now,
                        fields: .object([Value.Member("reason", .string(vanishing))])
                    )
                )
            }
            takeBackVanished(record)
        }
    }

    private mutating func reportOrphans() {
        guard let since = derivation.orphanedSince, !result.state.isOrphanReported,
            now >= since + context.policy.orphanAfter
        else { return }
        result.state.isOrphanReported = true
        result.orphans = true
        tellOrphans(since: since)
    }

    /// The beginning that an end belongs to may still be on its way.
    private mutating func refuseReversedPauses() {
        for fact in derivation.reversedPauses where !result.state.refused.contains(fact.key) {
            let end = fact.receivedAt + context.policy.orphanAfter
            guard now >= end else {
                laterAt = min(laterAt ?? end, end)
                continue
            }
            result.state.refused.insert(fact.key)
            result.refused.append(fact)
        }
    }

    // MARK: Notes

    mutating func note(_ action: String, _ obligation: Obligation, at: Instant, extra: [Value.Member] = []) {
        let fields = context.hasReaders ? fields(of: obligation) + extra : extra
        result.transitions.append(
            Transition(
                action: action,
                rule: obligation.key.rule,
                article: obligation.rule.article,
                cycle: obligation.key.cycle,
                at: at,
                fields: .object(fields)
            )
        )
    }

    private func fields(of obligation: Obligation) -> [Value.Member] {
        var fields: [Value.Member] = []
        if let due = obligation.dueAt { fields.append(Value.Member("dueAt", .string(due.rfc3339))) }
        if obligation.isProvisional { fields.append(Value.Member("calendarProvisional", .bool(true))) }
        if obligation.hasClockSkew { fields.append(Value.Member("clockSkew", .bool(true))) }
        if obligation.mayRecordDetails {
            fields += obligation.details.filter { !Stepper.forPeopleAlone.contains($0.name) }
        }
        return fields
    }

    /// Names of enterprises belong into messages; the journal knows them by their ids.
    private static let forPeopleAlone: Set<String> = ["missing"]

    private func reason(_ obligation: Obligation) -> [Value.Member] {
        obligation.cancelled.map { [Value.Member("reason", .string($0.reason.rawValue))] } ?? []
    }

    private func overdue(_ obligation: Obligation) -> [Value.Member] {
        guard let due = obligation.dueAt, let met = obligation.metAt else { return [] }
        return [Value.Member("overdueSeconds", .integer((met - due).seconds))]
    }

    private func backdating(_ obligation: Obligation) -> [Value.Member] {
        guard obligation.metBy?.isBackdated(beyond: context.policy.backdateFlag) == true else { return [] }
        return [Value.Member("backdated", .bool(true))]
    }

    /// Whether the event itself was late, or we were.
    private func lateness(_ obligation: Obligation, _ moment: Instant) -> [Value.Member] {
        var fields: [Value.Member] = []
        if obligation.isLateIngest {
            let delay = obligation.opening.receivedAt - obligation.opening.at
            fields.append(Value.Member("lateIngest", .bool(true)))
            fields.append(Value.Member("ingestDelaySeconds", .integer(delay.seconds)))
        }
        if let delay = ownDelay(moment) {
            fields.append(Value.Member("delayedBySeconds", .integer(delay.seconds)))
        }
        return fields
    }

    /// How much later than `moment` we are by our own fault; nil if it is less than five seconds.
    func ownDelay(_ moment: Instant) -> Span? {
        let delay = now - max(moment, context.lastArrival)
        return delay >= .seconds(5) ? delay : nil
    }
}
