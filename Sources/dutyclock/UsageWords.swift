import DutyConfig

/// Swift Argument Parser speaks English alone; what it says most often is said in Chinese before.
enum UsageWords {
    /// A line that ends in a newline; empty where people read English, or Chinese is there already.
    static func chinese(_ message: String) -> String {
        let isSaid = message.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) }
        guard DutyclockConfiguration.Locale.ofEnvironment == .zhCN, !isSaid else { return "" }
        return "命令行有误:" + (particular(message) ?? "说明见 --help") + "\n"
    }

    private static let known: [(english: String, chinese: String)] = [
        ("Unknown option ", "没有这个选项:"), ("Missing expected argument ", "缺少参数 "),
        ("Missing one of:", "缺少其中之一:"), ("Missing value for ", "选项没有给出值:"),
        ("Unexpected argument ", "多余的参数或没有这个命令:"),
    ]

    private static func particular(_ message: String) -> String? {
        if let words = known.first(where: { message.hasPrefix($0.english) }) {
            return words.chinese + message.dropFirst(words.english.count)
        }
        // The value 'x' is invalid for '--port <port>'
        return message.hasPrefix("The value ") ? "值不对:" + message.dropFirst("The value ".count) : nil
    }
}
