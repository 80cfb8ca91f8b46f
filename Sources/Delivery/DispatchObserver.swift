import Duty

/// Hears what the dispatcher does, for logs and metrics; called often, so it must be quick.
package protocol DispatchObserver: Sendable {
    /// An attempt came back, `latency` after its notification was decided.
    func attemptFinished(_ notification: Notification, channel: String, outcome: SendOutcome, latency: Span)
    /// Nobody was told and no channel is left.
    func gaveUp(_ notification: Notification, reason: String)
    /// A channel is passed over from now on, or used again.
    func breakerChanged(channel: String, isOpen: Bool)
    /// A call to the outbox failed; it will be repeated.
    func outboxFailed(operation: OutboxOperation, error: any Error)
}

extension DispatchObserver {
    package func gaveUp(_ notification: Notification, reason: String) {}
    package func breakerChanged(channel: String, isOpen: Bool) {}
    package func outboxFailed(operation: OutboxOperation, error: any Error) {}
}

/// The calls of ``Outbox``.
package enum OutboxOperation: String, Sendable {
    case take
    case begin
    case finish
    case nextDue
    case attempts
}
