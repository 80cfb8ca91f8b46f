import Duty
import DutyConfig

/// A type of channel: the keys that it reads, how it is made, and what its codes say of the channel itself.
///
/// It stands beside the channel in one file; ``ChannelTypes`` lists it in one line.
package struct ChannelType: Sendable {
    package let schema: ChannelSchema
    /// Codes of a refusal that concerns the channel and not the message; its breaker opens at once.
    package let openCodes: Set<String>
    /// Codes after which the provider takes nothing for a known time: the breaker opens for just as long.
    package let pauses: [String: Span]
    /// For how long the provider recognises a message that comes again and delivers it once; nil: it does not.
    package let repeatsSafelyFor: Span?
    /// Makes the channel out of what the file says of it; throws `ChannelConfiguration.Missing`.
    package let make: @Sendable (ChannelConfiguration, ChannelTools) throws -> any Channel

    package init(
        _ schema: ChannelSchema,
        openCodes: Set<String> = [],
        pauses: [String: Span] = [:],
        repeatsSafelyFor: Span? = nil,
        make: @escaping @Sendable (ChannelConfiguration, ChannelTools) throws -> any Channel
    ) {
        self.schema = schema
        self.openCodes = openCodes
        self.pauses = pauses
        self.repeatsSafelyFor = repeatsSafelyFor
        self.make = make
    }

    /// How the dispatcher is to use the channel that the file describes.
    ///
    /// Where the provider keeps the texts, several messages become one only if it has a text for that.
    func policy(_ configuration: ChannelConfiguration) -> ChannelPolicy {
        var policy = policy(configuration.limits)
        for case .templates(let templates) in configuration.values.values {
            policy.templates = templates.mapValues(\.id)
        }
        if !policy.carries(Digest.code) { policy.grouping = nil }
        return policy
    }

    /// How the dispatcher is to use a channel of this type.
    package func policy(_ limits: ChannelLimits) -> ChannelPolicy {
        ChannelPolicy(
            timeout: .microseconds(limits.timeout.microseconds),
            concurrency: limits.concurrency,
            retry: RetryPolicy(
                attempts: limits.retry.attempts,
                base: limits.retry.base,
                cap: limits.retry.cap
            ),
            budget: limits.budget.map { Budget.Rate($0.count, per: $0.per) },
            personBudget: limits.personBudget.map { Budget.Rate($0.count, per: $0.per) },
            templateBudget: limits.templateBudget.map { Budget.Rate($0.count, per: $0.per) },
            patience: limits.patience,
            grouping: limits.grouping.over > 0
                ? Grouping(over: limits.grouping.over, within: limits.grouping.within) : nil,
            digestLength: limits.digestLength,
            keepsClear: limits.keepsClear,
            openCodes: openCodes,
            pauses: pauses,
            repeatsSafelyFor: repeatsSafelyFor
        )
    }
}

/// What the assembly lends to channels.
package struct ChannelTools: Sendable {
    /// Puts one record onto a Kafka topic and waits until the broker has it.
    package typealias Publish =
        @Sendable (_ topic: String, _ key: [UInt8], _ value: [UInt8], _ headers: [(String, [UInt8])]) async ->
        SendOutcome

    package let http: OutboundHTTP
    package let now: @Sendable () -> Instant
    /// The CloudEvents source of this installation.
    package let source: String
    /// How a person is called.
    package let nameOf: @Sendable (PersonRef) -> String
    /// The address of a person on a channel, if there is one.
    package let addressOf: @Sendable (PersonRef, _ channel: String) -> String?
    /// Whether console lines may carry colour.
    package let colour: Bool
    /// Takes a console line without its line break.
    package let sink: @Sendable (String) -> Void
    /// Nil where there is no Kafka; this module does not know that library.
    package let publish: Publish?

    package init(
        http: OutboundHTTP,
        now: @escaping @Sendable () -> Instant,
        source: String = "/dutyclock",
        nameOf: @escaping @Sendable (PersonRef) -> String = { $0.text },
        addressOf: @escaping @Sendable (PersonRef, _ channel: String) -> String? = { _, _ in nil },
        colour: Bool = false,
        sink: @escaping @Sendable (String) -> Void = { _ in },
        publish: Publish? = nil
    ) {
        self.http = http
        self.now = now
        self.source = source
        self.nameOf = nameOf
        self.addressOf = addressOf
        self.colour = colour
        self.sink = sink
        self.publish = publish
    }
}
