import ArgumentParser
import Duty
import DutyConfig
import Engine
import Foundation
import Kafka
import Logging
import Storage
import Synchronization
import Telemetry
import UnixSignals

/// The command `dutyclock demo`.
struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "在本机演示:内置 Kafka、SQLite、一天的样例事件。 The whole product here, with nothing to install.",
        discussion: "演示完成后保持运行,Ctrl-C 结束。 Goes on serving afterwards, Ctrl-C ends it."
    )

    @Flag(name: .long, help: "演完这一天就结束 end after the day, as fast as possible")
    var once = false

    @Flag(name: .long, help: "只输出小结的 JSON print the summary as JSON and nothing else")
    var json = false

    @Option(name: .long, help: "演示用时(秒) seconds that the day takes")
    var seconds: Int = 40

    @Option(name: .long, help: "监听端口,0 为任意 the port to listen on, 0 for any")
    var port: Int?

    @Option(name: .long, help: "config 目录 the folder with the shipped configuration")
    var configuration: String?

    @Option(name: .long, help: "日志另存到此文件,时间随演示的时钟 keep the log, told by the day's clock, in this file")
    var log: String?

    @Option(name: .long, help: "语言 zh-CN 或 en language")
    var locale = DutyclockConfiguration.Locale.ofEnvironment.rawValue

    func validate() throws {
        guard ["zh-CN", "en"].contains(locale) else {
            throw ValidationError("语言只有 zh-CN 和 en there are the languages zh-CN and en")
        }
        guard (0...65_535).contains(port ?? 0) else {
            throw ValidationError("--port: 须在 0 到 65535 之间 must be from 0 to 65535")
        }
    }

    func run() async throws {
        // The files that are written below stand elsewhere, and name these by their whole paths.
        let shipped =
            try configuration.map { URL(fileURLWithPath: $0).path } ?? Self.shippedConfiguration()
        // From here on a signal ends the day and clears the folder away, instead of the process.
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "dutyclock-demo-\(Process.id)"
        ).path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let installation = try Installation.require(path: try writeConfiguration(folder, shipped))
        let day = try SampleDay(path: shipped + "/examples/day.jsonl")
        guard let start = day.lines.first?.arrivesAt else { return }
        try await play(day, ManualClock(start), installation, folder, signals)
    }

    /// In the working directory, beside the program, or where `make install` puts it.
    static func shippedConfiguration() throws -> String {
        var places = ["config"]
        var folder = Bundle.main.executableURL?.resolvingSymlinksInPath().deletingLastPathComponent()
        for _ in 0..<5 {
            guard let above = folder else { break }
            places.append(above.appendingPathComponent("config").path)
            places.append(above.appendingPathComponent("share/dutyclock").path)
            folder = above.deletingLastPathComponent()
        }
        let found = places.first { FileManager.default.fileExists(atPath: $0 + "/examples/day.jsonl") }
        guard let found else {
            throw Failure(
                ExitStatus.badConfiguration,
                "找不到 config/examples,请用 --configuration 指定 name it with --configuration"
            )
        }
        return URL(fileURLWithPath: found).path
    }

    private func writeConfiguration(_ folder: String, _ shipped: String) throws -> String {
        let text = """
            kafka:
              properties:
                bootstrap.servers: embedded
                group.id: dutyclock-demo
                topic.metadata.refresh.interval.ms: 1000
                fetch.wait.max.ms: 5
                linger.ms: 0
            store:
              url: sqlite://\(folder)/demo.db
            policy: \(shipped)/policy/hengyang-2023-4.yaml
            directory: \(shipped)/examples/directory.yaml
            calendar: \(shipped)/calendars/cn.yaml
            templates: \(shipped)/templates/\(locale)
            locale: \(locale)
            channels:
              console: { type: console }
              hook: { type: console }
              sms: { type: console }
            routing:
              personal: [console]
              group: [console]
              mail: [console]
            http: { listen: 127.0.0.1:\(port ?? (once ? 0 : 8080)), open: true }
            log: { level: info, format: json }
            """
        let path = folder + "/dutyclock.yaml"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    // MARK: Playing

    private func play(
        _ day: SampleDay,
        _ clock: ManualClock,
        _ installation: Installation,
        _ folder: String,
        _ signals: UnixSignalsSequence
    ) async throws {
        let log = try openLog(folder, clock)
        LoggingSystem.bootstrap { label in ECSLogHandler(label: label, writer: log, level: .warning) }
        let broker = try Serve.embeddedBroker(installation.configuration.kafka)
        defer { broker.close() }
        var options = Daemon.Options()
        options.clock = clock
        options.arrival = .clock
        options.linger = .milliseconds(1)
        let voice = Voice(isSilent: true)
        options.consoleSink = { voice.say($0) }
        let store = try installation.openStore()
        let daemon = try await Daemon(
            installation: installation,
            store: store,
            bootstrap: broker.bootstrapServers,
            log: log,
            options: options
        )
        let listening = Signal()
        let http = installation.configuration.http
        let logger = Logger(label: "dutyclock")
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for await _ in signals { throw DayIsOver() }
            }
            group.addTask { await daemon.publisher.run() }
            group.addTask { await daemon.dispatcher.run() }
            group.addTask { await daemon.wake.run() }
            group.addTask { await daemon.intake.run() }
            group.addTask {
                do {
                    try await daemon.console.run(host: http.host, port: http.port, logger: logger) { port in
                        announce(broker, day, "http://\(http.host):\(port)/")
                        listening.raise()
                    }
                } catch  where !Task.isCancelled {
                    throw Failure(
                        ExitStatus.unavailable,
                        "\(http.host):\(http.port) 无法监听,请用 --port 换一个 cannot listen, use --port: "
                            + Process.words(of: error)
                    )
                }
            }
            group.addTask {
                // Of a board that nobody can open nothing is promised.
                await listening.wait()
                try Task.checkCancellation()
                let player = DayPlayer(
                    daemon: daemon,
                    clock: clock,
                    topic: installation.configuration.kafka.intake[0]
                )
                try await player.play(day, pace: once || json ? .zero : .seconds(seconds)) {
                    // The standing roster is loaded without a word; the day begins with its first complaint.
                    if !json { voice.open() }
                }
                try await finish(daemon, installation)
                if once || json { throw DayIsOver() }
                try await Task.sleep(for: .seconds(86_400 * 365))
            }
            do {
                try await group.next()
            } catch is DayIsOver {
                group.cancelAll()
                await daemon.consumer.close()
            }
        }
        await daemon.close()
        if let path = self.log, log.lostLines > 0 {
            throw Failure(
                ExitStatus.badData,
                "--log \(path): \(log.lostLines) 行没有写进去 lines could not be written"
            )
        }
    }

    private struct DayIsOver: Error {}

    /// Prints alerts once it is open.
    private final class Voice: Sendable {
        private let isSilent: Atomic<Bool>
        init(isSilent: Bool) { self.isSilent = Atomic(isSilent) }
        func open() { isSilent.store(false, ordering: .relaxed) }
        func say(_ line: String) {
            if !isSilent.load(ordering: .relaxed) { Process.writeOutput(line + "\n") }
        }
    }

    /// The log of the day, whose lines bear the time of the clock that the day is played on.
    private func openLog(_ folder: String, _ clock: ManualClock) throws -> LogWriter {
        let path = log ?? folder + "/dutyclock.log"
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            let reason = String(cString: strerror(errno))
            throw Failure(ExitStatus.badData, "--log \(path): 写不了 cannot be written: \(reason)")
        }
        return LogWriter(
            identity: ServiceIdentity(name: "dutyclock", version: Dutyclock.version, environment: "demo"),
            format: .json,
            level: .info,
            descriptor: descriptor,
            now: { clock.now().microseconds / 1000 }
        )
    }

    private func announce(_ broker: EmbeddedBroker, _ day: SampleDay, _ board: String) {
        if json { return }
        Process.writeOutput(
            locale == "en"
                ? """
                dutyclock demo: \(day.lines.count) events of a sample day in a county park, on a clock that runs fast.
                Kafka (kcat can read along): \(broker.bootstrapServers)   \(board)
                Each line below is one alert: when, stage, text, whom, due time, matter.\n

                """
                : """
                dutyclock 演示:园区一天的 \(day.lines.count) 个样例事件,时钟快进。
                Kafka(可用 kcat 旁观):\(broker.bootstrapServers)   \(board)
                下面每行一条提醒:时间、阶段、内容、告知谁、到期、单号。\n

                """
        )
    }

    private func finish(_ daemon: Daemon, _ installation: Installation) async throws {
        let summary = try await DaySummary(
            store: daemon.store,
            rates: installation.files.policy.policy.rates
        )
        if json {
            Process.writeOutput(JSONWriter.text(summary.value) + "\n")
        } else {
            Process.writeOutput(
                "\n" + summary.text(name: { daemon.people.name($0) }, isChinese: locale != "en")
            )
        }
    }
}
