import Console
import Duty

/// What the board shows, as tables, from what the interface answers.
struct BoardReport {
    private let language: LocaleOption
    private let words: BoardWords

    init(_ language: LocaleOption) {
        self.language = language
        words = BoardWords(language)
    }

    private func word(_ chinese: String, _ english: String) -> String { language.choose(chinese, english) }

    // MARK: Status

    func status(_ value: Value) -> String {
        let isReady = value["ready"]?.bool == true
        var lines: [(String, String)] = [
            (word("就绪", "ready"), isReady ? word("是", "yes") : word("否", "no")),
            (word("文件", "document"), plain(value["document"])),
            (word("规则版本", "policy version"), plain(value["policyVersion"])),
            (word("时间", "time"), words.time(value["now"])),
        ]
        if value["shadow"]?.bool == true {
            lines.append((word("影子模式", "shadow mode"), word("不发出通知", "no message leaves")))
        }
        lines += [
            (word("已超时", "overdue clocks"), "overdueClocks"),
            (word("正在计时", "running clocks"), "runningClocks"),
            (word("未结束事项", "open matters"), "openMatters"),
            (word("待发通知", "notices on their way"), "pendingNotifications"),
            (word("死信", "dead letters"), "deadLetters"),
            (word("到点未处理", "timers overdue"), "overdueWakeUps"),
            (word("已收事件", "events on record"), "facts"),
            (word("审计记录", "journal records"), "journalRecords"),
        ].map { ($0.0, "\(value[$0.1]?.integer ?? 0)") }
        lines.append((word("在办件已办天数", "age of what is open"), ages(value["ages"])))
        var table = TextTable([lines[0].0, lines[0].1])
        for (label, text) in lines.dropFirst() { table.add([label, text]) }
        return table.text + words.problems(value).map { "! " + TextTable.printable($0) + "\n" }.joined()
    }

    /// `today 3 · 1–3 d 2 · …`, without the bands that have nothing.
    private func ages(_ bands: Value?) -> String {
        let texts = (bands?.array ?? []).compactMap { band -> String? in
            guard let from = band["from"]?.integer, let count = band["count"]?.integer, count > 0 else {
                return nil
            }
            let through = band["through"]?.integer
            let days = through == from ? "\(from)" : through.map { "\(from)–\($0)" } ?? "≥\(from)"
            return word("\(days) 天 \(count) 件", "\(days) d: \(count)")
        }
        return texts.isEmpty ? "–" : texts.joined(separator: " · ")
    }

    // MARK: Matters

    func matters(_ rows: Value?, next: Value?) -> String {
        let rows = rows?.array ?? []
        guard !rows.isEmpty else { return word("没有符合条件的事项\n", "no matter fits\n") }
        var table = TextTable(
            language.isChinese
                ? ["状态", "剩余", "到期", "事项", "企业", "时限要求", "责任人", "最近通知"]
                : ["state", "left", "due", "matter", "enterprise", "limit", "owner", "last notice"]
        )
        for row in rows { table.add(words.cells(row) + [notice(row["lastNotice"])]) }
        return table.text + more(next)
    }

    func more(_ next: Value?) -> String {
        next?.string == nil ? "" : word("…还有更多,用 --limit 多看\n", "… there are more: --limit\n")
    }

    private func notice(_ notice: Value?) -> String {
        guard let code = notice?["code"]?.string else { return "" }
        let state = notice?["acknowledged"]?.bool == true ? "acknowledged" : plain(notice?["state"])
        return
            "\(code) \(words.stage(notice?["stage"])) → \(words.person(notice?.at(path: "recipient.personRef"))) "
            + words.arrival(state)
    }

    func matter(_ value: Value) -> String {
        var text = plain(value["id"])
        if let enterprise = value["enterpriseId"]?.string { text += "  " + TextTable.printable(enterprise) }
        text += "  " + word("规则 ", "rules ") + plain(value["policyVersion"]) + "\n"
        if value["restricted"]?.bool == true {
            text += word("限制查阅,仅显示编号与时限", "restricted: only its number and its limits are shown") + "\n"
        }
        text += "\n" + obligations(value["obligations"]?.array ?? [])
        let facts = value["facts"]?.array ?? []
        if !facts.isEmpty {
            var table = TextTable(
                language.isChinese ? ["发生", "收到", "事件"] : ["happened", "came", "event"]
            )
            for fact in facts {
                table.add([words.time(fact["at"]), words.time(fact["receivedAt"]), plain(fact["type"])])
            }
            text += "\n" + table.text
        }
        let told = value["notifications"]?.array ?? []
        if !told.isEmpty { text += "\n" + notifications(told.map { ($0, nil) }) }
        return text
    }

    private func obligations(_ obligations: [Value]) -> String {
        guard !obligations.isEmpty else { return word("没有义务\n", "nothing is owed\n") }
        var table = TextTable(
            language.isChinese
                ? ["规则", "条款", "轮", "起算", "到期", "状态", "完成", "超时"]
                : ["rule", "article", "cycle", "since", "due", "state", "met", "breached"]
        )
        for one in obligations {
            table.add([
                plain(one["ruleId"]), one["article"]?.integer.map { "\($0)" } ?? "",
                "\(one["cycle"]?.integer ?? 1)", words.time(one["openedAt"]), words.time(one["dueAt"]),
                words.state(plain(one["state"])), words.time(one["metAt"]), words.time(one["breachedAt"]),
            ])
        }
        return table.text
    }

    // MARK: Alerts

    func alerts(_ value: Value) -> String {
        let alerts = value["alerts"]?.array ?? []
        guard !alerts.isEmpty else { return word("没有通知\n", "no notification\n") }
        return notifications(alerts.map { ($0["notification"] ?? .null, plain($0["matter"])) })
            + more(value["next"])
    }

    /// Each with its matter, where that is not the same for all.
    private func notifications(_ rows: [(notification: Value, matter: String?)]) -> String {
        let hasMatter = rows.contains { $0.matter != nil }
        var heads =
            language.isChinese
            ? ["时间", "编号", "步骤", "告知", "状态", "各次发送"] : ["time", "code", "stage", "told", "state", "attempts"]
        if hasMatter { heads.insert(word("事项", "matter"), at: 1) }
        var table = TextTable(heads)
        for (row, matter) in rows {
            let isHidden = row == .null
            let state = row["acknowledged"] != nil ? "acknowledged" : plain(row["state"])
            var cells = [
                words.time(row["requestedAt"]), isHidden ? word("限制查阅", "restricted") : plain(row["code"]),
                words.stage(row["stage"]), words.person(row.at(path: "recipient.personRef")),
                words.arrival(state),
                (row["attempts"]?.array ?? []).map(attempt).joined(separator: "; "),
            ]
            if hasMatter { cells.insert(matter ?? "", at: 1) }
            table.add(cells)
        }
        return table.text
    }

    private func attempt(_ attempt: Value) -> String {
        let reason = plain(attempt["reason"])
        let said = [plain(attempt["code"]), word(AttemptWords.chinese(reason), reason)].filter { !$0.isEmpty }
        return ([plain(attempt["channel"]), words.outcome(attempt["outcome"]?.string)] + said)
            .joined(separator: " ")
    }

    // MARK: Roster

    func roster(_ value: Value) -> String {
        let rows = value["assignments"]?.array ?? []
        guard !rows.isEmpty else { return word("没有任职\n", "nobody serves\n") }
        var table = TextTable(
            language.isChinese
                ? ["企业或园区", "角色", "人员", "后备", "起", "止"]
                : ["enterprise or park", "role", "person", "backup", "since", "until"]
        )
        for row in rows {
            table.add([
                row["enterpriseId"]?.string ?? plain(row["parkId"]), plain(row["role"]),
                plain(row["personRef"]), row["backup"]?.bool == true ? word("是", "yes") : "",
                words.time(row["since"]), words.time(row["until"]),
            ])
        }
        return table.text
    }

    private func plain(_ value: Value?) -> String { TextTable.printable(value?.string ?? "") }
}
