import Duty
import Kafka
import Storage
import Telemetry

/// Carries records from Kafka to the engine, and begins again at the stored offsets when a commit failed.
package struct IntakeService: Sendable {
    let consumer: KafkaConsumer
    let engine: Engine
    let store: any Store
    let decoder: RecordDecoder
    let log: LogWriter
    let metrics: DutyclockMetrics
    let clock: any WallClock
    let health: Health

    package init(
        consumer: KafkaConsumer,
        engine: Engine,
        store: any Store,
        decoder: RecordDecoder,
        log: LogWriter,
        metrics: DutyclockMetrics,
        clock: any WallClock,
        health: Health
    ) {
        self.consumer = consumer
        self.engine = engine
        self.store = store
        self.decoder = decoder
        self.log = log
        self.metrics = metrics
        self.clock = clock
        self.health = health
    }

    /// Runs until the consumer is closed.
    package func run() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask(executorPreference: Lane("dutyclock.decoding")) { await consume() }
            group.addTask { await repair() }
            await group.next()
            group.cancelAll()
        }
    }

    private func consume() async {
        var committed = ContinuousClock.now
        // The next batch is decoded while the one before it is being worked out.
        var taking: Task<Void, Never>?
        while let event = await consumer.next() {
            switch event {
            case .records(let records):
                let epoch = consumer.seeksAtHandover
                let batch = decoder.decode(records)
                await taking?.value
                taking = Task { await take(batch, epoch) }
                if ContinuousClock.now - committed > .seconds(1) {
                    committed = ContinuousClock.now
                    await publishOffsets()
                }
            case .assigned(let partitions):
                health.assigned(consumer.assignment.count)
                log.write(
                    level: .info,
                    message: "partitions assigned",
                    fields: [
                        ("event.action", "partition.assigned"),
                        ("duty.partitions", .list(partitions.map { "\($0.topic)/\($0.partition)" })),
                    ]
                )
            case .revoked(let partitions, let lost):
                health.assigned(consumer.assignment.count)
                log.write(
                    level: lost ? .warn : .info,
                    message: "partitions revoked",
                    fields: [
                        ("event.action", "partition.revoked"),
                        ("duty.partitions", .list(partitions.map { "\($0.topic)/\($0.partition)" })),
                        ("duty.lost", .bool(lost)),
                    ]
                )
            case .error(let error): note(error)
            }
        }
        await taking?.value
    }

    private func take(_ batch: Batch, _ epoch: Int) async {
        do {
            try await engine.ingest(batch, epoch: epoch)
        } catch {
            // Superseded: the repair below rewinds, and these records come again.
        }
    }

    private func note(_ error: KafkaError) {
        log.write(
            level: error.isFatal ? .error : .warn,
            message: "kafka client reports a problem",
            fields: [("error.code", .string(error.name)), ("error.message", .outside(error.message))]
        )
    }

    /// The group's own offsets are for lag tools alone; the ones that count are in the store.
    private func publishOffsets() async {
        guard let offsets = try? await store.offsets() else { return }
        let ours = Set(consumer.assignment)
        let pairs = offsets.map { (TopicPartition(topic: $0.topic, partition: $0.partition), $0.next) }
        consumer.commit(Dictionary(pairs.filter { ours.contains($0.0) }) { $1 })
    }

    // MARK: Repair

    private func repair() async {
        while !Task.isCancelled {
            await engine.brokenSignal.wait()
            guard !Task.isCancelled else { return }
            // A failure that has been put right already may have left its signal.
            guard await !engine.isHealthy else { continue }
            await putRight()
        }
    }

    /// From the first commit that failed until what it was about is committed.
    ///
    /// A store may take a tiny commit and have no room for a batch, so that the one proves nothing of the other.
    private func putRight() async {
        log.write(
            level: .error,
            message: "commit failed, reading again from the stored offsets",
            fields: [("error.message", .outside(await engine.lastError))]
        )
        var wait = Self.shortestWait
        while !Task.isCancelled {
            metrics.commitFailures.add()
            health.storeIsAway(await engine.lastError)
            await rewind()
            if await engine.hasCaughtUp(within: Self.patience) { break }
            consumer.pause()
            try? await Task.sleep(for: wait)
            wait = min(wait * 2, Self.longestWait)
        }
        guard !Task.isCancelled else { return }
        health.storeIsBack()
        log.write(level: .info, message: "commits pass again")
    }

    private static let shortestWait = Duration.milliseconds(50)
    private static let longestWait = Duration.seconds(5)
    /// Without a failure for so long, nothing is left to be tried again.
    private static let patience = Duration.seconds(15)

    /// Holds the intake while the store is away, then reads again from what it has.
    private func rewind() async {
        consumer.pause()
        var wait = Self.shortestWait
        while !Task.isCancelled {
            do {
                let offsets = try await engine.recover()
                let pairs = offsets.map {
                    (TopicPartition(topic: $0.topic, partition: $0.partition), $0.next)
                }
                try await consumer.seek(seekTargets(Dictionary(pairs) { $1 }))
                await engine.resume(epoch: consumer.seeks)
                break
            } catch {
                health.commitLoopTurned()
                health.storeIsAway("\(error)")
                try? await Task.sleep(for: wait)
                wait = min(wait * 2, Self.longestWait)
            }
        }
        consumer.resume()
        engine.wakeSignal.raise()
    }

    /// A partition that the store knows nothing of yet starts at its beginning.
    private func seekTargets(_ stored: [TopicPartition: Int64]) -> [TopicPartition: Int64] {
        Dictionary(consumer.assignment.map { ($0, stored[$0] ?? 0) }) { $1 }
    }
}
