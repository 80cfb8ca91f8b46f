import Duty

/// A daemon of one matter: keeps its facts and what was told, and does what time and facts bring.
struct Desk {
    let matter: MatterID
    var facts: [Fact] = []
    var enterpriseFacts = Town.enterpriseFacts { didSet { refreshEnterprise() } }
    var parkFacts = Town.parkFacts { didSet { refreshEnterprise() } }
    var policy = Fixtures.policy
    var directory = Town.directory
    var calendar = Town.calendar
    var silences: [Silence] = []
    private(set) var enterprise: Enterprise

    private(set) var now: Instant
    private(set) var state = MatterState()
    private(set) var wakeAt: Instant?
    private(set) var derivation: Derivation?
    private(set) var transitions: [Transition] = []
    private(set) var notifications: [Notification] = []
    private(set) var silenced: [SilencedNotification] = []
    private(set) var postings: [LedgerPosting] = []
    private(set) var orphanReports = 0

    init(_ matter: MatterID, at now: Instant = Town.monday) {
        self.matter = matter
        self.now = now
        enterprise = Enterprise(id: Town.enterpriseID, facts: [])
        refreshEnterprise()
    }

    private mutating func refreshEnterprise() {
        enterprise = Enterprise(
            id: Town.enterpriseID,
            facts: FactHistory.effective(enterpriseFacts),
            parkFacts: FactHistory.effective(parkFacts)
        )
    }

    /// Derives and steps at `moment`, with nothing in between.
    mutating func step(at moment: Instant) {
        now = moment
        let derived = derive(
            matter: matter,
            facts: facts,
            enterprise: enterprise,
            policy: policy,
            calendar: calendar
        )
        derivation = derived
        let context = StepContext(
            matter: matter,
            enterprise: enterprise,
            policy: policy,
            calendar: calendar,
            resolver: RecipientResolver(policy: policy, directory: directory),
            lastArrival: facts.map(\.receivedAt).max() ?? moment,
            silences: silences
        )
        let result = Duty.step(derived, state, context, now: moment)
        state = result.state
        wakeAt = result.wakeAt
        transitions += result.transitions
        notifications += result.notifications
        silenced += result.silenced
        postings += result.postings
        if result.orphans { orphanReports += 1 }
    }

    /// Steps at every wake-up until `moment`, and at `moment` itself.
    mutating func advance(to moment: Instant) {
        while let wake = wakeAt, wake < moment { step(at: wake) }
        step(at: moment)
    }

    mutating func advance(by span: Span) { advance(to: now + span) }

    /// Lets time pass until the fact arrives, then takes it.
    mutating func receive(_ fact: Fact) {
        advance(to: max(now, fact.receivedAt))
        take([fact])
    }

    mutating func receive(_ facts: [Fact]) {
        for fact in facts { receive(fact) }
    }

    /// Takes facts at this very moment, in one step.
    mutating func take(_ arrivals: [Fact]) {
        for fact in arrivals {
            if fact.isOfEnterprise {
                enterpriseFacts.append(fact)
            } else {
                facts.append(fact)
            }
        }
        step(at: now)
    }

    // MARK: What people heard

    /// `code person`, in the order in which it was said, since `start` messages had been said.
    func heard(since start: Int = 0) -> [String] {
        notifications.dropFirst(start).map { $0.code + " " + $0.recipient.person.text }
    }

    func heard(_ code: String) -> [String] {
        notifications.filter { $0.code == code }.map(\.recipient.person.text).sorted()
    }

    func actions(_ prefix: String = "") -> [String] {
        transitions.map(\.action).filter { $0.hasPrefix(prefix) }
    }

    func record(_ rule: RuleID, cycle: Int = 1) -> MatterState.Record? {
        state.record(ObligationKey(rule: rule, cycle: cycle))
    }

    /// Sum of the postings that say who bears what, by person; a held part stands under its role.
    var borne: [String: Int64] {
        var sums: [String: Int64] = [:]
        for posting in postings where ![.settle, .refund, .refundDue].contains(posting.kind) {
            sums[posting.person?.text ?? posting.role.text, default: 0] += posting.amount.amount
        }
        return sums
    }
}

extension Fact {
    fileprivate var isOfEnterprise: Bool {
        matter.type == .enterprise || kind == .rosterAssigned || kind == .rosterEnded
    }
}
