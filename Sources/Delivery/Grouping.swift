import Duty

/// When messages of one kind to one recipient are told as one.
package struct Grouping: Hashable, Sendable {
    /// Up to so many are told one by one.
    package let over: Int
    /// Only what was decided so close together counts as many.
    package let within: Span

    package init(over: Int = 5, within: Span = .minutes(3)) {
        self.over = max(1, over)
        self.within = max(.zero, within)
    }

    /// Whether more than `over` of these were decided within the time.
    func isFlood(_ jobs: [Job]) -> Bool {
        let times = jobs.map(\.item.notification.requestedAt).sorted()
        return times.indices.dropFirst(over).contains { times[$0] - times[$0 - over] <= within }
    }
}

/// Holds back what comes after too many of its kind, so that the rest of them can become one message.
///
/// Nothing that presses is held: a breach, or what falls due within the hour.
struct FloodGate {
    private let grouping: Grouping
    /// When the last ones of a kind went out, `over` of them at most.
    private var recent: [Job.Kind: [Instant]] = [:]

    init(_ grouping: Grouping) { self.grouping = grouping }

    /// Until when the job is held; nil if it may pass.
    func heldUntil(_ job: Job, at now: Instant) -> Instant? {
        guard let kind = job.kind, let times = recent[kind], times.count == grouping.over,
            !job.item.notification.isPressing(at: now)
        else { return nil }
        return times[0] + grouping.within
    }

    mutating func passed(_ job: Job, at now: Instant) {
        guard let kind = job.kind else { return }
        if recent.count >= 4_096 {
            recent = recent.filter { $0.value.last.map { now - $0 < grouping.within } ?? false }
        }
        recent[kind] = (recent[kind] ?? []).suffix(grouping.over - 1) + [now]
    }
}
