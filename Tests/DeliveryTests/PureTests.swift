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
