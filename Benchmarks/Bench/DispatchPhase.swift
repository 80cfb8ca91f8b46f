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
        try await fill(bench.path("dispatch.db"))
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

    private func fill(_ path: String) async throws {
        let store = try SQLiteStore(path: path)
        let now = Instant(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000))
        for chunk in Array(0..<Self.count).chunks(of: 1_000) {
            var commit = Commit()
            commit.notifications = chunk.map { notification($0, at: now) }
            _ = try await store.commit(commit)
        }
        try await store.close()
    }

    private func notification(_ number: Int, at now: Instant) -> Duty.Notification {
        let matter = MatterID("complaint/DP-\(number)")
        return Duty.Notification(
            key: "A22.response|\(matter)|1|breach|P-1031",
            code: "N13",
            rule: "A22.response",
            article: 22,
            matter: matter,
            enterprise: "E-000001",
            cycle: 1,
            stage: "breach",
            messageClass: .personal,
            recipient: Recipient(person: "P-1031", role: "park.staff"),
            dueAt: now,
            requestedAt: now,
            urgency: 0,
            withdraws: nil,
            values: ["number": .string(matter.number), "enterpriseName": "衡阳某某精密"]
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

    private static let prefix = "A22.response|complaint/DP-"
}
