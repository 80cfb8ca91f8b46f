import Duty
import Synchronization

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The only place from which the daemon learns the time.
package protocol WallClock: Sendable {
    func now() -> Instant
    /// How much time has passed since some moment before: it goes on evenly, however the wall clock is set.
    func elapsed() -> Span
    /// Returns when `moment` has come, or before it if the wall clock is set back; throws `CancellationError`.
    func sleep(until moment: Instant) async throws
}

/// The machine's clock.
///
/// A sleep looks at the wall clock at least every second, so that a jump of it is seen.
package struct SystemClock: WallClock {
    package init() {}

    package func now() -> Instant {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Instant(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)
    }

    private static let beginning = ContinuousClock.now

    package func elapsed() -> Span {
        Span(microseconds: Int64((ContinuousClock.now - Self.beginning) / .microseconds(1)))
    }

    package func sleep(until moment: Instant) async throws {
        var last = now()
        while true {
            let now = now()
            let left = (moment - now).microseconds
            // Set back by an hour, it would be an hour's sleep too long: the caller looks again.
            if left <= 0 || now < last { return }
            last = now
            try await Task.sleep(for: .microseconds(min(left, 1_000_000)))
        }
    }
}

/// A clock that stands until it is moved: for the demo, dry runs and tests.
package final class ManualClock: WallClock {
    private struct State {
        var now: Instant
        var elapsed = Span.zero
        var sleepers: [Int: (until: Instant, continuation: CheckedContinuation<Void, any Error>)] = [:]
        var nextID = 0
    }

    private let state: Mutex<State>

    package init(_ start: Instant) { state = Mutex(State(now: start)) }

    package func now() -> Instant { state.withLock { $0.now } }

    package func elapsed() -> Span { state.withLock { $0.elapsed } }

    /// Moves on to `moment`, never back, and wakes those whose time has come.
    package func advance(to moment: Instant) {
        move { state in
            guard moment > state.now else { return }
            state.elapsed = state.elapsed + (moment - state.now)
            state.now = moment
        }
    }

    /// Whether anybody sleeps by it.
    package var isAwaited: Bool { state.withLock { !$0.sleepers.isEmpty } }

    /// Sets the wall clock forward or back, as an operator or a time server does; no time passes.
    package func set(to moment: Instant) { move { $0.now = moment } }

    private func move(_ change: (inout State) -> Void) {
        let due = state.withLock { state in
            let before = state.now
            change(&state)
            let due = state.sleepers.filter { $0.value.until <= state.now || state.now < before }
            for id in due.keys { state.sleepers[id] = nil }
            return due.values.map(\.continuation)
        }
        for continuation in due { continuation.resume() }
    }

    package func sleep(until moment: Instant) async throws {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let isDue = state.withLock { state in
                    if state.now >= moment || Task.isCancelled { return true }
                    state.sleepers[id] = (moment, continuation)
                    return false
                }
                if isDue {
                    if Task.isCancelled {
                        continuation.resume(throwing: CancellationError())
                    } else {
                        continuation.resume()
                    }
                }
            }
        } onCancel: {
            let sleeper = state.withLock { $0.sleepers.removeValue(forKey: id) }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
    }
}
