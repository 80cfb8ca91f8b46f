import Duty
import Hummingbird
import Schemas
import Storage
import Telemetry

/// Everything about one matter: its clocks, what happened, who was told, and what every figure rests on.
extension BoardRoutes {
    func matter(_ view: BoardView, _ query: BoardQuery, _ context: ConsoleContext) async throws -> Content {
        let type = try context.parameters.require("type")
        let number = try context.parameters.require("number")
        let id = MatterID(type + "/" + (number.removingURLPercentEncoding() ?? number))
        guard let matter = try await reader.store.matters([id]).first else {
            return message(
                view,
                view.words("没有这个事项", "No such matter"),
                view.words("记录中没有 \(id.text)。", "\(id.text) is not on record."),
                .notFound
            )
        }
        let notifications = try await reader.store.notifications(of: id)
        let enterprise = try await reader.enterprise(of: matter)
        let isHidden = view.disclosure.hides(matter)
        let shown = notifications.filter { !view.disclosure.hides($0.notification) }
        var fields: [String: Any] = [
            "summary": [
                "items": summary(view, matter, enterprise, isHidden: isHidden)
            ]
        ]
        fields["headline"] = headline(
            view,
            matter,
            shown,
            enterprise,
            isHidden: isHidden
        )
        fields["clocks"] = clocks(view, matter, isHidden: isHidden)
        if isHidden {
            fields["restricted"] = view.words(
                "本事项限制查阅,仅显示编号与时限。",
                "This matter is restricted: only its number and its limits are shown."
            )
        } else {
            fields["picture"] = [
                "title": view.words("时间线", "Time line"),
                "svg": TimelinePicture(view: view, matter: matter, notifications: shown).svg,
            ]
            fields["timeline"] = [
                "title": view.words("经过", "What happened"),
                "items": timeline(view, matter, shown),
            ]
            fields["told"] = told(view, shown, matter)
            fields["untold"] = untold(view, notifications, matter, enterprise)
            let forms = forms(view, matter, told: notifications)
            fields["forms"] = forms
            fields["hasForms"] = !forms.isEmpty
        }
        let heading = (id.type.map(view.type) ?? "") + " " + view.label(id)
        return Content(template: .matter, heading: heading, fields: fields)
    }

    func message(
        _ view: BoardView,
        _ heading: String,
        _ text: String,
        _ status: HTTPResponse.Status
    ) -> Content {
        Content(
            template: .message,
            heading: heading,
            fields: [
                "text": text, "backHref": "/", "back": view.words("回到看板", "Back to the board"),
            ],
            isLive: false,
            status: status
        )
    }

    /// What a supervisor asks first: how it stands, who must act, and whether they were reached.
    private func headline(
        _ view: BoardView,
        _ matter: StoredMatter,
        _ notifications: [StoredNotification],
        _ enterprise: Enterprise?,
        isHidden: Bool
    ) -> [String: Any] {
        let words = view.words
        let running = matter.state.runningClocks
        let shown = running.first ?? matter.state.records.last { !$0.isWithdrawn && $0.kind != "notice" }
        let look: (tone: String, mark: String, word: String) =
            shown.map(view.phase) ?? ("muted", "○", words("无计时", "No clock"))
        var fields: [String: Any] = ["tone": look.tone, "mark": look.mark, "word": look.word]
        if let due = running.first?.dueAt {
            fields["left"] = view.left(due)
            fields["dueISO"] = due.rfc3339
        }
        guard !isHidden else { return fields }
        fields["what"] = shown.map { view.title($0.key.rule) }
        let told = notifications.last { $0.state != .silenced }
        let owners = view.owners(told, enterprise)
        var items: [[String: Any]] = []
        if matter.isOpen, !owners.isEmpty {
            items.append(["label": words("须办理", "Must act"), "text": view.names(owners), "at": ""])
        }
        if let told {
            let arrival = view.arrival(told)
            items.append([
                "label": words("最近通知", "Last notice"),
                "arrival": ["tone": arrival.tone, "mark": arrival.mark, "word": arrival.word],
                "text": view.stage(told.notification.stage) + " → " + view.who(told.notification.recipient),
                "at": view.date(told.notification.requestedAt),
            ])
        }
        fields["items"] = items
        return fields
    }

    private func summary(
        _ view: BoardView,
        _ matter: StoredMatter,
        _ enterprise: Enterprise?,
        isHidden: Bool
    ) -> [[String: Any]] {
        let words = view.words
        var items: [[String: Any]] = []
        func add(_ label: String, _ value: String?) {
            if let value, !value.isEmpty { items.append(["label": label, "value": value]) }
        }
        if !isHidden {
            let name = [enterprise?.name, matter.enterprise?.text].compactMap { $0 }.joined(separator: " · ")
            add(words("企业", "Enterprise"), name)
            if let enterprise {
                add(words("责任人", "Owner"), view.names(view.policy.owners(of: enterprise, at: view.now)))
            }
            let about = matter.facts.lazy.compactMap { $0.text("summary") }.last
            add(words("内容", "What it is about"), about.map(Redactor.redact))
        }
        add(
            words("状态", "State"),
            matter.isOpen ? words("未结束", "open") : words("已结束", "closed")
        )
        add(words("适用规则", "Rules"), matter.policyVersion)
        if let rating = matter.state.rating, !isHidden {
            add(
                words("评价", "Rating"),
                (rating.isSolved ? words("已解决", "solved") : words("未解决", "not solved")) + " · "
                    + (rating.isSatisfied ? words("满意", "satisfied") : words("不满意", "not satisfied"))
            )
        }
        return items
    }

    // MARK: Clocks

    private func clocks(
        _ view: BoardView,
        _ matter: StoredMatter,
        isHidden: Bool
    ) -> [String: Any] {
        let words = view.words
        let policy = reader.rules.book.policy(matter.policyVersion)
        let rows = matter.state.records.sorted {
            ($0.key.cycle, $0.openedAt, $0.key) < ($1.key.cycle, $1.openedAt, $1.key)
        }
        .map { record -> [String: Any] in
            let look = view.phase(record)
            let cycle = view.cycle(record.key)
            var row: [String: Any] = [
                "tone": look.tone, "mark": look.mark, "word": look.word,
                "what": view.title(record.key.rule),
                "rule": record.key.rule.text
                    + (cycle.isEmpty ? "" : " · " + cycle),
                "article": view.article(record.article),
                "opened": view.date(record.openedAt), "due": record.dueAt.map(view.due) ?? "–",
                "done": record.metAt.map(view.date) ?? "–",
                "basis": policy.rule(record.key.rule).map { view.basis($0.basis) } ?? "",
            ]
            if record.isRunningClock, let due = record.dueAt {
                row["left"] = view.left(due)
                row["dueISO"] = due.rfc3339
            }
            if record.isProvisional { row["provisional"] = words("暂定", "provisional") }
            if isHidden {
                for name in ["rule", "article", "basis"] { row[name] = "" }
                row["what"] = words("限制查阅", "restricted")
            }
            if record.isLateIngest {
                row["word"] = look.word + words("(事件晚到)", " (the event came late)")
            }
            return row
        }
        return [
            "title": words("时限与要求", "Clocks and rules"), "rows": rows,
            "heads": [
                words("状态", "State"), words("要求", "Rule"), words("条款", "Article"),
                words("开始", "Opened"), words("到期", "Due"), words("完成", "Done"), words("依据", "Rests on"),
            ],
            "headArticle": words("条款", "Article"), "headOpened": words("开始", "Opened"),
            "headDue": words("到期", "Due"), "headDone": words("完成", "Done"),
            "headBasis": words("依据", "Rests on"),
        ]
    }

    // MARK: What happened

    private struct Moment {
        let at: Instant
        let tone: String
        let mark: String
        let what: String
        let text: String
    }

    private func timeline(
        _ view: BoardView,
        _ matter: StoredMatter,
        _ notifications: [StoredNotification]
    ) -> [[String: Any]] {
        let words = view.words
        let effective = Dictionary(
            FactHistory.effective(matter.facts).map { ($0.key, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        // They never count among what happened, and are void only if somebody has said so.
        let telling: Set<EventKind> = [.notificationAcknowledged, .escalationRequested]
        var moments = matter.facts.filter { !$0.isReflected }.map { fact -> Moment in
            let data = view.disclosure.data(of: fact)
            let actor = ["actor.personRef", "by.personRef", "personRef"].lazy
                .compactMap { data.at(path: $0)?.string }.first
            var text = actor.map { view.name(PersonRef($0)) } ?? ""
            if fact.receivedAt - fact.at > .minutes(1) {
                let late = words.duration(fact.receivedAt - fact.at)
                text += (text.isEmpty ? "" : " · ") + words("晚到 \(late)", "came \(late) late")
            }
            let isVoid =
                effective[fact.key] == nil && !fact.isAmendment
                && (!telling.contains(fact.kind)
                    || !FactHistory.facts(of: fact.kind, in: matter.facts).contains { $0.key == fact.key })
            return Moment(
                at: fact.at,
                tone: isVoid ? "muted" : "plain",
                mark: isVoid ? "–" : "●",
                what: EventWords.wording(fact.kind.rawValue).map(view.wording) ?? fact.kind.rawValue,
                text: text + (isVoid ? " " + words("(已作废)", "(voided)") : "")
            )
        }
        for record in matter.state.records where !record.isWithdrawn && record.kind != "notice" {
            if let breached = record.breachedAt {
                moments.append(
                    Moment(
                        at: breached,
                        tone: "late",
                        mark: "■",
                        what: words("超时", "Overdue"),
                        text: view.title(record.key.rule)
                    )
                )
            }
        }
        for stored in notifications where stored.state != .silenced {
            let arrival = view.arrival(stored)
            let told = stored.notification
            moments.append(
                Moment(
                    at: told.requestedAt,
                    tone: arrival.tone,
                    mark: "✉",
                    what: view.stage(told.stage),
                    text:
                        "\(view.who(told.recipient)) · \(arrival.word)"
                )
            )
        }
        return moments.sorted { $0.at < $1.at }.map {
            [
                "iso": $0.at.rfc3339, "at": view.date($0.at), "tone": $0.tone, "mark": $0.mark,
                "what": $0.what, "text": $0.text,
            ]
        }
    }

    // MARK: Who was told, and why

    private func told(
        _ view: BoardView,
        _ notifications: [StoredNotification],
        _ matter: StoredMatter
    ) -> [String: Any] {
        let words = view.words
        // Whoever has seen the latest has seen those before it: one form for each of them is enough.
        let latest = Dictionary(
            notifications.filter { $0.acknowledgement == nil && $0.state != .silenced }
                .map { (Asked($0.notification), $0.notification.key) }
        ) { $1 }
        let items = notifications.map { stored -> [String: Any] in
            let told = stored.notification
            let arrival = view.arrival(stored)
            var parts = [
                view.title(told.rule), view.stage(told.stage), view.date(told.requestedAt), arrival.word,
            ]
            parts += stored.attempts.map { attempt(view, $0) }
            if let acknowledged = stored.acknowledgement {
                parts.append(
                    words("确认:", "acknowledged: ") + view.name(acknowledged.person) + " "
                        + view.date(acknowledged.at) + " " + words.via(acknowledged.via)
                )
            }
            return [
                "tone": arrival.tone, "mark": arrival.mark,
                "who": view.who(told.recipient),
                "text": parts.joined(separator: " · "), "why": why(view, stored),
                "forms": latest[Asked(told)] == told.key ? acknowledging(view, stored, matter) : [],
            ]
        }
        return [
            "title": words("告知了谁,为什么", "Who was told, and why"), "items": items,
            "empty": words("还没有人被告知。", "Nobody has been told yet."),
        ]
    }

    /// Whom what was asked of.
    private struct Asked: Hashable {
        let rule: RuleID
        let cycle: Int
        let person: PersonRef

        init(_ told: Duty.Notification) {
            (rule, cycle, person) = (told.rule, told.cycle, told.recipient.person)
        }
    }

    private func why(_ view: BoardView, _ stored: StoredNotification) -> String {
        let words = view.words
        let told = stored.notification
        if stored.state == .silenced {
            return words("静默期内,只记录不告知", "kept back by a silence: on record, not told")
        }
        if stored.state == .gaveUp { return words("没有可用的渠道", "no channel was left") }
        if told.withdraws != nil {
            return words("此前被告知的人收到撤回", "whoever was told before hears that it is taken back")
        }
        let role = view.role(told.recipient.role)
        return words(
            "第\(told.article)条,“\(view.stage(told.stage))”一步告知\(role)",
            "article \(told.article): the step “\(view.stage(told.stage))” tells the \(role)"
        )
    }
}
