import Duty
import Synchronization

/// Wakes one waiting task; calls that come while nobody waits are kept as one.
package final class Signal: Sendable {
    private struct State {
        var isRaised = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    package init() {}

    /// Cheap and safe from any thread.
    package func raise() {
        let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard let waiter = state.waiter else {
                state.isRaised = true
                return nil
            }
            state.waiter = nil
            return waiter
        }
        waiter?.resume()
    }

    /// Returns once raised, or when the task is cancelled.
    package func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let proceed = state.withLock { state in
                    if state.isRaised || Task.isCancelled {
                        state.isRaised = false
                        return true
                    }
                    state.waiter = continuation
                    return false
                }
                if proceed { continuation.resume() }
            }
        } onCancel: {
            raise()
        }
    }

    /// Returns once raised, at `moment`, or when the task is cancelled.
    package func wait(until moment: Instant, clock: any WallClock) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.wait() }
            group.addTask { try? await clock.sleep(until: moment) }
            await group.next()
            group.cancelAll()
        }
        state.withLock { $0.isRaised = false }
    }
}

/// Lets one task in at a time, in the order of asking.
final class Turnstile: Sendable {
    private struct State {
        var isTaken = false
        var queue: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    /// To be followed by `leave`.
    func enter() async {
        await withCheckedContinuation { continuation in
            let free = state.withLock { state in
                if !state.isTaken {
                    state.isTaken = true
                    return true
                }
                state.queue.append(continuation)
                return false
            }
            if free { continuation.resume() }
        }
    }

    func leave() {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            if state.queue.isEmpty {
                state.isTaken = false
                return nil
            }
            return state.queue.removeFirst()
        }
        next?.resume()
    }
}
