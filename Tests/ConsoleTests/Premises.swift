import Crypto
import Duty
import DutyConfig
import Engine
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Kafka
import Storage
import Telemetry
import Testing

@testable import Console

/// A whole HTTP side on a clock moved by hand, with a store and a broker of its own.
final class Premises: Sendable {
    /// Of each role, one token.
    static let tokens = Dictionary(
        uniqueKeysWithValues: AccessRole.allCases.map { ($0, "\($0.rawValue)-token-0123456789") }
    )

    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
        "console-" + UUID().uuidString
    )
    let clock = ManualClock(Sample.noon)
    let access: Access
    let server: ConsoleServer
    let store: SQLiteStore
    private let producer: KafkaProducer
    private let broker: EmbeddedBroker

    /// Whose work matters of discipline are, and who otherwise only looks.
    static let disciplineToken = "discipline-token-0123456789"
    /// How people are called here.
    static let names: [PersonRef: String] = ["P-1032": "司徒静澜"]

    static var known: [Access.Token] {
        AccessRole.allCases.map { role in
            Access.Token(
                tokens[role] ?? "",
                Principal(name: role.rawValue, person: role == .viewer ? "P-1" : nil, role: role)
            )
        } + [
            Access.Token(
                disciplineToken,
                Principal(name: "discipline", role: .viewer, isDiscipline: true)
            )
        ]
    }

    init(isOpen: Bool = false, publicURL: String? = nil, hasTLS: Bool = false) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        store = try SQLiteStore(path: folder.path + "/store.db")
        broker = try EmbeddedBroker()
        try broker.createTopic("park.events", partitions: 1)
        producer = try KafkaProducer(properties: ["bootstrap.servers": broker.bootstrapServers])
        let log = LogWriter(
            identity: ServiceIdentity(name: "test", version: "0"),
            format: .json,
            level: .fatal
        )
        let metrics = DutyclockMetrics()
        let book = try Self.book()
        let rules = RulesInForce(book)
        let gateway = EventGateway(producer: producer, topic: "park.events", clock: clock)
        access = Access(
            isOpen: isOpen,
            tokens: isOpen ? [] : Self.known,
            clock: clock,
            publicURL: publicURL,
            hasTLS: hasTLS
        )
        server = try ConsoleServer(
            backend: ConsoleBackend(
                store: store,
                engine: Engine(
                    store: store,
                    book: book,
                    clock: clock,
                    metrics: metrics,
                    observer: Nobody()
                ),
                gateway: gateway,
                outcomes: OutcomePublisher(
                    store: store,
                    producer: producer,
                    letterProducer: producer,
                    outcomesTopic: "park.outcomes",
                    deadLetterTopic: "park.dlq",
                    source: "/dutyclock",
                    rules: rules,
                    log: log
                ),
                health: Health(),
                metrics: metrics,
                clock: clock,
                intakeTopic: "park.events",
                document: "test",
                pulse: LivePulse()
            ),
            access: access,
            desk: AnswerDesk(
                store: store,
                publish: { events throws(EventGateway.Refusal) in try await gateway.publish(events) },
                clock: clock,
                rules: rules,
                metrics: metrics,
                log: log,
                name: { Self.names[$0] },
                owner: { _ in nil },
                links: AnswerLinks(
                    publicURL: publicURL ?? "https://duty.example.org",
                    signer: LinkSigner(secret: Array(repeating: 7, count: 32)),
                    expiry: .days(7)
                ),
                isEnglish: false
            )
        )
    }

    private struct Nobody: CommitObserver {
        func committed(_ records: [JournalRecord]) {}
        func notificationsQueued() {}
        func deadLettersQueued() {}
    }

    private static func book() throws -> RuleBook {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent()
            .deletingLastPathComponent().path
        return RuleBook(
            current: try #require(
                PolicyFile.load(path: root + "/config/policy/hengyang-2023-4.yaml").partial
            ).policy,
            calendar: try #require(CalendarFile.load(path: root + "/config/calendars/cn.yaml").partial),
            directory: Directory(standing: [:], absences: [:])
        )
    }

    /// Asks without a network; `live` with one.
    func open(
        live: Bool = false,
        _ body: @escaping @Sendable (any TestClientProtocol) async throws -> Void
    ) async throws {
        let result: Result<Void, any Error>
        do {
            result = .success(
                try await Application(router: server.router()).test(live ? .live : .router) {
                    try await body($0)
                }
            )
        } catch {
            result = .failure(error)
        }
        await producer.close()
        broker.close()
        try await store.close()
        try? FileManager.default.removeItem(at: folder)
        try result.get()
    }
}

extension TestClientProtocol {
    func ask(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ headers: [String: String] = [:],
        body: String? = nil
    ) async throws -> TestResponse {
        var fields = HTTPFields()
        for (name, value) in headers { fields[try #require(HTTPField.Name(name))] = value }
        return try await execute(
            uri: path,
            method: method,
            headers: fields,
            body: body.map { ByteBuffer(string: $0) }
        ) { $0 }
    }

    /// The `Cookie` header of a browser that logs in with a token.
    func login(_ token: String, _ headers: [String: String] = [:]) async throws -> String {
        let answer = try await ask(.post, "/login", headers, body: "token=\(token)&next=/")
        let cookie = try #require(answer.headers[.setCookie], "\(answer.status)")
        return String(cookie.prefix { $0 != ";" })
    }
}
