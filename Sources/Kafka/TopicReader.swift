import CRdkafka

/// Reads a topic once, from its beginning to where it ends at the start, without being a member of any group.
///
/// Nothing is committed, and what arrives meanwhile is left out.
package struct TopicReader: Sendable {
    private let properties: [String: String]
    private let log: KafkaLog?

    /// Properties that only a producer knows are left out.
    package init(properties: [String: String], log: KafkaLog? = nil) {
        self.properties = ClientProperties.forConsumer(properties).merging([
            // A consumer has to have one; it is never joined.
            "group.id": "dutyclock-reader",
            "enable.auto.commit": "false",
            "enable.auto.offset.store": "false",
            "enable.partition.eof": "true",
        ]) { _, forced in forced }
        self.log = log
    }

    /// All records, partition by partition in no particular order.
    ///
    /// - Parameters:
    ///   - topic: The topic's name.
    ///   - patience: How long to wait for an answer, and for the next record.
    ///   - progress: Told on another thread how many records have come, of how many.
    /// - Returns: The records, each with its place.
    /// - Throws: What librdkafka says; that there is no such topic; that nothing came in time.
    package func records(
        of topic: String,
        patience: Duration,
        progress: @escaping @Sendable (_ done: Int64, _ total: Int64) -> Void = { _, _ in }
    ) async throws(KafkaError) -> [KafkaRecord] {
        let handle = try RdKafkaHandle(.consumer, properties: properties, log: log)
        return try await KernelThread.call("kafka-reader") { () throws(KafkaError) -> [KafkaRecord] in
            defer { handle.closeConsumer() }
            let milliseconds = patience.clampedMilliseconds
            var reading = TopicReading(try Self.ranges(handle, topic, milliseconds), progress)
            if let error = handle.assign(reading.start) { throw error }
            try reading.run(handle, patience)
            return reading.records
        }
    }

    private static func ranges(
        _ handle: RdKafkaHandle,
        _ topic: String,
        _ milliseconds: Int32
    ) throws(KafkaError) -> [TopicPartition: Range<Int64>] {
        guard let count = try handle.metadata(milliseconds: milliseconds)[topic] else {
            throw KafkaError(RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, "there is no topic \(topic)")
        }
        var ranges: [TopicPartition: Range<Int64>] = [:]
        for number in 0..<count {
            let partition = TopicPartition(topic: topic, partition: Int32(number))
            ranges[partition] = try handle.watermarks(partition, milliseconds: milliseconds)
        }
        return ranges
    }
}

/// One reading on its way, confined to its thread.
private struct TopicReading {
    private(set) var records: [KafkaRecord] = []
    /// Partitions that have not come to their end, with that end.
    private var ends: [TopicPartition: Int64]
    private let firsts: [TopicPartition: Int64]
    private let total: Int64
    private var reader = MessageReader()
    private let progress: @Sendable (Int64, Int64) -> Void

    init(_ ranges: [TopicPartition: Range<Int64>], _ progress: @escaping @Sendable (Int64, Int64) -> Void) {
        let filled = ranges.filter { !$0.value.isEmpty }
        ends = filled.mapValues(\.upperBound)
        firsts = filled.mapValues(\.lowerBound)
        total = filled.values.reduce(0) { $0 + Int64($1.count) }
        self.progress = progress
    }

    var start: PartitionList { PartitionList(firsts) }

    mutating func run(_ handle: RdKafkaHandle, _ patience: Duration) throws(KafkaError) {
        var lastNews = Ticks.now
        while !ends.isEmpty {
            guard let message = handle.pollConsumer(milliseconds: 100) else {
                guard Ticks.now < lastNews + patience else {
                    throw KafkaError(RD_KAFKA_RESP_ERR__TIMED_OUT, "the rest of the topic did not come")
                }
                continue
            }
            defer { RdKafkaHandle.destroy(message) }
            if try take(message) { lastNews = .now }
        }
        progress(total, total)
    }

    /// False for an error that the client recovers from by itself.
    private mutating func take(_ message: RdKafkaHandle.Message) throws(KafkaError) -> Bool {
        let place = TopicPartition(
            topic: ends.keys.first?.topic ?? "",
            partition: message.pointee.partition
        )
        if message.pointee.err == RD_KAFKA_RESP_ERR__PARTITION_EOF {
            // A broker may report the end of one answer; the end of the partition is known from the beginning.
            guard message.pointee.offset >= ends[place] ?? 0 else { return false }
            ends[place] = nil
            return true
        }
        switch reader.read(message) {
        case .record(let record):
            add(record)
            return true
        case .error(let error):
            guard error.isRetriable else { throw error }
            return false
        case .nothing: return false
        }
    }

    private mutating func add(_ record: KafkaRecord) {
        guard let end = ends[record.topicPartition] else { return }
        if record.offset < end { records.append(record) }
        if record.offset >= end - 1 { ends[record.topicPartition] = nil }
        if records.count % 1_000 == 0 { progress(Int64(records.count), total) }
    }
}
