import Duty
import Engine
import Foundation
import Kafka
import Storage
import Telemetry

/// From a topic that is full to durable commits, as fast as it goes.
struct KafkaPhase {
    let bench: Workbench
    /// The store's limit in events a second, if it was measured in this run.
    let limit: Double?

    func run() async throws {
        let broker = try BenchBroker(bench.bootstrap)
        defer { broker.close() }
        let topic = "bench.events.\(getpid())"
        try await broker.create(topic)
        let events = Workload.day.standing() + Workload.day.traffic()
        try await fill(topic, events, broker.servers)
        let store = try SQLiteStore(path: bench.path("kafka.db"))
        let took = try await consume(topic, from: broker.servers, into: store, count: events.count)
        try await store.close()
        let rate = Workbench.rate(events.count, took)
        Workbench.report("Kafka to durable commit (\(events.count) events)", "\(Int(rate)) events/s")
        if let limit { Workbench.report("  of the store's limit", String(format: "%.2f", rate / limit)) }
    }

    private func fill(_ topic: String, _ events: [CloudEvent], _ servers: String) async throws {
        let producer = try KafkaProducer(properties: ["bootstrap.servers": servers, "linger.ms": "20"])
        for chunk in events.chunks(of: 10_000) {
            for result in await producer.produce(chunk.map { $0.record(topic: topic) }) {
                _ = try result.get()
            }
        }
        await producer.close()
    }

    /// How long it took from the first commit that was seen to the last.
    private func consume(
        _ topic: String,
        from servers: String,
        into store: SQLiteStore,
        count: Int
    ) async throws -> Duration {
        let metrics = DutyclockMetrics()
        let engine = Engine(
            store: store,
            book: bench.book,
            clock: SystemClock(),
            metrics: metrics,
            observer: Silent()
        )
        let consumer = try consumer(topic, servers)
        let intake = intake(consumer, engine, store)
        async let running: Void = intake.run()
        var began: ContinuousClock.Instant?
        while true {
            let done = try await store.offsets().reduce(0) { $0 + $1.next }
            if done > 0, began == nil { began = .now }
            if done >= Int64(count) { break }
            try await Task.sleep(for: .milliseconds(10))
        }
        try await engine.settle()
        let took = ContinuousClock.now - (began ?? .now)
        await consumer.close()
        await running
        let accepted = metrics.events("accepted").value
        // The embedded broker lets go of what is oldest, and offsets do not tell.
        guard accepted == count else {
            throw Workbench.Failure(
                description:
                    "the broker kept only \(accepted) of \(count) events; name the address of a real one"
            )
        }
        return took
    }

    private func consumer(_ topic: String, _ servers: String) throws -> KafkaConsumer {
        try KafkaConsumer(
            configuration: ConsumerConfiguration(
                properties: [
                    "bootstrap.servers": servers, "group.id": "bench-\(getpid())",
                    "session.timeout.ms": "6000",
                    "fetch.min.bytes": "1", "queued.min.messages": "100000",
                ],
                topics: [topic]
            ),
            startOffset: { Dictionary($0.map { ($0, -2) }) { $1 } }
        )
    }

    private func intake(_ consumer: KafkaConsumer, _ engine: Engine, _ store: SQLiteStore) -> IntakeService {
        let clock = SystemClock()
        return IntakeService(
            consumer: consumer,
            engine: engine,
            store: store,
            decoder: RecordDecoder(clock: clock),
            log: Workbench.silentLog(),
            metrics: DutyclockMetrics(),
            clock: clock,
            health: Health()
        )
    }
}
