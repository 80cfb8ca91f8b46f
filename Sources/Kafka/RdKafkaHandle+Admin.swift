import CRdkafka

extension RdKafkaHandle {
    /// Partition counts of all topics; blocks up to the timeout.
    func metadata(milliseconds: Int32) throws(KafkaError) -> [String: Int] {
        var found: UnsafePointer<rd_kafka_metadata>?
        if let error = takeError(rd_kafka_metadata(client, 1, nil, &found, milliseconds)) { throw error }
        guard let found else { return [:] }
        defer { rd_kafka_metadata_destroy(found) }
        var counts: [String: Int] = [:]
        for topic in UnsafeBufferPointer(start: found.pointee.topics, count: Int(found.pointee.topic_cnt)) {
            guard topic.err == RD_KAFKA_RESP_ERR_NO_ERROR, let name = topic.topic else { continue }
            counts[String(cString: name)] = Int(topic.partition_cnt)
        }
        return counts
    }

    /// Creates the topics; blocks up to the timeout.
    ///
    /// One that exists is no failure.
    func createTopics(_ topics: [NewTopic], milliseconds: Int32) throws(KafkaError) {
        let queue = rd_kafka_queue_new(client)
        defer { rd_kafka_queue_destroy(queue) }
        try request(topics, milliseconds, answer: queue)
        guard let event = rd_kafka_queue_poll(queue, milliseconds + 1_000) else {
            throw KafkaError(RD_KAFKA_RESP_ERR__TIMED_OUT)
        }
        defer { rd_kafka_event_destroy(event) }
        if rd_kafka_event_error(event) != RD_KAFKA_RESP_ERR_NO_ERROR {
            let text = rd_kafka_event_error_string(event).map { String(cString: $0) }
            throw KafkaError(rd_kafka_event_error(event), text)
        }
        try check(event)
    }

    private func request(
        _ topics: [NewTopic],
        _ milliseconds: Int32,
        answer queue: OpaquePointer?
    ) throws(KafkaError) {
        var requests: [OpaquePointer?] = []
        defer { for request in requests { rd_kafka_NewTopic_destroy(request) } }
        var text = [CChar](repeating: 0, count: 512)
        for topic in topics {
            let partitions = Int32(clamping: topic.partitions)
            let replication = Int32(clamping: topic.replication)
            guard
                let request = rd_kafka_NewTopic_new(topic.name, partitions, replication, &text, text.count)
            else {
                let message = text.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } }
                throw KafkaError(RD_KAFKA_RESP_ERR__INVALID_ARG, message)
            }
            requests.append(request)
        }
        let options = rd_kafka_AdminOptions_new(client, RD_KAFKA_ADMIN_OP_CREATETOPICS)
        defer { rd_kafka_AdminOptions_destroy(options) }
        _ = rd_kafka_AdminOptions_set_request_timeout(options, milliseconds, nil, 0)
        rd_kafka_CreateTopics(client, &requests, requests.count, options, queue)
    }

    private func check(_ event: OpaquePointer) throws(KafkaError) {
        guard let result = rd_kafka_event_CreateTopics_result(event) else { return }
        var count = 0
        guard let outcomes = rd_kafka_CreateTopics_result_topics(result, &count) else { return }
        for outcome in UnsafeBufferPointer(start: outcomes, count: count) {
            let code = rd_kafka_topic_result_error(outcome)
            guard code != RD_KAFKA_RESP_ERR_NO_ERROR, code != RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS else {
                continue
            }
            throw KafkaError(code, rd_kafka_topic_result_error_string(outcome).map { String(cString: $0) })
        }
    }
}
