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
    /// The day on which the oldest open clock of a matter began.
    private(set) var waiting: [Int64: Int64] = [:]
    private let now: Int64

    /// `matters` has the reports of each matter, as they were sent; `now` is the moment of the count.
    init(_ matters: [[Fact]], now: Instant) {
        self.now = now.seconds
        for reports in matters {
            let pages = Self.valid(reports)
            if pages.contains(where: { $0.kind == .caseOpened }) { gate(pages) } else { complaint(pages) }
        }
    }

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
        for sheet in sheets {
            lines.append(line("A22.response", sheet.response, sheet.received))
            lines.append(line("A22.solution", sheet.solution, sheet.received))
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
    }

    // MARK: Figures

    /// Numerator and denominator of a figure, and how many breached by late events alone; of one day, or of all.
    func figure(_ name: String, on day: Int64? = nil) -> (part: Int64, whole: Int64, late: Int64) {
        let rules: Set<String> =
            switch name {
            case "solution": ["A22.solution"]
            case "reported": ["A25.case"]
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
        case "responseMedian": return time(counted, 0.5, late)
        case "responseP90": return time(counted, 0.9, late)
        default: return (number("in time"), due, late)
        }
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
