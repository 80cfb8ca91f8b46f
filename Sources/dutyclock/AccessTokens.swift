import Console
import Delivery
import DutyConfig
import Engine

extension DutyclockConfiguration.HTTP {
    /// The configured tokens as the HTTP side knows them: hashed.
    var accessTokens: [Access.Token] {
        tokens.map { entry in
            let principal = Principal(
                name: entry.name,
                label: entry.label,
                person: entry.person,
                role: AccessRole(entry.role),
                isDiscipline: entry.isDiscipline
            )
            return Access.Token(entry.token.reveal(), principal)
        }
    }
}

extension DutyclockConfiguration.HTTP {
    /// Puts tokens, issuer and session limits in force.
    func apply(to access: Access, clock: any WallClock, http: OutboundHTTP) {
        access.replace(accessTokens)
        access.limitSessions(idle: session.idle, absolute: session.absolute)
        access.replace(issuer: issuer.map { Console.Issuer($0.settings, clock: clock, request: http.ask) })
    }
}

extension DutyclockConfiguration.HTTP.Issuer {
    fileprivate var settings: IssuerSettings {
        var settings = IssuerSettings(issuer: issuer, audience: audience)
        settings.clientID = clientID
        settings.clientSecret = clientSecret?.reveal()
        settings.roleClaim = roleClaim
        settings.roles = roles.mapValues { AccessRole($0) }
        settings.discipline = Set(discipline)
        settings.personClaim = personClaim
        return settings
    }
}

extension DutyclockConfiguration.HTTP.TLS {
    /// - Throws: `TLSIdentity.Unusable`.
    func identity() throws(TLSIdentity.Unusable) -> TLSIdentity {
        try TLSIdentity(certificate: certificate, key: key.reveal())
    }
}

extension AccessRole {
    fileprivate init(_ role: TokenFile.Role) {
        self =
            switch role {
            case .viewer: .viewer
            case .supervisor: .supervisor
            case .admin: .admin
            case .producer: .producer
            }
    }
}

extension OutboundHTTP {
    private static let patience = Duration.seconds(5)

    /// Asks an issuer; nil without an answer.
    fileprivate func ask(_ url: String, _ form: [UInt8]?, _ headers: [(String, String)]) async -> IssuerReply?
    {
        let reply =
            if let form {
                await post(url, headers: headers, body: form, timeout: Self.patience)
            } else {
                await get(url, headers: headers, timeout: Self.patience)
            }
        guard case .answered(let answer) = reply else { return nil }
        return IssuerReply(status: answer.status, body: answer.body)
    }
}
