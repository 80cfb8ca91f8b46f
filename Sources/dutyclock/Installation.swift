import Console
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

    /// Every error of every file, templates included, and the language to say them in.
    static func load(
        path: String,
        needing need: SecretNeed = .all
    ) -> (value: Installation?, problems: Problems) {
        guard FileManager.default.fileExists(atPath: path) else {
            let wording = Wording("没有这个文件,请用 --config 指定", "no such file; name one with --config")
            return (nil, Problems([ConfigProblem(file: path, line: 0, wording: wording)]))
        }
        let loaded = ConfigurationSet.load(
            path: path,
            environment: Process.environment,
            knownCodes: Set(MessageCatalogue.codes),
            channelTypes: ChannelTypes.all.map(\.schema),
            needing: need
        )
        var problems = Problems(loaded.problems)
        problems.locale = loaded.locale ?? .ofEnvironment
        guard let set = loaded.partial else { return (nil, problems) }
        problems.all += kafkaProblems(set.configuration)
        let renderer = MessageRenderer(directory: set.configuration.templates)
        // Of a folder that is not there nothing more is to be said.
        if !set.configuration.templates.isEmpty {
            problems.all += renderer.validate().filter { !$0.isWarning }
        }
        if let tls = set.configuration.http.tls, !tls.key.isAbsent {
            do throws(TLSIdentity.Unusable) {
                _ = try tls.identity()
            } catch {
                let wording = error.wording.after("http.tls: ")
                problems.all.append(ConfigProblem(file: path, line: tls.line, wording: wording))
            }
        }
        problems.all += renderer.overlong(
            set.configuration.channels,
            file: set.configuration.file,
            lines: set.configuration.channelLines
        )
        return (problems.all.isEmpty ? Installation(files: set, renderer: renderer) : nil, problems)
    }

    /// What librdkafka would refuse at the start, with the place of each.
    private static func kafkaProblems(_ configuration: DutyclockConfiguration) -> [ConfigProblem] {
        let kafka = configuration.kafka
        // A secret is not looked at, and what is said of it cannot repeat it.
        return PropertyCheck.problems(kafka.properties).sorted { $0.key < $1.key }.map { name, reason in
            let place = kafka.propertyPlaces[name]
            return ConfigProblem(
                file: place?.file ?? configuration.file,
                line: place?.line ?? 0,
                wording: Wording("librdkafka 不接受:\(reason)", reason).after("kafka.properties.\(name): ")
            )
        }
    }

    /// The files at `path`; problems are said in `locale`, the language that the command line asks for, if it does.
    ///
    /// Throws `Failure` 78 with every problem on a line of its own.
    static func require(
        path: String,
        needing need: SecretNeed = .all,
        in locale: DutyclockConfiguration.Locale? = nil
    ) throws -> Installation {
        var (value, problems) = load(path: path, needing: need)
        problems.locale = locale ?? problems.locale
        guard let value else { throw problems.failure }
        return value
    }

    /// - Throws: `Failure` 78 if a secret of Kafka is not here, for a command that was content without the others.
    func requireKafkaSecrets(in locale: DutyclockConfiguration.Locale? = nil) throws {
        let missing = configuration.absentSecrets.filter { $0.message.hasPrefix("kafka.") }
        guard missing.isEmpty else {
            throw Problems(missing, locale ?? configuration.locale).failure
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
                throw Failure(ExitStatus.unavailable, reason.pick(configuration.locale))
            }
        }
    }
}

/// What is wrong with a configuration, and the language of whoever reads it.
struct Problems {
    var all: [ConfigProblem]
    var locale: DutyclockConfiguration.Locale

    init(_ all: [ConfigProblem], _ locale: DutyclockConfiguration.Locale = .ofEnvironment) {
        self.all = all
        self.locale = locale
    }

    /// Each on a line of its own.
    var failure: Failure {
        Failure(ExitStatus.badConfiguration, all.map { $0.text(locale) }.joined(separator: "\n"))
    }
}
