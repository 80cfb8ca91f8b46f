import CRdkafka

/// The body of a producer's thread: it queues records and serves their delivery reports.
final class ProducerLoop {
    private static let idleMilliseconds: Int32 = 100
    private static let fullMilliseconds: Int32 = 10
    private static let purgePatience: Duration = .seconds(5)

    private let handle: RdKafkaHandle
    private let inbox: ProducerInbox
    private var underWay: [ObjectIdentifier: ProduceBatch] = [:]

    init(handle: RdKafkaHandle, inbox: ProducerInbox) {
        self.handle = handle
        self.inbox = inbox
    }

    /// Returns when the producer is closed and every caller has an answer.
    func run() {
        let log = handle.callbacks.log
        handle.callbacks.onError = { log?($0.isFatal ? 2 : 4, "ERROR", $0.description) }
        handle.callbacks.onDelivery = { [unowned self] in delivered($0) }
        while true {
            let wishes = inbox.wishes()
            for batch in wishes.batches { submit(batch) }
            for flush in wishes.flushes { serve(flush) }
            if wishes.isClosing { break }
            handle.pollProducer(milliseconds: Self.idleMilliseconds)
        }
        giveUp()
        handle.callbacks.clear()
    }

    private func delivered(_ message: UnsafePointer<rd_kafka_message_t>) {
        guard let batch = ProduceBatch.deliver(message), batch.isSettled else { return }
        underWay[ObjectIdentifier(batch)] = nil
    }

    private func submit(_ batch: ProduceBatch) {
        underWay[ObjectIdentifier(batch)] = batch
        for (index, record) in batch.records.enumerated() {
            if let error = submit(record, batch.opaque(of: index)) {
                batch.settle(index, .failure(error))
            }
        }
        if batch.isSettled { underWay[ObjectIdentifier(batch)] = nil }
    }

    /// Waits while librdkafka's queue is full: reports make room.
    private func submit(_ record: ProducerRecord, _ opaque: UnsafeMutableRawPointer) -> KafkaError? {
        while !inbox.isClosing {
            let error = handle.produce(record, opaque: opaque)
            guard let error, error.code == RD_KAFKA_RESP_ERR__QUEUE_FULL.rawValue else { return error }
            handle.pollProducer(milliseconds: Self.fullMilliseconds)
        }
        return .closed
    }

    private func serve(_ flush: ProducerInbox.Flush) {
        while !handle.flush(milliseconds: min(Self.idleMilliseconds, flush.deadline.millisecondsLeft)) {
            if inbox.isClosing || flush.deadline <= .now { break }
        }
        flush.continuation.resume()
    }

    /// Fails what is still under way.
    ///
    /// The reports of purged records are served first, because
    /// librdkafka holds the addresses of their slots until then.
    private func giveUp() {
        handle.purge()
        let deadline = Ticks.now + Self.purgePatience
        while !handle.flush(milliseconds: Self.idleMilliseconds), .now < deadline {}
        for batch in underWay.values { batch.fail(.closed) }
    }
}
