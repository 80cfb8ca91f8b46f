import Duty

/// What everybody believes after all messages, and whether it is true.
struct Beliefs {
    enum Belief { case alarm, settled, other }

    struct Hearer: Hashable {
        let rule: RuleID
        let cycle: Int
        let person: PersonRef
        let messageClass: MessageClass
    }

    private static let alarms: Set = ["N13", "N14", "N22", "N23", "N60", "N61", "N71"]
    private static let settled: Set = ["N15", "N24", "N25", "N64", "N75"]
    private static let takenBack: Set = ["N25", "N64", "N75"]

    private var last: [Hearer: Belief] = [:]
    /// Messages that take back what was never said, or was taken back before.
    private var idle: [String] = []

    init(_ notifications: [Notification]) {
        for message in notifications where message.article != 0 {
            let subject = message.stage.split(separator: "~")[0]
            guard !subject.hasPrefix("share"), !subject.hasPrefix("held"), message.rule != "A25.report" else {
                continue
            }
            let hearer = Hearer(
                rule: message.rule,
                cycle: message.cycle,
                person: message.recipient.person,
                messageClass: message.messageClass
            )
            if Self.takenBack.contains(message.code), last[hearer] == nil || last[hearer] == .settled {
                idle.append(message.key)
            }
            // A due time that moved earlier leaves an alarm an alarm.
            if message.code == "N27", last[hearer] == .alarm { continue }
            last[hearer] =
                Self.alarms.contains(message.code)
                ? .alarm : Self.settled.contains(message.code) ? .settled : .other
        }
    }

    /// Sentences about every belief that is wrong at the end; none if all is well.
    static func problems(_ desk: Desk) -> [String] {
        let beliefs = Beliefs(desk.notifications)
        var problems = beliefs.idle.map { "takes back nothing: \($0)" }
        let obligations = desk.derivation?.obligations ?? []
        let standing = obligations.filter { $0.phase(at: desk.now) == .breached && !$0.isNotice }
        for (hearer, belief) in beliefs.last where belief == .alarm {
            let isTrue = standing.contains { $0.key.rule == hearer.rule && $0.key.cycle == hearer.cycle }
            if !isTrue {
                problems.append("\(hearer.person) still believes \(hearer.rule) cycle \(hearer.cycle)")
            }
        }
        for obligation in standing {
            for hearer in desk.concerned(by: obligation) where beliefs.last[hearer] != .alarm {
                problems.append("\(hearer.person) does not know of \(hearer.rule) cycle \(hearer.cycle)")
            }
        }
        return problems + keyProblems(desk) + ledgerProblems(desk) + recordProblems(desk)
    }

    private static func keyProblems(_ desk: Desk) -> [String] {
        let keys = Dictionary(grouping: desk.notifications.map(\.key)) { $0 }.filter { $0.value.count > 1 }
            .keys
        let entries = Dictionary(grouping: desk.postings.map(\.entryID)) { $0 }.filter { $0.value.count > 1 }
            .keys
        return keys.map { "key used twice: \($0)" } + entries.map { "entry posted twice: \($0)" }
    }

    private static func ledgerProblems(_ desk: Desk) -> [String] {
        var wanted: [String: Int64] = [:]
        for share in desk.derivation?.allocation?.allocation.shares ?? [] {
            wanted[share.person.text, default: 0] += share.amount.amount
        }
        for held in desk.derivation?.allocation?.allocation.held ?? [] {
            wanted[held.role.text] = held.amount.amount
        }
        let borne = desk.borne.filter { $0.value != 0 }
        guard borne == wanted.filter({ $0.value != 0 }) else {
            return ["postings \(borne) for shares \(wanted)"]
        }
        let balances = Dictionary(
            desk.state.posted.map { ($0.person?.text ?? $0.role.text, $0.amount.amount) },
            uniquingKeysWith: +
        )
        var problems =
            balances.filter { $0.value != 0 } == borne ? [] : ["balances \(balances) of postings \(borne)"]
        var paid: [String: Int64] = [:]
        for payment in desk.derivation?.allocation?.settlements ?? [] {
            paid[payment.person.text, default: 0] += payment.amount.amount
        }
        if desk.settled != paid.filter({ $0.value != 0 }) {
            problems.append("settlements \(desk.settled) for \(paid)")
        }
        return problems + ShareBeliefs.problems(desk)
    }

    /// The journal's last word on each obligation is what is true.
    private static func recordProblems(_ desk: Desk) -> [String] {
        let obligations = desk.derivation?.obligations ?? []
        let kept = desk.state.records.filter { !$0.isWithdrawn }
        guard Set(kept.map(\.key)) == Set(obligations.map(\.key)) else {
            return ["records of what is not there"]
        }
        return obligations.compactMap { obligation in
            let record = desk.state.record(obligation.key)
            let phase = obligation.phase(at: desk.now)
            let isRight =
                record?.phase == phase && record?.dueAt == obligation.dueAt
                && record?.openedAt == obligation.openedAt
            return isRight
                ? nil : "\(obligation.key.rule) is \(phase), on record \(String(describing: record))"
        }
    }
}

extension Desk {
    /// Settlements in the ledger by person, without those that add up to nothing.
    fileprivate var settled: [String: Int64] {
        let payments = postings.filter { $0.kind == .settle || $0.kind == .refund }
        let sums = Dictionary(payments.map { ($0.person?.text ?? "", $0.amount.amount) }, uniquingKeysWith: +)
        return sums.filter { $0.value != 0 }
    }

    /// Who must know at this moment that the obligation is breached and open.
    fileprivate func concerned(by obligation: Obligation) -> [Beliefs.Hearer] {
        let resolver = RecipientResolver(policy: policy, directory: directory)
        var hearers: [Beliefs.Hearer] = []
        for step in obligation.escalation.steps where step.isAlarm && step.cycles != .reopened {
            for tell in step.tells {
                let people =
                    tell.roles.isEmpty
                    ? [Recipient.group]
                    : tell.roles.flatMap {
                        resolver.people(for: $0, enterprise: enterprise, opening: obligation.opening, at: now)
                    }
                hearers += people.map {
                    Beliefs.Hearer(
                        rule: obligation.key.rule,
                        cycle: obligation.key.cycle,
                        person: $0.person,
                        messageClass: tell.messageClass
                    )
                }
            }
        }
        return hearers
    }
}
