import ArgumentParser

/// The command `dutyclock check`.
struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "检查配置、规则、通讯录、日历和模板。 Check configuration, policy, directory, calendars, templates."
    )

    @OptionGroup var file: ConfigurationOption

    func run() throws {
        let problems = Installation.problems(path: file.path)
        guard problems.isEmpty else {
            throw Failure(ExitStatus.badConfiguration, problems.joined(separator: "\n"))
        }
        Process.writeOutput("\(file.path): 没有问题 no problem found\n")
    }
}
