import Duty
import DutyConfig

/// Runs a program for each notification, with the CloudEvent on its standard input.
///
/// This is how every other tool is reached. The exit status is the answer: 0 is sent, 75 (`EX_TEMPFAIL` of
/// sysexits.h) is worth another try, anything else is a refusal.
package struct CommandChannel: Channel {
    package static let type = ChannelType(
        ChannelSchema(
            "command",
            keys: [
                ChannelSchema.Key("run", .list),
                ChannelSchema.Key("environment", .map, isRequired: false),
            ],
            needsAddress: false,
            hasEndpoint: false,
            limits: ChannelLimits(timeout: .seconds(30), concurrency: 4, grouping: .never, keepsClear: false)
        ),
        // The program is not there: no message can change that.
        openCodes: ["program"]
    ) { configuration, tools in
        CommandChannel(
            name: configuration.name,
            run: configuration.list("run"),
            environment: configuration.map("environment"),
            source: tools.source
        )
    }

    package let name: String
    package let needsAddress = false
    private let run: [String]
    private let environment: [String: String]
    private let source: String

    /// `run` is the program, with a path or found on `PATH`, and its arguments; no shell is between.
    init(name: String, run: [String], environment: [String: String], source: String) {
        self.name = name
        self.run = run
        self.environment = ChildProcess.usualEnvironment.merging(environment) { $1 }
        self.source = source
    }

    package func send(_ message: OutgoingMessage, timeout: Duration) async -> SendOutcome {
        let input = NotificationEvent.encode(message, source: source) + [0x0A]
        let (run, environment) = (run, environment)
        let end = await BlockingThread.run {
            ChildProcess.run(run, environment: environment, input: input, timeout: timeout)
        }
        return CommandChannel.outcome(of: end ?? .notStarted(isTemporary: true))
    }

    /// What the end of the program means; one that was stopped may have told somebody before.
    static func outcome(of end: ChildProcess.End) -> SendOutcome {
        switch end {
        case .exited(0): .sent(reference: nil)
        case .exited(75): .retry(code: "75", reason: "the program asks to try again", after: nil)
        case .exited(let status): .failed(code: String(status), reason: "the program failed")
        case .signalled: .uncertain(reason: "the program was killed")
        case .timedOut: .uncertain(reason: "the program did not end in time")
        case .notStarted(isTemporary: true):
            .retry(code: "resources", reason: "the program could not be started", after: nil)
        case .notStarted(isTemporary: false):
            .failed(code: "program", reason: "there is no such program")
        }
    }
}
