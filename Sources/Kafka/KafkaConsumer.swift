import CRdkafka

/// A member of a consumer group that hands over batches and keeps its offsets elsewhere.
///
/// A thread of its own polls librdkafka. At most two batches wait for the owner; when they wait too
/// long the partitions are paused and polling goes on, so that a slow owner is not put out of the group.
package final class KafkaConsumer: Sendable {
    private let inbox: ConsumerInbox
    private let group: String

    /// Starts the thread and joins the group.
    ///
    /// Offsets are neither stored nor committed by librdkafka. Unless given, the assignor is
    /// `cooperative-sticky`, a partition without any offset is read from its start, topics that do not
    /// exist yet are looked for every ten seconds, and `queued.min.messages` is a million.
    ///
    /// - Parameters:
    ///   - configuration: What to read.
    ///   - log: Receives librdkafka's log lines; nil drops them.
    ///   - startOffset: Asked on the consumer's thread for partitions just assigned; answers with the
    ///     next offset to read. Partitions missing in the answer start where the group has committed.
    ///     When it throws it is asked again, with a back-off of up to five seconds, until it answers;
    ///     each failure is an `error` event. Meanwhile nothing is polled: a source that is away for
    ///     longer than `max.poll.interval.ms` costs the membership, which is then sought anew.
    /// - Throws: What librdkafka says about a property or the subscription.
    package init(
        configuration: ConsumerConfiguration,
        log: KafkaLog? = nil,
        startOffset: @escaping @Sendable ([TopicPartition]) throws -> [TopicPartition: Int64] = { _ in [:] }
    ) throws(KafkaError) {
        let handle = try RdKafkaHandle(
            .consumer,
            properties: Self.properties(configuration.properties),
            log: log
        )
        if let error = handle.subscribe(configuration.topics) { throw error }
        group = configuration.properties["group.id"] ?? ""
        let inbox = ConsumerInbox(handle: handle)
        self.inbox = inbox
        try KernelThread.start("kafka-consumer") {
            Self.run(inbox, configuration, startOffset)
            inbox.finish()
            inbox.announceClosed()
        }
    }

    deinit { inbox.beginClosing() }

    private static func properties(_ given: [String: String]) -> [String: String] {
        ClientProperties.forConsumer(given)
            .withDefaults([
                "partition.assignment.strategy": "cooperative-sticky",
                "auto.offset.reset": "earliest",
                "topic.metadata.refresh.interval.ms": "10000",
                // A full queue stops the fetching for a whole second: let bytes be the limit, not count.
                "queued.min.messages": "1000000",
            ])
            .merging([
                "enable.auto.commit": "false",
                "enable.auto.offset.store": "false",
                "enable.partition.eof": "false",
            ]) { _, forced in forced }
    }

    /// The loop and its reference to the client end here, before the client is let go.
    private static func run(
        _ inbox: ConsumerInbox,
        _ configuration: ConsumerConfiguration,
        _ startOffset: @escaping ConsumerLoop.StartOffset
    ) {
        guard let handle = inbox.handle else { return }
        ConsumerLoop(
            handle: handle,
            inbox: inbox,
            configuration: configuration,
            startOffset: startOffset
        ).run()
    }

    /// The next event; nil after `close`, or when the calling task is cancelled.
    ///
    /// One caller at a time: an earlier one that still waits is sent away with nil.
    package func next() async -> ConsumerEvent? { await inbox.next() }

    /// How often `seek` has been carried out.
    package var seeks: Int { inbox.rewinds }
    /// How often it had been when the last event was handed over: older batches than the last seek are stale.
    package var seeksAtHandover: Int { inbox.rewindsAtHandover }

    /// The events as a sequence, which ends with the consumer or the task.
    package var events: Events { Events(consumer: self) }

    /// Stops fetching from all partitions, also from those assigned later; membership goes on.
    ///
    /// Records that were read before may still be delivered.
    package func pause() { inbox.setPause(true) }

    /// Undoes `pause`.
    package func resume() { inbox.setPause(false) }

    /// Goes to these offsets; no record that was read before is delivered after the return.
    ///
    /// Partitions that are not assigned are passed over.
    ///
    /// - Parameter offsets: The next offset to read, by partition.
    /// - Throws: When a partition could not move or the consumer is closed. What was queued for these
    ///   partitions is dropped in any case: the owner seeks again before it goes on.
    package func seek(_ offsets: [TopicPartition: Int64]) async throws(KafkaError) {
        let inbox = inbox
        let failure: KafkaError? = await withCheckedContinuation { continuation in
            guard inbox.send(.seek(offsets, continuation)) else {
                continuation.resume(returning: .closed)
                return
            }
        }
        if let failure { throw failure }
    }

    /// Commits to the group, for tools that show lag; a failure is an `error` event.
    ///
    /// - Parameter offsets: The next offset to read, by partition.
    package func commit(_ offsets: [TopicPartition: Int64]) {
        guard !offsets.isEmpty else { return }
        _ = inbox.send(.commit(offsets))
    }

    /// Records between what the owner has taken and the end of each partition, as of the last fetch.
    ///
    /// Partitions whose position or end is not known yet are missing.
    package func lag() -> [TopicPartition: Int64] { inbox.lag() }

    /// The partitions that are read now, in order.
    package var assignment: [TopicPartition] { inbox.assignment }

    /// The member ids of this consumer's group, as the coordinator knows them.
    package func groupMembers(timeout: Duration) async throws(KafkaError) -> [String] {
        guard let handle = inbox.handle else { throw .closed }
        let group = group
        return try await KernelThread.call("kafka-members") { () throws(KafkaError) -> [String] in
            try handle.members(ofGroup: group, milliseconds: timeout.clampedMilliseconds)
        }
    }

    /// Leaves the group and waits until the thread has ended; may be called again.
    package func close() async {
        inbox.beginClosing()
        await inbox.closed()
    }
}

extension KafkaConsumer {
    /// A consumer's events, for `for await`.
    package struct Events: AsyncSequence, AsyncIteratorProtocol, Sendable {
        let consumer: KafkaConsumer

        package func next() async -> ConsumerEvent? { await consumer.next() }

        package func makeAsyncIterator() -> Events { self }
    }
}
