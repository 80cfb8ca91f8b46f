import CRdkafka

/// One librdkafka client: made from properties, destroyed with the last reference.
final class RdKafkaHandle: @unchecked Sendable {
    enum Kind {
        case producer
        case consumer
    }

    let client: OpaquePointer
    let callbacks: ClientCallbacks
    /// The queue that the polling thread waits on.
    private let queue: OpaquePointer

    init(_ kind: Kind, properties: [String: String], log: KafkaLog?) throws(KafkaError) {
        callbacks = ClientCallbacks(log: log)
        let configuration = try Self.configuration(properties)
        callbacks.install(in: configuration, isConsumer: kind == .consumer)
        var text = [CChar](repeating: 0, count: 512)
        let type = kind == .consumer ? RD_KAFKA_CONSUMER : RD_KAFKA_PRODUCER
        guard let client = rd_kafka_new(type, configuration, &text, text.count) else {
            let cause = rd_kafka_last_error()
            rd_kafka_conf_destroy(configuration)
            throw KafkaError(cause, Self.string(text))
        }
        let queue =
            kind == .consumer ? rd_kafka_queue_get_consumer(client) : rd_kafka_queue_get_main(client)
        guard let queue else {
            rd_kafka_destroy(client)
            throw KafkaError(RD_KAFKA_RESP_ERR__UNKNOWN_GROUP, "a consumer needs the property group.id")
        }
        if kind == .consumer { rd_kafka_poll_set_consumer(client) }
        self.client = client
        self.queue = queue
    }

    deinit {
        guard !callbacks.isAbandoned else { return }
        rd_kafka_queue_destroy(queue)
        rd_kafka_destroy_flags(client, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE)
    }

    /// Leaves the client, now silent, to the end of the process instead of destroying it.
    ///
    /// Before 2.3.0 librdkafka aborts when a member of a cooperative group is destroyed between joining
    /// and its first assignment (its issue 4312). A few idle threads are the lesser evil.
    func abandonIfDestroyingAborts() {
        guard rd_kafka_version() < 0x0203_0000 else { return }
        _ = Unmanaged.passRetained(callbacks)
        callbacks.abandon()
    }

    /// Makes the poll that is going on, or else the next one, return at once.
    func wake() { rd_kafka_queue_yield(queue) }

    private static func configuration(_ properties: [String: String]) throws(KafkaError) -> OpaquePointer {
        guard let configuration = rd_kafka_conf_new() else {
            throw KafkaError(RD_KAFKA_RESP_ERR__CRIT_SYS_RESOURCE)
        }
        var text = [CChar](repeating: 0, count: 512)
        for (name, value) in properties.sorted(by: { $0.key < $1.key }) {
            let result = rd_kafka_conf_set(configuration, name, value, &text, text.count)
            guard result == RD_KAFKA_CONF_OK else {
                rd_kafka_conf_destroy(configuration)
                throw KafkaError(RD_KAFKA_RESP_ERR__INVALID_ARG, string(text))
            }
        }
        return configuration
    }

    private static func string(_ text: [CChar]) -> String {
        text.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
    }
}

/// Turns librdkafka's optional error object into a value.
func takeError(_ error: OpaquePointer?) -> KafkaError? { error.map { KafkaError(consuming: $0) } }

/// Turns librdkafka's code into a value, or nil for success.
func takeError(_ code: rd_kafka_resp_err_t) -> KafkaError? {
    code == RD_KAFKA_RESP_ERR_NO_ERROR ? nil : KafkaError(code)
}
