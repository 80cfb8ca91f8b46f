import Duty

/// Reads `within`: `{minutes: 30}`, `{hours: 24, clock: officeHours}`, `{workingDays: 10}`.
struct TimeLimitReader {
    let values: PolicyValues

    private static let units = ["minutes", "hours", "days", "workingDays", "sameDay", "open"]

    func limit(_ map: YAMLMapping) -> TimeLimit? {
        let given = TimeLimitReader.units.compactMap { unit in map[unit].map { (unit, $0) } }
        let clock = map["clock"]
        let endsAt = map["endsAt"]
        let rolls = map["rollsForward"]
        let kind = map["unit"]
        let first = map["countStartDay"]
        guard given.count == 1, let (unit, node) = given.first else {
            return map.node.failed(
                "\(TimeLimitReader.units.joined(separator: "、")) 须写且只写一个",
                "needs exactly one of \(TimeLimitReader.units.joined(separator: ", "))"
            )
        }
        let isTime = unit == "minutes" || unit == "hours"
        if isTime { refuse([endsAt, rolls], beside: unit) } else { refuse([clock], beside: unit) }
        if unit != "days" { refuse([isTime ? nil : rolls, kind, first], beside: unit) }
        if unit == "open" {
            refuse([endsAt], beside: unit)
            return node.flag() == true ? .open : node.failed("只能是 true", "must be true")
        }
        if isTime { return time(unit, node, clock) }
        let limit = days(unit, node, endsAt, rolls)
        return self.limit(limit, kind, first)
    }

    /// Days as the settings want them counted: working days instead of natural ones, the first day included.
    private func limit(_ limit: TimeLimit?, _ kind: YAMLNode?, _ first: YAMLNode?) -> TimeLimit? {
        guard case .naturalDays(let count, let end, let rolls) = limit else { return limit }
        let isWorking = kind.flatMap { values.word($0, of: ["natural", "working"]) } == "working"
        let days = first.flatMap { values.flag($0) } == true ? count - 1 : count
        return isWorking ? .workingDays(days, end: end) : .naturalDays(days, end: end, rolls: rolls)
    }

    private func refuse(_ nodes: [YAMLNode?], beside unit: String) {
        for node in nodes.compactMap({ $0 }) {
            node.fail("与“\(unit)”一起写没有意义,请删去", "has no meaning beside \"\(unit)\"")
        }
    }

    private func time(_ unit: String, _ node: YAMLNode, _ clock: YAMLNode?) -> TimeLimit? {
        let word = clock.map { values.word($0, of: ["continuous", "officeHours"]) } ?? "continuous"
        guard let count = values.integer(node, in: 1...100_000), let word else { return nil }
        let span = unit == "minutes" ? Span.minutes(count) : .hours(count)
        return word == "officeHours" ? .officeTime(span) : .continuous(span)
    }

    private func days(
        _ unit: String,
        _ node: YAMLNode,
        _ endsAt: YAMLNode?,
        _ rolls: YAMLNode?
    ) -> TimeLimit? {
        let fallback = unit == "sameDay" ? DayEnd.midnight.rawValue : DayEnd.closeOfBusiness.rawValue
        let word = endsAt.map {
            values.word($0, of: [DayEnd.closeOfBusiness.rawValue, DayEnd.midnight.rawValue])
        }
        guard let end = (word ?? fallback).flatMap({ DayEnd(rawValue: $0) }) else { return nil }
        if unit == "sameDay" {
            guard let flag = node.flag() else { return nil }
            return flag ? .sameDay(end: end) : node.failed("只能是 true", "must be true")
        }
        guard let count = values.integer(node, in: 1...3_660).map(Int.init) else { return nil }
        if unit == "workingDays" { return .workingDays(count, end: end) }
        return .naturalDays(count, end: end, rolls: rolls.flatMap { values.flag($0) } ?? true)
    }
}
