import Duty

/// The queue, the limits and the breaker of one channel: pure, time is passed in.
struct Lane {
    /// A job that is put aside until its time has come, or until a message to the same recipient came back.
    private struct Parked {
        let at: Instant
        let job: Job
    }

    /// A time at which a parked job is to be looked at; void if that job has another one by now.
    private struct Look: Comparable {
        let at: Instant
        let key: String
        static func < (left: Look, right: Look) -> Bool {
            left.at != right.at ? left.at < right.at : left.key < right.key
        }
    }

    private let policy: ChannelPolicy
    private var ready = ReadyQueue()
    private var parked: [String: Parked] = [:]
    private var looks = PriorityQueue<Look>()
    /// Parked jobs, by the recipient for whom a message is under way that has to end first.
    private var stalled: [String: Set<String>] = [:]
    private var running = 0
    /// When something began or ended for the last time.
    private var movedAt = Instant.distantPast
    /// How many have ended since it got on again; at the start it is trusted a little.
    private var endsSinceStuck = 24
    private var budgets: Budgets
    private var flood: FloodGate?
    private(set) var breaker: CircuitBreaker

    init(_ policy: ChannelPolicy) {
        self.policy = policy
        budgets = Budgets(policy)
        flood = policy.grouping.map { FloodGate($0) }
        breaker = policy.breaker
    }

    var isEmpty: Bool { ready.isEmpty && parked.isEmpty }

    /// How many have not started.
    var waiting: Int { ready.count + parked.count }

    /// Those that have not started, in no order.
    var jobs: [Job] { Array(ready.all) + parked.values.map(\.job) }

    /// Whether nothing goes on here: the breaker turns messages away, or those under way do not come back.
    func isStuck(at now: Instant) -> Bool {
        !breaker.isClosed || (running > 0 && !ready.isEmpty && now >= movedAt + Lane.longestStandstill)
    }

    private static let longestStandstill = Span.seconds(2)
    private static let manyEnds = 1_000_000

    /// To be said while it is stuck.
    mutating func noteStuck() { endsSinceStuck = 0 }

    /// How many may wait here: `least` while it is stuck, and then the more the longer it gets on.
    func capacity(from least: Int, to most: Int) -> Int { min(most, least + 32 * endsSinceStuck) }

    mutating func add(_ job: Job) { park(job, until: job.at) }

    /// Counts a message of an earlier run; these come in the order of their ends.
    mutating func remember(_ counted: Counted, _ end: Instant) { budgets.remember(counted, end) }

    /// What may go out now, counted as under way; nil if nothing may.
    mutating func next(at now: Instant) -> Parcel? {
        unpark(at: now)
        while running < policy.concurrency, breaker.permits(at: now), budgets.readyAt <= now,
            let job = ready.first()
        {
            let until = max(budgets.readyAt(job.counted), flood?.heldUntil(job, at: now) ?? .distantPast)
            guard until <= now else {
                if let job = ready.remove(job.key) { park(job, until: until) }
                continue
            }
            let parcel = take(job, at: now)
            budgets.begin(parcel.counted)
            flood?.passed(job, at: now)
            breaker.begin(at: now)
            running += 1
            movedAt = now
            return parcel
        }
        return nil
    }

    /// The job alone, or with all of its kind if they are too many to be told one by one.
    private mutating func take(_ job: Job, at now: Instant) -> Parcel {
        _ = ready.remove(job.key)
        let counted = Counted(who: job.counted.who, template: policy.template(Digest.code))
        guard let grouping = policy.grouping, let kind = job.kind, ready.count(of: kind) >= grouping.over,
            budgets.readyAt(counted) <= now
        else { return Parcel(job) }
        let others = ready.jobs(of: kind)
        guard grouping.isFlood([job] + others) else { return Parcel(job) }
        for other in others { _ = ready.remove(other.key) }
        return Parcel(job, others, counted: counted)
    }

    /// Puts back what `next` handed out but what did not start.
    mutating func giveBack(_ parcel: Parcel, at now: Instant) {
        forget(parcel, at: now)
        for job in parcel.jobs { ready.insert(job.perhapsBegun) }
    }

    /// What `next` handed out does not start, and goes elsewhere.
    mutating func forget(_ parcel: Parcel, at now: Instant) {
        running -= 1
        budgets.abandon(parcel.counted)
        breaker.abandon(at: now)
        release(parcel.counted)
    }

    mutating func finished(_ parcel: Parcel, _ outcome: SendOutcome, at now: Instant) {
        running -= 1
        movedAt = now
        endsSinceStuck = min(endsSinceStuck + 1, Lane.manyEnds)
        budgets.end(parcel.counted, at: now)
        breaker.record(policy.verdict(outcome), at: now)
        release(parcel.counted)
    }

    /// While the breaker turns messages to another channel: when this one is tried again.
    ///
    /// Once the pause is over, the first message that comes is let in to find out.
    func blockedUntil(at now: Instant) -> Instant? {
        switch breaker.state {
        case .closed: nil
        case .probing: .distantPast
        case .open(let until): now >= until && isEmpty ? nil : until
        }
    }

    /// Takes out everything that has not started.
    mutating func drain() -> [Job] {
        defer {
            parked = [:]
            looks = PriorityQueue()
            stalled = [:]
        }
        return ready.removeAll() + parked.values.map(\.job)
    }

    /// When to call `next` again even if nothing else happens; nil: never.
    func wakeAt() -> Instant? {
        guard running < policy.concurrency else { return nil }
        let limit = max(breaker.opensUntil ?? .distantPast, budgets.readyAt)
        let probing = if case .probing = breaker.state { true } else { false }
        let blocked = ready.isEmpty || probing || limit == .distantFuture ? nil : limit
        return [looks.first?.at, blocked].compactMap { $0 }.min()
    }

    // MARK: Patience

    /// Jobs that have waited too long here, or surely will; they stay until they are removed.
    func impatient(at now: Instant) -> [Job] {
        let channel = budgets.readyAt
        return ready.all.filter { isTooLong($0, until: channel, at: now) }
            + parked.values.filter { $0.at > $0.job.at && isTooLong($0.job, until: $0.at, at: now) }.map(
                \.job
            )
    }

    /// An end that has to come first says nothing of how long that is.
    private func isTooLong(_ job: Job, until: Instant, at now: Instant) -> Bool {
        let limit = job.at + policy.patience(job.item.notification)
        return now >= limit || (until > limit && until != .distantFuture)
    }

    /// Whether the job could leave at once if it came here.
    func wouldTake(_ job: Job, at now: Instant) -> Bool {
        breaker.isClosed && min(policy.concurrency - running, budgets.room(at: now)) > ready.count
            && budgets.readyAt(job.counted) <= now
    }

    /// Takes over a job that may leave at once.
    mutating func accept(_ job: Job) { ready.insert(job) }

    mutating func remove(_ key: String) { if ready.remove(key) == nil { parked[key] = nil } }

    // MARK: Parking

    private mutating func park(_ job: Job, until: Instant) {
        parked[job.key] = Parked(at: until, job: job)
        if until == .distantFuture, let who = job.counted.who {
            stalled[who, default: []].insert(job.key)
        } else {
            looks.insert(Look(at: until, key: job.key))
        }
    }

    private mutating func unpark(at now: Instant) {
        while let look = looks.first, look.at <= now {
            _ = looks.popFirst()
            guard let due = parked[look.key], due.at == look.at else { continue }
            parked[look.key] = nil
            ready.insert(due.job)
        }
    }

    private mutating func release(_ counted: Counted) {
        guard let who = counted.who, let keys = stalled.removeValue(forKey: who) else { return }
        for key in keys {
            guard let waiting = parked[key], waiting.at == .distantFuture else { continue }
            parked[key] = nil
            ready.insert(waiting.job)
        }
    }
}
