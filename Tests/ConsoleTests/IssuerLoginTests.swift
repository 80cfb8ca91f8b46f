import Crypto
import Duty
import Engine
import Hummingbird
import HummingbirdTesting
import Testing

@testable import Console

/// Logging in at the issuer: authorization code with PKCE.
@Suite struct IssuerLoginTests {
    private static let key = IssuerDouble.Key.elliptic(P256.Signing.PrivateKey())
    private let double = IssuerDouble()

    private func premises(_ change: (inout IssuerSettings) -> Void = { _ in }) throws -> Premises {
        var settings = IssuerSettings(issuer: IssuerDouble.address, audience: "dutyclock")
        settings.clientID = "board"
        settings.clientSecret = "s e/cret"
        settings.roleClaim = "realm_access.roles"
        settings.roles = ["park-supervisor": .supervisor]
        settings.personClaim = "staff"
        change(&settings)
        double.add("one", Self.key)
        let premises = try Premises(publicURL: "https://duty.example.org")
        premises.access.replace(
            issuer: Issuer(settings, clock: premises.clock, request: double.request)
        )
        return premises
    }

    /// What the browser was sent away with.
    private struct Away {
        let query: [String: String]
        let cookie: String
    }

    private func begin(_ client: any TestClientProtocol) async throws -> Away {
        let sent = try await client.ask(.get, "/login/oidc?next=/ledger?fine%3D1")
        #expect(sent.status == .seeOther)
        let location = try #require(sent.headers[.location])
        #expect(location.hasPrefix(IssuerDouble.address + "/authorize?"))
        let cookie = try #require(sent.headers[.setCookie])
        #expect(cookie.hasPrefix("__Host-dutyclock-login="))
        #expect(
            cookie.contains("HttpOnly") && cookie.contains("Secure") && cookie.contains("SameSite=Lax")
        )
        let form = try #require(FormBody(location.drop { $0 != "?" }.dropFirst().utf8))
        let names = [
            "response_type", "client_id", "redirect_uri", "scope", "state", "nonce", "code_challenge",
            "code_challenge_method",
        ]
        let query = Dictionary(uniqueKeysWithValues: names.map { ($0, form[$0] ?? "") })
        #expect(query["response_type"] == "code" && query["client_id"] == "board")
        #expect(query["redirect_uri"] == "https://duty.example.org/login/callback")
        #expect(query["code_challenge_method"] == "S256")
        return Away(query: query, cookie: String(cookie.prefix { $0 != ";" }))
    }

    /// The issuer will give an ID token for the nonce.
    private func prepare(
        _ premises: Premises,
        _ nonce: String?,
        _ changes: [String: Value] = [:]
    )
        throws
    {
        let claims: [String: Value] = ["aud": "board", "nonce": nonce.map { .string($0) } ?? .null]
        let token = try IssuerDouble.token(
            Self.key,
            "one",
            now: premises.clock.now(),
            claims.merging(changes) { $1 }
        )
        double.state.withLock { $0.idToken = token }
    }

    @Test func aPersonComesBackWithASession() async throws {
        let premises = try premises()
        try await premises.open { client in
            #expect(
                String(buffer: try await client.ask(.get, "/login").body).contains("/login/oidc?next=")
            )
            let away = try await begin(client)
            try prepare(premises, away.query["nonce"])
            let back = "/login/callback?code=c%2F1&state=" + (away.query["state"] ?? "")
            let answer = try await client.ask(
                .get,
                back,
                ["cookie": away.cookie, "sec-fetch-site": "cross-site"]
            )
            #expect(answer.status == .ok)
            // A page that goes on by itself: a redirect that began elsewhere would come without the cookie.
            #expect(String(buffer: answer.body).contains("http-equiv=\"refresh\""))
            let cookie = try #require(answer.headers[.setCookie])
            #expect(cookie.hasPrefix("__Host-dutyclock=") && cookie.contains("SameSite=Strict"))
            let session = ["cookie": String(cookie.prefix { $0 != ";" })]
            #expect(try await client.ask(.get, "/api/v1/ledger", session).status == .ok)
            #expect(try await client.ask(.get, "/api/v1/repolicy", session).status == .forbidden)
            // The issuer vouches for an hour, and whoever it shuts out is shut out here after that.
            for (minutes, status) in [(29, HTTPResponse.Status.ok), (29, .ok), (2, .unauthorized)] {
                premises.clock.advance(to: premises.clock.now() + .minutes(Int64(minutes)))
                #expect(try await client.ask(.get, "/api/v1/ledger", session).status == status)
            }
            // The code went with the verifier whose hash the browser had carried, and with the client's secret.
            let (text, headers) = double.state.withLock { ($0.form ?? "", $0.headers) }
            let form = try #require(FormBody(text.utf8))
            #expect(form["code"] == "c/1" && form["grant_type"] == "authorization_code")
            #expect(form["redirect_uri"] == away.query["redirect_uri"])
            let challenge = Base64URL.encode(
                Array(SHA256.hash(data: Array((form["code_verifier"] ?? "").utf8)))
            )
            #expect(challenge == away.query["code_challenge"])
            #expect(headers["authorization"] == "Basic Ym9hcmQ6cyUyMGUlMkZjcmV0")
            // Once only.
            let again = try await client.ask(.get, back, ["cookie": away.cookie])
            #expect(again.status == .unauthorized && again.headers[.setCookie] == nil)
        }
    }

    @Test func whatDoesNotFitOpensNothing() async throws {
        let premises = try premises()
        try await premises.open { client in
            func back(
                _ away: Away,
                _ state: String?,
                _ cookie: String?,
                _ rest: String = "code=c"
            ) async throws -> Int {
                let answer = try await client.ask(
                    .get,
                    "/login/callback?\(rest)&state=\(state ?? away.query["state"] ?? "")",
                    cookie.map { ["cookie": $0] } ?? [:]
                )
                #expect(answer.headers[.setCookie] == nil)
                premises.clock.advance(to: premises.clock.now() + .seconds(61))
                return answer.status.code
            }
            var away = try await begin(client)
            try prepare(premises, away.query["nonce"])
            #expect(try await back(away, "invented", away.cookie) == 401)
            // Another browser than the one that began.
            #expect(try await back(away, nil, nil) == 401)
            away = try await begin(client)
            #expect(try await back(away, nil, "__Host-dutyclock-login=other") == 401)
            away = try await begin(client)
            #expect(try await back(away, nil, away.cookie, "error=access_denied") == 401)
            let wrong: [(String?, [String: Value], Int)] = [
                ("another", [:], 401), (nil, [:], 401),
                ("same", ["aud": "dutyclock"], 401), ("same", ["exp": 1], 401),
                ("same", ["aud": .array(["board", "x"]), "azp": "x"], 401),
                ("same", ["iss": "https://x"], 401),
                ("same", ["realm_access": .null], 403),
            ]
            for (nonce, changes, status) in wrong {
                away = try await begin(client)
                try prepare(premises, nonce == "same" ? away.query["nonce"] : nonce, changes)
                #expect(try await back(away, nil, away.cookie) == status, "\(nonce ?? "-") \(changes)")
            }
            // Too late.
            away = try await begin(client)
            premises.clock.advance(to: premises.clock.now() + .minutes(10))
            try prepare(premises, away.query["nonce"])
            #expect(try await back(away, nil, away.cookie) == 401)
            #expect(premises.access.sessions.count == 0)
        }
    }

    @Test func anIssuerThatIsAwayIsSaid() async throws {
        let premises = try premises()
        double.state.withLock { $0.isAway = true }
        try await premises.open { client throws in
            #expect(try await client.ask(.get, "/login/oidc").status == .badGateway)
        }
    }

    @Test func sessionsOfAnotherIssuerEnd() async throws {
        let premises = try premises()
        try await premises.open { client in
            let away = try await begin(client)
            try prepare(premises, away.query["nonce"])
            let back = "/login/callback?code=c&state=" + (away.query["state"] ?? "")
            let answer = try await client.ask(.get, back, ["cookie": away.cookie])
            let session = [
                "cookie": String(try #require(answer.headers[.setCookie]).prefix { $0 != ";" })
            ]
            #expect(try await client.ask(.get, "/", session).status == .ok)
            let issuer = try #require(premises.access.issuer)
            premises.access.replace(
                issuer: Issuer(issuer.settings, clock: premises.clock, request: double.request)
            )
            #expect(try await client.ask(.get, "/", session).status == .ok)
            premises.access.replace(issuer: nil)
            #expect(try await client.ask(.get, "/", session).status == .unauthorized)
        }
    }
}
