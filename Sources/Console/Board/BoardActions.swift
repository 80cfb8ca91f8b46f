import Duty
import Hummingbird
import Storage

/// What supervisors can do on a page: each thing asks why, goes through the engine, and stands in the journal with who
/// did it.
extension BoardRoutes {
    func addActions(_ acting: RouterGroup<ConsoleContext>, _ desk: SupervisorDesk) {
        acting.post("/actions/escalate") { request, context in
            try await act(request, context) { form, caller in try await escalate(form, caller, desk) }
        }
        acting.post("/actions/acknowledge") { request, context in
            try await act(request, context) { form, caller in
                _ = try await desk.acknowledge(form["key"] ?? "", because: form["reason"], by: caller)
            }
        }
        acting.post("/actions/silence") { request, context in
            try await act(request, context) { form, caller in try await silence(form, caller, desk) }
        }
        acting.post("/actions/silence/end") { request, context in
            try await act(request, context) { form, caller in
                _ = try await desk.end(silence: form["id"] ?? "", because: form["reason"], by: caller)
            }
        }
        acting.post("/actions/letter") { request, context in
            try await act(request, context) { form, caller in try await settle(form, caller, desk) }
        }
    }

    private typealias Deed = (FormBody, SupervisorDesk.Caller) async throws -> Void

    /// Does what a form asks for and goes back to where it stood.
    private func act(_ request: Request, _ context: ConsoleContext, _ deed: Deed) async throws -> Response {
        let form = try await CheckedForm.read(request, context)
        guard let principal = context.principal else { throw CrossSite() }
        // Only to pages of our own, whatever the form says.
        let back = LoginRoutes.path(form["back"])
        do {
            try await deed(form, SupervisorDesk.Caller(principal))
        } catch let refusal as SupervisorDesk.Refusal {
            return try await refused(request, context, refusal, back)
        }
        var response = Self.html(.seeOther, "")
        response.headers[.location] = back + (back.contains("?") ? "&" : "?") + "done=1"
        return response
    }

    private func refused(
        _ request: Request,
        _ context: ConsoleContext,
        _ refusal: SupervisorDesk.Refusal,
        _ back: String
    ) async throws -> Response {
        try await page(request, context) { view, _ in
            let text = view.words(ProblemWords.chinese(refusal.code) ?? refusal.detail, refusal.detail)
            var content = message(
                view,
                view.words("未执行", "Not done"),
                text,
                ConsoleServer.status(refusal.kind)
            )
            content.fields["backHref"] = back
            content.fields["back"] = view.words("返回", "Back")
            return content
        }
    }

    // MARK: Deeds

    private func escalate(
        _ form: FormBody,
        _ caller: SupervisorDesk.Caller,
        _ desk: SupervisorDesk
    ) async throws {
        let parts = (form["step"] ?? "").split(separator: "|", omittingEmptySubsequences: false).map(
            String.init
        )
        guard parts.count == 4 else {
            throw SupervisorDesk.Refusal(.invalid, "unknownStage", "no such step")
        }
        let target = SupervisorDesk.Target(
            matter: MatterID(form["matter"] ?? ""),
            rule: RuleID(parts[0]),
            stage: parts[3],
            cycle: Int(parts[1]),
            subject: parts[2]
        )
        _ = try await desk.escalate(target, because: form["reason"], by: caller)
    }

    private func silence(
        _ form: FormBody,
        _ caller: SupervisorDesk.Caller,
        _ desk: SupervisorDesk
    ) async throws {
        let minutes = form["minutes"].flatMap { Int64($0) } ?? 0
        var scope = Silence.Scope()
        scope.matter = MatterID(form["matter"] ?? "")
        _ = try await desk.silence(
            scope,
            from: nil,
            until: backend.clock.now() + .minutes(max(0, min(minutes, 60 * 24 * 31))),
            because: form["reason"],
            by: caller
        )
    }

    private func letter(_ form: FormBody) async throws -> DeadLetter {
        let number = form["number"].flatMap { Int64($0) } ?? 0
        guard let letter = try await reader.store.deadLetter(number) else {
            throw SupervisorDesk.Refusal(.notFound, "notFound", "no such dead letter")
        }
        return letter
    }

    private func settle(
        _ form: FormBody,
        _ caller: SupervisorDesk.Caller,
        _ desk: SupervisorDesk
    ) async throws {
        let letter = try await letter(form)
        switch form["do"] {
        case "retry": try await retry(letter, form["reason"], caller, desk)
        case "discard": try await discard(letter, form["reason"], caller, desk)
        default: throw SupervisorDesk.Refusal(.invalid, "badField", "do: retry or discard")
        }
    }

    // One call a function: Swift 6.3 fails on the two of them, which name the type of their errors, in one.
    private func retry(
        _ letter: DeadLetter,
        _ reason: String?,
        _ caller: SupervisorDesk.Caller,
        _ desk: SupervisorDesk
    ) async throws {
        try await desk.retry(letter, because: reason, by: caller)
    }

    private func discard(
        _ letter: DeadLetter,
        _ reason: String?,
        _ caller: SupervisorDesk.Caller,
        _ desk: SupervisorDesk
    ) async throws {
        try await desk.discard(letter, because: reason, by: caller)
    }

    // MARK: Forms

    /// What can be done about a matter, for those who may.
    func forms(_ view: BoardView, _ matter: StoredMatter, told: [StoredNotification]) -> [[String: Any]] {
        guard view.principal.may(.act), !view.isWall else { return [] }
        let words = view.words
        let back = view.path(matter.id)
        var forms: [[String: Any]] = []
        let steps = self.steps(view, matter, told)
        if !steps.isEmpty {
            forms.append(
                form(
                    view,
                    words("升级到某一步", "Escalate to a step"),
                    "/actions/escalate",
                    ["matter": matter.id.text, "back": back],
                    selects: [(words("哪一步", "Which step"), "step", steps)]
                )
            )
        }
        if matter.isOpen {
            let spans: [(String, String)] = [
                ("60", words("1小时", "1 hour")), ("240", words("4小时", "4 hours")),
                ("1440", words("1天", "1 day")), ("10080", words("7天", "7 days")),
            ]
            forms.append(
                form(
                    view,
                    words("静默本事项", "Silence this matter"),
                    "/actions/silence",
                    ["matter": matter.id.text, "back": back],
                    selects: [(words("多久", "For how long"), "minutes", spans)]
                )
            )
        }
        return forms
    }

    /// The steps of what is owed that have not been told yet.
    private func steps(
        _ view: BoardView,
        _ matter: StoredMatter,
        _ told: [StoredNotification]
    ) -> [(String, String)] {
        let policy = reader.rules.book.policy(matter.policyVersion)
        return matter.state.records
            .filter { !$0.isWithdrawn && $0.phase.isActive && $0.kind != "notice" }
            .flatMap { record -> [(String, String)] in
                policy.steps(of: record.key.rule).compactMap { step in
                    let isTold = told.contains {
                        $0.notification.tells(of: step.stage, record.key) && $0.state != .silenced
                    }
                    guard !isTold, step.isAlarm || record.phase == .open, step.belongs(to: record.key)
                    else { return nil }
                    return (
                        "\(record.key.rule)|\(record.key.cycle)|\(record.key.subject)|\(step.stage)",
                        view.title(record.key.rule) + " → " + label(view, step, record)
                    )
                }
            }
    }

    /// The step, whether it would come before its time, and whom it tells.
    private func label(_ view: BoardView, _ step: EscalationStep, _ record: MatterState.Record) -> String {
        let words = view.words
        let isEarly = step.isAlarm && record.phase == .open
        let roles = step.tells.flatMap { $0.roles.isEmpty ? [Recipient.group.role] : $0.roles }
        var known: Set<RoleID> = []
        let who = roles.filter { known.insert($0).inserted }.map(view.role)
            .joined(separator: words("、", ", "))
        return view.stage(step.stage) + (isEarly ? words("(提前)", " (ahead of time)") : "")
            + words(":告知\(who)", ": tells \(who)")
    }

    /// Acknowledging for whoever was told and has not said anything.
    func acknowledging(
        _ view: BoardView,
        _ stored: StoredNotification,
        _ matter: StoredMatter
    ) -> [[String: Any]] {
        let told = stored.notification
        guard view.principal.may(.act), !view.isWall, stored.acknowledgement == nil,
            stored.state != .silenced,
            !told.recipient.isGroup, told.withdraws == nil,
            matter.state.records.contains(where: {
                $0.key.rule == told.rule && $0.key.cycle == told.cycle && !$0.isWithdrawn && $0.phase.isActive
            })
        else { return [] }
        return [
            form(
                view,
                view.words("代为确认", "Acknowledge for them"),
                "/actions/acknowledge",
                ["key": told.key, "back": view.path(matter.id)]
            )
        ]
    }

    func settling(_ view: BoardView, _ letter: DeadLetter) -> [[String: Any]] {
        guard view.principal.may(.act) else { return [] }
        let choices = [
            ("retry", view.words("放回原主题重试", "put back onto its topic")),
            ("discard", view.words("作废", "discard")),
        ]
        return [
            form(
                view,
                view.words("处理", "Settle"),
                "/actions/letter",
                ["number": "\(letter.number)", "back": "/system"],
                selects: [(view.words("怎样处理", "What to do"), "do", choices)]
            )
        ]
    }

    func ending(_ view: BoardView, _ silence: Silence) -> [[String: Any]] {
        guard view.principal.may(.act) else { return [] }
        return [
            form(
                view,
                view.words("提前结束", "End it now"),
                "/actions/silence/end",
                ["id": silence.id, "back": "/system"]
            )
        ]
    }

    private func form(
        _ view: BoardView,
        _ title: String,
        _ action: String,
        _ hidden: KeyValuePairs<String, String>,
        selects: [(label: String, name: String, options: [(String, String)])] = []
    ) -> [String: Any] {
        [
            "title": title, "action": action, "proof": view.principal.formProof ?? "",
            "hidden": hidden.map { ["name": $0.key, "value": $0.value] },
            "selects": selects.map { select -> [String: Any] in
                [
                    "label": select.label, "name": select.name,
                    "options": select.options.map { ["value": $0.0, "label": $0.1] },
                ]
            },
            "reason": view.words("原因(必填,写入审计)", "Why (required, goes on record)"),
            "button": view.words("提交", "Do it"),
        ]
    }
}
