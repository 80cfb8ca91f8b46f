import Duty
import Storage

/// What the page of one notification shows at one moment.
struct AnswerPage {
    /// An answer that was handed in and may not have counted yet.
    struct Pending: Hashable {
        let action: AnswerAction
        /// How often the page has looked for it.
        let looks: Int

        /// Seconds between two looks, and after how many it stops looking by itself.
        static let pause = 2
        static let mostLooks = 60
    }

    let words: AnswerWords
    let found: AnswerCase
    let now: Instant
    let proof: String
    let name: (PersonRef) -> String?
    let roleName: (RoleID) -> String
    var pending: Pending?
    /// What was wrong with the form that was handed in.
    var complaint: String?
    /// What stood in a form that has to be shown again.
    var entered: FormBody?

    private var told: Notification { found.notification.notification }

    var fields: [String: Any] {
        var fields: [String: Any] = [
            "lang": words.language.rawValue, "title": headline, "tone": tone, "badge": badge,
            "headline": headline, "notices": notices, "rows": rows, "hasRecords": !records.isEmpty,
            "records": records, "recordTitle": words("办理情况", "What is on record"),
            "footer": words("本页只供您本人使用,请勿转发。", "This page is for you alone. Do not pass it on."),
            "otherLang": words.language.other.rawValue,
            "otherName": words("English", "中文"),
        ]
        fields["enterprise"] = told.values["enterpriseName"]?.string
        fields["matter"] = told.values["matterWord"]?.string
        fields["refresh"] = refresh
        if found.offers(.acknowledge), waitsFor != .acknowledge { fields["acknowledge"] = acknowledgeForm }
        if found.offers(.respond), waitsFor != .respond { fields["respond"] = respondForm }
        if found.offers(.propose), waitsFor != .propose { fields["propose"] = proposeForm }
        return fields
    }

    // MARK: The head

    private var isOverdue: Bool { told.dueAt.map { $0 <= now } ?? false }

    private var badge: String {
        if found.isClosed { return words("已撤销", "Taken back") }
        guard let subject = found.subject else { return words("通知", "For your information") }
        if subject.isMet { return words("已办", "Done") }
        if isOverdue { return words("已超时", "Overdue") }
        return told.stage.hasPrefix("open") ? words("待办", "To do") : words("催办", "Reminder")
    }

    private var tone: String {
        guard let subject = found.subject, !found.isClosed else { return "muted" }
        if subject.isMet { return "good" }
        guard let due = subject.dueAt ?? told.dueAt else { return "plain" }
        return due <= now ? "late" : due - now <= .minutes(15) ? "soon" : "plain"
    }

    private var headline: String {
        if found.isClosed { return words("无需再办", "Nothing left to do") }
        guard let subject = found.subject else {
            return ruleTitle ?? words("请知悉", "Please note")
        }
        if let met = subject.metAt {
            let time = words.date(met, now: now)
            return words("已于\(time)办理", "Done on \(time)")
        }
        guard let due = subject.dueAt ?? told.dueAt else { return words("请办理", "Please see to it") }
        let span = words.duration(due - now)
        return due > now ? words("剩\(span)", "\(span) left") : words("已超\(span)", "\(span) late")
    }

    // MARK: Notices

    private var notices: [[String: Any]] {
        var notices: [[String: Any]] = []
        func add(_ tone: String, _ text: String) { notices.append(["tone": tone, "text": text]) }
        if let complaint { add("late", complaint) }
        if found.isClosed {
            add(
                "soon",
                words(
                    "该事项已撤回、取消或作废,无需答复。",
                    "This matter was withdrawn, cancelled or voided. No answer is needed."
                )
            )
        }
        guard let pending, complaint == nil else { return notices }
        if let fact = found.fact(pending.action) {
            let time = words.date(fact.receivedAt, now: now)
            add("good", words("已计入(\(time))", "Counted (\(time))"))
        } else if waitsFor != nil {
            add("soon", words("已提交,等待计入…", "Handed in, waiting to be counted…"))
        } else {
            add("late", words("尚未计入,请稍后再打开本页查看。", "Not counted yet. Please open this page again later."))
        }
        return notices
    }

    /// The answer that is on its way; nil once it has counted, or after too long a wait.
    private var waitsFor: AnswerAction? {
        guard let pending, found.fact(pending.action) == nil, pending.looks < Pending.mostLooks else {
            return nil
        }
        return pending.action
    }

    private var refresh: [String: Any]? {
        guard let pending, waitsFor != nil else { return nil }
        let query = "?done=\(pending.action.rawValue)&n=\(pending.looks + 1)&lang=\(words.language.rawValue)"
        return ["seconds": Pending.pause, "url": query]
    }

    // MARK: What it is about

    private var rows: [[String: Any]] {
        var rows: [[String: Any]] = []
        func add(_ label: String, _ value: String?) {
            if let value, !value.isEmpty { rows.append(["label": label, "value": value]) }
        }
        let isMadeUp = told.matter.type == .duty || told.matter.type == .gathering
        add(words("单号", "Number"), isMadeUp ? nil : told.matter.number)
        add(words("时限要求", "Rule"), ruleTitle)
        add(words("到期", "Due"), (found.subject?.dueAt ?? told.dueAt).map { words.date($0, now: now) })
        add(words("责任人", "Owner"), owners)
        let role = words.role(told.recipient.role) ?? roleName(told.recipient.role)
        add(words("您", "You"), name(told.recipient.person).map { "\($0) · \(role)" })
        add(words("链接有效至", "Link opens until"), found.expires.map { words.date($0, now: now) })
        return rows
    }

    /// In the reader's language; nil where the message may not say what it is about.
    private var ruleTitle: String? {
        told.values["ruleTitle"]?.string.map { title in
            found.titles.map { words($0.chinese, $0.english) } ?? title
        }
    }

    private var owners: String? {
        let people = told.values["ownerRefs"]?.array?.compactMap(\.string) ?? []
        guard !people.isEmpty else { return nil }
        return people.map { name(PersonRef($0)) ?? $0 }.joined(separator: words("、", ", "))
    }

    // MARK: The record

    /// Acknowledgement, response and plan apart, each with who, when and how.
    private var records: [[String: Any]] {
        var lines = [acknowledgement]
        if let record = found.response {
            let fact = found.first(.complaintResponded, since: record)
            lines.append(
                line(words("回应", "Response"), fact, fact?.text("by.personRef"), record) {
                    words.mode($0.text("mode"))
                }
            )
        }
        if let record = found.solution {
            let fact = found.first(.complaintSolutionProposed, since: record)
            lines.append(
                line(words("方案", "Plan"), fact, fact?.text("actor.personRef"), record) {
                    [$0.text("responsibleUnit"), $0.text("planRef")].compactMap { $0 }.joined(separator: " ")
                }
            )
        }
        return lines
    }

    private var acknowledgement: [String: Any] {
        let label = words("收到", "Acknowledged")
        guard let known = found.notification.acknowledgement else {
            return ["tone": "", "mark": "○", "label": label, "text": words("未确认", "not yet")]
        }
        let parts = [
            name(known.person) ?? known.person.text, words.date(known.at, now: now), words.via(known.via),
        ]
        return ["tone": "good", "mark": "✓", "label": label, "text": parts.joined(separator: " · ")]
    }

    private func line(
        _ label: String,
        _ fact: Fact?,
        _ person: String?,
        _ record: MatterState.Record,
        _ how: (Fact) -> String
    ) -> [String: Any] {
        guard let fact else {
            let text = record.metAt.map { words.date($0, now: now) } ?? words("未登记", "not yet")
            return [
                "tone": record.isMet ? "good" : "", "mark": record.isMet ? "✓" : "○", "label": label,
                "text": text,
            ]
        }
        var parts = [person.map { name(PersonRef($0)) ?? $0 }, words.date(fact.at, now: now), how(fact)]
        if !record.isMet, !record.isGone {
            parts.append(words("已登记,但按规则不停止计时", "on record, but by the rules the clock still runs"))
        }
        let text = parts.compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: " · ")
        return [
            "tone": record.isMet ? "good" : "soon", "mark": record.isMet ? "✓" : "!", "label": label,
            "text": text,
        ]
    }
}
