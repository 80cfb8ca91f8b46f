import Duty
import Storage
import Telemetry

/// Writes one log line per journal entry, once it is on disk, and keeps the counters of what came to an end.
package struct JournalLog: Sendable {
    private let log: LogWriter
    private let metrics: DutyclockMetrics
    private let rules: RulesInForce

    package init(log: LogWriter, metrics: DutyclockMetrics, rules: RulesInForce) {
        self.log = log
        self.metrics = metrics
        self.rules = rules
    }

    package func write(_ records: [JournalRecord]) {
        let book = rules.book
        var bytes: [UInt8] = []
        for record in records {
            for entry in record.entries {
                count(entry)
                if log.isEnabled(Self.level(entry)) { append(entry, record, book, &bytes) }
            }
        }
        if !bytes.isEmpty { log.writeLines(bytes) }
    }

    private func count(_ entry: Transition) {
        let rule = entry.rule?.text ?? ""
        switch entry.action {
        case "deadline.met", "gate.satisfied", "duty.met": metrics.deadlines(rule, "met").add()
        case let action where Self.isAlert(action): metrics.deadlines(rule, "breached").add()
        case "deadline.cancelled", "duty.cancelled": metrics.deadlines(rule, "cancelled").add()
        case "deadline.withdrawn", "duty.withdrawn", "gate.cleared", "window.cleared", "practice.cleared",
            "fee.cleared":
            metrics.deadlines(rule, "withdrawn").add()
        default: break
        }
    }

    private static func level(_ entry: Transition) -> LogLevel {
        if isAlert(entry.action) { return .warn }
        switch entry.action {
        case "notification.uncertain", "notification.failed": return .warn
        // Of a message that was decided, rather than of a step that has nobody to tell.
        case "notification.gaveUp": return entry.fields["notificationId"] == nil ? .warn : .error
        default: return .info
        }
    }

    private func append(
        _ entry: Transition,
        _ record: JournalRecord,
        _ book: RuleBook,
        _ bytes: inout [UInt8]
    ) {
        var fields: [LogField] = [
            ("event.kind", .string(Self.isAlert(entry.action) ? "alert" : "event")),
            ("event.category", .list(["process"])),
            ("event.action", .string(entry.action)),
            ("duty.journal_sequence", .int(record.sequence)),
        ]
        if let outcome = Self.outcomes[entry.action] { fields.append(("event.outcome", .string(outcome))) }
        if let matter = record.matter {
            fields.append(("duty.matter", .string(matter.text)))
            fields.append(("duty.case_id", .string(matter.number)))
        }
        if let enterprise = record.enterprise {
            fields.append(("park.enterprise_id", .string(enterprise.text)))
        }
        if let rule = entry.rule { fields.append(("duty.rule_id", .string(rule.text))) }
        if let article = entry.article { fields.append(("duty.article", .int(Int64(article)))) }
        if entry.cycle > 0 { fields.append(("duty.cycle", .int(Int64(entry.cycle)))) }
        fields.append(("duty.at", .string(entry.at.rfc3339)))
        // What one person bears is between that person and the ledger; a log has the reference alone.
        let isPersonal = entry.fields["personRef"] != nil
        for member in entry.fields.members ?? [] {
            if member.name == "amountFen", isPersonal { continue }
            if member.name == "traceparent" {
                fields += Self.trace(member.value)
            } else if let field = Self.field(member, entry.action) {
                fields.append(field)
            }
        }
        if entry.fields["dueAt"] != nil {
            fields.append(("duty.calendar_revision", .string(book.calendar.revision)))
        }
        if entry.fields["topic"] != nil { fields.append(("messaging.system", "kafka")) }
        fields += Self.escalation(entry, book.policy(record.policyVersion ?? ""))
        log.appendLine(
            level: Self.level(entry),
            message: Self.message(entry),
            logger: "journal",
            fields: fields,
            to: &bytes
        )
    }

    private static func isAlert(_ action: String) -> Bool { alerts.contains(action) }

    private static let alerts: Set<String> = [
        "deadline.breached", "gate.violated", "window.violated", "practice.violated", "fee.overcharged",
        "duty.missed",
    ]

    /// What became of an attempt to tell.
    private static let outcomes = [
        "notification.sent": "success", "notification.failed": "failure", "notification.uncertain": "unknown",
        "notification.gaveUp": "failure",
    ]

    /// The names of docs/operations.md for what the journal calls by its own.
    private static let names: [String: String] = [
        "dueAt": "duty.due_at", "oldDueAt": "duty.old_due_at", "stage": "duty.stage", "reason": "duty.reason",
        "lateIngest": "duty.late_ingest", "ingestDelaySeconds": "duty.ingest_delay_seconds",
        "delayedBySeconds": "duty.delayed_by_seconds", "overdueSeconds": "duty.overdue_seconds",
        "correctedBreach": "duty.corrected_breach", "clockSkew": "duty.clock_skew",
        "backdated": "duty.backdated", "notInForce": "duty.not_in_force",
        "calendarProvisional": "duty.calendar_provisional", "notificationId": "duty.notification_id",
        "code": "event.code", "class": "duty.class", "personRef": "duty.person_ref",
        "role": "duty.recipient_role",
        "channel": "duty.channel", "attempt": "duty.attempt", "providerCode": "duty.provider_code",
        "period": "duty.period", "total": "duty.total", "done": "duty.done", "count": "duty.count",
        "limit": "duty.limit", "limitFen": "duty.limit_fen", "doubt": "duty.doubt",
        "workingDays": "duty.working_days", "departments": "duty.departments",
        "durationMilliseconds": "event.duration", "owners": "duty.owners",
        "formerEnterpriseId": "duty.former_enterprise_id", "was": "duty.was", "wouldBe": "duty.would_be",
        "revision": "duty.revision", "decisionId": "duty.decision_id", "amountFen": "duty.amount_fen",
        "from": "duty.policy_from", "to": "duty.policy_to", "by": "duty.by", "byRole": "duty.by_role",
        "requestId": "duty.request_id", "silenceId": "duty.silence_id", "silentFrom": "duty.silent_from",
        "silentUntil": "duty.silent_until", "letters": "duty.letters",
        "unreachable": "duty.unreachable", "oneChannel": "duty.one_channel", "subjects": "duty.subjects",
        "via": "duty.via", "roles": "duty.roles", "source": "duty.event_source", "id": "event.id",
        "type": "duty.event_type", "topic": "messaging.destination.name",
        "partition": "messaging.destination.partition.id", "offset": "messaging.kafka.offset",
    ]

    /// The trace and the span of a W3C `traceparent`: version, trace, span and flags.
    private static func trace(_ value: Value) -> [LogField] {
        let parts = (value.string ?? "").split(separator: "-")
        guard parts.count == 4 else { return [] }
        return [("trace.id", .string(String(parts[1]))), ("span.id", .string(String(parts[2])))]
    }

    /// How high up an alert or a message goes, and which message an alert comes with.
    private static func escalation(_ entry: Transition, _ policy: Policy) -> [LogField] {
        if let role = entry.fields["role"]?.string {
            return level(policy.roles[RoleID(role)]?.level)
        }
        guard isAlert(entry.action), let rule = entry.rule.flatMap(policy.rule),
            let step = policy.alarm(of: rule)
        else { return [] }
        return [("event.code", .string(step.code))] + level(policy.level(of: step))
    }

    private static func level(_ level: Int?) -> [LogField] {
        level.map { [("duty.level", .string("L\($0)"))] } ?? []
    }

    private static func field(_ member: Value.Member, _ action: String) -> LogField? {
        guard let name = names[member.name] else { return nil }
        // What somebody typed may name anybody; the journal has it, the log has who and what.
        if name == "duty.reason", typed.contains(action) { return nil }
        if name == "duty.by", typed.contains(action), !isReference(member.value) { return nil }
        switch member.value {
        case .string(let text) where text.isEmpty: return nil
        // A provider's own words.
        case .string(let text) where member.name == "reason" || member.name == "providerCode":
            return (name, .outside(text))
        case .string(let text): return (name, .string(text))
        // The schema counts in nanoseconds.
        case .integer(let number) where name == "event.duration": return (name, .int(number &* 1_000_000))
        case .integer(let number):
            return name == "messaging.destination.partition.id"
                ? (name, .string("\(number)")) : (name, .int(number))
        case .bool(let flag): return (name, .bool(flag))
        case .array(let values): return (name, .list(values.compactMap(\.string)))
        default: return nil
        }
    }

    /// Actions whose reason is what somebody typed.
    private static let typed: Set<String> = [
        "notification.silenced", "notification.acknowledged", "escalation.requested", "silence.set",
        "silence.ended", "deadLetter.retried", "deadLetter.discarded", "matter.repolicied",
    ]

    /// Whether it can be the reference of a person, a role or a token, and no name.
    private static func isReference(_ value: Value) -> Bool {
        value.string.map { text in
            text.utf8.count <= 64
                && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || ".:_-".contains($0)) }
        } ?? false
    }

    private static func message(_ entry: Transition) -> String {
        if entry.fields["notInForce"] != nil { return "事件早于文件施行日,不产生义务" }
        return messages[entry.action] ?? entry.action
    }

    private static let messages: [String: String] = [
        "event.accepted": "事件已接收", "event.parked": "事件等待其起始事件", "deadline.started": "开始计时",
        "deadline.warned": "临近到期", "deadline.breached": "逾期", "deadline.met": "已完成",
        "deadline.cancelled": "计时取消", "deadline.recomputed": "期限重算", "deadline.withdrawn": "期限撤回",
        "gate.satisfied": "已有前置记录", "gate.violated": "未见前置记录", "gate.cleared": "违规记录撤回",
        "window.violated": "宁静日内入企", "window.cleared": "宁静日违规撤回", "practice.violated": "违规做法",
        "practice.cleared": "违规做法撤回", "fee.overcharged": "收费超限", "fee.cleared": "收费超限撤回",
        "duty.due": "周期职责开始", "duty.warned": "周期职责临近期末", "duty.met": "周期职责已完成",
        "duty.missed": "周期职责未完成", "duty.cancelled": "周期职责解除", "duty.recomputed": "周期职责重算",
        "duty.withdrawn": "周期职责撤回",
        "allocation.posted": "分担入账", "allocation.adjusted": "分担调整", "allocation.reversed": "分担冲销",
        "allocation.held": "分担待定", "allocation.settled": "分担履行登记", "notification.requested": "通知待发",
        "notification.sent": "通知已发", "notification.failed": "通知未发出", "notification.uncertain": "通知结果不明",
        "notification.escalated": "升级通知待发", "notification.acknowledged": "通知已确认",
        "notification.gaveUp": "通知无法送达", "notification.silenced": "通知已静默",
        "matter.repolicied": "改按另一版规则", "matter.moved": "事项移转", "matter.recalculated": "重算",
        "escalation.requested": "人工升级", "silence.set": "设置静默期",
        "silence.ended": "结束静默期", "deadLetter.retried": "死信已放回", "deadLetter.discarded": "死信已丢弃",
        "reachability.checked": "可达性核查",
    ]
}

extension Rule {
    /// Whether `deadlines_total` counts it: those that are kept or broken at a moment.
    package var isCounted: Bool {
        switch body {
        case .notice, .allocation: false
        default: true
        }
    }
}
