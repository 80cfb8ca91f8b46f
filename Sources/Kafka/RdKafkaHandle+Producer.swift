import CRdkafka

extension RdKafkaHandle {
    /// Serves delivery reports; blocks up to the timeout.
    func pollProducer(milliseconds: Int32) { rd_kafka_poll(client, milliseconds) }

    /// True when everything queued has its delivery report.
    func flush(milliseconds: Int32) -> Bool {
        rd_kafka_flush(client, milliseconds) == RD_KAFKA_RESP_ERR_NO_ERROR
    }

    /// Gives up on everything that is queued or under way; the delivery reports say so.
    func purge() { rd_kafka_purge(client, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT) }

    /// Queues a copy of the record; `opaque` comes back with its delivery report.
    func produce(_ record: ProducerRecord, opaque: UnsafeMutableRawPointer) -> KafkaError? {
        record.topic.withCString { topic in
            withBytes(record.key) { key, keySize in
                withBytes(record.value) { value, valueSize in
                    var arguments = [rd_kafka_vu_t](repeating: rd_kafka_vu_t(), count: 5)
                    arguments[0].vtype = RD_KAFKA_VTYPE_TOPIC
                    arguments[0].u.cstr = topic
                    arguments[1].vtype = RD_KAFKA_VTYPE_PARTITION
                    arguments[1].u.i32 = record.partition ?? RD_KAFKA_PARTITION_UA
                    arguments[2].vtype = RD_KAFKA_VTYPE_KEY
                    arguments[2].u.mem.ptr = key
                    arguments[2].u.mem.size = keySize
                    arguments[3].vtype = RD_KAFKA_VTYPE_VALUE
                    arguments[3].u.mem.ptr = value
                    arguments[3].u.mem.size = valueSize
                    arguments[4].vtype = RD_KAFKA_VTYPE_OPAQUE
                    arguments[4].u.ptr = opaque
                    arguments.append(Self.copyFlag)
                    return produce(&arguments, headers: record.headers)
                }
            }
        }
    }

    private static var copyFlag: rd_kafka_vu_t {
        var flag = rd_kafka_vu_t()
        flag.vtype = RD_KAFKA_VTYPE_MSGFLAGS
        flag.u.i = RD_KAFKA_MSG_F_COPY
        return flag
    }

    /// The header list belongs to librdkafka once the record is accepted, and to us until then.
    private func produce(_ arguments: inout [rd_kafka_vu_t], headers: [KafkaHeader]) -> KafkaError? {
        guard !headers.isEmpty, let list = rd_kafka_headers_new(headers.count) else {
            return takeError(rd_kafka_produceva(client, arguments, arguments.count))
        }
        for header in headers {
            withBytes(header.value) { value, size in
                _ = rd_kafka_header_add(list, header.name, -1, value, size)
            }
        }
        var argument = rd_kafka_vu_t()
        argument.vtype = RD_KAFKA_VTYPE_HEADERS
        argument.u.headers = list
        arguments.append(argument)
        let error = takeError(rd_kafka_produceva(client, arguments, arguments.count))
        if error != nil { rd_kafka_headers_destroy(list) }
        return error
    }
}

/// Lends the bytes to C: nil as a null pointer, no bytes as a pointer that is not null.
private func withBytes<Value>(
    _ bytes: [UInt8]?,
    _ body: (UnsafeMutableRawPointer?, Int) -> Value
) -> Value {
    guard let bytes else { return body(nil, 0) }
    guard !bytes.isEmpty else {
        var nothing: UInt8 = 0
        return withUnsafeMutableBytes(of: &nothing) { body($0.baseAddress, 0) }
    }
    return bytes.withUnsafeBytes { body(UnsafeMutableRawPointer(mutating: $0.baseAddress), $0.count) }
}
