import CRdkafka

extension RdKafkaHandle {
    typealias Message = UnsafeMutablePointer<rd_kafka_message_t>

    func subscribe(_ topics: [String]) -> KafkaError? {
        PartitionList(topics: topics).withPointer { takeError(rd_kafka_subscribe(client, $0)) }
    }

    /// One message or error, which the caller destroys; callbacks run inside.
    func pollConsumer(milliseconds: Int32) -> Message? { rd_kafka_consumer_poll(client, milliseconds) }

    static func destroy(_ message: Message) { rd_kafka_message_destroy(message) }

    private var isCooperative: Bool {
        rd_kafka_rebalance_protocol(client).map { String(cString: $0) == "COOPERATIVE" } ?? false
    }

    func assign(_ list: PartitionList) -> KafkaError? {
        isCooperative
            ? list.withPointer { takeError(rd_kafka_incremental_assign(client, $0)) }
            : list.withPointer { takeError(rd_kafka_assign(client, $0)) }
    }

    func unassign(_ list: PartitionList) -> KafkaError? {
        isCooperative
            ? list.withPointer { takeError(rd_kafka_incremental_unassign(client, $0)) }
            : takeError(rd_kafka_assign(client, nil))
    }

    var isAssignmentLost: Bool { rd_kafka_assignment_lost(client) != 0 }

    func pause(_ partitions: [TopicPartition]) -> KafkaError? {
        PartitionList(partitions).withPointer { takeError(rd_kafka_pause_partitions(client, $0)) }
    }

    func resume(_ partitions: [TopicPartition]) -> KafkaError? {
        PartitionList(partitions).withPointer { takeError(rd_kafka_resume_partitions(client, $0)) }
    }

    /// Blocks until every partition has moved, then reports the first that could not.
    func seek(_ offsets: [TopicPartition: Int64], milliseconds: Int32) -> KafkaError? {
        let list = PartitionList(offsets)
        let error = list.withPointer { takeError(rd_kafka_seek_partitions(client, $0, milliseconds)) }
        return error ?? list.firstError
    }

    /// Sends the commit; its outcome comes by callback.
    func commit(_ offsets: [TopicPartition: Int64]) -> KafkaError? {
        PartitionList(offsets).withPointer { takeError(rd_kafka_commit(client, $0, 1)) }
    }

    /// The end of the partition as of the last fetch, without asking a broker.
    func highWatermark(_ partition: TopicPartition) -> Int64? {
        var low: Int64 = -1
        var high: Int64 = -1
        let code = rd_kafka_get_watermark_offsets(
            client,
            partition.topic,
            partition.partition,
            &low,
            &high
        )
        return code == RD_KAFKA_RESP_ERR_NO_ERROR && high >= 0 ? high : nil
    }

    /// The first offset of the partition and the one after its last, as a broker says; blocks up to the timeout.
    func watermarks(
        _ partition: TopicPartition,
        milliseconds: Int32
    ) throws(KafkaError) -> Range<Int64> {
        var low: Int64 = 0
        var high: Int64 = 0
        let code = rd_kafka_query_watermark_offsets(
            client,
            partition.topic,
            partition.partition,
            &low,
            &high,
            milliseconds
        )
        if let error = takeError(code) { throw error }
        return low..<max(low, high)
    }

    /// Leaves the group; the rebalance callback runs inside.
    func closeConsumer() { rd_kafka_consumer_close(client) }

    /// The ids of the group's members; blocks up to the timeout.
    func members(ofGroup group: String, milliseconds: Int32) throws(KafkaError) -> [String] {
        var found: UnsafePointer<rd_kafka_group_list>?
        if let error = takeError(rd_kafka_list_groups(client, group, &found, milliseconds)) { throw error }
        guard let found else { return [] }
        defer { rd_kafka_group_list_destroy(found) }
        var members: [String] = []
        for info in UnsafeBufferPointer(start: found.pointee.groups, count: Int(found.pointee.group_cnt)) {
            if let error = takeError(info.err) { throw error }
            for member in UnsafeBufferPointer(start: info.members, count: Int(info.member_cnt)) {
                members.append(member.member_id.map { String(cString: $0) } ?? "")
            }
        }
        return members
    }
}
