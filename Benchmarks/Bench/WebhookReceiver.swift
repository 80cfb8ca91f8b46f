import HTTPTypes
import Hummingbird
import Logging
import Synchronization

/// Takes web hooks on the loopback interface and notes when each was there whole.
final class WebhookReceiver: Sendable {
    /// A web hook by the key of its notification.
    struct Arrival: Sendable {
        let key: String
        let at: ContinuousClock.Instant
    }

    private let arrived = Mutex<[Arrival]>([])
    private let besides = Atomic<Int>(0)

    var arrivals: [Arrival] { arrived.withLock { $0 } }

    /// How many came on the second web hook, answered or not.
    var beside: Int { besides.load(ordering: .relaxed) }

    /// Listens on a free port while `body` runs, which is given the address.
    func listen(_ body: (_ url: String) async throws -> Void) async throws {
        let (ports, listening) = AsyncStream<Int>.makeStream()
        var logger = Logger(label: "receiver")
        // The end of `body` cancels it, which it would report as an error.
        logger.logLevel = .critical
        let application = Application(
            router: router(),
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in listening.yield(channel.localAddress?.port ?? 0) },
            logger: logger
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { listening.finish() }
                try await application.run()
            }
            for await port in ports {
                try await body("http://127.0.0.1:\(port)/hook")
                return group.cancelAll()
            }
            // It ended without ever listening, and says why.
            try await group.waitForAll()
        }
    }

    private func router() -> Router<BasicRequestContext> {
        let router = Router()
        router.post("/hook") { request, _ -> HTTPResponse.Status in
            _ = try await request.body.collect(upTo: 1 << 16)
            guard let name = HTTPField.Name("webhook-id"), let key = request.headers[name] else {
                return .badRequest
            }
            self.arrived.withLock { $0.append(Arrival(key: key, at: .now)) }
            return .noContent
        }
        router.post("/hook/side") { request, _ -> HTTPResponse.Status in
            self.besides.add(1, ordering: .relaxed)
            _ = try await request.body.collect(upTo: 1 << 16)
            return .noContent
        }
        router.post("/hook/hang") { _, _ -> HTTPResponse.Status in
            self.besides.add(1, ordering: .relaxed)
            try await Task.sleep(for: .seconds(60))
            return .noContent
        }
        return router
    }
}
