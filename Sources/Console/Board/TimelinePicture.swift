import Duty
import Schemas
import Storage

/// The clocks of one matter as bars over time, with what happened and who was told, and what the marks mean.
///
/// A bar is pale until its due moment and red beyond it, so that how late something was is a length.
struct TimelinePicture {
    let view: BoardView
    let matter: StoredMatter
    let notifications: [StoredNotification]

    private static let width = 900.0
    private static let labels = 200.0
    private static let right = 14.0
    private static let row = 28.0
    private static let bar = 16.0

    var svg: String {
        let records = matter.state.records.filter { !$0.isWithdrawn && $0.kind != "notice" }
            .sorted { ($0.openedAt, $0.key) < ($1.openedAt, $1.key) }.prefix(24)
        let facts = matter.facts.filter { !$0.isReflected }
        let notices = notifications.filter { $0.state != .silenced }
        let moments =
            records.flatMap { [$0.openedAt, $0.dueAt, $0.metAt].compactMap { $0 } } + facts.map(\.at)
            + notices.map(\.notification.requestedAt)
        guard let first = moments.min(), let last = moments.max() else { return "" }
        let axis = Axis(
            first: first,
            last: max(last, matter.isOpen ? min(view.now, last + (last - first)) : last),
            from: Self.labels,
            to: Self.width - Self.right
        )
        let base = Double(records.count) * Self.row + 16
        let below = base + Self.row
        var parts = [grid(axis, height: below + 12)]
        for (index, record) in records.enumerated() {
            parts.append(bar(record, y: Double(index) * Self.row + 4, axis))
        }
        parts.append(line(base, view.words("事件", "Events")))
        parts += facts.map { mark($0, y: base, axis) }
        parts.append(line(below, view.words("通知", "Notices")))
        parts += notices.map { mark($0, y: below, axis) }
        if view.now >= first, view.now <= axis.last {
            let now = Self.number(axis.x(view.now))
            parts.append("<path class=\"now\" d=\"M\(now) 0V\(below + 12)\"/>")
        }
        parts.append(legend(y: below + 52))
        let label = view.words("时限、事件与通知,依时间排列", "Clocks, events and notices over time")
        return
            "<svg class=\"line-picture\" role=\"img\" aria-label=\"\(label)\" viewBox=\"0 0 \(Int(Self.width)) "
            + "\(Int(below + 62))\">" + parts.joined() + "</svg>"
    }

    /// Where a moment stands.
    private struct Axis {
        let first: Instant
        let last: Instant
        let from: Double
        let to: Double

        private var length: Double { max(60_000_000, Double((last - first).microseconds)) }

        func x(_ moment: Instant) -> Double {
            let share = Double((moment - first).microseconds) / length
            return from + max(0, min(1, share)) * (to - from)
        }

        /// Full hours or days, at most seven of them.
        var ticks: [Instant] {
            let steps: [Int64] = [5, 10, 15, 30, 60, 120, 180, 360, 720, 1_440, 2_880, 7_200, 14_400, 43_200]
            let whole = length / 60_000_000
            let minutes = steps.first { whole / Double($0) <= 7 } ?? Int64(whole / 6 / 1_440 + 1) * 1_440
            let step = minutes * 60_000_000
            // Midnight in Shanghai, from which both hours and days count.
            let start = CivilDate(first).start
            let ahead = ((first - start).microseconds + step - 1) / step
            return (0...8).map { start + Span(microseconds: (ahead + $0) * step) }.filter { $0 <= last }
        }
    }

    private func grid(_ axis: Axis, height: Double) -> String {
        var text = ""
        var free = 0.0
        for tick in axis.ticks {
            let x = axis.x(tick)
            text += "<path class=\"axis\" d=\"M\(Self.number(x)) 0V\(Self.number(height))\"/>"
            // A word that would stand on the one before it, or leave the picture, is left out.
            guard x >= free, x <= Self.width - 40 else { continue }
            text +=
                "<text class=\"tick\" text-anchor=\"middle\" x=\"\(Self.number(x))\" y=\"\(Self.number(height + 14))\">"
                + "\(DayChart.escaped(view.date(tick)))</text>"
            free = x + 96
        }
        return text
    }

    private func bar(_ record: MatterState.Record, y: Double, _ axis: Axis) -> String {
        let look = view.phase(record)
        let until =
            record.metAt
            ?? max(record.dueAt ?? axis.last, record.phase == .breached ? axis.last : record.openedAt)
        let end = min(until, axis.last)
        let due = record.dueAt.map { min($0, end) } ?? end
        let title = view.title(record.key.rule) + ": " + look.word
        let cycle = view.cycle(record.key)
        let round = cycle.isEmpty ? "" : cycle + view.words(" ", ": ")
        var text = label(round + view.title(record.key.rule), look.mark, y + 13)
        text += rectangle(
            record.phase == .breached || record.phase == .metLate ? "plain" : look.tone,
            axis.x(record.openedAt),
            max(axis.x(due), axis.x(record.openedAt) + 3),
            y,
            title
        )
        if end > due { text += rectangle("late", axis.x(due), max(axis.x(end), axis.x(due) + 3), y, title) }
        if let dueAt = record.dueAt, dueAt <= axis.last {
            let x = Self.number(axis.x(dueAt))
            let said = DayChart.escaped(view.words("到期 ", "due ") + view.due(dueAt))
            text += "<path class=\"due\" d=\"M\(x) \(y - 3)v\(Self.bar + 6)\"><title>\(said)</title></path>"
        }
        if let met = record.metAt {
            // Behind the bar, or at its end where the picture ends.
            let x = Self.number(min(axis.x(met) + 3, Self.width - Self.right - 12))
            text += "<text class=\"done\" x=\"\(x)\" y=\"\(y + 13)\">✓</text>"
        }
        return text
    }

    private func label(_ text: String, _ mark: String, _ y: Double) -> String {
        // A Chinese character is as wide as two letters.
        var room = 24
        let short = text.prefix { character in
            room -= character.isASCII ? 1 : 2
            return room >= 0
        }
        let shown = short.count < text.count ? short.dropLast() + "…" : short[...]
        return "<text x=\"0\" y=\"\(Self.number(y))\">\(mark) \(DayChart.escaped(String(shown)))"
            + "<title>\(DayChart.escaped(text))</title></text>"
    }

    private func rectangle(
        _ tone: String,
        _ from: Double,
        _ to: Double,
        _ y: Double,
        _ title: String
    ) -> String {
        "<rect class=\"bar \(tone)\" x=\"\(Self.number(from))\" y=\"\(y)\" width=\"\(Self.number(to - from))\""
            + " height=\"\(Int(Self.bar))\" rx=\"2\"><title>\(DayChart.escaped(title))</title></rect>"
    }

    private func mark(_ fact: Fact, y: Double, _ axis: Axis) -> String {
        let what = EventWords.wording(fact.kind.rawValue).map(view.wording) ?? fact.kind.rawValue
        return "<circle class=\"fact\" cx=\"\(Self.number(axis.x(fact.at)))\" cy=\"\(y)\" r=\"5\">"
            + "<title>\(DayChart.escaped(view.date(fact.at) + " " + what))</title></circle>"
    }

    /// A triangle for an alarm, a square for whatever else was said; red where it did not arrive.
    private func mark(_ stored: StoredNotification, y: Double, _ axis: Axis) -> String {
        let told = stored.notification
        let arrival = view.arrival(stored)
        let x = axis.x(told.requestedAt)
        let isAlarm = told.stage.hasPrefix("breach") || told.stage.hasPrefix("escalate")
        let tone = arrival.tone == "late" || arrival.tone == "soon" ? "lost" : ""
        let said = [
            view.date(told.requestedAt), view.stage(told.stage), view.name(told.recipient.person),
            arrival.word,
        ].joined(separator: " ")
        return "<path class=\"notice \(tone)\" d=\"\(Self.shape(isAlarm: isAlarm, x, y))\">"
            + "<title>\(DayChart.escaped(said))</title></path>"
    }

    private static func shape(isAlarm: Bool, _ x: Double, _ y: Double) -> String {
        isAlarm
            ? "M\(number(x)) \(number(y - 7))l7 12h-14z" : "M\(number(x - 4)) \(number(y - 4))h8v8h-8z"
    }

    private func line(_ y: Double, _ label: String) -> String {
        "<text x=\"0\" y=\"\(y + 4)\">\(label)</text>"
            + "<path class=\"axis\" d=\"M\(Self.labels) \(y)H\(Self.width - Self.right)\"/>"
    }

    private func legend(y: Double) -> String {
        let middle = y - 4
        let items: [(shape: String, word: String)] = [
            (
                "<rect class=\"bar plain\" x=\"0\" y=\"\(y - 11)\" width=\"22\" height=\"12\"/>",
                view.words("期限内", "in time")
            ),
            (
                "<rect class=\"bar late\" x=\"0\" y=\"\(y - 11)\" width=\"22\" height=\"12\"/>",
                view.words("超出期限", "beyond it")
            ),
            ("<path class=\"due\" d=\"M11 \(y - 13)v16\"/>", view.words("到期", "due")),
            ("<circle class=\"fact\" cx=\"11\" cy=\"\(middle)\" r=\"5\"/>", view.words("事件", "event")),
            (
                "<path class=\"notice\" d=\"\(Self.shape(isAlarm: false, 11, middle))\"/>",
                view.words("通知", "notice")
            ),
            (
                "<path class=\"notice\" d=\"\(Self.shape(isAlarm: true, 11, middle))\"/>",
                view.words("告警、升级", "alarm")
            ),
            (
                "<path class=\"notice lost\" d=\"\(Self.shape(isAlarm: false, 11, middle))\"/>",
                view.words("未送达", "not delivered")
            ),
            ("<path class=\"now\" d=\"M11 \(y - 13)v16\"/>", view.words("现在", "now")),
        ]
        return items.enumerated().map { index, item in
            let x = Double(index) * 110 + 8
            return "<g transform=\"translate(\(Self.number(x)) 0)\">\(item.shape)"
                + "<text class=\"tick\" x=\"28\" y=\"\(Self.number(y))\">\(item.word)</text></g>"
        }.joined()
    }

    private static func number(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }
}
