/// Facts that hold from another moment than their own: changes of a profile, and assignments.
extension Deriver {
    /// From when on a fact says something: a change of the profile or an assignment not before the day that it names.
    func effect(of fact: Fact) -> Instant {
        switch fact.kind {
        case .enterpriseUpdated: max(fact.at, fact.profileFrom)
        case .rosterAssigned: max(fact.at, assignment(fact)?.from ?? fact.at)
        default: fact.at
        }
    }

    /// Whether a moment that a fact speaks of has come; what is no later than the fact itself always has.
    func hasBegun(_ moment: Instant, _ fact: Fact) -> Bool { moment <= max(now, fact.at) }

    /// From when on a fact answers a clock that began at `start`: an assignment while it holds; nil if it never does.
    func fulfilment(by fact: Fact, from start: Instant) -> Instant? {
        guard fact.kind == .rosterAssigned else { return fact.at }
        guard let held = assignment(fact) else { return nil }
        let isOver = held.until.map { $0 <= max(held.from, start) } ?? false
        return isOver ? nil : held.from
    }

    /// The assignment that a fact tells of, with the end that others have given it.
    func assignment(_ fact: Fact) -> Roster.Assignment? {
        Roster(facts: [fact] + facts.filter { $0.kind == .rosterEnded }).assignments.first
    }
}
