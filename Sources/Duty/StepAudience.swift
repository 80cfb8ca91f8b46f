/// Who stands behind a step at this moment.
extension Stepper {
    /// The people of each audience of a step that may hear of the obligation.
    ///
    /// An alarm that reaches nobody at all does not wait for the next step's moment: the people of the next alarm
    /// that reaches somebody hear it in their place, by its own words, and once more when their own turn has come.
    func audiences(
        _ step: EscalationStep,
        _ obligation: Obligation
    ) -> [(tell: EscalationStep.Tell, people: [Recipient])] {
        let own = ownAudiences(step, obligation)
        guard step.isAlarm, !own.isEmpty, own.allSatisfy(\.people.isEmpty),
            let place = obligation.escalation.steps.firstIndex(where: { $0.stage == step.stage })
        else { return own }
        for next in obligation.escalation.steps[(place + 1)...]
        where next.isAlarm && next.cycles.contains(obligation.key.cycle) {
            let others = ownAudiences(next, obligation).filter { !$0.people.isEmpty }
            guard !others.isEmpty else { continue }
            return own
                + others.map { tell, people in
                    let tell = EscalationStep.Tell(roles: tell.roles, messageClass: tell.messageClass)
                    return (tell, people)
                }
        }
        return own
    }

    private func ownAudiences(
        _ step: EscalationStep,
        _ obligation: Obligation
    ) -> [(tell: EscalationStep.Tell, people: [Recipient])] {
        step.tells.filter { obligation.mayTell($0.messageClass) }.map {
            ($0, recipients($0, obligation, onlyNamed: step.skipsUnknownDepartment))
        }
    }

    private func recipients(
        _ tell: EscalationStep.Tell,
        _ obligation: Obligation,
        onlyNamed: Bool
    ) -> [Recipient] {
        if tell.roles.isEmpty { return [.group] }
        var found: [Recipient] = []
        for role in tell.roles {
            let people = context.resolver.people(
                for: role,
                enterprise: context.enterprise,
                opening: obligation.opening,
                among: derivation.effectiveFacts,
                onlyNamed: onlyNamed,
                at: now
            )
            for recipient in people where !found.contains(where: { $0.person == recipient.person }) {
                found.append(recipient)
            }
        }
        return found
    }

    /// Who had to act when the time was over: whoever held the lowest of the roles that the steps tell, or stood in.
    ///
    /// Whoever comes into the role later hears of the breach, and did not commit it.
    func owners(_ obligation: Obligation, at moment: Instant) -> [Value.Member] {
        guard context.hasReaders, obligation.mayRecordDetails else { return [] }
        var owners: [PersonRef] = []
        for step in obligation.escalation.steps {
            for role in step.tells.flatMap(\.roles) where context.policy.roles[role]?.level == 0 {
                let people = context.resolver.people(
                    for: role,
                    enterprise: context.enterprise,
                    opening: obligation.opening,
                    among: derivation.effectiveFacts,
                    onlyNamed: step.skipsUnknownDepartment,
                    at: moment
                )
                for person in people.map(\.person) where !owners.contains(person) { owners.append(person) }
            }
        }
        if owners.isEmpty { return [] }
        return [Value.Member("owners", .array(owners.map { .string($0.text) }))]
    }

    /// When the people of open obligations change next without anything being reported; nil if they do not.
    func peopleChangeAt() -> Instant? {
        guard derivation.obligations.contains(where: { !$0.isNotice && $0.phase(at: now).isActive }) else {
            return nil
        }
        let (roster, park) = (context.enterprise.roster, context.enterprise.parkRoster)
        let absence = context.resolver.directory.nextChange(after: now) { person in
            roster.names(person) || park.names(person)
                || result.state.told.contains { $0.recipient.person == person }
        }
        return [roster.nextChange(after: now), park.nextChange(after: now), absence].compactMap { $0 }.min()
    }
}
