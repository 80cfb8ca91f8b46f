import Delivery
import Duty
import DutyConfig
import Engine
import Foundation
import Kafka
import Storage

/// A checked configuration with everything that is read from it.
struct Installation: Sendable {
    let files: ConfigurationSet
    let renderer: MessageRenderer
    var configuration: DutyclockConfiguration { files.configuration }

    /// Every error of every file, templates included.
    static func load(
        path: String,
        needing need: SecretNeed = .all
    ) -> (value: Installation?, problems: [String]) {
        guard FileManager.default.fileExists(atPath: path) else {
            return (nil, ["\(path): 没有这个文件,请用 --config 指定 no such file; name one with --config"])
        }
        let loaded = ConfigurationSet.load(
            path: path,
            environment: Process.environment,
            knownCodes: Set(MessageCatalogue.codes),
            channelTypes: ChannelTypes.all.map(\.schema),
            needing: need
        )
        var problems = loaded.problems.map(\.description)
        guard let set = loaded.partial else { return (nil, problems) }
        problems += kafkaProblems(set.configuration)
        let renderer = MessageRenderer(directory: set.configuration.templates)
        // Of a folder that is not there nothing more is to be said.
        if !set.configuration.templates.isEmpty {
            problems += renderer.validate().filter { !$0.isWarning }.map(\.description)
        }
        if let tls = set.configuration.http.tls, !tls.key.isAbsent {
            do {
                _ = try tls.identity()
            } catch {
                problems.append("\(path):\(tls.line): http.tls: \(error)")
            }
        }
        problems += renderer.overlong(
            set.configuration.channels,
            file: set.configuration.file,
            lines: set.configuration.channelLines
        ).map(\.description)
        return (problems.isEmpty ? Installation(files: set, renderer: renderer) : nil, problems)
    }

    /// What librdkafka would refuse at the start, with the place of each.
    private static func kafkaProblems(_ configuration: DutyclockConfiguration) -> [String] {
        let kafka = configuration.kafka
        // A secret is not looked at, and what is said of it cannot repeat it.
        return PropertyCheck.problems(kafka.properties).sorted { $0.key < $1.key }.map { name, reason in
            let place = kafka.propertyPlaces[name]
            let problem = ConfigProblem(
                file: place?.file ?? configuration.file,
                line: place?.line ?? 0,
                message: "kafka.properties.\(name): \(reason)"
            )
            return problem.description
        }
    }

    /// - Throws: `Failure` 78 with every problem on a line of its own.
    static func require(path: String, needing need: SecretNeed = .all) throws -> Installation {
        let (value, problems) = load(path: path, needing: need)
        guard let value else { throw Failure(ExitStatus.badConfiguration, problems.joined(separator: "\n")) }
        return value
    }

    /// - Throws: `Failure` 78 if a secret of Kafka is not here, for a command that was content without the others.
    func requireKafkaSecrets() throws {
        let missing = configuration.absentSecrets.filter { $0.message.hasPrefix("kafka.") }
        guard missing.isEmpty else {
            throw Failure(
                ExitStatus.badConfiguration,
                missing.map(\.description).joined(separator: "\n")
            )
        }
    }

    /// The rules in force and those that older matters were opened under.
    func book(store: any Store) async throws -> RuleBook {
        let current = files.policy.policy
        try await store.savePolicy(version: current.version, text: files.policy.text)
        let texts = try await store.policies()
        let older = texts.filter { $0.key != current.version }.compactMap { version, text in
            PolicyFile.load(text: text, fileName: version, locale: configuration.locale).partial?.policy
        }
        return RuleBook(
            current: current,
            older: older,
            calendar: files.calendar,
            directory: files.directory.directory
        )
    }

    func openStore() throws -> SQLiteStore {
        switch configuration.store {
        case .sqlite(let path):
            do {
                return try SQLiteStore(path: path)
            } catch StoreError.inUse(let path, let process) {
                throw Failure(
                    ExitStatus.unavailable,
                    "\(path) 正由另一个 dutyclock 进程(\(process))使用。 is in use by another dutyclock (process \(process)); "
                        + "one SQLite file serves one process"
                )
            } catch StoreError.unusable(let reason) {
                throw Failure(ExitStatus.unavailable, reason)
            }
        }
    }
}
