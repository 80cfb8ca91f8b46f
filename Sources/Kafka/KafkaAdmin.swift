/// A topic to be created.
package struct NewTopic: Sendable, Equatable {
    package var name: String
    package var partitions: Int
    package var replication: Int

    package init(name: String, partitions: Int, replication: Int) {
        self.name = name
        self.partitions = partitions
        self.replication = replication
    }
}

/// Looks at a cluster and creates topics; each call blocks a thread of its own.
package final class KafkaAdmin: Sendable {
    private let handle: RdKafkaHandle

    /// Properties that only a consumer knows are left out.
    ///
    /// - Throws: What librdkafka says about a property.
    package init(properties: [String: String], log: KafkaLog? = nil) throws(KafkaError) {
        handle = try RdKafkaHandle(.producer, properties: ClientProperties.forProducer(properties), log: log)
    }

    /// Creates the topics; those that exist are left as they are.
    ///
    /// - Throws: The first topic's failure, or that no broker answered in time.
    package func createTopics(_ topics: [NewTopic], timeout: Duration) async throws(KafkaError) {
        guard !topics.isEmpty else { return }
        let handle = handle
        try await KernelThread.call("kafka-admin") { () throws(KafkaError) in
            try handle.createTopics(topics, milliseconds: timeout.clampedMilliseconds)
        }
    }

    /// The cluster's topics and how many partitions each has.
    ///
    /// - Throws: That no broker answered in time.
    package func metadata(timeout: Duration) async throws(KafkaError) -> [String: Int] {
        let handle = handle
        return try await KernelThread.call("kafka-admin") { () throws(KafkaError) -> [String: Int] in
            try handle.metadata(milliseconds: timeout.clampedMilliseconds)
        }
    }
}
