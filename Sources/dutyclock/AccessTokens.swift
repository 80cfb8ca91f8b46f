import Console
import DutyConfig

extension DutyclockConfiguration.HTTP {
    /// The configured tokens as the HTTP side knows them: hashed.
    var accessTokens: [Access.Token] {
        tokens.map { entry in
            let role: AccessRole =
                switch entry.role {
                case .viewer: .viewer
                case .supervisor: .supervisor
                case .admin: .admin
                case .producer: .producer
                }
            let principal = Principal(
                name: entry.name,
                label: entry.label,
                person: entry.person,
                role: role,
                isDiscipline: entry.isDiscipline
            )
            return Access.Token(entry.token.reveal(), principal)
        }
    }
}
