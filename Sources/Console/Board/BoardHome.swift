import Duty
import Storage

/// What is burning now, and how the rules are kept.
extension BoardRoutes {
    /// So many rows of either list stand on the first page, and on the wall; the lists have the rest.
    private static let shown = (overdue: 20, running: 8)
    private static let onWall = (overdue: 5, running: 2)
    /// The days of the small pictures, today included.
    private static let days = 30

    func home(_ view: BoardView, _ query: BoardQuery) async throws -> Content {
        let words = view.words
        async let statistics = reader.store.summary(now: view.now)
        let today = CivilDate(view.now)
        let first = today.adding(days: 1 - Self.days)
        async let month = reader.store.figures(from: first, through: today)
        let shown = view.isWall ? Self.onWall : Self.shown
        let overdue = try await list(view, .overdue, shown.overdue)
        // What is not needed for what has run out is room for what is about to.
        let spare = view.isWall ? shown.overdue - overdue.rows : 0
        let running = try await list(view, .running, shown.running + spare)
        let summary = try await statistics
        let totals = summary.supervision
        let figures = try await month
        var fields: [String: Any] = [
            "tiles": tiles(view, summary, figures),
            "overdue": overdue.fields.merging([
                "title": words("已超时", "Overdue"), "count": Self.count(summary.overdue),
                "caption": words("已超时的事项", "Matters that are overdue"),
                "empty": words("没有超时的事项。", "Nothing is overdue."),
            ]) { _, new in new },
            "running": running.fields.merging([
                "title": words("即将到期", "Due next"), "count": Self.count(summary.running),
                "caption": words("正在计时的事项,先到期的在前", "Matters whose clock runs, the next due first"),
                "empty": words("没有正在计时的事项。", "No clock is running."),
            ]) { _, new in new },
            "ratesTitle": words("今日指标", "Today's figures"),
            "ratesHint": words(
                "大字为今日到期,括号内为近30天:分子/分母;已撤回的不计,事件晚到的另列;少于5件不评判。",
                "Large: due today. Below: the last 30 days, part of whole. Withdrawn matters are left out, late "
                    + "events stand apart, and fewer than five cases are not judged."
            ),
            "monthLabel": words("近30天", "30 days:"),
        ]
        let byDay = Self.split(figures, from: first, count: Self.days)
        fields["rates"] = view.policy.rates.filter { $0.isOnWall || !view.isWall }.map {
            view.fields($0, today: byDay.last ?? Figures(), month: figures, days: byDay, totals: totals)
        }
        fields["ages"] = try await ages(view, today)
        fields["load"] = try await load(view)
        return Content(template: .home, heading: words("正在发生", "What is burning"), fields: fields)
    }

    private func list(
        _ view: BoardView,
        _ state: MatterQuery.State,
        _ limit: Int
    ) async throws -> (fields: [String: Any], rows: Int) {
        var query = MatterQuery()
        query.state = state
        query.limit = limit
        let page = try await reader.store.list(query, now: view.now)
        var fields: [String: Any] = ["rows": try await view.rows(page), "hasRows": !page.rows.isEmpty]
        if page.next != nil, !view.isWall {
            fields["next"] = [
                "href": "/matters?state=\(state.rawValue)", "label": view.words("查看全部", "See all of them"),
            ]
        }
        return (fields, page.rows.count)
    }

    /// What is wrong, by what a supervisor has to see to first.
    private func tiles(_ view: BoardView, _ summary: BoardSummary, _ month: Figures) -> [[String: Any]] {
        let words = view.words
        let violations = month.clock(Set(view.policy.rules.filter { !$0.isClock }.map(\.id))).everLate
        func tile(_ value: Int64, _ label: String, _ href: String, _ tone: String) -> [String: Any] {
            ["value": Self.count(value), "label": label, "href": href, "tone": value > 0 ? tone : "good"]
        }
        return [
            tile(summary.overdue, words("已超时", "overdue"), "/matters?state=overdue", "late"),
            tile(
                summary.undelivered,
                words("24小时内未送达", "not delivered in 24 h"),
                "/alerts?only=trouble",
                "late"
            ),
            tile(summary.running, words("进行中", "running"), "/matters?state=running", "plain"),
            tile(violations, words("近30天违规", "violations in 30 days"), "/articles", "soon"),
            tile(summary.newDeadLetters, words("无法读取的事件", "unreadable events"), "/system#letters", "soon"),
        ]
    }

    /// Counts that end at a bound say so.
    private static func count(_ count: Int64) -> String {
        count < BoardSummary.most ? "\(count)" : "\(BoardSummary.most)+"
    }

    /// The figures of each day by themselves.
    static func split(_ figures: Figures, from first: CivilDate, count: Int) -> [Figures] {
        var days = Array(repeating: Figures(), count: count)
        for (slot, value) in figures.counts {
            guard let day = slot.day else { continue }
            let index = Int(day.dayNumber - first.dayNumber)
            if days.indices.contains(index) { days[index].add(value, to: slot) }
        }
        return days
    }

    /// Matters whose deadlines nobody has met yet, by for how long they have waited.
    private func ages(_ view: BoardView, _ today: CivilDate) async throws -> [String: Any] {
        let bands = AgeBand.all(try await reader.store.waiting(), on: today)
        let most = max(1, bands.map(\.count).max() ?? 1)
        return [
            "title": view.words("在办件已办天数", "Age of what is open"),
            "bands": bands.map { band -> [String: Any] in
                ["name": view.days(band), "open": band.count, "most": most]
            },
        ]
    }

    private func load(_ view: BoardView) async throws -> [String: Any] {
        let load = try await reader.load.value().prefix(20)
        return [
            "title": view.words("人员在办量", "Load of the staff"), "hasPeople": !load.isEmpty,
            "empty": view.words("没有人有在办事项。", "Nobody has anything to see to."),
            "people": load.map { entry -> [String: Any] in
                ["name": view.name(entry.person), "open": entry.open, "most": load.first?.open ?? 1]
            },
        ]
    }
}

extension Rule {
    /// Whether somebody has a limit by it: only such are called running or overdue.
    var isClock: Bool {
        switch body {
        case .deadline, .recurring: true
        case .gate, .allocation, .notice, .window, .practice, .amount: false
        }
    }
}
