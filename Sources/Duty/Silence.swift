/// A time in which nobody, or not everybody, is told; whatever happens is recorded as ever.
package struct Silence: Sendable, Hashable {
    package let id: String
    package let from: Instant
    /// The first moment at which it no longer holds: as it was set, or when it was ended before.
    package let until: Instant
    package let reason: String
    /// The person or token that set it.
    package let by: String
    package let scope: Scope

    /// What it is about; every field that is set narrows it, and without any it is about everything.
    package struct Scope: Sendable, Hashable {
        package var matter: MatterID?
        package var enterprise: EnterpriseID?
        package var rule: RuleID?
        package var role: RoleID?
        package var person: PersonRef?

        package init() {}
    }

    package init(
        id: String,
        from: Instant,
        until: Instant,
        reason: String,
        by: String,
        scope: Scope
    ) {
        self.id = id
        self.from = from
        self.until = until
        self.reason = reason
        self.by = by
        self.scope = scope
    }

    /// The silence that the facts of its matter come to, whatever their order; nil if none was set or its setting
    /// was voided.
    ///
    /// Set again under its id it is what was said last; an end counts from its own time on.
    package init?(facts: [Fact]) {
        let effective = FactHistory.effective(facts)
        guard let set = effective.last(where: { $0.kind == .silenceSet }),
            let id = set.text("silenceId"), let from = set.text("from").flatMap({ Instant(rfc3339: $0) }),
            let until = set.text("until").flatMap({ Instant(rfc3339: $0) })
        else { return nil }
        let end = effective.first { $0.kind == .silenceEnded && $0.at >= set.at }?.at
        var scope = Scope()
        scope.matter = set.text("scope.matter").map { MatterID($0) }
        scope.enterprise = set.text("scope.enterpriseId").map { EnterpriseID($0) }
        scope.rule = set.text("scope.ruleId").map { RuleID($0) }
        scope.role = set.text("scope.role").map { RoleID($0) }
        scope.person = set.text("scope.personRef").map { PersonRef($0) }
        self.init(
            id: id,
            from: from,
            until: min(until, end ?? until),
            reason: set.text("reason") ?? "",
            by: set.text("by.personRef") ?? set.text("by") ?? "",
            scope: scope
        )
    }

    package func holds(at moment: Instant) -> Bool { from <= moment && moment < until }

    func covers(
        _ matter: MatterID,
        _ enterprise: EnterpriseID,
        _ rule: RuleID,
        _ recipient: Recipient
    ) -> Bool {
        (scope.matter.map { $0 == matter } ?? true) && (scope.enterprise.map { $0 == enterprise } ?? true)
            && (scope.rule.map { $0 == rule } ?? true) && (scope.role.map { $0 == recipient.role } ?? true)
            && (scope.person.map { $0 == recipient.person } ?? true)
    }
}

/// A message that would have been told, and the silence that kept it back.
package struct SilencedNotification: Sendable, Hashable {
    package let notification: Notification
    package let silence: String
    package let reason: String

    package init(notification: Notification, silence: String, reason: String) {
        self.notification = notification
        self.silence = silence
        self.reason = reason
    }
}

/// What a silence keeps back stays untold: once it is over, each hears what is then the latest, once.
extension Stepper {
    /// The silence that holds now for a recipient; of several, the one that ends last.
    func silence(over rule: RuleID, _ recipient: Recipient) -> Silence? {
        context.silences.filter {
            $0.holds(at: now) && $0.covers(context.matter, context.enterprise.id, rule, recipient)
        }.max { ($0.until, $0.id) < ($1.until, $1.id) }
    }

    /// Whether a message is kept back: by a silence, or, if it is news of its day, by one that held on that day.
    ///
    /// It goes on record once for each silence.
    mutating func keepsBack(_ notification: Notification, isNews: Bool) -> Bool {
        let known = result.state.silenced[notification.key]
        if isNews, let known {
            keptBack[notification.key] = known
            return true
        }
        guard let silence = silence(over: notification.rule, notification.recipient) else { return false }
        keptBack[notification.key] = silence.id
        if !isNews { waitFor(silence.until) }
        guard known != silence.id else { return true }
        result.state.silenced[notification.key] = silence.id
        var notification = notification
        notification.add(
            Value.Member(
                "silence",
                [
                    "silenceId": .string(silence.id), "reason": .string(silence.reason),
                    "until": .string(silence.until.rfc3339), "by": .string(silence.by),
                ]
            )
        )
        result.silenced.append(
            SilencedNotification(notification: notification, silence: silence.id, reason: silence.reason)
        )
        return true
    }
}
