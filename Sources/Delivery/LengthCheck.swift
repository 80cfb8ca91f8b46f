import Duty
import DutyConfig

/// Whether what is said fits where it is said: providers cut, or refuse, what is longer.
extension MessageRenderer {
    /// Every template whose text can be longer than one of the channels takes, and every value that a provider's own
    /// text is filled with and that can be longer than it takes.
    ///
    /// Measured with the longest data that are to be expected. `file` is the configuration, `lines` where each channel
    /// stands in it.
    package func overlong(
        _ channels: [ChannelConfiguration],
        file: String,
        lines: [String: Int]
    ) -> [ConfigProblem] {
        channels.flatMap { texts($0) + values($0, file, lines[$0.name] ?? 1) }
    }

    private func texts(_ channel: ChannelConfiguration) -> [ConfigProblem] {
        guard let size = channel.textSize else { return [] }
        return MessageCatalogue.codes.compactMap { code in
            guard hasTemplate(code) else { return nil }
            let count = size.count(longest(code).text)
            guard count > size.limit else { return nil }
            let (unit, way) = (size.unit, "\(channel.name) (\(channel.type))")
            return ConfigProblem(
                file: path(code),
                line: 2,
                wording: Wording(
                    "\(code): 最长可达 \(count) \(unit.chinese),而渠道 \(way) 只收 \(size.limit)",
                    "\(code): up to \(count) \(unit.english), and channel \(way) takes \(size.limit)"
                )
            )
        }
    }

    private func values(
        _ channel: ChannelConfiguration,
        _ file: String,
        _ line: Int
    ) -> [ConfigProblem] {
        guard let size = channel.valueSize else { return [] }
        return channel.templates("templates").sorted { $0.key < $1.key }.flatMap { code, template in
            let names = template.variables ?? SMSTemplate.usual
            let limit = min(size.each, size.together / max(1, names.count))
            let fields = longest(code).fields
            return names.compactMap { name -> ConfigProblem? in
                guard let value = fields[name], value.unicodeScalars.count > limit else { return nil }
                let count = value.unicodeScalars.count
                return ConfigProblem(
                    file: file,
                    line: line,
                    wording: Wording(
                        "\(code) 的变量 \(name) 最长可达 \(count) 个字符,而服务商只收 \(limit)",
                        "\(code) is filled with up to \(count) characters of \(name), "
                            + "and the provider takes \(limit)"
                    ).after("channels.\(channel.name).templates: ")
                )
            }
        }
    }

    private func longest(_ code: String) -> (text: String, fields: [String: String]) {
        let notification = MessageCatalogue.longest(code)
        let names: (PersonRef) -> String = { _ in "欧阳某某某" }
        return (render(notification, names: names).text, fields(notification, names: names))
    }
}
