import Duty
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@testable import Console

/// What no route takes, and what only asks whether something is there.
@Suite struct UnknownPathTests {
    private static let admin = ["authorization": "Bearer " + (Premises.tokens[.admin] ?? "")]

    @Test(arguments: [
        "/nosuch", "/api/v1/nosuch", "/api/v1/matters/complaint", "/a/", "/matters/complaint/1/2",
    ])
    func aPathThatIsNotThereSaysSo(_ path: String) async throws {
        try await Premises().open { client throws in
            let answer = try await client.ask(.get, path, Self.admin)
            #expect(answer.status == .notFound)
            #expect(answer.headers[.contentType]?.hasPrefix("application/json") == true)
            #expect(String(buffer: answer.body).contains("\"notFound\""))
        }
    }

    @Test func aBrowserIsAnsweredInWords() async throws {
        try await Premises().open { client throws in
            for (language, heading) in [("zh-CN", "没有这个页面"), ("en", "No such page")] {
                let answer = try await client.ask(
                    .get,
                    "/nosuch/<b>",
                    ["accept": "text/html", "accept-language": language]
                )
                #expect(answer.status == .notFound)
                let body = String(buffer: answer.body)
                #expect(body.contains("<h1>" + heading + "</h1>") && !body.contains("nosuch"))
                let policy = try #require(HTTPField.Name("content-security-policy"))
                #expect(answer.headers[policy] != nil)
            }
        }
    }

    @Test(arguments: [
        ("/healthz", "GET, HEAD"), ("/api/v1/events", "POST"),
        ("/api/v1/matters/complaint/CP-1", "GET, HEAD"),
        ("/api/v1/silences", "GET, HEAD, POST"), ("/", "GET, HEAD"),
    ])
    func aMethodThatAPathDoesNotHaveIsNotCalledAMissingPath(_ path: String, _ allowed: String) async throws {
        try await Premises().open { client throws in
            let answer = try await client.ask(.put, path, Self.admin)
            #expect(answer.status == .methodNotAllowed)
            #expect(answer.headers[.allow] == allowed)
            #expect(String(buffer: answer.body).contains("\"methodNotAllowed\""))
        }
    }

    @Test(arguments: ["/healthz", "/readyz", "/openapi.yaml", "/", "/api/v1/status"])
    func whatCanBeReadCanBeAskedFor(_ path: String) async throws {
        try await Premises().open { client throws in
            let whole = try await client.ask(.get, path, Self.admin)
            let head = try await client.ask(.head, path, Self.admin)
            #expect(head.status == whole.status)
            #expect(head.headers[.contentType] == whole.headers[.contentType])
            #expect(head.body.readableBytes == 0)
        }
    }

    @Test func askingWhetherSomethingIsThereNeedsTheSameRole() async throws {
        try await Premises().open { client throws in
            let producer = ["authorization": "Bearer " + (Premises.tokens[.producer] ?? "")]
            let unknown = try await client.ask(.head, "/api/v1/status")
            let other = try await client.ask(.head, "/api/v1/status", producer)
            #expect(unknown.status == .unauthorized)
            #expect(other.status == .forbidden)
        }
    }

    @Test func everyPageSaysThatTheConfigurationWasRefused() async throws {
        let premises = try Premises()
        let health = premises.server.backend.health
        let place = "dutyclock.yaml:22: locale: "
        let refusal = Wording(place + "语言只有 zh-CN 和 en", place + "must be one of zh-CN, en")
        health.configurationWasRefused([refusal])
        try await premises.open { client throws in
            func page(_ path: String, _ role: AccessRole, in language: String = "en") async throws -> String {
                let token = "Bearer " + (Premises.tokens[role] ?? "")
                let answer = try await client.ask(
                    .get,
                    path,
                    ["authorization": token, "accept-language": language]
                )
                return String(buffer: answer.body)
            }
            let home = try await page("/", .viewer)
            let system = try await page("/system", .supervisor)
            let plain = try await page("/system", .viewer)
            #expect(home.contains("was not taken"))
            #expect(system.contains("dutyclock.yaml:22") && system.contains("must be one of"))
            let chinese = try await page("/system", .supervisor, in: "zh-CN")
            #expect(chinese.contains("语言只有 zh-CN 和 en") && !chinese.contains("must be one of"))
            #expect(!plain.contains("dutyclock.yaml:22"))
            health.configurationWasRefused([])
            let after = try await page("/", .viewer)
            #expect(!after.contains("was not taken"))
        }
    }
}
