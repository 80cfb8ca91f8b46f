/// Departments that become known after a step was told.
extension Stepper {
    func isOfDepartment(_ role: RoleID) -> Bool { context.policy.roles[role]?.binding == .department }

    /// Whether anybody has heard of an obligation, and it was not taken back.
    func hasHeard(_ key: ObligationKey) -> Bool {
        result.state.told.contains { $0.obligation == key && !$0.key.isEmpty && !$0.isClosed }
    }

    /// Whether its first event named no department, somebody has said since whose matter it is, and nobody there has
    /// heard of it.
    func isOfNewDepartment(_ obligation: Obligation) -> Bool {
        let resolver = context.resolver
        guard resolver.departments(of: obligation.opening, among: []).isEmpty,
            !resolver.departments(of: obligation.opening, among: derivation.effectiveFacts).isEmpty
        else { return false }
        return !result.state.told.contains {
            $0.obligation == obligation.key && !$0.isClosed && isOfDepartment($0.recipient.role)
        }
    }

    /// The roles of a step that are passed over because nobody has said which department's matter it is.
    mutating func notePassedOver(_ obligation: Obligation, _ rung: Rung, _ tell: EscalationStep.Tell) {
        let roles = tell.roles.filter(isOfDepartment)
        guard !roles.isEmpty,
            context.resolver.departments(of: obligation.opening, among: derivation.effectiveFacts).isEmpty
        else { return }
        let passedOver = EscalationStep.Tell(roles: roles, messageClass: tell.messageClass)
        noteNobody(obligation, rung, passedOver, reason: "noDepartment")
    }
}
