import Duty

/// What must not be done at all, not twice, and not too often, in one matter.
enum NaivePractice: NaiveKind {
    private static let asked = FactPattern(.approvalMaterialRequested)
    private static let codes: [Value] = ["M-1", "M-2", "M-3"]

    static let rules = [
        rule("each", [FactPattern(asked.kind, [Condition("round", .isOver(1))])], .each),
        rule("again", [asked], .repeated(by: ["materialCode"])),
        rule("many", [asked], .moreThan(2, of: "materialCode")),
        rule("given", [asked], .moreThan(1, of: "stage")) {
            $0.given = FactPattern(.projectMilestone, [.one(of: "milestone", "signed")])
        },
    ]

    private static func rule(
        _ id: RuleID,
        _ facts: [FactPattern],
        _ test: PracticeRule.Test,
        _ change: (inout PracticeRule) -> Void = { _ in }
    ) -> Rule {
        var practice = PracticeRule(facts: facts, test: test, escalation: "plain")
        change(&practice)
        return .naive(id, .practice(practice))
    }

    static func play(_ history: inout NaiveKindsHistory) {
        let stages: [Value] = ["立项", "施工许可"]
        history.otherAnswers = ["materialCode": codes, "stage": stages, "round": [1, 2]]
        for _ in 0..<history.between(1, 6) {
            history.add(
                .approvalMaterialRequested,
                history.moment(0...20),
                [
                    "approvalId": "AP-1", "projectId": "1", "materialCode": history.one(codes),
                    "stage": history.one(stages), "round": history.one([1, 1, 2, .null]),
                ]
            )
        }
        if history.chance(60) {
            let step: Value = history.chance(60) ? "signed" : "started"
            history.add(
                .projectMilestone,
                history.moment(0...20),
                ["projectId": "1", "milestone": step]
            )
        }
    }

    static func wanted(_ history: NaiveKindsHistory, at now: Int) -> [String] {
        let all = happenings(history, at: now)
        var pages: [NaiveModel.Happening] = []
        for page in all where page.kind == .approvalMaterialRequested {
            // A list names each material once: the same line of the same list is a copy of it.
            let isCopy = pages.contains {
                $0.text("approvalId") == page.text("approvalId") && $0.text("stage") == page.text("stage")
                    && $0.text("materialCode") == page.text("materialCode")
                    && $0.number("round") ?? 1 == page.number("round") ?? 1
            }
            if !isCopy { pages.append(page) }
        }
        var lines: [String] = []
        func find(_ rule: String, _ page: NaiveModel.Happening) {
            lines.append("\(rule) \(page.id) at \(page.minute)")
        }
        for (index, page) in pages.enumerated() {
            if let round = page.number("round"), round > 1 { find("each", page) }
            let before = pages.prefix(index)
            if before.contains(where: { $0.text("materialCode") == page.text("materialCode") }) {
                find("again", page)
            }
        }
        if let third = first(pages, "materialCode", over: 2) { find("many", third) }
        let isSigned = all.contains { $0.kind == .projectMilestone && $0.text("milestone") == "signed" }
        if isSigned, let second = first(pages, "stage", over: 1) { find("given", second) }
        return lines.sorted()
    }

    /// The page on which the list of different values becomes longer than the limit.
    private static func first(
        _ pages: [NaiveModel.Happening],
        _ field: String,
        over limit: Int
    ) -> NaiveModel.Happening? {
        var list: [String] = []
        for page in pages {
            guard let value = page.text(field), !list.contains(value) else { continue }
            list.append(value)
            if list.count > limit { return page }
        }
        return nil
    }

    static func found(_ history: NaiveKindsHistory, at now: Int) -> [String] {
        derived("project/1", history.arrived(by: now), at: now).obligations.map {
            "\($0.key.rule) \($0.opening.key.id) at \(NaiveModel.minute($0.openedAt))"
        }.sorted()
    }
}

/// Visits of several departments to one enterprise, close to each other.
enum NaiveNear: NaiveKind {
    private static let departments: [Value] = ["D-1", "D-2", "D-3"]
    private static let numbers = ["VS-1", "VS-2", "VS-3", "VS-4"]

    static let rules = [near]
    private static var near: Rule {
        var practice = PracticeRule(
            facts: [
                FactPattern(.visitPlanned, [.one(of: "purpose", "inspection", "enforcement")])
            ],
            test: .near(days: 7, of: "deptId"),
            escalation: "plain"
        )
        practice.range = .enterprise
        practice.isAdvice = true
        return .naive("near", .practice(practice))
    }

    static func play(_ history: inout NaiveKindsHistory) {
        history.otherAnswers = ["deptId": departments, "purpose": ["inspection", "research"]]
        for number in numbers.prefix(history.between(1, 4)) {
            for version in 1...history.one([1, 1, 2]) {
                let start = history.moment(25...60)
                history.add(
                    .visitPlanned,
                    history.moment(0...20),
                    of: number,
                    [
                        "deptId": history.one(departments), "level": "county",
                        "purpose": history.one(["inspection", "enforcement", "research"]),
                        "start": NaiveKindsHistory.text(start),
                        "end": NaiveKindsHistory.text(start + 120), "version": .integer(Int64(version)),
                    ]
                )
            }
            if history.chance(15) { history.add(.visitCancelled, history.moment(10...24), of: number) }
        }
    }

    /// The plan of a visit that counts, if it is still to take place.
    private static func plan(
        _ history: NaiveKindsHistory,
        _ number: String,
        at now: Int
    ) -> NaiveModel.Happening? {
        let seen = happenings(history, number, at: now)
        if seen.contains(where: { $0.kind == .visitCancelled }) { return nil }
        var latest: NaiveModel.Happening?
        for page in seen where page.kind == .visitPlanned {
            if (page.number("version") ?? 1) >= (latest?.number("version") ?? 1) { latest = page }
        }
        return latest.flatMap { ["inspection", "enforcement"].contains($0.text("purpose")) ? $0 : nil }
    }

    static func wanted(_ history: NaiveKindsHistory, at now: Int) -> [String] {
        let plans = numbers.compactMap { plan(history, $0, at: now) }
            .sorted { ($0.minute, $0.id) < ($1.minute, $1.id) }
        func day(_ plan: NaiveModel.Happening, _ field: String) -> Int {
            let moment = plan.text(field).flatMap { Instant(rfc3339: $0) }
            return NaiveBooks.day(NaiveModel.minute(moment ?? .distantPast))
        }
        // A week after the one begins before the other is over, whichever comes first.
        func isNear(_ one: NaiveModel.Happening, _ other: NaiveModel.Happening) -> Bool {
            day(one, "start") <= day(other, "end") + 7 && day(other, "start") <= day(one, "end") + 7
        }
        var lines: [String] = []
        for (index, plan) in plans.enumerated() {
            let isNear = plans.prefix(index).contains {
                isNear($0, plan) && $0.text("deptId") != plan.text("deptId")
            }
            if isNear { lines.append("near " + plan.id) }
        }
        return lines.sorted()
    }

    static func found(_ history: NaiveKindsHistory, at now: Int) -> [String] {
        let gathered = numbers.flatMap { number in
            derived(
                MatterID(type: .visit, number: number),
                history.arrived(by: now, at: number),
                at: now
            ).reflections
        }
        guard let gathering = gathered.first?.matter else { return [] }
        return derived(gathering, gathered, at: now).obligations.map {
            // A reflection's id begins with the id of the fact that it reflects.
            "near " + $0.opening.key.id.prefix { $0 != ">" }
        }.sorted()
    }
}
