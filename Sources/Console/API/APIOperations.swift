import Duty

/// Everything that programs may ask over HTTP; a test holds it against the routes.
///
/// Pages for people, and what they alone use, stand elsewhere.
enum APIOperations {
    static let all: [APIOperation] =
        [health, readiness, metrics, description] + lists + records + letters + supervision + intake

    // MARK: How it does

    private static let health = APIOperation(
        "health",
        .get,
        "/healthz",
        nil,
        "进程活着",
        "The process lives",
        answers: [(200, [.json("Health")])]
    )
    private static let readiness = APIOperation(
        "readiness",
        .get,
        "/readyz",
        nil,
        "正常工作时 200,否则 503 并说明原因",
        "200 when it does its work, else 503 with the reasons",
        answers: [(200, [.json("Readiness")]), (503, [.json("Readiness")])]
    )
    private static let metrics = APIOperation(
        "metrics",
        .get,
        "/metrics",
        .read,
        "指标:对方要 OpenMetrics 就给 OpenMetrics,否则 Prometheus 文本格式",
        "Metrics: OpenMetrics to whoever asks for it, else the Prometheus text format",
        answers: [(200, [.text("text/plain"), .text("application/openmetrics-text")])]
    )
    private static let description = APIOperation(
        "description",
        .get,
        "/openapi.yaml",
        .read,
        "本文档",
        "This document",
        answers: [(200, [.text("application/yaml")])]
    )

    // MARK: Lists

    static let matters = APIOperation(
        "listMatters",
        .get,
        "/api/v1/matters",
        .read,
        "事项列表,可按条件查找;running 按剩余时间,overdue 从最近超时的起,有单号的按单号,其余从最新的起",
        "Matters that fit: running ones by the time that is left, overdue ones the latest first, those with a number by it, else the newest first",
        parameters: """
            q? string | 单号的开头,可带类型,如 complaint/CP-2026 | the beginning of the number, with its type if wanted
            type? \(MatterType.allCases.map(\.rawValue).joined(separator: "/")) | 类型 | type
            state? all/running/overdue/closed | 状态,默认 all | state; all without it
            enterprise? string | 企业编号或名称的一部分 | the enterprise's id, or a part of its name
            person? string | 服务人员的代号或姓名的一部分:其服务的企业 | who serves: a reference, or a part of a name
            article? 0…200 | 条款 | article of the document
            \(after)
            \(limit)
            """,
        answers: [(200, [.json("MatterPage")])],
        refusals: [400]
    )
    static let deadlines = APIOperation(
        "listDeadlines",
        .get,
        "/api/v1/deadlines",
        .read,
        "正在计时和已超时的事项,按其最早的一个时限排列",
        "Matters with a clock that runs or has run out, each by the earliest of its clocks",
        parameters: """
            day? day | 只看这天到期的 | due on this day alone
            from? day | 从这天起 | due from this day on
            to? day | 到这天为止(含) | due until this day, included
            state? all/running/overdue | 状态,默认 all;overdue 从最近超时的起 | all without it; overdue ones the latest first
            \(after)
            \(limit)
            """,
        answers: [(200, [.json("DeadlinePage")])],
        refusals: [400]
    )
    static let alerts = APIOperation(
        "listAlerts",
        .get,
        "/api/v1/alerts",
        .read,
        "通知,从最近的起,含每次发送和服务商的回答",
        "Notifications, the latest first, with every attempt and what the provider said",
        parameters: """
            only? trouble/all | trouble:未送达、重试中、存疑 | trouble: not delivered, being tried again, or in doubt
            \(before)
            \(limit)
            """,
        answers: [(200, [.json("AlertPage")])],
        refusals: [400]
    )
    static let rates = APIOperation(
        "rates",
        .get,
        "/api/v1/rates",
        .read,
        "各项指标:今天、近 30 天、逐日;待办数是现在的",
        "The supervisors' figures: today, the last 30 days, and day by day; what waits is what waits now",
        answers: [(200, [.json("Rates")])]
    )
    static let roster = APIOperation(
        "roster",
        .get,
        "/api/v1/roster",
        .read,
        "现在谁以什么角色服务谁;limit 为一页的企业和园区数",
        "Who serves whom now, in which role; limit is of enterprises and parks",
        parameters: """
            enterprise? string | 只看这家企业 | this enterprise alone
            person? string | 只看此人 | this person alone
            \(after)
            \(limit)
            """,
        answers: [(200, [.json("Roster")])],
        refusals: [400]
    )
    static let articles = APIOperation(
        "articles",
        .get,
        "/api/v1/articles",
        .read,
        "各条款的规则及执行情况",
        "The rules of each article, and how they were kept",
        answers: [(200, [.json("Articles")])]
    )
    static let journal = APIOperation(
        "journal",
        .get,
        "/api/v1/journal",
        .readLedger,
        "审计记录,从最近的起",
        "The journal, the latest record first",
        parameters: "\(before)\n\(limit)",
        answers: [(200, [.json("JournalPage")])],
        refusals: [400]
    )

    static let after = "after? string | 上一页的 next | next of the page before"
    private static let before = "before? string | 上一页的 next | next of the page before"
    static let limit = "limit? 1…\(APIQuery.mostRows) | 一页的条数,默认 50 | rows of a page; 50 without it"

    private static let lists = [matters, deadlines, alerts, rates, roster, articles, journal]
}
