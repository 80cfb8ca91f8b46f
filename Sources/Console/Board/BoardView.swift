import Duty
import Engine
import Storage

/// One request for a page: who asks, when, in which language, and by which rules.
struct BoardView: Sendable {
    let reader: BoardReader
    let words: AnswerWords
    let principal: Principal
    let now: Instant
    let policy: Policy
    let calendar: WorkCalendar
    /// What whoever asks may see.
    let disclosure: Disclosure
    /// For the screen on the wall: large, dark, and without anything to press.
    let isWall: Bool

    init(reader: BoardReader, language: AnswerWords.Language, principal: Principal, isWall: Bool) {
        self.reader = reader
        words = AnswerWords(language: language)
        self.principal = principal
        self.isWall = isWall
        now = reader.clock.now()
        let book = reader.rules.book
        policy = book.current
        disclosure = Disclosure(principal, policy)
        calendar = book.calendar
    }

    // MARK: Names

    func name(_ person: PersonRef) -> String {
        reader.name(person) ?? (person.text.hasPrefix("@") ? words("园区群", "park group") : person.text)
    }

    func names(_ people: [PersonRef]) -> String {
        people.map(name).joined(separator: words("、", ", "))
    }

    func role(_ role: RoleID) -> String {
        if role.text.hasPrefix("@") { return words("园区群", "park group") }
        // Whoever the event itself names, whatever they are otherwise.
        if role.text.hasPrefix("fact:") { return words("事件所指的人", "whoever the event names") }
        return words.role(role) ?? policy.roles[role].map { $0.names.map(wording) ?? $0.name } ?? role.text
    }

    /// In the reader's language.
    func title(_ rule: RuleID) -> String { policy.rule(rule).map(title) ?? rule.text }

    func title(_ rule: Rule) -> String { rule.titles.map(wording) ?? rule.title }

    /// `2026年第4季度`, `2026年` or `第2轮`, by how the rule comes round; empty for the first of a matter's cycles.
    func cycle(_ key: ObligationKey) -> String {
        if case .recurring(let recurring) = policy.rule(key.rule)?.body {
            switch recurring.every {
            case .quarter where key.cycle > 10_000:
                let (year, quarter) = (key.cycle / 10, key.cycle % 10)
                return words("\(year)年第\(quarter)季度", "quarter \(quarter) of \(year)")
            case .year: return words("\(key.cycle)年", "\(key.cycle)")
            default: break
            }
        }
        return key.cycle > 1 ? words("第\(key.cycle)轮", "cycle \(key.cycle)") : ""
    }

    /// Before its articles the document has a covering notice, which is counted as 0.
    func article(_ number: Int) -> String {
        number == 0
            ? words("通知正文", "The covering notice") : words("第\(number)条", "Article \(number)")
    }

    func wording(_ wording: Wording) -> String { words(wording.chinese, wording.english) }

    // MARK: Matters

    func path(_ matter: MatterID) -> String {
        "/matters/" + FormText.encoded(matter.type?.rawValue ?? "waiting") + "/"
            + FormText.encoded(matter.number)
    }

    /// What people call the matter by.
    func label(_ matter: MatterID) -> String {
        matter.number
    }

    /// Red and square when it has run out, amber and pointed when it is about to, blue and round else.
    func urgency(due: Instant?, opened: Instant) -> (tone: String, mark: String, word: String) {
        guard let due else { return ("plain", "○", words("无期限", "No limit")) }
        if due <= now { return ("late", "■", words("已超时", "Overdue")) }
        let isSoon = due - now <= max(.minutes(15), Span(microseconds: (due - opened).microseconds / 5))
        return isSoon ? ("soon", "▲", words("将到期", "Due soon")) : ("plain", "●", words("进行中", "Running"))
    }

    func left(_ due: Instant) -> String {
        let span = words.duration(due - now)
        return due > now ? words("剩\(span)", "\(span) left") : words("超\(span)", "\(span) late")
    }

    func date(_ instant: Instant) -> String { words.date(instant, now: now) }

    /// A limit that ends with a day is said to end at 24:00 of it, not at the beginning of the next.
    func due(_ due: Instant) -> String {
        let last = due - Span(microseconds: 1)
        guard CivilDate(last) != CivilDate(due) else { return date(due) }
        return String(date(last).dropLast(5)) + "24:00"
    }

    /// `11月23日 周一` or `Mon 23 Nov`, with the year where it is another one.
    func day(_ date: CivilDate) -> String {
        let (year, month, day) = date.parts
        let isOther = year != CivilDate(now).year
        return words.language == .chinese
            ? (isOther ? "\(year)年" : "") + "\(month)月\(day)日 \(Self.weekdays.chinese[date.weekday - 1])"
            : "\(Self.weekdays.english[date.weekday - 1]) \(day) \(Self.months[month - 1])"
                + (isOther ? " \(year)" : "")
    }

    static let weekdays = (
        chinese: ["周一", "周二", "周三", "周四", "周五", "周六", "周日"],
        english: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    )
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    // MARK: Words for values

    /// What a silence keeps back: everything that each of these words is about.
    func scope(_ scope: Silence.Scope) -> String {
        let parts = [
            scope.matter.map { ($0.type.map(type).map { $0 + " " } ?? "") + label($0) },
            scope.enterprise.map { words("企业 ", "enterprise ") + $0.text },
            scope.rule.map { words("要求 ", "rule ") + title($0) },
            scope.role.map { words("角色 ", "role ") + role($0) },
            scope.person.map { words("接收人 ", "for ") + name($0) },
        ].compactMap { $0 }
        return parts.isEmpty ? words("全部通知", "everything") : parts.joined(separator: words("、", ", "))
    }

    func stage(_ stage: String) -> String { StageWords.text(stage, isChinese: words.language == .chinese) }

    /// Whether a notification has arrived, in a shape and a word.
    func arrival(_ stored: StoredNotification) -> (tone: String, mark: String, word: String) {
        if stored.acknowledgement != nil { return ("good", "✓✓", words("已确认", "acknowledged")) }
        return switch stored.state {
        case .sent: ("good", "✓", words("已送达", "delivered"))
        case .pending, .sending: ("plain", "…", words("待发", "on its way"))
        case .uncertain: ("soon", "?", words("结果不明", "in doubt"))
        case .failed: ("soon", "!", words("重试中", "being tried again"))
        case .gaveUp: ("late", "✗", words("未送达", "not delivered"))
        case .silenced: ("muted", "–", words("静默", "silenced"))
        }
    }

    /// What became of a try to send, as the metrics call it.
    func outcome(_ word: String) -> String {
        switch word {
        case "sent": words("已送达", "delivered")
        case "retry": words("重试", "tried again")
        case "failed": words("失败", "failed")
        case "uncertain": words("结果不明", "in doubt")
        case "gaveUp": words("未送达", "not delivered")
        default: word
        }
    }

    func phase(_ record: MatterState.Record) -> (tone: String, mark: String, word: String) {
        if record.isWithdrawn { return ("muted", "–", words("已撤回", "withdrawn")) }
        if record.kind == "notice" { return ("muted", "○", words("已告知", "told")) }
        return switch record.phase {
        case .open: urgency(due: record.dueAt, opened: record.openedAt)
        case .breached where record.kind == "gate":
            ("late", "■", words("无前置记录", "not on record beforehand"))
        case .breached where record.kind == "finding": ("late", "■", words("违规", "against the rules"))
        case .breached: ("late", "■", words("已超时", "Overdue"))
        case .met: ("good", "✓", words("按时", "in time"))
        case .metLate: ("soon", "✓", words("迟办", "late"))
        case .cancelled: ("muted", "–", words("已取消", "cancelled"))
        case .breachedThenCancelled: ("muted", "■", words("超时后终止", "cancelled after the breach"))
        }
    }

    func type(_ type: MatterType) -> String {
        switch type {
        case .enterprise: words("企业", "Enterprise")
        case .park: words("园区", "Park")
        case .org: words("单位", "Organisation")
        case .complaint: words("诉求", "Complaint")
        case .service: words("服务", "Service")
        case .fee: words("收费", "Fee")
        case .approval: words("审批", "Approval")
        case .project: words("项目", "Project")
        case .visit: words("入企", "Visit")
        case .case: words("立案", "Case")
        case .penalty: words("处罚", "Penalty")
        case .fine: words("罚款", "Fine")
        case .clue: words("线索", "Clue")
        case .duty: words("周期职责", "Recurring duty")
        case .assessment: words("测评", "Assessment")
        case .calendar: words("日历", "Calendar")
        case .silence: words("静默", "Silence")
        case .gathering: words("合并查看", "Gathering")
        }
    }

    func basis(_ basis: Basis) -> String {
        switch basis {
        case .text: words("文件原文", "the document's text")
        case .statute: words("上位法", "higher law")
        case .default: words("本系统默认", "our own default")
        }
    }
}
