import Duty
import Foundation
import Testing

@testable import DutyConfig

/// `http.tls`, `http.oidc` and `http.session`.
@Suite struct AccessKeysTests {
    private static let issuer = "issuer: https://login.example.org/realms/park, audience: dutyclock"

    /// The `http` section begins in line 13.
    private func folder(_ http: String) -> TestFolder {
        let folder = TestFolder()
        folder.alter("dutyclock.yaml", "listen: 127.0.0.1:8080, open: true", http)
        folder.write("cert.pem", "certificate\n")
        folder.write("key.pem", "key\n")
        folder.write("client.secret", "of-the-client\n")
        folder.write("tokens.yaml", "tokens: []\n")
        return folder
    }

    private func said(_ folder: borrowing TestFolder) -> [String] {
        folder.load([:]).problems.map {
            $0.description.replacingOccurrences(of: folder.path + "/", with: "")
        }
    }

    @Test func theSectionsAreRead() throws {
        let folder = folder(
            """
            publicURL: https://duty.example.org, tls: { certificate: cert.pem, key: { file: key.pem } }, \
            oidc: { \(Self.issuer), clientId: board, clientSecret: { file: client.secret }, \
            roleClaim: realm_access.roles, roles: { park-admin: admin, all: viewer }, discipline: [inspectors], \
            personClaim: staff }, session: { idle: 10m, absolute: 8h }
            """
        )
        let loaded = folder.load([:])
        #expect(loaded.problems == [])
        let http = try #require(loaded.value).http
        #expect(http.tls?.certificate == "certificate\n")
        #expect(http.tls?.key.reveal() == "key")
        #expect(http.tls?.line == 13)
        let issuer = try #require(http.issuer)
        #expect(
            issuer.issuer == "https://login.example.org/realms/park" && issuer.audience == "dutyclock"
        )
        #expect(
            issuer.roles == ["park-admin": .admin, "all": .viewer]
                && issuer.roleClaim == "realm_access.roles"
        )
        #expect(issuer.clientID == "board" && issuer.clientSecret?.reveal() == "of-the-client")
        #expect(issuer.discipline == ["inspectors"] && issuer.personClaim == "staff")
        #expect(http.session.idle == .minutes(10) && http.session.absolute == .hours(8))
        var dumped = ""
        dump(http, to: &dumped)
        #expect(!dumped.contains("of-the-client"))
    }

    @Test func withoutThemThereIsNeitherTLSNorAnIssuer() throws {
        let folder = folder("listen: 127.0.0.1:8080")
        let loaded = folder.load([:])
        #expect(loaded.problems == [])
        let http = try #require(loaded.value).http
        #expect(http.tls == nil && http.issuer == nil)
        #expect(http.session.idle == .minutes(30) && http.session.absolute == .hours(12))
    }

    @Test func theEnvironmentReplacesTheirValues() throws {
        let folder = folder("oidc: { \(Self.issuer), roles: { a: viewer } }")
        let loaded = folder.load([
            "DUTYCLOCK_HTTP_OIDC_AUDIENCE": "other", "DUTYCLOCK_HTTP_SESSION_IDLE": "5m",
        ])
        #expect(loaded.problems == [])
        #expect(loaded.value?.http.issuer?.audience == "other")
        #expect(loaded.value?.http.session.idle == .minutes(5))
    }

    @Test(arguments: [
        ("tls: { certificate: cert.pem }", ["http.tls: \"key\" is missing"]),
        ("tls: { key: { file: key.pem } }", ["http.tls: \"certificate\" is missing"]),
        (
            "tls: { certificate: gone.pem, key: { file: key.pem } }",
            ["http.tls.certificate: gone.pem does not exist"]
        ),
        (
            "tls: { certificate: cert.pem, key: key.pem }",
            [
                "http.tls.key: a secret must not stand in the file; write {file: PATH}, {env: NAME} or "
                    + "{credential: NAME}"
            ]
        ),
        (
            "oidc: { issuer: https://x.example, roles: { a: viewer } }",
            ["http.oidc: \"audience\" is missing"]
        ),
        ("oidc: { \(issuer) }", ["http.oidc: \"roles\" is missing"]),
        (
            "oidc: { \(issuer), roles: {} }",
            ["http.oidc.roles: names no value of the claim, so that nobody could come in"]
        ),
        (
            "oidc: { \(issuer), roles: { a: boss } }",
            ["http.oidc.roles.a: must be one of viewer, supervisor, admin, producer, is \"boss\""]
        ),
        (
            "oidc: { issuer: http://login.example.org, audience: d, roles: { a: viewer } }",
            ["http.oidc.issuer: must start with https:// unless it is on a loopback address"]
        ),
        (
            "oidc: { issuer: \"https://x.example/?a\", audience: d, roles: { a: viewer } }",
            ["http.oidc.issuer: must have neither a query nor a fragment"]
        ),
        (
            "oidc: { \(issuer), roles: { a: viewer }, clientId: board }",
            ["http.oidc.clientId: needs http.publicURL, where the issuer sends browsers back to"]
        ),
        (
            "oidc: { \(issuer), roles: { a: viewer }, clientSecret: { file: client.secret } }",
            ["http.oidc.clientSecret: has no effect without clientId"]
        ),
        (
            "oidc: { \(issuer), roles: { a: viewer }, audiense: x }",
            ["http.oidc.audiense: unknown key; did you mean \"audience\"?"]
        ),
        ("session: { idle: 30s }", ["http.session.idle: must be 1m to 30d"]),
        (
            "session: { idle: 2h, absolute: 1h }",
            ["http.session.absolute: must not be shorter than idle"]
        ),
        (
            "open: true, oidc: { \(issuer), roles: { a: viewer } }",
            ["http.oidc: has no effect while http.open is true"]
        ),
    ])
    func aMistakeIsSaidWithItsPlace(_ http: String, _ expected: [String]) {
        #expect(said(folder(http)) == expected.map { "dutyclock.yaml:13: " + $0 })
    }
}
