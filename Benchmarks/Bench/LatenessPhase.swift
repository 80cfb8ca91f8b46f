import Duty
import Engine
import Storage
import Telemetry

/// 10,000 complaints whose half hour ends within one second, on the machine's clock.
struct LatenessPhase {
    private static let count = 10_000
    private static let enterprises = 500

    let bench: Workbench

    func run() async throws {
        let store = try SQLiteStore(path: bench.path("lateness.db"))
        let clock = SystemClock()
        let watch = BreachWatch(clock: clock)
        let metrics = DutyclockMetrics()
        let engine = Engine(store: store, book: bench.book, clock: clock, metrics: metrics, observer: watch)
        try await file(due: clock.now() + .seconds(8), engine, clock)
        let wake = WakeService(
            engine: engine,
            clock: clock,
            log: Workbench.silentLog(),
            metrics: metrics,
            health: Health(),
            rules: RulesInForce(bench.book)
        )
        let task = Task { await wake.run() }
        while watch.late.count < Self.count { try await Task.sleep(for: .milliseconds(50)) }
        task.cancel()
        try await engine.settle()
        try await store.close()
        Workbench.report(
            "10,000 deadlines in one second: lateness p50 / p99 / max",
            Distribution(watch.late).description
        )
    }

    /// Their limits end one after the other from `due` on.
    private func file(due: Instant, _ engine: Engine, _ clock: SystemClock) async throws {
        let workload = Workload(enterprises: Self.enterprises, complaints: 0, start: due)
        try await engine.ingest(Workbench.batch(workload.standing(), receivedAt: clock.now()))
        for chunk in (0..<Self.count).map({ $0 }).chunks(of: 1_000) {
            let filed = chunk.map { index in
                let at = due - .minutes(30) + Span(microseconds: Int64(index) * 100)
                return workload.filed("LT-\(index)", at: at, enterprise: index % Self.enterprises)
            }
            try await engine.ingest(Workbench.batch(filed, receivedAt: clock.now()))
        }
        try await engine.settle()
    }
}
