import Duty

/// How one channel is used.
package struct ChannelPolicy: Sendable {
    /// How long one attempt may take.
    package var timeout: Duration
    /// Attempts under way at a time.
    package var concurrency: Int
    package var retry: RetryPolicy
    /// What a fresh breaker of this channel looks like.
    package var breaker: CircuitBreaker
    /// For the whole channel; all of them hold, none is no limit.
    package var budget: [Budget.Rate]
    /// For each address on this channel, or person where there are no addresses.
    package var personBudget: [Budget.Rate]
    /// For each address with each template.
    package var templateBudget: [Budget.Rate]
    /// The template that carries a message, by its code, where the provider has templates of its own; else nil.
    ///
    /// A message that has none cannot be sent by such a provider.
    package var templates: [String: String]?
    /// How long a breach waits for its turn here before another channel that can take it at once does so.
    package var patience: Span
    /// When messages of one kind become one; nil: never.
    package var grouping: Grouping?
    /// Characters that the text of a message made of several may have.
    package var digestLength: Int
    /// Whether messages that can wait keep clear of full and half hours.
    package var keepsClear: Bool
    /// Codes of a refusal that concerns the channel and not the message: 410 says that the receiver is gone.
    package var openCodes: Set<String>
    /// Codes after which the provider takes nothing for a known time.
    package var pauses: [String: Span]
    /// For how long the provider recognises a message that comes again and delivers it once; nil: it does not.
    package var repeatsSafelyFor: Span?

    package init(
        timeout: Duration = .seconds(10),
        concurrency: Int = 64,
        retry: RetryPolicy = RetryPolicy(),
        breaker: CircuitBreaker = CircuitBreaker(),
        budget: [Budget.Rate] = [],
        personBudget: [Budget.Rate] = [],
        templateBudget: [Budget.Rate] = [],
        templates: [String: String]? = nil,
        patience: Span = .seconds(60),
        grouping: Grouping? = nil,
        digestLength: Int = 600,
        keepsClear: Bool = false,
        openCodes: Set<String> = ["410"],
        pauses: [String: Span] = [:],
        repeatsSafelyFor: Span? = nil
    ) {
        self.timeout = timeout
        self.concurrency = max(1, concurrency)
        self.retry = retry
        self.breaker = breaker
        self.budget = budget
        self.personBudget = personBudget
        self.templateBudget = templateBudget
        self.templates = templates
        self.patience = patience
        self.grouping = grouping
        self.digestLength = digestLength
        self.keepsClear = keepsClear
        self.openCodes = openCodes
        self.pauses = pauses
        self.repeatsSafelyFor = repeatsSafelyFor
    }

    /// How long `notification` waits for its turn; what is no breach has ten times the patience of one.
    func patience(_ notification: Notification) -> Span {
        notification.urgency <= 0 ? patience : Span(microseconds: patience.microseconds * 10)
    }

    /// Whether a message of this code can be sent here at all.
    func carries(_ code: String) -> Bool { templates.map { $0[code] != nil } ?? true }

    /// What carries a message of this code here.
    func template(_ code: String) -> String { templates?[code] ?? code }

    /// The longest time that a budget looks back.
    var memory: Span { (budget + personBudget + templateBudget).map(\.per).max() ?? .zero }

    /// What `outcome` says of the channel; a refusal of one message still is an answer.
    package func verdict(_ outcome: SendOutcome) -> CircuitBreaker.Verdict {
        switch outcome {
        case .sent: .success
        case .retry(let code, _, _): door(code) ?? .failure
        case .failed(let code, _): door(code) ?? .success
        case .uncertain: .failure
        }
    }

    /// Whether a code shuts the door, and for how long.
    private func door(_ code: String) -> CircuitBreaker.Verdict? {
        if let pause = pauses[code] { return .open(pause: pause) }
        return openCodes.contains { CodePattern.matches($0, code) } ? .open(pause: nil) : nil
    }
}

/// How messages are sent as a whole.
package struct DispatchPolicy: Sendable {
    /// By the name of the channel.
    package var channels: [String: ChannelPolicy] = [:]
    /// For a channel without an entry of its own.
    package var fallback = ChannelPolicy()
    /// After an uncertain attempt, how long to wait for a late sign of life before the next channel.
    package var pauseAfterUncertain: Span = .seconds(60)
    /// How long attempts under way may take to finish when the service stops.
    package var drainTimeout: Span = .seconds(15)
    /// Rows asked for at a time.
    package var takeLimit = 512
    /// Rows held in memory for one channel.
    package var maximumWaiting = 10_000
    /// The same while that channel does not get on, and they have nowhere else to go.
    package var maximumWaitingIfStuck = 256
    /// How long to go without a look at the outbox when nothing is known to be due.
    package var pollInterval: Span = .seconds(30)
    /// A row whose time comes later than this is put down with that time, and taken again then.
    package var longestWaitInHand: Span = .seconds(60)
    /// Waits between calls to an outbox that fails; it is tried for ever.
    package var storeRetry = RetryPolicy(attempts: .max, base: .milliseconds(100), cap: .seconds(5))
    /// When some channels rest, and for what they do not.
    package var quietHours: QuietHours?
    /// The random number behind the wait after a try, by key, channel and number of the try.
    package var jitter: @Sendable (String, String, Int) -> Double = {
        RetryPolicy.stableUnit(key: $0, channel: $1, number: $2)
    }

    package init() {}

    package subscript(channel: String) -> ChannelPolicy { channels[channel] ?? fallback }
}

extension Span {
    package static func milliseconds(_ count: Int64) -> Span { Span(microseconds: count &* 1_000) }
}
