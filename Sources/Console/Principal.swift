import Duty

/// Who calls: known by a bearer token, a signed token of the issuer, or a session that either of them opened.
package struct Principal: Sendable, Hashable {
    /// How the caller was recognised.
    package enum Way: String, Sendable {
        /// Nobody was asked: `http.open: true`.
        case open
        case bearer, jwt, session
    }

    /// The token's name in the file, or the subject of the issuer: what the audit log says.
    package let name: String
    /// What people are shown; the name if there is nothing better.
    package let label: String
    /// The person of the directory, if the token or the claim names one.
    package let person: PersonRef?
    package let role: AccessRole
    /// Whether matters of discipline and assessment are this caller's work.
    package let isDiscipline: Bool
    package internal(set) var way: Way
    /// What a form carries back to prove that it came from a page of ours; nil for callers that programs are.
    package internal(set) var formProof: String?

    package init(
        name: String,
        label: String? = nil,
        person: PersonRef? = nil,
        role: AccessRole,
        isDiscipline: Bool = false,
        way: Way = .bearer,
        formProof: String? = nil
    ) {
        self.name = name
        self.label = label ?? name
        self.person = person
        self.role = role
        self.isDiscipline = isDiscipline
        self.way = way
        self.formProof = formProof
    }

    /// Whether this caller may see what `person` bears of a fine (PIPL, articles 6 and 25).
    ///
    /// The person itself, and whose work the ledger is.
    package func maySee(shareOf person: PersonRef) -> Bool {
        role.may(.readLedger) || self.person == person
    }

    /// Whether this caller may see clues of discipline, results of assessment and whatever is classified as
    /// restricted.
    ///
    /// Running the system is no reason to read them, so that the role alone never is enough; where nobody is
    /// asked, everything is on one machine and shown.
    package var maySeeRestricted: Bool { isDiscipline || way == .open }

    /// The same, for what is about `person` alone.
    package func maySeeRestricted(about person: PersonRef) -> Bool {
        maySeeRestricted || self.person == person
    }

    func may(_ permission: Permission) -> Bool { role.may(permission) }
}
