import Duty

/// What is to be done next with a row of the outbox: a pure function of what has been tried.
package enum Move: Hashable, Sendable {
    /// Try `number` on `channel`, not before `at`.
    case send(channel: String, number: Int, at: Instant)
    /// Nothing more: the row keeps this state for good.
    case rest(NotificationState, reason: String)
}

extension Move {
    /// The next move for `item`.
    ///
    /// `route` are the channels that can reach the recipient, in the order of trial. `blocked` are those that
    /// are out of use or at rest, with the time of their next trial: they are passed over as long as another
    /// channel can be tried, and the one that comes back first is waited for.
    package static func next(
        for item: OutboxItem,
        route: Route,
        policy: DispatchPolicy,
        now: Instant,
        blocked: [String: Instant] = [:]
    ) -> Move {
        let attempts = item.attempts
        if attempts.contains(where: \.wasSent) { return .rest(.sent, reason: "sent") }
        let doubt = attempts.filter(\.isUncertain).map { $0.finishedAt ?? $0.startedAt }.max()
        let earliest = doubt.map { $0 + policy.pauseAfterUncertain }
        let open = route.channels.compactMap { channel -> Move? in
            let tries = attempts.filter { $0.channel == channel }
            return candidate(
                channel,
                tries,
                key: item.notification.key,
                policy: policy,
                from: max(
                    now,
                    earliest ?? (policy[channel].keepsClear ? item.notification.beside(now) : now)
                ),
                now: now
            )
        }
        if let free = open.first(where: { blocked[$0.channel ?? ""] == nil }) { return free }
        // Of equally early ones the first of the route.
        if let first = open.map({ $0.delayed(blocked) }).min(by: { $0.time < $1.time }) { return first }
        if doubt != nil { return .rest(.uncertain, reason: "no sign from the provider and no other channel") }
        return .rest(.gaveUp, reason: route.reason ?? "every channel failed")
    }

    /// The try that `channel` still has, if any.
    private static func candidate(
        _ channel: String,
        _ tries: [Attempt],
        key: String,
        policy: DispatchPolicy,
        from earliest: Instant,
        now: Instant
    ) -> Move? {
        guard let last = tries.max(by: { $0.number < $1.number }) else {
            return .send(channel: channel, number: 1, at: earliest)
        }
        let retry = policy[channel].retry
        guard last.number < retry.attempts else { return nil }
        if tries.contains(where: \.isUncertain) {
            return safeRepeat(channel, tries, last, key: key, policy: policy, now: now)
        }
        guard case .retry(_, _, let after) = last.outcome else { return nil }
        // What went out together stays together.
        let unit = policy.jitter(last.digest ?? key, channel, last.number)
        let wait = retry.wait(after: last.number, unit: unit, provider: after)
        let at = max(earliest, (last.finishedAt ?? last.startedAt) + wait)
        return .send(channel: channel, number: last.number + 1, at: at)
    }

    /// The same message once more after an uncertain try, where the provider would recognise the first one.
    private static func safeRepeat(
        _ channel: String,
        _ tries: [Attempt],
        _ last: Attempt,
        key: String,
        policy: DispatchPolicy,
        now: Instant
    ) -> Move? {
        guard let span = policy[channel].repeatsSafelyFor, let first = tries.map(\.startedAt).min() else {
            return nil
        }
        var after: Span?
        switch last.outcome {
        case .retry(_, _, let named): after = named
        case nil, .uncertain: break
        case .sent, .failed: return nil
        }
        let unit = policy.jitter(last.digest ?? key, channel, last.number)
        let wait = policy[channel].retry.wait(after: last.number, unit: unit, provider: after)
        let at = max(now, (last.finishedAt ?? last.startedAt) + wait)
        guard at < first + span else { return nil }
        return .send(channel: channel, number: last.number + 1, at: at)
    }

    var channel: String? {
        if case .send(let channel, _, _) = self { channel } else { nil }
    }

    private var time: Instant {
        if case .send(_, _, let at) = self { at } else { .distantFuture }
    }

    private func delayed(_ blocked: [String: Instant]) -> Move {
        guard case .send(let channel, let number, let at) = self, let until = blocked[channel] else {
            return self
        }
        return .send(channel: channel, number: number, at: max(at, until))
    }
}

extension Attempt {
    fileprivate var wasSent: Bool {
        if case .sent = outcome { true } else { false }
    }

    /// The provider may have it: it did not answer, or this program ended before the answer.
    fileprivate var isUncertain: Bool {
        switch outcome {
        case nil, .uncertain: true
        default: false
        }
    }
}

/// The channels that can reach one recipient, in the order of trial, or why there are none.
package struct Route: Hashable, Sendable {
    package let channels: [String]
    package let reason: String?

    package init(channels: [String], reason: String? = nil) {
        self.channels = channels
        self.reason = reason
    }
}
