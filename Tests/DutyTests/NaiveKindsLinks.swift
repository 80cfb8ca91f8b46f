import Duty

/// What a county leader owes each quarter to linked enterprises: a visit of each, or of one of them.
enum NaiveLinks: NaiveKind {
    private static let codes = ["one", "pair"]
    private static let enterprises = ["E-1", "E-2", "E-3"]

    static let rules = codes.map { code in
        var recurring = RecurringRule(
            code: code,
            every: .quarter,
            owner: .linked("county.linked", every: code == "pair"),
            escalation: "plain"
        )
        recurring.visits = FactPattern(.visitPlanned, [.one(of: "purpose", "leaderResearch")])
        return Rule.naive(RuleID(code), .recurring(recurring))
    }

    static func play(_ history: inout NaiveKindsHistory) {
        history.otherAnswers = ["purpose": ["leaderResearch", "research"]]
        for enterprise in enterprises {
            link(&history, enterprise)
            for visit in 0..<history.below(3) { call(&history, enterprise, "\(enterprise) visit \(visit)") }
            if history.chance(25) {
                let code = history.one(codes)
                history.add(
                    .dutyPerformed,
                    history.moment(-150...150),
                    of: code,
                    ["personRef": "P-7", "enterpriseId": .string(enterprise)]
                )
            }
        }
    }

    private static func link(_ history: inout NaiveKindsHistory, _ enterprise: String) {
        guard history.chance(75) else { return }
        let first = history.moment(-150...60)
        let link: NaiveKindsHistory.Members = [
            "assignmentId": .string("RA " + enterprise), "personRef": "P-7", "role": "county.linked",
            "from": NaiveKindsHistory.text(first), "scope": ["enterpriseId": .string(enterprise)],
        ]
        history.add(.rosterAssigned, first, of: enterprise, link)
        guard history.chance(30) else { return }
        history.add(.rosterEnded, first + history.below(200 * 1_440), of: enterprise, link)
    }

    private static func call(_ history: inout NaiveKindsHistory, _ enterprise: String, _ visit: String) {
        let start = history.moment(-150...150)
        history.add(
            .visitPlanned,
            start - 3_000,
            of: visit,
            [
                "deptId": "D-1", "level": "county",
                "purpose": history.one(["leaderResearch", "leaderResearch", "research"]),
                "start": NaiveKindsHistory.text(start), "end": NaiveKindsHistory.text(start + 60),
            ]
        )
        if history.chance(80) { history.add(.visitEnded, start + history.below(200), of: visit) }
    }

    // MARK: The notebook

    private struct Link {
        let enterprise: String
        let from: Int
        let until: Int
        let heardAt: Int
    }

    private static func links(_ history: NaiveKindsHistory, at now: Int) -> [Link] {
        enterprises.compactMap { enterprise in
            let seen = happenings(history, enterprise, at: now)
            guard let first = seen.first(where: { $0.kind == .rosterAssigned }) else { return nil }
            let heard = history.facts.first { $0.key.id == first.id }.map { NaiveModel.minute($0.receivedAt) }
            return Link(
                enterprise: enterprise,
                from: first.minute,
                until: seen.first { $0.kind == .rosterEnded }?.minute ?? Int.max,
                heardAt: heard ?? 0
            )
        }
    }

    /// When each enterprise was called on: by visits that have ended while the link held, and by records.
    private static func calls(_ history: NaiveKindsHistory, _ link: Link, _ code: String, _ now: Int) -> [Int]
    {
        let visits = (0..<3).compactMap { number -> Int? in
            let seen = happenings(history, "\(link.enterprise) visit \(number)", at: now)
            guard seen.last(where: { $0.kind == .visitPlanned })?.text("purpose") == "leaderResearch",
                let end = seen.first(where: { $0.kind == .visitEnded })?.minute
            else { return nil }
            return link.from <= end && end < link.until ? end : nil
        }
        let records = happenings(history, code, at: now)
            .filter { $0.kind == .dutyPerformed && $0.text("enterpriseId") == link.enterprise }
        return visits + records.map(\.minute)
    }

    static func wanted(_ history: NaiveKindsHistory, at now: Int) -> [String] {
        let links = links(history, at: now)
        return codes.flatMap { code in
            NaivePeriod.begun("quarter", at: now).compactMap { period -> String? in
                let known = links.filter {
                    $0.from < period.end && $0.until > period.start && $0.heardAt < period.end
                        && $0.from <= now
                }
                guard let last = known.map(\.until).max() else { return nil }
                // Once the last link has ended in the period, all of them are what was owed.
                let owed = last < period.end ? known : known.filter { $0.until >= period.end }
                let opened = max(period.start, known.map(\.from).min() ?? 0)
                let done = owed.compactMap { link in
                    calls(history, link, code, now).filter { (period.start..<period.end).contains($0) }.min()
                }
                let isDone = code == "pair" ? done.count == owed.count : !done.isEmpty
                let phase = naivePhase(
                    from: opened,
                    due: period.end,
                    met: isDone ? (code == "pair" ? done.max() : done.min()) : nil,
                    cancelled: !isDone && last < period.end ? last : nil,
                    now: now
                )
                return "\(period.cycle) " + clockLine(code, opened, period.end, phase)
                    + " \(done.count) of \(owed.count)"
            }
        }.sorted()
    }

    // MARK: The core

    static func found(_ history: NaiveKindsHistory, at now: Int) -> [String] {
        let reflections = enterprises.flatMap { reflected(history, $0, at: now) }
        return codes.flatMap { code -> [String] in
            let matter = MatterID("duty/\(code).P-7")
            let facts = history.arrived(by: now, at: code) + reflections.filter { $0.matter == matter }
            return derived(matter, facts, at: now).obligations.map { obligation in
                func count(_ name: String) -> Int64 {
                    obligation.details.first { $0.name == name }?.value.integer ?? -1
                }
                return "\(obligation.key.cycle) " + clockLine(obligation, at: now)
                    + " \(count("done")) of \(count("total"))"
            }
        }.sorted()
    }

    /// What the matter of an enterprise passes on, with what its visits have passed on to it.
    private static func reflected(
        _ history: NaiveKindsHistory,
        _ enterprise: String,
        at now: Int
    ) -> [Fact] {
        let id = EnterpriseID(enterprise)
        let own = history.arrived(by: now, at: enterprise)
        let visits = (0..<3).flatMap { number in
            let visit = "\(enterprise) visit \(number)"
            let matter = MatterID(type: .visit, number: visit)
            let facts = history.arrived(by: now, at: visit)
            return derived(matter, facts, Enterprise(id: id, facts: []), at: now).reflections
        }
        let all = own + visits
        return derived(
            MatterID(type: .enterprise, number: enterprise),
            all,
            Enterprise(id: id, facts: FactHistory.effective(all)),
            at: now
        ).reflections
    }
}
