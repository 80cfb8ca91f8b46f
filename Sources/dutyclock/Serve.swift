import ArgumentParser
import DutyConfig
import Kafka
import Logging
import Telemetry

/// The command `dutyclock serve`.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "运行守护进程。 Run the daemon.",
        discussion: "SIGHUP 重新读取配置(先检查)。SIGTERM 平稳停止。 SIGHUP reloads after a check, SIGTERM stops."
    )

    @OptionGroup var file: ConfigurationOption

    func run() async throws {
        Process.ignoreHangups()
        let installation = try Installation.require(path: file.path)
        let settings = installation.configuration
        let log = LogWriter(
            identity: ServiceIdentity(
                name: "dutyclock",
                version: Dutyclock.version,
                environment: settings.log.environment
            ),
            format: LogWriter.Format(rawValue: settings.log.format.rawValue) ?? .json,
            level: LogLevel(name: settings.log.level.rawValue) ?? .info
        )
        LoggingSystem.bootstrap { label in ECSLogHandler(label: label, writer: log, level: .warning) }
        let store = try installation.openStore()
        var broker: EmbeddedBroker?
        if settings.kafka.isEmbedded {
            let embedded = try Self.embeddedBroker(settings.kafka)
            log.write(
                level: .info,
                message: "embedded broker started",
                fields: [("server.address", .string(embedded.bootstrapServers))]
            )
            broker = embedded
        }
        defer { broker?.close() }
        let daemon = try await Daemon(
            installation: installation,
            store: store,
            bootstrap: broker?.bootstrapServers,
            log: log,
            options: Self.options(settings.log.format)
        )
        if settings.kafka.createsTopics, broker == nil { Task { await daemon.createTopics() } }
        let notify = SystemdNotify(environment: Process.environment)
        try await daemon.serve(
            notify: notify,
            configurationPath: file.path,
            logger: Logger(label: "dutyclock")
        )
    }

    /// A log in JSON is read by programs, so lines for people go to standard error beside it.
    private static func options(_ format: DutyclockConfiguration.Log.Format) -> Daemon.Options {
        var options = Daemon.Options()
        if format == .json {
            options.consoleSink = { Process.writeError($0 + "\n") }
            options.colour = Process.isErrorTerminal
        }
        return options
    }

    static func embeddedBroker(_ kafka: DutyclockConfiguration.Kafka) throws -> EmbeddedBroker {
        let broker = try EmbeddedBroker()
        for topic in kafka.intake + [kafka.outcomes, kafka.deadLetters] {
            try broker.createTopic(topic, partitions: 6)
        }
        return broker
    }
}

extension Daemon {
    /// Creates missing topics once the broker answers; until then it is said why they are missing.
    func createTopics() async {
        let kafka = installation.configuration.kafka
        let topics = (kafka.intake + [kafka.outcomes, kafka.deadLetters]).map {
            NewTopic(name: $0, partitions: 6, replication: -1)
        }
        while !Task.isCancelled {
            do {
                let admin = try KafkaAdmin(
                    properties: Self.properties(kafka, bootstrap: nil, clientID: clientID + "-admin")
                )
                try await admin.createTopics(topics, timeout: .seconds(10))
                return
            } catch {
                log.write(
                    level: .warn,
                    message: "topics could not be created yet",
                    fields: [("error.message", .outside("\(error)"))]
                )
                try? await Task.sleep(for: .seconds(2))
            }
        }
    }
}
