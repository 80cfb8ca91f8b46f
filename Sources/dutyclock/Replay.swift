import ArgumentParser
import Duty
import DutyConfig
import Engine
import Foundation
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
        let installation = try Installation.require(path: file.path, needing: .none, in: language.asked)
        let rules = Rules(installation, policy, calendar, language)
        async let reading = source.read(installation)
        // As many copies of the same rules as there are processors: threads that share them slow each other down.
        let copies = max(1, ProcessInfo.processInfo.activeProcessorCount)
        let books = Result {
            try rules.names.map { name in try (0..<copies).map { _ in try rules.book(name) } }
        }
        let input = try await reading
        let end = until.flatMap(Self.moment)
        let replays = try books.get().map { Replay(books: $0, input: input, until: end) }
        let progress = SharedProgress("推演 replay", total: Int64(input.facts.count * replays.count))
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

    /// The files that a replay goes by, read anew for each copy of them, with titles in the language of the page.
    private struct Rules {
        /// The policies to compare.
        let names: [String]
        private let calendar: String
        private let directory: String
        private let locale: DutyclockConfiguration.Locale

        init(
            _ installation: Installation,
            _ policy: [String],
            _ calendar: String?,
            _ language: LocaleOption
        ) {
            let configuration = installation.configuration
            names = policy.isEmpty ? [configuration.policy] : policy
            self.calendar = calendar ?? configuration.calendar
            directory = configuration.directory
            locale = language.isChinese ? .zhCN : .en
        }

        func book(_ policy: String) throws -> RuleBook {
            let policy = PolicyFile.load(path: policy, locale: locale)
            let calendar = CalendarFile.load(path: calendar)
            let directory = DirectoryFile.load(path: directory)
            guard let rules = policy.value, let days = calendar.value, let people = directory.value else {
                throw Problems(policy.problems + calendar.problems + directory.problems, locale).failure
            }
            return RuleBook(current: rules.policy, calendar: days, directory: people.directory)
        }
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
