import Duty
import Storage

/// What people have done about the telling, on record with who did it and why.
extension Processor {
    /// The journal's entry of an acknowledgement, an escalation by hand or a silence; nil for every other fact.
    static func supervised(_ fact: Fact) -> Transition? {
        let details: [(String, Value?)]
        switch fact.kind {
        case .notificationAcknowledged:
            details = ["notificationId", "personRef", "via"].map { ($0, .string(fact.text($0) ?? "")) }
        case .escalationRequested: details = ["stage", "requestId"].map { ($0, fact.data[$0]) }
        case .silenceSet:
            details =
                [("silenceId", fact.data["silenceId"])]
                + timed.map { name, said in
                    (said, fact.text(name).flatMap { Instant(rfc3339: $0) }.map { .string($0.rfc3339) })
                }
        case .silenceEnded: details = [("silenceId", fact.data["silenceId"])]
        default: return nil
        }
        let who: [(String, Value?)] = [
            ("by", fact.data["by"]?["personRef"] ?? fact.data["by"]), ("byRole", fact.data["by"]?["role"]),
            ("reason", fact.data["reason"]),
        ]
        return Transition(
            action: fact.kind.rawValue,
            rule: fact.kind == .escalationRequested ? fact.text("ruleId").map { RuleID($0) } : nil,
            article: nil,
            cycle: fact.kind == .escalationRequested ? Int(fact.data["cycle"]?.integer ?? 0) : 0,
            at: fact.at,
            fields: .object(
                (details + who).compactMap { name, value in value.map { Value.Member(name, $0) } }
            )
        )
    }

    /// `from` and `to` are policy versions in the journal.
    private static let timed: KeyValuePairs = ["from": "silentFrom", "until": "silentUntil"]
}
