import Duty

/// Notifications of one complaint.
enum Sample {
    static let noon = Instant(seconds: 1_795_415_700)
    static let matter: MatterID = "complaint/CP-2026-000123"
    static let staff = Recipient(person: "P-1032", role: "park.staff")

    static func notification(
        stage: String = "warn15",
        recipient: Recipient = staff,
        messageClass: MessageClass = .personal,
        dueAt: Instant? = noon + .minutes(15),
        requestedAt: Instant = noon,
        withdraws: String? = nil
    ) -> Notification {
        Notification(
            key: "A22.response|\(matter)|1|\(stage)|\(recipient.person)",
            code: "N11",
            rule: "A22.response",
            article: 22,
            matter: matter,
            enterprise: "E-000451",
            cycle: 1,
            stage: stage,
            messageClass: messageClass,
            recipient: recipient,
            dueAt: dueAt,
            requestedAt: requestedAt,
            urgency: 2,
            withdraws: withdraws,
            values: .object([
                Value.Member("number", "CP-2026-000123"), Value.Member("enterpriseName", "衡阳某某精密"),
                Value.Member("ruleTitle", "半小时回应"), Value.Member("matterWord", "厂区临时用电容量不足"),
                Value.Member("ownerRefs", .array(["P-1032"])),
            ])
        )
    }
}
