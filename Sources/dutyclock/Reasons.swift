import Duty
import DutyConfig

/// Why an event has no consequences, or other ones than its reader may expect, in sentences.
struct Reasons {
    let policy: Policy
    let calendar: WorkCalendar
    /// Everything that is known, of whatever matter.
    let facts: [Fact]
    let isChinese: Bool
    /// The article and the title of a rule.
    let place: (Rule) -> String

    func lines(_ fact: Fact) -> [String] {
        if policy.passesOver(fact) {
            let day = policy.effectiveFrom.description
            return [
                choose(
                    "早于文件施行日 \(day),只作记录,不产生任何义务",
                    "from before \(day), when the document came into force: on record, and nothing follows from it"
                )
            ]
        }
        return restricted(fact) + strangers(fact)
    }

    private func restricted(_ fact: Fact) -> [String] {
        guard fact.classification == .restricted else { return [] }
        return [
            choose(
                "受限事项:消息、日志和页面上只有编号和时限,没有内容、企业和人名",
                "restricted: messages, logs and pages show its number and its time, and neither content nor names"
            )
        ]
    }

    // MARK: What changes nothing

    /// Why an event that nothing came of changed no clock; empty where clocks are not what it is about.
    func unheeded(_ fact: Fact, _ explaining: Explaining) -> [String] {
        let lines = explaining.unheeded(fact).compactMap { reason -> String? in
            switch reason {
            case .other(let id, let field, let value, let wanted):
                guard let rule = policy.rule(id) else { return nil }
                let given = value.map(words) ?? choose("未填", "not given")
                return choose(
                    "\(place(rule))不计入:\(field) 为 \(given),规则要求\(self.wanted(wanted))",
                    "\(place(rule)) does not count it: \(field) is \(given), and the rule wants \(self.wanted(wanted))"
                )
            case .notClosed(let id):
                // What begins with such an event, and not with another one, has its own way of beginning again.
                return policy.rule(id).flatMap { begins($0, fact.kind) ? nil : $0 }.map { rule in
                    choose(
                        "\(place(rule))不重新计时:此前没有办结,只作后续情况",
                        "\(place(rule)) starts no new clock: the matter was not closed before, so this only goes on with it"
                    )
                }
            }
        }
        guard lines.isEmpty, explaining.concernsClocks(fact.kind) else { return lines }
        return [choose("没有改变任何时限,只作记录", "no clock changes by it; it is on record")]
    }

    private func begins(_ rule: Rule, _ kind: EventKind) -> Bool {
        guard case .deadline(let deadline) = rule.body else { return false }
        return deadline.opens.contains { $0.kind == kind }
    }

    private func words(_ value: Value) -> String { value.string ?? JSONWriter.text(value) }

    private func wanted(_ test: Condition.Test) -> String {
        func list(_ values: [Value]) -> String {
            values.isEmpty ? choose("(无)", "none") : values.map(words).joined(separator: choose("、", ", "))
        }
        switch test {
        case .isOneOf(let values): return choose("为 ", "") + list(values)
        case .isNoneOf(let values): return choose("不为 ", "anything but ") + list(values)
        case .isPresent(let expected):
            return expected ? choose("已填写", "it to be there") : choose("未填写", "it to be missing")
        case .isOver(let limit): return choose("大于 \(limit)", "more than \(limit)")
        }
    }

    // MARK: Enterprises

    private func strangers(_ fact: Fact) -> [String] {
        let known = facts.filter { $0.receivedAt <= fact.receivedAt }
        let all = shortfalls(of: fact, among: known, policy: policy, calendar: calendar)
        return policy.rules.compactMap { rule in
            let own = all.filter { $0.rule == rule.id }
            guard let first = own.first else { return nil }
            // What is known to be otherwise decides, whatever is not known.
            let known = own.filter { !$0.isUnknown }
            let words = (known.isEmpty ? own : known).map(reason).joined(separator: choose("、", ", "))
            guard known.isEmpty, first.isUnknown else {
                return choose("\(place(rule))不适用:\(words)", "\(place(rule)) does not apply: \(words)")
            }
            return unknown(rule, words)
        }
    }

    private func unknown(_ rule: Rule, _ words: String) -> String {
        guard case .window(let window) = rule.body else {
            return choose("\(place(rule))暂不适用:\(words)", "\(place(rule)) does not apply yet: \(words)")
        }
        switch window.unknownFlags {
        case .review:
            return choose(
                "\(place(rule))能否适用不能判断:\(words);在宁静日内入企的,请人核实",
                "whether \(place(rule)) applies cannot be told: \(words); a person is asked about a visit on a quiet day"
            )
        case .violation:
            return choose(
                "\(place(rule))按适用处理:\(words)",
                "\(place(rule)) is taken to apply: \(words)"
            )
        case .exempt:
            return choose(
                "\(place(rule))按不适用处理:\(words)",
                "\(place(rule)) is taken not to apply: \(words)"
            )
        }
    }

    private func reason(_ shortfall: Shortfall) -> String {
        if shortfall.field.hasPrefix("role.") {
            let role = RoleID(String(shortfall.field.dropFirst("role.".count)))
            let name = policy.roles[role]?.name ?? role.text
            return choose("企业没有\(name)", "the enterprise has no \(name)")
        }
        let words = Self.flags[shortfall.field] ?? (shortfall.field, shortfall.field, shortfall.field)
        if shortfall.isUnknown {
            return choose("没有登记企业是否\(words.0)", "nobody has said whether the enterprise is \(words.2)")
        }
        return choose("企业\(words.1)", "the enterprise is not \(words.2)")
    }

    private static let flags: [String: (String, String, String)] = [
        "inPark": ("在园区内", "不在园区内", "in the park"),
        "aboveScale": ("规上", "不是规上企业", "above scale"),
        "inNormalProduction": ("正常生产", "没有正常生产", "in normal production"),
        "investedByPark": ("园区招商引资", "不是园区招商引资企业", "brought in by the park"),
        "brand": ("诚信品牌", "不是诚信品牌企业", "a brand enterprise"),
        "microSmall": ("小微", "不是小微企业", "a small or micro one"),
    ]

    // MARK: Acknowledgements

    /// What an acknowledgement of the notification with this key changes, and what it does not.
    func acknowledged(_ key: String) -> [String] {
        let parts = key.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
        guard parts.count >= 4, let rule = policy.rule(RuleID(parts[0])),
            let step = policy.escalation(of: rule)?.steps.last(where: { parts[3].hasPrefix($0.stage) })
        else { return [] }
        let stage = step.stage
        let quiet =
            step.repetition == nil
            ? choose("阶段 \(stage) 本来只告知一次", "stage \(stage) is said once in any case")
            : choose("阶段 \(stage) 不再向此人重复", "stage \(stage) is not said to this person again")
        let holds = step.acknowledgedFor.map { span in
            let minutes = span.seconds / 60
            return choose(
                ",但 \(minutes) 分钟后仍未办结的再次告知",
                ", unless it is still not done \(minutes) minutes later"
            )
        }
        return [
            quiet + (holds ?? "")
                + choose(
                    ";确认不算回应或办结,计时照旧,以后的阶段照常告知",
                    "; it is neither an answer nor the end of the matter: the clock runs on, and later stages are said"
                )
        ]
    }

    private func choose(_ chinese: String, _ english: String) -> String { isChinese ? chinese : english }
}
