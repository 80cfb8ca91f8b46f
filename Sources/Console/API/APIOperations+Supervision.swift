import Duty

/// What supervisors do; each needs a reason, and is on record with whoever did it.
extension APIOperations {
    static let supervision: [APIOperation] = [
        APIOperation(
            "silences",
            .get,
            "/api/v1/silences",
            .read,
            "静默期",
            "Silences",
            answers: [(200, [.json("Silences")])],
            refusals: [503]
        ),
        APIOperation(
            "silence",
            .post,
            "/api/v1/silences",
            .act,
            "设一个静默期:只停告知,不停记录",
            "Sets a silence: it stops telling, never recording",
            body: [.json("SilenceOrder")],
            answers: [(202, [.json("SilenceReceipt")])],
            refusals: refusals
        ),
        APIOperation(
            "endSilence",
            .delete,
            "/api/v1/silences/{id}",
            .act,
            "提前结束静默期",
            "Ends a silence before its time",
            parameters: "id string | 静默编号 | the silence",
            body: [.json("Reason")],
            answers: [(202, [.json("SilenceReceipt")])],
            refusals: refusals
        ),
        APIOperation(
            "escalate",
            .post,
            "/api/v1/matters/{type}/{number}/escalate",
            .act,
            "立即告知某一步骤的人员",
            "Has a step told at once",
            parameters: "type string | 类型 | type\nnumber string | 单号 | number",
            body: [.json("EscalationOrder")],
            answers: [(202, [.json("ActionReceipt")])],
            refusals: refusals
        ),
        APIOperation(
            "acknowledge",
            .post,
            "/api/v1/notifications/{key}/acknowledge",
            .act,
            "代别人确认收到",
            "Acknowledges for somebody else",
            parameters: "key string | 通知键 | the notification's key",
            body: [.json("AcknowledgeOrder")],
            answers: [(202, [.json("ActionReceipt")])],
            refusals: refusals
        ),
    ]

    private static let refusals = [400, 404, 409, 503]
}

/// The JSON of it.
extension APISchemas {
    private static let why = """
        reason string | 理由 | why
        by? string? | 谁;只在不问令牌时有效 | who did it; where nobody is asked for a token alone
        """
    private static let receipt = "matter string? | 事项 | the matter"

    static let supervision: [(String, String)] = [
        ("Reason", why),
        (
            "EscalationOrder",
            """
            ruleId string | 规则 | the rule
            stage string | 步骤 | the step
            cycle? integer? | 第几轮 | which cycle
            subject? string? | 同一规则的哪一个 | which one of that rule
            requestId? string? | 重复发送时相同 | the same where it is sent again
            \(why)
            """
        ),
        ("AcknowledgeOrder", "requestId? string? | 重复发送时相同 | the same where it is sent again\n\(why)"),
        ("ActionReceipt", "requestId string | 编号 | its number\n\(receipt)"),
        (
            "SilenceOrder",
            """
            scope object | matter、enterpriseId、ruleId、role、personRef,或 all: true | what it keeps back
            from? time? | 从何时起,默认此刻 | since when; now without it
            until? time? | 到何时止 | until when
            minutes? integer? | 或多少分钟 | or for how many minutes
            silenceId? string? | 编号 | its number
            \(why)
            """
        ),
        ("SilenceReceipt", "silenceId string | 编号 | its number\n\(receipt)"),
        ("Silences", "silences [Silence] | 静默期 | silences"),
        (
            "Silence",
            """
            silenceId string | 编号 | its number
            state over/ahead/holds | 状态 | state
            from time | 起 | since when
            until time | 止 | until when
            scope object | 范围 | what it keeps back
            reason string | 理由 | why
            by string | 谁 | who set it
            matters integer | 涉及的事项 | matters of which it has kept something back
            """
        ),
    ]
}
