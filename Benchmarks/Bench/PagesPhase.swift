import Duty
import Foundation
import Kafka
import Storage

/// How long each page and list takes with a million matters, alone and while 5,000 events a second flow in.
///
/// `PAGES_MATTERS` is another number of matters, `PAGES_STORE` a file that is kept and used again.
struct PagesPhase {
    private static let eventsPerSecond = 5_000
    private static let ticksPerSecond = 20
    private static let seconds = 20

    let bench: Workbench

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        let count = environment["PAGES_MATTERS"].flatMap { Int($0) } ?? 1_000_000
        let file = environment["PAGES_STORE"] ?? bench.path("pages.db")
        try await PagesStore(bench: bench, count: count).make(file)
        let broker = try BenchBroker(bench.bootstrap)
        defer { broker.close() }
        // High enough to be free, and another one for each process.
        let port = 20_000 + Int(getpid()) % 20_000
        let installation = LatencyInstallation(
            servers: broker.servers,
            name: "bench.pages.\(getpid())",
            store: file,
            port: port
        )
        try await broker.create(installation.intake, installation.outcomes, installation.deadLetters)
        let receiver = WebhookReceiver()
        try await receiver.listen { url in
            let program = try installation.start(bench, hook: url)
            defer { program.stop() }
            try await program.waitUntilReady()
            let client = PageClient(base: "http://127.0.0.1:\(port)")
            // What is worked out behind the pages is there from now on.
            _ = try await client.look(until: .now)
            let before = try program.processorTime()
            let quiet = try await client.look(until: .now + .seconds(Self.seconds))
            let used = try program.processorTime() - before
            report(quiet, "\(count) matters")
            let pages = quiet.values.reduce(0) { $0 + $1.count }
            Workbench.report(
                "  processor time of the program a page",
                String(format: "%.1f ms", used / .milliseconds(1) / Double(pages))
            )
            try await flow(Sender(producer: try producer(broker), topic: installation.intake), client, count)
        }
    }

    private func producer(_ broker: BenchBroker) throws -> KafkaProducer {
        try KafkaProducer(properties: ["bootstrap.servers": broker.servers, "linger.ms": "5"])
    }

    /// First the events alone, then beside somebody who looks at one page after the other.
    private func flow(_ sender: Sender, _ client: PageClient, _ count: Int) async throws {
        try await sender.send(
            Workload(enterprises: PagesStore.enterprises, complaints: 0, start: sender.now()).standing()
        )
        // A store that is kept has those of earlier runs.
        let alone = try await accept(sender, client, "FA\(getpid())")
        async let looking = client.look(until: .now + .seconds(Self.seconds))
        let beside = try await accept(sender, client, "FB\(getpid())")
        report(try await looking, "\(count) matters, \(Self.eventsPerSecond) events/s")
        Workbench.report(
            "intake at \(Self.eventsPerSecond) events/s offered, alone / beside the pages",
            String(format: "%.0f / %.0f events/s, %.1f %% less", alone, beside, (1 - beside / alone) * 100)
        )
        await sender.producer.close()
    }

    /// Events a second that were on record, from the first that was sent until the last is stored.
    private func accept(_ sender: Sender, _ client: PageClient, _ prefix: String) async throws -> Double {
        let workload = Workload(enterprises: PagesStore.enterprises, complaints: 0, start: sender.now())
        let size = Self.eventsPerSecond / Self.ticksPerSecond
        let total = Self.eventsPerSecond * Self.seconds
        let began = ContinuousClock.now
        let before = try await client.facts()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for tick in 0..<(Self.seconds * Self.ticksPerSecond) {
                try await Task.sleep(until: began + .milliseconds(1_000 / Self.ticksPerSecond) * tick)
                let now = sender.now()
                // Answered at once, so that nothing of them falls due while others are measured.
                let events = (0..<(size / 2)).flatMap { index -> [CloudEvent] in
                    let number = "\(prefix)-\(tick)-\(index)"
                    let enterprise = (tick * size + index) % PagesStore.enterprises
                    return [
                        workload.filed(number, at: now - .seconds(2), enterprise: enterprise),
                        workload.resolved(number, at: now - .seconds(1), enterprise: enterprise),
                    ]
                }
                group.addTask { try await sender.send(events) }
            }
            try await group.waitForAll()
        }
        while try await client.facts() - before < Int64(total) {
            guard ContinuousClock.now - began < .seconds(Self.seconds * 6) else { break }
            try await Task.sleep(for: .milliseconds(50))
        }
        return Workbench.rate(Int(try await client.facts() - before), ContinuousClock.now - began)
    }

    private func report(_ times: [String: [Duration]], _ what: String) {
        for path in PageClient.paths {
            guard let values = times[path] else { continue }
            Workbench.report("  " + (path.removingPercentEncoding ?? path), Distribution(values).description)
        }
        let all = times.values.flatMap { $0 }
        Workbench.report("\(all.count) pages with \(what): p50 / p99 / max", Distribution(all).description)
    }
}
