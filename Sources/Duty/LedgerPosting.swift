/// One line of the ledger to be posted: an internal record of who answers for what.
///
/// The fine itself is between the enterprise and the treasury; no line says anything about that.
package struct LedgerPosting: Sendable, Hashable {
    package enum Kind: String, Sendable, CaseIterable {
        /// A share for the first time; its change; its end.
        case allocate, adjust, reverse
        /// A part that nobody bears yet; somebody was found for it.
        case hold, release
        /// Somebody settled a share; they were given some of it back.
        case settle, refund
        /// What somebody has settled beyond their share; negative as that shrinks.
        case refundDue
    }

    /// `fine|revision|decision|person or role|kind`, with `#n` where the same would come again.
    ///
    /// `|` and `%` inside a part stand as `%7C` and `%25`, so that no two entries share one.
    package let entryID: String
    package let fine: MatterID
    package let revision: Int64
    package let kind: Kind
    package let person: PersonRef?
    package let role: RoleID
    package let amount: Fen
    /// What is still to be settled by the person after this entry; for a part that nobody bears, all of it.
    package let balanceAfter: Fen
    package let decisionID: String
    package let rosterSnapshot: [String]
    package let cause: EventKey?

    package init(
        entryID: String,
        fine: MatterID,
        revision: Int64,
        kind: Kind,
        person: PersonRef?,
        role: RoleID,
        amount: Fen,
        balanceAfter: Fen,
        decisionID: String,
        rosterSnapshot: [String],
        cause: EventKey?
    ) {
        self.entryID = entryID
        self.fine = fine
        self.revision = revision
        self.kind = kind
        self.person = person
        self.role = role
        self.amount = amount
        self.balanceAfter = balanceAfter
        self.decisionID = decisionID
        self.rosterSnapshot = rosterSnapshot
        self.cause = cause
    }
}
