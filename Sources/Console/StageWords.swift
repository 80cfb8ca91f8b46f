/// What people call the step of a ladder at which somebody is told.
package enum StageWords {
    /// `warn15` is 催办 15分钟, or reminded 15 min; a stage that is not known stays as it is.
    package static func text(_ stage: String, isChinese: Bool) -> String {
        func words(_ chinese: String, _ english: String) -> String { isChinese ? chinese : english }
        let known: [(prefix: String, chinese: String, english: String)] = [
            ("open", "告知", "told"), ("ask", "询问", "asked"), ("warn", "催办", "reminded"),
            ("half", "期中提醒", "half-way reminder"), ("lastDay", "末日提醒", "last day"),
            ("breach", "超时", "breach"), ("escalate", "升级", "escalated"), ("reopen", "重开", "reopened"),
            ("cleared", "解除", "all clear"), ("clear", "解除", "all clear"),
            ("met", "解除", "all clear"), ("withdrawn", "撤回", "taken back"),
            ("share", "告知份额", "share told"), ("held", "份额待定", "share held"),
            ("moved", "期限变动", "due time moved"), ("orphan", "无责任人", "nobody to see to it"),
            ("weekly", "每周提醒", "weekly reminder"), ("april", "4月提醒", "reminder of April"),
            ("july", "7月提醒", "reminder of July"), ("october", "10月提醒", "reminder of October"),
            ("december", "12月提醒", "reminder of December"),
        ]
        guard let word = known.first(where: { stage.hasPrefix($0.prefix) }) else { return stage }
        let parts = stage.dropFirst(word.prefix.count).split(separator: ".", omittingEmptySubsequences: false)
        // Behind most words stands how far before or after the due time; behind these what only programs ask for.
        let isPlain = ["share", "held", "moved"].contains(word.prefix)
        let span = isPlain ? "" : parts.first.map { Self.span($0, isChinese) } ?? ""
        let number = parts.dropFirst().lazy.compactMap { $0.hasPrefix("r") ? Int($0.dropFirst()) : nil }.first
        let said = words(word.chinese, word.english) + (span.isEmpty ? "" : " " + span)
        guard let number else { return said }
        // What a share rests on has a number of its own; the first is the fine as it was issued.
        guard isPlain else { return said + words("(再次,第\(number)遍)", " (again, \(number))") }
        return number > 1 ? said + words("(罚款第\(number)版)", " (revision \(number) of the fine)") : said
    }

    /// `15` are minutes, `12h` hours, `3d` days.
    private static func span(_ text: Substring, _ isChinese: Bool) -> String {
        func words(_ chinese: String, _ english: String) -> String { isChinese ? chinese : english }
        guard let number = Int(text.prefix { $0.isNumber }) else { return String(text) }
        switch text.drop(while: \.isNumber) {
        case "": return words("\(number)分钟", "\(number) min")
        case "h": return words("\(number)小时", "\(number) h")
        case "d": return words("\(number)天", "\(number) d")
        default: return String(text)
        }
    }
}
