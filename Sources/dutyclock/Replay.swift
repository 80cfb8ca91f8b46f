import ArgumentParser
import Duty
import DutyConfig
import Engine
import Synchronization

/// The command `dutyclock replay`.
struct ReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "推演:把事件按规则重放一遍,看会有哪些期限、逾期和通知。 What events would come to under some rules.",
        discussion: """
            在虚拟时钟上运行,不保存、不发送、不提交位移。给出两个 --policy 则并列比较。
            Runs on a virtual clock; stores, sends and commits nothing. Two --policy are compared side by side.
            """
    )

    @OptionGroup var source: EventSource

    @Option(
        name: .long,
        help: "规则文件,可给两个;不写则用配置中的 a policy file, or two; without it the configured one"
    )
    var policy: [String] = []

    @Option(name: .long, help: "日历文件,代替配置中的 a calendar file instead of the configured one")
    var calendar: String?

    @Option(
        name: .long,
        help:
            "时钟走到这天末(或这一时刻);不写则到最后一个事件 how far the clock goes: a day or an RFC 3339 time; without it to the last event"
    )
    var until: String?

    @OptionGroup var file: ConfigurationOption
    @OptionGroup var language: LocaleOption

    @Flag(name: .long, help: "输出 JSON print JSON")
    var json = false

    func validate() throws {
        guard policy.count <= 2 else {
            throw ValidationError("最多比较两个规则文件 at most two policies are compared")
        }
        if let until, Self.moment(until) == nil {
            throw ValidationError("--until: 不是日期或时刻 neither a day nor an RFC 3339 time: \(until)")
        }
    }

    /// A day counts to its end.
    private static func moment(_ text: String) -> Instant? {
        CivilDate(text)?.next.start ?? Instant(rfc3339: text)
    }

    func run() async throws {
        let installation = try Installation.require(path: file.path)
        let books = try books(installation)
        let input = try await source.read(installation)
        let end = until.flatMap(Self.moment)
        let replays = books.map { Replay(book: $0, input: input, until: end) }
        let progress = SharedProgress("replay", total: Int64(input.facts.count * replays.count))
        let reports = try await withThrowingTaskGroup(of: (Int, ReplayReport).self) { group in
            for (index, replay) in replays.enumerated() {
                group.addTask { (index, try await replay.run { progress.show($0, of: index) }) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        let text = ReplayText(
            reports: reports.sorted { $0.0 < $1.0 }.map(\.1),
            isChinese: language.isChinese
        )
        Process.writeOutput(json ? JSONWriter.text(text.value) + "\n" : text.text)
    }

    private func books(_ installation: Installation) throws -> [RuleBook] {
        let days = try calendar.map { path in
            let loaded = CalendarFile.load(path: path)
            guard let days = loaded.value else { throw Self.bad(loaded.problems) }
            return days
        }
        let policies = try policy.map { path in
            let loaded = PolicyFile.load(path: path, locale: language.isChinese ? .zhCN : .en)
            guard let file = loaded.value else { throw Self.bad(loaded.problems) }
            return file.policy
        }
        return (policies.isEmpty ? [installation.files.policy.policy] : policies).map {
            RuleBook(
                current: $0,
                calendar: days ?? installation.files.calendar,
                directory: installation.files.directory.directory
            )
        }
    }

    private static func bad(_ problems: [ConfigProblem]) -> Failure {
        Failure(ExitStatus.badConfiguration, problems.map(\.description).joined(separator: "\n"))
    }
}

/// One bar for work that several tasks do at the same time.
private final class SharedProgress: Sendable {
    private let state: Mutex<(bar: ProgressBar, done: [Int: Int])>

    init(_ label: String, total: Int64) { state = Mutex((ProgressBar(label, total: total), [:])) }

    func show(_ done: Int, of part: Int) {
        state.withLock { state in
            state.done[part] = done
            state.bar.show(Int64(state.done.values.reduce(0, +)))
        }
    }
}
