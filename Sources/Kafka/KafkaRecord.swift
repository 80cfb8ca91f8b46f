/// A named value beside a record; names may repeat and their order is kept.
package struct KafkaHeader: Sendable, Equatable {
    package var name: String
    package var value: [UInt8]?

    package init(name: String, value: [UInt8]?) {
        self.name = name
        self.value = value
    }
}

/// A record as it was read from a partition.
package struct KafkaRecord: Sendable {
    package var topic: String
    package var partition: Int32
    package var offset: Int64
    /// Milliseconds since the epoch, by the producer or the broker; nil when the broker keeps none.
    package var timestampMillis: Int64?
    package var key: [UInt8]?
    /// Nil for a tombstone; an empty array is a value of no bytes.
    package var value: [UInt8]?
    package var headers: [KafkaHeader]

    package init(
        topic: String,
        partition: Int32,
        offset: Int64,
        timestampMillis: Int64?,
        key: [UInt8]?,
        value: [UInt8]?,
        headers: [KafkaHeader]
    ) {
        self.topic = topic
        self.partition = partition
        self.offset = offset
        self.timestampMillis = timestampMillis
        self.key = key
        self.value = value
        self.headers = headers
    }

    /// Where the record came from.
    package var topicPartition: TopicPartition { TopicPartition(topic: topic, partition: partition) }

    /// Key and value bytes, the measure of a batch.
    var payloadBytes: Int { (key?.count ?? 0) + (value?.count ?? 0) }
}
