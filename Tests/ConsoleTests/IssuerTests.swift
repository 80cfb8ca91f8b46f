import Crypto
import CryptoExtras
import Duty
import Engine
import Hummingbird
import HummingbirdTesting
import Testing

@testable import Console

/// Tokens of an OpenID Connect issuer: what is taken, what is not, and how keys are kept.
@Suite struct IssuerTests {
    private static let key = IssuerDouble.Key.elliptic(P256.Signing.PrivateKey())
    private static let stranger = IssuerDouble.Key.elliptic(P256.Signing.PrivateKey())

    private let double = IssuerDouble()
    private let clock = ManualClock(Sample.noon)

    private static var settings: IssuerSettings {
        var settings = IssuerSettings(issuer: IssuerDouble.address, audience: "dutyclock")
        settings.clientID = "board"
        settings.clientSecret = "s e/cret"
        settings.roleClaim = "realm_access.roles"
        settings.roles = ["park-viewer": .viewer, "park-supervisor": .supervisor, "park-admin": .admin]
        settings.discipline = ["park-discipline"]
        settings.personClaim = "staff"
        return settings
    }

    private func issuer() -> Issuer {
        double.add("one", Self.key)
        return Issuer(Self.settings, clock: clock, request: double.request)
    }

    private func rejection(_ issuer: Issuer, _ token: String) async -> IssuerRejection? {
        do {
            _ = try await issuer.bearer(token)
            return nil
        } catch {
            return error
        }
    }

    private func token(_ changes: [String: Value] = [:]) throws -> String {
        try IssuerDouble.token(Self.key, "one", now: clock.now(), changes)
    }

    @Test func aTokenSaysWhoItIs() async throws {
        let issuer = issuer()
        let principal = try await issuer.bearer(try token())
        #expect(principal.name == "u-17")
        #expect(principal.label == "司徒静澜")
        #expect(principal.person == "P-1032")
        #expect(principal.role == .supervisor)
        #expect(principal.way == .jwt && principal.formProof == nil && !principal.isDiscipline)
        let roles = Value.object([
            Value.Member("roles", .array(["park-viewer", "park-admin", "park-discipline"]))
        ])
        let admin = try await issuer.bearer(try token(["realm_access": roles, "staff": .null]))
        #expect(admin.role == .admin && admin.isDiscipline && admin.person == nil)
        // A claim may have dots in its own name, and be one text.
        var settings = Self.settings
        settings.roleClaim = "https://park.example/role"
        let other = Issuer(settings, clock: clock, request: double.request)
        #expect(
            try await other.bearer(try token(["https://park.example/role": "park-viewer"])).role
                == .viewer
        )
    }

    @Test func keysOfRSAAreTakenToo() async throws {
        let key = IssuerDouble.Key.rsa(try _RSA.Signing.PrivateKey(keySize: .bits2048))
        let issuer = issuer()
        double.add("rsa", key)
        let token = try IssuerDouble.token(key, "rsa", now: clock.now())
        #expect(await rejection(issuer, token) == nil)
        // RS256's signature does not pass as another algorithm's, and the key stays good for RS256.
        let renamed = try IssuerDouble.token(key, "rsa", now: clock.now(), header: [("alg", "RS512")])
        #expect(await rejection(issuer, renamed) == .algorithm)
        #expect(await rejection(issuer, token) == nil)
    }

    @Test(
        arguments: [
            ("iss", "https://login.example.org/realms/other", IssuerRejection.issuer),
            ("iss", .null, .issuer),
            ("aud", "another", .audience), ("aud", .array(["a", "b"]), .audience),
            ("aud", .null, .audience),
            ("exp", .null, .expired), ("exp", "soon", .expired), ("sub", .null, .subject),
            ("sub", "", .subject),
            ("realm_access", .null, .noRole),
            ("realm_access", .object([Value.Member("roles", .array(["else"]))]), .noRole),
        ] as [(String, Value, IssuerRejection)]
    )
    func aClaimThatIsNotRightIsRefused(
        _ name: String,
        _ value: Value,
        _ expected: IssuerRejection
    ) async throws {
        #expect(await rejection(issuer(), try token([name: value])) == expected)
    }

    @Test func timeCounts() async throws {
        let issuer = issuer()
        let seconds = clock.now().microseconds / 1_000_000
        // A minute for clocks that differ, and not more.
        #expect(await rejection(issuer, try token(["exp": .integer(seconds - 59)])) == nil)
        #expect(await rejection(issuer, try token(["exp": .integer(seconds - 61)])) == .expired)
        #expect(await rejection(issuer, try token(["exp": .number(Double(seconds) + 0.5)])) == nil)
        #expect(await rejection(issuer, try token(["nbf": .integer(seconds + 59)])) == nil)
        #expect(await rejection(issuer, try token(["nbf": .integer(seconds + 61)])) == .notYet)
        #expect(await rejection(issuer, try token(["iat": .integer(seconds + 61)])) == .notYet)
        let good = try token()
        clock.advance(to: clock.now() + .seconds(3_661))
        #expect(await rejection(issuer, good) == .expired)
    }

    @Test func whatNobodySignedIsRefused() async throws {
        let issuer = issuer()
        let good = try token()
        let parts = good.split(separator: ".").map(String.init)
        let none = IssuerDouble.part(
            .object([Value.Member("alg", "none"), Value.Member("kid", "one")])
        )
        for word in ["none", "None", "NONE", "HS256", "", "ES384"] {
            let header = try IssuerDouble.token(
                Self.key,
                "one",
                now: clock.now(),
                header: [("alg", .string(word))]
            )
            #expect(await rejection(issuer, header) == .algorithm, "\(word)")
        }
        #expect(await rejection(issuer, none + "." + parts[1] + ".") == .algorithm)
        #expect(await rejection(issuer, none + "." + parts[1] + "." + parts[2]) == .algorithm)
        // The public key as a shared secret.
        guard case .elliptic(let key) = Self.key else { return }
        let head = IssuerDouble.part(
            .object([Value.Member("alg", "HS256"), Value.Member("kid", "one")])
        )
        let secret = SymmetricKey(data: Array(key.publicKey.pemRepresentation.utf8))
        let mac = HMAC<SHA256>.authenticationCode(
            for: Array((head + "." + parts[1]).utf8),
            using: secret
        )
        let forged = head + "." + parts[1] + "." + Base64URL.encode(Array(mac))
        #expect(await rejection(issuer, forged) == .algorithm)
        // Somebody else's key under the name of ours, and other claims under our signature.
        let stolen = try IssuerDouble.token(Self.stranger, "one", now: clock.now())
        #expect(await rejection(issuer, stolen) == .signature)
        let claims = IssuerDouble.part(.object([Value.Member("sub", "root")]))
        #expect(await rejection(issuer, parts[0] + "." + claims + "." + parts[2]) == .signature)
        #expect(await rejection(issuer, parts[0] + "." + parts[1] + ".") == .signature)
        let critical = try IssuerDouble.token(
            Self.key,
            "one",
            now: clock.now(),
            header: [("crit", .array(["x"]))]
        )
        #expect(await rejection(issuer, critical) == .malformed)
        for text in [
            "a.b.c", "..", parts[0] + "." + parts[1], good + ".x", String(repeating: "a", count: 20_000),
        ] {
            #expect(await rejection(issuer, text) == .malformed, "\(text.prefix(40))")
        }
    }

    // MARK: Keys

    @Test func keysAreFetchedOnceAndANewOneWhenItIsFirstSeen() async throws {
        let issuer = issuer()
        for _ in 0..<5 { #expect(await rejection(issuer, try token()) == nil) }
        #expect(double.asked("/keys") == 1)
        let next = IssuerDouble.Key.elliptic(P256.Signing.PrivateKey())
        double.state.withLock { $0.keys = ["two": next] }
        let rotated = try IssuerDouble.token(next, "two", now: clock.now())
        // Not at once: unknown keys cost the issuer one question in a while, however many are shown.
        for number in 0..<20 {
            let unknown = try IssuerDouble.token(next, "unknown-\(number)", now: clock.now())
            #expect(await rejection(issuer, unknown) == .unknownKey)
        }
        #expect(double.asked("/keys") == 1)
        clock.advance(to: clock.now() + .seconds(15))
        #expect(await rejection(issuer, rotated) == nil)
        #expect(double.asked("/keys") == 2)
        // What the issuer has taken away is good no longer.
        #expect(await rejection(issuer, try token()) == .unknownKey)
    }

    @Test func aKeyThatWasTakenAwayIsNotTrustedLongerThanAnHour() async throws {
        let issuer = issuer()
        #expect(await rejection(issuer, try token()) == nil)
        double.state.withLock { $0.keys = ["two": Self.stranger] }
        clock.advance(to: clock.now() + .minutes(59))
        #expect(await rejection(issuer, try token()) == nil)
        clock.advance(to: clock.now() + .minutes(1))
        #expect(await rejection(issuer, try token()) == .unknownKey)
    }

    @Test func anIssuerThatIsAwayIsTrustedForADay() async throws {
        let issuer = issuer()
        double.state.withLock { $0.isAway = true }
        #expect(await rejection(issuer, try token()) == .issuerAway)
        double.state.withLock { $0.isAway = false }
        clock.advance(to: clock.now() + .seconds(15))
        #expect(await rejection(issuer, try token()) == nil)
        double.state.withLock { $0.isAway = true }
        clock.advance(to: clock.now() + .hours(23))
        #expect(await rejection(issuer, try token()) == nil)
        clock.advance(to: clock.now() + .hours(1))
        #expect(await rejection(issuer, try token()) == .issuerAway)
    }

    @Test func aDocumentOfAnotherIssuerIsNotOurs() async throws {
        let issuer = issuer()
        double.state.withLock { $0.issuer = "https://evil.example" }
        #expect(await rejection(issuer, try token()) == .issuerAway)
        #expect(double.asked("/keys") == 0)
    }

    @Test func manyTokensAtOnceAskOnce() async throws {
        let issuer = issuer()
        let token = try token()
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<20 { group.addTask { (try? await issuer.bearer(token)) != nil } }
            for await isTaken in group { #expect(isTaken) }
        }
        #expect(double.asked("/keys") == 1)
    }

    // MARK: Over HTTP

    @Test func theHTTPSideTakesSignedTokensBesideItsOwn() async throws {
        let premises = try Premises()
        premises.access.replace(issuer: issuer())
        let good = try token()
        let unknownRole = try token(["realm_access": .null])
        try await premises.open { client in
            func ask(_ token: String, _ path: String = "/api/v1/ledger") async throws -> Int {
                try await client.ask(.get, path, ["authorization": "Bearer " + token]).status.code
            }
            #expect(try await ask(good) == 200)
            #expect(try await ask(good, "/api/v1/repolicy") == 403)
            #expect(try await ask(unknownRole) == 403)
            #expect(try await ask(String(good.dropLast(4)) + "AAAA") == 401)
            #expect(try await ask(Premises.tokens[.supervisor] ?? "") == 200)
            // Guessing shuts out what could be guessed, signed or not.
            for number in 0..<100 { _ = try await ask("guess-\(number)") }
            #expect(try await ask(good) == 429)
        }
    }
}
