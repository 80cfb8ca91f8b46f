/// The few roles that the program itself has to know, by the names that a policy gives them.
package struct KeyRoles: Sendable, Hashable {
    /// Whose holders messages name as those who serve an enterprise.
    package var owner: RoleID?
    /// Whose holders make an enterprise one that is linked (`scope: linked`).
    package var linked: RoleID?
    /// To whom people may turn, and as whom the county owes what nobody owes alone.
    package var office: RoleID?

    package init(owner: RoleID? = nil, linked: RoleID? = nil, office: RoleID? = nil) {
        self.owner = owner
        self.linked = linked
        self.office = office
    }
}
