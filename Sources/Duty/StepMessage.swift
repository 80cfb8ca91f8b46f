/// What a message may show of its obligation.
extension Stepper {
    mutating func tellOrphans(since: Instant) {
        let people = context.policy.orphanRole.map { role in
            context.resolver.people(for: role, enterprise: context.enterprise, opening: nil, at: now)
        }
        let sheet = Sheet(code: "N92", rule: "system.orphan", article: 0, cycle: 1, subject: "", dueAt: nil)
        for recipient in people ?? [] {
            _ = send(
                sheet,
                stage: "orphan",
                turn: 1,
                to: recipient,
                .personal,
                urgency: 3,
                withdraws: nil,
                values: [
                    Value.Member("sinceAt", .string(since.rfc3339)),
                    Value.Member(
                        "within",
                        TimeLimit.continuous(context.policy.orphanAfter).word.map { .string($0) } ?? .null
                    ),
                ]
            )
        }
    }

    func common(_ sheet: Sheet) -> [Value.Member] {
        var members = [Value.Member("number", .string(context.matter.number))]
        let rule = context.rule(sheet.rule)
        // Also where nothing else may be shown, and where the obligation is gone.
        if let rule, rule.basis != .text {
            members.append(Value.Member("basis", .string(rule.basis.rawValue)))
        }
        if !isSecret(sheet) {
            // An enterprise that nobody has registered yet goes by its number.
            let name = subject.shortName ?? subject.id.text
            if subject.id != .nobody {
                members.append(Value.Member("enterpriseName", .string(name)))
            }
            if let rule { members.append(Value.Member("ruleTitle", .string(rule.title))) }
            if let says = rule?.says { members.append(Value.Member("ruleSays", .string(says))) }
        }
        members.append(Value.Member("cycle", .integer(Int64(sheet.cycle))))
        if let due = sheet.dueAt {
            members.append(Value.Member("dueAt", .string(due.rfc3339)))
            let left = (due - now).seconds
            members.append(
                Value.Member(left >= 0 ? "remainingSeconds" : "overdueSeconds", .integer(abs(left)))
            )
        }
        return members
    }

    /// Whether nothing but the number may be shown to anybody.
    func isSecret(_ sheet: Sheet) -> Bool {
        let about = derivation.obligations.filter { $0.key.rule == sheet.rule && $0.key.cycle == sheet.cycle }
        // What is gone cannot say any more how confidential it was.
        let isGone = !about.contains { $0.key.subject == sheet.subject }
        return context.policy.restrictedRules.contains(sheet.rule)
            || context.former?.restrictedRules.contains(sheet.rule) == true
            || about.contains(where: \.isSecret)
            || (isGone && derivation.isRestricted)
    }

    func values(_ obligation: Obligation, _ messageClass: MessageClass) -> [Value.Member] {
        var members: [Value.Member] = []
        func add(_ name: String, _ value: Value?) {
            if let value { members.append(Value.Member(name, value)) }
        }
        guard !obligation.isSecret else { return [] }
        if messageClass == .personal {
            add("matterWord", obligation.opening.text("summary").map { .string(Self.word($0)) })
        }
        add("actAt", .string(obligation.opening.at.rfc3339))
        add(
            "department",
            context.resolver.departments(of: obligation.opening, among: derivation.effectiveFacts).first.map {
                .string($0)
            }
        )
        add("within", obligation.limit?.word.map { .string($0) })
        for (name, rule) in obligation.rule.limits {
            add(name + "Within", context.policy.rule(rule)?.limit?.word.map { .string($0) })
        }
        add("subjectType", subjectType(obligation).map { .string($0) })
        add("responsibleUnit", obligation.metBy?.text("responsibleUnit").map { .string($0) })
        members += opening(obligation)
        if let met = obligation.metAt, !obligation.isGate {
            add("metAt", .string(met.rfc3339))
            if let due = obligation.dueAt, met > due { add("lateBySeconds", .integer((met - due).seconds)) }
        }
        if obligation.phase(at: now).isBreach, obligation.isLateIngest {
            add("lateIngest", true)
            let delay = obligation.opening.receivedAt - obligation.opening.at
            add("ingestDelaySeconds", .integer(delay.seconds))
        }
        if obligation.metBy?.isBackdated(beyond: context.policy.backdateFlag) == true {
            add("backdated", true)
        }
        let mayQuote = obligation.mayQuote(in: messageClass)
        if mayQuote, let amount = obligation.opening.data["amountFen"],
            obligation.opening.kind == .fineIssued
        {
            add("fineFen", amount)
        }
        let isOfComplaint = [.complaintFiled, .complaintReopened].contains(obligation.opening.kind)
        if isOfComplaint, messageClass == .personal { add("amountFen", filing?.data["amountFen"]) }
        if obligation.dueAt == nil, !obligation.isNotice {
            add("ageDays", .integer((now - obligation.openedAt).seconds / 86_400))
        }
        members += obligation.details.filter { mayQuote || !$0.name.hasSuffix("Fen") }
        add("ownerRefs", owners)
        add("solutionDueAt", sibling(of: obligation).map { .string($0.rfc3339) })
        return members
    }

    /// What its first fact says that only some messages show.
    private func opening(_ obligation: Obligation) -> [Value.Member] {
        let data = obligation.opening.data
        var members = [("startAt", data["start"]), ("year", data["year"]), ("milestone", data["milestone"])]
        if obligation.opening.kind == .servicePaused { members.append(("pauseReason", data["reason"])) }
        if obligation.nature == .duty, data["personRef"]?.string?.hasPrefix("@") == false {
            members.append(("personRef", data["personRef"]))
        }
        return members.compactMap { name, value in value.map { Value.Member(name, $0) } }
    }

    /// At most twelve characters: up to the last pause among them, or with an ellipsis where a word is cut.
    ///
    /// Numbers and Latin words are left out rather than cut: half a number of a telephone or a person would not be known
    /// for one where numbers are masked.
    static func word(_ summary: String) -> String {
        let word = summary.prefix(12)
        guard word.endIndex < summary.endIndex else { return summary }
        if let pause = word.lastIndex(where: { ",,。;;、".contains($0) }) {
            return String(word[..<pause])
        }
        var cut = word.prefix(11)
        if isOfOneWord(summary[cut.endIndex]) {
            while let last = cut.last, isOfOneWord(last) { cut.removeLast() }
            while cut.last?.isWhitespace == true { cut.removeLast() }
        }
        return cut + "…"
    }

    private static func isOfOneWord(_ character: Character) -> Bool {
        (character.isASCII && !character.isWhitespace) || ("０"..."９").contains(character)
    }

    private func subjectType(_ obligation: Obligation) -> String? {
        obligation.opening.text("subjectType") ?? (obligation.isGate ? context.matter.type?.rawValue : nil)
    }

    private var owners: Value? {
        guard let role = context.policy.keyRoles.owner else { return nil }
        let people = context.enterprise.roster.holders(of: role, at: now, backups: false)
        return people.isEmpty ? nil : .array(people.map { .string($0.text) })
    }

    /// What was complained of; a re-opening does not say it again.
    private var filing: Fact? { derivation.effectiveFacts.first { $0.kind == .complaintFiled } }

    /// The amount that a deadline is about, for the figures; of a fine, as its revisions have left it.
    func amount(_ obligation: Obligation) -> Fen? {
        guard obligation.nature == .deadline else { return nil }
        switch obligation.opening.kind {
        case .complaintFiled, .complaintReopened: return filing?.data["amountFen"]?.integer.map { Fen($0) }
        case .fineIssued:
            return FineRecord(issued: obligation.opening, facts: derivation.effectiveFacts).stage.amount
        default: return nil
        }
    }

    /// When the next other open clock of the same cycle is due.
    private func sibling(of obligation: Obligation) -> Instant? {
        derivation.obligations.filter {
            $0.key.rule != obligation.key.rule && $0.key.cycle == obligation.key.cycle && !$0.isNotice
                && $0.phase(at: now) == .open
        }.compactMap(\.dueAt).min()
    }
}

extension Policy {
    /// All steps that an obligation of the rule can have.
    package func steps(of rule: RuleID) -> [EscalationStep] {
        guard let rule = self.rule(rule) else { return [] }
        guard case .window(let window) = rule.body else { return escalation(of: rule)?.steps ?? [] }
        return [window.plannedEscalation, window.enteredEscalation, window.reviewEscalation].flatMap {
            escalations[$0]?.steps ?? []
        }
    }

    package func escalation(of rule: Rule) -> EscalationPolicy? {
        switch rule.body {
        case .deadline(let rule): escalations[rule.escalation]
        case .gate(let rule): escalations[rule.escalation]
        case .notice(let rule): escalations[rule.escalation]
        case .window(let rule): escalations[rule.enteredEscalation]
        case .practice(let rule): escalations[rule.escalation]
        case .recurring(let rule): escalations[rule.escalation]
        case .amount(let rule): escalations[rule.escalation]
        case .allocation: nil
        }
    }
}
