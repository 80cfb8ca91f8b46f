import CRdkafka

/// librdkafka's list of partitions with offsets; owned lists are destroyed with the object.
final class PartitionList {
    typealias Pointer = UnsafeMutablePointer<rd_kafka_topic_partition_list_t>

    private let pointer: Pointer
    private let isOwned: Bool

    init(borrowing pointer: Pointer) {
        self.pointer = pointer
        isOwned = false
    }

    init(_ partitions: [TopicPartition]) {
        pointer = rd_kafka_topic_partition_list_new(Int32(clamping: partitions.count))
        isOwned = true
        for partition in partitions {
            rd_kafka_topic_partition_list_add(pointer, partition.topic, partition.partition)
        }
    }

    convenience init(_ offsets: [TopicPartition: Int64]) {
        self.init(offsets.keys.sorted())
        setOffsets(offsets)
    }

    /// A subscription: topics of any partition.
    convenience init(topics: [String]) {
        self.init(topics.map { TopicPartition(topic: $0, partition: RD_KAFKA_PARTITION_UA) })
    }

    deinit {
        if isOwned { rd_kafka_topic_partition_list_destroy(pointer) }
    }

    /// Lends the list to C; it lives at least until the body returns.
    func withPointer<Value>(_ body: (Pointer) -> Value) -> Value {
        withExtendedLifetime(self) { body(pointer) }
    }

    private var elements: UnsafeMutableBufferPointer<rd_kafka_topic_partition_t> {
        UnsafeMutableBufferPointer(start: pointer.pointee.elems, count: Int(pointer.pointee.cnt))
    }

    var partitions: [TopicPartition] { elements.map(TopicPartition.init) }

    /// Sets the offsets that are given and leaves the others.
    func setOffsets(_ offsets: [TopicPartition: Int64]) {
        for index in elements.indices {
            guard let offset = offsets[TopicPartition(elements[index])] else { continue }
            elements[index].offset = offset
        }
    }

    /// The first partition's own error, after a call that reports them one by one.
    var firstError: KafkaError? {
        for element in elements where element.err != RD_KAFKA_RESP_ERR_NO_ERROR {
            let place = TopicPartition(element)
            let text = String(cString: rd_kafka_err2str(element.err))
            return KafkaError(element.err, "\(place.topic) [\(place.partition)]: \(text)")
        }
        return nil
    }
}

extension TopicPartition {
    init(_ element: rd_kafka_topic_partition_t) {
        self.init(
            topic: element.topic.map { String(cString: $0) } ?? "",
            partition: element.partition
        )
    }
}
