/// A recurring duty that somebody has because of the directory.
package struct StandingDuty: Sendable, Hashable {
    package let matter: MatterID
    package let role: RoleID
    package let person: PersonRef

    package init(matter: MatterID, role: RoleID, person: PersonRef) {
        self.matter = matter
        self.role = role
        self.person = person
    }

    /// Whether the facts of its matter say at `moment` that the person has the duty.
    package func stands(in facts: [Fact], at moment: Instant) -> Bool {
        Roster(facts: facts).holders(of: role, at: moment, backups: false).contains(person)
    }

    /// The fact that begins it.
    package func beginning(at moment: Instant) -> Fact {
        fact(.rosterAssigned, id: id(moment), at: moment, [Value.Member("from", .string(moment.rfc3339))])
    }

    /// Facts that end what the directory began, for whoever in `facts` no longer stands in it.
    package static func endings(
        in matter: MatterID,
        _ facts: [Fact],
        keeping: Set<PersonRef>,
        at moment: Instant
    ) -> [Fact] {
        Roster(facts: facts).assignments.compactMap { assignment in
            guard assignment.id.hasPrefix(prefix), assignment.until == nil,
                !keeping.contains(assignment.person)
            else { return nil }
            let duty = StandingDuty(matter: matter, role: assignment.role, person: assignment.person)
            return duty.fact(
                .rosterEnded,
                id: assignment.id,
                at: moment,
                [
                    Value.Member("from", .string(assignment.from.rfc3339)),
                    Value.Member("to", .string(moment.rfc3339)),
                ]
            )
        }
    }

    private static let prefix = "standing>"

    private func id(_ moment: Instant) -> String {
        Self.prefix + matter.text + ">" + person.text + "@" + String(moment.microseconds)
    }

    private func fact(_ kind: EventKind, id: String, at moment: Instant, _ members: [Value.Member]) -> Fact {
        Fact(
            key: EventKey(source: Fact.reflectionSource, id: kind.rawValue + ">" + id),
            kind: kind,
            matter: matter,
            enterprise: nil,
            time: moment,
            receivedAt: moment,
            data: .object(
                [
                    Value.Member("assignmentId", .string(id)),
                    Value.Member("personRef", .string(person.text)),
                    Value.Member("role", .string(role.text)), Value.Member("scope", .object([])),
                ] + members
            )
        )
    }
}
