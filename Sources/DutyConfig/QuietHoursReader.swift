import Duty

extension DutyclockConfiguration {
    /// When some channels rest at night (question Q48 of docs/policy.md).
    package struct QuietHours: Hashable, Sendable {
        /// Minutes after midnight; `until` may be the smaller one, equal ones mean never.
        package var from = 22 * 60
        package var until = 7 * 60
        /// Names of the channels that rest; nil: all by text message and voice.
        package var channels: Set<String>?
        /// Codes of messages that are sent at any hour, and rules whose breaches are; nil: the rules that the
        /// policy marks with `atNight`.
        package var breakThrough: Set<String>?

        package init() {}

        /// What is said at any hour under `policy`.
        package func breakingThrough(_ policy: Policy) -> Set<String> {
            breakThrough ?? Set(policy.rules.filter(\.isToldAtNight).map(\.id.text))
        }
    }

    /// The names of the channels that rest in the quiet hours.
    package var quietChannels: Set<String> {
        quietHours.channels ?? Set(channels.filter { ChannelSchema.rings($0.type) }.map(\.name))
    }
}

extension ChannelSchema {
    /// Whether a channel of this type wakes people up.
    static func rings(_ word: String) -> Bool { word.hasPrefix("sms-") || word.hasPrefix("voice-") }
}

/// Reads `quietHours`.
struct QuietHoursReader {
    /// The names of all channels.
    let channels: [String]

    func quietHours(_ map: YAMLMapping) -> DutyclockConfiguration.QuietHours {
        var quiet = DutyclockConfiguration.QuietHours()
        quiet.from = map["from"].flatMap(minute) ?? quiet.from
        quiet.until = map["until"].flatMap(minute) ?? quiet.until
        if let node = map["channels"] {
            let names = node.list().compactMap { item in item.text().map { (item, $0) } }
            for (item, name) in names where !channels.contains(name) {
                item.fail(
                    "没有渠道“\(name)”",
                    "channel \"\(name)\" does not exist",
                    Spelling.hint(name, among: channels)
                )
            }
            quiet.channels = Set(names.map(\.1))
        }
        if let node = map["breakThrough"] { quiet.breakThrough = Set(node.list().compactMap { $0.text() }) }
        return quiet
    }

    private func minute(_ node: YAMLNode) -> Int? {
        guard let text = node.text() else { return nil }
        guard let minute = TimeText.minute(text), minute < 1_440 else {
            return node.failed(
                "须是 22:00 这样的时刻,现为“\(text)”",
                "must be a time of day such as 22:00, is \"\(text)\""
            )
        }
        return minute
    }
}
