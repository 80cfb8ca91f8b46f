import Duty
import Testing

@testable import Delivery

@Suite(.timeLimit(.minutes(1))) struct ThroughputTests {
    @Test func tenThousandWebhooks() async throws {
        let receiver = try Receiver { _, _ in .answer(200, body: "") }
        defer { receiver.stop() }
        let client = OutboundHTTP()
        let signer = try #require(WebhookSigner(secret: "secret"))
        let clock = SystemClock()
        let channel = WebhookChannel(
            name: "hook",
            url: receiver.url,
            source: "/dutyclock",
            signer: signer,
            client: client,
            now: clock.now
        )
        let count = 10_000
        let outbox = CountingOutbox((0..<count).map { sample("k\($0)", values: ["enterpriseName": "某某精密"]) })
        let dispatcher = Dispatcher(
            outbox: outbox,
            channels: ["hook": channel],
            routing: [.personal: ["hook"]],
            addresses: { _, _ in nil },
            renderer: MessageRenderer(directory: templates("zh-CN")),
            clock: clock,
            policy: DispatchPolicy(),
            observer: Listener(),
            shadow: false
        )
        let started = ContinuousClock.now
        dispatcher.poke()
        let task = Task { await dispatcher.run() }
        try await eventually { await outbox.sent == count }
        let elapsed = started.duration(to: .now)
        task.cancel()
        await task.value
        await client.shutdown()
        #expect(receiver.requests.count == count)
        #expect(Set(receiver.requests.compactMap { $0.headers["webhook-id"] }).count == count)
        print("webhook notifications: \(count) in \(elapsed)")
    }
}

/// An outbox that costs next to nothing.
private actor CountingOutbox: Outbox {
    private var waiting: ArraySlice<Duty.Notification>
    private(set) var sent = 0

    init(_ waiting: [Duty.Notification]) { self.waiting = waiting[...] }

    func take(
        limit: Int,
        now: Instant,
        excluding: Set<String>,
        passingOver: [MessageClass: Int]
    ) -> [OutboxItem] {
        let taken = waiting.prefix(limit)
        waiting = waiting.dropFirst(limit)
        return taken.map { OutboxItem(notification: $0, state: .pending, attempts: []) }
    }
    func begin(_ starts: [AttemptStart]) {}
    func finish(_ ends: [AttemptEnd]) { sent += ends.count { $0.state == .sent } }
    func nextDue(after now: Instant) -> Instant? { nil }
    func attempts(since moment: Instant) -> [PastAttempt] { [] }
}
