/// How a message is put down, unless a silence keeps it back.
extension Stepper {
    /// What a notification says about its rule.
    struct Sheet {
        let code: String
        let rule: RuleID
        let article: Int
        let cycle: Int
        let subject: String
        let dueAt: Instant?
    }

    /// The key of the message; nil if a silence keeps it back, so that it is still to be said.
    mutating func send(
        _ code: String,
        stage: String,
        turn: Int,
        to recipient: Recipient,
        _ messageClass: MessageClass,
        about obligation: Obligation,
        urgency: Int,
        withdraws: String? = nil,
        values: [Value.Member] = []
    ) -> String? {
        let sheet = Sheet(
            code: code,
            rule: obligation.key.rule,
            article: obligation.rule.article,
            cycle: obligation.key.cycle,
            subject: obligation.key.subject,
            dueAt: obligation.dueAt
        )
        return send(
            sheet,
            stage: stage,
            turn: turn,
            to: recipient,
            messageClass,
            urgency: urgency,
            withdraws: withdraws,
            values: context.hasReaders ? self.values(obligation, messageClass) + values : [],
            isNews: obligation.isNotice
        )
    }

    mutating func send(
        _ sheet: Sheet,
        stage: String,
        turn: Int,
        to recipient: Recipient,
        _ messageClass: MessageClass,
        urgency: Int,
        withdraws: String?,
        values: [Value.Member],
        isNews: Bool = false
    ) -> String? {
        let stage =
            (sheet.subject.isEmpty ? stage : stage + "." + sheet.subject) + (turn > 1 ? "~\(turn)" : "")
        let plain = messageClass == .personal || recipient.isGroup
        let address = plain ? recipient.person.text : recipient.person.text + "@" + messageClass.text
        let key = [sheet.rule.text, context.matter.text, String(sheet.cycle), stage, address]
            .joined(separator: "|")
        let notification = Notification(
            key: key,
            code: sheet.code,
            rule: sheet.rule,
            article: sheet.article,
            matter: context.matter,
            enterprise: !context.hasReaders || isSecret(sheet) ? .nobody : subject.id,
            cycle: sheet.cycle,
            stage: stage,
            messageClass: messageClass,
            recipient: recipient,
            dueAt: sheet.dueAt,
            requestedAt: now,
            urgency: urgency,
            withdraws: withdraws,
            values: .object(context.hasReaders ? common(sheet) + values : [])
        )
        if !(context.silences.isEmpty && result.state.silenced.isEmpty),
            keepsBack(notification, isNews: isNews)
        {
            return nil
        }
        result.notifications.append(notification)
        return key
    }
}
