import Duty
import Synchronization

/// Lets a name through so many times a minute, and keeps count of a bounded number of names.
final class RateGate: Sendable {
    private struct Window {
        let start: Instant
        var count: Int
    }

    private static let length = Span.minutes(1)
    private let limit: Int
    private let mostNames: Int
    private let windows = Mutex<[String: Window]>([:])

    init(limit: Int, mostNames: Int = 10_000) {
        self.limit = limit
        self.mostNames = mostNames
    }

    func admits(_ name: String, at now: Instant) -> Bool {
        windows.withLock { windows in
            if windows.count >= mostNames, windows[name] == nil {
                windows = windows.filter { now - $0.value.start < Self.length }
                // Too many within one minute: to forget them costs less than to grow.
                if windows.count >= mostNames { windows = [:] }
            }
            var window = windows[name] ?? Window(start: now, count: 0)
            if now - window.start >= Self.length || now < window.start {
                window = Window(start: now, count: 0)
            }
            window.count += 1
            windows[name] = window
            return window.count <= limit
        }
    }
}
