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
        let (installation, problems) = Installation.load(path: file.path)
        guard let installation, problems.isEmpty else {
            throw Failure(ExitStatus.badConfiguration, problems.joined(separator: "\n"))
        }
        Process.writeOutput("\(file.path): 没有问题 no problem found\n")
        for note in Self.notes(installation.files) { Process.writeOutput(note + "\n") }
    }

    /// What is no mistake and may still be a surprise: whom one channel alone reaches.
    private static func notes(_ files: ConfigurationSet) -> [String] {
        let reach = Reachability(files)
        let classes = reach.narrowClasses.map { name, channel in
            "\(files.configuration.file):\(files.configuration.routingLine): 注意 note: \(name): 只有一条渠道 "
                + "one channel only: \(channel)"
        }
        return classes
            + reach.findings([], at: SystemClock().now()).map { finding in
                let place = "\(files.policy.file):\(finding.line ?? 1)"
                let what = "\(place): 注意 note: \(finding.subject) (\(finding.messageClass))"
                return finding.channel.map { what + ": 只有一条渠道可达 by one channel only: " + $0 }
                    ?? what + ": 无人可达 reaches nobody"
            }
    }
}
