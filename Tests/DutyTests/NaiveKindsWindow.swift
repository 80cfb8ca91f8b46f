import Duty

/// Quiet days from the 6th to the 25th.
enum NaiveWindow: NaiveKind {
    static let rules = [window]
    private static var window: Rule {
        var window = WindowRule(
            planned: FactPattern(.visitPlanned, [.one(of: "purpose", "inspection")]),
            days: 6...25,
            protects: ["aboveScale", "inNormalProduction"],
            exceptions: ["emergency", "complaintCase"],
            plannedEscalation: "planned",
            enteredEscalation: "entered",
            reviewEscalation: "review"
        )
        window.referenceRequired = ["complaintCase"]
        window.superiorDeployed = .review
        return .naive("window", .window(window))
    }

    private static let flags = ["aboveScale", "inNormalProduction"]
    private static let books = "E-000451"

    static func play(_ history: inout NaiveKindsHistory) {
        history.otherAnswers = ["purpose": ["inspection", "research"]]
        registerEnterprise(&history)
        let start = history.moment(20...60)
        for version in 0..<history.one([0, 1, 1, 1, 2, 2, 3]) {
            plan(&history, version + 1, version == 0 ? start : history.moment(20...60))
        }
        if history.chance(60) {
            let entry = start + history.between(-600, 600)
            history.add(.visitStarted, entry)
            if history.chance(70) { history.add(.visitEnded, entry + history.below(6_000)) }
        } else if history.chance(30) {
            history.add(.visitCancelled, history.moment(10...40))
        }
    }

    private static func registerEnterprise(_ history: inout NaiveKindsHistory) {
        let flag: [Value] = [true, true, true, false, .null]
        var registration = Town.fact(
            .enterpriseRegistered,
            "registration",
            at: Town.monday - .days(60),
            of: books,
            ["parkId": "xidu"]
        )
        for name in flags {
            let value = history.one(flag)
            if value != .null { registration.data = registration.data.setting(path: name, to: value) }
        }
        history.keep(registration, in: books)
        for _ in 0..<history.one([0, 0, 1, 2]) {
            let change = Value.object([Value.Member(history.one(flags), history.one([true, false]))])
            history.add(
                .enterpriseUpdated,
                history.moment(0...40),
                of: books,
                ["changes": change, "effectiveFrom": NaiveKindsHistory.text(history.moment(0...60))]
            )
        }
    }

    private static func plan(_ history: inout NaiveKindsHistory, _ version: Int, _ start: Int) {
        let exceptions: [Value] = [
            .null, .null, .null, ["code": "emergency"], ["code": "complaintCase"],
            ["code": "complaintCase", "ref": "CP-7"], ["code": "superiorDeployed"], ["code": "whim"],
        ]
        history.add(
            .visitPlanned,
            history.moment(0...20),
            [
                "deptId": "D-1", "level": "county",
                "purpose": history.one(["inspection", "inspection", "inspection", "research"]),
                "start": NaiveKindsHistory.text(start),
                "end": NaiveKindsHistory.text(start + history.one([90, 600, 5_000])),
                "exception": history.one(exceptions), "version": .integer(Int64(version)),
            ]
        )
    }

    // MARK: The notebook

    static func wanted(_ history: NaiveKindsHistory, at now: Int) -> [String] {
        let seen = happenings(history, at: now)
        let profile = happenings(history, books, at: now)
        var plan: NaiveModel.Happening?
        for page in seen where page.kind == .visitPlanned {
            if (page.number("version") ?? 1) >= (plan?.number("version") ?? 1) { plan = page }
        }
        var lines: [String] = []
        var isAsked = false
        let entry = seen.first { $0.kind == .visitStarted }
        if let plan, !seen.contains(where: { $0.kind == .visitCancelled }),
            let start = minute(plan, "start"), let end = minute(plan, "end")
        {
            switch verdict(plan, profile, from: start, to: end) {
            case "violation":
                // Who has entered is not told any more how to plan.
                lines.append((entry == nil ? "" : "done ") + "planned \(plan.id) at \(plan.minute)")
            case "review":
                lines.append("review \(plan.id) at \(plan.minute)")
                isAsked = true
            default: break
            }
        }
        if let entry {
            let end =
                seen.first { $0.kind == .visitEnded && $0.minute >= entry.minute }?.minute ?? entry.minute
            switch verdict(plan, profile, from: entry.minute, to: end) {
            case "violation": lines.append("entered \(entry.id) at \(entry.minute)")
            case "review" where !isAsked: lines.append("review \(entry.id) at \(entry.minute)")
            default: break
            }
        }
        return lines.sorted()
    }

    private static func minute(_ page: NaiveModel.Happening, _ field: String) -> Int? {
        page.text(field).flatMap { Instant(rfc3339: $0) }.map(NaiveModel.minute)
    }

    /// What a visit between two minutes is: nothing, a violation, or a question for a person.
    private static func verdict(
        _ plan: NaiveModel.Happening?,
        _ profile: [NaiveModel.Happening],
        from start: Int,
        to end: Int
    ) -> String {
        let days = NaiveBooks.day(start)...NaiveBooks.day(max(start, end))
        guard days.contains(where: { (6...25).contains(NaiveDays.day($0).day) }) else { return "nothing" }
        if let plan, plan.text("purpose") != "inspection" { return "nothing" }
        let answers = flags.map { flag($0, profile, at: start) }
        if answers.contains(false) { return "nothing" }
        if answers.contains(nil) { return "review" }
        switch plan?.text("exception.code") {
        case "emergency": return "nothing"
        case "complaintCase": return plan?.text("exception.ref") == nil ? "review" : "nothing"
        case "superiorDeployed": return "review"
        default: return plan == nil ? "review" : "violation"
        }
    }

    private static func flag(_ name: String, _ profile: [NaiveModel.Happening], at minute: Int) -> Bool? {
        var answer = profile.first { $0.kind == .enterpriseRegistered }?.data[name]?.bool
        var latest = Int.min
        for page in profile where page.kind == .enterpriseUpdated {
            guard let from = Self.minute(page, "effectiveFrom"), from <= minute, from >= latest,
                let value = page.data.at(path: "changes." + name)?.bool
            else { continue }
            (answer, latest) = (value, from)
        }
        return answer
    }

    static func found(_ history: NaiveKindsHistory, at now: Int) -> [String] {
        let profile = FactHistory.effective(history.arrived(by: now, at: books))
        let enterprise = Enterprise(id: Town.enterpriseID, facts: profile)
        return derived("visit/1", history.arrived(by: now, at: "1"), enterprise, at: now).obligations
            .filter { $0.cancelled == nil }.map {
                let moment = NaiveModel.minute($0.openedAt)
                let words = "\($0.escalation.withdrawn ?? "-") \($0.opening.key.id) at \(moment)"
                return $0.metAt == nil ? words : "done " + words
            }.sorted()
    }
}
