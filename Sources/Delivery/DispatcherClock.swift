import Duty

/// The time as the dispatcher sees it, injected.
package protocol DispatcherClock: Sendable {
    func now() -> Instant
    /// Returns once `now()` has reached `instant`; throws `CancellationError` when cancelled.
    func sleep(until instant: Instant) async throws
}
