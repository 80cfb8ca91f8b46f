import Duty
import Kafka
import Storage

/// Where an event stood in Kafka.
package struct Origin: Sendable, Hashable {
    package let topic: String
    package let partition: Int32
    package let offset: Int64

    package init(topic: String, partition: Int32, offset: Int64) {
        self.topic = topic
        self.partition = partition
        self.offset = offset
    }
}

/// Records of one poll as what they mean.
package struct Batch: Sendable {
    package enum Item: Sendable {
        case fact(Fact, Origin?)
        case deadLetter(DeadLetter)
        /// Of a type that the catalogue does not have.
        case skipped(reason: String, Origin)
    }

    package var items: [Item] = []
    package var offsets: [StoredOffset] = []

    package init(items: [Item] = [], offsets: [StoredOffset] = []) {
        self.items = items
        self.offsets = offsets
    }
}

/// Reads CloudEvents out of Kafka records, in structured and in binary mode; nothing in a record can trap it.
package struct RecordDecoder: Sendable {
    /// When a record reached us: the broker's time, or for a clock that is not the world's, the clock's.
    package enum Arrival: Sendable {
        case broker
        case clock
    }

    let clock: any WallClock
    let arrival: Arrival
    /// Say how many articles the document has; nil if any article may be named.
    let rules: RulesInForce?

    package init(clock: any WallClock, arrival: Arrival = .broker, rules: RulesInForce? = nil) {
        self.clock = clock
        self.arrival = arrival
        self.rules = rules
    }

    package func decode(_ records: [KafkaRecord]) -> Batch {
        var batch = Batch()
        batch.items.reserveCapacity(records.count)
        let now = clock.now()
        let articles = rules?.book.current.articleCount
        var next: [TopicPartition: Int64] = [:]
        for record in records {
            batch.items.append(item(record, now: now, articles))
            next[record.topicPartition] = record.offset + 1
        }
        batch.offsets = next.map { StoredOffset(topic: $0.topic, partition: $0.partition, next: $1) }
        return batch
    }

    private func item(_ record: KafkaRecord, now: Instant, _ articles: Int?) -> Batch.Item {
        let origin = Origin(topic: record.topic, partition: record.partition, offset: record.offset)
        do throws(EventRejection) {
            var event = try Self.event(record)
            // Instrumented producers put their trace beside the event rather than into it.
            if event.attributes["traceparent"] == nil {
                event.attributes["traceparent"] = Self.header("traceparent", record)
            }
            let arrived = receivedAt(record, now)
            return .fact(try EventValidation.fact(event, receivedAt: arrived, articles: articles), origin)
        } catch {
            if error.reason == .unknownType { return .skipped(reason: error.detail, origin) }
            return .deadLetter(Self.letter(record, error, now))
        }
    }

    /// A broker's stamp from the future is not believed.
    private func receivedAt(_ record: KafkaRecord, _ now: Instant) -> Instant {
        switch arrival {
        case .clock: now
        case .broker: record.timestampMillis.map { min(Instant(milliseconds: $0), now) } ?? now
        }
    }

    static func event(_ record: KafkaRecord) throws(EventRejection) -> CloudEvent {
        guard let value = record.value else {
            throw EventRejection(.tombstone, "记录没有内容", "the record has no value")
        }
        let size = record.headers.reduce(value.count) { $0 + $1.name.utf8.count + ($1.value?.count ?? 0) }
        guard size <= EventValidation.maximumBytes else {
            throw EventRejection(
                .tooLarge,
                "\(size) 字节,超过 \(EventValidation.maximumBytes) 字节",
                "\(size) bytes are more than \(EventValidation.maximumBytes)"
            )
        }
        let contentType = header("content-type", record)?.lowercased() ?? ""
        if contentType.hasPrefix("application/cloudevents") {
            guard !contentType.hasPrefix("application/cloudevents-batch") else {
                throw EventRejection(
                    .notCloudEvent,
                    "Kafka 上不能成批(cloudevents-batch)",
                    "batches are not part of the Kafka binding"
                )
            }
            return try CloudEvent(structured: json(value))
        }
        let attributes = binaryAttributes(record)
        if attributes.isEmpty {
            // Without a content type and without headers: an event whose producer forgot to say what it is.
            guard contentType.isEmpty || contentType.hasPrefix("application/json") else {
                throw EventRejection(
                    .notCloudEvent,
                    "没有 ce_ 头,内容类型是 \(contentType.prefix(60))",
                    "no ce_ headers and content type \(contentType.prefix(60))"
                )
            }
            return try CloudEvent(structured: json(value))
        }
        return CloudEvent(attributes: attributes, data: try json(value))
    }

    private static func binaryAttributes(_ record: KafkaRecord) -> [String: String] {
        var attributes: [String: String] = [:]
        for header in record.headers where header.name.lowercased().hasPrefix("ce_") {
            guard let value = header.value, let text = String(validating: value, as: UTF8.self) else {
                continue
            }
            attributes[String(header.name.lowercased().dropFirst(3))] = text
        }
        return attributes
    }

    private static func header(_ name: String, _ record: KafkaRecord) -> String? {
        let value = record.headers.first { $0.name.lowercased() == name }?.value
        return value.flatMap { String(validating: $0, as: UTF8.self) }
    }

    private static func json(_ bytes: [UInt8]) throws(EventRejection) -> Value {
        do {
            return try JSONReader.decode(bytes)
        } catch {
            throw EventRejection(.notJSON, "不是 JSON(\(error))", "\(error)")
        }
    }

    private static func letter(
        _ record: KafkaRecord,
        _ rejection: EventRejection,
        _ now: Instant
    ) -> DeadLetter {
        DeadLetter(
            topic: record.topic,
            partition: record.partition,
            offset: record.offset,
            key: record.key,
            value: record.value,
            headers: record.headers.map { DeadLetter.Header(name: $0.name, value: $0.value) },
            reason: rejection.reason.rawValue,
            detail: rejection.detail,
            at: now
        )
    }
}
