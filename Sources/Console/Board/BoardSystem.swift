import Duty
import Engine
import Storage

/// How the daemon itself does, and the record of everything that it decided.
extension BoardRoutes {
    func system(_ view: BoardView, _ query: BoardQuery) async throws -> Content {
        let words = view.words
        let statistics = try await reader.store.statistics(now: view.now)
        let next = try await reader.store.nextWakeUp()
        let problems = backend.health.problems(
            overdueSince: next.flatMap { $0 < view.now ? $0 : nil },
            now: view.now
        )
        func item(_ label: String, _ value: String) -> [String: Any] { ["label": label, "value": value] }
        let intake: [[String: Any]] = [
            item(
                words("就绪", "Ready"),
                problems.isEmpty ? words("是", "yes") : words("否", "no")
            ),
            item(words("已接收事件", "Events on record"), "\(statistics.facts)"),
            item(words("事项(未结束)", "Matters (open)"), "\(statistics.matters) (\(statistics.openMatters))"),
            item(words("到点未处理", "Timers overdue"), "\(statistics.overdueWakeUps)"),
            item(words("审计记录", "Journal records"), "\(statistics.journalRecords)"),
        ]
        var sections: [[String: Any]] = [["title": words("接收与判定", "Intake and decisions"), "items": intake]]
        sections.append(["title": words("待发通知", "Waiting notifications"), "items": waiting(view, statistics)])
        sections.append(["title": words("接收滞后与渠道", "Lag and channels"), "items": pipeline(view)])
        sections.append(["title": words("规则与日历", "Rules and calendar"), "items": configuration(view)])
        let letters = try await reader.store.deadLetters(
            in: DeadLetter.State.unsettled,
            after: query["letters"].flatMap { Int64($0) } ?? 0,
            limit: Self.letters
        )
        var fields: [String: Any] = [:]
        if letters.count == Self.letters, let last = letters.last {
            fields["next"] = [
                "href": query.changed(["letters": "\(last.number)"]),
                "label": words("更多死信", "More dead letters"),
            ]
        }
        return Content(
            template: .system,
            heading: words("系统", "System"),
            fields: fields.merging([
                "problems": (problems + refused(view)).map { words($0.chinese, $0.english) },
                "sections": sections,
                "silences": try await silences(view),
                "letters": [
                    "title": words("死信", "Dead letters"),
                    "empty": words("没有死信。", "There is no dead letter."),
                    "items": letters.map { letter -> [String: Any] in
                        [
                            "number": "#\(letter.number)",
                            "reason": view.wording(DeadLetterWords.title(letter)),
                            "detail": detail(view, letter),
                            "place": "\(letter.topic) [\(letter.partition)] @ \(letter.offset) · "
                                + view.date(letter.at),
                            "forms": settling(view, letter),
                        ]
                    },
                ] as [String: Any],
            ]) { $1 }
        )
    }

    /// So many dead letters stand on one page.
    private static let letters = 50

    private func detail(_ view: BoardView, _ letter: DeadLetter) -> String {
        guard view.principal.may(.readDeadLetters) else { return "" }
        return view.wording(DeadLetterWords.detail(letter, articles: view.policy.articleCount))
    }

    /// What was wrong with the configuration that was refused, for those who see what fails.
    private func refused(_ view: BoardView) -> [Wording] {
        view.principal.may(.readDeadLetters) ? backend.health.refusedConfiguration : []
    }

    /// What is kept back now, or will be.
    private func silences(_ view: BoardView) async throws -> [String: Any] {
        let words = view.words
        let known = try await reader.store.matters(try await reader.store.matterIDs(of: .silence))
        let silences = known.compactMap { Silence(facts: $0.facts) }.filter { $0.until > view.now }
        return [
            "title": words("静默", "Silences"), "empty": words("没有静默。", "Nothing is silenced."),
            "items": silences.map { silence -> [String: Any] in
                [
                    "id": silence.id,
                    "state": silence.from > view.now ? words("未开始", "ahead") : words("进行中", "holds"),
                    "text": [
                        view.scope(silence.scope), "\(view.date(silence.from)) – \(view.date(silence.until))",
                        silence.reason,
                    ].joined(separator: " · "),
                    "forms": ending(view, silence),
                ]
            },
        ]
    }

    private func waiting(_ view: BoardView, _ statistics: StoreStatistics) -> [[String: Any]] {
        guard !statistics.pending.isEmpty else {
            return [["label": view.words("全部渠道", "All channels"), "value": "0"]]
        }
        var items = statistics.pending.map { group -> [String: Any] in
            let channel = group.channel ?? view.words("首选渠道", "first channel")
            return ["label": "\(group.messageClass.text) · \(channel)", "value": "\(group.count)"]
        }
        if let oldest = statistics.oldestPending {
            items.append(["label": view.words("最早", "Oldest"), "value": view.date(oldest)])
        }
        return items
    }

    /// How far the intake is behind, and how each channel does; the same numbers as the metrics.
    private func pipeline(_ view: BoardView) -> [[String: Any]] {
        let words = view.words
        let lag = backend.metrics.consumerLag.all.map(\.series.value)
        let behind = lag.isEmpty ? words("未知", "unknown") : "\(Int(lag.reduce(0, +)))"
        var items: [[String: Any]] = [
            ["label": words("未读取的事件", "Events not read yet"), "value": behind]
        ]
        var outcomes: [String: [String]] = [:]
        for (labels, series) in backend.metrics.notifications.all
        where !labels[0].isEmpty && series.value > 0 {
            outcomes[labels[0], default: []].append("\(view.outcome(labels[1])) \(series.value)")
        }
        let open = Dictionary(backend.metrics.channelOpen.all.map { ($0.labels[0], $0.series.value > 0) }) {
            $1
        }
        for channel in Set(outcomes.keys).union(open.keys).sorted() {
            let state =
                open[channel] == true
                ? words("■ 熔断中,暂不发送", "■ circuit open, nothing is sent") : words("✓ 正常", "✓ working")
            items.append([
                "label": words("渠道 ", "Channel ") + channel,
                "value": ([state] + (outcomes[channel] ?? [])).joined(separator: " · "),
            ])
        }
        return items
    }

    private func configuration(_ view: BoardView) -> [[String: Any]] {
        let words = view.words
        let years = view.calendar.knownYears.sorted().map { "\($0)" }.joined(separator: ", ")
        var items: [[String: Any]] = [
            ["label": words("文件", "Document"), "value": view.policy.document],
            ["label": words("规则版本", "Rules"), "value": view.policy.version],
            ["label": words("日历版本", "Calendar"), "value": view.calendar.revision],
            ["label": words("已有年份", "Years known"), "value": years],
        ]
        let thisYear = CivilDate(view.now).year
        let missing = [thisYear, thisYear + 1].filter { !view.calendar.knownYears.contains($0) }
        if !missing.isEmpty {
            let text = missing.map { "\($0)" }.joined(separator: ", ")
            items.append([
                "label": words("缺少年份", "Years missing"),
                "value": text + words("(跨该年的到期日为暂定)", " (due dates in them are provisional)"),
            ])
        }
        return items
    }

    // MARK: Audit

    /// Of what there are silences in the journal, what they keep back: the records name them by their number alone.
    private func scopes(_ view: BoardView, _ records: [JournalRecord]) async throws -> [MatterID: String] {
        let ids = Set(records.compactMap(\.matter).filter { $0.type == .silence })
        let known = try await reader.store.matters(ids.sorted())
        let scopes = known.compactMap { matter in
            Silence(facts: matter.facts).map { (matter.id, view.scope($0.scope)) }
        }
        return Dictionary(scopes) { $1 }
    }

    func audit(_ view: BoardView, _ query: BoardQuery) async throws -> Content {
        let words = view.words
        let limit = 100
        let records = try await reader.store.journal(
            before: query["before"].flatMap { Int64($0) },
            limit: limit
        )
        let silenced = try await scopes(view, records)
        let journal = JournalWords(isChinese: words.language == .chinese, name: view.name)
        var fields: [String: Any] = [
            "hint": words(
                "每条记录与前一条以散列相连;dutyclock audit verify 可全部核对。",
                "Each record is chained to the one before by its hash; dutyclock audit verify checks them all."
            ),
            "empty": words("还没有记录。", "There is no record yet."),
            "items": records.map { record -> [String: Any] in
                let isAlert = record.entries.contains {
                    $0.action.hasSuffix(".breached") || $0.action.hasSuffix(".violated")
                        || $0.action.hasSuffix(".missed")
                }
                var item: [String: Any] = [
                    "iso": record.at.rfc3339, "at": view.date(record.at), "sequence": "#\(record.sequence)",
                    "tone": isAlert ? "late" : "",
                    "lines": record.entries.map { entry -> [String: Any] in
                        let isHidden = view.disclosure.hides(entry, of: record.matter)
                        let rule = entry.rule.map { view.title($0) + " · " } ?? ""
                        return [
                            "what": journal.action(entry.action),
                            "text": isHidden
                                ? ""
                                : [
                                    rule + journal.details(entry.fields),
                                    record.matter.flatMap { silenced[$0] },
                                ]
                                .compactMap { $0 }.joined(separator: " · "),
                        ]
                    },
                ]
                if let matter = record.matter {
                    item["href"] = ["href": view.path(matter), "number": view.label(matter)]
                }
                return item
            },
        ]
        if records.count == limit, let last = records.last {
            fields["next"] = [
                "href": query.changed(["before": "\(last.sequence)"]), "label": words("更早的", "Earlier ones"),
            ]
        }
        return Content(template: .audit, heading: words("审计", "Audit"), fields: fields, isLive: false)
    }
}
