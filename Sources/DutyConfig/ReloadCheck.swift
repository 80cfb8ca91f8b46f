import Duty

/// What a reload cannot apply: the keys that differ between the running configuration and a new one and are read
/// at the start only.
///
/// A reload is applied whole or not at all, so one such key refuses it.
package enum ReloadCheck {
    /// Members of `DutyclockConfiguration` that a reload applies, or that only say where others were read.
    package static let applied: Set<String> = [
        "file", "policy", "directory", "calendar", "templates", "channelLines", "routing", "routingLine",
        "quietHours", "quietHoursLine", "absentSecrets",
    ]

    /// The keys, as the file spells them; empty when all of it can be applied.
    ///
    /// Of a secret only the key is named.
    package static func restartKeys(_ old: DutyclockConfiguration, _ new: DutyclockConfiguration) -> [String]
    {
        var keys = properties(old.kafka, new.kafka)
        func compare(_ key: String, _ member: (DutyclockConfiguration) -> some Equatable) {
            if member(old) != member(new) { keys.append(key) }
        }
        compare("kafka.topics.intake") { $0.kafka.intake }
        compare("kafka.topics.outcomes") { $0.kafka.outcomes }
        compare("kafka.topics.deadLetters") { $0.kafka.deadLetters }
        compare("kafka.createTopics") { $0.kafka.createsTopics }
        compare("store.url") { $0.store }
        compare("locale") { $0.locale }
        keys += channels(old.channels, new.channels)
        compare("shadow") { $0.shadow }
        compare("http.listen") { [$0.http.host, "\($0.http.port)"] }
        compare("http.publicURL") { $0.http.publicURL }
        compare("http.linkSecret") { $0.http.linkSecret }
        compare("http.links.expiry") { $0.http.linkExpiry }
        compare("http.open") { $0.http.isOpen }
        compare("http.tls") { $0.http.tls == nil }
        compare("log.format") { $0.log.format }
        compare("log.environment") { $0.log.environment }
        compare("retention.matters") { $0.retention.matters }
        compare("retention.journal") { $0.retention.journal }
        return keys
    }

    private static func properties(
        _ old: DutyclockConfiguration.Kafka,
        _ new: DutyclockConfiguration.Kafka
    ) -> [String] {
        let names = [old.properties.keys, new.properties.keys].flatMap { $0 }
        let secrets = [old.secretProperties.keys, new.secretProperties.keys].flatMap { $0 }
        return Set(names + secrets).sorted()
            .filter { name in
                old.properties[name] != new.properties[name]
                    || old.secretProperties[name] != new.secretProperties[name]
            }
            .map { "kafka.properties.\($0)" }
    }

    private static func channels(_ old: [ChannelConfiguration], _ new: [ChannelConfiguration]) -> [String] {
        let before = Dictionary(old.map { ($0.name, $0) }) { $1 }
        let after = Dictionary(new.map { ($0.name, $0) }) { $1 }
        return Set(before.keys).union(after.keys).sorted().flatMap { name -> [String] in
            guard let old = before[name] else { return ["channels.\(name) (new)"] }
            guard let new = after[name] else { return ["channels.\(name) (removed)"] }
            return changes(old, new).map { "channels.\(name).\($0)" }
        }
    }

    private static func changes(_ old: ChannelConfiguration, _ new: ChannelConfiguration) -> [String] {
        var keys: [String] = []
        func compare(_ key: String, _ member: (ChannelConfiguration) -> some Equatable) {
            if member(old) != member(new) { keys.append(key) }
        }
        compare("type") { $0.type }
        compare("endpoint") { $0.endpoint }
        compare("timeout") { $0.limits.timeout }
        compare("concurrency") { $0.limits.concurrency }
        compare("budget.channel") { $0.limits.budget }
        compare("budget.person") { $0.limits.personBudget }
        compare("budget.template") { $0.limits.templateBudget }
        compare("budget.patience") { $0.limits.patience }
        compare("grouping") { $0.limits.grouping }
        compare("retry") { $0.limits.retry }
        for key in Set(old.values.keys).union(new.values.keys).sorted() {
            if old.values[key] != new.values[key] { keys.append(key) }
        }
        return keys
    }
}
