/// Who bears which share of a fine.
package struct AllocationRule: Sendable {
    package enum EmptyRole: String, Sendable { case hold, reassign }
    package enum Mode: String, Sendable { case together, each }
    /// What the share is a part of.
    package enum Base: String, Sendable { case principal, principalPlusSurcharge }
    /// As of when the roster says who bears a share.
    package enum RosterDate: String, Sendable { case decision, attribution, violation }

    package struct Weight: Sendable, Hashable {
        package let role: RoleID
        package let weight: Int64
        package init(role: RoleID, weight: Int64) {
            self.role = role
            self.weight = weight
        }
    }

    /// Which fines: a pattern for `fine.issued`.
    package var fines: FactPattern
    package var numerator: Int64 = 1
    package var denominator: Int64 = 2
    package var base: Base = .principal
    package var rounding: Rounding = .floor
    /// In the order in which ties are decided.
    package var weights: [Weight]
    package var emptyRole: EmptyRole = .hold
    package var mode: Mode = .together
    package var rosterAsOf: RosterDate = .decision
    package var includesBackups = false
    /// Whether the shares stay as they were while a reconsideration or a lawsuit runs.
    package var freezesDuringReview = false
    /// Only decisions of this role count; nil: any.
    package var decider: RoleID?
    package var postedCode = "N72"
    package var adjustedCode = "N73"
    package var heldCode = "N74"
    /// Takes `heldCode` back.
    package var releasedCode = "N75"
    /// Who hears of a held part.
    package var heldRole: RoleID

    package init(fines: FactPattern, weights: [Weight], heldRole: RoleID) {
        self.fines = fines
        self.weights = weights
        self.heldRole = heldRole
    }

    /// The rule with the proportion that a decision names instead of its own: a role that it leaves out bears
    /// nothing, one that the rule does not know comes last.
    func weighted(by decision: Value?) -> AllocationRule {
        guard let members = decision?.members, !members.isEmpty else { return self }
        let given = members.map { Weight(role: RoleID($0.name), weight: $0.value.integer ?? 0) }
        let known = weights.map(\.role)
        var rule = self
        rule.weights =
            known.map { role in given.first { $0.role == role } ?? Weight(role: role, weight: 0) }
            + given.filter { !known.contains($0.role) }.sorted { $0.role < $1.role }
        return rule
    }
}
