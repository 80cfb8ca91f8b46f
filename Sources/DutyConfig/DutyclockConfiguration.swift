import Duty

/// The main configuration file, checked.
package struct DutyclockConfiguration: Sendable {
    package struct Kafka: Sendable {
        /// librdkafka's own names and values, untouched.
        package var properties: [String: String] = [:]
        /// Properties whose values are secrets (`sasl.password`).
        package var secretProperties: [String: Secret] = [:]
        /// Where each property stands, for what librdkafka says of it.
        package var propertyPlaces: [String: Place] = [:]
        package var intake: [String] = ["park.events"]
        package var outcomes = "park.outcomes"
        package var deadLetters = "park.dlq"
        package var createsTopics = false

        /// Whether the broker runs inside this program.
        package var isEmbedded: Bool { properties["bootstrap.servers"] == "embedded" }
    }

    /// Where a value came from: a line of the file, or a variable of the environment.
    package struct Place: Sendable {
        package let file: String
        package let line: Int
    }

    package enum Store: Sendable, Hashable {
        case sqlite(path: String)
    }

    package enum Locale: String, Sendable, CaseIterable {
        case zhCN = "zh-CN"
        case en
    }

    package struct HTTP: Sendable {
        package var host = "127.0.0.1"
        package var port = 8080
        /// How people's phones reach this server; messages carry links only where it is given.
        package var publicURL: String?
        /// What links are signed with; nil: a secret that the store keeps.
        package var linkSecret: Secret?
        /// How long after its due time a message's link still opens.
        package var linkExpiry: Span = .days(7)
        /// Bearer tokens and their roles.
        package var tokens: [TokenFile.Entry] = []
        /// Nil: plain HTTP.
        package var tls: TLS?
        /// Who else says who people are; nil: tokens alone.
        package var issuer: Issuer?
        package var session = Session()
        /// Whether everything is open without a token; only on loopback, and then there are none.
        package var isOpen = false
    }

    package struct Log: Sendable {
        package enum Level: String, Sendable, CaseIterable { case trace, debug, info, warn, error, fatal }
        package enum Format: String, Sendable, CaseIterable { case json, text }
        package var level: Level = .info
        package var format: Format = .json
        /// Where this installation stands, for those who read the logs of several: `production`, `test`.
        package var environment = "production"
    }

    package struct Retention: Sendable {
        /// How long a closed matter is kept.
        package var matters: Span = .days(400)
        package var journal: Span = .days(3_650)
    }

    /// The file that it was read from.
    package let file: String
    package var kafka = Kafka()
    package var store: Store = .sqlite(path: "dutyclock.db")
    /// The files that this one names, seen from the working directory.
    package var policy = ""
    package var directory = ""
    package var calendar = ""
    package var templates = ""
    package var locale: Locale = .zhCN
    /// In the order of the file.
    package var channels: [ChannelConfiguration] = []
    /// The line of each channel, for messages about what it lacks.
    package var channelLines: [String: Int] = [:]
    /// Which channels a class of message tries, in this order.
    package var routing: [MessageClass: [String]] = [:]
    /// The line of `routing`, for messages about a class that it lacks.
    package var routingLine = 0
    package var quietHours = QuietHours()
    /// The line of `quietHours`; 0 if the file has none.
    package var quietHoursLine = 0
    /// Whether everything is decided and recorded, and nothing sent.
    package var shadow = false
    package var http = HTTP()
    package var log = Log()
    package var retention = Retention()
    /// Secrets that are not here, where whoever reads the configuration does not need them.
    package var absentSecrets: [ConfigProblem] = []

    package init(file: String) { self.file = file }

    package func channel(_ name: String) -> ChannelConfiguration? { channels.first { $0.name == name } }

    /// Reads the file and the environment's replacements of its values; `channelTypes` are those that there are.
    package static func load(
        path: String,
        environment: [String: String],
        channelTypes: [ChannelSchema],
        needing need: SecretNeed = .all
    ) -> Loaded<DutyclockConfiguration> {
        let log = ProblemLog(file: path)
        let absent = ProblemLog(file: path)
        let overrides = EnvironmentOverrides(environment)
        guard let text = ConfigFiles.text(path: path, log: log),
            let document = YAMLDocument(text: text, log: log, overrides: overrides)
        else { return Loaded(nil, log.problems) }
        let reader = DutyclockConfigurationReader(
            path: path,
            channelTypes: channelTypes,
            secrets: SecretReader(
                file: path,
                environment: environment,
                overrides: overrides,
                need: need,
                absent: absent
            )
        )
        var configuration = reader.read(document.root)
        configuration?.absentSecrets = absent.problems
        overrides.reportUnknown(log)
        return Loaded(configuration, log.problems)
    }
}
