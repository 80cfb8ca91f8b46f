import Console
import Duty

/// Words for what the interface says of matters and messages.
struct BoardWords {
    private let language: LocaleOption

    init(_ language: LocaleOption) { self.language = language }

    /// Why a daemon does not do all of its work, by what `/api/v1/status` says.
    func problems(_ status: Value) -> [String] {
        let texts = (status["problemTexts"]?.array ?? []).map(pick)
        return texts.isEmpty ? (status["problems"]?.array ?? []).compactMap(\.string) : texts
    }

    /// The step at which somebody was told, with the word that `escalate` knows it by.
    func stage(_ stage: Value?) -> String {
        guard let stage = stage?.string else { return "" }
        let text = StageWords.text(stage, isChinese: language.isChinese)
        return TextTable.printable(text == stage ? stage : text + " " + stage)
    }

    func person(_ person: Value?) -> String {
        let text = person?.string ?? ""
        return text.hasPrefix("@") ? self("园区群", "park group") : TextTable.printable(text)
    }

    /// A text that the interface gives in both languages.
    func pick(_ text: Value?) -> String { text?[language.isChinese ? "zh" : "en"]?.string ?? "" }

    func callAsFunction(_ chinese: String, _ english: String) -> String { language.choose(chinese, english) }

    /// `2026-11-23 14:05`, by the county's clock; empty for nothing.
    func time(_ value: Value?) -> String {
        guard let moment = value?.string.flatMap({ Instant(rfc3339: $0) }) else { return "" }
        return String(moment.local.prefix(16)).replacing("T", with: " ")
    }

    /// State, time left, due time, matter, enterprise, limits, owners.
    func cells(_ row: Value, elapsed: Int64 = 0) -> [String] {
        let clocks = row["clocks"]?.array ?? []
        let left = row["leftSeconds"]?.integer.map { $0 - elapsed }
        let mark = self.mark(row, left)
        let what =
            row["restricted"]?.bool == true
            ? self("限制查阅", "restricted")
            : clocks.compactMap { $0["title"]?.string ?? $0["ruleId"]?.string }
                .joined(separator: self("、", "; "))
        return [
            mark.shape + " " + mark.word, left.map(span) ?? "",
            time(row["dueAt"]) + (row["provisional"]?.bool == true ? self("(暂定)", " (provisional)") : ""),
            row["id"]?.string ?? "",
            row["enterpriseName"]?.string ?? row["enterpriseId"]?.string ?? "", what,
            (row["ownerRefs"]?.array ?? []).compactMap(\.string).joined(separator: ", "),
        ]
    }

    /// How a matter stands, by shape, word and colour alike.
    func mark(_ row: Value, _ left: Int64?) -> (shape: String, word: String, tone: Tone) {
        guard let left else {
            return row["state"]?.string == "closed"
                ? ("–", self("已结束", "closed"), .muted) : ("○", self("无时限", "no limit"), .plain)
        }
        if left < 0 { return ("■", self("已超时", "overdue"), .late) }
        return left <= max(Self.soon, length(row) / 5)
            ? ("▲", self("将到期", "due soon"), .soon) : ("●", self("进行中", "running"), .plain)
    }

    enum Tone { case plain, late, soon, good, muted }

    /// Due soon, as the board has it: within a quarter of an hour or a fifth of the limit, whichever is longer.
    private static let soon: Int64 = 900

    /// Seconds that the earliest limit of a matter has in all.
    private func length(_ row: Value) -> Int64 {
        func moment(_ name: String) -> Instant? {
            row["clocks"]?.array?.first?[name]?.string.flatMap { Instant(rfc3339: $0) }
        }
        guard let opened = moment("openedAt"), let due = moment("dueAt") else { return 0 }
        return (due - opened).seconds
    }

    /// `剩1小时5分`, `超3天`; what is not over yet counts to the second in its last two minutes.
    func span(_ left: Int64) -> String {
        let seconds = abs(left)
        let parts: [(Int64, String, String)] = [
            (seconds / 86_400, "天", "d"), (seconds / 3_600 % 24, "小时", "h"), (seconds / 60 % 60, "分", "min"),
            (seconds < 120 ? seconds % 60 : 0, "秒", "s"),
        ]
        let shown = parts.drop { $0.0 == 0 }.prefix(2).filter { $0.0 > 0 }
        let text =
            shown.isEmpty
            ? self("0秒", "0 s")
            : shown.map { "\($0.0)" + self($0.1, " " + $0.2) }.joined(separator: self("", " "))
        return left < 0 ? self("超" + text, text + " late") : self("剩" + text, text + " left")
    }

    func state(_ state: String) -> String {
        switch state {
        case "open": self("进行中", "open")
        case "met": self("已完成", "met")
        case "breached": self("已超时", "breached")
        case "cancelled": self("已取消", "cancelled")
        case "withdrawn": self("已撤回", "withdrawn")
        default: state
        }
    }

    func arrival(_ state: String) -> String {
        switch state {
        case "acknowledged": "✓✓ " + self("已确认", "acknowledged")
        case "sent": "✓ " + self("已送达", "delivered")
        case "pending", "sending": "… " + self("待发", "on its way")
        case "uncertain": "? " + self("结果不明", "in doubt")
        case "failed": "! " + self("重试中", "being tried again")
        case "gaveUp": "✗ " + self("未送达", "not delivered")
        case "silenced": "– " + self("静默", "silenced")
        default: state
        }
    }

    func outcome(_ outcome: String?) -> String {
        switch outcome {
        case "sent": "✓"
        case "uncertain": "?"
        case nil: "…"
        default: "✗"
        }
    }
}
