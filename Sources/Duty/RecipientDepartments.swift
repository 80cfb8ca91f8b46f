/// Whose matter it is: the department that is told, and that messages name.
extension RecipientResolver {
    /// The departments of a matter, as far as anybody has said.
    ///
    /// A complaint is that of whom it was assigned to last: of the department that the assignment names, else of the
    /// one that the person acts for by the directory. Else the first event names it; else another one of the same visit
    /// or the same approval. Other stages of a project may be another department's.
    package func departments(of opening: Fact, among facts: [Fact]) -> [String] {
        if let assigned = assigned(facts) { return assigned }
        let own = opening.departments
        guard own.isEmpty else { return own }
        let approval = opening.text("approvalId")
        let other = facts.last { fact in
            fact.kind == .visitContacted
                || (approval != nil && fact.text("approvalId") == approval)
                    && fact.text("deptId") != nil
        }
        return other?.departments ?? []
    }

    private func assigned(_ facts: [Fact]) -> [String]? {
        for fact in facts.reversed() where fact.kind == .complaintAssigned {
            if let named = fact.text("deptId") { return [named] }
            guard let person = fact.text("toPersonRef").map({ PersonRef($0) }) else { continue }
            let known = directory.departments[person] ?? []
            if !known.isEmpty { return known.sorted() }
            if isDepartment(person) { return [person.text] }
        }
        return nil
    }

    /// Whether a department stands in the directory under its own id, as an office.
    private func isDepartment(_ person: PersonRef) -> Bool {
        policy.roles.contains { role, entry in
            entry.binding == .department && directory.standing[role]?.contains(person) == true
        }
    }
}

extension Fact {
    /// The departments that a fact names, or the unit whose result it holds.
    fileprivate var departments: [String] {
        let several = data["departments"]?.array?.compactMap(\.string) ?? []
        if !several.isEmpty { return several }
        return ["deptId", "byDept", "orgUnit"].lazy.compactMap { text($0) }.first.map { [$0] } ?? []
    }
}
