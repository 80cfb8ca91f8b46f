import Duty

/// A calendar in lines for people and for programs.
struct CalendarPages {
    let calendar: WorkCalendar

    func days(_ year: Int) -> [CalendarDay] {
        guard let first = CivilDate(year: year, month: 1, day: 1) else { return [] }
        let period = Period(.year, containing: first)
        return (0..<Int(period.next.firstDay.dayNumber - first.dayNumber)).map {
            CalendarDay(first.adding(days: $0), in: calendar)
        }
    }

    // MARK: For programs

    func json(_ day: CalendarDay) -> String { Self.line(members(day)) }

    func json(_ counted: CountedDay) -> String {
        var members = members(counted.day)
        members.append(Value.Member("role", .string(word(counted.role))))
        if case .counted(let number) = counted.role {
            members.append(Value.Member("count", .integer(Int64(number))))
        }
        return Self.line(members)
    }

    private static func line(_ members: [Value.Member]) -> String {
        String(decoding: JSONWriter.encode(.object(members)), as: UTF8.self)
    }

    private func members(_ day: CalendarDay) -> [Value.Member] {
        var members = [
            Value.Member("date", .string(day.date.description)),
            Value.Member("weekday", .integer(Int64(day.date.weekday))),
            Value.Member("working", .bool(day.isWorking)), Value.Member("kind", .string(word(day.kind))),
        ]
        if case .holiday(let name) = day.kind, !name.isEmpty {
            members.append(Value.Member("name", .string(name)))
        }
        if day.isWorking {
            let close = calendar.closeOfBusiness(on: day.date)
            members.append(Value.Member("closesAt", .string(time(close))))
        }
        if day.isProvisional { members.append(Value.Member("provisional", .bool(true))) }
        return members
    }

    private func word(_ kind: CalendarDay.Kind) -> String {
        switch kind {
        case .workday: "workday"
        case .makeupWorkday: "makeupWorkday"
        case .weekend: "weekend"
        case .holiday: "holiday"
        }
    }

    private func word(_ role: CountedDay.Role) -> String {
        switch role {
        case .start: "start"
        case .counted: "counted"
        case .passed: "passed"
        case .paused: "paused"
        case .rolledTo: "rolledTo"
        }
    }

    // MARK: For people

    /// Months and quarters with their working days, then every day that is not what its weekday says.
    func summary(_ year: Int, closed: ClosedRange<Int>?) -> [String] {
        let provisional = calendar.knownYears.contains(year) ? "" : Self.provisional
        let days = days(year)
        var lines = ["\(year)年 \(days.count(where: \.isWorking))个工作日 working days" + provisional]
        for month in 1...12 {
            let count = calendar.workingDays(year: year, month: month)
            var line = "  \(padded(month, 2))月 \(count)个工作日 working days"
            if let closed {
                let open = calendar.workingDays(year: year, month: month, outside: closed)
                line += ",可检查 open outside \(closed.lowerBound)–\(closed.upperBound): \(open)"
            }
            lines.append(line)
        }
        lines += quarters(year)
        return lines + days.filter(isSpecial).map { "  " + text($0) }
    }

    private func quarters(_ year: Int) -> [String] {
        guard let first = CivilDate(year: year, month: 1, day: 1) else { return [] }
        var lines: [String] = []
        var quarter = Period(.quarter, containing: first)
        while quarter.firstDay.year == year {
            let last = calendar.subtracting(workingDays: 1, from: quarter.next.firstDay)
            lines.append("  \(quarter) 至 until \(quarter.lastDay),最后工作日 last working day \(last)")
            quarter = quarter.next
        }
        return lines
    }

    private func isSpecial(_ day: CalendarDay) -> Bool {
        switch day.kind {
        case .weekend: false
        case .workday: day.closesEarly != nil
        case .holiday, .makeupWorkday: true
        }
    }

    func text(_ counted: CountedDay) -> String {
        let role =
            switch counted.role {
            case .start: "起算日,不计 start, does not count"
            case .counted(let number): "第\(number)日 day \(number)"
            case .passed: "不计 does not count"
            case .paused: "停计 the clock stands"
            case .rolledTo: "顺延至此 rolls forward to this day"
            }
        return text(counted.day) + " — " + role
    }

    private func text(_ day: CalendarDay) -> String {
        let kind =
            switch day.kind {
            case .workday: "工作日 working day"
            case .makeupWorkday: "调休上班 make-up working day"
            case .weekend: "休息日 weekend"
            case .holiday(let name): (name.isEmpty ? "放假" : name) + " holiday"
            }
        let early = day.closesEarly.map { ",\(time($0))下班 closes at \(time($0))" } ?? ""
        return "\(day.date) \(Self.weekdays[day.date.weekday - 1]) \(kind)" + early
    }

    /// When the limit ends that was accounted for.
    func due(_ days: [CountedDay]) -> String {
        guard let last = days.last?.day, let first = days.first?.day else { return "" }
        let provisional = calendar.isProvisional(from: first.date, to: last.date) ? Self.provisional : ""
        return "到期 due \(last.date) \(time(calendar.closeOfBusiness(on: last.date)))" + provisional
    }

    private func time(_ minute: Int) -> String { "\(padded(minute / 60, 2)):\(padded(minute % 60, 2))" }

    private static let provisional = "(暂定 provisional)"
    private static let weekdays = [
        "周一 Mon", "周二 Tue", "周三 Wed", "周四 Thu", "周五 Fri", "周六 Sat", "周日 Sun",
    ]
}
