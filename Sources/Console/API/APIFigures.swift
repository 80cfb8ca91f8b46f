import Duty
import Storage

/// How the rules are kept.
extension APIRoutes {
    /// Today included.
    private static let days = 30

    func rates(_ view: BoardView, _ query: APIQuery) async throws -> Value {
        let today = CivilDate(view.now)
        let first = today.adding(days: 1 - Self.days)
        let month = try await reader.store.figures(from: first, through: today)
        let totals = try await reader.store.summary(now: view.now).supervision
        let byDay = BoardRoutes.split(month, from: first, count: Self.days)
        let rates = view.policy.rates.map { rate -> Value in
            let isCount = rate.isOfNow
            let days = byDay.enumerated().map { index, figures -> Value in
                let day = Value.Member("day", .string(first.adding(days: index).description))
                return .object([day] + Self.share(rate, figures, today))
            }
            return [
                "name": .string(rate.name),
                "title": rate.title.value,
                "measure": .string(rate.measure.rawValue), "share": .bool(rate.isShare),
                "unit": .string(rate.unit.rawValue), "betterLow": .bool(rate.isBetterLow),
                "wall": .bool(rate.isOnWall),
                "today": .object(Self.share(rate, isCount ? totals : byDay.last ?? Figures(), today)),
                "month": isCount ? .null : .object(Self.share(rate, month, today)),
                "lateIngest": .integer(month.clock(rate.rules).lateIngest),
                "days": .array(isCount ? [] : days),
            ]
        }
        return [
            "now": .string(view.now.rfc3339), "document": .string(view.policy.document),
            "policyVersion": .string(view.policy.version), "from": .string(first.description),
            "to": .string(today.description), "rates": .array(rates),
            "ages": Self.ages(try await reader.store.waiting(), on: today),
        ]
    }

    static func ages(_ waiting: [CivilDate: Int64], on today: CivilDate) -> Value {
        .array(
            AgeBand.all(waiting, on: today).map { band in
                [
                    "from": .integer(band.from), "through": band.through.map { .integer($0) } ?? .null,
                    "count": .integer(band.count),
                ]
            }
        )
    }

    private static func share(
        _ rate: SupervisorRate,
        _ figures: Figures,
        _ today: CivilDate
    ) -> [Value.Member] {
        let value = rate.value(figures, on: today)
        let ratio = rate.isShare ? value.ratio : nil
        return [
            Value.Member("cases", .integer(rate.cases(figures, on: today))),
            Value.Member("part", .integer(value.part)), Value.Member("whole", .integer(value.whole)),
            Value.Member("ratio", ratio.map { .number($0) } ?? .null),
        ]
    }

    func articles(_ view: BoardView, _ query: APIQuery) async throws -> Value {
        let totals = try await reader.store.summary(now: view.now).supervision
        let articles = Dictionary(grouping: view.policy.rules, by: \.article).sorted { $0.key < $1.key }
        return [
            "policyVersion": .string(view.policy.version),
            "articles": .array(
                articles.map { number, rules in
                    [
                        "article": .integer(Int64(number)),
                        "rules": .array(rules.map { Self.value(view, $0, totals.clock([$0.id])) }),
                    ]
                }
            ),
        ]
    }

    private static func value(_ view: BoardView, _ rule: Rule, _ clock: Figures.Clock) -> Value {
        [
            "ruleId": .string(rule.id.text), "title": .string(view.title(rule)),
            "kind": .string(rule.kindName),
            "basis": .string(rule.basis.rawValue), "restricted": .bool(rule.isRestricted),
            "open": .integer(clock.open), "breached": .integer(clock.everLate),
            "done": .integer(clock.inTime),
        ]
    }
}

extension Wording {
    /// Both languages, for programs.
    var value: Value { ["zh": .string(chinese), "en": .string(english)] }
}
