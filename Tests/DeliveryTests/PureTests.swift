import Duty
import Testing

@testable import Delivery

@Suite struct RetryPolicyTests {
    private let policy = RetryPolicy(attempts: 5, base: .seconds(2), cap: .seconds(10))

    @Test(arguments: [(1, 2), (2, 4), (3, 8), (4, 10), (60, 10), (0, 2)])
    func doublesUpToTheCap(number: Int, seconds: Int) {
        #expect(policy.wait(after: number, unit: 1, provider: nil) == .seconds(Int64(seconds)))
    }

    @Test func jitterIsFull() {
        #expect(policy.wait(after: 1, unit: 0, provider: nil) == .zero)
        #expect(policy.wait(after: 1, unit: 0.5, provider: nil) == .seconds(1))
        #expect(policy.wait(after: 1, unit: .nan, provider: nil) == .seconds(2))
    }

    @Test func providerIsRespected() {
        #expect(policy.wait(after: 1, unit: 0, provider: .seconds(90)) == .seconds(90))
        #expect(policy.wait(after: 1, unit: 0, provider: .seconds(-1)) == .zero)
        #expect(policy.wait(after: 1, unit: 0, provider: .days(400)) == .hours(1))
    }

    @Test func hugeBaseDoesNotTrap() {
        let huge = RetryPolicy(attempts: 0, base: Span(microseconds: .max), cap: .seconds(7))
        #expect(huge.wait(after: 9, unit: 1, provider: nil) == .seconds(7))
        #expect(huge.attempts == 1)
    }

    @Test func stableUnitIsStableAndSpread() {
        let units = (0..<1_000).map { RetryPolicy.stableUnit(key: "k\($0)", channel: "sms", number: 1) }
        #expect(units.allSatisfy { (0..<1).contains($0) })
        #expect(abs(units.reduce(0, +) / 1_000 - 0.5) < 0.05)
        #expect(units[3] == RetryPolicy.stableUnit(key: "k3", channel: "sms", number: 1))
        #expect(units[3] != RetryPolicy.stableUnit(key: "k3", channel: "sms", number: 2))
    }
}

@Suite struct CircuitBreakerTests {
    @Test func opensAfterFailuresInARowAndProbesOnce() {
        var breaker = CircuitBreaker(threshold: 2, pause: .seconds(30))
        breaker.record(.failure, at: noon)
        breaker.record(.success, at: noon)
        breaker.record(.failure, at: noon)
        #expect(breaker.isClosed)
        breaker.record(.failure, at: noon)
        #expect(breaker.state == .open(until: noon + .seconds(30)))
        #expect(!breaker.permits(at: noon + .seconds(29)))
        let later = noon + .seconds(30)
        #expect(breaker.permits(at: later))
        breaker.begin(at: later)
        #expect(breaker.state == .probing)
        #expect(!breaker.permits(at: later))
        breaker.record(.failure, at: later)
        #expect(breaker.opensUntil == later + .seconds(30))
        breaker.begin(at: later + .seconds(31))
        breaker.record(.success, at: later + .seconds(31))
        #expect(breaker.state == .closed(failures: 0))
    }

    @Test func openVerdictOpensAtOnceAndLateFailuresDoNotProlong() {
        var breaker = CircuitBreaker(threshold: 100, pause: .seconds(30))
        breaker.record(.open(pause: nil), at: noon)
        breaker.record(.failure, at: noon + .seconds(20))
        #expect(breaker.opensUntil == noon + .seconds(30))
    }

    @Test func abandonedProbeMayBeRepeated() {
        var breaker = CircuitBreaker(threshold: 1, pause: .zero)
        breaker.record(.failure, at: noon)
        breaker.begin(at: noon)
        breaker.abandon(at: noon)
        #expect(breaker.permits(at: noon))
    }

    @Test(arguments: [
        (delivered, CircuitBreaker.Verdict.success), (refused, .success), (again, .failure),
        (doubtful, .failure),
        (.failed(code: "410", reason: ""), .open(pause: nil)),
    ])
    func verdicts(outcome: SendOutcome, verdict: CircuitBreaker.Verdict) {
        #expect(ChannelPolicy().verdict(outcome) == verdict)
    }
}

@Suite struct BudgetTests {
    @Test func allowsTheBurstAndThenTheRate() {
        var budget = Budget(Budget.Rate(3, per: .seconds(60)))
        #expect(take(&budget, [0, 0, 0, 0]) == [true, true, true, false])
        #expect(budget.readyAt == noon + .seconds(20))
        #expect(!budget.isFull(at: noon + .seconds(59)))
        #expect(budget.isFull(at: noon + .seconds(60)))
        #expect(take(&budget, [20, 39, 40]) == [true, false, true])
    }

    private func take(_ budget: inout Budget, _ seconds: [Int64]) -> [Bool] {
        seconds.map { budget.take(at: noon + .seconds($0)) }
    }

    @Test func neverMoreThanTheRateInAnyWindow() {
        var budget = Budget(Budget.Rate(18, per: .seconds(60)))
        let taken = (0..<3_000).filter { budget.take(at: noon + .milliseconds(Int64($0) * 100)) }
        #expect(taken.count <= 18 + 5 * 18)
        #expect(taken.count >= 5 * 18)
    }
}

@Suite struct RetryAfterTests {
    @Test(arguments: [
        ("120", 120 as Int64?), (" 7 ", 7), ("999999999999999999999", 86_400), ("-1", nil), ("soon", nil),
        ("", nil),
        ("Mon, 23 Nov 2026 06:36:00 GMT", 60), ("Mon, 23 Nov 2026 06:00:00 GMT", 0),
        ("Mon, 23 Foo 2026 06:36:00 GMT", nil), ("1.5", nil),
    ])
    func reads(text: String, seconds: Int64?) {
        #expect(RetryAfter.span(text, now: noon) == seconds.map { .seconds($0) })
    }
}

@Suite struct PriorityQueueTests {
    @Test func sortsAnything() {
        var random = SystemRandomNumberGenerator()
        let numbers = (0..<500).map { _ in Int.random(in: 0..<100, using: &random) }
        var queue = PriorityQueue<Int>()
        for number in numbers { queue.insert(number) }
        var sorted: [Int] = []
        while let number = queue.popFirst() { sorted.append(number) }
        #expect(sorted == numbers.sorted())
    }
}

@Suite struct LaneTests {
    private func job(_ key: String, urgency: Int = 1, person: PersonRef = "P-1", at: Instant = noon) -> Job {
        let item = OutboxItem(
            notification: sample(key, person: person, urgency: urgency),
            state: .pending,
            attempts: []
        )
        return Job(item: item, channel: "c", number: 1, at: at)
    }

    private func keys(_ lane: inout Lane, at now: Instant = noon) -> [String] {
        var keys: [String] = []
        while let job = lane.next(at: now) { keys.append(job.item.notification.key) }
        return keys
    }

    @Test func urgentFirstAndNoMoreThanAllowed() {
        var lane = Lane(ChannelPolicy(concurrency: 2))
        for (key, urgency) in [("c", 2), ("a", 0), ("b", 1)] { lane.add(job(key, urgency: urgency)) }
        #expect(keys(&lane) == ["a", "b"])
        lane.finished(delivered, at: noon)
        #expect(keys(&lane) == ["c"])
    }

    @Test func waitsForTimeBudgetAndPerson() {
        var lane = Lane(
            ChannelPolicy(budget: .init(2, per: .seconds(60)), personBudget: .init(1, per: .seconds(10)))
        )
        lane.add(job("late", person: "P-3", at: noon + .seconds(5)))
        lane.add(job("a"))
        lane.add(job("b"))
        lane.add(job("c", person: "P-2"))
        #expect(keys(&lane) == ["a", "c"])
        #expect(lane.wakeAt() == noon + .seconds(5))
        #expect(keys(&lane, at: noon + .seconds(5)) == [])
        #expect(lane.wakeAt() == noon + .seconds(10))
        #expect(keys(&lane, at: noon + .seconds(30)) == ["b"])
        #expect(keys(&lane, at: noon + .seconds(60)) == ["late"])
    }

    @Test func openBreakerLetsOneProbeThrough() {
        var lane = Lane(ChannelPolicy(breaker: CircuitBreaker(threshold: 1, pause: .seconds(30))))
        lane.add(job("a"))
        _ = keys(&lane)
        lane.finished(again, at: noon)
        #expect(lane.blockedUntil(at: noon) == noon + .seconds(30))
        #expect(lane.blockedUntil(at: noon + .seconds(30)) == nil)
        lane.add(job("b"))
        lane.add(job("c"))
        #expect(lane.blockedUntil(at: noon + .seconds(30)) != nil)
        #expect(keys(&lane) == [])
        #expect(keys(&lane, at: noon + .seconds(30)) == ["b"])
        #expect(lane.drain().count == 1)
    }
}
