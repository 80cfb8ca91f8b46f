import Foundation

/// `dutyclock serve` in a process of its own, its log in a file.
struct ServedProgram {
    /// The environment variable with the secret of the web hooks.
    static let secretName = "BENCH_HOOK_SECRET"

    private let process = Process()
    private let log: String

    init(executable: URL, configuration: String, log: String) throws {
        self.log = log
        _ = FileManager.default.createFile(atPath: log, contents: nil)
        process.executableURL = executable
        process.arguments = ["serve", "--config", configuration]
        process.environment = ProcessInfo.processInfo.environment.merging([Self.secretName: "bench"]) { $1 }
        process.standardOutput = FileHandle(forWritingAtPath: log)
        try process.run()
    }

    /// What it occupies now.
    func memory() throws -> Memory { try .of(String(process.processIdentifier)) }

    /// What it has used of all processors so far, which other work on the machine does not change.
    func processorTime() throws -> Duration {
        let path = "/proc/\(process.processIdentifier)/stat"
        // Behind the name, which may hold anything, the twelfth and thirteenth are user and system time.
        let fields =
            try String(contentsOfFile: path, encoding: .utf8).split(separator: ")").last?
            .split(separator: " ") ?? []
        guard fields.count > 12, let user = Int64(fields[11]), let system = Int64(fields[12]) else {
            return .zero
        }
        return .milliseconds((user + system) * 1_000 / Int64(sysconf(Int32(_SC_CLK_TCK))))
    }

    /// - Throws: `Failure` with the end of its log if it ends before, or takes a minute.
    func waitUntilReady() async throws {
        let ends = ContinuousClock.now + .seconds(60)
        while true {
            let text = try String(contentsOfFile: log, encoding: .utf8)
            if text.contains("service.ready") { return }
            guard process.isRunning, ContinuousClock.now < ends else {
                throw Workbench.Failure(description: "dutyclock is not ready: \(text.suffix(1_000))")
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    /// Ends it in order and waits until it is gone.
    func stop() {
        process.terminate()
        process.waitUntilExit()
    }
}
