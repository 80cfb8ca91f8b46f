import Duty

/// The fixed words of one language, from `phrases.json` beside the templates.
struct Phrases: Sendable {
    private let root: Value

    init(_ root: Value) { self.root = root }

    /// What every `phrases.json` must hold.
    static let required = [
        "date", "dateWithYear", "listSeparator", "units.day", "units.hour", "units.minute", "units.separator",
        "provisional", "enterprise", "roles", "reasons", "subjects", "quarter", "yearPeriod", "others",
        "stages.overdue",
        "stages.running", "bases", "classes", "doubts", "milestones", "pauses",
        "limits.m", "limits.h", "limits.d", "limits.wd", "limits.om", "limits.oh", "limits.0d",
    ]

    var missing: [String] { Phrases.required.filter { root.at(path: $0) == nil } }

    /// The phrase for `word` in `group`; an unknown word stands for itself.
    func phrase(_ group: String, _ word: String) -> String { self.word(group, word) ?? word }

    func word(_ group: String, _ word: String) -> String? { root[group]?[word]?.string }

    func list(_ words: [String]) -> String { words.joined(separator: root["listSeparator"]?.string ?? ", ") }

    /// At most three of them, and that there are more.
    func fewest(_ words: [String]) -> String {
        list(Array(words.prefix(3))) + (words.count > 3 ? root["others"]?.string ?? "" : "")
    }

    /// `2026年第4季度` for `2026-Q4`, `2026年度` for `2026`; nil for what is neither.
    func period(_ name: String) -> String? {
        let parts = name.split(separator: "-Q")
        guard let year = parts.first, Int(year) != nil, parts.count <= 2 else { return nil }
        guard parts.count == 2 else { return fill(root["yearPeriod"]?.string ?? "{year}", ["year": name]) }
        let values = ["year": String(year), "quarter": String(parts[1])]
        return fill(root["quarter"]?.string ?? "{year} Q{quarter}", values)
    }

    /// `11月23日14:35` by the county's clock, with the year if that is not the year of `reference`.
    func date(_ instant: Instant, reference: Instant) -> String {
        date(CivilDate(instant), time: String(instant.local.dropFirst(11).prefix(5)), reference: reference)
    }

    /// The end of a time as a date; midnight is the end of the day before (Civil Code 203 II).
    func limit(_ instant: Instant, reference: Instant) -> String {
        let day = CivilDate(instant)
        guard day.start == instant else { return date(instant, reference: reference) }
        return date(CivilDate(instant - .seconds(1)), time: "24:00", reference: reference)
    }

    private func date(_ day: CivilDate, time: String, reference: Instant) -> String {
        let (year, month, dayOfMonth) = day.parts
        let pattern = year == CivilDate(reference).year ? "date" : "dateWithYear"
        let months = root["months"]?.array?.compactMap(\.string) ?? []
        let values = [
            "year": String(year), "day": String(dayOfMonth), "time": time,
            "month": months.count == 12 ? months[month - 1] : String(month),
        ]
        return fill(root[pattern]?.string ?? "{year}-{month}-{day} {time}", values)
    }

    /// Stands for an enterprise that the message must not name.
    var enterprise: String { root["enterprise"]?.string ?? "" }

    /// Stands behind a due date that rests on a year without a holiday notice.
    var provisional: String { root["provisional"]?.string ?? "" }

    /// `29分钟`, `3小时5分钟`, `2天4小时`: the two largest units; nil for less than a minute.
    func duration(_ seconds: Int64) -> String? {
        let minutes = Int64(clamping: seconds.magnitude / 60)
        guard minutes > 0 else { return nil }
        let parts =
            minutes < 60
            ? [(minutes, "minute")]
            : minutes < 1_440
                ? [(minutes / 60, "hour"), (minutes % 60, "minute")]
                : [(minutes / 1_440, "day"), (minutes / 60 % 24, "hour")]
        return parts.filter { $0.0 > 0 }.map { "\($0.0)\(root["units"]?[$0.1]?.string ?? $0.1)" }
            .joined(separator: root["units"]?["separator"]?.string ?? " ")
    }

    /// `半小时` for `30m`, `12个工作日` for `12wd`: words of its own for one limit, else those of its unit.
    func limit(word: String) -> String {
        if let own = self.word("limits", word) { return own }
        let count = String(word.prefix(while: \.isNumber))
        let pattern = self.word("limits", String(word.dropFirst(count.count)))
        return pattern.map { fill($0, ["count": count]) } ?? word
    }

    private func fill(_ pattern: String, _ values: [String: String]) -> String {
        var result = ""
        for piece in pattern.split(separator: "{", omittingEmptySubsequences: false) {
            guard let end = piece.firstIndex(of: "}"), let value = values[String(piece[..<end])] else {
                result += piece
                continue
            }
            result += value + piece[piece.index(after: end)...]
        }
        return result
    }
}
