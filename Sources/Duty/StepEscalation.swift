/// A step that somebody asks for by hand: it counts as due from the request on, if its own moment is not earlier.
///
/// Who has heard the step so does not hear it again at its own moment, and who was to hear an earlier step still does.
/// Its words are those of a request, as the step's own may claim what is not so yet.
extension Stepper {
    static let byHand = "N94"
    /// What ends an alarm that came before the breach: nobody was late.
    private static let done = "N46"
    static let noLonger = "N75"

    /// The earliest request for a step that its own moment, `timed`, has not come before.
    func request(
        for step: EscalationStep,
        of obligation: Obligation,
        before timed: Obligation.Occurrence?
    ) -> Fact? {
        guard !derivation.escalations.isEmpty, !obligation.isNotice,
            step.cycles.contains(obligation.key.cycle)
        else { return nil }
        let key = obligation.key
        let request = derivation.escalations.first { fact in
            fact.text("ruleId") == key.rule.text && fact.text("stage") == step.stage
                && fact.at >= obligation.openedAt && fact.at <= now
                && fact.data["cycle"]?.integer.map { $0 == Int64(key.cycle) } ?? true
                && fact.text("subject").map { $0 == key.subject } ?? true
        }
        guard let timed else { return request }
        // A step that comes again and again has come by itself.
        return request.flatMap { timed.count == 0 && $0.at < timed.moment ? $0 : nil }
    }

    /// Who asked, and why; free text stays out of groups.
    func request(
        _ rung: Rung,
        _ messageClass: MessageClass,
        _ obligation: Obligation
    ) -> [Value.Member] {
        guard let request = rung.request else { return [] }
        var members: [Value.Member] = []
        if let by = request.text("by.personRef") ?? request.text("by") {
            members.append(Value.Member("escalatedByRef", .string(by)))
        }
        if messageClass != .group, !obligation.isSecret, let reason = request.text("reason") {
            members.append(Value.Member("reason", .string(reason)))
        }
        return members
    }

    /// Whoever was alarmed by hand before the breach hears that it is done, or that it is owed no longer.
    mutating func closeEarly(
        _ index: Int,
        _ obligation: Obligation,
        _ phase: Obligation.Phase,
        reason: String
    ) {
        let told = result.state.told[index]
        var key: String?
        if phase == .met {
            key = send(
                Self.done,
                stage: "met",
                turn: told.turn,
                to: told.recipient,
                told.messageClass,
                about: obligation,
                urgency: 2
            )
        } else {
            key = send(
                Self.noLonger,
                stage: "withdrawn",
                turn: told.turn,
                to: told.recipient,
                told.messageClass,
                about: obligation,
                urgency: 1,
                withdraws: told.key,
                values: [Value.Member("reason", .string(reason))]
            )
        }
        result.state.told[index].isClosed = key != nil
    }

    /// By how much a message is later than its moment by our own fault, if by much.
    func delay(_ moment: Instant) -> [Value.Member] {
        ownDelay(moment).map { [Value.Member("delayedBySeconds", .integer($0.seconds))] } ?? []
    }
}
