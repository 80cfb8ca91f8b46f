import ArgumentParser

/// The command line.
@main
struct Dutyclock: AsyncParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "dutyclock",
        abstract: "按时回应、按时办结、该报告先报告、该分担分清楚。 Keeps a county's promises to its enterprises.",
        discussion: """
            退出码 EXIT CODES:
              0   完成 done
              64  用法不对 usage
              65  输入不对 bad input
              69  要用的东西够不着 a needed service cannot be reached
              70  内部错误 internal error
              78  配置有误 bad configuration
            """,
        version: version,
        subcommands: [
            Serve.self, Demo.self, Check.self, CalendarCommand.self, Explain.self, ReplayCommand.self,
            RepolicyCommand.self, EscalateCommand.self, AcknowledgeCommand.self, SilenceCommand.self,
            Schema.self, Publish.self,
            Status.self, Matters.self, Deadlines.self, Alerts.self, RosterCommand.self, Watch.self,
            Ledger.self,
            DeadLetters.self,
            Audit.self,
            ProviderDoubleCommand.self,
        ]
    )

    /// What a command has to say is its work: a disk without room for it is no success.
    private static func requireOutput() throws {
        guard let reason = Process.outputFailure else { return }
        throw Failure(ExitStatus.failed, "标准输出写不进去 standard output cannot be written: \(reason)")
    }

    /// Usage errors end with 64 and everything else with what the command says.
    static func main() async {
        Process.ignoreBrokenPipes()
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            try requireOutput()
        } catch let failure as Failure {
            Process.writeError(failure.message + "\n")
            Process.exit(failure.code)
        } catch {
            let code = exitCode(for: error).rawValue
            let text =
                (code == ExitStatus.usage ? UsageWords.chinese(message(for: error)) : "")
                + fullMessage(for: error)
            if code == 0 { Process.writeOutput(text + "\n") } else { Process.writeError(text + "\n") }
            if code == 0, let reason = Process.outputFailure {
                Process.writeError("标准输出写不进去 standard output cannot be written: \(reason)\n")
                Process.exit(ExitStatus.failed)
            }
            let isUsage = code == ExitStatus.usage || code == 0 || error is ExitCode
            Process.exit(isUsage ? code : ExitStatus.failed)
        }
    }
}

/// Exit codes of sysexits.h that the commands use.
enum ExitStatus {
    static let usage: Int32 = 64
    static let badData: Int32 = 65
    static let unavailable: Int32 = 69
    static let failed: Int32 = 70
    static let badConfiguration: Int32 = 78
}

/// A command that could not do its work: what to say on standard error, and the exit code.
struct Failure: Error {
    let message: String
    let code: Int32

    init(_ code: Int32, _ message: String) {
        self.code = code
        self.message = message
    }
}
