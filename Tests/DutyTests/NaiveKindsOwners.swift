import Duty

/// An enterprise that comes into the park has somebody to serve it before the day is over.
enum NaiveOwners: NaiveKind {
    private static let number = Town.enterpriseID.text
    private static let inPark = Condition.one(of: "enterprise.inPark", true)

    static let rules = [owner]
    private static var owner: Rule {
        let deadline = DeadlineRule(
            opens: [FactPattern(.enterpriseRegistered, [inPark]), FactPattern(.enterpriseUpdated, [inPark])],
            within: .sameDay(end: .midnight),
            metBy: [
                FactPattern(
                    .rosterAssigned,
                    [.one(of: "role", "park.staff"), Condition("backup", .isNoneOf([true]))]
                )
            ],
            escalation: "plain"
        )
        return .naive("owner", .deadline(deadline))
    }

    static func play(_ history: inout NaiveKindsHistory) {
        history.otherAnswers = ["backup": [true, false], "inPark": [true, false]]
        history.add(
            .enterpriseRegistered,
            history.moment(0...10),
            of: number,
            ["inPark": .bool(history.chance(50)), "parkId": "xidu"]
        )
        for _ in 0..<history.one([0, 1, 1, 2]) {
            history.add(
                .enterpriseUpdated,
                history.moment(5...15),
                of: number,
                [
                    "changes": ["inPark": .bool(history.chance(80))],
                    "effectiveFrom": NaiveKindsHistory.text(history.moment(0...25)),
                ]
            )
        }
        for index in 0..<history.below(3) { assign(&history, "RA-\(index)") }
        if history.chance(20) {
            history.add(.enterpriseDeregistered, history.moment(5...25), of: number, ["reason": "moved"])
            if history.chance(40) {
                history.add(.enterpriseRegistered, history.moment(10...25), of: number, ["inPark": true])
            }
        }
    }

    private static func assign(_ history: inout NaiveKindsHistory, _ id: String) {
        let from = history.moment(-5...25)
        let until = from + history.between(-1_000, 15_000)
        history.add(
            .rosterAssigned,
            history.moment(0...15),
            of: number,
            [
                "assignmentId": .string(id), "personRef": "P-1",
                "role": history.one(["park.staff", "park.staff", "park.staff", "park.leader"]),
                "backup": .bool(history.chance(15)), "from": NaiveKindsHistory.text(from),
                "to": history.chance(40) ? NaiveKindsHistory.text(until) : .null,
                "scope": ["enterpriseId": .string(number)],
            ]
        )
        if history.chance(40) {
            history.add(
                .rosterEnded,
                history.moment(0...20),
                of: number,
                ["assignmentId": .string(id), "to": NaiveKindsHistory.text(history.moment(-5...25))]
            )
        }
    }

    // MARK: The notebook

    static func wanted(_ history: NaiveKindsHistory, at now: Int) -> [String] {
        let pages = happenings(history, number, at: now)
        let opened = pages.compactMap { page -> Int? in
            switch page.kind {
            case .enterpriseRegistered: isIn(pages, at: page.minute) ? page.minute : nil
            case .enterpriseUpdated:
                // What is announced for a later day is not so before.
                isIn(pages, at: max(page.minute, minute(page, "effectiveFrom") ?? page.minute))
                    ? max(page.minute, minute(page, "effectiveFrom") ?? page.minute) : nil
            default: nil
            }
        }.min()
        guard let opened, opened <= now, !isGone(pages, at: opened) else { return [] }
        let due = NaiveBooks.minute(ofDay: NaiveBooks.day(opened) + 1, at: 0)
        let served = pages.compactMap { firstService(pages, $0, since: opened) }.filter { $0 <= now }.min()
        let phase = naivePhase(from: opened, due: due, met: served, cancelled: end(pages, opened), now: now)
        return [clockLine("owner", opened, due, phase)]
    }

    /// The first minute since then in which an assignment of a service officer holds.
    private static func firstService(
        _ pages: [NaiveModel.Happening],
        _ page: NaiveModel.Happening,
        since opened: Int
    ) -> Int? {
        guard page.kind == .rosterAssigned, page.text("role") == "park.staff", page.data["backup"] != true,
            let from = minute(page, "from")
        else { return nil }
        let ends =
            [minute(page, "to")]
            + pages.filter {
                $0.kind == .rosterEnded && $0.text("assignmentId") == page.text("assignmentId")
            }.map { minute($0, "to") ?? $0.minute }
        let first = max(from, opened)
        return first < ends.compactMap { $0 }.min() ?? .max ? first : nil
    }

    private static func isIn(_ pages: [NaiveModel.Happening], at moment: Int) -> Bool {
        guard let registration = pages.first(where: { $0.kind == .enterpriseRegistered }) else { return true }
        var answer = registration.data["inPark"] == true
        var latest = Int.min
        for page in pages where page.kind == .enterpriseUpdated {
            guard let from = minute(page, "effectiveFrom"), from <= moment, from >= latest,
                let flag = page.data.at(path: "changes.inPark")
            else { continue }
            (answer, latest) = (flag == true, from)
        }
        return answer
    }

    /// The minutes in which it ceased to be, each only once until it is registered again.
    private static func ends(_ pages: [NaiveModel.Happening], before moment: Int) -> (last: Int?, all: [Int])
    {
        var last: Int?
        var all: [Int] = []
        for page in pages {
            if page.kind == .enterpriseRegistered, page.minute <= moment, page.minute > last ?? .max {
                last = nil
            }
            if page.kind == .enterpriseDeregistered, page.minute < moment, last == nil {
                last = page.minute
                all.append(page.minute)
            }
        }
        return (last, all)
    }

    private static func isGone(_ pages: [NaiveModel.Happening], at moment: Int) -> Bool {
        ends(pages, before: moment).last != nil
    }

    private static func end(_ pages: [NaiveModel.Happening], _ opened: Int) -> Int? {
        ends(pages, before: .max).all.first { $0 >= opened }
    }

    private static func minute(_ page: NaiveModel.Happening, _ field: String) -> Int? {
        page.text(field).flatMap { Instant(rfc3339: $0) }.map(NaiveModel.minute)
    }

    static func found(_ history: NaiveKindsHistory, at now: Int) -> [String] {
        let facts = history.arrived(by: now, at: number)
        let enterprise = Enterprise(id: Town.enterpriseID, facts: FactHistory.effective(facts))
        return derived(MatterID(type: .enterprise, number: number), facts, enterprise, at: now).obligations
            .map { clockLine($0, at: now) }
    }
}
