/// How far the ladders of the obligations have come, and when there is something to say next.
extension Stepper {
    struct Rung {
        /// Its place in the ladder; repetitions of one step follow each other.
        let rung: Int
        let step: EscalationStep
        let moment: Instant
        let count: Int
        /// Who asked for it by hand, where that was before its own moment.
        var request: Fact?
        /// The name in keys and logs.
        var stage: String { count == 0 ? step.stage : step.stage + "." + String(count) }
    }

    /// So many times a step can come before its place in the ladder would be the next one's.
    static let repetitions = 10_000

    /// The steps of one obligation, as they stand now.
    struct Ladder {
        /// Those whose moment has come before the obligation was closed.
        var due: [Rung] = []
        /// When the next one comes.
        var next: Instant?
    }

    /// Worked out once for all who look at it; where the obligation is closed no step has anything to say any more.
    func ladder(_ obligation: Obligation) -> Ladder {
        (obligation.closedAt ?? .distantFuture) > now ? wholeLadder(obligation) : Ladder()
    }

    func wholeLadder(_ obligation: Obligation) -> Ladder {
        let closed = obligation.closedAt ?? .distantFuture
        var ladder = Ladder()
        for (index, step) in obligation.escalation.steps.enumerated() where obligation.has(step) {
            let (last, next) = obligation.occurrences(of: step, until: now, calendar: context.calendar)
            if let next, next < closed { ladder.next = min(ladder.next ?? next, next) }
            if let request = request(for: step, of: obligation, before: last), request.at < closed {
                ladder.due.append(
                    Rung(
                        rung: index * Self.repetitions,
                        step: step,
                        moment: request.at,
                        count: 0,
                        request: request
                    )
                )
            } else if let last, last.moment < closed {
                ladder.due.append(
                    Rung(
                        rung: index * Self.repetitions + last.count,
                        step: step,
                        moment: last.moment,
                        count: last.count
                    )
                )
            }
        }
        return ladder
    }

    func wakeAt() -> Instant? {
        var next: Instant?
        func consider(_ moment: Instant?) {
            if let moment, moment > now, next.map({ moment < $0 }) ?? true { next = moment }
        }
        for obligation in derivation.obligations {
            let closed = obligation.closedAt ?? .distantFuture
            if let due = obligation.dueAt, due < closed { consider(due) }
            if closed > now, closed != .distantFuture { consider(closed) }
        }
        consider(laterAt)
        for request in derivation.escalations { consider(request.at) }
        consider(peopleChangeAt())
        if let since = derivation.orphanedSince, !result.state.isOrphanReported {
            consider(since + context.policy.orphanAfter)
        }
        consider(derivation.beginsAt)
        consider(derivation.plannedUntil)
        return next
    }
}
