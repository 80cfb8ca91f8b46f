import Duty
import DutyConfig
import Engine
import Foundation
import Hummingbird
import HummingbirdTesting
import Storage
import Synchronization
import Telemetry
import Testing

@testable import Console

/// The pages behind a link, without a network: one complaint, one warning, one person.
@Suite struct AnswerRoutesTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
        "answers-" + UUID().uuidString
    )
    private let signer = LinkSigner(secret: Array(repeating: 7, count: 32))
    private let published = Published()

    final class Published: Sendable {
        let events = Mutex<[CloudEvent]>([])
        let isAway = Mutex(false)

        func take(_ new: [CloudEvent]) throws(EventGateway.Refusal) {
            if isAway.withLock({ $0 }) { throw .unavailable("no broker") }
            events.withLock { $0 += new }
        }
    }

    /// The shipped file below `config/`.
    private static func shipped(_ name: String) throws -> String {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return try String(contentsOf: root.appendingPathComponent("config/" + name), encoding: .utf8)
    }

    private func desk(_ store: SQLiteStore, names: [PersonRef: String]) throws -> AnswerDesk {
        let policy = PolicyFile.load(
            text: try Self.shipped("policy/hengyang-2023-4.yaml"),
            fileName: "policy.yaml"
        )
        let calendar = CalendarFile.load(text: try Self.shipped("calendars/cn.yaml"), fileName: "cn.yaml")
        let published = published
        return AnswerDesk(
            store: store,
            publish: { events throws(EventGateway.Refusal) in try published.take(events) },
            clock: ManualClock(Sample.noon),
            rules: RulesInForce(
                RuleBook(
                    current: try #require(policy.value).policy,
                    calendar: try #require(calendar.value),
                    directory: Directory(standing: [:], absences: [:])
                )
            ),
            metrics: DutyclockMetrics(),
            log: LogWriter(
                identity: ServiceIdentity(name: "test", version: "0"),
                format: .json,
                level: .fatal
            ),
            name: { names[$0] },
            owner: { _ in nil },
            links: AnswerLinks(publicURL: "https://duty.example.org", signer: signer, expiry: .days(7)),
            isEnglish: false
        )
    }

    private func withPages(
        names: [PersonRef: String] = ["P-1032": "司徒静澜"],
        _ body: @Sendable (any TestClientProtocol, _ path: String) async throws -> Void
    ) async throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let store = try SQLiteStore(path: folder.path + "/store.db")
        let told = Sample.notification()
        var commit = Commit()
        commit.matters = [
            StoredMatter(
                id: Sample.matter,
                version: 1,
                enterprise: "E-000451",
                policyVersion: "1",
                isOpen: true
            )
        ]
        commit.notifications = [told]
        _ = try await store.commit(commit)
        let desk = try desk(store, names: names)
        let router = Router(context: ConsoleContext.self)
        try AnswerRoutes(desk: desk, links: try #require(desk.links)).add(to: router)
        let link = try #require(desk.links?.link(for: told))
        let path = String(link.dropFirst("https://duty.example.org".count))
        try await Application(router: router).test(.router) { client in try await body(client, path) }
        try await store.close()
    }

    private func form(_ path: String, _ more: String = "do=acknowledge") -> ByteBuffer {
        ByteBuffer(string: "proof=\(signer.formProof(path.dropFirst("/a/".count)))&\(more)")
    }

    @Test func lookingDoesNothingAndAFormDoes() async throws {
        try await withPages { client, path in
            for method in [HTTPRequest.Method.get, .head] {
                try await client.execute(uri: path, method: method) { #expect($0.status == .ok) }
            }
            #expect(published.events.withLock { $0.isEmpty })
            try await client.execute(uri: path, method: .post, body: form(path)) { response in
                #expect(response.status == .seeOther)
                #expect(response.headers[.location] == "?done=acknowledge&lang=zh-CN")
            }
            let event = try #require(published.events.withLock { $0.first })
            #expect(event.attributes["type"] == "park.notification.acknowledged.v1")
            #expect(event.data["via"]?.string == "web" && event.data["personRef"]?.string == "P-1032")
            try await client.execute(uri: path + "?done=acknowledge", method: .get) { response in
                let page = String(buffer: response.body)
                #expect(page.contains("已提交,等待计入") && page.contains("http-equiv=\"refresh\""))
            }
        }
    }

    @Test func whatIsNotOursProducesNothing() async throws {
        try await withPages { client, path in
            let forged = String(path.dropLast(9))
            try await client.execute(uri: forged, method: .post, body: form(path)) {
                #expect($0.status == .forbidden)
            }
            for body in [ByteBuffer(string: "do=acknowledge"), form(path, "do=everything"), form("/a/other")]
            {
                try await client.execute(uri: path, method: .post, body: body) {
                    #expect($0.status == .forbidden)
                }
            }
            let elsewhere: HTTPFields = [.origin: "https://elsewhere.example.org"]
            try await client.execute(uri: path, method: .post, headers: elsewhere, body: form(path)) {
                #expect($0.status == .forbidden)
            }
            #expect(published.events.withLock { $0.isEmpty })
        }
    }

    @Test func anExpiredOrForeignLinkAndAPersonWhoLeftAreSaid() async throws {
        try await withPages { client, _ in
            for (token, word) in [
                (
                    AnswerToken(person: "P-1032", notification: "k", expires: Sample.noon),
                    "链接已过期"
                ),
                (
                    AnswerToken(
                        person: "P-1032",
                        notification: "A22.response|complaint/CP-9|1|open|P-1032",
                        expires: Sample.noon + .days(1)
                    ),
                    "提醒已不存在"
                ),
                (
                    AnswerToken(person: "P-9", notification: "k", expires: Sample.noon + .days(1)),
                    "链接已停用"
                ),
            ] {
                let path = "/a/" + (try #require(signer.sign(token)))
                try await client.execute(uri: path, method: .get) { response in
                    #expect(response.status == .gone && String(buffer: response.body).contains(word))
                }
            }
        }
    }

    @Test func aBrokerThatIsAwayIsSaidAndNothingIsLost() async throws {
        try await withPages { client, path in
            published.isAway.withLock { $0 = true }
            try await client.execute(uri: path, method: .post, body: form(path)) { response in
                #expect(response.status == .serviceUnavailable)
                #expect(String(buffer: response.body).contains("请稍后再试"))
            }
            published.isAway.withLock { $0 = false }
            try await client.execute(uri: path, method: .post, body: form(path)) {
                #expect($0.status == .seeOther)
            }
        }
    }
}
