import Duty
import Engine
import Foundation
import Storage
import Telemetry

/// Start to ready with 1,000 and with 1,000,000 open matters, and the memory then.
///
/// Each is measured in a process of its own, for what ran before leaves memory behind: first the store with its engine
/// alone, then `dutyclock serve` as it is shipped, which joins its consumer group before it is ready.
struct MillionPhase {
    private static let enterprises = 1_000

    let bench: Workbench

    func run() async throws {
        var openings: [Opening] = []
        var services: [Opening] = []
        for count in [1_000, 1_000_000] {
            let file = bench.path("open-\(count).db")
            try await fill(file, count)
            let opening = try OpeningMeasurement.inProcessOfItsOwn(file)
            Workbench.report("start to ready with \(count) open matters", opening.description)
            openings.append(opening)
            let service = try await serve("open-\(count).db")
            Workbench.report("dutyclock serve to ready with \(count) open matters", service.description)
            services.append(service)
        }
        compare(openings[1], with: openings[0])
        compare(services[1], with: services[0])
    }

    /// The program from its start until it calls itself ready.
    private func serve(_ store: String) async throws -> Opening {
        let broker = try BenchBroker(bench.bootstrap)
        defer { broker.close() }
        let name = "bench.\(store).\(getpid())"
        let installation = LatencyInstallation(servers: broker.servers, name: name, store: store)
        try await broker.create(installation.intake, installation.outcomes, installation.deadLetters)
        let began = ContinuousClock.now
        let program = try installation.start(bench, hook: "http://127.0.0.1:9")
        defer { program.stop() }
        try await program.waitUntilReady()
        return Opening(
            seconds: (ContinuousClock.now - began) / .seconds(1),
            memory: try program.memory()
        )
    }

    private func compare(_ many: Opening, with few: Opening) {
        let ratios = [
            many.seconds / few.seconds, Double(many.memory.resident) / Double(few.memory.resident),
            Double(many.memory.own) / Double(few.memory.own),
        ]
        Workbench.report(
            "  of a thousand times the matters",
            String(format: "%.1f times the time, %.2f resident, %.2f without files", arguments: ratios)
        )
    }

    private func fill(_ file: String, _ count: Int) async throws {
        let store = try SQLiteStore(path: file)
        let clock = SystemClock()
        let engine = Engine(
            store: CommitRecorder(store: store, isTold: true),
            book: bench.book,
            clock: clock,
            metrics: DutyclockMetrics(),
            observer: Silent(),
            cacheSize: 2_000
        )
        let workload = Workload(enterprises: Self.enterprises, complaints: 0, start: clock.now())
        try await engine.ingest(Workbench.batch(workload.standing(), receivedAt: clock.now()))
        for base in stride(from: 0, to: count, by: 5_000) {
            let now = clock.now()
            let filed = (base..<min(base + 5_000, count)).map { index in
                workload.filed("LT-\(index)", at: now + .seconds(200), enterprise: index % Self.enterprises)
            }
            try await engine.ingest(Workbench.batch(filed, receivedAt: now))
        }
        try await engine.settle()
        try await store.close()
    }
}
