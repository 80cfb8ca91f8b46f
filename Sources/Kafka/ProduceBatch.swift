import CRdkafka

/// The records of one call to a producer, on their way to their delivery reports.
///
/// After it was handed to the producer's thread it is touched there alone.
final class ProduceBatch: @unchecked Sendable {
    typealias Outcome = Result<DeliveredRecord, KafkaError>

    /// What librdkafka carries for one record; its address is the record's opaque.
    private struct Slot {
        let batch: Unmanaged<ProduceBatch>
        let index: Int
    }

    let records: [ProducerRecord]
    private var outcomes: [Outcome?]
    private var missing: Int
    private let slots: UnsafeMutablePointer<Slot>
    private let continuation: CheckedContinuation<[Outcome], Never>

    init(_ records: [ProducerRecord], _ continuation: CheckedContinuation<[Outcome], Never>) {
        self.records = records
        self.continuation = continuation
        outcomes = Array(repeating: nil, count: records.count)
        missing = records.count
        slots = .allocate(capacity: records.count)
        for index in records.indices {
            (slots + index).initialize(to: Slot(batch: .passUnretained(self), index: index))
        }
    }

    deinit { slots.deallocate() }

    func opaque(of index: Int) -> UnsafeMutableRawPointer { UnsafeMutableRawPointer(slots + index) }

    /// Finds the batch that a delivery report belongs to and enters it there.
    ///
    /// The producer's loop keeps every batch until its last report.
    static func deliver(_ message: UnsafePointer<rd_kafka_message_t>) -> ProduceBatch? {
        guard let opaque = message.pointee._private else { return nil }
        let slot = opaque.assumingMemoryBound(to: Slot.self).pointee
        let batch = slot.batch.takeUnretainedValue()
        let outcome: Outcome =
            message.pointee.err == RD_KAFKA_RESP_ERR_NO_ERROR
            ? .success(DeliveredRecord(partition: message.pointee.partition, offset: message.pointee.offset))
            : .failure(KafkaError(message.pointee.err))
        batch.settle(slot.index, outcome)
        return batch
    }

    var isSettled: Bool { missing == 0 }

    /// Enters an outcome; the last one resumes the caller.
    func settle(_ index: Int, _ outcome: Outcome) {
        guard outcomes[index] == nil else { return }
        outcomes[index] = outcome
        missing -= 1
        if missing == 0 { continuation.resume(returning: outcomes.compactMap(\.self)) }
    }

    /// Fails every record that has no outcome yet.
    func fail(_ error: KafkaError) {
        for index in records.indices { settle(index, .failure(error)) }
    }
}
