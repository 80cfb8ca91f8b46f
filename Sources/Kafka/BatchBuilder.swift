/// Gathers records until there are enough of them, they are big enough, or the first has waited enough.
struct BatchBuilder {
    private(set) var records: [KafkaRecord] = []
    private var bytes = 0
    private var due: Ticks?
    private let maxCount: Int
    private let maxBytes: Int
    private let linger: Duration

    init(_ configuration: ConsumerConfiguration) {
        maxCount = configuration.maxBatch
        maxBytes = configuration.maxBatchBytes
        linger = configuration.linger
    }

    mutating func append(_ record: KafkaRecord) {
        if due == nil { due = .now + linger }
        if records.isEmpty { records.reserveCapacity(min(maxCount, 256)) }
        bytes += record.payloadBytes
        records.append(record)
    }

    func isReady(at moment: Ticks) -> Bool {
        guard let due else { return false }
        return records.count >= maxCount || bytes >= maxBytes || moment >= due
    }

    /// How long a poll may wait: until the batch is due, or `idle` when there is none.
    func millisecondsLeft(_ idle: Int32) -> Int32 {
        due.map { min(idle, $0.millisecondsLeft) } ?? idle
    }

    mutating func removeAll() {
        records = []
        bytes = 0
        due = nil
    }

    mutating func drop(_ partitions: Set<TopicPartition>) {
        records.removeAll { partitions.contains($0.topicPartition) }
        bytes = records.reduce(0) { $0 + $1.payloadBytes }
        if records.isEmpty { due = nil }
    }
}

extension [KafkaRecord] {
    /// For every partition the offset after its last record.
    var nextOffsets: [TopicPartition: Int64] {
        var offsets: [TopicPartition: Int64] = [:]
        for (index, record) in enumerated() {
            // Records come in runs of one partition: only the last of a run needs the dictionary.
            if index + 1 < count {
                let next = self[index + 1]
                if next.partition == record.partition, next.topic == record.topic { continue }
            }
            offsets[record.topicPartition] = record.offset + 1
        }
        return offsets
    }
}
