/// How one person, or a part that nobody bears, stands with one fine.
package struct LedgerBalance: Hashable, Sendable {
    package let fine: MatterID
    /// Nil for the part of a role that nobody holds.
    package let person: PersonRef?
    /// As what the person bears it, in order; usually one.
    package private(set) var roles: [RoleID] = []
    package private(set) var share = Fen.zero
    /// What was settled, less what was given back.
    package private(set) var settled = Fen.zero
    /// What was settled beyond the share.
    package private(set) var refundDue = Fen.zero

    /// What is still to be settled.
    package var outstanding: Fen { share - settled + refundDue }

    private init(fine: MatterID, person: PersonRef?) {
        self.fine = fine
        self.person = person
    }

    /// Balances of all fines and people in `postings`, by fine, then by person, parts that nobody bears first.
    package static func all(_ postings: some Sequence<LedgerPosting>) -> [LedgerBalance] {
        var balances: [Key: LedgerBalance] = [:]
        for posting in postings {
            let key = Key(posting)
            balances[key, default: LedgerBalance(fine: posting.fine, person: posting.person)].add(posting)
        }
        return balances.sorted { $0.key < $1.key }.map(\.value)
    }

    private struct Key: Hashable, Comparable {
        let fine: MatterID
        let person: String
        let role: String

        init(_ posting: LedgerPosting) {
            fine = posting.fine
            person = posting.person?.text ?? ""
            role = posting.person == nil ? posting.role.text : ""
        }

        static func < (left: Key, right: Key) -> Bool {
            (left.fine, left.person, left.role) < (right.fine, right.person, right.role)
        }
    }

    private mutating func add(_ posting: LedgerPosting) {
        switch posting.kind {
        case .allocate, .adjust, .reverse, .hold, .release:
            share += posting.amount
            if !roles.contains(posting.role) { roles = (roles + [posting.role]).sorted() }
        case .settle, .refund: settled += posting.amount
        case .refundDue: refundDue += posting.amount
        }
    }
}
