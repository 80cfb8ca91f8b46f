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
    ) -> [TemplateProblem] {
        channels.flatMap { texts($0) + values($0, file, lines[$0.name] ?? 1) }
    }

    private func texts(_ channel: ChannelConfiguration) -> [TemplateProblem] {
        guard let size = channel.textSize else { return [] }
        return MessageCatalogue.codes.compactMap { code in
            guard hasTemplate(code) else { return nil }
            let count = size.count(longest(code).text)
            guard count > size.limit else { return nil }
            return TemplateProblem(
                file: path(code),
                line: 2,
                message: "\(code): up to \(count) \(size.unit), and channel \(channel.name) "
                    + "(\(channel.type)) takes \(size.limit)"
            )
        }
    }

    private func values(
        _ channel: ChannelConfiguration,
        _ file: String,
        _ line: Int
    ) -> [TemplateProblem] {
        guard let size = channel.valueSize else { return [] }
        return channel.templates("templates").sorted { $0.key < $1.key }.flatMap { code, template in
            let names = template.variables ?? SMSTemplate.usual
            let limit = min(size.each, size.together / max(1, names.count))
            let fields = longest(code).fields
            return names.compactMap { name -> TemplateProblem? in
                guard let value = fields[name], value.unicodeScalars.count > limit else { return nil }
                return TemplateProblem(
                    file: file,
                    line: line,
                    message: "channels.\(channel.name).templates: \(code) is filled with up to "
                        + "\(value.unicodeScalars.count) characters of \(name), and the provider takes \(limit)"
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
