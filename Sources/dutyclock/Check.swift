import ArgumentParser
import Duty
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
        guard let installation else { throw problems.failure }
        let good = Wording("没有问题", "no problem found").after(file.path + ": ")
        Process.writeOutput(good.pick(problems.locale) + "\n")
        for note in Self.notes(installation.files) {
            Process.writeOutput(note.text(problems.locale) + "\n")
        }
    }

    /// What is no mistake and may still be a surprise: posts that nobody holds, whom one channel alone reaches,
    /// secrets that only the service gets.
    private static func notes(_ files: ConfigurationSet) -> [ConfigProblem] {
        let reach = Reachability(files)
        let places = (files.vacancies + files.configuration.absentSecrets).map { note($0) }
        let classes = reach.narrowClasses.map { name, channel in
            note(
                ConfigProblem(
                    file: files.configuration.file,
                    line: files.configuration.routingLine,
                    wording: Wording("只有一条渠道:\(channel)", "one channel only: \(channel)")
                        .after("\(name): ")
                )
            )
        }
        let narrow = reach.findings([], at: SystemClock().now())
            .filter { !$0.isNobody || !isSaid($0, files.vacancies) }.map { finding in
                note(
                    ConfigProblem(
                        file: files.policy.file,
                        line: finding.line ?? 1,
                        wording: Self.wording(finding)
                    )
                )
            }
        return places + classes + narrow
    }

    /// A vacancy names the step and the role.
    private static func isSaid(_ finding: Reachability.Finding, _ vacancies: [ConfigProblem]) -> Bool {
        vacancies.contains { $0.line == finding.line || $0.message.hasSuffix(" " + finding.subject.english) }
    }

    private static func wording(_ finding: Reachability.Finding) -> Wording {
        let (subject, name) = (finding.subject, finding.messageClass.text)
        guard let channel = finding.channel else {
            return Wording("\(subject.chinese)(\(name)):无人可达", "\(subject.english) (\(name)): reaches nobody")
        }
        return Wording(
            "\(subject.chinese)(\(name)):只有一条渠道可达:\(channel)",
            "\(subject.english) (\(name)): by one channel only: \(channel)"
        )
    }

    /// The mark is the same in both languages, for those who look for it.
    private static func note(_ problem: ConfigProblem) -> ConfigProblem {
        ConfigProblem(file: problem.file, line: problem.line, wording: problem.wording.after("注意 note: "))
    }
}
