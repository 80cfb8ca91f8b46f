/// A step of a ladder that has told nobody, or roles of one that nobody holds, and why.
package struct UntoldStep: Sendable, Hashable {
    package enum Reason: Sendable, Hashable {
        /// Its moment lies ahead.
        case ahead(Instant)
        /// What it is about was done first.
        case met(Instant)
        /// What it is about ceased to matter first.
        case cancelled(Instant)
        /// When its moment became known a later step was due, which those concerned were told instead.
        case overtaken
        /// Nobody holds the roles, or no department has been named.
        case nobody
    }

    package let obligation: ObligationKey
    package let stage: String
    /// Empty for the group.
    package let roles: [RoleID]
    package let reason: Reason
}

extension Derivation {
    /// What of the ladders has told nobody, rule by rule in the order of their steps.
    ///
    /// Of a step that tells two roles, one of them vacant, the vacant one is there. `isTold` says whether anybody has been
    /// told of a step.
    package func untold(
        _ state: MatterState,
        at now: Instant,
        calendar: WorkCalendar,
        isTold: (ObligationKey, EscalationStep) -> Bool
    ) -> [UntoldStep] {
        obligations.sorted { ($0.key.cycle, $0.openedAt, $0.key) < ($1.key.cycle, $1.openedAt, $1.key) }
            .flatMap { obligation in
                obligation.escalation.steps.compactMap { step in
                    let tells = step.tells.filter { obligation.mayTell($0.messageClass) }
                    guard obligation.has(step), !tells.isEmpty else { return nil }
                    let vacant = state.told.filter {
                        $0.obligation == obligation.key && $0.recipient.person == .nobody(at: step.stage)
                    }
                    let reason: UntoldStep.Reason?
                    if isTold(obligation.key, step) {
                        reason = vacant.isEmpty ? nil : .nobody
                    } else {
                        reason = obligation.reasonUntold(
                            of: step,
                            at: now,
                            calendar: calendar,
                            isVacant: !vacant.isEmpty
                        )
                    }
                    return reason.map {
                        UntoldStep(
                            obligation: obligation.key,
                            stage: step.stage,
                            roles: $0 == .nobody ? vacant.map(\.recipient.role) : tells.flatMap(\.roles),
                            reason: $0
                        )
                    }
                }
            }
    }
}

extension Obligation {
    /// Why a step has told nobody; nil where it never comes.
    fileprivate func reasonUntold(
        of step: EscalationStep,
        at now: Instant,
        calendar: WorkCalendar,
        isVacant: Bool
    ) -> UntoldStep.Reason? {
        let closed = closedAt.flatMap { $0 <= now ? $0 : nil }
        let (last, next) = occurrences(of: step, until: now, calendar: calendar)
        if let moment = last?.moment, closed.map({ moment < $0 }) ?? true {
            return isVacant ? .nobody : .overtaken
        }
        guard let closed else { return next.map { .ahead($0) } }
        guard last != nil || next != nil else { return nil }
        return metAt != nil ? .met(closed) : .cancelled(closed)
    }
}

extension PersonRef {
    /// Stands in records for whoever would have been told at a step.
    static func nobody(at stage: String) -> PersonRef { PersonRef("@nobody." + stage) }
}

extension Notification {
    /// Whether it tells of a step of an obligation's ladder, in whatever turn and however often it is repeated.
    package func tells(of stage: String, _ obligation: ObligationKey) -> Bool {
        guard rule == obligation.rule, cycle == obligation.cycle else { return false }
        var rest = Substring(self.stage)
        if let mark = rest.lastIndex(of: "~") { rest = rest[..<mark] }
        if !obligation.subject.isEmpty {
            let subject = "." + obligation.subject
            guard rest.hasSuffix(subject) else { return false }
            rest = rest.dropLast(subject.count)
        }
        return rest == stage || rest.hasPrefix(stage + ".")
    }
}
