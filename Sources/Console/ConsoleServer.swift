import Duty
import Engine
import Hummingbird
import HummingbirdTLS
import Logging
import Storage
import Telemetry

/// What the HTTP interface may ask of the daemon.
///
/// It reads the store and changes nothing but through these.
package struct ConsoleBackend: Sendable {
    package let store: any Store & BoardStore
    package let engine: Engine
    package let gateway: EventGateway
    package let outcomes: OutcomePublisher
    package let health: Health
    package let metrics: DutyclockMetrics
    package let clock: any WallClock
    package let intakeTopic: String
    package let document: String
    /// Says that something was committed.
    package let pulse: LivePulse

    package init(
        store: any Store & BoardStore,
        engine: Engine,
        gateway: EventGateway,
        outcomes: OutcomePublisher,
        health: Health,
        metrics: DutyclockMetrics,
        clock: any WallClock,
        intakeTopic: String,
        document: String,
        pulse: LivePulse
    ) {
        self.store = store
        self.engine = engine
        self.gateway = gateway
        self.outcomes = outcomes
        self.health = health
        self.metrics = metrics
        self.clock = clock
        self.intakeTopic = intakeTopic
        self.document = document
        self.pulse = pulse
    }
}

/// The HTTP side: health, metrics and the API.
package struct ConsoleServer: Sendable {
    let backend: ConsoleBackend
    let access: Access
    let desk: AnswerDesk
    let answers: AnswerRoutes?
    let board: BoardRoutes
    let login: LoginRoutes
    let tls: TLSIdentity?

    /// Makes a server that does not listen yet; health is open to everybody, the rest as `access` says, and
    /// a link to whoever has it.
    ///
    /// - Throws: what is wrong with a page's template.
    package init(
        backend: ConsoleBackend,
        access: Access,
        desk: AnswerDesk,
        tls: TLSIdentity? = nil
    ) throws {
        self.backend = backend
        self.access = access
        self.desk = desk
        board = try BoardRoutes(backend: backend, desk: desk)
        self.tls = tls
        login = try LoginRoutes(access: access, log: desk.log, language: desk.language)
        answers = try desk.links.map { try AnswerRoutes(desk: desk, links: $0) }
    }

    /// Serves until the task is cancelled.
    ///
    /// With `onReady`: told the port once it listens.
    package func run(
        host: String,
        port: Int,
        logger: Logger,
        onReady: @escaping @Sendable (Int) async -> Void = { _ in }
    ) async throws {
        let application = Application(
            router: router(),
            server: try tls.map { try .tls(tlsConfiguration: $0.configuration) } ?? .http1(),
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: port),
                serverName: "dutyclock"
            ),
            onServerRunning: { channel in await onReady(channel.localAddress?.port ?? port) },
            logger: logger
        )
        try await application.run()
    }

    func router() -> Router<ConsoleContext> {
        // What watches over services asks by HEAD.
        let router = Router(context: ConsoleContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: PageHeaders(isSecure: access.isSecure))
        router.get("/healthz") { _, _ in Self.json(.ok, ["status": "alive"]) }
        router.get("/readyz") { _, _ in await readiness() }
        guarded(router, .read)
            .get("/metrics") { request, _ in await metricsPage(request) }
            .get("/api/v1/matters/{type}/{number}") { _, context in try await matter(context) }
            .get("/api/v1/status") { _, _ in try await status() }
            .get("/api/v1/ledger/statement") { request, context in
                try await ownStatement(request, context)
            }
        guarded(router, .readLedger)
            .get("/api/v1/ledger") { request, _ in try await ledger(request) }
        guarded(router, .writeEvents)
            .post("/api/v1/events") { request, _ in try await acceptEvents(request) }
            .post("/api/v1/replies") { request, _ in try await acceptReplies(request) }
        board.addAssets(router)
        board.add(reading: guarded(router, .read), ledger: guarded(router, .readLedger))
        board.addActions(guarded(router, .act), supervisor)
        APIRoutes(reader: board.reader)
            .add(reading: guarded(router, .read), ledger: guarded(router, .readLedger))
        addDeadLetters(router)
        addRepolicy(router)
        login.add(to: router)
        addSupervision(router)
        answers?.add(to: router)
        router.add(middleware: UnknownPath(routes: router.routes, language: desk.language))
        return router
    }

    /// The paths added to the result are for those who have the permission.
    func guarded(
        _ router: Router<ConsoleContext>,
        _ permission: Permission
    ) -> RouterGroup<ConsoleContext> {
        router.group().add(
            middleware: AccessMiddleware(access: access, permission: permission, language: desk.language)
        )
    }

    // MARK: Health

    /// Why it does not do all of its work; empty if it does.
    private func problems() async -> [Wording] {
        let now = backend.clock.now()
        do {
            let next = try await backend.store.nextWakeUp()
            return backend.health.problems(overdueSince: next.flatMap { $0 < now ? $0 : nil }, now: now)
        } catch {
            return [Health.storeIsUnreadable]
        }
    }

    private func readiness() async -> Response {
        let problems = await problems()
        let body: Value = .object([
            Value.Member("ready", .bool(problems.isEmpty)),
            Value.Member("problems", .array(problems.map { .string($0.english) })),
            Value.Member("shadow", .bool(backend.health.isShadow)),
        ])
        return Self.json(problems.isEmpty ? .ok : .serviceUnavailable, body)
    }

    private func metricsPage(_ request: Request) async -> Response {
        let format = ExpositionFormat(accept: request.headers[.accept])
        let page = await backend.metrics.registry.scrape(format)
        return Response(
            status: .ok,
            headers: [.contentType: format.contentType],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: page))
        )
    }

    private func status() async throws -> Response {
        let now = backend.clock.now()
        let figures = try await backend.store.statistics(now: now)
        let policy = desk.rules.book.current
        let clocks = figures.supervision.clock(Set(policy.rules.filter(\.isClock).map(\.id)))
        let problems = await problems()
        return Self.json(
            .ok,
            .object([
                Value.Member("now", .string(now.rfc3339)),
                Value.Member("document", .string(backend.document)),
                Value.Member("policyVersion", .string(policy.version)),
                Value.Member("ready", .bool(problems.isEmpty)),
                Value.Member("problems", .array(problems.map { .string($0.english) })),
                Value.Member("problemTexts", .array(problems.map(\.value))),
                Value.Member("shadow", .bool(backend.health.isShadow)),
                Value.Member("facts", .integer(figures.facts)),
                Value.Member("openMatters", .integer(figures.openMatters)),
                Value.Member("runningClocks", .integer(clocks.open)),
                Value.Member("overdueClocks", .integer(clocks.overdue)),
                Value.Member("overdueWakeUps", .integer(figures.overdueWakeUps)),
                Value.Member("pendingNotifications", .integer(figures.pendingNotifications)),
                Value.Member("deadLetters", .integer(figures.newDeadLetters)),
                Value.Member("journalRecords", .integer(figures.journalRecords)),
                Value.Member(
                    "ages",
                    APIRoutes.ages(try await backend.store.waiting(), on: CivilDate(now))
                ),
            ])
        )
    }

    // MARK: Answers

    static func json(_ status: HTTPResponse.Status, _ value: Value) -> Response {
        Response(
            status: status,
            headers: [.contentType: "application/json; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: JSONWriter.encode(value) + [0x0A]))
        )
    }

    /// Says of a body that it cannot be read within so many bytes.
    static func tooLarge(_ limit: Int) -> Response {
        problem(.contentTooLarge, "tooLarge", "the body is larger than \(limit) bytes")
    }

    static func problem(_ status: HTTPResponse.Status, _ code: String, _ detail: String) -> Response {
        json(
            status,
            .object([Value.Member("error", .string(code)), Value.Member("detail", .string(detail))])
        )
    }
}
