import Duty

/// Single records, what supervisors do, and what comes in.
extension APIOperations {
    static let records: [APIOperation] = [
        APIOperation(
            "status",
            .get,
            "/api/v1/status",
            .read,
            "几个计数,以及是否就绪",
            "A few counts, and whether it does its work",
            answers: [(200, [.json("Status")])]
        ),
        APIOperation(
            "stream",
            .get,
            "/api/v1/stream",
            .read,
            "服务器发送事件:有变化时发 change,不含内容",
            "Server-sent events: change says that something is new, never what",
            answers: [(200, [.text("text/event-stream")])],
            refusals: [503]
        ),
        APIOperation(
            "matter",
            .get,
            "/api/v1/matters/{type}/{number}",
            .read,
            "一个事项的全部:事实、义务、通知及每次发送",
            "Everything about one matter: facts, obligations, notifications with every attempt",
            parameters: """
                type string | 类型 | type
                number string | 单号 | number
                """,
            answers: [(200, [.json("Matter")])],
            refusals: [404]
        ),
        APIOperation(
            "ledger",
            .get,
            "/api/v1/ledger",
            .readLedger,
            "责任分担台账:分录、余额、科目;写了 fine 才有 fine",
            "The ledger of shares: entries, balances and accounts; fine is there if one is named",
            parameters: ledgerParameters + "\nperson? string | 只看此人 | this person alone",
            answers: [(200, [.json("Ledger")])],
            refusals: [400]
        ),
        APIOperation(
            "statement",
            .get,
            "/api/v1/ledger/statement",
            .readLedger,
            "一个人的对账单,不带他人痕迹;本人总能看自己的",
            "A statement for one person, with no trace of others; that person may always see it",
            parameters: ledgerParameters + "\nperson string | 人员代号 | the person's reference",
            answers: [(200, [.json("Statement")])],
            refusals: [400]
        ),
    ]

    private static let ledgerParameters = """
        fine? string | 只看这笔罚款 | this fine alone
        from? string | 从这天(或 RFC 3339 时刻)起 | from this day, or RFC 3339 time, on
        to? string | 到这天为止(含当天;时刻则不含) | to this day, or before this time
        """

    private static let letter = "number integer | 编号 | its number"

    static let deadLetters = APIOperation(
        "deadLetters",
        .get,
        "/api/v1/dlq",
        .readDeadLetters,
        "死信,从最早的起",
        "Dead letters, the oldest first",
        parameters: """
            only? waiting/all | waiting:还没有人处理的 | waiting: those that nobody has settled
            \(after)
            \(limit)
            """,
        answers: [(200, [.json("DeadLetters")])],
        refusals: [400]
    )

    static let letters: [APIOperation] = [
        deadLetters,
        APIOperation(
            "deadLetter",
            .get,
            "/api/v1/dlq/{number}",
            .readDeadLetters,
            "一条死信的全部",
            "One dead letter whole",
            parameters: letter,
            answers: [(200, [.json("WholeDeadLetter")])],
            refusals: [400, 404]
        ),
        APIOperation(
            "retryDeadLetter",
            .post,
            "/api/v1/dlq/{number}/retry",
            .act,
            "放回原主题",
            "Put back onto its topic",
            parameters: letter,
            body: [.json("Reason")],
            answers: [(200, [.json("Retried")])],
            refusals: [400, 404, 409, 503]
        ),
        APIOperation(
            "discardDeadLetter",
            .post,
            "/api/v1/dlq/{number}/discard",
            .act,
            "丢弃",
            "Put aside for good",
            parameters: letter,
            body: [.json("Reason")],
            answers: [(200, [.json("Discarded")])],
            refusals: [400, 404, 409, 503]
        ),
        APIOperation(
            "lastRepolicy",
            .get,
            "/api/v1/repolicy",
            .changePolicy,
            "最近一次改用规则版本的命令及其进度",
            "The last order to move matters to another policy version, and how far it has come",
            answers: [(200, [.json("Repolicy")])],
            refusals: [404]
        ),
        APIOperation(
            "repolicy",
            .post,
            "/api/v1/repolicy",
            .changePolicy,
            "改用规则版本;dryRun 为真(默认)时只说会有什么变化",
            "Move open matters to another policy version; while dryRun is true, as without it, only what would change",
            body: [.json("RepolicyOrder")],
            answers: [(200, [.json("RepolicyPreview")]), (202, [.json("Repolicy")])],
            refusals: [400, 409, 422, 503]
        ),
    ]

    static let intake: [APIOperation] = [
        APIOperation(
            "acceptEvents",
            .post,
            "/api/v1/events",
            .writeEvents,
            "接收 CloudEvents:结构化、二进制或批量,最多 1 MiB;全部在 Kafka 落稳后才回 202",
            "Takes CloudEvents, structured, binary or as a batch, at most 1 MiB; 202 once all are safe in Kafka",
            body: [
                .init(media: "application/cloudevents+json", schema: APIType.schema("CloudEvent")),
                .init(media: "application/cloudevents-batch+json", schema: APIType.schema("[CloudEvent]")),
                .json("object"),
            ],
            answers: [(202, [.json("Accepted")])],
            refusals: [400, 413, 422, 503]
        ),
        APIOperation(
            "acceptReplies",
            .post,
            "/api/v1/replies",
            .writeEvents,
            "接收短信回复:阿里云的列表,或腾讯云的单条;按该服务商的约定回答",
            "Takes replies to text messages: Alibaba Cloud's list or Tencent Cloud's single one; answers as that provider expects",
            body: [.json("any")],
            answers: [(200, [.json("ReplyReceipt")])],
            refusals: [400, 413, 503]
        ),
    ]
}
