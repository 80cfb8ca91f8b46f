import Duty

/// The holiday notices as a file: year by year days off, make-up working days, and the office hours.
package enum CalendarFile {
    package static func load(path: String) -> Loaded<WorkCalendar> {
        let log = ProblemLog(file: path)
        guard let text = ConfigFiles.text(path: path, log: log) else { return Loaded(nil, log.problems) }
        return load(text: text, fileName: path)
    }

    package static func load(text: String, fileName: String) -> Loaded<WorkCalendar> {
        let log = ProblemLog(file: fileName)
        guard let document = YAMLDocument(text: text, log: log) else { return Loaded(nil, log.problems) }
        let value: WorkCalendar? = document.root.mapping { map in
            let name = map.required("name")?.name() ?? ""
            let hours = CalendarReader.hours(map)
            let missing = map["missingYear"]?.word(WorkCalendar.MissingYear.self) ?? .provisional
            let reader = CalendarReader(hours: hours)
            for (key, year) in map.required("years")?.members() ?? [] { reader.readYear(key, year) }
            return WorkCalendar(
                offDays: reader.offDays,
                makeupDays: reader.makeupDays,
                knownYears: reader.years,
                hours: hours,
                halfDays: reader.halfDays,
                missingYear: missing,
                revision: name + "+" + ContentHash.short(text)
            )
        }
        return Loaded(value, log.problems)
    }
}

/// Reads the years one after the other.
private final class CalendarReader {
    private(set) var offDays: [CivilDate: String] = [:]
    private(set) var makeupDays: Set<CivilDate> = []
    private(set) var years: Set<Int> = []
    private(set) var halfDays: [CivilDate: Int] = [:]
    private let hours: WorkCalendar.OfficeHours

    init(hours: WorkCalendar.OfficeHours) { self.hours = hours }

    // MARK: Office hours

    static func hours(_ map: YAMLMapping) -> WorkCalendar.OfficeHours {
        let node = map.required("hours")
        var intervals: [Range<Int>] = []
        for item in node?.list() ?? [] {
            guard let interval = interval(item) else { continue }
            if let last = intervals.last, interval.lowerBound < last.upperBound {
                item.fail("开始时间早于前一段的结束时间", "begins before the interval in front of it ends")
            }
            intervals.append(interval)
        }
        if let close = map["closeOfBusiness"], let text = close.text() {
            let minute = TimeText.minute(text)
            if minute == nil || minute != intervals.last?.upperBound {
                close.fail(
                    "须等于 hours 最后一段的结束时间,现为“\(text)”",
                    "must be the end of the last interval of \"hours\", is \"\(text)\""
                )
            }
        }
        if intervals.isEmpty, let node, node.log.problems.isEmpty {
            node.fail("没有写任何时段,例如 [\"09:00-12:00\", \"13:30-17:30\"]", "names no interval")
        }
        return intervals.isEmpty ? .standard : WorkCalendar.OfficeHours(intervals: intervals)
    }

    private static func interval(_ node: YAMLNode) -> Range<Int>? {
        guard let text = node.text() else { return nil }
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map {
            TimeText.minute(String($0))
        }
        guard ends.count == 2, let from = ends[0], let to = ends[1], from < to else {
            return node.failed(
                "须是 09:00-12:00 这样的时段,现为“\(text)”",
                "must be an interval such as 09:00-12:00, is \"\(text)\""
            )
        }
        return from..<to
    }

    // MARK: Years

    func readYear(_ key: String, _ node: YAMLNode) {
        guard let year = Int(key), (2000...2200).contains(year) else {
            node.fail("须是 2000 到 2200 之间的年份", "must be a year from 2000 to 2200")
            return
        }
        years.insert(year)
        _ = node.mapping { map in
            _ = map.required("source")?.text()
            for item in map.required("offDays")?.list() ?? [] { readOffDays(item, year) }
            for item in map["makeupWorkdays"]?.list() ?? [] { readMakeupDay(item, year) }
            for item in map["halfDays"]?.list() ?? [] { readHalfDay(item, year) }
        }
    }

    private func readOffDays(_ node: YAMLNode, _ year: Int) {
        _ = node.mapping { map in
            let name = map.required("name")?.text() ?? ""
            let fromNode = map.required("from")
            let toNode = map["to"]
            guard let fromNode, let from = date(fromNode, year) else {
                _ = toNode.flatMap { date($0, year) }
                return
            }
            guard let to = toNode.map({ date($0, year) }) ?? from else { return }
            guard from <= to, to <= from.adding(days: 30) else {
                (toNode ?? fromNode).fail(
                    "须在首日 \(from) 到其后 30 天之间",
                    "must be from the first day, \(from), to 30 days after it"
                )
                return
            }
            var day = from
            while day <= to {
                note(day, fromNode)
                offDays[day] = name
                day = day.next
            }
        }
    }

    private func readMakeupDay(_ node: YAMLNode, _ year: Int) {
        guard let day = date(node, year) else { return }
        if day.weekday <= 5 {
            node.fail("\(day) 本来就是普通工作日,不用写成补班", "\(day) is a plain weekday and works anyway")
        }
        note(day, node)
        makeupDays.insert(day)
    }

    private func readHalfDay(_ node: YAMLNode, _ year: Int) {
        _ = node.mapping { map in
            let day = map.required("date").flatMap { date($0, year) }
            let end = map.required("until").flatMap(end)
            guard let day, let end else { return }
            if offDays[day] != nil || (day.weekday > 5 && !makeupDays.contains(day)) {
                node.fail("\(day) 不是工作日", "\(day) is no working day")
            }
            if halfDays.updateValue(end, forKey: day) != nil {
                node.fail("\(day) 写了两次", "\(day) is given twice")
            }
        }
    }

    /// A time at which the office can close early.
    private func end(_ node: YAMLNode) -> Int? {
        guard let text = node.text() else { return nil }
        let opens = hours.intervals.first?.lowerBound ?? 0
        guard let minute = TimeText.minute(text), minute > opens, minute < hours.closeOfBusiness else {
            return node.failed(
                "须是上班时间之内的时刻,现为“\(text)”",
                "must be a time inside the office hours, is \"\(text)\""
            )
        }
        return minute
    }

    private func date(_ node: YAMLNode, _ year: Int) -> CivilDate? {
        guard let day = node.date() else { return nil }
        return day.year == year ? day : node.failed("\(day) 不在 \(year) 年", "\(day) is not in \(year)")
    }

    private func note(_ day: CivilDate, _ node: YAMLNode) {
        if makeupDays.contains(day) { node.fail("\(day) 已写成补班日", "\(day) is already a make-up working day") }
        if let name = offDays[day] {
            node.fail("\(day) 已写成放假(\(name))", "\(day) is already a day off (\(name))")
        }
    }
}
