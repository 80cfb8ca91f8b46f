import Duty

/// Prices that are compared with a limit.
enum NaivePrices: NaiveKind {
    static let rules = [
        Rule.naive("price", amount("power.package", .atMost(percent: 95, of: "baseGuidePriceFen"))),
        Rule.naive("free", amount("water.outsideRedLine", .atMostFen(0))),
    ]

    private static func amount(_ item: Value, _ figure: AmountRule.Figure) -> Rule.Body {
        .amount(
            AmountRule(
                facts: FactPattern(.feeQuoted, [.one(of: "item", item)]),
                figure: figure,
                escalation: "plain"
            )
        )
    }

    static func play(_ history: inout NaiveKindsHistory) {
        let items: [Value] = ["power.package", "water.outsideRedLine", "other"]
        let base = history.below(history.chance(50) ? 60 : 100_000)
        let limit = base * 95 / 100
        let amounts = [0, 1, limit - 1, limit, limit + 1, base].filter { $0 >= 0 }
            .map { Value.integer(Int64($0)) }
        history.otherAnswers = ["amountFen": amounts, "item": items]
        let minute = history.moment(0...20)
        let (item, amount) = (history.one(items), history.one(amounts))
        if history.chance(80) {
            history.add(
                .feeQuoted,
                minute,
                ["item": item, "amountFen": amount, "baseGuidePriceFen": .integer(Int64(base))]
            )
        } else {
            history.add(.feeQuoted, minute, ["item": item, "amountFen": amount])
        }
        for _ in 0..<history.below(3) {
            // The same paper once more, or another price.
            let other = history.chance(60) ? amount : history.one(amounts)
            history.add(
                .feeQuoted,
                history.chance(50) ? minute : history.moment(0...20),
                ["item": item, "amountFen": other, "baseGuidePriceFen": .integer(Int64(base))]
            )
        }
    }

    static func wanted(_ history: NaiveKindsHistory, at now: Int) -> [String] {
        var papers: [[String?]] = []
        return happenings(history, at: now).compactMap { quotation in
            let fen = quotation.number("amountFen") ?? 0
            let paper = [
                quotation.text("item"), "\(fen)", quotation.number("baseGuidePriceFen").map { "\($0)" },
            ]
            if papers.contains(paper) { return nil }
            papers.append(paper)
            switch quotation.text("item") {
            case "power.package":
                guard let base = quotation.number("baseGuidePriceFen") else { return nil }
                // As many whole fen as there are while a hundred of them are no more than 95 of the base.
                var limit: Int64 = 0
                while (limit + 1) * 100 <= base * 95 { limit += 1 }
                return fen > limit ? "price \(quotation.id) \(fen) over \(limit)" : nil
            case "water.outsideRedLine": return fen > 0 ? "free \(quotation.id) \(fen) over 0" : nil
            default: return nil
            }
        }.sorted()
    }

    static func found(_ history: NaiveKindsHistory, at now: Int) -> [String] {
        derived("fee/1", history.arrived(by: now), at: now).obligations.map { obligation in
            let fen = obligation.opening.data["amountFen"]?.integer ?? -1
            let limit = obligation.details.first { $0.name == "limitFen" }?.value.integer ?? -1
            return "\(obligation.key.rule) \(obligation.opening.key.id) \(fen) over \(limit)"
        }.sorted()
    }
}

/// Awards by grade, and the last ones of a list with one question about what a shared rank leaves open.
enum NaiveLists: NaiveKind {
    static let rules = [
        award("award") { $0.conditions = [.one(of: "grade", "优秀")] },
        award("bottom") { $0.part = .bottom(3) },
        award("tied") { $0.part = .tied(3) },
    ]

    private static func award(_ id: RuleID, _ change: (inout ListSelection) -> Void) -> Rule {
        var amount = AmountRule(
            facts: FactPattern(.assessmentPublished),
            figure: .award(5_000_000),
            escalation: "plain"
        )
        var selection = ListSelection(list: "results")
        change(&selection)
        amount.selection = selection
        return .naive(id, .amount(amount))
    }

    static func play(_ history: inout NaiveKindsHistory) {
        let count = history.between(0, 7)
        history.otherAnswers = ["results": [results(&history, count), results(&history, count)]]
        history.add(
            .assessmentPublished,
            history.moment(0...20),
            ["scheme": "unit", "year": 2026, "results": results(&history, count)]
        )
        if history.chance(30) {
            history.add(
                .assessmentPublished,
                history.moment(0...20),
                ["scheme": "unit", "year": 2026, "results": results(&history, count)]
            )
        }
    }

    private static func results(_ history: inout NaiveKindsHistory, _ count: Int) -> Value {
        .array(
            (0..<count).map { number in
                [
                    "orgUnit": .string("D-\(number)"), "grade": history.one(["优秀", "良好"]),
                    "rank": .integer(Int64(history.between(1, 6))),
                ]
            }
        )
    }

    static func wanted(_ history: NaiveKindsHistory, at now: Int) -> [String] {
        // Under one number it is one assessment: the first that was published.
        happenings(history, at: now).prefix(1).flatMap { assessment -> [String] in
            let results = assessment.data["results"]?.array ?? []
            func name(_ result: Value) -> String { result["orgUnit"]?.string ?? "" }
            func rank(_ result: Value) -> Int64 { result["rank"]?.integer ?? 0 }
            let award = results.filter { $0["grade"] == "优秀" }.map { "award " + name($0) }
            let (bottom, tied) = lastThree(results.map { (name($0), rank($0)) })
            return award + bottom.map { "bottom " + $0 } + (tied.isEmpty ? [] : ["tied -"])
        }.sorted()
    }

    /// Takes a whole rank from the end of the list at a time, until three are taken or a rank does not fit.
    private static func lastThree(_ list: [(name: String, rank: Int64)]) -> (in: [String], open: [String]) {
        var taken: [String] = []
        for rank in Set(list.map(\.rank)).sorted(by: >) where taken.count < 3 {
            let group = list.filter { $0.rank == rank }.map(\.name)
            if taken.count + group.count > 3 { return (taken, group) }
            taken += group
        }
        return (taken, [])
    }

    static func found(_ history: NaiveKindsHistory, at now: Int) -> [String] {
        derived("assessment/1", history.arrived(by: now), at: now).obligations.map {
            "\($0.key.rule) " + ($0.opening.data["orgUnit"]?.string ?? "-")
        }.sorted()
    }
}
