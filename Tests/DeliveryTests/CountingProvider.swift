import Delivery
import Duty
import Synchronization

/// A provider that counts for itself what it takes, in windows that slide, and remembers every excess.
///
/// It shares no code with the budgets that are to keep it content.
final class CountingProvider: Channel {
    /// What a limit is counted by.
    enum Scope: String { case everything, recipient, recipientAndCode }

    struct Limit {
        let count: Int
        let seconds: Int64
        let scope: Scope
    }

    struct Arrival {
        let at: Instant
        let address: String
        let code: String
        let key: String
    }

    private struct State {
        var arrivals: [String: [Instant]] = [:]
        var all: [Arrival] = []
        var complaints: [String] = []
    }

    let name: String
    let needsAddress: Bool
    private let limits: [Limit]
    private let now: @Sendable () -> Instant
    /// What it answers instead of taking the message, if anything.
    private let trouble: @Sendable (OutgoingMessage, Instant) -> SendOutcome?
    private let state = Mutex(State())

    init(
        _ name: String,
        needsAddress: Bool = true,
        limits: [Limit],
        now: @escaping @Sendable () -> Instant,
        trouble: @escaping @Sendable (OutgoingMessage, Instant) -> SendOutcome? = { _, _ in nil }
    ) {
        self.name = name
        self.needsAddress = needsAddress
        self.limits = limits
        self.now = now
        self.trouble = trouble
    }

    var complaints: [String] { state.withLock { $0.complaints } }
    var taken: [Arrival] { state.withLock { $0.all } }

    func send(_ message: OutgoingMessage, timeout: Duration) async -> SendOutcome {
        let at = now()
        // A message that it refuses counts as well.
        for limit in limits { count(message, limit, at) }
        if let outcome = trouble(message, at) { return outcome }
        state.withLock {
            $0.all.append(
                Arrival(
                    at: at,
                    address: message.address ?? "",
                    code: message.notification.code,
                    key: message.notification.key
                )
            )
        }
        return .sent(reference: nil)
    }

    private func count(_ message: OutgoingMessage, _ limit: Limit, _ at: Instant) {
        let who =
            switch limit.scope {
            case .everything: ""
            case .recipient: message.address ?? ""
            case .recipientAndCode: (message.address ?? "") + " " + message.notification.code
            }
        let counter = "\(limit.scope) \(limit.count)/\(limit.seconds)s \(who)"
        state.withLock { state in
            let young = (state.arrivals[counter] ?? []).filter {
                at.microseconds - $0.microseconds < limit.seconds * 1_000_000
            }
            state.arrivals[counter] = young + [at]
            if young.count >= limit.count { state.complaints.append("\(name) at \(at.local): \(counter)") }
        }
    }
}
