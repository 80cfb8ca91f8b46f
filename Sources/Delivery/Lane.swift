import Duty

/// A row that waits for its try on one channel; urgent ones come first, then old ones.
struct Job: Comparable, Sendable {
    let item: OutboxItem
    let channel: String
    let number: Int
    let at: Instant

    private var rank: (Int, Int64, String) {
        (item.notification.urgency, item.notification.requestedAt.microseconds, item.notification.key)
    }

    static func < (left: Job, right: Job) -> Bool { left.rank < right.rank }
    static func == (left: Job, right: Job) -> Bool { left.rank == right.rank }
}

/// The queue, the limits and the breaker of one channel: pure, time is passed in.
struct Lane {
    /// A job whose time has not come.
    private struct Waiting: Comparable {
        let at: Instant
        let job: Job

        static func < (left: Waiting, right: Waiting) -> Bool {
            left.at != right.at ? left.at < right.at : left.job < right.job
        }
    }

    private let policy: ChannelPolicy
    private var ready = PriorityQueue<Job>()
    private var waiting = PriorityQueue<Waiting>()
    private var running = 0
    private var budget: Budget?
    private var people: [PersonRef: Budget] = [:]
    private(set) var breaker: CircuitBreaker

    init(_ policy: ChannelPolicy) {
        self.policy = policy
        budget = policy.budget.map { Budget($0) }
        breaker = policy.breaker
    }

    mutating func add(_ job: Job) { waiting.insert(Waiting(at: job.at, job: job)) }

    /// The next job that may go out now, counted as under way; nil if none may.
    mutating func next(at now: Instant) -> Job? {
        while let due = waiting.first, due.at <= now {
            _ = waiting.popFirst()
            ready.insert(due.job)
        }
        while !ready.isEmpty, running < policy.concurrency, breaker.permits(at: now) {
            if let budget, now < budget.readyAt { return nil }
            guard let job = ready.popFirst() else { return nil }
            guard takePersonToken(job, at: now) else { continue }
            _ = budget?.take(at: now)
            breaker.begin(at: now)
            running += 1
            return job
        }
        return nil
    }

    /// Puts back a job that `next` handed out but that did not start.
    mutating func giveBack(_ job: Job, at now: Instant) {
        running -= 1
        breaker.abandon(at: now)
        ready.insert(job)
    }

    mutating func finished(_ outcome: SendOutcome, at now: Instant) {
        running -= 1
        breaker.record(policy.verdict(outcome), at: now)
    }

    /// While the breaker turns messages to another channel: when this one is tried again.
    ///
    /// Once the pause is over, the first message that comes is let in to find out.
    func blockedUntil(at now: Instant) -> Instant? {
        switch breaker.state {
        case .closed: nil
        case .probing: .distantPast
        case .open(let until): now >= until && ready.isEmpty && waiting.isEmpty ? nil : until
        }
    }

    /// Takes out everything that has not started.
    mutating func drain() -> [Job] { ready.removeAll() + waiting.removeAll().map(\.job) }

    /// When to call `next` again even if nothing else happens; nil: never.
    func wakeAt() -> Instant? {
        guard running < policy.concurrency else { return nil }
        let limits = [breaker.opensUntil, budget?.readyAt].compactMap { $0 }.max()
        let probing = if case .probing = breaker.state { true } else { false }
        let blocked = ready.isEmpty || probing ? nil : limits
        return [waiting.first?.at, blocked].compactMap { $0 }.min()
    }

    private mutating func takePersonToken(_ job: Job, at now: Instant) -> Bool {
        let recipient = job.item.notification.recipient
        guard let rate = policy.personBudget, !recipient.isGroup else { return true }
        var budget = people[recipient.person] ?? Budget(rate)
        guard budget.take(at: now) else {
            waiting.insert(Waiting(at: budget.readyAt, job: job))
            return false
        }
        if people.count >= 4_096 { people = people.filter { !$0.value.isFull(at: now) } }
        people[recipient.person] = budget
        return true
    }
}
