/// Stretches in which a clock stands still.
extension Deriver {
    struct Pause {
        var from: Instant
        var until: Instant?

        /// The day on which it begins is covered, the day on which it ends is not.
        func covers(_ day: CivilDate) -> Bool {
            CivilDate(from) <= day && until.map { day < CivilDate($0) } ?? true
        }
    }

    /// Pauses as a union of intervals that do not touch; a resumption without a pause before it says nothing.
    ///
    /// One that was begun twice ends with its first resumption, or, where each beginning has one of its own, with the last.
    func pauses(_ deadline: DeadlineRule, _ facts: [Fact]) -> [Pause] {
        guard let paused = deadline.pausedBy, let resumed = deadline.resumedBy else { return [] }
        var pauses: [Pause] = []
        // Of each strand the last interval, and how many beginnings of it have no end.
        var strands: [String: (index: Int, begun: Int)] = [:]
        for fact in facts {
            let strand = deadline.pauseField.flatMap { fact.text($0) } ?? ""
            if matches(fact, paused) {
                if let last = strands[strand], pauses[last.index].until == nil {
                    strands[strand] = (last.index, last.begun + 1)
                } else {
                    strands[strand] = (pauses.count, 1)
                    pauses.append(Pause(from: fact.at))
                }
            } else if matches(fact, resumed), let last = strands[strand], last.begun > 0 {
                pauses[last.index].until = fact.at
                strands[strand] = (last.index, last.begun - 1)
            }
        }
        var union: [Pause] = []
        for pause in pauses {
            if let last = union.last, pause.from <= last.until ?? .distantFuture {
                union[union.count - 1].until = last.until.flatMap { end in pause.until.map { max(end, $0) } }
            } else {
                union.append(pause)
            }
        }
        return union
    }

    /// Ends that come before the first beginning of their strand: intervals that nobody can count.
    func reversedPauses(_ deadline: DeadlineRule) -> [Fact] {
        guard let paused = deadline.pausedBy, let resumed = deadline.resumedBy else { return [] }
        var begun: Set<String> = []
        var early: [(strand: String, fact: Fact)] = []
        for fact in facts {
            let strand = deadline.pauseField.flatMap { fact.text($0) } ?? ""
            if matches(fact, paused) {
                begun.insert(strand)
            } else if matches(fact, resumed), !begun.contains(strand) {
                early.append((strand, fact))
            }
        }
        return early.filter { begun.contains($0.strand) }.map(\.fact)
    }

    /// The end of a limit of working days moved by the office time that the clock stood still; nil while it stands.
    ///
    /// Only office time moves it, and only into office time: a night or a day off would not have counted either. The
    /// start day does not count, so that a pause on it stops nothing.
    func delayed(_ due: Instant, from start: Instant, by pauses: [Pause]) -> Instant? {
        let counting = CivilDate(start).next.start
        var due = due
        for pause in pauses where pause.from < due {
            guard let until = pause.until else { return nil }
            let lost = calendar.officeTime(from: max(pause.from, counting), to: until)
            if lost > .zero { due = calendar.adding(officeTime: lost, to: due) }
        }
        return due
    }

    /// `due` moved by the time that the clock stood still before it; nil while it stands.
    func shifted(_ due: Instant, by pauses: [Pause]) -> Instant? {
        var due = due
        for pause in pauses where pause.from < due {
            guard let until = pause.until else { return nil }
            due = due + (until - pause.from)
        }
        return due
    }
}
