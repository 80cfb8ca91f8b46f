import CRdkafka
import Synchronization

/// librdkafka's mock cluster in this process: brokers on loopback, each on a random port.
///
/// It is a real listener that other processes can use, keeps about 5 MB a partition and forgets
/// everything when it ends. Faults can be asked for; calls after `close` do nothing.
package final class EmbeddedBroker: Sendable {
    private struct Cluster: @unchecked Sendable {
        let handle: RdKafkaHandle
        let mock: OpaquePointer
    }

    private let cluster: Mutex<Cluster?>
    /// The address list for `bootstrap.servers`.
    package let bootstrapServers: String

    /// Starts brokers numbered from 1.
    package init(brokers: Int = 1, log: KafkaLog? = nil) throws(KafkaError) {
        let handle = try RdKafkaHandle(.producer, properties: [:], log: log)
        guard let mock = rd_kafka_mock_cluster_new(handle.client, Int32(clamping: max(1, brokers))) else {
            throw KafkaError(RD_KAFKA_RESP_ERR__FAIL, "the embedded broker did not start")
        }
        bootstrapServers = rd_kafka_mock_cluster_bootstraps(mock).map { String(cString: $0) } ?? ""
        cluster = Mutex(Cluster(handle: handle, mock: mock))
    }

    deinit { close() }

    /// Creates a topic with one replica.
    ///
    /// - Throws: When the topic exists, the count is refused or the broker is closed.
    package func createTopic(_ name: String, partitions: Int) throws(KafkaError) {
        let code = withMock { rd_kafka_mock_topic_create($0, name, Int32(clamping: partitions), 1) }
        guard let code else { throw .closed }
        if let error = takeError(code) { throw error }
    }

    /// Delays every answer of the broker.
    package func setRoundTrip(_ duration: Duration, broker: Int32 = 1) {
        let milliseconds = Int32(clamping: max(0, duration.clampedNanoseconds / 1_000_000))
        _ = withMock { rd_kafka_mock_broker_set_rtt($0, broker, milliseconds) }
    }

    /// Drops the broker's connections and refuses new ones.
    package func setDown(broker: Int32 = 1) {
        _ = withMock { rd_kafka_mock_broker_set_down($0, broker) }
    }

    /// Accepts connections again.
    package func setUp(broker: Int32 = 1) {
        _ = withMock { rd_kafka_mock_broker_set_up($0, broker) }
    }

    /// Makes the broker the leader of the partition.
    package func moveLeader(topic: String, partition: Int32, broker: Int32) {
        _ = withMock { rd_kafka_mock_partition_set_leader($0, topic, partition, broker) }
    }

    /// Answers questions about the topic with this protocol error code, until 0 is set.
    package func setTopicError(_ name: String, code: Int32) {
        _ = withMock { rd_kafka_mock_topic_set_error($0, name, rd_kafka_resp_err_t(rawValue: code)) }
    }

    /// Answers the next requests of this kind with these error codes, one each, 0 meaning none.
    ///
    /// - Parameters:
    ///   - apiKey: The protocol's number of the request: 0 produce, 1 fetch.
    ///   - codes: The protocol's error codes; a negative one is librdkafka's, -195 drops the connection.
    package func pushErrors(apiKey: Int16, codes: [Int32]) {
        let errors = codes.map { rd_kafka_resp_err_t(rawValue: $0) }
        _ = withMock { rd_kafka_mock_push_request_errors_array($0, apiKey, errors.count, errors) }
    }

    /// Ends the brokers; may be called again.
    package func close() {
        let taken = cluster.withLock { cluster in
            defer { cluster = nil }
            return cluster
        }
        guard let taken else { return }
        withExtendedLifetime(taken) { rd_kafka_mock_cluster_destroy(taken.mock) }
    }

    private func withMock<Value: Sendable>(_ body: (OpaquePointer) -> Value) -> Value? {
        cluster.withLock { $0.map { body($0.mock) } }
    }
}
