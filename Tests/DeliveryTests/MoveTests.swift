import Duty
import Testing

@testable import Delivery

@Suite struct MoveTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let attempts: [Attempt]
        var route = ["app", "sms"]
        var blocked: [String: Instant] = [:]
        let move: Move

        init(
            _ name: String,
            _ attempts: [Attempt],
            route: [String] = ["app", "sms"],
            blocked: [String: Instant] = [:],
            _ move: Move
        ) {
            testDescription = name
            self.attempts = attempts
            self.route = route
            self.blocked = blocked
            self.move = move
        }
    }

    static let doubt = "no sign from the provider and no other channel"
    static let soon = noon + .seconds(1)
    static let pause = noon + .seconds(60)
    static let exhausted = (1...3).map { attempt("app", $0, again) }

    static let cases = [
        Case("nothing tried", [], .send(channel: "app", number: 1, at: soon)),
        Case("sent", [attempt("app", 1, delivered)], .rest(.sent, reason: "sent")),
        Case("sent on a channel that is gone", [attempt("old", 1, delivered)], .rest(.sent, reason: "sent")),
        Case("retry", [attempt("app", 1, again)], .send(channel: "app", number: 2, at: noon + .seconds(2))),
        Case(
            "second retry waits longer",
            [attempt("app", 1, again), attempt("app", 2, again)],
            .send(channel: "app", number: 3, at: noon + .seconds(4))
        ),
        Case(
            "provider names a time",
            [attempt("app", 1, .retry(code: "429", reason: "", after: .seconds(40)))],
            .send(channel: "app", number: 2, at: noon + .seconds(40))
        ),
        Case("retries used up", exhausted, .send(channel: "sms", number: 1, at: soon)),
        Case("refused", [attempt("app", 1, refused)], .send(channel: "sms", number: 1, at: soon)),
        Case("uncertain", [attempt("app", 1, doubtful)], .send(channel: "sms", number: 1, at: pause)),
        Case("intent without outcome", [attempt("app", 1, nil)], .send(channel: "sms", number: 1, at: pause)),
        Case(
            "uncertain after a retry is not tried again",
            [attempt("app", 1, again), attempt("app", 2, doubtful)],
            .send(channel: "sms", number: 1, at: pause)
        ),
        Case(
            "all refused",
            [attempt("app", 1, refused), attempt("sms", 1, refused)],
            .rest(.gaveUp, reason: "every channel failed")
        ),
        Case(
            "all uncertain",
            [attempt("app", 1, doubtful), attempt("sms", 1, nil)],
            .rest(.uncertain, reason: doubt)
        ),
        Case(
            "uncertain, then refused",
            [attempt("app", 1, doubtful), attempt("sms", 1, refused)],
            .rest(.uncertain, reason: doubt)
        ),
        Case("no channel", [], route: [], .rest(.gaveUp, reason: "none")),
        Case(
            "first one blocked",
            [],
            blocked: ["app": pause],
            .send(channel: "sms", number: 1, at: soon)
        ),
        Case(
            "retry on a blocked channel gives way",
            [attempt("app", 1, again)],
            blocked: ["app": pause],
            .send(channel: "sms", number: 1, at: soon)
        ),
        Case(
            "all blocked, the first to come back",
            [],
            blocked: ["app": pause, "sms": noon],
            .send(channel: "sms", number: 1, at: soon)
        ),
        Case(
            "all blocked for as long",
            [],
            blocked: ["app": pause, "sms": pause],
            .send(channel: "app", number: 1, at: pause)
        ),
        Case(
            "back to the first for its retry",
            [attempt("app", 1, again), attempt("sms", 1, refused)],
            .send(channel: "app", number: 2, at: noon + .seconds(2))
        ),
    ]

    @Test(arguments: cases) func next(_ row: Case) {
        var policy = DispatchPolicy()
        policy.fallback.retry = RetryPolicy(attempts: 3, base: .seconds(2), cap: .seconds(60))
        policy.jitter = { _, _, _ in 1 }
        let item = OutboxItem(notification: sample(), state: .pending, attempts: row.attempts)
        let route = Route(channels: row.route, reason: row.route.isEmpty ? "none" : nil)
        let move = Move.next(for: item, route: route, policy: policy, now: Self.soon, blocked: row.blocked)
        #expect(move == row.move)
    }
}

/// A channel whose provider recognises a message that comes again.
@Suite struct SafeRepeatTests {
    private func move(_ attempts: [Attempt], at now: Instant) -> Move {
        var policy = DispatchPolicy()
        policy.jitter = { _, _, _ in 1 }
        policy.channels["app"] = ChannelPolicy(repeatsSafelyFor: .minutes(4))
        let item = OutboxItem(notification: sample(), state: .sending, attempts: attempts)
        return Move.next(for: item, route: Route(channels: ["app", "sms"]), policy: policy, now: now)
    }

    private let silence = SendOutcome.uncertain(reason: "no answer")

    @Test func anUncertainTryIsRepeatedHereWithoutTheMinuteOfDoubt() {
        let first = attempt("app", 1, silence)
        #expect(move([first], at: noon) == .send(channel: "app", number: 2, at: noon + .seconds(2)))
        #expect(move([attempt("app", 1, nil)], at: noon).channel == "app")
        let second = attempt(
            "app",
            2,
            .retry(code: "-1", reason: "", after: .seconds(9)),
            at: noon + .seconds(3)
        )
        let third = move([first, second], at: noon + .seconds(3))
        #expect(third == .send(channel: "app", number: 3, at: noon + .seconds(12)))
    }

    @Test func notAfterTheProviderHasForgotten() {
        let first = attempt("app", 1, silence)
        let late = noon + .minutes(4)
        #expect(move([first], at: late) == .send(channel: "sms", number: 1, at: late))
    }

    @Test func notAfterARefusalAndNotWithoutEnd() {
        let first = attempt("app", 1, silence)
        #expect(move([first, attempt("app", 2, refused)], at: noon).channel == "sms")
        #expect(move((1...4).map { attempt("app", $0, silence) }, at: noon).channel == "sms")
    }
}
