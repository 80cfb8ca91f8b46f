import ArgumentParser
import DutyConfig

/// In which language a command speaks to people.
struct LocaleOption: ParsableArguments {
    @Option(
        name: .long,
        help: "语言 zh-CN 或 en(环境变量 DUTYCLOCK_LOCALE) language, zh-CN or en (environment: DUTYCLOCK_LOCALE)"
    )
    var locale: String?

    private typealias Locale = DutyclockConfiguration.Locale

    var isChinese: Bool { (locale ?? Locale.variable) != Locale.en.rawValue }

    /// The language in force.
    var current: DutyclockConfiguration.Locale { isChinese ? .zhCN : .en }

    /// The language that the command line asks for.
    var asked: DutyclockConfiguration.Locale? { locale.flatMap { Locale(rawValue: $0) } }

    func validate() throws {
        guard let word = locale ?? Locale.variable else { return }
        guard Locale(rawValue: word) != nil else {
            throw ValidationError("语言只有 zh-CN 和 en there are the languages zh-CN and en")
        }
    }

    func choose(_ chinese: String, _ english: String) -> String { isChinese ? chinese : english }
}

extension DutyclockConfiguration.Locale {
    /// What the environment says.
    fileprivate static var variable: String? {
        Process.environment["DUTYCLOCK_LOCALE"].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The language of a command whose configuration could not be read.
    static var ofEnvironment: Self { variable.flatMap { Self(rawValue: $0) } ?? .zhCN }
}
