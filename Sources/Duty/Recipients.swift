/// Finds the people behind a role: the enterprise's roster, its park's, the directory, then the stand-ins.
package struct RecipientResolver: Sendable {
    package let policy: Policy
    package let directory: Directory

    package init(policy: Policy, directory: Directory) {
        self.policy = policy
        self.directory = directory
    }

    private static let backupSuffix = ".backup"
    private static let factPrefix = "fact:"

    /// Everybody to be told for `role` at `moment`; empty if the role reaches nobody.
    package func people(
        for role: RoleID,
        enterprise: Enterprise,
        opening: Fact?,
        at moment: Instant
    ) -> [Recipient] {
        if role.text.hasPrefix(Self.factPrefix) {
            let field = String(role.text.dropFirst(Self.factPrefix.count))
            guard let person = opening?.text(field) else { return [] }
            // The event says as what it names the person, where it does.
            let named = opening?.text("role") ?? opening?.text("toRole")
            return [
                Recipient(
                    person: directory.present(PersonRef(person), at: moment),
                    role: named.map { RoleID($0) } ?? role
                )
            ]
        }
        var found: [Recipient] = []
        var visited: Set<RoleID> = []
        collect(role, enterprise, moment, &visited, &found)
        return concerned(found, role, enterprise, opening, moment)
    }

    /// Of several departments' people, those of the department that acted: its own entry in the directory.
    ///
    /// Where none of several fits, the stand-ins are told instead of everybody.
    private func concerned(
        _ found: [Recipient],
        _ role: RoleID,
        _ enterprise: Enterprise,
        _ opening: Fact?,
        _ moment: Instant
    ) -> [Recipient] {
        guard policy.roles[role]?.binding == .department, found.count > 1,
            found.allSatisfy({ $0.role == role })
        else { return found }
        let departments = opening?.departments ?? []
        let own = found.filter { departments.contains($0.person.text) }
        if !own.isEmpty { return own }
        var instead: [Recipient] = []
        for stand in policy.roles[role]?.fallback ?? [] {
            let people = self.people(for: stand, enterprise: enterprise, opening: opening, at: moment)
            for recipient in people where !instead.contains(where: { $0.person == recipient.person }) {
                instead.append(recipient)
            }
        }
        return instead
    }

    private func collect(
        _ role: RoleID,
        _ enterprise: Enterprise,
        _ moment: Instant,
        _ visited: inout Set<RoleID>,
        _ found: inout [Recipient]
    ) {
        guard visited.insert(role).inserted else { return }
        let holders = self.holders(role, enterprise, moment)
        if holders.isEmpty {
            for stand in policy.roles[role]?.fallback ?? [] {
                collect(stand, enterprise, moment, &visited, &found)
            }
            return
        }
        for person in holders.map({ directory.present($0, at: moment) })
        where !found.contains(where: { $0.person == person }) {
            found.append(Recipient(person: person, role: role))
        }
    }

    private func holders(_ role: RoleID, _ enterprise: Enterprise, _ moment: Instant) -> [PersonRef] {
        let isBackup = role.text.hasSuffix(Self.backupSuffix)
        let base = isBackup ? RoleID(String(role.text.dropLast(Self.backupSuffix.count))) : role
        let served = enterprise.roster.holders(of: base, at: moment, backups: isBackup)
        if !served.isEmpty || isBackup { return served }
        let ofPark = enterprise.parkRoster.holders(of: role, at: moment, backups: false)
        if !ofPark.isEmpty { return ofPark }
        // People who hold an enterprise's role by standing are a pool, not the ones who serve this enterprise.
        return policy.roles[role]?.binding == .enterprise ? [] : directory.standing[role] ?? []
    }
}

extension Fact {
    /// The departments that a fact is about.
    fileprivate var departments: [String] {
        let several = data["departments"]?.array?.compactMap(\.string) ?? []
        return several.isEmpty ? [text("deptId") ?? text("byDept")].compactMap { $0 } : several
    }
}
