import Foundation

/// The shipped rules and texts with topics of their own and one web hook.
struct LatencyInstallation {
    /// Milliseconds; Kafka answers a fetch as soon as there is a record, the test brokers only after this wait.
    private static let fetchWait = 10

    let servers: String
    /// Begins the names of the topics, and is that of the consumer group.
    let name: String
    /// The file of its store, in the folder of the bench.
    var store = "latency.db"
    /// The path of a second web hook, to which messages to groups go; nil: to the one of all others.
    var side: String?
    /// The port of its pages; 0 for any that is free.
    var port = 0

    var intake: String { "\(name).events" }
    var outcomes: String { "\(name).outcomes" }
    var deadLetters: String { "\(name).dlq" }

    /// Starts the program that was built together with this one.
    func start(_ bench: Workbench, hook: String) throws -> ServedProgram {
        let file = bench.path("latency.yaml")
        try configuration(hook: hook).write(toFile: file, atomically: true, encoding: .utf8)
        return try ServedProgram(
            executable: Workbench.program("dutyclock"),
            configuration: file,
            log: bench.path("latency.log")
        )
    }

    private func configuration(hook: String) -> String {
        let shipped = FileManager.default.currentDirectoryPath + "/config"
        let secret = "secret: { env: \(ServedProgram.secretName) }"
        let second = side.map { "\n  side: { type: webhook, url: \"\(hook)/\($0)\", \(secret) }" } ?? ""
        return """
            kafka:
              properties: { bootstrap.servers: "\(servers)", group.id: \(name), fetch.wait.max.ms: "\(Self.fetchWait)" }
              topics: { intake: [\(intake)], outcomes: \(outcomes), deadLetters: \(deadLetters) }
            store: { url: sqlite:\(store) }
            policy: \(shipped)/policy/hengyang-2023-4.yaml
            directory: \(shipped)/directory.yaml
            calendar: \(shipped)/calendars/cn.yaml
            templates: \(shipped)/templates/zh-CN
            channels:
              hook: { type: webhook, url: "\(hook)", \(secret) }\(second)
            routing: { personal: [hook], group: [\(side == nil ? "hook" : "side")], mail: [hook] }
            http: { listen: 127.0.0.1:\(port), open: true }

            """
    }
}
