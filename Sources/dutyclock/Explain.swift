import ArgumentParser
import Duty
import DutyConfig
import Engine
import Foundation
import Storage

/// The command `dutyclock explain`.
struct Explain: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "逐步说明:适用哪条规则、怎样计时、告知谁、为何不告知。 Which rule, counted how, who is told and who is not.",
        discussion: """
            说明文件中的事件,或用 --matter 说明运行中的服务里的一个事项。不保存,不发送。
            Explains events in files, or by --matter a matter of a running daemon. Stores and sends nothing.
            """
    )

    @Argument(help: "事件文件,每行一个;- 为标准输入 event files, one event a line; - is standard input")
    var files: [String] = []

    @Option(name: .long, help: "改为说明守护进程里的事项,如 complaint/CP-1 explain this matter of the daemon instead")
    var matter: String?

    @OptionGroup var file: ConfigurationOption
    @OptionGroup var language: LocaleOption
    @OptionGroup var options: APIOptions

    @Option(name: .long, help: "最后一个事件(或现在)之后再看多少小时 hours to look beyond the last event, or beyond now")
    var hours: Int = 72

    func validate() throws {
        guard files.isEmpty != (matter == nil) else {
            throw ValidationError("给出事件文件,或用 --matter 给出事项 name event files, or a matter by --matter")
        }
        guard (0...100_000).contains(hours) else {
            throw ValidationError("--hours: 须在 0 到 100000 之间 must be from 0 to 100000")
        }
    }

    func run() async throws {
        let installation = try Installation.require(path: file.path, needing: .none, in: language.asked)
        if let matter { return try await explain(MatterID(matter), installation) }
        let articles = installation.files.policy.policy.articleCount
        var problems: [String] = []
        var facts: [Fact] = []
        for item in try files.flatMap({ try EventFile.read($0, language) }) {
            do throws(EventRejection) {
                facts.append(try Self.fact(item.event, articles))
            } catch {
                problems.append(item.says(error, language))
            }
        }
        guard problems.isEmpty else { throw Failure(ExitStatus.badData, problems.joined(separator: "\n")) }
        let narrator = try narrator(installation, facts)
        try await tell(facts, narrator, installation, until: nil)
    }

    /// A dry run takes each event as arriving when it happened, or at `arrivedat` where a sample says so.
    private static func fact(_ event: CloudEvent, _ articles: Int?) throws(EventRejection) -> Fact {
        let arrived = (event.attributes["arrivedat"] ?? event.attributes["time"]).flatMap {
            Instant(rfc3339: $0)
        }
        let late = arrived ?? .distantFuture - .days(1)
        let probe = try EventValidation.fact(event, receivedAt: late, articles: articles)
        return try EventValidation.fact(event, receivedAt: arrived ?? probe.at)
    }

    /// A matter of the daemon is worked out again here, from what the daemon knows of it and of its enterprise.
    private func explain(_ id: MatterID, _ installation: Installation) async throws {
        let known = try await KnownMatter.load(id, options.api(language))
        let now = SystemClock().now()
        let narrator = try narrator(installation, known.facts, matter: id, present: now)
        if !options.json {
            Process.writeOutput(known.head(local: installation.files.policy.policy.version, language))
        }
        try await tell(known.facts, narrator, installation, until: now)
        if !options.json { Process.writeOutput(known.telling(language, installation.files.directory.names)) }
    }

    private func narrator(
        _ installation: Installation,
        _ facts: [Fact],
        matter: MatterID? = nil,
        present: Instant? = nil
    ) throws -> Narrator {
        // The titles of the rules in the language of whoever reads, whatever messages are written in.
        let file = PolicyFile.load(
            text: installation.files.policy.text,
            fileName: installation.files.policy.file,
            locale: language.isChinese ? .zhCN : .en
        )
        return Narrator(
            installation: installation,
            policy: file.value?.policy ?? installation.files.policy.policy,
            facts: facts,
            matter: matter,
            present: present,
            json: options.json,
            isChinese: language.isChinese
        )
    }

    private func tell(
        _ facts: [Fact],
        _ narrator: Narrator,
        _ installation: Installation,
        until end: Instant?
    ) async throws {
        let facts = facts.sorted { $0.receivedAt < $1.receivedAt }
        guard let first = facts.first, let last = facts.last else { return }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "dutyclock-explain-\(Process.id)"
        )
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let store = try SQLiteStore(path: folder.appendingPathComponent("dry-run.db").path)
        let simulator = Simulator(
            store: store,
            book: try await installation.book(store: store),
            start: first.receivedAt,
            observer: narrator
        )
        try await simulator.begin()
        for fact in facts {
            try await simulator.advance(to: fact.receivedAt)
            try await simulator.feed([fact])
        }
        try await simulator.advance(to: max(last.receivedAt, end ?? last.receivedAt) + .hours(Int64(hours)))
        try await store.close()
        let left = narrator.unmentionedDuties
        guard left > 0 else { return }
        let line = language.choose(
            "另有 \(left) 项例行工作与这些事件无关,未列出;--json 列出全部。",
            "\(left) recurring duties that these events are not about were left out; --json has all."
        )
        Process.writeOutput("—— \(line)\n")
    }
}
