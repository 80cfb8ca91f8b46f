/// An account of the ledger as an accountant sees it.
package struct LedgerAccount: Hashable, Sendable, Comparable {
    package enum Kind: String, Sendable, CaseIterable {
        /// What a person has still to settle of a fine.
        case liability
        /// What a role has to bear that nobody holds.
        case held
        /// The shares of a fine, against which all of that stands.
        case shares
        /// What was settled.
        case settled
        /// What was settled beyond a share, and is due back.
        case refundDue

        /// The name in the books of the county.
        package var name: String {
            switch self {
            case .liability: "责任人应承担"
            case .held: "未落人分担"
            case .shares: "待认定分担"
            case .settled: "已履行"
            case .refundDue: "应退还"
            }
        }
    }

    package let kind: Kind
    /// A person, a role or a fine; empty where there is one account for all.
    package let holder: String

    package init(_ kind: Kind, _ holder: String = "") {
        self.kind = kind
        self.holder = holder
    }

    /// `责任人应承担/P-1032`.
    package var name: String { holder.isEmpty ? kind.name : kind.name + "/" + holder }

    package static func < (left: LedgerAccount, right: LedgerAccount) -> Bool {
        (left.kind.rawValue, left.holder) < (right.kind.rawValue, right.holder)
    }
}

extension LedgerPosting {
    /// The two accounts between which the entry is booked, the same for all entries of a kind: `amount` goes to the
    /// debit of the one and the credit of the other, and an amount below zero takes back what stands there.
    package var booking: (debit: LedgerAccount, credit: LedgerAccount) {
        let holder =
            person.map { LedgerAccount(.liability, $0.text) } ?? LedgerAccount(.held, role.text)
        switch kind {
        case .allocate, .adjust, .reverse, .hold, .release:
            return (holder, LedgerAccount(.shares, fine.number))
        case .settle, .refund: return (LedgerAccount(.settled), holder)
        case .refundDue: return (holder, LedgerAccount(.refundDue, person?.text ?? ""))
        }
    }
}

/// What each account of one fine comes to: debits less credits.
package struct TrialBalance: Sendable {
    package private(set) var accounts: [LedgerAccount: Fen] = [:]

    /// `postings` are entries of one fine, in any order.
    package init(_ postings: some Sequence<LedgerPosting>) {
        for posting in postings {
            let (debit, credit) = posting.booking
            accounts[debit, default: .zero] += posting.amount
            accounts[credit, default: .zero] += -posting.amount
        }
    }

    /// Zero, or the books are wrong.
    package var total: Fen { accounts.values.sum }
}
