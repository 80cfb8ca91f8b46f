import Duty

/// Which trace the entries and messages of one turn of a matter go on with: that of the event which brought the turn
/// about; where that has none, or time alone brought it about, that of the event which the obligation arose from.
struct Traces {
    private let cause: Value?
    /// Obligations whose event has a trace; empty as a rule.
    private let obligations: [Obligation]

    init(_ accepted: [Transition], _ derivation: Derivation) {
        cause = accepted.reversed().lazy.compactMap { $0.fields["traceparent"] }.first
        obligations =
            cause == nil ? derivation.obligations.filter { $0.opening.traceparent != nil } : []
    }

    private func trace(_ rule: RuleID?, _ cycle: Int) -> Value? {
        if let cause { return cause }
        let opening = obligations.first { $0.key.rule == rule && $0.key.cycle == cycle }?.opening
        return opening?.traceparent.map { .string($0) }
    }

    func marked(_ entries: [Transition]) -> [Transition] {
        guard cause != nil || !obligations.isEmpty else { return entries }
        return entries.map { entry in
            guard let trace = trace(entry.rule, entry.cycle) else { return entry }
            return Transition(
                action: entry.action,
                rule: entry.rule,
                article: entry.article,
                cycle: entry.cycle,
                at: entry.at,
                fields: .object((entry.fields.members ?? []) + [Value.Member("traceparent", trace)])
            )
        }
    }

    func mark(_ notifications: inout [Notification]) {
        guard cause != nil || !obligations.isEmpty else { return }
        for index in notifications.indices {
            guard let trace = trace(notifications[index].rule, notifications[index].cycle) else { continue }
            notifications[index].add(Value.Member("traceparent", trace))
        }
    }
}
