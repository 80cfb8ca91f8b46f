import CRdkafka

/// What librdkafka says of properties before any client is made of them.
package enum PropertyCheck {
    /// What is wrong with names and values one by one, in librdkafka's words, by the name of the property.
    ///
    /// Values that only fit together with others, and files that they name, are looked at when a client is made.
    package static func problems(_ properties: [String: String]) -> [String: String] {
        guard let configuration = rd_kafka_conf_new() else { return [:] }
        defer { rd_kafka_conf_destroy(configuration) }
        var problems: [String: String] = [:]
        for (name, value) in properties {
            var text = [CChar](repeating: 0, count: 512)
            guard rd_kafka_conf_set(configuration, name, value, &text, text.count) != RD_KAFKA_CONF_OK else {
                continue
            }
            problems[name] = text.withUnsafeBufferPointer {
                $0.baseAddress.map { String(cString: $0) } ?? "is refused"
            }
        }
        return problems
    }
}
