import ArgumentParser
import Duty
import Engine
import Foundation
import Storage

/// The command `dutyclock explain`.
struct Explain: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "演算事件:适用哪条规则、何时到期、何时告知谁。 Dry run: which rule, due when, who would be told when.",
        discussion: "不保存,不发送。 Stores and sends nothing."
    )

    @Argument(help: "事件文件,每行一个;- 为标准输入 event files, one event a line; - is standard input")
    var files: [String]

    @OptionGroup var file: ConfigurationOption

    @Option(name: .long, help: "最后一个事件之后再看多少小时 hours to look beyond the last event")
    var hours: Int = 72

    @Flag(name: .long, help: "输出 JSON print JSON, one object a line")
    var json = false

    func run() async throws {
        let installation = try Installation.require(path: file.path)
        var problems: [String] = []
        var facts: [Fact] = []
        for (index, event) in try files.flatMap(EventFile.read).enumerated() {
            do throws(EventRejection) {
                facts.append(try Self.fact(event))
            } catch {
                problems.append("event \(index + 1) (\(event.attributes["id"] ?? "no id")): \(error.detail)")
            }
        }
        guard problems.isEmpty else { throw Failure(ExitStatus.badData, problems.joined(separator: "\n")) }
        try await explain(facts.sorted { $0.receivedAt < $1.receivedAt }, installation)
    }

    /// A dry run takes each event as arriving when it happened, or at `arrivedat` where a sample says so.
    private static func fact(_ event: CloudEvent) throws(EventRejection) -> Fact {
        let arrived = (event.attributes["arrivedat"] ?? event.attributes["time"]).flatMap {
            Instant(rfc3339: $0)
        }
        let probe = try EventValidation.fact(event, receivedAt: arrived ?? .distantFuture - .days(1))
        return try EventValidation.fact(event, receivedAt: arrived ?? probe.at)
    }

    private func explain(_ facts: [Fact], _ installation: Installation) async throws {
        guard let first = facts.first, let last = facts.last else { return }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "dutyclock-explain-\(Process.id)"
        )
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let store = try SQLiteStore(path: folder.appendingPathComponent("dry-run.db").path)
        let narrator = Narrator(installation: installation, json: json)
        let simulator = Simulator(
            store: store,
            book: try await installation.book(store: store),
            start: first.receivedAt,
            observer: narrator
        )
        for fact in facts {
            try await simulator.advance(to: fact.receivedAt)
            try await simulator.feed([fact])
        }
        try await simulator.advance(to: last.receivedAt + .hours(Int64(hours)))
        try await store.close()
    }
}
