import Duty
import Engine
import Testing

/// What the daemon says of its readiness.
@Suite struct HealthTests {
    private let start = ContinuousClock.now

    private func ready() -> Health {
        let health = Health()
        health.assigned(6)
        health.wakeUpsDone(at: World.monday)
        return health
    }

    private func problems(_ health: Health, after seconds: Int) -> [String] {
        health.problems(overdueSince: nil, now: World.monday, ticks: start + .seconds(seconds)).map(\.english)
    }

    @Test func aBrokerThatIsAwayForLongMakesUnready() {
        let health = ready()
        #expect(problems(health, after: 0).isEmpty)
        health.kafkaIsAway("_TRANSPORT: gone", since: start)
        #expect(problems(health, after: 5).isEmpty, "a broker may restart")
        // The moment counts from which on there was no answer, not the last one.
        health.kafkaIsAway("_TIMED_OUT: silence", since: start + .seconds(5))
        #expect(problems(health, after: 6) == ["Kafka is away: _TIMED_OUT: silence"])
    }

    @Test func anAnswerMakesReadyAgain() {
        let health = ready()
        health.kafkaIsAway("_TRANSPORT: gone", since: start)
        #expect(problems(health, after: 60).count == 1)
        health.kafkaAnswers()
        #expect(problems(health, after: 61).isEmpty)
        health.kafkaIsAway("_TRANSPORT: gone", since: start + .seconds(62))
        #expect(problems(health, after: 63).isEmpty, "a new absence begins anew")
    }

    @Test func aCommitLoopThatHangsMakesUnready() {
        let health = ready()
        #expect(problems(health, after: 60).isEmpty, "before its first turn nothing is known")
        health.commitLoopTurned(at: start)
        #expect(health.beats == 1)
        #expect(problems(health, after: 15).isEmpty)
        #expect(problems(health, after: 16) == ["the store has not answered for 16 s"])
        health.commitLoopTurned(at: start + .seconds(16))
        #expect(problems(health, after: 17).isEmpty && health.beats == 2)
    }
}
