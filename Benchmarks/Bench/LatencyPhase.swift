import Duty
import Foundation
import Kafka

/// From handing an event to Kafka to the web hook that it causes, through the program as it is shipped.
///
/// Every complaint causes two web hooks, to the one who serves the enterprise and to the group. Each counts,
/// from before the producer is given the event until the receiver has the request whole; the producer and the
/// receiver share this process and its clock, the program has a process of its own.
struct LatencyPhase {
    private static let eventsPerSecond = 500
    private static let seconds = 20
    private static let enterprises = 200
    private static let hooksPerComplaint = 2

    let bench: Workbench

    func run() async throws {
        let broker = try BenchBroker(bench.bootstrap)
        defer { broker.close() }
        let installation = LatencyInstallation(servers: broker.servers, name: "bench.latency.\(getpid())")
        try await broker.create(installation.intake, installation.outcomes, installation.deadLetters)
        let receiver = WebhookReceiver()
        try await receiver.listen { url in
            let program = try installation.start(bench, hook: url)
            defer { program.stop() }
            try await program.waitUntilReady()
            // A producer that does not linger: the wait would be its own, not the program's.
            let producer = try KafkaProducer(
                properties: ["bootstrap.servers": broker.servers, "linger.ms": "0"]
            )
            try await measure(Sender(producer: producer, topic: installation.intake), receiver)
            await producer.close()
        }
    }

    /// Of `count` messages to persons alone, at a load that leaves two cores room: a hundred complaints a second.
    ///
    /// The load begins once `settled` says that the program has got over its start.
    func personal(
        through installation: LatencyInstallation,
        count: Int,
        once settled: (WebhookReceiver) -> Bool
    ) async throws -> Distribution {
        let receiver = WebhookReceiver()
        var latencies: [Duration] = []
        try await receiver.listen { url in
            let program = try installation.start(bench, hook: url)
            defer { program.stop() }
            try await program.waitUntilReady()
            let ends = ContinuousClock.now + .seconds(60)
            while !settled(receiver) {
                guard ContinuousClock.now < ends else {
                    throw Workbench.Failure(description: "what waited at the start did not leave")
                }
                try await Task.sleep(for: .milliseconds(50))
            }
            let producer = try KafkaProducer(
                properties: ["bootstrap.servers": installation.servers, "linger.ms": "0"]
            )
            let sender = Sender(producer: producer, topic: installation.intake)
            let workload = Workload(enterprises: Self.enterprises, complaints: 0, start: sender.now())
            try await sender.send(workload.standing())
            _ = try await send("WU", Self.enterprises, workload, sender, perSecond: 100)
            // Not once these have arrived: whatever holds them up holds up the next as well, and counts.
            let sent = try await send("LT", count, workload, sender, perSecond: 100)
            latencies = try await hooks("LT", count, receiver, each: 1).map { $0.at - sent[$0.number] }
            await producer.close()
        }
        return Distribution(latencies)
    }

    private func measure(_ sender: Sender, _ receiver: WebhookReceiver) async throws {
        let workload = Workload(enterprises: Self.enterprises, complaints: 0, start: sender.now())
        try await sender.send(workload.standing())
        _ = try await send("WU", Self.enterprises, workload, sender)
        _ = try await hooks("WU", Self.enterprises, receiver)

        let count = Self.eventsPerSecond * Self.seconds
        let sent = try await send("LT", count, workload, sender)
        let hooks = try await hooks("LT", count, receiver)
        let latencies = hooks.map { $0.at - sent[$0.number] }
        let rate = Workbench.rate(count - 1, sent[count - 1] - sent[0])
        Workbench.report(
            String(format: "produce to web hook at %.0f events/s: p50 / p99 / max", rate),
            Distribution(latencies).description
        )
    }

    /// When each was handed to the producer; all are due at moments fixed beforehand, however long one takes.
    private func send(
        _ prefix: String,
        _ count: Int,
        _ workload: Workload,
        _ sender: Sender,
        perSecond: Int = Self.eventsPerSecond
    ) async throws -> [ContinuousClock.Instant] {
        let period = Duration.seconds(1) / perSecond
        let began = ContinuousClock.now
        return try await withThrowingTaskGroup(of: Void.self) { group in
            var sent: [ContinuousClock.Instant] = []
            for index in 0..<count {
                try await Task.sleep(until: began + period * index)
                let enterprise = index % Self.enterprises
                sent.append(.now)
                let event = workload.filed("\(prefix)-\(index)", at: sender.now(), enterprise: enterprise)
                group.addTask { try await sender.send([event]) }
            }
            try await group.waitForAll()
            return sent
        }
    }

    /// The web hooks of all complaints with this prefix, by the complaints' numbers.
    private func hooks(
        _ prefix: String,
        _ count: Int,
        _ receiver: WebhookReceiver,
        each hooksPerComplaint: Int = Self.hooksPerComplaint
    ) async throws -> [(number: Int, at: ContinuousClock.Instant)] {
        let ends = ContinuousClock.now + .seconds(60)
        while true {
            let found = receiver.arrivals.compactMap { arrival in
                Self.number(arrival.key, prefix).map { (number: $0, at: arrival.at) }
            }
            if found.count >= count * hooksPerComplaint { return found }
            guard ContinuousClock.now < ends else {
                let wanted = count * hooksPerComplaint
                throw Workbench.Failure(description: "only \(found.count) of \(wanted) web hooks came")
            }
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    /// The number in `rule|complaint/PREFIX-number|cycle|stage|recipient`.
    private static func number(_ key: String, _ prefix: String) -> Int? {
        let parts = key.split(separator: "|", omittingEmptySubsequences: false)
        let start = "complaint/\(prefix)-"
        guard parts.count == 5, parts[1].hasPrefix(start) else { return nil }
        return Int(parts[1].dropFirst(start.count))
    }
}
