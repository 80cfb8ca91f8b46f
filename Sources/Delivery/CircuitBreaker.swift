import Duty

/// Keeps a channel that is down from being tried by every message: pure, time is passed in.
package struct CircuitBreaker: Hashable, Sendable {
    /// What one attempt says of the channel itself, whatever it says of the message.
    package enum Verdict: Hashable, Sendable {
        case success
        case failure
        /// The provider shut the door: do not wait for more failures; nil: for the usual pause.
        case open(pause: Span?)
    }

    package enum State: Hashable, Sendable {
        case closed(failures: Int)
        case open(until: Instant)
        /// The pause is over and one attempt is on its way to find out.
        case probing
    }

    package private(set) var state: State = .closed(failures: 0)
    private let threshold: Int
    private let pause: Span

    /// Opens after `threshold` failures in a row, for `pause`.
    package init(threshold: Int = 5, pause: Span = .seconds(30)) {
        self.threshold = max(1, threshold)
        self.pause = max(.zero, pause)
    }

    package var isClosed: Bool {
        if case .closed = state { true } else { false }
    }

    /// When an attempt may go out again; nil unless it is open.
    package var opensUntil: Instant? {
        if case .open(let until) = state { until } else { nil }
    }

    /// Whether an attempt may go out now.
    package func permits(at now: Instant) -> Bool {
        switch state {
        case .closed: true
        case .open(let until): now >= until
        case .probing: false
        }
    }

    /// An attempt goes out; after the pause it is the only one.
    package mutating func begin(at now: Instant) {
        if case .open(let until) = state, now >= until { state = .probing }
    }

    /// The attempt that `begin` announced did not go out after all.
    package mutating func abandon(at now: Instant) {
        if case .probing = state { state = .open(until: now) }
    }

    /// An attempt came back.
    package mutating func record(_ verdict: Verdict, at now: Instant) {
        switch (verdict, state) {
        case (.success, _): state = .closed(failures: 0)
        case (.open(let named), _): state = .open(until: now + (named ?? pause))
        case (.failure, .probing): state = .open(until: now + pause)
        case (.failure, .open): break
        case (.failure, .closed(let failures)):
            state = failures + 1 >= threshold ? .open(until: now + pause) : .closed(failures: failures + 1)
        }
    }
}
