import ArgumentParser

/// In which language a command speaks to people.
struct LocaleOption: ParsableArguments {
    @Option(
        name: .long,
        help: "语言 zh-CN 或 en(环境变量 DUTYCLOCK_LOCALE) language, zh-CN or en (environment: DUTYCLOCK_LOCALE)"
    )
    var locale = Process.environment["DUTYCLOCK_LOCALE"].flatMap { $0.isEmpty ? nil : $0 } ?? "zh-CN"

    var isChinese: Bool { locale != "en" }

    func validate() throws {
        guard ["zh-CN", "en"].contains(locale) else {
            throw ValidationError("语言只有 zh-CN 和 en there are the languages zh-CN and en")
        }
    }

    func choose(_ chinese: String, _ english: String) -> String { isChinese ? chinese : english }
}
