/// Who serves an enterprise or a park, from `roster.*` facts, as of any moment.
package struct Roster: Sendable, Hashable {
    package struct Assignment: Sendable, Hashable {
        package let id: String
        package let person: PersonRef
        package let role: RoleID
        package let isBackup: Bool
        package let from: Instant
        /// The first moment at which it no longer holds; nil while it is open.
        package var until: Instant?

        func holds(at moment: Instant) -> Bool { from <= moment && until.map { moment < $0 } ?? true }
    }

    package private(set) var assignments: [Assignment] = []

    package init() {}

    /// Facts of other kinds are passed over; the order of the facts does not matter.
    package init(facts: [Fact]) {
        for fact in facts where fact.kind == .rosterAssigned {
            guard let assignment = Roster.assignment(fact) else { continue }
            assignments.append(assignment)
        }
        for fact in facts where fact.kind == .rosterEnded {
            let id = fact.text("assignmentId") ?? ""
            guard let end = Roster.end(fact) else { continue }
            for index in assignments.indices where assignments[index].id == id {
                assignments[index].until = min(assignments[index].until ?? end, end)
            }
        }
    }

    private static func assignment(_ fact: Fact) -> Assignment? {
        guard let person = fact.text("personRef"), let role = fact.text("role"),
            let id = fact.text("assignmentId")
        else { return nil }
        return Assignment(
            id: id,
            person: PersonRef(person),
            role: RoleID(role),
            isBackup: fact.data["backup"]?.bool ?? false,
            from: fact.text("from").flatMap(firstMoment) ?? fact.at,
            until: fact.text("to").flatMap(momentAfter)
        )
    }

    /// A date ends with its day, except on the day of the fact itself: then the assignment ends at its time.
    private static func end(_ fact: Fact) -> Instant? {
        guard let to = fact.text("to") else { return fact.at }
        if let date = CivilDate(to), date == CivilDate(fact.at) { return fact.at }
        return momentAfter(to)
    }

    private static func firstMoment(_ text: String) -> Instant? {
        CivilDate(text)?.start ?? Instant(rfc3339: text)
    }
    private static func momentAfter(_ text: String) -> Instant? {
        CivilDate(text)?.next.start ?? Instant(rfc3339: text)
    }

    /// Who holds `role` at `moment`, each once, in the order of their references.
    package func holders(of role: RoleID, at moment: Instant, backups: Bool) -> [PersonRef] {
        var people: [PersonRef] = []
        for assignment in assignments
        where assignment.role == role && assignment.isBackup == backups && assignment.holds(at: moment)
            && !people.contains(assignment.person)
        {
            people.append(assignment.person)
        }
        return people.count > 1 ? people.sorted() : people
    }

    /// Every assignment that holds at `moment`, backups included.
    package func serving(at moment: Instant) -> [Assignment] { assignments.filter { $0.holds(at: moment) } }

    /// The first moment after `moment` at which an assignment begins or ends; nil if none does.
    func nextChange(after moment: Instant) -> Instant? {
        var next: Instant?
        for assignment in assignments {
            if assignment.from > moment { next = min(next ?? assignment.from, assignment.from) }
            if let until = assignment.until, until > moment { next = min(next ?? until, until) }
        }
        return next
    }

    /// Whether somebody is ever assigned to anything.
    func names(_ person: PersonRef) -> Bool { assignments.contains { $0.person == person } }

    /// Whether anybody is ever assigned to `role`.
    package func names(_ role: RoleID) -> Bool { assignments.contains { $0.role == role } }
}

/// The people and offices that hold a role by standing, from the directory file; behind a reference, because every step
/// is taken with it.
package final class Directory: Sendable {
    package struct Absence: Sendable, Hashable {
        package let from: CivilDate
        package let to: CivilDate
        package let substitute: PersonRef?
        package init(from: CivilDate, to: CivilDate, substitute: PersonRef?) {
            self.from = from
            self.to = to
            self.substitute = substitute
        }
    }

    private struct AbsenceChange: Sendable {
        let moment: Instant
        let person: PersonRef
    }

    package let standing: [RoleID: [PersonRef]]
    package let absences: [PersonRef: [Absence]]
    /// When somebody goes or comes back, in the order of time.
    private let absenceChanges: [AbsenceChange]
    /// The departments that people act for, by the ids that events name them by.
    package let departments: [PersonRef: Set<String>]

    package init(
        standing: [RoleID: [PersonRef]] = [:],
        absences: [PersonRef: [Absence]] = [:],
        departments: [PersonRef: Set<String>] = [:]
    ) {
        self.standing = standing
        self.absences = absences
        self.departments = departments
        absenceChanges = absences.flatMap { person, absences in
            absences.flatMap { [$0.from.start, $0.to.next.start] }
                .map { AbsenceChange(moment: $0, person: person) }
        }
        .sorted { ($0.moment, $0.person) < ($1.moment, $1.person) }
    }

    /// Whether somebody acts for one of the departments; a department itself stands under its own id.
    func belongs(_ person: PersonRef, toAnyOf ids: [String]) -> Bool {
        ids.contains { $0 == person.text || departments[person]?.contains($0) == true }
    }

    /// The person, or who stands in for an absent one on the day of `moment`.
    func present(_ person: PersonRef, at moment: Instant) -> PersonRef {
        let today = CivilDate(moment)
        var person = person
        for _ in 0..<3 {
            guard let substitute = absence(of: person, on: today)?.substitute else { return person }
            person = substitute
        }
        return person
    }

    /// Whether a person is absent on the day of `moment` and nobody stands in for them.
    func isMissed(_ person: PersonRef, at moment: Instant) -> Bool {
        if absences.isEmpty { return false }
        let absence = absence(of: person, on: CivilDate(moment))
        return absence.map { $0.substitute == nil } ?? false
    }

    private func absence(of person: PersonRef, on day: CivilDate) -> Absence? {
        absences[person]?.first { $0.from <= day && day <= $0.to }
    }

    /// The first moment after `moment` at which the absence of one of those begins or ends who are `concerned`.
    func nextChange(after moment: Instant, concerning concerned: (PersonRef) -> Bool) -> Instant? {
        // Most of the time nobody's absence lies ahead.
        guard let last = absenceChanges.last, last.moment > moment else { return nil }
        return absenceChanges.first { $0.moment > moment && concerned($0.person) }?.moment
    }
}
