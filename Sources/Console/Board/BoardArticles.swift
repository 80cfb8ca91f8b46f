import Duty
import Storage

/// The articles of the document: which rules keep watch over each, and how they were kept.
extension BoardRoutes {
    /// The document of the county has thirty; another one has as many as its rules name.
    private static let thirty = 30

    func articles(_ view: BoardView, _ query: BoardQuery) async throws -> Content {
        let words = view.words
        let totals = try await reader.store.summary(now: view.now).supervision
        let rules = Dictionary(grouping: view.policy.rules, by: \.article)
        let last = max(rules.keys.max() ?? 0, rules.count > Self.thirty / 2 ? Self.thirty : 0)
        let numbers = Set(rules.keys).union(last > 0 ? Array(1...last) : []).sorted()
        let heads = [
            words("规则", "Rule"), words("类型", "Kind"), words("依据", "Rests on"), words("进行中", "Open"),
            words("超时或违规", "Breached"), words("已完成", "Done"),
        ]
        let articles = numbers.map { number -> [String: Any] in
            let here = rules[number] ?? []
            return [
                "number": number,
                "title": view.article(number),
                "hasRules": !here.isEmpty, "heads": heads, "headKind": heads[1], "headBasis": heads[2],
                "headOpen": heads[3], "headLate": heads[4], "headDone": heads[5],
                "none": words(
                    "没有可由系统计时或核对的内容,见 docs/articles.md。",
                    "Nothing here can be timed or checked by a program; docs/articles.md says why."
                ),
                "rules": here.map { row(view, $0, totals) },
            ]
        }
        return Content(
            template: .articles,
            heading: words("条款", "Articles"),
            fields: [
                "articles": articles,
                "hint": words(
                    "规则版本 \(view.policy.version)。“依据”写明数字出自文件原文、上位法还是本系统默认。",
                    "Rules \(view.policy.version). “Rests on” says whether a figure is the document's, higher law's or "
                        + "our own."
                ),
            ]
        )
    }

    private func row(_ view: BoardView, _ rule: Rule, _ totals: Figures) -> [String: Any] {
        let clock = totals.clock([rule.id])
        return [
            "id": rule.id.text, "name": view.title(rule), "kind": kind(view, rule),
            "basis": view.basis(rule.basis),
            "href": "/matters?article=\(rule.article)", "open": clock.open,
            "late": clock.everLate, "done": clock.inTime,
        ]
    }

    private func kind(_ view: BoardView, _ rule: Rule) -> String {
        let words = view.words
        return switch rule.body {
        case .deadline: words("时限", "deadline")
        case .gate: words("事先报告", "gate")
        case .allocation: words("责任分担", "allocation")
        case .notice: words("告知", "notice")
        case .window: words("时段", "window")
        case .practice: words("做法", "practice")
        case .recurring: words("周期", "recurring")
        case .amount: words("金额", "amount")
        }
    }
}
