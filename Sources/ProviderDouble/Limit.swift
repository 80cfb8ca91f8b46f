import Duty

/// A documented limit: `count` in any window of `span` that slides, for one counted thing.
struct Limit: Hashable, Sendable {
    enum Excess: Hashable, Sendable {
        case refuse(code: String, message: String)
        /// Says yes and tells nobody, for this recipient.
        case drop(recipient: String)
    }

    /// What is counted, such as a robot's key or a number.
    let name: String
    let count: Int
    let span: Span
    let excess: Excess
    /// How long everything is refused once the limit has been exceeded.
    var penalty: Span = .zero
}

/// Counts by sliding windows; pure, time is passed in.
struct LimitBook: Sendable {
    private struct Window: Sendable {
        var times: [Instant] = []
        var blockedUntil: Instant = .distantPast
    }

    private struct Key: Hashable {
        let name: String
        let span: Span
    }

    private var windows: [Key: Window] = [:]

    /// Counts one request, and says which of its limits it exceeds.
    ///
    /// A request that a limit refuses does not count against the others.
    mutating func admit(_ limits: [Limit], now: Instant) -> [Limit] {
        var exceeded: [Limit] = []
        for limit in limits {
            var window = windows[Key(name: limit.name, span: limit.span)] ?? Window()
            window.times.removeAll { $0 + limit.span <= now }
            if now < window.blockedUntil || window.times.count >= limit.count {
                exceeded.append(limit)
                if now >= window.blockedUntil { window.blockedUntil = now + limit.penalty }
            }
            windows[Key(name: limit.name, span: limit.span)] = window
        }
        guard exceeded.isEmpty || exceeded.allSatisfy(\.isDrop) else { return exceeded }
        for limit in limits where !exceeded.contains(where: { $0.name == limit.name }) {
            windows[Key(name: limit.name, span: limit.span)]?.times.append(now)
        }
        return exceeded
    }
}

extension Limit {
    var isDrop: Bool {
        if case .drop = excess { true } else { false }
    }
}
