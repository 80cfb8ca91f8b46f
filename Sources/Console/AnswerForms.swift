import Duty

/// The forms of the answering page.
extension AnswerPage {
    private var formAddress: String { "?lang=\(words.language.rawValue)" }

    var acknowledgeForm: [String: Any] {
        [
            "action": formAddress, "proof": proof, "button": words("收到", "I have seen it"),
            "tone": found.offers(.respond) || found.offers(.propose) ? "plain" : "main",
            "hint": words(
                "只停止本阶段的重复提醒,不算回应,也不算方案。",
                "Stops repeats of this step only. It is neither a response nor a plan."
            ),
        ]
    }

    var respondForm: [String: Any] {
        let modes = ["phone", "visit", "message"].map { mode in
            ["value": mode, "label": modeLabel(mode)]
        }
        return [
            "action": formAddress, "proof": proof, "legend": words("已联系企业", "Enterprise contacted"),
            "modes": modes, "button": words("登记回应", "Record the response"),
            "hint": words(
                "联系企业之后再登记;以提交的时刻为回应时间。",
                "Record it after the contact; the time of handing in counts."
            ),
        ]
    }

    private func modeLabel(_ mode: String) -> String {
        switch mode {
        case "phone": words("电话", "Phone")
        case "visit": words("上门", "Visit")
        default: words("信息", "Message")
        }
    }

    var proposeForm: [String: Any] {
        let inputs: [[String: Any]] = [
            input("unit", words("承办单位", "Responsible unit"), isRequired: true),
            input("plan", words("方案文号或编号", "Number of the plan"), isRequired: true),
            input("date", words("计划完成日期(可不填)", "To be done by (optional)"), type: "date"),
        ]
        return [
            "action": formAddress, "proof": proof, "legend": words("登记方案", "Record a plan"),
            "inputs": inputs, "button": words("登记方案", "Record the plan"),
            "open": entered != nil || !found.offers(.respond),
            "hint": words("请勿填写姓名、电话等个人信息。", "No names, telephone numbers or other personal data, please."),
        ]
    }

    private func input(
        _ name: String,
        _ label: String,
        type: String = "text",
        isRequired: Bool = false
    ) -> [String: Any] {
        ["name": name, "label": label, "type": type, "value": entered?[name] ?? "", "required": isRequired]
    }

    /// What the form says, or a sentence about what is wrong with it.
    static func content(
        _ action: AnswerAction,
        _ form: FormBody,
        words: AnswerWords,
        today: CivilDate,
        isPersonal: (String) -> Bool
    ) -> (content: Answer.Content?, complaint: String?) {
        switch action {
        case .acknowledge: return (.acknowledgement, nil)
        case .respond:
            guard let mode = form["mode"], ["phone", "visit", "message"].contains(mode) else {
                return (nil, words("请选择联系方式。", "Please choose how you made contact."))
            }
            return (.response(mode: mode), nil)
        case .propose:
            guard let unit = form.line("unit", atMost: 64), let plan = form.line("plan", atMost: 64) else {
                return (
                    nil,
                    words("请填写承办单位和方案编号(各64字以内)。", "Please give unit and plan (64 characters each at most).")
                )
            }
            guard !isPersonal(unit), !isPersonal(plan) else {
                return (nil, words("请勿填写电话、证件号等个人信息。", "Please leave out telephone and identity numbers."))
            }
            let text = form["date"] ?? ""
            let date = CivilDate(text)
            guard text.isEmpty || date.map({ $0 >= today }) ?? false else {
                return (nil, words("计划完成日期须为今天或以后。", "The date must be today or later."))
            }
            return (.plan(reference: plan, unit: unit, date: date), nil)
        }
    }
}
