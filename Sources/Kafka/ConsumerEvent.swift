/// What a consumer tells its owner, in order.
package enum ConsumerEvent: Sendable {
    /// Records of any of the assigned partitions; within one partition in the order of their offsets.
    case records([KafkaRecord])
    /// These partitions are read from now on.
    case assigned([TopicPartition])
    /// These partitions are read no longer; `lost` means that another member may own them already.
    case revoked([TopicPartition], lost: Bool)
    /// The client recovers by itself unless the error is fatal.
    case error(KafkaError)
}
