import Duty

/// What `http` says about TLS, an OpenID Connect issuer and the sessions of browsers.
extension DutyclockConfiguration.HTTP {
    package struct TLS: Sendable, Hashable {
        /// The contents of the file: the server's certificate first, then those between it and the root.
        package let certificate: String
        /// The private key in PEM.
        package let key: Secret
        /// Where the section stands.
        package let line: Int
    }

    package struct Issuer: Sendable, Hashable {
        /// The `iss` of its tokens.
        package let issuer: String
        /// What the `aud` of a bearer token must contain.
        package let audience: String
        /// Which role a value of the claim stands for.
        package let roles: [String: TokenFile.Role]
        /// This server as a client of the issuer; nil: browsers log in by token alone.
        package var clientID: String?
        package var clientSecret: Secret?
        package var roleClaim = "roles"
        /// The values of the role claim that stand for work on discipline and assessment.
        package var discipline: [String] = []
        package var personClaim: String?

        init(issuer: String, audience: String, roles: [String: TokenFile.Role]) {
            self.issuer = issuer
            self.audience = audience
            self.roles = roles
        }
    }

    package struct Session: Sendable, Hashable {
        /// How long a session lives since it was last used.
        package var idle: Span = .minutes(30)
        /// How long it lives at most.
        package var absolute: Span = .hours(12)
    }
}
