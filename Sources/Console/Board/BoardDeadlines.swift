import Duty
import Storage

/// What falls due when, over a month, and which days are open to inspection.
extension BoardRoutes {
    func deadlines(_ view: BoardView, _ query: BoardQuery) async throws -> Content {
        let words = view.words
        let today = CivilDate(view.now)
        let day = query["day"].flatMap { CivilDate($0) }
        let month = Month(query["month"]) ?? Month(of: day ?? today)
        let figures = try await reader.store.figures(from: month.first, through: month.last)
        var wanted = MatterQuery()
        wanted.after = query["after"]
        wanted.due = day.map { $0...$0 }
        if day == nil { wanted.state = .running }
        let page = try await reader.store.list(wanted, now: view.now)
        let title = day.map { words("\(view.day($0))到期", "Due on \(view.day($0))") }
        return Content(
            template: .deadlines,
            heading: words("期限", "Deadlines"),
            fields: [
                "month": self.month(view, month, figures, day ?? today),
                "listTitle": title ?? words("接下来到期", "Due next"),
                "list": try await list(
                    view,
                    query,
                    page,
                    caption: words("到期事项", "Matters by due date"),
                    empty: words("没有到期事项。", "Nothing is due.")
                ),
            ]
        )
    }

    private func month(
        _ view: BoardView,
        _ month: Month,
        _ figures: Figures,
        _ chosen: CivilDate
    ) -> [String: Any] {
        let words = view.words
        let clocks = Set(view.policy.rules.filter(\.isClock).map(\.id))
        var due: [CivilDate: Int64] = [:]
        for (slot, count) in figures.counts {
            guard let day = slot.day, let rule = slot.rule, clocks.contains(rule),
                slot.outcome == .open || slot.outcome == .breached
            else { continue }
            due[day, default: 0] += count
        }
        let window = view.policy.rules.lazy.compactMap { rule -> WindowRule? in
            if case .window(let window) = rule.body { window } else { nil }
        }.first
        var fields: [String: Any] = [
            "title": month.title(words),
            "heads": words.language == .chinese
                ? BoardView.weekdays.chinese : BoardView.weekdays.english,
            "previous": "/deadlines?month=\(month.previous.text)",
            "previousLabel": "← " + month.previous.title(words),
            "next": "/deadlines?month=\(month.next.text)", "nextLabel": month.next.title(words) + " →",
            "weeks": weeks(view, month, due, window, chosen),
        ]
        if let window {
            let open = view.calendar.workingDays(
                year: month.year,
                month: month.month,
                outside: window.fromDay...window.toDay
            )
            fields["open"] = words(
                "每月\(window.fromDay)—\(window.toDay)日为宁静日;本月可入企检查的工作日有 \(open) 天。",
                "Quiet days are \(window.fromDay) to \(window.toDay) of each month; \(open) working days of this "
                    + "month are open to inspection."
            )
        }
        return fields
    }

    private func weeks(
        _ view: BoardView,
        _ month: Month,
        _ due: [CivilDate: Int64],
        _ window: WindowRule?,
        _ chosen: CivilDate
    ) -> [[String: Any]] {
        let words = view.words
        var weeks: [[String: Any]] = []
        var day = month.first.adding(days: 1 - month.first.weekday)
        while day <= month.last {
            let days = (0..<7).map { offset -> [String: Any] in
                let date = day.adding(days: offset)
                guard date >= month.first, date <= month.last else { return ["kind": "none"] }
                let isWorking = view.calendar.isWorkingDay(date)
                let isQuiet = window.map { ($0.fromDay...$0.toDay).contains(date.parts.day) } ?? false
                var fields: [String: Any] = [
                    "kind": isWorking ? (isQuiet ? "quiet" : "work") : "off", "day": date.parts.day,
                    "href": "/deadlines?day=\(date)", "today": date == chosen,
                ]
                if !isWorking {
                    fields["word"] = words("休", "off")
                } else if isQuiet {
                    fields["word"] = words("静", "quiet")
                }
                if let count = due[date], count > 0 {
                    fields["count"] = words("\(count)件", "\(count)")
                }
                return [
                    "kind": fields["kind"] ?? "", "date": fields.merging(["date": date.parts.day]) { $1 },
                ]
            }
            weeks.append(["days": days])
            day = day.adding(days: 7)
        }
        return weeks
    }

    private struct Month {
        let year: Int
        let month: Int

        init(of day: CivilDate) {
            let parts = day.parts
            (year, month) = (parts.year, parts.month)
        }

        /// `2026-11`.
        init?(_ text: String?) {
            guard let text, let first = CivilDate(text + "-01") else { return nil }
            self.init(of: first)
        }

        var text: String { "\(year)-" + (month < 10 ? "0" : "") + "\(month)" }
        var first: CivilDate { CivilDate(year: year, month: month, day: 1) ?? CivilDate(dayNumber: 0) }
        var last: CivilDate { first.adding(days: CivilDate.daysInMonth(year: year, month: month) - 1) }
        var previous: Month { Month(of: first.adding(days: -1)) }
        var next: Month { Month(of: last.next) }

        func title(_ words: AnswerWords) -> String { words("\(year)年\(month)月", "\(text)") }
    }
}
