import Duty
import Engine
import Storage
import Telemetry

/// The store alone.
///
/// Works the batches out once, keeps the commits, and writes them into an empty store as fast as it goes.
struct StorePhase {
    let bench: Workbench

    /// The store's limit, in events a second.
    func run() async throws -> Double {
        let workload = Workload.day
        let events = workload.standing() + workload.traffic()
        let recorder = CommitRecorder(store: try SQLiteStore(path: bench.path("record.db")))
        let derived = try await Workbench.time {
            try await derive(events, into: recorder, at: workload.start)
        }
        let commits = recorder.commits
        try await recorder.close()
        let store = try SQLiteStore(path: bench.path("limit.db"))
        let took = try await Workbench.time { for commit in commits { _ = try await store.commit(commit) } }
        try await store.close()
        let limit = Workbench.rate(events.count, took)
        Workbench.report("store alone, the same rows", "\(Int(limit)) events/s")
        Workbench.report(
            "in memory events, derived and stored",
            "\(Int(Workbench.rate(events.count, derived))) events/s"
        )
        return limit
    }

    private func derive(_ events: [CloudEvent], into store: CommitRecorder, at start: Instant) async throws {
        let engine = Engine(
            store: store,
            book: bench.book,
            clock: ManualClock(start),
            metrics: DutyclockMetrics(),
            observer: Silent()
        )
        for chunk in events.chunks(of: 2_000) {
            // By then everything in it has happened.
            try await engine.ingest(Workbench.batch(chunk, receivedAt: start + .days(1)))
        }
        try await engine.settle()
    }
}
