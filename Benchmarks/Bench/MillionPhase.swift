import Duty
import Engine
import Foundation
import Storage
import Telemetry

/// Start to ready with 1,000 and with 1,000,000 open matters, and the memory then.
///
/// Each is measured in a process of its own, for what ran before leaves memory behind.
struct MillionPhase {
    private static let enterprises = 1_000

    let bench: Workbench

    func run() async throws {
        var openings: [Opening] = []
        for count in [1_000, 1_000_000] {
            let file = bench.path("open-\(count).db")
            try await fill(file, count)
            let opening = try OpeningMeasurement.inProcessOfItsOwn(file)
            Workbench.report("start to ready with \(count) open matters", opening.description)
            openings.append(opening)
        }
        compare(openings[1], with: openings[0])
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
            store: store,
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
