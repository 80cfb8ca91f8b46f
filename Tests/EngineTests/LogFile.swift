import Duty
import Foundation
import Telemetry

/// A log in a file of its own, to be read back line by line.
final class LogFile {
    private let path: String
    private let descriptor: Int32
    let log: LogWriter

    init(level: LogLevel = .info) {
        path =
            FileManager.default.temporaryDirectory.appendingPathComponent("log-" + UUID().uuidString).path
        descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        log = LogWriter(
            identity: ServiceIdentity(name: "dutyclock", version: "1"),
            format: .json,
            level: level,
            descriptor: descriptor
        )
    }

    deinit {
        close(descriptor)
        unlink(path)
    }

    func lines() throws -> [Value] {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        return try text.split(separator: "\n").map { try JSONReader.decode(Array($0.utf8)) }
    }
}
