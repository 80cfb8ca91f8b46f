import Engine
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@testable import Console

/// Every path that the server has, for every role, by token and by session.
@Suite struct RouteAccessTests {
    /// Who may ask for a path; nil: everybody.
    ///
    /// A path that is not in here fails the first test: whoever adds one says here whose it is.
    private static let paths: [String: Set<AccessRole>?] = [
        "GET /healthz": nil, "GET /readyz": nil, "GET /answer.css": nil, "GET /assets/login.css": nil,
        "GET /a/{token}": nil, "HEAD /a/{token}": nil, "POST /a/{token}": nil,
        "GET /login": nil, "POST /login": nil, "POST /logout": nil, "GET /login/oidc": nil,
        "GET /login/callback": nil,
        "GET /assets/board.css": nil, "GET /assets/board.js": nil, "GET /assets/icon.svg": nil,
        "GET /matters": readers, "GET /matters/{type}/{number}": readers, "GET /deadlines": readers,
        "GET /alerts": readers, "GET /ledger": readers, "GET /articles": readers, "GET /system": readers,
        "GET /api/v1/stream": readers, "GET /audit": [.supervisor, .admin],
        "GET /": readers, "GET /metrics": readers, "GET /api/v1/status": readers,
        "GET /api/v1/matters/{type}/{number}": readers, "GET /openapi.yaml": readers,
        "GET /api/v1/matters": readers, "GET /api/v1/deadlines": readers, "GET /api/v1/alerts": readers,
        "GET /api/v1/rates": readers, "GET /api/v1/roster": readers, "GET /api/v1/articles": readers,
        "GET /api/v1/journal": [.supervisor, .admin],
        "GET /api/v1/silences": readers, "POST /api/v1/silences": [.supervisor, .admin],
        "DELETE /api/v1/silences/{id}": [.supervisor, .admin],
        "POST /actions/escalate": [.supervisor, .admin], "POST /actions/acknowledge": [.supervisor, .admin],
        "POST /actions/silence": [.supervisor, .admin], "POST /actions/silence/end": [.supervisor, .admin],
        "POST /actions/letter": [.supervisor, .admin],
        "POST /api/v1/matters/{type}/{number}/escalate": [.supervisor, .admin],
        "POST /api/v1/notifications/{key}/acknowledge": [.supervisor, .admin],
        "GET /api/v1/ledger": [.supervisor, .admin],
        "GET /api/v1/ledger/statement": [.supervisor, .admin],
        "GET /api/v1/dlq": [.supervisor, .admin], "GET /api/v1/dlq/{number}": [.supervisor, .admin],
        "POST /api/v1/dlq/{number}/retry": [.supervisor, .admin],
        "POST /api/v1/dlq/{number}/discard": [.supervisor, .admin],
        "GET /api/v1/repolicy": [.admin], "POST /api/v1/repolicy": [.admin],
        "POST /api/v1/events": [.producer, .admin], "POST /api/v1/replies": [.producer, .admin],
    ]
    private static let readers: Set<AccessRole> = [.viewer, .supervisor, .admin]

    /// Its answer has no end, so that those whom it is for are not asked here.
    private static let endless = "/api/v1/stream"

    private struct Route {
        let method: HTTPRequest.Method
        let name: String
        let path: String
        let roles: Set<AccessRole>?
    }

    private func routes(_ premises: Premises) throws -> [Route] {
        let all = premises.server.router().routes
        #expect(Set(all.map(\.description)) == Set(Self.paths.keys))
        #expect(all.count == Self.paths.count, "a path is there twice")
        return try all.map { route in
            let name = route.description
            let path = name.drop { $0 != "/" }.split(separator: "/", omittingEmptySubsequences: false)
                .map { $0.hasPrefix("{") ? "1" : $0 }.joined(separator: "/")
            let roles = try #require(Self.paths[name], "\(name) is in no list of who may ask for it")
            return Route(method: route.method, name: name, path: path, roles: roles)
        }
    }

    @Test func everyPathIsForItsRolesAndNoOther() async throws {
        let premises = try Premises()
        let routes = try routes(premises)
        try await premises.open { client in
            for route in routes {
                guard let roles = route.roles else { continue }
                let name = route.name
                for role in AccessRole.allCases {
                    guard !roles.contains(role) || route.path != Self.endless else { continue }
                    let token = Premises.tokens[role] ?? ""
                    let status = try await client.ask(
                        route.method,
                        route.path,
                        ["authorization": "Bearer " + token]
                    ).status
                    if roles.contains(role) {
                        #expect(![401, 403, 429].contains(status.code), "\(role) \(name): \(status)")
                        #expect(status.code != 500, "\(role) \(name): \(status)")
                    } else {
                        #expect(status == .forbidden, "\(role) \(name)")
                    }
                }
                for headers in [
                    [:], ["authorization": "Bearer nobody-knows-this-one"], ["cookie": "dutyclock=x"],
                ] {
                    let answer = try await client.ask(route.method, route.path, headers)
                    #expect(answer.status == .unauthorized, "\(headers) \(name)")
                    #expect(answer.headers[.wwwAuthenticate]?.hasPrefix("Bearer") == true)
                }
            }
        }
    }

    @Test func aPersonSeesItsOwnStatementAndNobodyElses() async throws {
        let premises = try Premises()
        try await premises.open { client throws in
            func ask(_ person: String, _ role: AccessRole) async throws -> Int {
                try await client.ask(
                    .get,
                    "/api/v1/ledger/statement?person=" + person,
                    ["authorization": "Bearer " + (Premises.tokens[role] ?? "")]
                ).status.code
            }
            #expect(try await ask("P-1", .viewer) == 200)
            #expect(try await ask("P-2", .viewer) == 403)
            #expect(try await ask("P-1", .producer) == 403)
            #expect(try await ask("P-2", .supervisor) == 200)
        }
    }

    @Test func aSessionReachesWhatItsTokenDoesAndChangesOnlyWithItsProof() async throws {
        let premises = try Premises()
        let routes = try routes(premises)
        try await premises.open { client in
            for role in Self.readers {
                let cookie = try await client.login(Premises.tokens[role] ?? "")
                let id = String(cookie.drop { $0 != "=" }.dropFirst())
                let proof = try #require(
                    premises.access.sessions.find(id, now: premises.clock.now())?.formProof
                )
                for route in routes where route.path != Self.endless {
                    guard let roles = route.roles else { continue }
                    let bare = try await client.ask(route.method, route.path, ["cookie": cookie]).status
                    let proven = try await client.ask(
                        route.method,
                        route.path,
                        ["cookie": cookie, "x-csrf-token": proof]
                    ).status
                    let isAllowed = roles.contains(role)
                    let name = "\(role) \(route.name)"
                    #expect((proven == .forbidden) == !isAllowed, "\(name): \(proven)")
                    #expect((bare == .forbidden) == (!isAllowed || !route.method.isSafe), "\(name): \(bare)")
                }
            }
        }
    }

    @Test func whatIsForEverybodyAsksNobody() async throws {
        let premises = try Premises()
        let routes = try routes(premises)
        try await premises.open { client in
            for route in routes where route.roles == nil && route.method == .get {
                let answer = try await client.ask(.get, route.path, ["accept": "text/html"])
                #expect(answer.headers[.wwwAuthenticate] == nil, "\(route.name)")
                #expect(answer.headers[.location]?.hasPrefix("/login") != true, "\(route.name)")
            }
        }
    }

    @Test func everyPageHasAPolicyWithoutInlineCode() async throws {
        let premises = try Premises(isOpen: true)
        let routes = try routes(premises)
        try await premises.open { client in
            for route in routes where route.method == .get && route.path != Self.endless {
                let answer = try await client.ask(.get, route.path, ["accept": "text/html"])
                guard answer.status.code < 500 else { continue }
                let headers = answer.headers
                #expect(
                    headers[try #require(.init("x-content-type-options"))] == "nosniff",
                    "\(route.name)"
                )
                guard headers[.contentType]?.hasPrefix("text/html") == true else { continue }
                let policy = try #require(headers[.contentSecurityPolicy], "\(route.name)")
                #expect(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"))
                #expect(!policy.contains("unsafe"))
                let page = String(buffer: answer.body)
                for inline in ["<script>", "<style", " style=", " onclick=", "javascript:"] {
                    #expect(!page.contains(inline), "\(route.name) has \(inline)")
                }
            }
        }
    }

    /// A page of another site reaches this machine under a name that its owner lets point here.
    @Test(arguments: [
        ("localhost", true), ("localhost:8080", true), ("127.0.0.1:8080", true), ("127.8.7.6", true),
        ("[::1]:8080", true), ("duty.example.org", true), ("evil.example:8080", false),
        ("127.0.0.1.evil.example", false), ("localhost.evil.example", false), ("10.0.0.1:8080", false),
    ])
    func whereNobodyIsAskedOnlyOwnNamesAreAnswered(_ authority: String, _ isOwn: Bool) async throws {
        let access = Access(
            isOpen: true,
            tokens: [],
            clock: ManualClock(Sample.noon),
            publicURL: "https://duty.example.org"
        )
        let request = Request(
            head: HTTPRequest(method: .get, scheme: "http", authority: authority, path: "/"),
            body: RequestBody(buffer: ByteBuffer())
        )
        switch await access.verdict(request, .changePolicy, caller: "x") {
        case .granted(let principal): #expect(isOwn && principal.way == .open)
        case .foreignName: #expect(!isOwn)
        case let other: Issue.record("\(other)")
        }
    }

    @Test func whereNobodyIsAskedAForeignPageIsTurnedAway() async throws {
        let premises = try Premises(isOpen: true, publicURL: "https://duty.example.org")
        try await premises.open { client throws in
            func post(_ headers: [String: String]) async throws -> Int {
                try await client.ask(.post, "/api/v1/dlq/1/retry", headers).status.code
            }
            #expect(try await post(["origin": "https://evil.example"]) == 403)
            #expect(try await post(["sec-fetch-site": "cross-site"]) == 403)
            // 404: it came through, and there is no such letter.
            #expect(try await post(["origin": "https://duty.example.org"]) == 404)
            #expect(try await post(["origin": "http://localhost"]) == 404)
            #expect(try await post([:]) == 404)
        }
    }
}
