import Duty
import Synchronization

/// Slows down who guesses: after so many failures within a minute an address has to wait for the next one.
final class FailureGate: Sendable {
    private struct Window {
        let start: Instant
        var count: Int
    }

    static let length = Span.minutes(1)
    private let limit: Int
    private let mostNames: Int
    private let windows = Mutex<[String: Window]>([:])

    init(limit: Int, mostNames: Int = 10_000) {
        self.limit = limit
        self.mostNames = mostNames
    }

    var count: Int { windows.withLock { $0.count } }

    func isShut(_ name: String, at now: Instant) -> Bool {
        windows.withLock { windows in
            guard let window = windows[name], Self.isRunning(window, now) else { return false }
            return window.count >= limit
        }
    }

    func failed(_ name: String, at now: Instant) {
        windows.withLock { windows in
            if windows.count >= mostNames, windows[name] == nil {
                windows = windows.filter { Self.isRunning($0.value, now) }
                // Too many within one minute: to forget them costs less than to grow.
                if windows.count >= mostNames { windows = [:] }
            }
            var window = windows[name] ?? Window(start: now, count: 0)
            if !Self.isRunning(window, now) { window = Window(start: now, count: 0) }
            window.count += 1
            windows[name] = window
        }
    }

    private static func isRunning(_ window: Window, _ now: Instant) -> Bool {
        now >= window.start && now - window.start < length
    }
}
