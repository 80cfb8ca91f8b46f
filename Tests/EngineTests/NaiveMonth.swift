import Duty

/// The supervisors' figures as a clerk with a pencil would find them: one tally sheet a matter, from what was reported
/// of it, and nothing of the program but the reports themselves.
struct NaiveMonth {
    /// One line of a tally sheet.
    struct Line {
        let rule: String
        /// Days since 1970 in Shanghai, of the last minute of the limit.
        let day: Int64
        var phase: String
        var isLate = false
        var seconds: Int64?
    }

    private(set) var lines: [Line] = []
    private(set) var ratings: [(day: Int64, isSolved: Bool, isSatisfied: Bool)] = []
    /// Done solutions whose matter was opened again: the days of their limits.
    private(set) var reopened: [Int64] = []
    /// Cases to compare with the list of first offences.
    private(set) var noted: [Int64] = []
    /// Arrears that nobody has paid: since which day, and how much.
    private(set) var owed: [(day: Int64, fen: Int64)] = []
    /// Fines as they stand now, with the day of their decision, and what people bear of each.
    private(set) var fines: [(day: Int64, fen: Int64)] = []
    private(set) var sharedFen: Int64 = 0
    private(set) var undecidedFines: Int64 = 0
    /// The day on which the oldest open clock of a matter began.
    private(set) var waiting: [Int64: Int64] = [:]
    private let now: Int64

    /// `matters` has the reports of each matter, as they were sent; `now` is the moment of the count.
    ///
    /// `assigned`: when enterprises were registered that had a service officer at once.
    init(_ matters: [[Fact]], now: Instant, assigned: [Instant] = []) {
        self.now = now.seconds
        lines += assigned.map { Line(rule: "A22.assignment", day: Self.day($0.seconds), phase: "in time") }
        for reports in matters {
            let pages = Self.valid(reports)
            switch pages.first(where: { [.caseOpened, .fineIssued, .complaintFiled].contains($0.kind) }) {
            case let page? where page.kind == .caseOpened: gate(pages)
            case let page? where page.kind == .fineIssued: fine(pages, page)
            case let page? where page.data["kind"] == "arrears": arrears(pages, page)
            default: complaint(pages)
            }
        }
    }

    /// The last day of so many working days; November and December 2026 have no holidays.
    private static func workingDays(_ count: Int, after second: Int64) -> Int64 {
        var (day, left) = (Self.day(second), count)
        while left > 0 {
            day += 1
            // 1970-01-01 was a Thursday.
            if (day + 3) % 7 < 5 { left -= 1 }
        }
        return day
    }

    private static func midnight(_ day: Int64) -> Int64 { day * 86_400 - 8 * 3_600 }

    // MARK: What counts

    private struct Page {
        let kind: EventKind
        let received: Int64
        let at: Int64
        let data: Value
    }

    private static func valid(_ reports: [Fact]) -> [Page] {
        func target(_ fact: Fact) -> String? { fact.data["targetId"]?.string }
        let voided = Set(reports.filter { $0.kind == .recordVoided }.compactMap(target))
        var pages: [Page] = []
        for fact in reports where fact.kind != .recordVoided && fact.kind != .recordCorrected {
            if voided.contains(fact.key.id) { continue }
            var at = fact.at.seconds
            for correction in reports
            where correction.kind == .recordCorrected && target(correction) == fact.key.id {
                let time = correction.data["patch"]?.members?.first?.value.string
                at = time.flatMap { Instant(rfc3339: $0) }?.seconds ?? at
            }
            pages.append(Page(kind: fact.kind, received: fact.receivedAt.seconds, at: at, data: fact.data))
        }
        return pages.sorted { $0.at < $1.at }
    }

    static func day(_ second: Int64) -> Int64 { (second + 8 * 3_600).floorDivided(by: 86_400) }

    // MARK: Complaints

    private mutating func complaint(_ pages: [Page]) {
        guard let filing = pages.first(where: { $0.kind == .complaintFiled }) else { return }
        var sheet = Sheet(start: filing.at, received: filing.received)
        var sheets: [Sheet] = []
        for page in pages where page.kind != .complaintFiled {
            let at = max(page.at, sheet.start)
            switch page.kind {
            case .complaintResponded:
                let role = page.data.at(path: "by.role")?.string ?? ""
                let isByHand = page.data["auto"] != true
                if isByHand, role == "park.staff" || role == "park.leader" { sheet.response.done(at) }
            case .complaintSolutionProposed:
                sheet.response.done(at)
                sheet.solution.done(at)
            case .complaintResolved:
                if !sheet.isWithdrawn { sheet.isResolved = true }
                sheet.response.done(at)
                if page.data["outcome"] != "rejected" { sheet.solution.done(at) }
            case .complaintWithdrawn:
                sheet.isWithdrawn = true
                sheet.end(at)
            case .complaintReopened where page.at >= filing.at && sheet.isResolved:
                sheet.end(at)
                sheets.append(sheet)
                sheet = Sheet(start: at, received: page.received)
            default: break
            }
        }
        sheets.append(sheet)
        for (index, sheet) in sheets.enumerated() {
            lines.append(line("A22.response", sheet.response, sheet.received))
            let solution = line("A22.solution", sheet.solution, sheet.received)
            lines.append(solution)
            let isDone = ["in time", "late"].contains(solution.phase) && !solution.isLate
            if isDone, index + 1 < sheets.count { reopened.append(solution.day) }
        }
        if sheets.contains(where: { $0.response.isOpen || $0.solution.isOpen }) {
            waiting[Self.day(sheet.start), default: 0] += 1
        }
        guard !sheets.contains(where: \.isWithdrawn),
            let rating = pages.last(where: { $0.kind == .complaintRated })
        else { return }
        ratings.append(
            (
                Self.day(rating.at), rating.data["solved"] == true,
                rating.data["satisfaction"]?.integer ?? 0 >= 4
            )
        )
    }

    private struct Sheet {
        let start: Int64
        let received: Int64
        var response: Clock
        var solution: Clock
        var isResolved = false
        var isWithdrawn = false

        init(start: Int64, received: Int64) {
            self.start = start
            self.received = received
            response = Clock(start: start, due: start + 30 * 60)
            solution = Clock(start: start, due: start + 24 * 3_600)
        }

        mutating func end(_ at: Int64) {
            response.ended(at)
            solution.ended(at)
        }
    }

    private struct Clock {
        let start: Int64
        let due: Int64
        var doneAt: Int64?
        var endedAt: Int64?
        var isOpen: Bool { doneAt == nil && endedAt == nil }

        init(start: Int64, due: Int64) {
            self.start = start
            self.due = due
        }

        mutating func done(_ at: Int64) { if isOpen { doneAt = at } }
        mutating func ended(_ at: Int64) { if isOpen { endedAt = at } }
    }

    private func line(_ rule: String, _ clock: Clock, _ received: Int64) -> Line {
        var line = Line(rule: rule, day: Self.day(clock.due - 1), phase: "open")
        if let done = clock.doneAt {
            line.phase = done <= clock.due ? "in time" : "late"
            line.seconds = done - clock.start
        } else if let ended = clock.endedAt {
            line.phase = ended < clock.due ? "cancelled" : "dropped"
        } else if now >= clock.due {
            line.phase = "missing"
        }
        let isBreach = ["late", "dropped", "missing"].contains(line.phase)
        line.isLate = isBreach && received > clock.due
        return line
    }

    // MARK: Money

    /// Open until it is paid; the law's ten working days for handing it over and ninety days altogether run beside it,
    /// and begin again with it.
    private mutating func arrears(_ pages: [Page], _ filing: Page) {
        func limits(_ start: Int64) -> [(String, Clock)] {
            [
                (
                    "A16.handover",
                    Clock(start: start, due: Self.midnight(Self.workingDays(10, after: start) + 1))
                ),
                ("A16.total", Clock(start: start, due: Self.midnight(Self.day(start) + 91))),
            ]
        }
        var clocks = limits(filing.at)
        var received = filing.received
        var cycle = Clock(start: filing.at, due: .max)
        var isWithdrawn = false
        for page in pages where page.kind != .complaintFiled {
            let at = max(page.at, cycle.start)
            for index in clocks.indices {
                if page.kind == .complaintResolved { clocks[index].1.done(at) }
                if page.kind == .complaintWithdrawn { clocks[index].1.ended(at) }
            }
            switch page.kind {
            case .complaintResolved: cycle.done(at)
            case .complaintWithdrawn:
                isWithdrawn = true
                cycle.ended(at)
            case .complaintReopened where page.at >= filing.at && cycle.doneAt != nil && !isWithdrawn:
                endless(cycle)
                lines += clocks.map { line($0.0, $0.1, received) }
                cycle = Clock(start: at, due: .max)
                clocks = limits(at)
                received = page.received
            default: break
            }
        }
        endless(cycle)
        lines += clocks.map { line($0.0, $0.1, received) }
        let isWaiting = cycle.isOpen || clocks.contains { $0.1.isOpen }
        if isWaiting { waiting[Self.day(cycle.start), default: 0] += 1 }
        if cycle.isOpen { owed.append((Self.day(cycle.start), filing.data["amountFen"]?.integer ?? 0)) }
    }

    /// What has no end is in time whenever it is done, and counts on the day on which it began.
    private mutating func endless(_ clock: Clock) {
        let phase = clock.doneAt != nil ? "in time" : clock.endedAt != nil ? "cancelled" : "open"
        lines.append(Line(rule: "A16.arrears", day: Self.day(clock.start), phase: phase))
    }

    /// Ten working days for whoever decides on its cause; half of it is borne by two people who are always there.
    private mutating func fine(_ pages: [Page], _ issue: Page) {
        var clock = Clock(
            start: issue.at,
            due: Self.midnight(Self.workingDays(10, after: issue.at)) + (17 * 60 + 30) * 60
        )
        var (amount, number) = (issue.data["amountFen"]?.integer ?? 0, Int64(1))
        var changes = pages.filter { $0.kind == .fineRevised || $0.kind == .fineRevoked }
        while let next = changes.first(where: { $0.data["revision"]?.integer == number + 1 }) {
            amount = next.kind == .fineRevoked ? 0 : next.data["amountFen"]?.integer ?? 0
            number += 1
            changes.removeAll { $0.data["revision"]?.integer == number }
        }
        var isShared = false
        for page in pages {
            let at = max(page.at, issue.at)
            if page.kind == .fineAttributed, page.data.at(path: "decidedBy.role") == "office" {
                clock.done(at)
                isShared = page.data["attributable"] == true
            }
            if page.kind == .fineRevoked { clock.ended(at) }
        }
        lines.append(line("A22.attribution", clock, issue.received))
        if clock.isOpen {
            waiting[Self.day(issue.at), default: 0] += 1
            undecidedFines += 1
        }
        if clock.endedAt == nil, amount > 0 { fines.append((Self.day(issue.at), amount)) }
        if isShared { sharedFen += amount / 2 }
    }

    // MARK: Cases

    /// The leader of the enterprise is known all the time.
    private mutating func gate(_ pages: [Page]) {
        guard let act = pages.first(where: { $0.kind == .caseOpened }) else { return }
        let isReported = pages.contains {
            $0.kind == .reportMade && $0.at < act.at && $0.data["toPersonRef"] == "linked"
        }
        let due = act.at + 2 * 3_600
        var line = Line(rule: "A25.case", day: Self.day(due - 1), phase: isReported ? "in time" : "missing")
        line.isLate = !isReported && act.received > due
        lines.append(line)
        if act.data["minor"] == true, act.data["first"] == true { noted.append(Self.day(act.at)) }
    }

    // MARK: Figures

    /// Numerator and denominator of a figure, and how many breached by late events alone; of one day, or of all.
    func figure(_ name: String, on day: Int64? = nil) -> (part: Int64, whole: Int64, late: Int64) {
        let rules: Set<String> =
            switch name {
            case "solution", "reopened": ["A22.solution"]
            case "reported": ["A25.case"]
            case "closedInTime", "late":
                [
                    "A22.response", "A22.solution", "A22.assignment", "A22.attribution", "A16.arrears",
                    "A16.handover",
                    "A16.total",
                ]
            case "firstOffences", "arrears", "arrearsAmount", "arrearsAge", "fines", "fineAmount",
                "attributions",
                "shares":
                []
            default: ["A22.response"]
            }
        let all = lines.filter { rules.contains($0.rule) && (day == nil || $0.day == day) }
        let counted = all.filter { !$0.isLate }
        let late = Int64(all.count - counted.count)
        func number(_ phases: String...) -> Int64 {
            Int64(counted.filter { phases.contains($0.phase) }.count)
        }
        let due = number("in time", "late", "dropped", "missing")
        let said = ratings.filter { day == nil || $0.day == day }
        switch name {
        case "responded": return (number("in time", "late"), due, late)
        case "solved": return (Int64(said.filter(\.isSolved).count), Int64(said.count), 0)
        case "satisfied": return (Int64(said.filter(\.isSatisfied).count), Int64(said.count), 0)
        case "closedInTime": return (number("in time"), number("in time", "late"), late)
        case "late": return (due - number("in time"), due, late)
        case "reopened":
            let again = reopened.filter { day == nil || $0 == day }
            return (Int64(again.count), number("in time", "late"), late)
        case "composite": return (composite(day), hasComposite(day) ? 10_000 : 0, late)
        case "firstOffences": return (Int64(noted.filter { day == nil || $0 == day }.count), 0, 0)
        case "arrears": return (Int64(owed.count), 0, 0)
        case "arrearsAmount": return (owed.map(\.fen).reduce(0, +), 0, 0)
        case "arrearsAge":
            let days = owed.map { Self.day(now) - $0.day }.reduce(0, +)
            return (owed.isEmpty ? 0 : days / Int64(owed.count), Int64(owed.count), 0)
        case "fines": return (Int64(fines.filter { day == nil || $0.day == day }.count), 0, 0)
        case "fineAmount": return (fines.filter { day == nil || $0.day == day }.map(\.fen).reduce(0, +), 0, 0)
        case "attributions": return (undecidedFines, 0, 0)
        case "shares": return (sharedFen, 0, 0)
        case "responseMedian": return time(counted, 0.5, late)
        case "responseP90": return time(counted, 0.9, late)
        default: return (number("in time"), due, late)
        }
    }

    /// Thirty, thirty-five and thirty-five hundredths of three shares, in ten thousandths; nothing without one of them.
    private func composite(_ day: Int64?) -> Int64 {
        let shares = ["responded", "solved", "satisfied"].map { figure($0, on: day) }
        let weights = [0.30, 0.35, 0.35]
        let sum = zip(shares, weights).map { Double($0.part) / Double($0.whole) * $1 }.reduce(0, +)
        return sum.isFinite ? Int64((sum * 10_000).rounded()) : 0
    }

    /// Whether a composite can say anything.
    func hasComposite(_ day: Int64?) -> Bool {
        ["responded", "solved", "satisfied"].allSatisfy { figure($0, on: day).whole > 0 }
    }

    /// The time that so many needed at most, in minutes with two digits that say something.
    private func time(
        _ lines: [Line],
        _ share: Double,
        _ late: Int64
    ) -> (part: Int64, whole: Int64, late: Int64) {
        let times = lines.compactMap(\.seconds).sorted()
        guard !times.isEmpty else { return (0, 0, late) }
        let place = max(0, Int((Double(times.count) * share).rounded(.up)) - 1)
        var minutes = (Double(times[place]) / 60).rounded(.up)
        var unit = 1.0
        while minutes / unit >= 100 { unit *= 10 }
        minutes = (minutes / unit).rounded(.up) * unit
        return (Int64(minutes), Int64(times.count), late)
    }
}
