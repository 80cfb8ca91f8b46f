import Duty

/// How a due time was counted, in sentences: the clock, and for working days each day of the way.
struct Counting {
    let calendar: WorkCalendar
    let isChinese: Bool

    /// So many days are told one by one; a longer way is told by its sum.
    private static let longest = 62

    /// The clock of a deadline in words; nil for rules that have none.
    func clock(_ rule: Rule, className: String?) -> String? {
        guard case .deadline(let deadline) = rule.body else { return nil }
        let entry = deadline.classes?.classes.first { $0.name == className }
        switch entry?.within ?? deadline.within {
        case .continuous(let span):
            return choose("连续计时 \(words(span)),不分工作日", "runs on for \(words(span)), day and night")
        case .officeTime(let span):
            return choose("只计办公时间,共 \(words(span))", "counts office hours alone, \(words(span)) of them")
        case .naturalDays(let count, _, let rolls):
            return choose(
                "自然日 \(count) 天,起算日不计" + (rolls ? ",末日遇休息日顺延" : ""),
                (count == 1 ? "1 natural day" : "\(count) natural days") + ", not counting the first"
                    + (rolls ? "; a last day off moves on" : "")
            )
        case .workingDays(let count, let end):
            let close = choose(",至末日下班", ", until the office closes")
            let days = count == 1 ? "1 working day" : "\(count) working days"
            return choose("工作日 \(count) 天,起算日不计", days + ", not counting the first")
                + (end == .closeOfBusiness ? close : "")
        case .sameDay: return choose("当日内", "until the end of that day")
        case .open: return choose("没有期限,办结为止", "without a limit, until it is done")
        }
    }

    /// Each day from the start of a limit of working days to its end; `stands` are days on which the clock stood.
    func days(_ count: Int, from start: Instant, due: Instant, stands: (CivilDate) -> Bool) -> [String] {
        let first = CivilDate(start)
        let last = CivilDate(due - Span(microseconds: 1))
        // A pause without an end has no due time, and is not asked about here.
        let days = calendar.account(workingDays: count, from: first) { $0 <= last && stands($0) }
        guard days.count <= Self.longest else { return [] }
        var lines = days.map(text)
        if let counted = days.last?.day.date, counted < last {
            // What whole days do not explain is the hours for which the clock stood.
            let paused = workingDays(counted, last)
            lines.append(
                choose(
                    "其间停计 \(paused) 个工作日,末日移到 \(last)",
                    "the clock stood for \(paused) working days, so that the last day is \(last)"
                )
            )
        }
        return lines
    }

    /// The days around the end of a limit of natural days that a day off has moved; empty if none has.
    func roll(_ rule: Rule, className: String?, from start: Instant, due: Instant) -> [String] {
        guard case .deadline(let deadline) = rule.body,
            case .naturalDays(let count, _, true) =
                deadline.classes?.classes.first(where: { $0.name == className })?.within ?? deadline.within
        else { return [] }
        let days = calendar.account(naturalDays: count, from: CivilDate(start), rollsForward: true)
        guard days.count > count + 1, days.last?.day.date == CivilDate(due - Span(microseconds: 1)) else {
            return []
        }
        return days[count...].map(text)
    }

    /// How many working days of a month lie outside the window's closed days.
    func openDays(_ window: WindowRule, monthOf moment: Instant) -> String {
        let (year, month, _) = CivilDate(moment).parts
        let count = calendar.workingDays(year: year, month: month, outside: window.fromDay...window.toDay)
        return choose(
            "\(year)年\(month)月 \(window.fromDay)—\(window.toDay)日为宁静日,可入企检查的工作日共 \(count) 个",
            "\(year)-\(padded(month, 2)): quiet days are \(window.fromDay) to \(window.toDay); "
                + "\(count) working days are open to inspection"
        )
    }

    private func workingDays(_ after: CivilDate, _ until: CivilDate) -> Int {
        var day = after
        var count = 0
        while day < until {
            day = day.next
            if calendar.isWorkingDay(day) { count += 1 }
        }
        return count
    }

    private func text(_ counted: CountedDay) -> String {
        let day = counted.day
        let names = isChinese ? Self.chinese : Self.english
        return "\(day.date) \(names[day.date.weekday - 1]) \(kind(day)): \(role(counted.role))"
            + (day.isProvisional ? choose("(节假日安排未公布,暂定)", " (provisional)") : "")
    }

    private func kind(_ day: CalendarDay) -> String {
        switch day.kind {
        case .workday: choose("工作日", "working day")
        case .makeupWorkday: choose("调休上班", "make-up working day")
        case .weekend: choose("休息日", "weekend")
        case .holiday(let name): choose(name + "放假", name.isEmpty ? "holiday" : "holiday " + name)
        }
    }

    private func role(_ role: CountedDay.Role) -> String {
        switch role {
        case .start: choose("起算日,不计", "the first day, does not count")
        case .counted(let number): choose("第 \(number) 日", "day \(number)")
        case .passed: choose("不计", "does not count")
        case .paused: choose("停计", "the clock stands")
        case .rolledTo: choose("顺延至此", "moves on to this day")
        }
    }

    private func words(_ span: Span) -> String {
        let minutes = span.seconds / 60
        if minutes % 60 == 0, minutes > 0 { return choose("\(minutes / 60) 小时", "\(minutes / 60) h") }
        return choose("\(minutes) 分钟", "\(minutes) min")
    }

    private func choose(_ chinese: String, _ english: String) -> String { isChinese ? chinese : english }

    private static let chinese = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"]
    private static let english = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
}
