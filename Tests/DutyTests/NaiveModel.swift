import Duty

/// Articles 22 and 25 once more, the slow and obvious way.
///
/// Somebody walks through the matter minute by minute with a stopwatch and a notebook. It shares no code with
/// what it checks but the facts themselves.
struct NaiveModel {
    /// How one clock or gate stands.
    struct Standing: Hashable, CustomStringConvertible {
        var openedAt: Int
        var dueAt: Int
        var phase = "open"
        var description: String { "\(phase), opened at minute \(openedAt), due at \(dueAt)" }
    }

    /// A fact that counts, in minutes after the Monday on which everything starts.
    struct Happening {
        let id: String
        let source: String
        let kind: EventKind
        var minute: Int
        var data: Value

        func text(_ path: String) -> String? { data.at(path: path)?.string }
        func number(_ path: String) -> Int64? { data.at(path: path)?.integer }
    }

    let happenings: [Happening]
    let books: NaiveBooks
    let now: Int

    init(facts: [Fact], books: [Fact], now: Instant) {
        happenings = Self.counting(facts)
        self.books = NaiveBooks(Self.counting(books))
        self.now = Self.minute(now)
    }

    static func minute(_ moment: Instant) -> Int {
        Int((moment.microseconds - Town.monday.microseconds).floorDivided(by: 60_000_000))
    }

    // MARK: What counts

    static func counting(_ facts: [Fact]) -> [Happening] {
        let voids = facts.filter { $0.kind == .recordVoided }
        func counts(_ fact: Fact) -> Bool {
            !voids.contains { sheet($0, among: facts) == fact.key && counts($0) }
        }
        let corrections = facts.filter { $0.kind == .recordCorrected && counts($0) }
            .sorted { ($0.at, $0.key.id) < ($1.at, $1.key.id) }
        var found: [Happening] = []
        for fact in facts where counts(fact) && fact.kind != .recordVoided && fact.kind != .recordCorrected {
            var happening = Happening(
                id: fact.key.id,
                source: fact.key.source,
                kind: fact.kind,
                minute: minute(fact.at),
                data: fact.data
            )
            for correction in corrections where sheet(correction, among: facts) == fact.key {
                for change in correction.data["patch"]?.members ?? [] {
                    happening.data = .object(
                        (happening.data.members ?? []).filter { $0.name != change.name } + [change]
                    )
                    guard change.name.hasSuffix("At") || change.name == "at",
                        let moment = change.value.string.flatMap({ Instant(rfc3339: $0) })
                    else { continue }
                    let arrival = minute(fact.receivedAt)
                    happening.minute = minute(moment) > arrival + 5 ? arrival : minute(moment)
                }
            }
            found.append(happening)
        }
        let order = EventKind.allCases
        return found.sorted {
            let (left, right) = (order.firstIndex(of: $0.kind) ?? 0, order.firstIndex(of: $1.kind) ?? 0)
            return ($0.minute, left, $0.id, $0.source) < ($1.minute, right, $1.id, $1.source)
        }
    }

    /// The sheet that a slip of paper speaks of.
    ///
    /// All that the slip says of it has to be on it. Of several such sheets it is the one of the desk that wrote the
    /// slip; a slip that says too little speaks of none.
    private static func sheet(_ slip: Fact, among facts: [Fact]) -> EventKey? {
        let sheets = facts.filter { fact in
            // What is no enterprise's has no name on it that could be another one.
            let isOther = fact.enterprise != nil && slip.enterprise != fact.enterprise
            guard slip.data["targetId"]?.string == fact.key.id, !isOther else { return false }
            let desk = slip.data["targetSource"]?.string
            let isDesk = desk == nil || desk == fact.key.source
            return slip.data["targetType"]?.string == fact.kind.rawValue && isDesk
        }
        if sheets.count == 1 { return sheets[0].key }
        return sheets.first { $0.key.source == slip.key.source }?.key
    }

    // MARK: Complaints

    /// Walks from the filing to now.
    func complaint() -> [String: Standing] {
        let filing = happenings.first {
            $0.kind == .complaintFiled && $0.text("kind") == "appeal" && books.isInPark(at: $0.minute)
        }
        // Of an enterprise that is no more nobody can owe anything.
        guard let filing, filing.minute <= books.end ?? .max else { return [:] }
        var walk = Walk(start: filing.minute, end: books.end ?? .max)
        guard now >= filing.minute else { return walk.standings }
        // What is dated before the filing counts with it; what was not yet filed cannot be re-opened.
        let seen = happenings.filter { $0.kind != .complaintReopened || $0.minute >= filing.minute }
        let pages = Dictionary(grouping: seen) { max($0.minute, filing.minute) }
        for minute in filing.minute...now {
            for happening in pages[minute] ?? [] { walk.see(happening, minute) }
            if let end = books.end, end == minute { walk.cancel(minute) }
            walk.tick(minute)
        }
        return walk.standings
    }

    private struct Walk {
        var standings: [String: Standing] = [:]
        private var cycle = 0
        private var hasResult = false
        private var isWithdrawn = false
        /// The last minute of the enterprise.
        private let end: Int

        init(start: Int, end: Int) {
            self.end = end
            openCycle(start)
        }

        private var response: String { "A22.response #\(cycle)" }
        private var solution: String { "A22.solution #\(cycle)" }

        private mutating func openCycle(_ minute: Int) {
            cycle += 1
            hasResult = false
            isWithdrawn = false
            standings[response] = Standing(openedAt: minute, dueAt: minute + 30)
            standings[solution] = Standing(openedAt: minute, dueAt: minute + 24 * 60)
        }

        mutating func see(_ happening: Happening, _ minute: Int) {
            switch happening.kind {
            case .complaintResponded:
                let role = happening.text("by.role")
                let isHuman =
                    happening.data["auto"] != true && (role == "park.staff" || role == "park.leader")
                if isHuman { meet(response, minute) }
            case .complaintSolutionProposed:
                meet(response, minute)
                meet(solution, minute)
            case .complaintResolved:
                if !isWithdrawn { hasResult = true }
                meet(response, minute)
                if ["done", "replied"].contains(happening.text("outcome")) { meet(solution, minute) }
            case .complaintWithdrawn:
                cancel(minute)
                isWithdrawn = true
            case .complaintReopened where hasResult:
                cancel(minute)
                if minute <= end { openCycle(minute) }
            default: break
            }
        }

        private mutating func meet(_ name: String, _ minute: Int) {
            guard let standing = standings[name], ["open", "breached"].contains(standing.phase) else {
                return
            }
            standings[name]?.phase = minute <= standing.dueAt ? "met" : "metLate"
        }

        mutating func cancel(_ minute: Int) {
            for name in [response, solution] {
                guard let standing = standings[name], ["open", "breached"].contains(standing.phase) else {
                    continue
                }
                standings[name]?.phase = minute < standing.dueAt ? "cancelled" : "breachedThenCancelled"
            }
        }

        mutating func tick(_ minute: Int) {
            for (name, standing) in standings where standing.phase == "open" && minute >= standing.dueAt {
                standings[name]?.phase = "breached"
            }
        }
    }

    // MARK: Gates

    func gate(_ rule: String) -> [String: Standing] {
        let isCase = rule == "A25.case"
        let act = happenings.first {
            $0.kind == (isCase ? .caseOpened : .penaltyDecided)
                && !books.holders("county.linked", $0.minute).isEmpty
        }
        guard let act else { return [:] }
        var isReported = false
        for report in happenings where report.kind == .reportMade && report.minute < act.minute {
            guard report.text("subjectType") == (isCase ? "case" : "penalty"),
                report.text("toRole") == (isCase ? "county.linked" : "county.secretary"),
                let person = report.text("toPersonRef")
            else { continue }
            let linked =
                books.holders("county.linked", report.minute) + books.holders("county.linked", act.minute)
            if !isCase || linked.contains(person) { isReported = true }
        }
        let isOver = now >= act.minute + 120
        return [
            rule + " #1": Standing(
                openedAt: act.minute,
                dueAt: act.minute + 120,
                phase: isReported ? "met" : isOver ? "breached" : "open"
            )
        ]
    }

    // MARK: Fines

    private var fine: Happening? {
        happenings.first { $0.kind == .fineIssued && books.isInPark(at: $0.minute) }
    }

    func attribution() -> [String: Standing] {
        guard let fine else { return [:] }
        var day = NaiveBooks.day(fine.minute)
        var left = 10
        while left > 0 {
            day += 1
            if (0..<5).contains(NaiveBooks.weekday(day)) { left -= 1 }
        }
        var standing = Standing(openedAt: fine.minute, dueAt: NaiveBooks.minute(ofDay: day, at: 17 * 60 + 30))
        let decision = happenings.first { $0.kind == .fineAttributed }
        let revocation = inForce.last.flatMap { $0.kind == .fineRevoked ? $0 : nil }
        if let decision, decision.minute <= revocation?.minute ?? .max {
            standing.phase = max(decision.minute, fine.minute) <= standing.dueAt ? "met" : "metLate"
        } else if let revocation {
            standing.phase = revocation.minute < standing.dueAt ? "cancelled" : "breachedThenCancelled"
        } else if now >= standing.dueAt {
            standing.phase = "breached"
        }
        return ["A22.attribution #1": standing]
    }

    /// The revisions of the fine in the order of their numbers, up to the first that is missing.
    private var inForce: [Happening] {
        var found: [Happening] = []
        while let next = happenings.first(where: {
            ($0.kind == .fineRevised || $0.kind == .fineRevoked)
                && $0.number("revision") == Int64(found.count) + 2
        }) {
            found.append(next)
        }
        return found
    }

    /// Who bears how many fen, one fen at a time as far as that matters; what nobody bears stands under its role.
    func ledger() -> [String: Int64] {
        guard let fine, happenings.last(where: { $0.kind == .fineAttributed })?.data["attributable"] == true
        else { return [:] }
        var amount = fine.number("amountFen") ?? 0
        if let last = inForce.last { amount = last.kind == .fineRevoked ? 0 : last.number("amountFen") ?? 0 }
        let half = (amount - amount % 2) / 2
        let ofStaff = (half - half % 2) / 2
        var shares: [String: Int64] = [:]
        for (role, total) in [("park.leader", half - ofStaff), ("park.staff", ofStaff)] {
            let people = books.holders(role, fine.minute)
            guard !people.isEmpty else {
                shares[role, default: 0] += total
                continue
            }
            for (index, person) in people.enumerated() {
                let extra: Int64 = Int64(index) < total % Int64(people.count) ? 1 : 0
                shares[person, default: 0] += total / Int64(people.count) + extra
            }
        }
        return shares.filter { $0.value != 0 }
    }
}
