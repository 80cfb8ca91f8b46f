import Duty
import Hummingbird
import Storage
import Telemetry

/// Matters.
extension ConsoleServer {
    /// Answers `GET /api/v1/matters/complaint/CP-2026-000123`.
    ///
    /// Of a restricted matter, whoever may not see more gets its number and its limits.
    func matter(_ context: ConsoleContext) async throws -> Response {
        let type = try context.parameters.require("type")
        let number = try context.parameters.require("number")
        let id = MatterID(type + "/" + (number.removingURLPercentEncoding() ?? number))
        guard let matter = try await backend.store.matters([id]).first else {
            return Self.problem(.notFound, "notFound", "no matter \(id)")
        }
        guard let principal = context.principal else {
            return Self.problem(.unauthorized, "unauthorized", "nobody is known to ask")
        }
        let disclosure = Disclosure(principal, desk.rules.book.current)
        if disclosure.hides(matter) {
            return Self.json(.ok, Self.value(matter, [], [], disclosure, isHidden: true))
        }
        let notifications = try await backend.store.notifications(of: id)
        let reader = board.reader
        let enterprise = try await reader.enterprise(of: matter)
        let untold = reader.untold(matter, notifications, enterprise, at: reader.clock.now())
        let shown = notifications.filter { !disclosure.hides($0.notification) }
        return Self.json(.ok, Self.value(matter, shown, untold, disclosure, isHidden: false))
    }

    private static func value(
        _ matter: StoredMatter,
        _ notifications: [StoredNotification],
        _ untold: [UntoldStep],
        _ disclosure: Disclosure,
        isHidden: Bool
    ) -> Value {
        let facts = isHidden ? disclosure.ownResults(of: matter) : matter.facts
        let last = matter.state.records.map(\.key.cycle).max() ?? 1
        return .object([
            Value.Member("id", .string(matter.id.text)),
            Value.Member("type", .string(matter.id.type?.rawValue ?? "")),
            Value.Member("restricted", .bool(isHidden)),
            Value.Member("enterpriseId", APIRoutes.text(isHidden ? nil : matter.enterprise?.text)),
            Value.Member("formerEnterpriseId", APIRoutes.text(isHidden ? nil : former(matter)?.text)),
            Value.Member("policyVersion", .string(matter.policyVersion)),
            Value.Member("cycle", .integer(Int64(last))),
            Value.Member(
                "facts",
                .array(facts.sorted(by: Fact.precedes).map { value($0, disclosure.data(of: $0)) })
            ),
            Value.Member(
                "obligations",
                .array(
                    matter.state.records.filter { $0.kind != "notice" }.map { value($0, isHidden: isHidden) }
                )
            ),
            Value.Member("notifications", .array(notifications.map(value))),
            Value.Member("untold", .array(untold.map(value))),
        ])
    }

    private static func value(_ step: UntoldStep) -> Value {
        [
            "ruleId": .string(step.obligation.rule.text), "cycle": .integer(Int64(step.obligation.cycle)),
            "stage": .string(step.stage), "roles": .array(step.roles.map { .string($0.text) }),
            "reason": .string(step.reason.word), "at": APIRoutes.time(step.reason.moment),
        ]
    }

    /// The enterprise that its events name, where a merger has given the matter to another one.
    private static func former(_ matter: StoredMatter) -> EnterpriseID? {
        guard let current = matter.enterprise, let named = FactHistory.enterprise(of: matter.id, matter.facts)
        else { return nil }
        return named == current ? nil : named
    }

    private static func value(_ fact: Fact, _ data: Value) -> Value {
        .object([
            Value.Member("id", .string(fact.key.id)), Value.Member("source", .string(fact.key.source)),
            Value.Member("type", .string(fact.kind.typeName)), Value.Member("at", .string(fact.at.rfc3339)),
            Value.Member("receivedAt", .string(fact.receivedAt.rfc3339)),
            Value.Member("dataclassification", .string(fact.classification.rawValue)),
            Value.Member("data", data),
        ])
    }

    /// `open`, `met`, `breached`, `cancelled` or `withdrawn`; a breach keeps its time whatever came after.
    package static func stateWord(_ record: MatterState.Record) -> String {
        if record.isWithdrawn { return "withdrawn" }
        switch record.phase {
        case .open: return "open"
        case .met, .metLate: return "met"
        case .breached, .breachedThenCancelled: return "breached"
        case .cancelled: return "cancelled"
        }
    }

    private static func value(_ record: MatterState.Record, isHidden: Bool) -> Value {
        .object([
            Value.Member("ruleId", APIRoutes.text(isHidden ? nil : record.key.rule.text)),
            Value.Member("article", isHidden ? .null : .integer(Int64(record.article))),
            Value.Member("kind", .string(record.kind)),
            Value.Member("cycle", .integer(Int64(record.key.cycle))),
            Value.Member("openedAt", .string(record.openedAt.rfc3339)),
            Value.Member("dueAt", time(record.dueAt)), Value.Member("state", .string(stateWord(record))),
            Value.Member("metAt", time(record.metAt)), Value.Member("breachedAt", time(record.breachedAt)),
            Value.Member("lateIngest", .bool(record.isLateIngest)),
            Value.Member("calendarProvisional", .bool(record.isProvisional)),
        ])
    }

    private static func time(_ instant: Instant?) -> Value { instant.map { .string($0.rfc3339) } ?? .null }

    static func value(_ recipient: Recipient) -> Value {
        [
            "personRef": .string(recipient.person.text), "role": .string(recipient.role.text),
        ]
    }

    static func value(_ stored: StoredNotification) -> Value {
        let notification = stored.notification
        var members: [Value.Member] = [
            Value.Member("notificationId", .string(notification.key)),
            Value.Member("code", .string(notification.code)),
            Value.Member("stage", .string(notification.stage)),
            Value.Member("class", .string(notification.messageClass.text)),
            Value.Member("recipient", value(notification.recipient)),
            Value.Member("channel", stored.attempts.last.map { .string($0.channel) } ?? .null),
            Value.Member("state", .string(stored.state.rawValue)),
            Value.Member("requestedAt", .string(notification.requestedAt.rfc3339)),
            Value.Member("nextAt", stored.nextAt.map { .string($0.rfc3339) } ?? .null),
            Value.Member("attempts", .array(stored.attempts.map(value))),
        ]
        if stored.state == .silenced, let silence = notification.values["silence"] {
            members.append(Value.Member("silence", silence))
        }
        if let acknowledgement = stored.acknowledgement {
            members.append(
                Value.Member(
                    "acknowledged",
                    .object([
                        Value.Member("personRef", .string(acknowledgement.person.text)),
                        Value.Member("at", .string(acknowledgement.at.rfc3339)),
                        Value.Member("via", .string(acknowledgement.via)),
                    ])
                )
            )
        }
        return .object(members)
    }

    private static func value(_ attempt: StoredAttempt) -> Value {
        let said = attempt.outcome?.said
        return .object([
            Value.Member("channel", .string(attempt.channel)),
            Value.Member("number", .integer(Int64(attempt.number))),
            Value.Member("startedAt", .string(attempt.startedAt.rfc3339)),
            Value.Member("finishedAt", time(attempt.finishedAt)),
            Value.Member("outcome", attempt.outcome.map { .string($0.word) } ?? .null),
            Value.Member("code", APIRoutes.text(said?.code)),
            // A provider may repeat the number that it was asked to call.
            Value.Member("reason", APIRoutes.text(said.map { Redactor.redact($0.reason) })),
            Value.Member("digest", attempt.digest.map { .string($0) } ?? .null),
        ])
    }
}

extension SendOutcome {
    /// What the provider gave for its reason; nil for a yes.
    fileprivate var said: (code: String?, reason: String)? {
        switch self {
        case .sent: nil
        case .retry(let code, let reason, _), .failed(let code, let reason): (code, reason)
        case .uncertain(let reason): (nil, reason)
        }
    }
}

extension String {
    /// The text with `%41` and the like decoded; nil if that is malformed.
    func removingURLPercentEncoding() -> String? {
        var bytes: [UInt8] = []
        var rest = Substring(self).utf8
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst(), let low = rest.popFirst(),
                let value = UInt8(String(decoding: [high, low], as: UTF8.self), radix: 16)
            else { return nil }
            bytes.append(value)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
