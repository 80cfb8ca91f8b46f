import ArgumentParser
import Duty
import DutyConfig
import Engine
import Foundation
import Glibc
import Kafka

/// Events in a file: one JSON object a line, or one JSON array of them.
enum EventFile {
    /// An event, and where it stands: file and line, or file and place in the array.
    struct Item {
        let event: CloudEvent
        let place: String

        /// `events.jsonl:3: id-7: what is wrong`.
        func says(_ error: EventRejection, _ language: LocaleOption) -> String {
            let id = event.attributes["id"] ?? language.choose("没有 id", "no id")
            return "\(place): \(id): \(error.wording.pick(language.current))"
        }
    }

    /// - Throws: `Failure` 65 with place and reason of every bad line or element.
    static func read(_ path: String, _ language: LocaleOption) throws -> [Item] {
        let bytes = try content(path)
        if let whole = try? JSONReader.decode(bytes), let list = whole.array {
            let words =
                list.enumerated().map { index, value in
                    (path + language.choose(": 第 \(index + 1) 个", ": element \(index + 1)"), .success(value))
                } as [(String, Result<Value, any Error>)]
            return try items(words, language)
        }
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated()
        return try items(
            lines.filter { !isBlank($1) }.map { index, line in
                ("\(path):\(index + 1)", Result { try JSONReader.decode(Array(line)) })
            },
            language
        )
    }

    private static func items(
        _ values: [(place: String, value: Result<Value, any Error>)],
        _ language: LocaleOption
    ) throws -> [Item] {
        var items: [Item] = []
        var problems: [String] = []
        for (place, value) in values {
            do {
                items.append(Item(event: try CloudEvent(structured: try value.get()), place: place))
            } catch {
                let rejection =
                    error as? EventRejection ?? EventRejection(.notJSON, "不是 JSON(\(error))", "\(error)")
                problems.append("\(place): \(rejection.wording.pick(language.current))")
            }
        }
        guard problems.isEmpty else { throw Failure(ExitStatus.badData, problems.joined(separator: "\n")) }
        return items
    }

    /// The events as records of a topic, sound or not.
    static func records(_ path: String) throws -> [KafkaRecord] {
        let bytes = try content(path)
        let values =
            (try? JSONReader.decode(bytes))?.array?.map { JSONWriter.encode($0) }
            ?? bytes.split(separator: 0x0A).map(Array.init).filter { !isBlank($0[...]) }
        return values.enumerated().map { index, value in
            KafkaRecord(
                topic: path,
                partition: 0,
                offset: Int64(index),
                timestampMillis: nil,
                key: nil,
                value: value,
                headers: [IntakeRecord.contentType]
            )
        }
    }

    static func content(_ path: String) throws -> [UInt8] {
        let file = path == "-" ? .standardInput : FileHandle(forReadingAtPath: path)
        // Large files are read into their place at once; pipes have no length, so that all of them is the rest.
        guard let file, let (start, rest) = try? (start(of: file), file.readToEnd() ?? Data()) else {
            throw Failure(ExitStatus.badData, "\(path): 读不到 cannot be read")
        }
        var bytes = rest.isEmpty ? start : start + rest
        // Windows programs begin a file with the mark of its byte order.
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
        return bytes
    }

    /// As many bytes as the file has when it is looked at.
    private static func start(of file: FileHandle) -> [UInt8] {
        var status = stat()
        guard fstat(file.fileDescriptor, &status) == 0, status.st_size > 0 else { return [] }
        return [UInt8](unsafeUninitializedCapacity: Int(status.st_size)) { buffer, count in
            while count < buffer.count {
                let free = UnsafeMutableBufferPointer(rebasing: buffer[count...])
                let taken = Glibc.read(file.fileDescriptor, free.baseAddress, free.count)
                guard taken > 0 else { return }
                count += taken
            }
        }
    }

    private static func isBlank(_ line: ArraySlice<UInt8>) -> Bool {
        line.allSatisfy { $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }
    }
}

/// The command `dutyclock publish`.
struct Publish: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "把 CloudEvents 放上 Kafka。 Put CloudEvents onto Kafka.",
        discussion: "文件每行一个事件,或一个 JSON 数组;- 为标准输入。 One event a line or one JSON array; - is standard input."
    )

    @Argument(help: "事件文件 event files")
    var files: [String]

    @OptionGroup var file: ConfigurationOption
    @OptionGroup var language: LocaleOption

    @Option(name: .long, help: "Kafka 地址,代替配置 Kafka's address instead of the configured one")
    var bootstrapServers: String?

    @Option(name: .long, help: "主题,代替配置 the topic instead of the configured one")
    var topic: String?

    @Flag(name: .long, help: "不检查就发布(用于测试) publish without checking the events, for tests")
    var unchecked = false

    func run() async throws {
        let items = try files.flatMap { try EventFile.read($0, language) }
        let events = items.map(\.event)
        let facts = try unchecked ? events.map { try? fact($0) } : checked(items)
        let (properties, topic) = try target()
        let producer: KafkaProducer
        do {
            producer = try KafkaProducer(properties: properties)
        } catch {
            throw Failure(ExitStatus.badConfiguration, "Kafka 设置有误 Kafka's properties are wrong: \(error)")
        }
        let records = zip(events, facts).map { IntakeRecord.record($0, $1, topic: topic) }
        try await produce(records, producer)
        Process.writeOutput(
            "已发布 \(events.count) 个事件到 \(topic)。 published \(events.count) events to \(topic)\n"
        )
    }

    private func produce(_ records: [ProducerRecord], _ producer: KafkaProducer) async throws {
        let bar = ProgressBar("发布 publish", total: Int64(records.count))
        var done = 0
        while done < records.count {
            let chunk = Array(records[done..<min(done + 500, records.count)])
            for result in await producer.produce(chunk) {
                if case .failure(let error) = result {
                    await producer.close()
                    throw Failure(
                        ExitStatus.unavailable,
                        "Kafka 没有收下 Kafka did not take the events: \(error.message)"
                    )
                }
            }
            done += chunk.count
            bar.show(Int64(done))
        }
        await producer.close()
    }

    private func fact(_ event: CloudEvent) throws(EventRejection) -> Fact {
        try EventValidation.fact(event, receivedAt: SystemClock().now())
    }

    /// What each event tells of; nil for one that is not in the catalogue, which the daemon skips.
    private func checked(_ items: [EventFile.Item]) throws -> [Fact?] {
        var problems: [String] = []
        let facts = items.map { item -> Fact? in
            do throws(EventRejection) {
                return try fact(item.event)
            } catch {
                if error.reason != .unknownType {
                    problems.append(item.says(error, language))
                }
                return nil
            }
        }
        guard problems.isEmpty else { throw Failure(ExitStatus.badData, problems.joined(separator: "\n")) }
        return facts
    }

    private func target() throws -> (properties: [String: String], topic: String) {
        var properties: [String: String]
        var topic = topic
        if let bootstrapServers {
            properties = ["bootstrap.servers": bootstrapServers]
        } else {
            let installation = try Installation.require(path: file.path, needing: .none, in: language.asked)
            try installation.requireKafkaSecrets(in: language.asked)
            let kafka = installation.configuration.kafka
            properties = Daemon.properties(kafka, bootstrap: nil, clientID: "dutyclock-publish")
            topic = topic ?? kafka.intake.first
        }
        guard properties["bootstrap.servers"] != "embedded" else { throw Self.embedded }
        properties["message.timeout.ms"] = properties["message.timeout.ms"] ?? "20000"
        return (properties, topic ?? "park.events")
    }

    static let embedded = Failure(
        ExitStatus.unavailable,
        """
        内置 Kafka 在运行中的守护进程里:用 --bootstrap-servers 写它日志里 server.address 的地址(demo 显示在开头),\
        或用 POST /api/v1/events 送事件。
        The embedded Kafka lives inside the running daemon: give its address, which the daemon logs as \
        server.address (demo prints it first), by --bootstrap-servers, or send events to POST /api/v1/events.
        """
    )
}
