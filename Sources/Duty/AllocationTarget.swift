/// What a fine's facts say each person bears now.
package struct AllocationTarget: Sendable, Hashable {
    /// One `fine.share.settled`: somebody's settlement of a share, or, below zero, what they were given back of it.
    package struct Settlement: Sendable, Hashable {
        package let event: EventKey
        package let person: PersonRef
        package let amount: Fen
    }

    package let rule: RuleID
    package let article: Int
    /// What the shares are a part of; nil where there is nothing to share, as the fine was voided or is not one that
    /// the policy shares.
    package let amount: Fen?
    package let revision: Int64
    /// Empty before any decision.
    package let decisionID: String
    package let isAttributed: Bool
    package let allocation: Allocation
    /// `role:person` of everybody who was asked to bear a share.
    package let rosterSnapshot: [String]
    /// In their own order.
    package let settlements: [Settlement]
    package let cause: EventKey?

    /// Whether nobody bears anything.
    var isNothing: Bool { !isAttributed || (amount ?? .zero) == .zero }

    /// Whether somebody held the role on the day that counts.
    func isFilled(_ role: RoleID) -> Bool { allocation.shares.contains { $0.role == role } }
}
