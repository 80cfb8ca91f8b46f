/// What the daemon publishes: the types of event, the action of the journal that each comes from, and their data.
package enum OutcomeCatalogue {
    /// What others may rely on of the journal, with the type of event that each action becomes.
    package static let types: [(action: String, type: String)] =
        [
            "deadline.started", "deadline.warned", "deadline.breached", "deadline.met", "deadline.cancelled",
            "deadline.recomputed", "deadline.withdrawn", "gate.satisfied", "gate.violated", "gate.cleared",
            "fee.overcharged", "fee.cleared", "duty.due", "duty.warned", "duty.missed", "duty.met",
            "duty.cancelled", "duty.recomputed", "duty.withdrawn", "allocation.posted", "allocation.adjusted",
            "allocation.reversed", "allocation.held", "notification.requested", "notification.escalated",
            "notification.sent", "notification.failed", "matter.moved",
        ].map { ($0, $0) } + [
            ("window.violated", "window.violation"), ("window.cleared", "window.cleared"),
            ("practice.violated", "forbid.detected"), ("practice.cleared", "forbid.cleared"),
            ("notification.uncertain", "notification.unknown"),
        ]

    private static let typesByAction = Dictionary(uniqueKeysWithValues: types.map { ($0.action, $0.type) })

    /// The CloudEvents `type` of an entry with this action; nil for what is not published.
    package static func typeName(action: String) -> String? { typesByAction[action].map(typeName) }

    /// Such as `park.deadline.met.v1`.
    package static func typeName(_ type: String) -> String { "park." + type + ".v1" }

    private static func must(_ name: String, _ kind: FieldKind) -> EventField {
        EventField(name: name, kind: kind, isRequired: true)
    }
    private static func may(_ name: String, _ kind: FieldKind) -> EventField {
        EventField(name: name, kind: kind, isRequired: false)
    }

    /// What is still open of a matter that goes over to another enterprise.
    private static let openObligation: [EventField] = [
        must("ruleId", .text), must("article", .integer(0...30)), must("cycle", .integer(0...1_000_000)),
        must("state", .oneOf(["open", "breached"])), must("openedAt", .instant), may("dueAt", .instant),
    ]

    /// The data of every outcome; which of the optional ones it has depends on what it says.
    package static let fields: [EventField] = [
        must("matter", .text), must("enterpriseId", .text), must("cycle", .integer(0...1_000_000)),
        must("at", .instant), must("measureVersion", .text), must("calendarRevision", .text),
        may("ruleId", .text), may("article", .integer(0...99)), may("ruleVersion", .text),
        may("dueAt", .instant), may("oldDueAt", .instant), may("calendarProvisional", .flag),
        may("lateIngest", .flag), may("ingestDelaySeconds", .integer(0...Int64.max)),
        may("delayedBySeconds", .integer(0...Int64.max)), may("overdueSeconds", .integer(0...Int64.max)),
        may("correctedBreach", .flag), may("backdated", .flag), may("clockSkew", .flag), may("reason", .text),
        may("notificationId", .text), may("code", .text), may("stage", .text), may("class", .text),
        may("personRef", .text), may("role", .text), may("channel", .text),
        may("attempt", .integer(1...1_000_000)), may("durationMilliseconds", .integer(0...Int64.max)),
        may("providerCode", .text), may("revision", .integer(1...1_000_000)), may("decisionId", .text),
        may("entryKind", .text),
        may("amountFen", .signedAmount), may("owners", .list(of: .text)), may("formerEnterpriseId", .text),
        may("obligations", .list(of: .parts(openObligation, anyOf: []))),
    ]
}
