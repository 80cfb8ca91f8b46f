extension Policy {
    /// The first step that says aloud that a rule was not kept; nil where none of its steps does.
    package func alarm(of rule: Rule) -> EscalationStep? {
        let ladder: String
        switch rule.body {
        case .deadline(let deadline): ladder = deadline.escalation
        case .gate(let gate): ladder = gate.escalation
        case .window(let window): ladder = window.enteredEscalation
        case .practice(let practice): ladder = practice.escalation
        case .recurring(let recurring): ladder = recurring.escalation
        case .amount(let amount): ladder = amount.escalation
        case .allocation, .notice: return nil
        }
        return escalations[ladder]?.steps.first(where: \.isAlarm)
    }

    /// The highest level among the roles that a step tells; nil where none of them has one.
    package func level(of step: EscalationStep) -> Int? {
        step.tells.flatMap(\.roles).compactMap { roles[$0]?.level }.max()
    }
}
