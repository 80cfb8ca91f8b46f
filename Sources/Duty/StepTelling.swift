/// Who has to hear what: each recipient hears the latest step that concerns them, once.
extension Stepper {
    /// One recipient by one class of message.
    private struct Audience: Hashable {
        let person: PersonRef
        let messageClass: MessageClass
        var sortKey: (String, String) { (person.text, messageClass.text) }
    }

    /// With `before`: how it stood when the journal last spoke of it; nil if it never did.
    mutating func tell(_ obligation: Obligation, _ rungs: [Rung], before: Obligation.Phase?) {
        let phase = obligation.phase(at: now)
        if phase.isActive {
            takeBackCorrected(obligation)
            followDueTime(obligation, rungs, phase)
            tellSteps(obligation, rungs, phase)
        } else {
            close(obligation, phase, isNew: before != phase)
        }
    }

    // MARK: While the clock runs

    /// The latest due step for each recipient; once breached, only alarms still say something.
    private mutating func tellSteps(
        _ obligation: Obligation,
        _ rungs: [Rung],
        _ phase: Obligation.Phase
    ) {
        // A notice is news for those of its day; who comes into the role later is not told of it. A department is that
        // nobody had named then.
        let isHeard = obligation.isNotice && hasHeard(obligation.key)
        if isHeard, !isOfNewDepartment(obligation) { return }
        // Few, so that looking through them is quicker than a table.
        var latest: [(audience: Audience, rung: Rung, recipient: Recipient, code: String)] = []
        for rung in rungs where phase != .breached || rung.step.isAlarm {
            for (tell, people) in audiences(rung.step, obligation) {
                if people.isEmpty {
                    noteNobody(obligation, rung, tell)
                } else if rung.step.isAlarm, rung.step.skipsUnknownDepartment {
                    notePassedOver(obligation, rung, tell)
                }
                for recipient in people where !isHeard || isOfDepartment(recipient.role) {
                    let audience = Audience(person: recipient.person, messageClass: tell.messageClass)
                    let place = latest.firstIndex { $0.audience == audience }
                    if let place, latest[place].rung.rung == rung.rung { continue }
                    let code = rung.request == nil ? tell.code ?? rung.step.code : Self.byHand
                    let item = (audience, rung, recipient, code)
                    if let place { latest[place] = item } else { latest.append(item) }
                }
            }
        }
        if latest.count > 1 { latest.sort { $0.audience.sortKey < $1.audience.sortKey } }
        for item in latest {
            let audience = item.audience
            let told = index(obligation.key, audience.person, audience.messageClass)
            if let told, !result.state.told[told].isClosed, result.state.told[told].rung >= item.rung.rung {
                if result.state.told[told].rung == item.rung.rung {
                    sayAgain(item.code, item.rung, obligation, told)
                }
                continue
            }
            say(item.code, item.rung, item.recipient, audience.messageClass, obligation, told)
        }
    }

    private mutating func say(
        _ code: String,
        _ rung: Rung,
        _ recipient: Recipient,
        _ messageClass: MessageClass,
        _ obligation: Obligation,
        _ index: Int?
    ) {
        let previous = index.map { result.state.told[$0] }
        let turn = previous.map { $0.isClosed ? $0.turn + 1 : $0.turn } ?? 1
        let key = send(
            code,
            stage: rung.stage,
            turn: turn,
            to: recipient,
            messageClass,
            about: obligation,
            urgency: rung.step.isAlarm ? 0 : rung.step.moment == .opening ? 1 : 2,
            values: delay(rung.moment) + self.request(rung, messageClass, obligation)
        )
        guard let key else { return }
        var told = MatterState.Told(
            obligation: obligation.key,
            recipient: recipient,
            messageClass: messageClass,
            rung: rung.rung,
            isAlarm: rung.step.isAlarm,
            turn: turn,
            isClosed: false,
            dueAt: obligation.dueAt,
            key: key
        )
        told.about = Self.about(obligation)
        told.isEarly = rung.request != nil && rung.step.isAlarm && obligation.phase(at: now) == .open
        let place = index ?? result.state.told.count
        if let index { result.state.told[index] = told } else { result.state.told.append(told) }
        askFor(rung, obligation, place)
    }

    /// Corrects what recipients believe about the due time after it moved.
    private mutating func followDueTime(
        _ obligation: Obligation,
        _ rungs: [Rung],
        _ phase: Obligation.Phase
    ) {
        for index in result.state.told.indices {
            let told = result.state.told[index]
            // Where there is no due time, steps can move with the opening alone.
            guard told.obligation == obligation.key, !told.isClosed,
                told.dueAt != obligation.dueAt || (obligation.dueAt == nil && !obligation.isNotice)
            else { continue }
            result.state.told[index].dueAt = obligation.dueAt
            let reached = rungs.last { concerns($0.step, told, obligation) }?.rung ?? -1
            if told.isAlarm, !told.isEarly, phase == .open {
                // Taken back; the step of the running clock that concerns them, if any, is told anew.
                guard takeBack(index, obligation, reason: "corrected") else {
                    result.state.told[index] = told
                    continue
                }
                result.state.told[index].isAlarm = false
            } else if reached < told.rung {
                result.state.told[index].rung = reached
                result.state.told[index].turn += 1
            } else if let due = obligation.dueAt, reached == told.rung,
                let code = obligation.escalation.moved,
                told.dueAt.map({ due < $0 }) ?? goesOn(obligation)
            {
                // Who heard nothing of a due time had heard of one before the clock stood still.
                let change =
                    told.dueAt.map { Value.Member("oldDueAt", .string($0.rfc3339)) }
                    ?? Value.Member("reason", "resumed")
                let key = send(
                    code,
                    stage: "moved-\(due.seconds)",
                    turn: told.turn,
                    to: told.recipient,
                    told.messageClass,
                    about: obligation,
                    urgency: 1,
                    values: [change]
                )
                // What was kept back is still to be said: they go on believing the old time.
                if key == nil { result.state.told[index] = told } else { result.state.told[index].turn += 1 }
            }
        }
    }

    /// Whether its clock has stood still and runs again.
    private func goesOn(_ obligation: Obligation) -> Bool {
        guard case .deadline(let deadline) = obligation.rule.body, let resumed = deadline.resumedBy else {
            return false
        }
        return derivation.effectiveFacts.contains { $0.kind == resumed.kind }
    }

    func concerns(
        _ step: EscalationStep,
        _ told: MatterState.Told,
        _ obligation: Obligation
    ) -> Bool {
        audiences(step, obligation).contains { tell, people in
            tell.messageClass == told.messageClass
                && people.contains { $0.person == told.recipient.person }
        }
    }

    // MARK: When it is over

    private mutating func close(_ obligation: Obligation, _ phase: Obligation.Phase, isNew: Bool) {
        if phase == .metLate, let code = obligation.escalation.met {
            if isNew { rememberMissedAlarms(obligation) }
            announceLate(obligation, code)
            return
        }
        let isReopened = obligation.cancelled?.reason == .reopened
        let reason = phase == .met ? (obligation.isGate ? "reported" : "inTime") : closingReason(obligation)
        for index in result.state.told.indices where result.state.told[index].obligation == obligation.key {
            let told = result.state.told[index]
            guard !told.isClosed else { continue }
            if told.isEarly, phase == .met || phase == .cancelled {
                closeEarly(index, obligation, phase, reason: reason)
                continue
            }
            // The new cycle tells its own story; only alarms of the old one have to be taken back.
            if told.isAlarm || (phase != .met && !isReopened) {
                takeBack(index, obligation, reason: reason)
            }
        }
    }

    private func closingReason(_ obligation: Obligation) -> String {
        obligation.cancelled?.reason.rawValue ?? "corrected"
    }

    /// A late answer that we learn of together with the breach: whoever would have heard the alarm belongs to
    /// those who hear that it is done, whatever the order in which the facts came.
    private mutating func rememberMissedAlarms(_ obligation: Obligation) {
        for rung in wholeLadder(obligation).due where rung.step.isAlarm {
            for (tell, people) in audiences(rung.step, obligation) {
                // Who was not told for a silence is not told that it is over either.
                for recipient in people where silence(over: obligation.key.rule, recipient) == nil {
                    if let known = index(obligation.key, recipient.person, tell.messageClass) {
                        result.state.told[known].isAlarm = true
                        continue
                    }
                    result.state.told.append(
                        MatterState.Told(
                            obligation: obligation.key,
                            recipient: recipient,
                            messageClass: tell.messageClass,
                            rung: rung.rung,
                            isAlarm: true,
                            turn: 1,
                            isClosed: false,
                            dueAt: obligation.dueAt,
                            key: ""
                        )
                    )
                }
            }
        }
    }

    /// Everybody who heard of the breach hears that it is done.
    private mutating func announceLate(_ obligation: Obligation, _ code: String) {
        for index in result.state.told.indices where result.state.told[index].obligation == obligation.key {
            let told = result.state.told[index]
            guard !told.isClosed, told.isAlarm else { continue }
            let key = send(
                code,
                stage: "met",
                turn: told.turn,
                to: told.recipient,
                told.messageClass,
                about: obligation,
                urgency: 2
            )
            result.state.told[index].isClosed = key != nil
        }
    }

    /// Tells one recipient that what they last heard no longer holds; false if a silence keeps that back.
    @discardableResult
    mutating func takeBack(_ index: Int, _ obligation: Obligation, reason: String) -> Bool {
        let told = result.state.told[index]
        result.state.told[index].isClosed = true
        guard let code = obligation.escalation.withdrawn else { return true }
        let key = send(
            code,
            stage: "withdrawn",
            turn: told.turn,
            to: told.recipient,
            told.messageClass,
            about: obligation,
            urgency: 1,
            withdraws: told.key.isEmpty ? nil : told.key,
            values: Self.takenBack(told, reason)
        )
        result.state.told[index].isClosed = key != nil
        return key != nil
    }

    static func takenBack(_ told: MatterState.Told, _ reason: String) -> [Value.Member] {
        [Value.Member("reason", .string(reason)), Value.Member("reminder", .bool(!told.isAlarm))]
    }

    /// Why an obligation is gone: what was said of its fact last, if that is the news, else something around it.
    var vanishing: String {
        if context.former != nil { return "policy" }
        guard let undoing = derivation.undoing, undoing.receivedAt >= context.lastArrival else {
            return "changed"
        }
        return undoing.kind == .recordVoided ? "voided" : "corrected"
    }

    /// The obligation is gone: its fact was voided, or no longer fits the rule.
    mutating func takeBackVanished(_ record: MatterState.Record) {
        guard let rule = context.rule(record.key.rule) else { return }
        for index in result.state.told.indices where result.state.told[index].obligation == record.key {
            let told = result.state.told[index]
            guard !told.isClosed else { continue }
            let key = withdraw(told, record, of: rule, reason: vanishing)
            result.state.told[index].isClosed = key != nil
        }
    }

    /// Says of what is on record alone that what was told of it does not hold; nil if a silence keeps that back.
    mutating func withdraw(
        _ told: MatterState.Told,
        _ record: MatterState.Record,
        of rule: Rule,
        reason: String
    ) -> String? {
        let ladder = context.policy.escalation(of: rule) ?? context.former?.escalation(of: rule)
        let sheet = Sheet(
            code: told.isEarly ? Self.noLonger : ladder?.withdrawn ?? Self.noLonger,
            rule: rule.id,
            article: rule.article,
            cycle: record.key.cycle,
            subject: record.key.subject,
            dueAt: record.dueAt
        )
        return send(
            sheet,
            stage: "withdrawn",
            turn: told.turn,
            to: told.recipient,
            told.messageClass,
            urgency: 1,
            withdraws: told.key,
            values: Self.takenBack(told, reason)
        )
    }

    // MARK: Building blocks

    private func index(_ key: ObligationKey, _ person: PersonRef, _ messageClass: MessageClass) -> Int? {
        result.state.told.firstIndex {
            $0.obligation == key && $0.recipient.person == person && $0.messageClass == messageClass
        }
    }

    /// A step that reaches nobody is passed over at once, and said once.
    mutating func noteNobody(
        _ obligation: Obligation,
        _ rung: Rung,
        _ tell: EscalationStep.Tell,
        reason: String = "nobody"
    ) {
        let nobody = Recipient(
            person: .nobody(at: rung.step.stage),
            role: tell.roles.first ?? "@group"
        )
        guard index(obligation.key, nobody.person, tell.messageClass) == nil else { return }
        result.state.told.append(
            MatterState.Told(
                obligation: obligation.key,
                recipient: nobody,
                messageClass: tell.messageClass,
                rung: rung.rung,
                isAlarm: false,
                turn: 1,
                isClosed: true,
                dueAt: obligation.dueAt,
                key: ""
            )
        )
        note(
            "notification.gaveUp",
            obligation,
            at: now,
            extra: [
                Value.Member("stage", .string(rung.step.stage)), Value.Member("reason", .string(reason)),
                Value.Member("roles", .array(tell.roles.map { .string($0.text) })),
            ]
        )
    }
}
