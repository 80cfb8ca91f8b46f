import ArgumentParser
import Engine
import Foundation
import Kafka
import Synchronization

/// Where a replay takes its events from: files, or a topic from its beginning to its present end.
struct EventSource: ParsableArguments {
    @Argument(help: "事件文件,每行一个;- 为标准输入 event files, one event a line; - is standard input")
    var files: [String] = []

    @Option(name: .long, help: "改读这个 Kafka 主题 read this Kafka topic instead")
    var topic: String?

    @Option(
        name: .long,
        help: "Kafka 地址,不写则按配置 brokers of the topic; without it those of the configuration"
    )
    var bootstrapServers: String?

    func validate() throws {
        guard files.isEmpty != (topic == nil) else {
            throw ValidationError("给出事件文件,或用 --topic 给出主题 name event files, or a topic by --topic")
        }
    }

    /// - Throws: `Failure` 65 for a file that cannot be read, 69 for a topic that cannot.
    func read(_ installation: Installation) async throws -> ReplayInput {
        if let topic { return try await read(topic: topic, installation) }
        return await ReplayInput.read(json: try files.map(EventFile.content))
    }

    private func read(topic: String, _ installation: Installation) async throws -> ReplayInput {
        try installation.requireKafkaSecrets()
        let properties = Daemon.properties(
            installation.configuration.kafka,
            bootstrap: bootstrapServers,
            clientID: "dutyclock-replay"
        )
        guard properties["bootstrap.servers"] != "embedded" else { throw Publish.embedded }
        let bar = Mutex<ProgressBar?>(nil)
        do throws(KafkaError) {
            let records = try await TopicReader(properties: properties)
                .records(of: topic, patience: .seconds(20)) { done, total in
                    bar.withLock { bar in
                        if bar == nil { bar = ProgressBar("读取 read", total: total) }
                        bar?.show(done)
                    }
                }
            return await ReplayInput.read(records, clock: SystemClock())
        } catch {
            throw Failure(ExitStatus.unavailable, "读不到主题 the topic cannot be read: \(error.message)")
        }
    }
}
