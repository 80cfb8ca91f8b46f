import Duty
import Storage
import Telemetry

/// Lists that are searched and paged through.
extension BoardRoutes {
    // MARK: Matters

    func matters(_ view: BoardView, _ query: BoardQuery) async throws -> Content {
        let words = view.words
        var filter = MatterFilter()
        filter.number = query["q"]
        filter.type = query["type"].flatMap { MatterType(rawValue: $0) }
        filter.state = query["state"].flatMap { MatterQuery.State(rawValue: $0) } ?? .all
        filter.enterprise = query["enterprise"]
        filter.person = query["person"]
        filter.article = query["article"].flatMap { Int($0) }
        var (wanted, knowsPerson) = try await reader.query(filter, view.policy)
        wanted.after = query["after"]
        var problem: String?
        if let name = query["person"], !knowsPerson {
            problem = words("没有叫“\(name)”的人有服务的企业。", "Nobody called “\(name)” serves an enterprise.")
        }
        let page = try await reader.store.list(wanted, now: view.now)
        var fields: [String: Any] = [
            "form": form(view, query, wanted),
            "list": try await list(
                view,
                query,
                page,
                caption: words("事项", "Matters"),
                empty: words("没有符合条件的事项。", "No matter fits.")
            ),
        ]
        fields["problem"] = problem
        return Content(template: .matters, heading: words("事项", "Matters"), fields: fields)
    }

    /// One page of a list of matters, with the way to the next.
    func list(
        _ view: BoardView,
        _ query: BoardQuery,
        _ page: MatterPage,
        caption: String,
        empty: String
    ) async throws -> [String: Any] {
        var fields: [String: Any] = [
            "rows": try await view.rows(page), "hasRows": !page.rows.isEmpty, "caption": caption,
            "empty": page.next == nil
                ? empty : view.words("这一段里没有,请继续查找。", "Nothing in this part; look on."),
        ]
        if let next = page.next {
            fields["next"] = [
                "href": query.changed(["after": next]),
                "label": page.rows.isEmpty
                    ? view.words("继续查找", "Look on") : view.words("下一页", "Next page"),
            ]
        }
        return fields
    }

    private func form(_ view: BoardView, _ query: BoardQuery, _ wanted: MatterQuery) -> [String: Any] {
        let words = view.words
        func options(_ all: [(String, String)], _ chosen: String?) -> [[String: Any]] {
            all.map { ["value": $0.0, "label": $0.1, "selected": $0.0 == (chosen ?? "")] }
        }
        let types = MatterType.allCases.filter { $0 != .gathering && $0 != .calendar }
        let articles = Set(view.policy.rules.map(\.article)).sorted()
        let anything = words("全部", "All")
        return [
            "button": words("查找", "Find"),
            "number": ["label": words("单号", "Number"), "value": query["q"] ?? ""],
            "enterprise": ["label": words("企业", "Enterprise"), "value": query["enterprise"] ?? ""],
            "person": ["label": words("服务人员", "Officer"), "value": query["person"] ?? ""],
            "type": [
                "label": words("类别", "Kind"),
                "options": options(
                    [("", anything)] + types.map { ($0.rawValue, view.type($0)) },
                    query["type"]
                ),
            ],
            "article": [
                "label": words("条款", "Article"),
                "options": options(
                    [("", anything)] + articles.map { ("\($0)", view.article($0)) },
                    query["article"]
                ),
            ],
            "state": [
                "label": words("状态", "State"),
                "options": options(
                    [
                        ("", anything), ("overdue", words("已超时", "Overdue")),
                        ("running", words("进行中", "Running")), ("closed", words("已结束", "Closed")),
                    ],
                    query["state"]
                ),
            ],
        ]
    }

    // MARK: Alerts

    func alerts(_ view: BoardView, _ query: BoardQuery) async throws -> Content {
        let words = view.words
        let isTrouble = query["only"] == "trouble"
        let limit = 50
        let rows = try await reader.store.notifications(
            before: query["before"].flatMap { Int64($0) },
            onlyTrouble: isTrouble,
            limit: limit
        )
        var fields: [String: Any] = [
            "tabs": [
                ["href": "/alerts", "label": words("全部", "All"), "current": !isTrouble],
                [
                    "href": "/alerts?only=trouble", "label": words("未送达、存疑", "Not delivered, in doubt"),
                    "current": isTrouble,
                ],
            ] as [[String: Any]],
            "hasRows": !rows.isEmpty,
            "heads": [
                words("状态", "State"), words("单号", "Number"), words("内容", "What"), words("告知", "Told"),
                words("时间", "When"), words("各次发送", "Attempts"),
            ],
            "headWhat": words("内容", "What"), "headWho": words("告知", "Told"), "headAt": words("时间", "When"),
            "headTries": words("各次发送", "Attempts"),
            "empty": words("没有通知。", "No notification."),
            "rows": rows.map { alert(view, $0.stored) },
        ]
        if rows.count == limit, let last = rows.last {
            fields["next"] = [
                "href": query.changed(["before": "\(last.number)"]), "label": words("更早的", "Earlier ones"),
            ]
        }
        return Content(template: .alerts, heading: words("通知", "Alerts"), fields: fields)
    }

    private func alert(_ view: BoardView, _ stored: StoredNotification) -> [String: Any] {
        let told = stored.notification
        let arrival = view.arrival(stored)
        let hidden = view.disclosure.hides(told)
        return [
            "tone": arrival.tone, "mark": arrival.mark, "word": arrival.word,
            "href": view.path(told.matter), "number": view.label(told.matter), "code": told.code,
            "what": hidden ? view.words("限制查阅", "restricted") : view.title(told.rule),
            "stage": view.stage(told.stage),
            "who": hidden ? "–" : view.name(told.recipient.person),
            "role": hidden ? "" : view.role(told.recipient.role),
            "at": view.date(told.requestedAt), "tries": stored.attempts.map { attempt(view, $0) },
        ]
    }

    /// `hook 14:05 ✓` with what the provider said where it was not a yes.
    func attempt(_ view: BoardView, _ attempt: StoredAttempt) -> String {
        let at = view.date(attempt.finishedAt ?? attempt.startedAt)
        let said: String
        switch attempt.outcome {
        case .sent: said = "✓"
        case .retry(let code, let reason, _), .failed(let code, let reason):
            let why = view.words(AttemptWords.chinese(reason), reason)
            said = "✗ " + Redactor.redact([code, why].filter { !$0.isEmpty }.joined(separator: " "))
        case .uncertain(let reason):
            said = "? " + Redactor.redact(view.words(AttemptWords.chinese(reason), reason))
        case nil: said = "…"
        }
        return "\(attempt.channel) \(at) \(said)"
    }
}
