import ArgumentParser
import DutyConfig
import Engine

/// The command `dutyclock check`.
struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "检查配置、规则、通讯录、日历和模板。 Check configuration, policy, directory, calendars, templates."
    )

    @OptionGroup var file: ConfigurationOption

    func run() throws {
        let (installation, problems) = Installation.load(path: file.path, needing: .atHand)
        guard let installation, problems.isEmpty else {
            throw Failure(ExitStatus.badConfiguration, problems.joined(separator: "\n"))
        }
        Process.writeOutput("\(file.path): 没有问题 no problem found\n")
        for note in Self.notes(installation.files) { Process.writeOutput(note + "\n") }
    }

    /// What is no mistake and may still be a surprise: posts that nobody holds, whom one channel alone reaches,
    /// secrets that only the service gets.
    private static func notes(_ files: ConfigurationSet) -> [String] {
        let reach = Reachability(files)
        let places = (files.vacancies + files.configuration.absentSecrets).map { note($0) }
        let classes = reach.narrowClasses.map { name, channel in
            note(
                ConfigProblem(
                    file: files.configuration.file,
                    line: files.configuration.routingLine,
                    message: "\(name): 只有一条渠道 one channel only: \(channel)"
                )
            )
        }
        let narrow = reach.findings([], at: SystemClock().now())
            .filter { !$0.isNobody || !isSaid($0, files.vacancies) }.map { finding in
                note(
                    ConfigProblem(
                        file: files.policy.file,
                        line: finding.line ?? 1,
                        message: "\(finding.subject) (\(finding.messageClass)): "
                            + (finding.channel.map { "只有一条渠道可达 by one channel only: " + $0 }
                                ?? "无人可达 reaches nobody")
                    )
                )
            }
        return places + classes + narrow
    }

    /// A vacancy names the step and the role.
    private static func isSaid(_ finding: Reachability.Finding, _ vacancies: [ConfigProblem]) -> Bool {
        vacancies.contains { $0.line == finding.line || $0.message.hasSuffix(" " + finding.subject) }
    }

    private static func note(_ problem: ConfigProblem) -> String {
        ConfigProblem(file: problem.file, line: problem.line, message: "注意 note: " + problem.message)
            .description
    }
}
