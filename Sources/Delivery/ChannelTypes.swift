import Duty
import DutyConfig

/// The types of channel that there are.
package enum ChannelTypes {
    /// One line each, in the order in which messages name them.
    package static let all: [ChannelType] = [
        ConsoleChannel.type,
        WebhookChannel.type,
        EmailChannel.type,
        CommandChannel.type,
        KafkaChannel.type,
        WecomRobotChannel.type,
        WecomAppChannel.type,
        DingtalkRobotChannel.type,
        FeishuRobotChannel.type,
        SMSAliyunChannel.type,
        SMSTencentChannel.type,
        VoiceAliyunChannel.type,
    ]

    /// The channels of a configuration by their names, and how each is to be used.
    ///
    /// - Throws: `ChannelConfiguration.Missing`.
    package static func make(
        _ configurations: [ChannelConfiguration],
        _ tools: ChannelTools
    ) throws -> (channels: [String: any Channel], policy: DispatchPolicy) {
        var channels: [String: any Channel] = [:]
        var policy = DispatchPolicy()
        for configuration in configurations {
            guard let type = all.first(where: { $0.schema.word == configuration.type }) else { continue }
            channels[configuration.name] = try type.make(configuration, tools)
            policy.channels[configuration.name] = type.policy(configuration)
        }
        return (channels, policy)
    }
}
