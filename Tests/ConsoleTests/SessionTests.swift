import Crypto
import Duty
import Engine
import Hummingbird
import HummingbirdTesting
import Testing

@testable import Console

/// Browsers: logging in and out, cookies, forms, limits.
@Suite struct SessionTests {
    private static let token = "supervisor-token-0123456789"

    @Test func aPageLeadsToTheLoginAndFromThereBack() async throws {
        let premises = try Premises()
        try await premises.open { client in
            let sent = try await client.ask(.get, "/?wall=1", ["accept": "text/html,*/*"])
            #expect(sent.status == .seeOther)
            #expect(sent.headers[.location] == "/login?next=%2F%3Fwall%3D1")
            // A program, and a browser with a wrong token, are told; only people are led.
            #expect(
                try await client.ask(.get, "/", ["accept": "application/json"]).status == .unauthorized
            )
            let page = try await client.ask(.get, "/login?next=%2F%3Fwall%3D1")
            #expect(String(buffer: page.body).contains("name=\"next\" value=\"/?wall=1\""))
            let done = try await client.ask(
                .post,
                "/login",
                body: "token=\(Self.token)&next=%2F%3Fwall%3D1"
            )
            #expect(done.status == .seeOther)
            #expect(done.headers[.location] == "/?wall=1")
            let cookie = try #require(done.headers[.setCookie]).prefix { $0 != ";" }
            let shown = try await client.ask(.get, "/?wall=1", ["cookie": String(cookie)])
            #expect(shown.status == .ok)
            // Once in, the login leads on.
            let again = try await client.ask(.get, "/login?next=/x", ["cookie": String(cookie)])
            #expect(again.headers[.location] == "/x")
        }
    }

    @Test(arguments: [
        ("http://duty.example.org", false, false), ("https://duty.example.org", false, true),
        (nil, true, true),
        (nil, false, false),
    ])
    func theCookieIsForThisServerAlone(
        _ publicURL: String?,
        _ hasTLS: Bool,
        _ isSecure: Bool
    )
        async throws
    {
        let premises = try Premises(publicURL: publicURL, hasTLS: hasTLS)
        try await premises.open { client in
            let answer = try await client.ask(.post, "/login", body: "token=\(Self.token)")
            let parts = try #require(answer.headers[.setCookie]).split(separator: ";").map {
                $0.drop { $0 == " " }
            }
            #expect(parts[0].hasPrefix(isSecure ? "__Host-dutyclock=" : "dutyclock="))
            #expect(Set(parts.dropFirst()).isSuperset(of: ["HttpOnly", "SameSite=Strict", "Path=/"]))
            #expect(parts.contains("Secure") == isSecure)
            #expect(!parts.contains { $0.hasPrefix("Domain") || $0.hasPrefix("Max-Age") })
            #expect((answer.headers[try #require(.init("strict-transport-security"))] != nil) == isSecure)
        }
    }

    @Test func aSessionEndsWhenItIsLeftAloneAndAfterItsLongestTime() async throws {
        let premises = try Premises()
        premises.access.limitSessions(idle: .minutes(30), absolute: .hours(2))
        try await premises.open { client in
            func status(_ cookie: String) async throws -> Int {
                try await client.ask(.get, "/api/v1/status", ["cookie": cookie]).status.code
            }
            func wait(_ span: Span) { premises.clock.advance(to: premises.clock.now() + span) }
            let idle = try await client.login(Self.token)
            wait(.minutes(29))
            #expect(try await status(idle) == 200)
            wait(.minutes(29))
            #expect(try await status(idle) == 200)
            wait(.minutes(30))
            #expect(try await status(idle) == 401)
            let busy = try await client.login(Self.token)
            for _ in 0..<5 {
                wait(.minutes(20))
                #expect(try await status(busy) == 200)
            }
            wait(.minutes(20))
            #expect(try await status(busy) == 401)
            #expect(premises.access.sessions.count == 0)
        }
    }

    @Test func leavingNeedsTheProofAndEndsTheSession() async throws {
        let premises = try Premises()
        try await premises.open { client in
            let cookie = try await client.login(Self.token)
            let proof = try proof(premises, cookie)
            for form in ["", "csrf=wrong", "csrf=" + String(proof.dropLast())] {
                let refused = try await client.ask(.post, "/logout", ["cookie": cookie], body: form)
                #expect(refused.status == .forbidden, "\(form)")
            }
            #expect(try await client.ask(.get, "/", ["cookie": cookie]).status == .ok)
            let left = try await client.ask(.post, "/logout", ["cookie": cookie], body: "csrf=" + proof)
            #expect(left.headers[.setCookie]?.contains("Max-Age=0") == true)
            #expect(try await client.ask(.get, "/", ["cookie": cookie]).status == .unauthorized)
        }
    }

    @Test func anotherSessionsProofAndAnotherSitesPageChangeNothing() async throws {
        let premises = try Premises()
        try await premises.open { client in
            let cookie = try await client.login(Premises.tokens[.admin] ?? "")
            let other = try await client.login(Premises.tokens[.admin] ?? "")
            let path = "/api/v1/dlq/1/retry"
            let proof = try proof(premises, cookie)
            func post(_ headers: [String: String], _ body: String? = nil) async throws -> Int {
                try await client.ask(.post, path, headers.merging(["cookie": cookie]) { $1 }, body: body)
                    .status.code
            }
            // 404: it came through, and there is no such letter.
            #expect(try await post([:], "csrf=" + proof) == 404)
            #expect(try await post(["x-csrf-token": proof]) == 404)
            #expect(try await post(["x-csrf-token": try self.proof(premises, other)]) == 403)
            #expect(try await post(["x-csrf-token": proof, "sec-fetch-site": "cross-site"]) == 403)
            #expect(try await post(["x-csrf-token": proof, "sec-fetch-site": "same-site"]) == 403)
            #expect(try await post(["x-csrf-token": proof, "origin": "https://evil.example"]) == 403)
            #expect(try await post(["x-csrf-token": proof, "origin": "null"]) == 403)
            #expect(try await post(["x-csrf-token": proof, "sec-fetch-site": "same-origin"]) == 404)
            // A program that shows a token has no session to be misused.
            let bearer = ["authorization": "Bearer " + (Premises.tokens[.admin] ?? "")]
            #expect(try await client.ask(.post, path, bearer).status == .notFound)
        }
    }

    @Test func aLoginFromAnotherSitesPageIsNone() async throws {
        let premises = try Premises()
        try await premises.open { client in
            for headers in [["origin": "https://evil.example"], ["sec-fetch-site": "cross-site"]] {
                let answer = try await client.ask(.post, "/login", headers, body: "token=\(Self.token)")
                #expect(answer.status == .forbidden)
                #expect(answer.headers[.setCookie] == nil)
            }
        }
    }

    @Test func aSecondLoginEndsTheFirstSessionOfTheBrowser() async throws {
        let premises = try Premises()
        try await premises.open { client in
            let first = try await client.login(Self.token)
            let second = try await client.login(Self.token, ["cookie": first])
            #expect(first != second)
            #expect(try await client.ask(.get, "/", ["cookie": first]).status == .unauthorized)
            #expect(try await client.ask(.get, "/", ["cookie": second]).status == .ok)
        }
    }

    @Test func aVisitFromElsewhereGoesOnByAPageOfOurs() async throws {
        let premises = try Premises()
        try await premises.open { client in
            let page = try await client.ask(.get, "/login?next=/x", ["sec-fetch-site": "cross-site"])
            #expect(
                String(buffer: page.body).contains("content=\"0; url=/login?next&#x3D;%2Fx\"")
                    || String(buffer: page.body).contains("content=\"0; url=/login?next=%2Fx\"")
            )
        }
    }

    @Test func aProgramsTokenOpensNoSession() async throws {
        let premises = try Premises()
        try await premises.open { client in
            let answer = try await client.ask(.post, "/login", body: "token=producer-token-0123456789")
            #expect(answer.status == .forbidden)
            #expect(premises.access.sessions.count == 0)
        }
    }

    @Test func sessionsGoWithTheTokenThatOpenedThem() async throws {
        let premises = try Premises()
        try await premises.open { client in
            let admin = try await client.login(Premises.tokens[.admin] ?? "")
            let viewer = try await client.login(Premises.tokens[.viewer] ?? "")
            let supervisor = try await client.login(Self.token)
            var tokens = Premises.known.filter { $0.principal.role != .admin }
            tokens.removeAll { $0.principal.role == .viewer }
            tokens.append(
                Access.Token("viewer-token-0123456789", Principal(name: "viewer", role: .viewer))
            )
            premises.access.replace(tokens)
            func status(_ cookie: String) async throws -> Int {
                try await client.ask(.get, "/", ["cookie": cookie]).status.code
            }
            #expect(try await status(admin) == 401)
            // The same token, which names no person any more.
            #expect(try await status(viewer) == 401)
            #expect(try await status(supervisor) == 200)
        }
    }

    // MARK: Limits

    @Test func whoGuessesAtTheLoginHasToWaitAndOthersDoNot() async throws {
        let premises = try Premises()
        try await premises.open(live: true) { client in
            func login(_ token: String, _ address: String) async throws -> TestResponse {
                try await client.ask(
                    .post,
                    "/login",
                    ["x-forwarded-for": "10.0.0.1, " + address],
                    body: "token=" + token
                )
            }
            for number in 0..<10 {
                #expect(
                    try await login("guess-number-000000\(number)", "192.0.2.7").status == .unauthorized
                )
            }
            // The right one is not told from a wrong one.
            for token in ["guess", Self.token] {
                let answer = try await login(token, "192.0.2.7")
                #expect(answer.status == .tooManyRequests)
                #expect(answer.headers[.retryAfter] == "60")
                #expect(answer.headers[.setCookie] == nil)
            }
            #expect(try await login(Self.token, "192.0.2.8").status == .seeOther)
            premises.clock.advance(to: premises.clock.now() + .seconds(61))
            #expect(try await login(Self.token, "192.0.2.7").status == .seeOther)
        }
    }

    @Test func oneNetworkOfIPv6IsOneCaller() async throws {
        let premises = try Premises()
        try await premises.open(live: true) { client in
            var last = 0
            for number in 0..<12 {
                let headers = ["x-forwarded-for": "2001:db8:0:1::\(number + 1)"]
                last = try await client.ask(.post, "/login", headers, body: "token=guess").status.code
            }
            #expect(last == 429)
            let other = ["x-forwarded-for": "2001:db8:0:2::1"]
            #expect(
                try await client.ask(.post, "/login", other, body: "token=guess").status == .unauthorized
            )
        }
    }

    @Test func whoGuessesTokensHasToWaitAndThoseKnownThereDoNot() async throws {
        let premises = try Premises()
        try await premises.open { client throws in
            func ask(_ token: String) async throws -> Int {
                try await client.ask(.get, "/metrics", ["authorization": "Bearer " + token]).status.code
            }
            #expect(try await ask("viewer-token-0123456789") == 200)
            for number in 0..<100 { #expect(try await ask("guess-\(number)") == 401) }
            #expect(try await ask("guess") == 429)
            #expect(try await ask(Self.token) == 429)
            #expect(try await ask("viewer-token-0123456789") == 200)
            premises.clock.advance(to: premises.clock.now() + .seconds(61))
            #expect(try await ask(Self.token) == 200)
        }
    }

    @Test func memoryOfFailuresAndSessionsIsBounded() {
        let gate = FailureGate(limit: 2, mostNames: 100)
        for number in 0..<1_000 { gate.failed("a\(number)", at: Sample.noon) }
        #expect(gate.count <= 100)
        let flows = LoginFlows()
        for number in 0..<3_000 {
            flows.add(
                "\(number)",
                LoginFlows.Flow(
                    nonce: "",
                    verifier: "",
                    next: "/",
                    browser: SHA256.hash(data: [UInt8]()),
                    begun: Sample.noon
                )
            )
        }
        #expect(flows.count <= 1_000)
        let sessions = Sessions()
        let viewer = Principal(name: "v", role: .viewer)
        var last = ""
        for number in 0..<10_050 {
            last = sessions.open(viewer, token: nil, now: Sample.noon + .seconds(Int64(number) / 100))
        }
        #expect(sessions.count <= 10_000)
        #expect(sessions.find(last, now: Sample.noon + .seconds(101)) != nil)
    }

    // MARK: Parts

    @Test(arguments: [
        ("/matters?x=1", "/matters?x=1"), (nil, "/"), ("", "/"), ("https://evil.example", "/"),
        ("//evil.example", "/"), ("/\\evil.example", "/"), ("/a\r\nset-cookie: x", "/"),
        ("/login", "/"),
        ("/logout", "/"), ("javascript:alert(1)", "/"),
    ])
    func aLoginLeadsNowhereElse(_ next: String?, _ path: String) {
        #expect(LoginRoutes.path(next) == path)
    }

    @Test func sharesAreForThePersonAndWhoseWorkTheyAre() {
        let me: PersonRef = "P-1"
        let other: PersonRef = "P-2"
        let viewer = Principal(name: "v", person: me, role: .viewer)
        #expect(viewer.maySee(shareOf: me) && !viewer.maySee(shareOf: other))
        #expect(!Principal(name: "v", role: .viewer).maySee(shareOf: me))
        #expect(!Principal(name: "p", person: me, role: .producer).maySee(shareOf: other))
        for role in [AccessRole.supervisor, .admin] {
            #expect(Principal(name: "x", role: role).maySee(shareOf: other))
            // Running the system is no reason to read what is about discipline.
            #expect(!Principal(name: "x", role: role).maySeeRestricted)
        }
        #expect(viewer.maySeeRestricted(about: me) && !viewer.maySeeRestricted(about: other))
        #expect(Principal(name: "d", role: .viewer, isDiscipline: true).maySeeRestricted(about: other))
        #expect(Principal(name: "open", role: .admin, way: .open).maySeeRestricted)
    }

    private func proof(_ premises: Premises, _ cookie: String) throws -> String {
        let id = String(cookie.drop { $0 != "=" }.dropFirst())
        return try #require(premises.access.sessions.find(id, now: premises.clock.now())?.formProof)
    }
}
