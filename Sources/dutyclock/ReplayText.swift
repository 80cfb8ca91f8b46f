import Console
import Duty
import Engine

/// One report, or two side by side with what differs, for people and for programs.
struct ReplayText {
    let reports: [ReplayReport]
    let isChinese: Bool

    private typealias Section = ReplayReport.Section
    private typealias Amount = ReplayReport.Amount

    /// What a row is about.
    private struct Place: Hashable {
        let section: Section
        let subject: String
        let aspect: String
    }

    // MARK: For people

    var text: String {
        var text = head
        for section in Section.allCases {
            let places = places(in: section)
            if places.isEmpty { continue }
            text += "\n" + word(section.rawValue) + "\n" + table(section, places)
        }
        return text
    }

    private var head: String {
        var lines: [String] = []
        for (index, report) in reports.enumerated() {
            let name = reports.count > 1 ? " " + Self.letters[index] : ""
            lines.append("\(choose("规则", "policy"))\(name): \(report.document) \(report.policyVersion)")
        }
        if let report = reports.first {
            lines.append("\(choose("日历", "calendar")): \(report.calendarRevision)")
            let span = report.from.map { "\($0.local) – \(report.until.local)" }
            lines.append("\(choose("时间", "time")): \(span ?? choose("没有事件", "no event"))")
        }
        return lines.map { $0 + "\n" }.joined()
    }

    private static let letters = ["A", "B"]

    private func table(_ section: Section, _ places: [Place]) -> String {
        let columns = reports.count > 1 ? Self.letters + [choose("差", "difference")] : [choose("数", "figure")]
        var table = TextTable(["", ""] + columns, numbers: Set(2..<2 + columns.count))
        var last: String?
        for place in places {
            let amounts = reports.map { amount($0, place) }
            var cells = [place.subject == last ? "" : subject(place), aspect(place)]
            cells += amounts.map { $0.map(text) ?? "–" }
            if reports.count > 1 { cells.append(difference(amounts[0], amounts[1])) }
            table.add(cells)
            last = place.subject
        }
        return table.text
    }

    private func subject(_ place: Place) -> String {
        // A rate is called as the policy calls it.
        if place.section == .rates,
            let title = reports.lazy.compactMap({ $0.rateTitles[place.subject] }).first
        {
            return choose(title.chinese, title.english)
        }
        if let title = reports.lazy.compactMap({ $0.titles[place.subject] }).first {
            return place.subject + " " + title
        }
        return word(place.subject)
    }

    private func aspect(_ place: Place) -> String {
        switch place.section {
        case .alarms, .messages:
            return reports.lazy.compactMap { $0.roleNames[place.aspect] }.first ?? word(place.aspect)
        case .journal:
            return JournalWords(isChinese: isChinese, name: \.text).action(place.aspect)
        default: return word(place.aspect)
        }
    }

    private func text(_ amount: Amount) -> String {
        switch amount {
        case .count(let count): return String(count)
        case .fen(let fen): return "¥" + Fen(fen).yuan
        case .rate(let rate):
            guard let permille = Self.permille(rate) else { return "–" }
            return Self.percent(permille) + " (\(rate.part)/\(rate.whole))"
        }
    }

    private static func permille(_ rate: Figures.Rate) -> Int64? {
        rate.whole > 0 ? (rate.part * 1_000 + rate.whole / 2) / rate.whole : nil
    }

    private static func percent(_ permille: Int64) -> String {
        "\(permille.magnitude / 10).\(permille.magnitude % 10)%"
    }

    private func difference(_ left: Amount?, _ right: Amount?) -> String {
        if case .rate(let before) = left, case .rate(let after) = right {
            guard let before = Self.permille(before), let after = Self.permille(after) else { return "–" }
            return Self.signed(after - before, Self.percent(after - before))
        }
        let change = Self.number(right) - Self.number(left)
        if case .fen = left ?? right { return Self.signed(change, "¥" + Fen(abs(change)).yuan) }
        return Self.signed(change, String(change.magnitude))
    }

    private static func signed(_ change: Int64, _ text: String) -> String {
        change == 0 ? "=" : (change > 0 ? "+" : "−") + text
    }

    /// Zero where a report has no such row.
    private static func number(_ amount: Amount?) -> Int64 {
        switch amount {
        case .count(let number), .fen(let number): number
        case .rate, nil: 0
        }
    }

    // MARK: Rows

    private func amount(_ report: ReplayReport, _ place: Place) -> Amount? {
        report.rows.first {
            $0.section == place.section && $0.subject == place.subject && $0.aspect == place.aspect
        }?.amount
    }

    /// Every row that any report has, in the order of the first that has it.
    private func places(in section: Section) -> [Place] {
        var seen: Set<Place> = []
        let all = reports.flatMap(\.rows).filter { $0.section == section }.map {
            Place(section: section, subject: $0.subject, aspect: $0.aspect)
        }
        let places = all.filter { seen.insert($0).inserted }
        // What only the second has stands beside its subject.
        var subjects: [String] = []
        for place in places where !subjects.contains(place.subject) { subjects.append(place.subject) }
        return subjects.flatMap { subject in places.filter { $0.subject == subject } }
    }

    // MARK: For programs

    var value: Value {
        var members = [
            Value.Member("from", reports.first?.from.map { .string($0.rfc3339) } ?? .null),
            Value.Member(
                "until",
                reports.first { $0.from != nil }.map { .string($0.until.rfc3339) } ?? .null
            ),
            Value.Member("policies", .array(reports.map(value))),
        ]
        if reports.count > 1 { members.append(Value.Member("difference", differenceValue)) }
        return .object(members)
    }

    private func value(_ report: ReplayReport) -> Value {
        .object(
            [
                Value.Member("policyVersion", .string(report.policyVersion)),
                Value.Member("document", .string(report.document)),
                Value.Member("calendarRevision", .string(report.calendarRevision)),
            ] + sections { amount(report, $0).map(Self.value) }
        )
    }

    private static func value(_ amount: Amount) -> Value {
        switch amount {
        case .count(let number), .fen(let number): .integer(number)
        case .rate(let rate): ["part": .integer(rate.part), "whole": .integer(rate.whole)]
        }
    }

    /// The second less the first, where that is anything; rates are left to whoever divides.
    private var differenceValue: Value {
        .object(
            sections { place in
                let change = Self.number(amount(reports[1], place)) - Self.number(amount(reports[0], place))
                return change == 0 ? nil : .integer(change)
            }
        )
    }

    private func sections(_ value: (Place) -> Value?) -> [Value.Member] {
        Section.allCases.map { section in
            var members: [Value.Member] = []
            for place in places(in: section) {
                guard let value = value(place) else { continue }
                if place.subject.isEmpty {
                    members.append(Value.Member(place.aspect, value))
                } else if let index = members.firstIndex(where: { $0.name == place.subject }) {
                    let inner = (members[index].value.members ?? []) + [Value.Member(place.aspect, value)]
                    members[index].value = .object(inner)
                } else {
                    members.append(Value.Member(place.subject, .object([Value.Member(place.aspect, value)])))
                }
            }
            return Value.Member(section.rawValue, .object(members))
        }
    }

    // MARK: Words

    private func choose(_ chinese: String, _ english: String) -> String { isChinese ? chinese : english }

    private func word(_ name: String) -> String {
        Self.words[name].map { choose($0.0, $0.1) } ?? name
    }

    private static let words: [String: (String, String)] = [
        "totals": ("总计", "Totals"), "events": ("事件", "Events"), "matters": ("事项", "Matters"),
        "obligations": ("责任", "Obligations"), "journal": ("流水", "What the journal would say"),
        "alarms": ("逾期告知", "Alarms"), "messages": ("通知", "Messages"), "rates": ("比率", "Rates"),
        "ledger": ("台账", "Ledger"), "accepted": ("已接收", "accepted"), "duplicate": ("重复", "duplicates"),
        "rejected": ("不可读", "rejected"), "skipped": ("未知类型", "unknown type"), "parked": ("等待起始事件", "parked"),
        "orphans": ("久等无起始", "orphans"), "leftOut": ("期后未计", "after the end"),
        "breaches": ("期限逾期", "deadlines breached"), "gateViolations": ("缺前置记录", "gates violated"),
        "findings": ("时段、做法、收费违规", "findings on windows, practices, fees"),
        "dutiesMissed": ("例行工作未做", "duties missed"), "lateIngest": ("事件晚到所致", "by late events alone"),
        "withdrawals": ("撤回通知", "messages that take one back"), "all": ("全部", "all"), "open": ("未完", "open"),
        "met": ("按时", "in time"), "metLate": ("迟办", "late"), "breached": ("逾期或违规", "breached"),
        "breachedThenCancelled": ("逾期后终止", "breached, then cancelled"), "cancelled": ("取消", "cancelled"),
        "share": ("比率", "share"),
        "inTimeRate": ("按时率", "rate in time"), "due": ("应办", "due"), "inTime": ("按时", "in time"),
        "late": ("迟办", "late"), "missing": ("逾期未办", "still missing"),
        "dropped": ("逾期后终止", "dropped after the breach"), "fen": ("金额", "amount"),
        "posted": ("已分担", "borne"), "held": ("待定", "held"), "settled": ("已履行", "settled"),
        "entries": ("分录", "entries"), "allocate": ("入账", "allocate"), "adjust": ("调整", "adjust"),
        "reverse": ("冲销", "reverse"), "hold": ("待定", "hold"), "release": ("解除待定", "release"),
        "settle": ("履行", "settle"), "refund": ("退还", "refund"), "refundDue": ("应退还", "refund due"),
        "unknownType": ("未知类型", "unknown type"), "@group": ("园区群", "group of the park"),
    ]
}
