import CRdkafka

/// Writes records and tells where each came to lie.
package final class KafkaProducer: Sendable {
    private let inbox: ProducerInbox

    /// Starts the thread that serves delivery reports.
    ///
    /// Idempotence and `acks=all` are on unless the properties say otherwise; properties that only a
    /// consumer knows are left out.
    ///
    /// - Throws: What librdkafka says about a property.
    package init(properties: [String: String], log: KafkaLog? = nil) throws(KafkaError) {
        let handle = try RdKafkaHandle(.producer, properties: Self.properties(properties), log: log)
        let inbox = ProducerInbox(handle: handle)
        self.inbox = inbox
        try KernelThread.start("kafka-producer") {
            Self.run(inbox)
            inbox.finish()
            inbox.announceClosed()
        }
    }

    deinit { inbox.beginClosing() }

    private static func properties(_ given: [String: String]) -> [String: String] {
        let own = ClientProperties.forProducer(given)
        // Some synonym of acks may be given: a default beside it would win by chance of order.
        let namesAcks = own["acks"] != nil || own["request.required.acks"] != nil
        let withAcks = namesAcks ? own : own.withDefaults(["acks": "all"])
        return withAcks.withDefaults(["enable.idempotence": "true"])
    }

    /// The loop and its reference to the client end here, before the client is let go.
    private static func run(_ inbox: ProducerInbox) {
        guard let handle = inbox.handle else { return }
        ProducerLoop(handle: handle, inbox: inbox).run()
    }

    /// Writes the records and waits for a delivery report of each, in the order given.
    ///
    /// A full queue is waited for; `delivery.timeout.ms` limits how long a record is tried.
    package func produce(_ records: [ProducerRecord]) async -> [Result<DeliveredRecord, KafkaError>] {
        guard !records.isEmpty else { return [] }
        let inbox = inbox
        return await withCheckedContinuation { continuation in
            let batch = ProduceBatch(records, continuation)
            if !inbox.send(batch) { batch.fail(.closed) }
        }
    }

    /// Sends what is queued without lingering, and waits for the reports up to the timeout.
    package func flush(timeout: Duration) async {
        let inbox = inbox
        await withCheckedContinuation { continuation in
            let flush = ProducerInbox.Flush(deadline: .now + timeout, continuation: continuation)
            if !inbox.send(flush) { continuation.resume() }
        }
    }

    /// Ends the thread; what has no report by then fails, so flush first.
    ///
    /// May be called again.
    package func close() async {
        inbox.beginClosing()
        await inbox.closed()
    }
}
