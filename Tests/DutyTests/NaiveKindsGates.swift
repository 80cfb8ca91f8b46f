import Duty

/// Contact and escort before a visit to an enterprise of the park, and contact early enough.
enum NaiveVisitGates: NaiveKind {
    private static let grace = 120
    private static let lead = 2
    private static let contact = FactPattern(.visitContacted)

    static let rules = [
        rule("contact", contact) { _ in },
        rule("escort", FactPattern(.visitEscortAssigned)) { $0.actField = "escortPersonRef" },
        rule("lead", contact) { gate in
            gate.leadWorkingDays = lead
            gate.given = contact
            gate.unless = FactPattern(.visitContacted, [.one(of: "emergency", true)])
        },
        rule("advice", contact) { gate in
            gate.leadWorkingDays = lead
            gate.isAdvice = true
        },
    ]

    private static func rule(
        _ id: RuleID,
        _ before: FactPattern,
        _ change: (inout GateRule) -> Void
    ) -> Rule {
        var gate = GateRule(
            act: FactPattern(.visitStarted, [.one(of: "enterprise.inPark", true)]),
            before: before,
            grace: .minutes(Int64(grace)),
            escalation: "plain"
        )
        gate.planned = FactPattern(
            .visitPlanned,
            [.one(of: "level", "county"), .one(of: "purpose", "inspection", "research")]
        )
        gate.cancelledBy = [FactPattern(.visitCancelled)]
        change(&gate)
        return .naive(id, .gate(gate))
    }

    static func play(_ history: inout NaiveKindsHistory) {
        history.otherAnswers = [
            "purpose": ["inspection", "leaderResearch"], "level": ["county", "city"],
            "emergency": [true, false],
        ]
        let start = history.moment(5...30)
        for version in 0..<history.one([0, 1, 1, 2]) {
            let begins = version == 0 ? start : history.moment(5...30)
            history.add(
                .visitPlanned,
                history.moment(0...5),
                [
                    "deptId": "D-1", "level": history.one(["county", "county", "county", "city"]),
                    "purpose": history.one(["inspection", "research", "leaderResearch"]),
                    "start": NaiveKindsHistory.text(begins), "end": NaiveKindsHistory.text(begins + 90),
                    "version": .integer(Int64(version + 1)),
                ]
            )
        }
        for _ in 0..<history.below(3) {
            // Also at the very moment of the entry, which is not beforehand.
            let minute = history.chance(20) ? start : history.moment(0...31)
            let isEmergency = history.chance(20)
            history.add(
                .visitContacted,
                minute,
                ["byDept": "D-1", "parkPersonRef": "P-1", "emergency": .bool(isEmergency)]
            )
        }
        if history.chance(40) {
            history.add(.visitEscortAssigned, history.moment(0...31), ["personRef": "P-1"])
        }
        if history.chance(60) {
            if history.chance(30) {
                history.add(.visitStarted, start, ["escortPersonRef": "P-1"])
            } else {
                history.add(.visitStarted, start)
            }
        }
        if history.chance(20) { history.add(.visitCancelled, history.moment(0...31)) }
    }

    // MARK: The notebook

    static func wanted(_ history: NaiveKindsHistory, at now: Int) -> [String] {
        let seen = happenings(history, at: now)
        var plan: NaiveModel.Happening?
        for page in seen where page.kind == .visitPlanned {
            if (page.number("version") ?? 1) >= (plan?.number("version") ?? 1) { plan = page }
        }
        if let plan {
            guard plan.text("level") == "county", ["inspection", "research"].contains(plan.text("purpose"))
            else { return [] }
        }
        let contacts = seen.filter { $0.kind == .visitContacted }
        let escorts = seen.filter { $0.kind == .visitEscortAssigned }
        var lines = [
            line("contact", contacts, 0, plan, seen, now), line("escort", escorts, 0, plan, seen, now),
        ]
        lines.append(line("advice", contacts, lead, plan, seen, now))
        if !contacts.isEmpty, !contacts.contains(where: { $0.data["emergency"] == true }) {
            lines.append(line("lead", contacts, lead, plan, seen, now))
        }
        return lines.compactMap { $0 }.sorted()
    }

    private static func line(
        _ rule: String,
        _ before: [NaiveModel.Happening],
        _ lead: Int,
        _ plan: NaiveModel.Happening?,
        _ seen: [NaiveModel.Happening],
        _ now: Int
    ) -> String? {
        if let entry = seen.first(where: { $0.kind == .visitStarted }) {
            let isDone =
                before.contains { isEarly($0.minute, entry.minute, lead) }
                || (rule == "escort" && entry.text("escortPersonRef") != nil)
            let due = entry.minute + grace
            let lacking = rule == "advice" || now < due ? "open" : "breached"
            return clockLine(rule, entry.minute, due, isDone ? "met" : lacking)
        }
        guard let plan, let text = plan.text("start"), let start = Instant(rfc3339: text) else { return nil }
        let due = NaiveModel.minute(start)
        let cancelled = seen.first { $0.kind == .visitCancelled }?.minute
        let lacking = cancelled.map { $0 < due ? "cancelled" : "breachedThenCancelled" } ?? "open"
        return clockLine(rule, plan.minute, due, before.isEmpty ? lacking : "met")
    }

    /// So many working days lie behind the day of contact before the day of entry is over.
    private static func isEarly(_ contact: Int, _ entry: Int, _ lead: Int) -> Bool {
        guard contact < entry else { return false }
        let (first, last) = (NaiveBooks.day(contact), NaiveBooks.day(entry))
        let days = first < last ? ((first + 1)...last).filter { NaiveDays.day($0).works }.count : 0
        return days >= lead
    }

    static func found(_ history: NaiveKindsHistory, at now: Int) -> [String] {
        derived("visit/1", history.arrived(by: now), at: now).obligations
            .map { clockLine($0, at: now) }.sorted()
    }
}

/// News: complaints of two categories, and of enterprises above scale alone.
enum NaiveNotices: NaiveKind {
    private static let books = "E-000451"

    static let rules = [
        notice(
            "category",
            [.one(of: "category", "A01", "A11"), Condition("kind", .isNoneOf(["discipline"]))]
        ),
        notice("large", [.one(of: "enterprise.aboveScale", true)]),
        notice("rated", [Condition("rating", .isOver(2))]),
        notice("named", [Condition("deptId", .isPresent(true))]),
    ]

    private static func notice(_ id: RuleID, _ conditions: [Condition]) -> Rule {
        .naive(id, .notice(NoticeRule(on: FactPattern(.complaintFiled, conditions), escalation: "plain")))
    }

    static func play(_ history: inout NaiveKindsHistory) {
        history.otherAnswers = ["category": ["A01", "A10"], "rating": [1, 4]]
        history.keep(Town.registration, in: books)
        for _ in 0..<history.one([0, 1, 1, 2]) {
            history.add(
                .enterpriseUpdated,
                history.moment(0...20),
                of: books,
                [
                    "changes": ["aboveScale": .bool(history.chance(60))],
                    "effectiveFrom": NaiveKindsHistory.text(history.moment(0...30)),
                ]
            )
        }
        for _ in 0..<history.between(1, 3) {
            let kind = history.one(["practice", "discipline", "badReview"] as [Value])
            let category = history.one(["A01", "A11", "A10"] as [Value])
            let rating = Value.integer(Int64(history.between(1, 5)))
            let minute = history.moment(0...30)
            if history.chance(50) {
                history.add(
                    .complaintFiled,
                    minute,
                    ["kind": kind, "category": category, "rating": rating, "deptId": "D-1"]
                )
            } else {
                history.add(
                    .complaintFiled,
                    minute,
                    ["kind": kind, "category": category, "rating": rating]
                )
            }
        }
    }

    static func wanted(_ history: NaiveKindsHistory, at now: Int) -> [String] {
        let profile = happenings(history, books, at: now)
        var told: Set<String> = []
        return happenings(history, at: now).flatMap { page -> [String] in
            var rules: [String] = []
            if ["A01", "A11"].contains(page.text("category")), page.text("kind") != "discipline" {
                rules.append("category")
            }
            if isLarge(profile, at: page.minute) { rules.append("large") }
            if page.number("rating") ?? 0 > 2 { rules.append("rated") }
            if page.text("deptId") != nil { rules.append("named") }
            // It is one complaint, however often it is filed: what was told of it is not told again.
            return rules.filter { told.insert($0).inserted }.map { "\($0) \(page.id) at \(page.minute)" }
        }.sorted()
    }

    private static func isLarge(_ profile: [NaiveModel.Happening], at minute: Int) -> Bool {
        var answer = false
        var latest = Int.min
        for page in profile where page.kind == .enterpriseUpdated {
            guard
                let from = page.text("effectiveFrom").flatMap({ Instant(rfc3339: $0) }).map(
                    NaiveModel.minute
                ),
                from <= minute, from >= latest, let value = page.data.at(path: "changes.aboveScale")?.bool
            else { continue }
            (answer, latest) = (value, from)
        }
        return answer
    }

    static func found(_ history: NaiveKindsHistory, at now: Int) -> [String] {
        let profile = FactHistory.effective(history.arrived(by: now, at: books))
        let enterprise = Enterprise(id: Town.enterpriseID, facts: profile)
        return derived("complaint/1", history.arrived(by: now, at: "1"), enterprise, at: now).obligations
            .map {
                "\($0.key.rule) \($0.opening.key.id) at \(NaiveModel.minute($0.openedAt))"
            }.sorted()
    }
}
