import Duty

extension CrossCheck {
    /// Messages that no channel of their class can carry, because each of them needs a template and has none.
    ///
    /// Where another channel of the class needs no template, it takes what this one has none for.
    func missingTemplates() -> [ConfigProblem] {
        guard let policy else { return [] }
        var seen: Set<String> = []
        return policy.tells.flatMap { tell in
            Set(tell.codes).sorted().compactMap { code -> ConfigProblem? in
                guard let channel = silent(code, tell.messageClass),
                    seen.insert("\(tell.messageClass) \(code)").inserted
                else { return nil }
                return ConfigProblem(
                    file: configuration.file,
                    line: configuration.channelLines[channel] ?? 0,
                    wording: Wording(
                        "channels.\(channel).templates: 缺少 \(code),消息类别“\(tell.messageClass)”的其他渠道也发不了它,"
                            + "而\(tell.name.chinese)要用到(\(policy.file):\(tell.line))",
                        "channels.\(channel).templates: \(code) is missing, and no other channel of the "
                            + "class \"\(tell.messageClass)\" can carry it; \(tell.name.english) uses it"
                            + " (\(policy.file):\(tell.line))"
                    )
                )
            }
        }
    }

    /// The first channel of a class if none of them has words for `code`; nil if one has.
    private func silent(_ code: String, _ messageClass: MessageClass) -> String? {
        guard let route = configuration.routing[messageClass], let first = route.first else { return nil }
        let isSilent = route.allSatisfy { name in
            guard let channel = configuration.channel(name), let codes = channel.templateCodes else {
                return false
            }
            return !codes.contains(code)
        }
        return isSilent ? first : nil
    }
}
