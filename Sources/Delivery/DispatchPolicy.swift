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
    /// For the whole channel; nil: no limit.
    package var budget: Budget.Rate?
    /// For each person on this channel; nil: no limit.
    package var personBudget: Budget.Rate?
    /// Codes of a refusal that concerns the channel and not the message: 410 says that the receiver is gone.
    package var openCodes: Set<String>
    /// Codes after which the provider takes nothing for a known time.
    package var pauses: [String: Span]

    package init(
        timeout: Duration = .seconds(10),
        concurrency: Int = 64,
        retry: RetryPolicy = RetryPolicy(),
        breaker: CircuitBreaker = CircuitBreaker(),
        budget: Budget.Rate? = nil,
        personBudget: Budget.Rate? = nil,
        openCodes: Set<String> = ["410"],
        pauses: [String: Span] = [:]
    ) {
        self.timeout = timeout
        self.concurrency = max(1, concurrency)
        self.retry = retry
        self.breaker = breaker
        self.budget = budget
        self.personBudget = personBudget
        self.openCodes = openCodes
        self.pauses = pauses
    }

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
        return openCodes.contains(code) ? .open(pause: nil) : nil
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
    /// Rows held in memory at most.
    package var maximumInHand = 20_000
    /// How long to go without a look at the outbox when nothing is known to be due.
    package var pollInterval: Span = .seconds(30)
    /// Waits between calls to an outbox that fails; it is tried for ever.
    package var storeRetry = RetryPolicy(attempts: .max, base: .milliseconds(100), cap: .seconds(5))
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
