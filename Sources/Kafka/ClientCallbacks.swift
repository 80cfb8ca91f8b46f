import CRdkafka
import Synchronization

/// Receives a log line of librdkafka: syslog level (0 worst, 7 debug), facility, text.
///
/// It is called from librdkafka's own threads and must neither block nor call a Kafka client.
package typealias KafkaLog = @Sendable (Int32, String, String) -> Void

/// Where librdkafka's callbacks of one client arrive.
///
/// All but the log are called on the thread that polls, which is also the only one that sets them.
final class ClientCallbacks: @unchecked Sendable {
    let log: KafkaLog?
    var onError: ((KafkaError) -> Void)?
    var onRebalance: ((rd_kafka_resp_err_t, PartitionList) -> Void)?
    var onDelivery: ((UnsafePointer<rd_kafka_message_t>) -> Void)?

    private let abandoned = Atomic(false)

    init(log: KafkaLog?) { self.log = log }

    var isAbandoned: Bool { abandoned.load(ordering: .acquiring) }

    /// No log line is passed on any more.
    func abandon() { abandoned.store(true, ordering: .releasing) }

    func clear() {
        onError = nil
        onRebalance = nil
        onDelivery = nil
    }

    /// Registers every callback and itself as their context, without taking a reference.
    func install(in configuration: OpaquePointer, isConsumer: Bool) {
        rd_kafka_conf_set_opaque(configuration, Unmanaged.passUnretained(self).toOpaque())
        rd_kafka_conf_set_log_cb(configuration, logArrived)
        rd_kafka_conf_set_error_cb(configuration, errorArrived)
        if isConsumer {
            rd_kafka_conf_set_rebalance_cb(configuration, rebalanceArrived)
            rd_kafka_conf_set_offset_commit_cb(configuration, commitArrived)
        } else {
            rd_kafka_conf_set_dr_msg_cb(configuration, deliveryArrived)
        }
    }

    fileprivate static func of(_ opaque: UnsafeMutableRawPointer?) -> ClientCallbacks? {
        opaque.map { Unmanaged<ClientCallbacks>.fromOpaque($0).takeUnretainedValue() }
    }
}

private func logArrived(
    _ client: OpaquePointer?,
    _ level: Int32,
    _ facility: UnsafePointer<CChar>?,
    _ text: UnsafePointer<CChar>?
) {
    guard let client, let callbacks = ClientCallbacks.of(rd_kafka_opaque(client)) else { return }
    guard let log = callbacks.log, !callbacks.isAbandoned else { return }
    log(level, facility.map { String(cString: $0) } ?? "", text.map { String(cString: $0) } ?? "")
}

private func errorArrived(
    _ client: OpaquePointer?,
    _ code: Int32,
    _ reason: UnsafePointer<CChar>?,
    _ opaque: UnsafeMutableRawPointer?
) {
    guard let callbacks = ClientCallbacks.of(opaque) else { return }
    let code = rd_kafka_resp_err_t(rawValue: code)
    guard code == RD_KAFKA_RESP_ERR__FATAL, let client else {
        callbacks.onError?(KafkaError(code, reason.map { String(cString: $0) }))
        return
    }
    var text = [CChar](repeating: 0, count: 512)
    let cause = rd_kafka_fatal_error(client, &text, text.count)
    let message = text.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } }
    callbacks.onError?(KafkaError(cause, message, isFatal: true))
}

private func rebalanceArrived(
    _ client: OpaquePointer?,
    _ code: rd_kafka_resp_err_t,
    _ partitions: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>?,
    _ opaque: UnsafeMutableRawPointer?
) {
    guard let partitions else { return }
    ClientCallbacks.of(opaque)?.onRebalance?(code, PartitionList(borrowing: partitions))
}

private func commitArrived(
    _ client: OpaquePointer?,
    _ code: rd_kafka_resp_err_t,
    _ partitions: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>?,
    _ opaque: UnsafeMutableRawPointer?
) {
    guard code != RD_KAFKA_RESP_ERR_NO_ERROR, code != RD_KAFKA_RESP_ERR__NO_OFFSET else { return }
    ClientCallbacks.of(opaque)?.onError?(KafkaError(code, "offset commit failed"))
}

private func deliveryArrived(
    _ client: OpaquePointer?,
    _ message: UnsafePointer<rd_kafka_message_t>?,
    _ opaque: UnsafeMutableRawPointer?
) {
    guard let message else { return }
    ClientCallbacks.of(opaque)?.onDelivery?(message)
}
