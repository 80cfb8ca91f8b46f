import Duty

/// The JSON that goes in and out, as lines that `APIField` reads.
///
/// A test fetches what a daemon with real data sends and holds it against these.
enum APISchemas {
    static var all: [(name: String, fields: [APIField])] {
        (common + lists + matters + ledger + operations + supervision).map { ($0.0, APIField.lines($0.1)) }
    }

    private static let common: [(String, String)] = [
        (
            "Problem",
            """
            error string | 代码,供程序用 | a code, for programs
            detail string | 哪里不对、怎么办(英文) | what is wrong, and where, in English
            index? integer | 一批事件中的第几个,从 0 起 | which event of a batch, from 0
            """
        ),
        ("Health", "status string | 固定为 alive | always alive"),
        (
            "Readiness",
            """
            ready boolean | 是否就绪 | whether it does its work
            problems [string] | 未就绪的原因 | why not
            shadow boolean | 影子模式 | shadow mode
            """
        ),
        (
            "Status",
            """
            now time | 守护进程的时钟 | the daemon's clock
            document string | 文件 | the document that the rules come from
            policyVersion string | 现行规则版本 | the policy version in force
            ready boolean | 是否就绪 | whether it does its work
            problems [string] | 未就绪的原因 | why not
            problemTexts [Title] | 同上,中英文 | the same in both languages
            shadow boolean | 影子模式 | shadow mode
            facts integer | 已记录的事件 | events on record
            openMatters integer | 未结束的事项 | matters that are not over
            runningClocks integer | 正在计时 | clocks that are not due yet
            overdueClocks integer | 已超时未办 | clocks that have run out, and nothing was done
            overdueWakeUps integer | 到点未处理 | timers that are late
            pendingNotifications integer | 待发通知 | notifications on their way
            deadLetters integer | 待处理的死信 | dead letters that nobody has seen to
            journalRecords integer | 审计记录 | records of the journal
            ages [AgeBand] | 在办件已办天数 | matters with a deadline that is not met, by their age
            """
        ),
    ]

    static let page = "next string? | 下一页的起点,末页为 null | where the next page begins; null on the last"

    private static let lists: [(String, String)] = [
        ("MatterPage", "now time | 计算剩余时间的时刻 | when it was\nmatters [MatterRow] | 事项 | matters\n\(page)"),
        ("DeadlinePage", "now time | 计算剩余时间的时刻 | when it was\ndeadlines [MatterRow] | 事项 | matters\n\(page)"),
        ("AlertPage", "alerts [Alert] | 通知 | notifications\n\(page)"),
        ("JournalPage", "records [JournalRecord] | 记录 | records\n\(page)"),
        (
            "MatterRow",
            """
            id string | 事项:类型/单号 | the matter: its type and number
            type string | 类型 | type
            enterpriseId string? | 企业;限制查阅时为 null | the enterprise; null if restricted
            enterpriseName string? | 企业简称 | what it is called
            policyVersion string | 适用的规则版本 | the policy version that it goes by
            restricted boolean | 限制查阅:只有编号与时限 | restricted: its number and limits alone are shown
            state running/overdue/open/closed | open:未结束但没有时限 | open: not over, and without a limit
            dueAt time? | 最早的时限 | the earliest limit
            leftSeconds integer? | 剩余秒数,超时为负 | seconds that are left; negative once it has run out
            provisional boolean | 因日历未出而暂定 | provisional, as the calendar of that year is not out
            ownerRefs [string] | 责任人代号 | who has to see to it
            clocks [Clock] | 未办的时限 | limits that nobody has met yet
            lastNotice Notice? | 最近一次通知 | what was last said of it
            """
        ),
        (
            "Clock",
            """
            ruleId string? | 规则;限制查阅时为 null | the rule; null if restricted
            title string? | 规则名称,按 Accept-Language | what the rule is called, by Accept-Language
            article integer? | 条款 | article
            cycle integer | 第几轮 | which cycle
            openedAt time | 起算 | since when
            dueAt time? | 到期 | until when
            leftSeconds integer? | 剩余秒数,超时为负 | seconds that are left; negative once it has run out
            state running/overdue/open | 状态 | state
            provisional boolean | 暂定 | provisional
            """
        ),
        (
            "Notice",
            """
            code string | 通知编号 | the message's code
            stage string | 步骤 | the step
            recipient Recipient | 告知谁 | who was told
            state NotificationState | 状态 | state
            acknowledged boolean | 已确认 | somebody has acknowledged it
            requestedAt time | 何时决定 | when it was decided
            """
        ),
        (
            "Alert",
            """
            restricted boolean | 限制查阅 | restricted
            matter string | 事项 | the matter
            enterpriseId string? | 企业 | the enterprise
            ruleId string? | 规则 | the rule
            article integer? | 条款 | article
            cycle integer | 第几轮 | which cycle
            dueAt time? | 到期 | until when
            notification Notification? | 通知;限制查阅时为 null | the notification; null if restricted
            """
        ),
        (
            "Rates",
            """
            now time | 此刻 | when it was
            document string | 文件 | the document
            policyVersion string | 现行规则版本 | the policy version in force
            from day | 近 30 天的第一天 | the first of the last 30 days
            to day | 今天 | today
            rates [Rate] | 指标 | figures
            ages [AgeBand] | 在办件已办天数 | matters with a deadline that is not met, by their age
            """
        ),
        (
            "Rate",
            """
            name string | 名称 | its name
            title Title | 标题 | what people call it
            measure inTime/done/closedInTime/late/reopened/solved/satisfied/composite/breaches/open/noted/median/p90/billed/billedAmount/owedAmount/age/shares | 计法 | how it is counted
            share boolean | 是否比率 | whether it is a share of something
            unit share/count/minutes/fen/days | 单位 | what it is a number of
            betterLow boolean | 比率是否越低越好 | whether a large share is bad
            wall boolean | 大屏是否显示 | whether a screen with little room shows it
            today Share | 今天到期的 | what is due today
            month Share? | 近 30 天;现有数没有 | the last 30 days; null for what is as of now
            lateIngest integer | 近 30 天因事件晚到、不计入的 | left out, as their events came late, in 30 days
            days [DayShare] | 逐日 | day by day
            """
        ),
        ("Title", "zh string | 中文 | in Chinese\nen string | 英文 | in English"),
        (
            "Share",
            """
            cases integer | 样本数;综合率取各部分中最小的 | of how many cases it is; of a composite, of its smallest part
            part integer | 分子,或件数、分钟数、天数、分 | the part, or the number, minutes, days or fen
            whole integer | 分母;用时和账龄为件数,综合率为 10000,数量和金额为 0 | the whole; of a time or age how many there were; 10,000 of a composite; 0 for a number or amount
            ratio number? | 比率;分母为 0、不是比率时 null | the share; null of nothing and for what is none
            """
        ),
        (
            "AgeBand",
            """
            from integer | 最少几天,当天为 0 | from how many days on; 0 is today
            through integer? | 最多几天;最后一档为 null | up to how many days; null for the last
            count integer | 件数 | how many matters
            """
        ),
        (
            "DayShare",
            """
            day day | 日期 | the day
            cases integer | 样本数 | of how many cases it is
            part integer | 分子,或件数、分钟数 | the part, or the number, or minutes
            whole integer | 分母 | the whole
            ratio number? | 比率 | the share
            """
        ),
        (
            "Roster",
            "now time | 此刻 | when it was\nassignments [Assignment] | 任职 | who serves whom\n\(page)"
        ),
        (
            "Assignment",
            """
            assignmentId string | 任职编号 | the assignment
            enterpriseId string? | 企业 | the enterprise
            parkId string? | 园区 | the park
            personRef string | 人员代号 | the person
            role string | 角色 | the role
            backup boolean | 后备 | stands in
            since time | 起 | since when
            until time? | 止 | until when
            """
        ),
        ("Articles", "policyVersion string | 规则版本 | policy version\narticles [Article] | 条款 | articles"),
        (
            "Article",
            "article integer | 条款,0 为通知正文 | article; 0 is the covering notice\nrules [Rule] | 规则 | rules"
        ),
        (
            "Rule",
            """
            ruleId string | 规则 | the rule
            title string | 名称,按 Accept-Language | what it is called, by Accept-Language
            kind deadline/gate/allocation/notice/window/practice/recurring/amount | 类型 | kind
            basis text/statute/default | 依据:原文、上位法、默认 | rests on: the text, higher law, our default
            restricted boolean | 限制查阅 | restricted
            open integer | 进行中 | open
            breached integer | 超时或违规 | breached
            done integer | 按时完成 | done in time
            """
        ),
        (
            "JournalRecord",
            """
            sequence integer | 序号 | its place
            at time | 何时 | when
            matter string? | 事项 | the matter
            enterpriseId string? | 企业 | the enterprise
            policyVersion string? | 规则版本 | the policy version that decided
            entries [JournalEntry] | 内容 | what is new
            """
        ),
        (
            "JournalEntry",
            """
            action string | 动作,如 deadline.breached | what, such as deadline.breached
            restricted boolean | 限制查阅:不显示规则和细节 | restricted: neither the rule nor details are shown
            ruleId string? | 规则 | the rule
            article integer? | 条款 | article
            cycle integer | 第几轮 | which cycle
            at time | 所指的时刻 | the moment that it is about
            fields object | 细节 | details
            """
        ),
    ]
}
