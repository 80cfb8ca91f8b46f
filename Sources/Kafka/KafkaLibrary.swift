import CRdkafka

/// The C library below this module.
package enum KafkaLibrary {
    /// The version that is loaded, such as `2.0.2`.
    package static var version: String { String(cString: rd_kafka_version_str()) }
}
