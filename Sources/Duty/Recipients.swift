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
    ///
    /// `facts` are those of the matter that `opening` is part of: they can say whose it is where that one does not.
    /// A role that departments hold reaches nobody, not even its stand-ins, if `onlyNamed` is set and nothing says so.
    package func people(
        for role: RoleID,
        enterprise: Enterprise,
        opening: Fact?,
        among facts: [Fact] = [],
        onlyNamed: Bool = false,
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
        if onlyNamed, policy.roles[role]?.binding == .department,
            opening.map({ departments(of: $0, among: facts).isEmpty }) ?? true
        {
            return []
        }
        var search = Search(enterprise: enterprise, opening: opening, facts: facts, moment: moment)
        collect(role, &search)
        return search.found
    }

    /// One search for the people behind a role, with the roles that it has been through.
    private struct Search {
        let enterprise: Enterprise
        let opening: Fact?
        let facts: [Fact]
        let moment: Instant
        var visited: [RoleID] = []
        var found: [Recipient] = []
    }

    /// The holders of a role who are there; where nobody is, its backups, then its stand-ins.
    private func collect(_ role: RoleID, _ search: inout Search) {
        guard !search.visited.contains(role) else { return }
        search.visited.append(role)
        let holders = self.holders(role, search)
        let present = self.present(holders, search.moment)
        let isMissed = present.isEmpty && !holders.isEmpty
        let serving = isMissed ? self.present(backups(role, search), search.moment) : present
        if serving.isEmpty {
            let before = search.found.count
            for stand in policy.roles[role]?.fallback ?? [] { collect(stand, &search) }
            if search.found.count > before { return }
        }
        // Where nobody else is there, the absent hear of it after all.
        for person in serving.isEmpty ? holders : serving
        where !search.found.contains(where: { $0.person == person }) {
            search.found.append(Recipient(person: person, role: role))
        }
    }

    /// Those who are there, and those who stand in by name for those who are not.
    private func present(_ people: [PersonRef], _ moment: Instant) -> [PersonRef] {
        people.map { directory.present($0, at: moment) }.filter { !directory.isMissed($0, at: moment) }
    }

    /// Who was assigned to a role as its backup: they serve while its holders are away.
    ///
    /// Where nobody holds the role at all, it falls to those whom the policy names.
    private func backups(_ role: RoleID, _ search: Search) -> [PersonRef] {
        if role.text.hasSuffix(Self.backupSuffix) { return [] }
        let own = search.enterprise.roster.holders(of: role, at: search.moment, backups: true)
        guard own.isEmpty else { return own }
        return search.enterprise.parkRoster.holders(of: role, at: search.moment, backups: true)
    }

    private func holders(_ role: RoleID, _ search: Search) -> [PersonRef] {
        let isBackup = role.text.hasSuffix(Self.backupSuffix)
        let base = isBackup ? RoleID(String(role.text.dropLast(Self.backupSuffix.count))) : role
        let served = search.enterprise.roster.holders(of: base, at: search.moment, backups: isBackup)
        if !served.isEmpty || isBackup { return served }
        let ofPark = search.enterprise.parkRoster.holders(of: role, at: search.moment, backups: false)
        if !ofPark.isEmpty { return ofPark }
        let standing = directory.standing[role] ?? []
        switch policy.roles[role]?.binding {
        // People who hold an enterprise's role by standing are a pool, not the ones who serve this enterprise.
        case .enterprise: return []
        // One department's matters are no business of another's, also where no other has anybody.
        case .department:
            let departments = search.opening.map { self.departments(of: $0, among: search.facts) } ?? []
            return standing.filter { directory.belongs($0, toAnyOf: departments) }
        case .park, .standing, nil: return standing
        }
    }
}
