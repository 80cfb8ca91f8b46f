import Crypto
import Duty
import Engine
import Synchronization

/// What is asked of an OpenID Connect issuer, and what its claims mean here.
package struct IssuerSettings: Sendable, Hashable {
    /// The `iss` of its tokens, from which its addresses are found.
    package let issuer: String
    /// What `aud` of a bearer token must contain.
    package let audience: String
    /// This server as a client of the issuer; nil: nobody logs in there, its tokens are shown by programs only.
    package var clientID: String?
    package var clientSecret: String?
    /// The claim with the roles: its whole name, or names with dots between for a claim inside of others.
    package var roleClaim = "roles"
    /// Which role a value of that claim stands for; what is not in here stands for none.
    package var roles: [String: AccessRole] = [:]
    /// The values of that claim whose bearers work on matters of discipline and assessment.
    package var discipline: Set<String> = []
    /// The claim with the person of the directory; nil: none has one.
    package var personClaim: String?

    package init(issuer: String, audience: String) {
        self.issuer = issuer
        self.audience = audience
    }
}

/// The issuer's answer to a request; `body` is nil if it did not come whole.
package struct IssuerReply: Sendable {
    let status: Int
    let body: [UInt8]?

    package init(status: Int, body: [UInt8]?) {
        self.status = status
        self.body = body
    }
}

/// Asks the issuer: GET without a form, POST with one; nil without an answer.
package typealias IssuerRequest =
    @Sendable (_ url: String, _ form: [UInt8]?, _ headers: [(String, String)]) async -> IssuerReply?

/// Why a token of the issuer is not taken.
enum IssuerRejection: String, Error, Sendable {
    case malformed, algorithm, unknownKey, signature, issuer, audience, expired, notYet, subject, nonce
    /// The issuer does not answer and its keys are not known.
    case issuerAway
    /// Nothing that its role claim says is a role here.
    case noRole
}

/// One issuer: its addresses and its keys, which are fetched when first needed and kept fresh.
package actor Issuer {
    package struct Endpoints: Sendable, Hashable {
        let authorization: String?
        let token: String?
        let keys: String
        /// Whether the token endpoint takes the client's secret in the form alone.
        let takesSecretInForm: Bool
    }

    /// After so long the keys are fetched again, so that one that was taken away is not trusted forever.
    static let freshFor = Span.hours(1)
    /// Keys that old are not trusted: the issuer may have taken them away while it could not be asked.
    static let trustedFor = Span.hours(24)
    /// An unknown key makes us ask, and a caller may invent as many as it likes.
    static let pause = Span.seconds(15)

    nonisolated let settings: IssuerSettings
    private let request: IssuerRequest
    private let clock: any WallClock
    private var endpoints: Endpoints?
    private var keys: [String: IssuerKey] = [:]
    private var fetchedAt: Instant?
    private var askedAt: Instant?
    private var fetching: Task<Void, Never>?

    package init(_ settings: IssuerSettings, clock: any WallClock, request: @escaping IssuerRequest) {
        self.settings = settings
        self.clock = clock
        self.request = request
    }

    // MARK: Tokens

    /// Whose bearer token this is.
    func bearer(_ token: String) async throws(IssuerRejection) -> Principal {
        try settings.principal(try await claims(token, audience: settings.audience))
    }

    /// Who has logged in, by the ID token that the issuer gave for it, and until when the issuer vouches for it.
    func login(
        _ token: String,
        nonce: String
    ) async throws(IssuerRejection) -> (principal: Principal, ends: Instant?) {
        guard let client = settings.clientID else { throw .audience }
        let claims = try await claims(token, audience: client)
        guard claims["nonce"]?.string == nonce else { throw .nonce }
        if let party = claims["azp"]?.string, party != client { throw .audience }
        return (try settings.principal(claims), IssuerToken.instant(claims["exp"]))
    }

    /// What a token says, if the issuer signed it for `audience` and its time is neither over nor still to come.
    private func claims(_ token: String, audience: String) async throws(IssuerRejection) -> Value {
        let parsed = try IssuerToken(token)
        let key = try await key(parsed.keyID)
        guard key.algorithm == parsed.algorithm else { throw .algorithm }
        guard await key.hasSigned(token) else { throw .signature }
        try parsed.check(issuer: settings.issuer, audience: audience, now: clock.now())
        return parsed.claims
    }

    // MARK: Keys

    private func key(_ id: String?) async throws(IssuerRejection) -> IssuerKey {
        let now = clock.now()
        if let found = known(id) {
            guard let fetchedAt, now - fetchedAt >= Self.freshFor else { return found }
            await refresh()
            if let fetchedAt = self.fetchedAt, now - fetchedAt < Self.trustedFor, let key = known(id) {
                return key
            }
        } else {
            await refresh()
            if let found = known(id) { return found }
        }
        throw keys.isEmpty || fetchedAt.map { now - $0 >= Self.trustedFor } ?? true
            ? .issuerAway : .unknownKey
    }

    /// A token that names no key means the only one.
    private func known(_ id: String?) -> IssuerKey? {
        if let id { return keys[id] }
        return keys.count == 1 ? keys.values.first : nil
    }

    /// Fetches the keys anew, once at a time and not more often than the pause allows.
    private func refresh() async {
        if let fetching { return await fetching.value }
        let now = clock.now()
        if let askedAt, now >= askedAt, now - askedAt < Self.pause { return }
        askedAt = now
        let task = Task { await fetch() }
        fetching = task
        await task.value
        fetching = nil
    }

    private func fetch() async {
        guard let endpoints = await discover(), let document = await json(endpoints.keys),
            let fresh = IssuerKey.all(document)
        else { return }
        keys = fresh
        fetchedAt = clock.now()
    }

    /// OpenID Connect Discovery 1.0, section 4; the document must be of this very issuer.
    func discover() async -> Endpoints? {
        let base = settings.issuer.hasSuffix("/") ? String(settings.issuer.dropLast()) : settings.issuer
        guard let document = await json(base + "/.well-known/openid-configuration"),
            document["issuer"]?.string == settings.issuer, let keys = document["jwks_uri"]?.string
        else { return endpoints }
        let ways = document["token_endpoint_auth_methods_supported"]?.array?.compactMap(\.string) ?? []
        let found = Endpoints(
            authorization: document["authorization_endpoint"]?.string,
            token: document["token_endpoint"]?.string,
            keys: keys,
            takesSecretInForm: !ways.contains("client_secret_basic") && ways.contains("client_secret_post")
        )
        endpoints = found
        return found
    }

    private func json(_ url: String) async -> Value? {
        guard let reply = await request(url, nil, [("accept", "application/json")]), reply.status == 200
        else {
            return nil
        }
        return reply.body.flatMap { try? JSONReader.decode($0) }
    }

    // MARK: Logging in

    /// Changes the code that a browser brought for the ID token (RFC 6749, section 4.1.3; RFC 7636, section 4.5).
    func exchange(code: String, redirect: String, verifier: String) async -> String? {
        guard let client = settings.clientID, let endpoints = await known(), let url = endpoints.token else {
            return nil
        }
        var form = [
            ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", redirect),
            ("client_id", client), ("code_verifier", verifier),
        ]
        var headers = [
            ("content-type", "application/x-www-form-urlencoded"), ("accept", "application/json"),
        ]
        if let secret = settings.clientSecret {
            if endpoints.takesSecretInForm {
                form.append(("client_secret", secret))
            } else {
                let pair = FormText.encoded(client) + ":" + FormText.encoded(secret)
                headers.append(("authorization", "Basic " + Base64URL.padded(Array(pair.utf8))))
            }
        }
        let body = form.map { $0.0 + "=" + FormText.encoded($0.1) }.joined(separator: "&")
        guard let reply = await request(url, Array(body.utf8), headers), reply.status == 200,
            let bytes = reply.body,
            let answer = try? JSONReader.decode(bytes)
        else { return nil }
        return answer["id_token"]?.string
    }

    func known() async -> Endpoints? {
        if let endpoints { return endpoints }
        return await discover()
    }
}

extension IssuerSettings {
    /// Who the claims speak of; the widest role counts.
    func principal(_ claims: Value) throws(IssuerRejection) -> Principal {
        guard let subject = claims["sub"]?.string, !subject.isEmpty else { throw .subject }
        let said = values(claims)
        let order: [AccessRole] = [.admin, .supervisor, .viewer, .producer]
        let held = Set(said.compactMap { roles[$0] })
        guard let role = order.first(where: held.contains) else { throw .noRole }
        let person = personClaim.flatMap { claim($0, claims)?.string }
        return Principal(
            name: subject,
            label: claims["name"]?.string ?? claims["preferred_username"]?.string,
            person: person.flatMap { $0.isEmpty ? nil : PersonRef($0) },
            role: role,
            isDiscipline: !discipline.isDisjoint(with: said),
            way: .jwt
        )
    }

    /// The values of the role claim, which is a text or a list of them.
    private func values(_ claims: Value) -> [String] {
        guard let found = claim(roleClaim, claims) else { return [] }
        return found.string.map { [$0] } ?? found.array?.compactMap(\.string) ?? []
    }

    private func claim(_ name: String, _ claims: Value) -> Value? {
        if let whole = claims[name] { return whole }
        return name.split(separator: ".").reduce(Optional(claims)) { $0?[String($1)] }
    }
}
