/// A record to be written.
package struct ProducerRecord: Sendable {
    package var topic: String
    package var key: [UInt8]?
    /// Nil writes a tombstone.
    package var value: [UInt8]?
    package var headers: [KafkaHeader]
    /// Nil lets the partitioner choose, by the key.
    package var partition: Int32?

    package init(
        topic: String,
        key: [UInt8]? = nil,
        value: [UInt8]?,
        headers: [KafkaHeader] = [],
        partition: Int32? = nil
    ) {
        self.topic = topic
        self.key = key
        self.value = value
        self.headers = headers
        self.partition = partition
    }
}

/// Where a written record came to lie.
package struct DeliveredRecord: Sendable, Equatable {
    package let partition: Int32
    package let offset: Int64
}
