import Kafka

/// The broker that was named, or an embedded one, and topics on it that nobody else has.
struct BenchBroker {
    let servers: String
    private let embedded: EmbeddedBroker?

    init(_ bootstrap: String?) throws {
        embedded = bootstrap == nil ? try EmbeddedBroker() : nil
        servers = bootstrap ?? embedded?.bootstrapServers ?? ""
    }

    /// With six partitions each.
    func create(_ topics: String...) async throws {
        if let embedded {
            for topic in topics { try embedded.createTopic(topic, partitions: 6) }
            return
        }
        let admin = try KafkaAdmin(properties: ["bootstrap.servers": servers])
        try await admin.createTopics(
            topics.map { NewTopic(name: $0, partitions: 6, replication: 1) },
            timeout: .seconds(10)
        )
    }

    func close() { embedded?.close() }
}
