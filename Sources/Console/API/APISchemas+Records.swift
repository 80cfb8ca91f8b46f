import Duty

/// The JSON of single records.
extension APISchemas {
    static let matters: [(String, String)] = [
        (
            "Matter",
            """
            id string | 事项 | the matter
            type string | 类型 | type
            restricted boolean | 限制查阅:只有编号与时限 | restricted: its number and limits alone are shown
            enterpriseId string? | 企业 | the enterprise
            formerEnterpriseId string? | 合并前事件所写的企业 | the one that its events name, if a merger gave it to another
            policyVersion string | 规则版本 | policy version
            cycle integer | 第几轮 | the latest cycle
            facts [Fact] | 事实 | what has happened
            obligations [Obligation] | 义务 | what was owed
            notifications [Notification] | 通知 | who was told
            untold [Untold] | 没有告知谁,为什么 | who was not told, and why
            """
        ),
        (
            "Untold",
            """
            ruleId string | 规则 | the rule
            cycle integer | 第几轮 | which cycle
            stage string | 阶段 | the step
            roles [string] | 角色;空为群组 | roles; none for the group
            reason \(UntoldStep.Reason.words.joined(separator: "/")) | ahead 未到时间,met 之前已完成,cancelled 之前已不再需要,overtaken 直接按后面的步骤告知,nobody 无人担任 | ahead: not yet; met, cancelled: it ended before; overtaken: a later step was told instead; nobody: nobody holds the role
            at time? | 何时到这一步,或何时完成 | when the step comes, or when it ended
            """
        ),
        (
            "Fact",
            """
            id string | 事件编号 | the event's id
            source string | 来源 | its source
            type string | 类型 | its type
            at time | 发生时间 | when it happened
            receivedAt time | 收到时间 | when it came
            dataclassification public/internal/confidential/restricted | 数据级别 | how widely it may be shown
            data object | 数据,不含无权查看的部分 | the data, without what the caller may not see
            """
        ),
        (
            "Obligation",
            """
            ruleId string? | 规则;限制查阅时为 null | the rule; null if restricted
            article integer? | 条款 | article
            kind string | 类型 | kind
            cycle integer | 第几轮 | which cycle
            openedAt time | 起算 | since when
            dueAt time? | 到期 | until when
            state open/met/breached/cancelled/withdrawn | 状态 | state
            metAt time? | 完成 | when it was met
            breachedAt time? | 超时 | when it was breached
            lateIngest boolean | 因事件晚到 | breached only because its event came late
            calendarProvisional boolean | 暂定 | provisional
            """
        ),
        (
            "Notification",
            """
            notificationId string | 通知键 | its key
            code string | 编号 | the message's code
            stage string | 步骤 | the step
            class string | 类别 | class of message
            recipient Recipient | 告知谁 | who is told
            channel string? | 最近的渠道 | the channel that was tried last
            state NotificationState | 状态 | state
            requestedAt time | 何时决定 | when it was decided
            nextAt time? | 下次发送 | when it is tried again
            attempts [Attempt] | 各次发送 | every attempt
            silence? string | 静默编号 | the silence that keeps it back
            acknowledged? Acknowledged | 确认 | who has acknowledged it
            """
        ),
        ("Recipient", "personRef string | 人员代号,或 @group | a person, or @group\nrole string | 角色 | the role"),
        (
            "Attempt",
            """
            channel string | 渠道 | channel
            number integer | 第几次 | which try
            startedAt time | 开始 | began
            finishedAt time? | 结束 | ended
            outcome sent/retry/failed/uncertain? | 结果 | outcome
            code string? | 服务商的代码 | the provider's code
            reason string? | 服务商的说明,个人号码已遮住 | what the provider said, personal numbers masked
            digest string? | 与别的通知合发时那条消息的键 | the key of the message that it went out in, with others
            """
        ),
        (
            "Acknowledged",
            """
            personRef string | 谁 | who
            at time | 何时 | when
            via string | 途径 | by which way
            """
        ),
    ]

    static let ledger: [(String, String)] = [
        (
            "Ledger",
            """
            entries [Entry] | 分录 | entries
            balances [Balance] | 余额 | balances
            accounts [Account] | 科目 | accounts
            fine? Fine? | 罚款自身的记录;不知道则为 null | the fine's own record; null if there is none
            """
        ),
        (
            "Entry",
            """
            entryId string | 分录编号 | the entry
            seq integer | 序号 | its place
            ts time | 何时 | when
            fineId string | 罚款 | the fine
            revision integer | 修订 | revision
            kind \(LedgerPosting.Kind.allCases.map(\.rawValue).joined(separator: "/")) | 种类 | kind
            personRef string? | 人员代号 | the person
            role string | 角色 | role
            amountFen integer | 金额(分) | amount in fen
            balanceAfterFen integer | 余额(分) | balance after it, in fen
            debit string | 借方科目 | debit
            credit string | 贷方科目 | credit
            decisionId string | 认定 | the decision
            rosterSnapshotId string | 任职依据 | the assignments that it rests on
            ruleVersion string | 规则版本 | policy version
            basis string | 依据 | what it rests on
            causeEventId string? | 事件 | the event that caused it
            prevHash string | 前一条的散列 | hash of the one before
            hash string | 散列 | hash
            """
        ),
        (
            "Balance",
            "fineId string | 罚款 | the fine\nrole string | 角色 | roles\npersonRef string? | 人员代号 | the person\n"
                + sums
        ),
        (
            "Account",
            """
            fineId string | 罚款 | the fine
            account string | 科目 | account
            kind string | 种类 | kind
            holder string | 谁的 | whose
            balanceFen integer | 余额(分) | balance in fen
            """
        ),
        (
            "Fine",
            """
            fineId string | 罚款 | the fine
            amountFen integer | 金额(分) | amount in fen
            revision integer | 修订 | revision
            underReview boolean | 复议中 | under review
            awaitedRevision integer? | 在等的修订 | a revision that later ones wait for
            """
        ),
        (
            "Statement",
            """
            personRef string | 人员代号 | the person
            at time | 截至 | when it was
            document string | 文件 | the document
            fines [StatementFine] | 罚款 | fines
            """
        ),
        (
            "StatementFine",
            "fineId string | 罚款 | the fine\nrole string | 角色 | roles\n" + sums
                + "\nentries [StatementEntry] | 分录 | entries"
        ),
        (
            "StatementEntry",
            """
            ts time | 何时 | when
            revision integer | 修订 | revision
            kind string | 种类 | kind
            role string | 角色 | role
            amountFen integer | 金额(分) | amount in fen
            balanceAfterFen integer | 余额(分) | balance after it, in fen
            decisionId string | 认定 | the decision
            basis string | 依据 | what it rests on
            """
        ),
    ]

    private static let sums = """
        amountFen integer | 应承担(分) | share in fen
        settledFen integer | 已履行(分) | settled, in fen
        refundDueFen integer | 应退还(分) | due back, in fen
        outstandingFen integer | 尚待履行(分) | outstanding, in fen
        """

    static let operations: [(String, String)] = [
        ("DeadLetters", "letters [DeadLetter] | 死信 | dead letters\n" + APISchemas.page),
        ("DeadLetter", letter),
        (
            "WholeDeadLetter",
            letter + "\nvalue string? | 内容 | the value as it came\nheaders object | 头 | headers"
        ),
        ("Retried", "retried integer | 编号 | its number"),
        ("Discarded", "discarded integer | 编号 | its number"),
        (
            "RepolicyOrder",
            """
            to? string? | 版本;默认现行版本 | the version; the one in force without it
            reason? string? | 原因;真正执行时必填 | why; needed where it is no dry run
            by? string? | 谁决定的 | who decided it
            type? string? | 只动此类事项 | matters of this type alone
            rule? string? | 只动与此规则有关的 | matters of this rule alone
            dryRun? boolean? | 只预演,默认真 | only say what would change; true without it
            """
        ),
        (
            "Repolicy",
            """
            to string | 版本 | the version
            reason string | 原因 | why
            by string | 谁 | who
            type string? | 类型 | type
            rule string? | 规则 | rule
            startedAt time | 开始 | began
            finishedAt time? | 结束 | ended
            moved integer | 已动的事项 | matters that were moved
            """
        ),
        (
            "RepolicyPreview",
            """
            to string | 版本 | the version
            dryRun boolean | 预演 | always true
            matters integer | 涉及的事项 | matters in question
            changed integer | 有变化的 | of these, changed
            messages integer | 会发的通知 | messages
            ledgerEntries integer | 会记的分录 | entries of the ledger
            rules [object] | 按规则 | by rule
            truncated boolean | 列表不全 | the list is not whole
            list [object] | 逐个事项 | matter by matter
            """
        ),
        ("Accepted", "accepted integer | 收下的事件数 | how many events were taken"),
        (
            "ReplyReceipt",
            """
            code? integer | 阿里云 | Alibaba Cloud's
            msg? string | 阿里云 | Alibaba Cloud's
            result? integer | 腾讯云 | Tencent Cloud's
            errmsg? string | 腾讯云 | Tencent Cloud's
            """
        ),
        (
            "CloudEvent",
            """
            specversion string | 固定为 1.0 | always 1.0
            id string | 事件编号 | the event's id
            source string | 来源 | source
            type string | 类型,见 docs/events.md | type, see docs/events.md
            subject? string | 事项 | the matter
            time? time | 时间 | time
            data any | 数据 | data
            """
        ),
    ]

    private static let letter = """
        number integer | 编号 | its number
        state new/published/retried/discarded/kept | 状态 | state
        reason string | 原因 | reason
        detail string | 细节 | detail
        reasonText Title | 原因,中英文 | the reason in both languages
        detailText Title | 细节,中英文 | the detail in both languages
        topic string | 原主题 | topic
        partition integer | 原分区 | partition
        offset integer | 原位移 | offset
        at time | 何时 | when
        bytes integer | 字节数 | bytes
        """
}
