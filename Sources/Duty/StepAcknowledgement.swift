/// A stage that is said again: until its recipient has acknowledged it, and once more when that is too long ago.
///
/// An acknowledgement is the recipient's own, and of this stage: it neither silences a later one nor anybody else,
/// and it changes nothing of the clock.
extension Stepper {
    private enum Why: String {
        case unacknowledged
        /// It was acknowledged, and nothing has come of it for too long.
        case acknowledgementTimeout
    }

    /// Begins to wait for the acknowledgement of what was told just now.
    mutating func askFor(_ rung: Rung, _ obligation: Obligation, _ index: Int) {
        let told = result.state.told[index]
        guard rung.step.asksToBeAcknowledged, !told.recipient.isGroup, !obligation.isNotice else { return }
        result.state.told[index].asked = MatterState.Told.Asked(turn: told.turn, at: now)
        waitFor(nextAsking(result.state.told[index], rung, obligation)?.moment)
    }

    /// Says the recipient's current stage again, if it is time.
    mutating func sayAgain(_ code: String, _ rung: Rung, _ obligation: Obligation, _ index: Int) {
        let told = result.state.told[index]
        guard var asked = told.asked, let next = nextAsking(told, rung, obligation) else { return }
        guard next.moment <= now else { return waitFor(next.moment) }
        asked.again += 1
        asked.unanswered = next.why == .unacknowledged ? asked.unanswered + 1 : 0
        asked.at = now
        var values = [
            Value.Member("again", .integer(Int64(asked.again))),
            Value.Member("againBecause", .string(next.why.rawValue)),
        ]
        values += delay(next.moment) + request(rung, told.messageClass, obligation)
        let key = send(
            code,
            stage: rung.stage + Self.againMark + String(asked.again),
            turn: told.turn,
            to: told.recipient,
            told.messageClass,
            about: obligation,
            urgency: rung.step.isAlarm ? 0 : 2,
            values: values
        )
        guard let key else { return }
        result.state.told[index].key = key
        result.state.told[index].asked = asked
        waitFor(nextAsking(result.state.told[index], rung, obligation)?.moment)
    }

    mutating func waitFor(_ moment: Instant?) {
        guard let moment, moment > now else { return }
        laterAt = min(laterAt ?? moment, moment)
    }

    /// When the stage is said again, and why; nil if it is not, as things are.
    private func nextAsking(
        _ told: MatterState.Told,
        _ rung: Rung,
        _ obligation: Obligation
    ) -> (moment: Instant, why: Why)? {
        guard let asked = told.asked else { return nil }
        if let acknowledged = acknowledgedAt(told, asked, rung, obligation) {
            guard let holds = rung.step.acknowledgedFor else { return nil }
            let end = acknowledged + holds
            if asked.at < end { return (end, .acknowledgementTimeout) }
        }
        guard let repetition = rung.step.repetition, asked.unanswered < repetition.times else { return nil }
        return (asked.at + repetition.every, .unacknowledged)
    }

    // MARK: Whose acknowledgement, of what

    private static let againMark = ".r"

    /// When the recipient last acknowledged any saying of the stage, by any class of message.
    private func acknowledgedAt(
        _ told: MatterState.Told,
        _ asked: MatterState.Told.Asked,
        _ rung: Rung,
        _ obligation: Obligation
    ) -> Instant? {
        if derivation.acknowledgements.isEmpty { return nil }
        let head = [
            obligation.key.rule.text, context.matter.text, String(obligation.key.cycle), rung.stage,
        ].joined(separator: "|")
        let subject = obligation.key.subject.isEmpty ? "" : "." + obligation.key.subject
        let person = told.recipient.person
        return derivation.acknowledgements.last { fact in
            guard fact.text("personRef") == person.text, let id = fact.text("notificationId"),
                id.hasPrefix(head), let bar = id.lastIndex(of: "|")
            else { return false }
            let address = id[id.index(after: bar)...]
            guard address == person.text || address.hasPrefix(person.text + "@") else { return false }
            let stage = id[..<bar].dropFirst(head.count)
            return Self.turn(ofStage: stage, subject).map { asked.turn...told.turn ~= $0 } ?? false
        }?.at
    }

    /// The turn that a key's stage ends with, after the name of the stage itself: `.r2.P-1~3` is of turn 3.
    ///
    /// Nil if it is another stage, whose name only begins alike.
    private static func turn(ofStage text: Substring, _ subject: String) -> Int? {
        var rest = text
        var turn = 1
        if let mark = rest.lastIndex(of: "~"), let number = Int(rest[rest.index(after: mark)...]) {
            turn = number
            rest = rest[..<mark]
        }
        guard rest.hasSuffix(subject) else { return nil }
        rest = rest.dropLast(subject.count)
        if rest.isEmpty { return turn }
        guard rest.hasPrefix(againMark), Int(rest.dropFirst(againMark.count)) != nil else { return nil }
        return turn
    }
}
