import CRdkafka

/// A failure that librdkafka or a broker reported.
package struct KafkaError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The code in librdkafka's numbering: negative for the client's own errors, positive for a broker's.
    package let code: Int32
    /// The symbolic name of the code, such as `_TRANSPORT` or `UNKNOWN_TOPIC_OR_PART`.
    package let name: String
    /// What happened, in librdkafka's words.
    package let message: String
    /// True when the client instance cannot go on and has to be made anew.
    package let isFatal: Bool
    /// True when the same call may succeed later.
    package let isRetriable: Bool

    package var description: String { "\(name): \(message)" }

    init(_ code: rd_kafka_resp_err_t, _ message: String? = nil, isFatal: Bool = false) {
        self.code = code.rawValue
        self.name = String(cString: rd_kafka_err2name(code))
        self.message = message ?? String(cString: rd_kafka_err2str(code))
        self.isFatal = isFatal || code == RD_KAFKA_RESP_ERR__FATAL
        self.isRetriable = !self.isFatal && Self.retriable.contains(code.rawValue)
    }

    /// Reads an error object and destroys it.
    init(consuming error: OpaquePointer) {
        let code = rd_kafka_error_code(error)
        self.code = code.rawValue
        self.name = String(cString: rd_kafka_err2name(code))
        self.message = String(cString: rd_kafka_error_string(error))
        self.isFatal = rd_kafka_error_is_fatal(error) != 0
        self.isRetriable =
            !self.isFatal
            && (rd_kafka_error_is_retriable(error) != 0 || Self.retriable.contains(code.rawValue))
        rd_kafka_error_destroy(error)
    }

    /// The client was closed before or while the call ran.
    static var closed: KafkaError { KafkaError(RD_KAFKA_RESP_ERR__DESTROY, "the client is closed") }

    private static let retriable: Set<Int32> = Set(
        [
            RD_KAFKA_RESP_ERR__TRANSPORT,
            RD_KAFKA_RESP_ERR__RESOLVE,
            RD_KAFKA_RESP_ERR__MSG_TIMED_OUT,
            RD_KAFKA_RESP_ERR__TIMED_OUT,
            RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE,
            RD_KAFKA_RESP_ERR__QUEUE_FULL,
            RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN,
            RD_KAFKA_RESP_ERR__WAIT_COORD,
            RD_KAFKA_RESP_ERR__WAIT_CACHE,
            RD_KAFKA_RESP_ERR__IN_PROGRESS,
            RD_KAFKA_RESP_ERR__PREV_IN_PROGRESS,
            RD_KAFKA_RESP_ERR__STATE,
            RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE,
            RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION,
            RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT,
            RD_KAFKA_RESP_ERR_BROKER_NOT_AVAILABLE,
            RD_KAFKA_RESP_ERR_REPLICA_NOT_AVAILABLE,
            RD_KAFKA_RESP_ERR_NETWORK_EXCEPTION,
            RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS,
            RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE,
            RD_KAFKA_RESP_ERR_NOT_COORDINATOR,
            RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS,
            RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS_AFTER_APPEND,
            RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS,
            RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART,
            RD_KAFKA_RESP_ERR_KAFKA_STORAGE_ERROR,
        ].map(\.rawValue)
    )
}
