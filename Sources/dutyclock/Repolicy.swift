import ArgumentParser
import Console
import Duty
import Engine
import Storage
import Telemetry

/// The command `dutyclock repolicy`.
struct RepolicyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "repolicy",
        abstract: "把未结事项移到另一版规则;默认只演算。 Move open matters to another policy; a dry run first.",
        discussion: """
            不加 --apply 时只列出会有什么变化、会告知谁。--offline 直接用数据库文件,须先停止守护进程。
            Without --apply it only lists what would change and who would be told. --offline works on the file of a
            stopped daemon.
            """
    )

    @Option(
        name: .long,
        help: "规则版本,或其开头;不写则为现行版本 the version, or how it begins; without it the one in force"
    )
    var to: String?

    @Option(name: .long, help: "只移动这一类事项 only matters of this type")
    var type: String?

    @Option(name: .long, help: "只移动与这条规则有关的事项 only matters that this rule says something about")
    var rule: String?

    @Flag(name: .long, help: "真正移动 really do it")
    var apply = false

    @Option(name: .long, help: "理由,记入流水 why; goes into the journal")
    var reason: String?

    @Option(name: .long, help: "由谁决定,如人员代号;不写则为 admin who decided, such as a person's reference")
    var by: String?

    @Flag(name: .long, help: "不经守护进程,直接用数据库 without the daemon, on its file")
    var offline = false

    @OptionGroup var file: ConfigurationOption
    @OptionGroup var language: LocaleOption
    @OptionGroup var options: APIOptions

    func validate() throws {
        guard !apply || !(reason ?? "").allSatisfy(\.isWhitespace) else {
            throw ValidationError("--apply 须给出 --reason --apply needs a --reason")
        }
        if let type, MatterType(rawValue: type) == nil {
            throw ValidationError("没有这类事项 there is no such type of matter: \(type)")
        }
    }

    func run() async throws {
        let value = try await offline ? workOffline() : askDaemon()
        let text = RepolicyText(isChinese: language.isChinese)
        Process.writeOutput(options.json ? JSONWriter.text(value) + "\n" : text.text(value))
    }

    // MARK: With the daemon

    private func askDaemon() async throws -> Value {
        let api = try options.api(language)
        let path = "/api/v1/repolicy"
        let order = try await api.call("POST", path, body, seconds: 1_800)
        guard apply else { return order }
        // The daemon goes on without us; whoever ends this wait has undone nothing.
        var latest = order
        while latest["finishedAt"]?.string == nil {
            try await Task.sleep(for: .milliseconds(200))
            latest = try await api.call("GET", path)
        }
        return latest
    }

    private var body: Value {
        let texts = [("to", to), ("type", type), ("rule", rule), ("reason", reason), ("by", by)]
        let members = texts.compactMap { name, text in text.map { Value.Member(name, .string($0)) } }
        return .object(members + [Value.Member("dryRun", .bool(!apply))])
    }

    // MARK: Without

    private static let listing = 500

    private func workOffline() async throws -> Value {
        let installation = try Installation.require(path: file.path, needing: .none, in: language.asked)
        let store = try installation.openStore()
        let engine = Engine(
            store: store,
            book: try await installation.book(store: store),
            clock: SystemClock(),
            metrics: DutyclockMetrics(),
            observer: Unheard()
        )
        do {
            let value = try await work(engine)
            try await store.close()
            return value
        } catch let refusal as RepolicyRefusal {
            try? await store.close()
            throw Failure(ExitStatus.badData, Self.words(refusal))
        } catch is BatchSuperseded {
            let reason = await engine.lastError
            try? await store.close()
            throw Failure(ExitStatus.unavailable, reason)
        }
    }

    private func work(_ engine: Engine) async throws -> Value {
        let order = RepolicyOrder(
            version: to,
            reason: reason ?? "",
            by: by ?? "admin",
            type: type.flatMap { MatterType(rawValue: $0) },
            rule: rule.map { RuleID($0) }
        )
        guard apply else {
            return RepolicyValue.preview(try await engine.preview(order, listing: Self.listing))
        }
        var latest = try await engine.begin(order)
        while let next = try await engine.followRepolicy() { latest = next }
        return RepolicyValue.order(latest)
    }

    private static func words(_ refusal: RepolicyRefusal) -> String {
        switch refusal {
        case .unknownVersion(let version, let known):
            "没有或不止一个版本以此开头 no version, or more than one, is \(version): \(known.joined(separator: ", "))"
        case .unknownRule(let rule): "没有这条规则 no policy version has a rule \(rule)"
        case .busy(let running): "另一次移动尚未完成 another order is not finished yet, to \(running.version)"
        }
    }

    /// The journal has all of it; the daemon sends what is to be sent when it starts.
    private struct Unheard: CommitObserver {
        func committed(_ records: [JournalRecord]) {}
        func notificationsQueued() {}
        func deadLettersQueued() {}
    }
}
