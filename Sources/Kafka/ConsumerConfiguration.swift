/// What a consumer reads, and how it cuts the stream into batches.
package struct ConsumerConfiguration: Sendable {
    /// Properties under librdkafka's own names; those that only a producer knows are left out.
    package var properties: [String: String]
    package var topics: [String]
    /// Records in one batch.
    package var maxBatch: Int
    /// Key and value bytes after which a batch is full, however few its records.
    package var maxBatchBytes: Int
    /// The longest time that a record waits for company.
    package var linger: Duration

    package init(
        properties: [String: String],
        topics: [String],
        maxBatch: Int = 2000,
        maxBatchBytes: Int = 8 << 20,
        linger: Duration = .milliseconds(5)
    ) {
        self.properties = properties
        self.topics = topics
        self.maxBatch = max(1, maxBatch)
        self.maxBatchBytes = max(1, maxBatchBytes)
        self.linger = linger
    }
}
