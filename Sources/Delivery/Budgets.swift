import Duty

/// By whom and by what a provider counts one message.
struct Counted: Hashable, Sendable {
    /// The address on the channel, else the reference of the person; nil for a message to a group.
    let who: String?
    /// The template that carries it.
    let template: String
}

/// The budgets of one channel: of its own, of each recipient, and of each recipient with each template.
struct Budgets {
    private let personRates: [Budget.Rate]
    private let templateRates: [Budget.Rate]
    private var channel: Budget
    private var people: [String: Budget] = [:]
    private var templates: [Counted: Budget] = [:]

    init(_ policy: ChannelPolicy) {
        channel = Budget(policy.budget)
        personRates = policy.personBudget
        templateRates = policy.templateBudget
    }

    /// From when on the channel as a whole may send again.
    var readyAt: Instant { channel.readyAt }

    /// From when on this recipient may be sent to, as far as the channel as a whole allows.
    func readyAt(_ counted: Counted) -> Instant {
        guard let who = counted.who else { return .distantPast }
        return max(people[who]?.readyAt ?? .distantPast, templates[counted]?.readyAt ?? .distantPast)
    }

    func room(at now: Instant) -> Int { channel.room(at: now) }

    mutating func begin(_ counted: Counted) { change(counted) { $0.begin() } }
    mutating func abandon(_ counted: Counted) { change(counted) { $0.abandon() } }
    mutating func end(_ counted: Counted, at now: Instant) {
        change(counted) { $0.end(at: now) }
        if people.count >= 4_096 { people = people.filter { !$0.value.isIdle(at: now) } }
        if templates.count >= 4_096 { templates = templates.filter { !$0.value.isIdle(at: now) } }
    }
    mutating func remember(_ counted: Counted, _ end: Instant) { change(counted) { $0.remember(end) } }

    private mutating func change(_ counted: Counted, _ body: (inout Budget) -> Void) {
        body(&channel)
        guard let who = counted.who else { return }
        if !personRates.isEmpty { body(&people[who, default: Budget(personRates)]) }
        if !templateRates.isEmpty { body(&templates[counted, default: Budget(templateRates)]) }
    }
}
