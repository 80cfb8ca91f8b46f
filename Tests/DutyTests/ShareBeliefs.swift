import Duty

/// What people believe about shares of a fine after all messages, and what the books say: both against the truth.
struct ShareBeliefs {
    private struct Hearer: Hashable {
        let person: PersonRef
        let role: RoleID
    }

    private var shares: [Hearer: Int64] = [:]
    /// Parts that nobody bears, as those know them who are to find somebody.
    private var held: [Hearer: Int64] = [:]
    private var told: [String: Hearer] = [:]
    private var problems: [String] = []

    private init(_ notifications: [Notification]) {
        for message in notifications where message.rule == "A22.share" { hear(message) }
    }

    private mutating func hear(_ message: Notification) {
        let person = message.recipient.person
        switch message.code {
        case "N74":
            let role = RoleID(message.values["heldRole"]?.string ?? "")
            told[message.key] = Hearer(person: person, role: role)
            held[Hearer(person: person, role: role)] = message.values["heldFen"]?.integer
        case "N75":
            let hearer = message.withdraws.flatMap { told[$0] }
            if hearer.flatMap({ held.removeValue(forKey: $0) }) == nil {
                problems.append("takes back nothing: \(message.key)")
            }
        default:
            let hearer = Hearer(person: person, role: message.recipient.role)
            if message.values["oldShareFen"]?.integer != shares[hearer] {
                problems.append(
                    "\(message.key) changes a share of \(shares[hearer] ?? 0) that it calls another"
                )
            }
            let fine = message.values["fineFen"]
            if fine != nil, fine == message.values["oldFineFen"] {
                problems.append("\(message.key) changes a fine that it leaves as it was")
            }
            shares[hearer] = message.values["shareFen"]?.integer
        }
    }

    /// Sentences about every wrong belief and every wrong sum; none if all is well.
    static func problems(_ desk: Desk) -> [String] {
        guard let target = desk.derivation?.allocation else {
            return desk.postings.isEmpty ? [] : ["no fine"]
        }
        let beliefs = ShareBeliefs(desk.notifications)
        var shares: [Hearer: Int64] = [:]
        for share in target.allocation.shares {
            shares[Hearer(person: share.person, role: share.role), default: 0] += share.amount.amount
        }
        var held: [Hearer: Int64] = [:]
        for part in target.allocation.held {
            held[Hearer(person: "office", role: part.role)] = part.amount.amount
        }
        var problems = beliefs.problems
        if beliefs.shares.filter({ $0.value != 0 }) != shares.filter({ $0.value != 0 }) {
            problems.append("they believe \(beliefs.shares) of \(shares)")
        }
        if beliefs.held != held { problems.append("the office believes \(beliefs.held) of \(held)") }
        return problems + bookProblems(desk, target)
    }

    // MARK: The books

    /// The accounts as they have to stand, worked out afresh from shares and settlements alone.
    private static func accounts(_ target: AllocationTarget) -> [LedgerAccount: Fen] {
        var shares: [PersonRef: Fen] = [:]
        for share in target.allocation.shares { shares[share.person, default: .zero] += share.amount }
        var settled: [PersonRef: Fen] = [:]
        for one in target.settlements { settled[one.person, default: .zero] += one.amount }
        var accounts: [LedgerAccount: Fen] = [:]
        for person in Set(shares.keys).union(settled.keys) {
            let open = (shares[person] ?? .zero) - (settled[person] ?? .zero)
            accounts[LedgerAccount(.liability, person.text)] = max(.zero, open)
            accounts[LedgerAccount(.refundDue, person.text)] = min(.zero, open)
        }
        for part in target.allocation.held {
            accounts[LedgerAccount(.held, part.role.text)] = part.amount
        }
        accounts[LedgerAccount(.settled)] = settled.values.sum
        accounts[LedgerAccount(.shares, "1")] = -target.allocation.share
        return accounts.filter { $0.value != .zero }
    }

    private static func bookProblems(_ desk: Desk, _ target: AllocationTarget) -> [String] {
        var problems: [String] = []
        let trial = TrialBalance(desk.postings)
        if trial.total != .zero { problems.append("the trial balance is \(trial.total)") }
        let found = trial.accounts.filter { $0.value != .zero }
        let wanted = accounts(target)
        if found != wanted { problems.append("accounts \(found) instead of \(wanted)") }
        let balances = LedgerBalance.all(desk.postings)
        for balance in balances where balance.outstanding < .zero {
            problems.append("\(balance) is below zero")
        }
        for balance in balances {
            let last = desk.postings.last {
                $0.person == balance.person && (balance.person != nil || [$0.role] == balance.roles)
            }
            if last?.balanceAfter != balance.outstanding {
                problems.append(
                    "the last entry of \(balance) leaves \(String(describing: last?.balanceAfter))"
                )
            }
        }
        return problems
    }
}
