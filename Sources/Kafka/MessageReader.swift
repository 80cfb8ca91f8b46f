import CRdkafka

/// Turns librdkafka's messages into values, keeping the topic's name from one to the next.
struct MessageReader {
    enum Outcome {
        case record(KafkaRecord)
        case error(KafkaError)
        case nothing
    }

    private var handle: OpaquePointer?
    private var topic = ""

    /// Forgets the topic: its handle may be given to another one after a rebalance.
    mutating func reset() { handle = nil }

    /// Reads the error first, then the pointers, then the lengths: a tombstone has no payload at all.
    mutating func read(_ pointer: RdKafkaHandle.Message) -> Outcome {
        let message = pointer.pointee
        guard message.err == RD_KAFKA_RESP_ERR_NO_ERROR else { return Self.failure(message, pointer) }
        return .record(
            KafkaRecord(
                topic: topicName(message.rkt),
                partition: message.partition,
                offset: message.offset,
                timestampMillis: Self.timestamp(pointer),
                key: Self.bytes(message.key, message.key_len),
                value: Self.bytes(message.payload, message.len),
                headers: Self.headers(pointer)
            )
        )
    }

    private mutating func topicName(_ handle: OpaquePointer?) -> String {
        guard let handle else { return "" }
        if handle != self.handle {
            topic = rd_kafka_topic_name(handle).map { String(cString: $0) } ?? ""
            self.handle = handle
        }
        return topic
    }

    private static func failure(_ message: rd_kafka_message_t, _ pointer: RdKafkaHandle.Message) -> Outcome {
        guard message.err != RD_KAFKA_RESP_ERR__PARTITION_EOF else { return .nothing }
        return .error(KafkaError(message.err, rd_kafka_message_errstr(pointer).map { String(cString: $0) }))
    }

    private static func timestamp(_ message: RdKafkaHandle.Message) -> Int64? {
        var kind = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE
        let millis = rd_kafka_message_timestamp(message, &kind)
        return kind == RD_KAFKA_TIMESTAMP_NOT_AVAILABLE || millis < 0 ? nil : millis
    }

    private static func headers(_ message: RdKafkaHandle.Message) -> [KafkaHeader] {
        var list: OpaquePointer?
        guard rd_kafka_message_headers(message, &list) == RD_KAFKA_RESP_ERR_NO_ERROR, let list else {
            return []
        }
        var headers: [KafkaHeader] = []
        var name: UnsafePointer<CChar>?
        var value: UnsafeRawPointer?
        var size = 0
        while rd_kafka_header_get_all(list, headers.count, &name, &value, &size)
            == RD_KAFKA_RESP_ERR_NO_ERROR
        {
            headers.append(
                KafkaHeader(name: name.map { String(cString: $0) } ?? "", value: bytes(value, size))
            )
        }
        return headers
    }

    private static func bytes(_ start: UnsafeRawPointer?, _ count: Int) -> [UInt8]? {
        start.map { [UInt8](UnsafeRawBufferPointer(start: $0, count: count)) }
    }
}
