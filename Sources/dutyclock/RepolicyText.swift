import Duty

/// What a move to another policy version would come to, or has come to, for people.
struct RepolicyText {
    let isChinese: Bool

    func text(_ value: Value) -> String { value["dryRun"] == true ? preview(value) : done(value) }

    private func done(_ value: Value) -> String {
        let version = value["to"]?.string ?? ""
        let moved = value["moved"]?.integer ?? 0
        return choose("已移到规则 \(version) 的事项:\(moved)\n", "moved to policy \(version): \(moved) matters\n")
    }

    private func preview(_ value: Value) -> String {
        func number(_ name: String) -> Int64 { value[name]?.integer ?? 0 }
        let version = value["to"]?.string ?? ""
        var text = choose(
            "演算(未改动任何内容):移到规则 \(version)\n会移动 \(number("matters")) 件,其中 \(number("changed")) 件有变化;"
                + "通知 \(number("messages")) 条,台账分录 \(number("ledgerEntries")) 条\n",
            "dry run, nothing was changed: to policy \(version)\n\(number("matters")) matters would move, "
                + "\(number("changed")) of them would change; \(number("messages")) messages, "
                + "\(number("ledgerEntries")) ledger entries\n"
        )
        text += rules(value["rules"]?.array ?? [])
        for item in value["list"]?.array ?? [] { text += self.item(item) }
        if value["truncated"] == true {
            text += choose("……其余未列出\n", "… more than are listed\n")
        }
        return text
    }

    private func rules(_ rules: [Value]) -> String {
        if rules.isEmpty { return "" }
        let columns = ["appears", "vanishes", "dueMoved", "stateChanges", "messages"]
        var table = TextTable(
            [choose("规则", "rule")] + columns.map(word),
            numbers: Set(1..<columns.count + 1)
        )
        for rule in rules {
            table.add([rule["ruleId"]?.string ?? ""] + columns.map { String(rule[$0]?.integer ?? 0) })
        }
        return "\n" + table.text
    }

    private func item(_ item: Value) -> String {
        let version = item["from"]?.string ?? ""
        let before = choose("(原规则 \(version))", " (policy \(version))")
        var text = "\n" + (item["matter"]?.string ?? "") + before + "\n"
        for change in item["changes"]?.array ?? [] {
            let rule = change["ruleId"]?.string ?? ""
            text += "  \(rule) " + word(change["change"]?.string ?? "") + times(change) + "\n"
        }
        for tell in item["tells"]?.array ?? [] {
            let person = tell["personRef"]?.string ?? ""
            let code = tell["code"]?.string ?? ""
            text += choose("  会告知 \(person):\(code)\n", "  would tell \(person): \(code)\n")
        }
        return text
    }

    private func times(_ change: Value) -> String {
        func local(_ name: String) -> String {
            change[name]?.string.flatMap { Instant(rfc3339: $0)?.local } ?? choose("无", "none")
        }
        func state(_ name: String) -> String { word(change[name]?.string ?? "") }
        switch change["change"]?.string {
        case "dueMoved": return choose(":", ": ") + local("oldDueAt") + " → " + local("dueAt")
        case "stateChanges": return choose(":", ": ") + state("oldState") + " → " + state("state")
        case "appears": return choose(",到期 ", ", due ") + local("dueAt")
        default: return ""
        }
    }

    private func choose(_ chinese: String, _ english: String) -> String { isChinese ? chinese : english }

    private func word(_ name: String) -> String { Self.words[name].map { choose($0.0, $0.1) } ?? name }

    private static let words: [String: (String, String)] = [
        "appears": ("新出现", "appears"), "vanishes": ("不再有", "vanishes"),
        "dueMoved": ("到期变动", "due time moves"), "stateChanges": ("状态变化", "state changes"),
        "messages": ("通知", "messages"), "open": ("未完", "open"), "met": ("已完成", "met"),
        "breached": ("逾期或违规", "breached"), "cancelled": ("取消", "cancelled"),
    ]
}
