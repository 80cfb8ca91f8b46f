import Duty
import Foundation
import Storage

/// The way out alone: what waits in the store, through the program as it is shipped, to a receiver on loopback.
///
/// Intents are on disk before the first byte, outcomes afterwards; the receiver shares this process.
struct DispatchPhase {
    private static let count = 10_000

    let bench: Workbench

    func run() async throws {
        try await throughput()
        try await HangingChannelPhase(bench: bench).run()
    }

    /// From the first web hook to the last, of messages that were all there from the start.
    private func throughput() async throws {
        let broker = try BenchBroker(bench.bootstrap)
        defer { broker.close() }
        let installation = LatencyInstallation(
            servers: broker.servers,
            name: "bench.dispatch.\(getpid())",
            store: "dispatch.db"
        )
        try await broker.create(installation.intake, installation.outcomes, installation.deadLetters)
        try await Self.backlog.fill(bench.path("dispatch.db"), count: Self.count)
        let receiver = WebhookReceiver()
        try await receiver.listen { url in
            let program = try installation.start(bench, hook: url)
            let ends = ContinuousClock.now + .seconds(60)
            while Self.ours(receiver).count < Self.count, ContinuousClock.now < ends {
                try await Task.sleep(for: .milliseconds(50))
            }
            // The last outcomes are on disk when it has stopped.
            program.stop()
        }
        let arrivals = Self.ours(receiver)
        let sent = try await outcomes(bench.path("dispatch.db"))
        guard Set(arrivals.map(\.key)).count == Self.count, arrivals.count == Self.count, sent == Self.count,
            let first = arrivals.map(\.at).min(), let last = arrivals.map(\.at).max()
        else {
            throw Workbench.Failure(
                description: "\(arrivals.count) web hooks and \(sent) outcomes of \(Self.count) messages"
            )
        }
        Workbench.report(
            "\(Self.count) web hooks, intent and outcome on disk",
            "\(Int(Workbench.rate(Self.count - 1, last - first))) messages/s"
        )
    }

    /// How many messages are on disk as sent.
    private func outcomes(_ path: String) async throws -> Int {
        let store = try SQLiteStore(path: path)
        let rows = try await store.notifications(triedSince: .distantPast)
        try await store.close()
        return rows.count { $0.state == .sent && $0.notification.key.hasPrefix(Self.prefix) }
    }

    /// The program has messages of its own at a start, such as the duties of the year.
    private static func ours(_ receiver: WebhookReceiver) -> [WebhookReceiver.Arrival] {
        receiver.arrivals.filter { $0.key.hasPrefix(prefix) }
    }

    private static let backlog = Backlog(
        prefix: "DP-",
        code: "N13",
        stage: "breach",
        messageClass: .personal,
        recipient: Recipient(person: "P-1031", role: "park.staff"),
        urgency: 0
    )
    private static let prefix = "A22.response|complaint/" + backlog.prefix
}
