import Duty

/// What the journal calls by its own names, in the words of the reader.
package struct JournalWords {
    let isChinese: Bool
    /// How a person is called here.
    let name: (PersonRef) -> String

    package init(isChinese: Bool, name: @escaping (PersonRef) -> String) {
        self.isChinese = isChinese
        self.name = name
    }

    package func action(_ action: String) -> String { word(Self.actions, action) }

    /// Everything that a transition says beside its action, as one phrase; empty if there is nothing.
    package func details(_ fields: Value) -> String {
        let parts = (fields.members ?? []).compactMap(detail)
        return parts.joined(separator: isChinese ? "," : ", ")
    }

    private func word(_ words: [String: (String, String)], _ key: String) -> String {
        words[key].map { isChinese ? $0.0 : $0.1 } ?? key
    }

    private func detail(_ member: Value.Member) -> String? {
        let text = member.value.string ?? JSONWriter.text(member.value)
        switch member.name {
        // How late says that it was, and the action what kind of entry; a trace is for programs.
        case "lateIngest", "traceparent": return nil
        case "entryKind": return Self.entries[text].map { isChinese ? $0.0 : $0.1 }
        case "reason":
            // What kept a message back is a sentence, and the other reasons are words.
            return Self.reasons[text] == nil && isChinese
                ? AttemptWords.chinese(text) : word(Self.reasons, text)
        case "personRef": return name(PersonRef(text))
        case "obligations": return nil
        case "owners":
            let people = (member.value.array ?? []).compactMap(\.string).map { name(PersonRef($0)) }
            return label(member.name, people.joined(separator: isChinese ? "、" : ", "))
        case "roles":
            return member.value.array?.compactMap(\.string).joined(separator: isChinese ? "、" : ", ")
        case "amountFen": return member.value.integer.map { "¥" + Fen($0).yuan }
        case "dueAt", "oldDueAt":
            return member.value == .null ? nil : label(member.name, Instant(rfc3339: text)?.local ?? text)
        case "overdueSeconds", "ingestDelaySeconds", "delayedBySeconds":
            return label(member.name, member.value.integer.map(duration) ?? text)
        default: break
        }
        if member.value == .bool(true) { return word(Self.labels, member.name) }
        return member.value == .null ? nil : label(member.name, text)
    }

    private func label(_ name: String, _ text: String) -> String { word(Self.labels, name) + " " + text }

    private func duration(_ seconds: Int64) -> String {
        let units: [(Int64, String)] =
            isChinese
            ? [(86_400, "天"), (3_600, "小时"), (60, "分钟"), (1, "秒")]
            : [(86_400, " d"), (3_600, " h"), (60, " min"), (1, " s")]
        var rest = max(0, seconds)
        let parts = units.compactMap { unit, word -> String? in
            let count = rest / unit
            rest %= unit
            return count > 0 ? "\(count)\(word)" : nil
        }
        return parts.isEmpty ? "0" + (isChinese ? "秒" : " s") : parts.joined(separator: isChinese ? "" : " ")
    }

    private static let actions: [String: (String, String)] = [
        "event.accepted": ("收到", "received"),
        "event.parked": ("等待其起始事件", "waits for the event that opens its matter"),
        "deadline.started": ("开始计时", "clock started"),
        "deadline.warned": ("临近到期", "due soon"),
        "deadline.breached": ("逾期", "overdue"),
        "deadline.met": ("已完成", "done"),
        "deadline.cancelled": ("计时取消", "clock cancelled"),
        "deadline.recomputed": ("期限重算", "due time worked out anew"),
        "deadline.withdrawn": ("期限撤回", "deadline withdrawn"),
        "gate.satisfied": ("已有前置记录", "on record beforehand"),
        "gate.violated": ("未见前置记录", "nothing on record beforehand"),
        "gate.cleared": ("违规记录撤回", "violation withdrawn"),
        "window.violated": ("不在允许的时段", "outside the time allowed"),
        "window.cleared": ("时段违规记录撤回", "violation of the time allowed withdrawn"),
        "practice.violated": ("做法不合规定", "practice against the rules"),
        "practice.cleared": ("做法违规记录撤回", "violation by practice withdrawn"),
        "fee.overcharged": ("收费超出上限", "fee above the limit"),
        "fee.cleared": ("收费超限记录撤回", "violation by fee withdrawn"),
        "duty.due": ("例行工作开始计时", "recurring duty due"),
        "duty.warned": ("例行工作临近到期", "recurring duty due soon"),
        "duty.missed": ("例行工作逾期未做", "recurring duty missed"),
        "duty.met": ("例行工作已完成", "recurring duty done"),
        "duty.cancelled": ("例行工作取消", "recurring duty cancelled"),
        "duty.recomputed": ("例行工作期限重算", "recurring duty: due time worked out anew"),
        "duty.withdrawn": ("例行工作撤回", "recurring duty withdrawn"),
        "allocation.posted": ("分担入账", "share posted"),
        "allocation.adjusted": ("分担调整", "share adjusted"),
        "allocation.reversed": ("分担冲销", "share reversed"),
        "allocation.held": ("分担待定", "share held"),
        "allocation.settled": ("分担履行登记", "share settled"),
        "matter.repolicied": ("改按另一版规则", "follows another policy version"),
        "matter.moved": ("移转到另一家企业", "went over to another enterprise"),
        "matter.recalculated": ("重算(已了结,不改记录)", "worked out anew (closed, the record stays)"),
        "notification.requested": ("通知待发", "notification decided"),
        "notification.escalated": ("升级通知待发", "escalation decided"),
        "notification.sent": ("通知已发", "notification sent"),
        "notification.failed": ("通知未发出", "notification failed"),
        "notification.uncertain": ("通知结果不明", "notification in doubt"),
        "notification.acknowledged": ("通知已确认", "notification acknowledged"),
        "escalation.requested": ("人工升级", "escalated by hand"),
        "silence.set": ("设置静默期", "silence set"),
        "silence.ended": ("结束静默期", "silence ended"),
        "deadLetter.retried": ("死信已放回", "dead letters put back"),
        "deadLetter.discarded": ("死信已丢弃", "dead letters put aside"),
        "reachability.checked": ("可达性核查", "who can be reached was looked at"),
        "notification.silenced": ("静默期内,未告知", "kept back by a silence"),
        "notification.gaveUp": ("无人可告知", "nobody to tell"),
    ]

    /// Kinds of entries that their action does not tell from others.
    private static let entries: [String: (String, String)] = [
        "release": ("待定部分落实", "what was held"), "refund": ("退还", "given back"),
        "refundDue": ("应退还", "to be given back"),
    ]

    private static let reasons: [String: (String, String)] = [
        "withdrawn": ("已撤回、取消或撤销", "withdrawn, cancelled or revoked"),
        "voided": ("记录已作废", "the record was voided"),
        "corrected": ("记录已更正", "the record was corrected"),
        "deregistered": ("企业已注销", "the enterprise is deregistered"),
        "reopened": ("已重开", "opened again"),
        "calendar": ("日历已更新", "the calendar has changed"),
        "policy": ("适用的规则已更新", "another version of the rules applies"),
        "changed": ("情况已变化", "circumstances have changed"),
        "released": ("不再担任该角色", "no longer holds the role"),
        "nobody": ("没有人担任", "held by nobody"),
        "noDepartment": ("承办部门未登记", "no department on record"),
    ]

    private static let labels: [String: (String, String)] = [
        "dueAt": ("到期", "due"),
        "source": ("来源", "source"), "id": ("编号", "id"), "type": ("类型", "type"), "topic": ("主题", "topic"),
        "partition": ("分区", "partition"), "offset": ("位移", "offset"),
        "notInForce": ("办法施行之前", "before the measure was in force"), "code": ("消息", "message"),
        "channel": ("渠道", "by"), "attempt": ("第几次", "attempt"), "providerCode": ("代码", "code"),
        "digest": ("合并为", "as part of"), "durationMilliseconds": ("用时(毫秒)", "took (ms)"),
        "from": ("自", "from"), "to": ("至", "to"), "year": ("年份", "year"), "ruleId": ("规则", "rule"),
        "letters": ("死信", "letters"), "number": ("编号", "number"), "kind": ("种类", "kind"),
        "formerEnterpriseId": ("原企业", "before"),
        "owners": ("责任人", "in charge"),
        "was": ("原为", "was"),
        "wouldBe": ("应为", "would be"),
        "oldDueAt": ("原到期", "was due"),
        "calendarRevision": ("日历版本", "calendar"),
        "stage": ("阶段", "stage"),
        "workingDays": ("工作日", "working days"),
        "class": ("类别", "class"),
        "period": ("期间", "period"),
        "total": ("应做", "to do"),
        "done": ("已做", "done so far"),
        "role": ("角色", "role"),
        "revision": ("修订", "revision"),
        "decisionId": ("认定", "decision"),
        "via": ("经由", "via"),
        "silenceId": ("静默", "silence"),
        "silentFrom": ("静默自", "silent from"),
        "silentUntil": ("静默至", "silent until"),
        "by": ("经办", "by"),
        "byRole": ("身份", "as"),
        "requestId": ("请求", "request"),
        "notificationId": ("通知", "notification"),
        "overdueSeconds": ("迟", "late by"),
        "ingestDelaySeconds": ("事件晚到", "the event came late by"),
        "delayedBySeconds": ("本系统晚", "own delay"),
        "correctedBreach": ("原逾期已更正", "the breach was an error"),
        "clockSkew": ("来源时钟不准", "the source's clock is wrong"),
        "backdated": ("事后补登", "written down late"),
        "calendarProvisional": ("该年节假日尚未公布,暂定", "provisional: that year's holidays are not known yet"),
    ]
}
