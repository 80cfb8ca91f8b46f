import Duty
import Engine
import Storage
import Telemetry

/// What supervisors do: acknowledge for somebody, escalate, silence, settle dead letters.
///
/// Each asks why. What concerns matters becomes an event on the intake topic, as anything else that happens; all of it
/// stands in the journal with who did it. HTTP and pages call the same methods.
package struct SupervisorDesk: Sendable {
    /// Who does it.
    package struct Caller: Sendable, Hashable {
        /// What the caller is known by.
        package let name: String
        package let person: PersonRef?
        package let role: String

        package init(name: String, person: PersonRef?, role: String) {
            self.name = name
            self.person = person
            self.role = role
        }

        /// With `named`: who says to have called, where nobody is asked for a token.
        package init(_ principal: Principal, named: PersonRef? = nil) {
            name = principal.way == .open ? "open" : "token:" + principal.name
            person = principal.person ?? named
            role = principal.role.rawValue
        }

        /// As events and the journal have it; who is no person of the directory goes by name.
        var actor: Value { ["personRef": .string(person?.text ?? name), "role": .string(role)] }
    }

    /// Why it was not done.
    package struct Refusal: Error, Sendable, Hashable {
        package enum Kind: Sendable { case invalid, notFound, conflict, unavailable }
        package let kind: Kind
        /// A word for programs, such as `reasonMissing`.
        package let code: String
        /// A sentence for people.
        package let detail: String

        init(_ kind: Kind, _ code: String, _ detail: String) {
            self.kind = kind
            self.code = code
            self.detail = detail
        }
    }

    /// What was done, and as what it stands on the topic.
    package struct Receipt: Sendable, Hashable {
        /// The same request under the same id is the same request.
        package let requestID: String
        package let matter: MatterID?
    }

    package typealias Settle =
        @Sendable (
            _ letters: [Int64], _ state: DeadLetter.State, _ by: Value, _ reason: String
        ) async throws -> Void

    let store: any Store
    let rules: RulesInForce
    let clock: any WallClock
    let publish: AnswerDesk.Publish
    /// Puts a dead letter back onto its topic.
    let putBack: @Sendable (DeadLetter) async throws -> Void
    let settleLetters: Settle

    package init(
        store: any Store,
        rules: RulesInForce,
        clock: any WallClock,
        publish: @escaping AnswerDesk.Publish,
        putBack: @escaping @Sendable (DeadLetter) async throws -> Void,
        settle: @escaping Settle
    ) {
        self.store = store
        self.rules = rules
        self.clock = clock
        self.publish = publish
        self.putBack = putBack
        settleLetters = settle
    }

    package static let longestReason = 200
    private static let source = "/dutyclock/supervisor"

    // MARK: Acknowledging for somebody

    /// Acknowledges the notification `key` for the one who was told.
    package func acknowledge(
        _ key: String,
        because reason: String?,
        by caller: Caller,
        requestID: String? = nil
    ) async throws(Refusal) -> Receipt {
        let reason = try Self.checked(reason)
        let parts = key.split(separator: "|", omittingEmptySubsequences: false)
        guard parts.count >= 5 else {
            throw Refusal(.notFound, "unknownNotification", "no notification \(key)")
        }
        let matter = try await self.matter(MatterID(String(parts[1])))
        let told = try await notifications(of: matter.id).first { $0.notification.key == key }
        guard let told, told.state != .silenced else {
            throw Refusal(.notFound, "unknownNotification", "no notification \(key)")
        }
        guard !told.notification.recipient.isGroup else {
            throw Refusal(.conflict, "group", "what a group was told is nobody's to acknowledge")
        }
        let data: [Value.Member] = [
            Value.Member("notificationId", .string(key)),
            Value.Member("personRef", .string(told.notification.recipient.person.text)),
            Value.Member("via", "supervisor"),
        ]
        return try await take(.notificationAcknowledged, data, reason, caller, requestID, about: matter)
    }

    // MARK: Escalating by hand

    /// Which step of which obligation is to be told now.
    package struct Target: Sendable, Hashable {
        package var matter: MatterID
        package var rule: RuleID
        package var stage: String
        /// Nil where the rule owes one thing only at present.
        package var cycle: Int?
        package var subject: String?

        package init(
            matter: MatterID,
            rule: RuleID,
            stage: String,
            cycle: Int? = nil,
            subject: String? = nil
        ) {
            self.matter = matter
            self.rule = rule
            self.stage = stage
            self.cycle = cycle
            self.subject = subject
        }
    }

    /// Has the step of an open or breached obligation told at once.
    package func escalate(
        _ target: Target,
        because reason: String?,
        by caller: Caller,
        requestID: String? = nil
    ) async throws(Refusal) -> Receipt {
        let reason = try Self.checked(reason)
        let matter = try await self.matter(target.matter)
        // The same request again is not refused for what it has done.
        if let requestID,
            matter.facts.contains(where: { $0.key == Self.key(.escalationRequested, requestID) })
        {
            return Receipt(requestID: requestID, matter: matter.id)
        }
        let record = try Self.obligation(target, in: matter)
        let steps = rules.book.policy(matter.policyVersion).steps(of: target.rule)
        guard let step = steps.first(where: { $0.stage == target.stage }) else {
            let known = steps.map(\.stage).joined(separator: ", ")
            throw Refusal(
                .invalid,
                "unknownStage",
                "\(target.rule) has no step \(target.stage); it has \(known)"
            )
        }
        guard step.belongs(to: record.key) else {
            throw Refusal(
                .conflict,
                "stepOfOtherCycle",
                "\(target.stage) is a step of \(step.cycles == .first ? "the first cycle" : "cycles after a re-opening"), "
                    + "and this is cycle \(record.key.cycle)"
            )
        }
        guard step.isAlarm || record.phase == .open else {
            throw Refusal(.conflict, "stepIsOver", "\(target.stage) is a warning, and the time is over")
        }
        let stage = record.key.subject.isEmpty ? target.stage : target.stage + "." + record.key.subject
        let isTold = try await notifications(of: matter.id).contains {
            $0.notification.rule == target.rule && $0.notification.cycle == record.key.cycle
                && $0.notification.stage == stage && $0.state != .silenced
        }
        guard !isTold else {
            throw Refusal(.conflict, "stepWasTold", "\(target.stage) has been told already")
        }
        var data: [Value.Member] = [
            Value.Member("matter", .string(matter.id.text)),
            Value.Member("ruleId", .string(target.rule.text)),
            Value.Member("stage", .string(target.stage)),
            Value.Member("cycle", .integer(Int64(record.key.cycle))),
        ]
        if !record.key.subject.isEmpty { data.append(Value.Member("subject", .string(record.key.subject))) }
        return try await take(.escalationRequested, data, reason, caller, requestID, about: matter)
    }

    /// The one obligation that is meant, if it is owed still.
    private static func obligation(
        _ target: Target,
        in matter: StoredMatter
    ) throws(Refusal) -> MatterState.Record {
        let owed = matter.state.records.filter {
            $0.key.rule == target.rule && $0.kind != "notice" && !$0.isWithdrawn && $0.phase.isActive
                && (target.cycle.map { [$0] } ?? [$0.key.cycle]).contains($0.key.cycle)
                && (target.subject ?? $0.key.subject) == $0.key.subject
        }
        guard let record = owed.first else {
            throw Refusal(.conflict, "notOwed", "\(matter.id) owes nothing by \(target.rule) at present")
        }
        guard owed.count == 1 else {
            let keys = owed.map { "\($0.key.cycle) \($0.key.subject)" }.joined(separator: ", ")
            throw Refusal(.invalid, "ambiguous", "name cycle and subject, one of: \(keys)")
        }
        return record
    }

    // MARK: Building blocks

    static let storeAway = Refusal(.unavailable, "storeAway", "the store does not answer")

    /// A reason is there, short, and without what belongs to a person.
    static func checked(_ reason: String?) throws(Refusal) -> String {
        var text = Substring(reason ?? "")
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        guard !text.isEmpty else { throw Refusal(.invalid, "reasonMissing", "reason: why, in a few words") }
        guard text.count <= longestReason else {
            throw Refusal(.invalid, "reasonTooLong", "reason: at most \(longestReason) characters")
        }
        guard Redactor.redact(String(text)) == text else {
            throw Refusal(
                .invalid,
                "reasonPersonal",
                "reason: no telephone, identity or card numbers, mail addresses or keys"
            )
        }
        return String(text)
    }

    func matter(_ id: MatterID) async throws(Refusal) -> StoredMatter {
        let found: StoredMatter?
        do { found = try await store.matters([id]).first } catch { throw Self.storeAway }
        guard let found else { throw Refusal(.notFound, "notFound", "no matter \(id)") }
        return found
    }

    private func notifications(of id: MatterID) async throws(Refusal) -> [StoredNotification] {
        do { return try await store.notifications(of: id) } catch { throw Self.storeAway }
    }

    private static func key(_ kind: EventKind, _ requestID: String) -> EventKey {
        EventKey(source: source, id: kind.rawValue + "|" + requestID)
    }

    static func fresh() -> String {
        var random = SystemRandomNumberGenerator()
        return Base64URL.encode((0..<12).map { _ in UInt8.random(in: .min ... .max, using: &random) })
    }

    /// Puts the event onto the intake topic; returns once it is safe there.
    func take(
        _ kind: EventKind,
        _ data: [Value.Member],
        _ reason: String,
        _ caller: Caller,
        _ requestID: String?,
        about matter: StoredMatter?
    ) async throws(Refusal) -> Receipt {
        let requestID = requestID ?? Self.fresh()
        let now = clock.now().rfc3339
        var members = data
        if kind == .escalationRequested { members.append(Value.Member("requestId", .string(requestID))) }
        members += [
            Value.Member("reason", .string(reason)), Value.Member("by", caller.actor),
            Value.Member("at", .string(now)),
        ]
        if let enterprise = matter?.enterprise {
            members.append(Value.Member("enterpriseId", .string(enterprise.text)))
        }
        let key = Self.key(kind, requestID)
        var attributes = [
            "specversion": "1.0", "id": key.id, "source": key.source, "type": kind.typeName, "time": now,
            "datacontenttype": "application/json",
        ]
        if let matter { attributes["subject"] = matter.id.text }
        do {
            try await publish([CloudEvent(attributes: attributes, data: .object(members))])
        } catch {
            switch error {
            case .rejected(_, let rejection): throw Refusal(.invalid, "refused", rejection.detail)
            case .unavailable(let reason): throw Refusal(.unavailable, "kafkaAway", reason)
            }
        }
        return Receipt(requestID: requestID, matter: matter?.id)
    }
}

extension EscalationStep {
    /// Whether it ever tells of this obligation: some steps are of the first cycle alone, and some of those after it.
    func belongs(to obligation: ObligationKey) -> Bool {
        cycles == .all || (cycles == .first) == (obligation.cycle == 1)
    }
}
