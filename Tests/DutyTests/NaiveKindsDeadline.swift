import Duty

/// Limits of working days, with pauses of several reasons beside each other.
enum NaivePauses: NaiveKind {
    private static let reasons: [Value] = ["clientWorks", "design", "construction"]

    /// 4 working days without design and construction, and 12 without the client's own works.
    static let rules = [rule("water", 4, ["design", "construction"]), rule("power", 12, ["clientWorks"])]

    private static func rule(_ id: RuleID, _ days: Int, _ reasons: [Value]) -> Rule {
        var deadline = DeadlineRule(
            opens: [FactPattern(.serviceRequested)],
            within: .workingDays(days, end: .closeOfBusiness),
            metBy: [FactPattern(.serviceCompleted)],
            escalation: "plain"
        )
        let condition = Condition("reason", .isOneOf(reasons))
        deadline.cancelledBy = [FactPattern(.serviceCancelled)]
        deadline.pausedBy = FactPattern(.servicePaused, [condition])
        deadline.resumedBy = FactPattern(.serviceResumed, [condition])
        deadline.pauseField = "reason"
        return .naive(id, .deadline(deadline))
    }

    static func play(_ history: inout NaiveKindsHistory) {
        history.otherAnswers = ["reason": reasons]
        history.add(.serviceRequested, history.moment(0...30), ["kind": "water"])
        for _ in 0..<history.below(8) {
            history.add(
                history.chance(55) ? .servicePaused : .serviceResumed,
                history.moment(0...45),
                ["reason": history.one(reasons)]
            )
        }
        if history.chance(60) { history.add(.serviceCompleted, history.moment(0...60)) }
        if history.chance(15) { history.add(.serviceCancelled, history.moment(0...60)) }
    }

    static func wanted(_ history: NaiveKindsHistory, at now: Int) -> [String] {
        let seen = happenings(history, at: now)
        guard let request = seen.first(where: { $0.kind == .serviceRequested }) else { return [] }
        let done = seen.first { $0.kind == .serviceCompleted }?.minute
        let cancelled = seen.first { $0.kind == .serviceCancelled }?.minute
        return [("water", 4, ["design", "construction"]), ("power", 12, ["clientWorks"])].map {
            rule,
            days,
            reasons in
            let due = lastDay(days, after: NaiveBooks.day(request.minute), seen, reasons)
                .map(NaiveDays.close)
            let phase = naivePhase(from: request.minute, due: due, met: done, cancelled: cancelled, now: now)
            return clockLine(rule, request.minute, due, phase)
        }.sorted()
    }

    /// Counts working days one by one, leaving out those on which any reason keeps the clock standing; nil if it
    /// stands for ever before it has run out.
    private static func lastDay(
        _ days: Int,
        after first: Int,
        _ seen: [NaiveModel.Happening],
        _ reasons: [String]
    ) -> Int? {
        var left = days
        for day in (first + 1)..<(first + 300) where NaiveDays.day(day).works {
            // What begins after the clock has run out stops nothing.
            let end = left == 1 ? NaiveDays.close(day) : Int.max
            if reasons.contains(where: { stands($0, on: day, seen, before: end) }) { continue }
            left -= 1
            if left == 0 { return day }
        }
        return nil
    }

    /// A day stands if a pause began on it or before, and before `end`, and does not end on it: its last day counts.
    ///
    /// A pause that was begun more than once ends with each further resumption anew, until another one begins.
    private static func stands(
        _ reason: String,
        on day: Int,
        _ seen: [NaiveModel.Happening],
        before end: Int
    ) -> Bool {
        var began: Int?
        var withoutEnd = 0
        var isOpen = false
        for happening in seen where happening.text("reason") == reason {
            switch happening.kind {
            case .servicePaused:
                if !isOpen { (began, withoutEnd) = (happening.minute, 0) }
                isOpen = true
                withoutEnd += 1
            case .serviceResumed:
                guard let first = began, withoutEnd > 0 else { continue }
                withoutEnd -= 1
                isOpen = false
                if first < end, NaiveBooks.day(first) <= day, day < NaiveBooks.day(happening.minute) {
                    return true
                }
            default: break
            }
        }
        guard isOpen, let first = began else { return false }
        return first < end && NaiveBooks.day(first) <= day
    }

    static func found(_ history: NaiveKindsHistory, at now: Int) -> [String] {
        derived("service/1", history.arrived(by: now), at: now).obligations
            .map { clockLine($0, at: now) }.sorted()
    }
}

/// Limits of days by class; a class can come again, and the strictest and the mildest have terms of their own.
enum NaiveClasses: NaiveKind {
    private static let resolved = FactPattern(.complaintResolved)
    private static let replied = FactPattern(.complaintResponded)

    static let rules = [
        rule("window") { .naturalDays($0, end: .closeOfBusiness, rolls: true) },
        rule("working") { .workingDays($0, end: .closeOfBusiness) },
    ]

    private static func rule(_ id: RuleID, _ limit: (Int) -> TimeLimit) -> Rule {
        var deadline = DeadlineRule(
            opens: [FactPattern(.complaintFiled)],
            within: limit(5),
            metBy: [resolved],
            escalation: "plain"
        )
        deadline.cancelledBy = [FactPattern(.complaintWithdrawn)]
        deadline.classes = DeadlineClasses(
            facts: FactPattern(.complaintClassified),
            field: "class",
            classes: [
                .init(name: "eligible", within: limit(1), metBy: [resolved], needs: nil),
                .init(name: "general", within: limit(5), metBy: [resolved], needs: nil),
                .init(
                    name: "difficult",
                    within: limit(10),
                    metBy: [replied, resolved],
                    needs: "approvedBy"
                ),
            ],
            unclassified: "general"
        )
        return .naive(id, .deadline(deadline))
    }

    static func play(_ history: inout NaiveKindsHistory) {
        let names: [Value] = ["eligible", "general", "difficult", "simple"]
        history.otherAnswers = ["class": names]
        history.add(.complaintFiled, history.moment(30...45), ["kind": "window"])
        for _ in 0..<history.below(5) {
            let isApproved = history.chance(50)
            let name = history.one(names)
            let minute = history.moment(29...62)
            if isApproved {
                history.add(.complaintClassified, minute, ["class": name, "approvedBy": "P-2001"])
            } else {
                history.add(.complaintClassified, minute, ["class": name])
            }
        }
        if history.chance(40) { history.add(.complaintResponded, history.moment(30...60)) }
        if history.chance(50) { history.add(.complaintResolved, history.moment(30...65)) }
        if history.chance(15) { history.add(.complaintWithdrawn, history.moment(30...65)) }
    }

    static func wanted(_ history: NaiveKindsHistory, at now: Int) -> [String] {
        let seen = happenings(history, at: now)
        guard let filing = seen.first(where: { $0.kind == .complaintFiled }) else { return [] }
        let withdrawn = seen.first { $0.kind == .complaintWithdrawn }?.minute
        return ["window", "working"].map { rule in
            let (name, due) = decidedClass(rule, filing, seen)
            let done = seen.first { closing(name).contains($0.kind) }?.minute
            let phase = naivePhase(from: filing.minute, due: due, met: done, cancelled: withdrawn, now: now)
            return clockLine(rule, filing.minute, due, phase) + " " + name
        }.sorted()
    }

    /// Turns one page after the other: which class holds in the end.
    private static func decidedClass(
        _ rule: String,
        _ filing: NaiveModel.Happening,
        _ seen: [NaiveModel.Happening]
    ) -> (name: String, due: Int) {
        var name = "general"
        var end = due(rule, name, filing)
        for page in seen where page.kind == .complaintClassified {
            guard let next = page.text("class"), next != "simple" else { continue }
            if seen.contains(where: { isDone($0, before: page, name) }) { break }
            let isApproved = page.text("approvedBy") != nil
            if next == "difficult", !isApproved { continue }
            let other = due(rule, next, filing)
            if other < end, other <= page.minute, !isApproved { continue }
            (name, end) = (next, other)
        }
        return (name, end)
    }

    private static func closing(_ name: String) -> [EventKind] {
        name == "difficult" ? [.complaintResponded, .complaintResolved] : [.complaintResolved]
    }

    /// Classifying stands before answering on the same minute.
    private static func isDone(
        _ other: NaiveModel.Happening,
        before page: NaiveModel.Happening,
        _ name: String
    ) -> Bool {
        other.minute < page.minute && closing(name).contains(other.kind)
    }

    private static func due(_ rule: String, _ name: String, _ filing: NaiveModel.Happening) -> Int {
        var left = ["eligible": 1, "general": 5, "difficult": 10][name] ?? 0
        var day = NaiveBooks.day(filing.minute)
        while left > 0 {
            day += 1
            if rule == "window" || NaiveDays.day(day).works { left -= 1 }
        }
        while !NaiveDays.day(day).works { day += 1 }
        return NaiveDays.close(day)
    }

    static func found(_ history: NaiveKindsHistory, at now: Int) -> [String] {
        derived("complaint/1", history.arrived(by: now), at: now).obligations.map { obligation in
            let name = obligation.details.first { $0.name == "class" }?.value.string ?? "-"
            return clockLine(obligation, at: now) + " " + name
        }.sorted()
    }
}
