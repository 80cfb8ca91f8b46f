import Duty
import Foundation

/// The sample day: events in the order in which they reach the topic.
struct SampleDay {
    struct Line {
        let arrivesAt: Instant
        let key: String?
        /// What goes onto the topic, whether it is an event or not.
        let value: [UInt8]
        let isComplaint: Bool
    }

    let lines: [Line]

    /// - Throws: `Failure` 65 with the line that cannot be read.
    init(path: String) throws {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Failure(ExitStatus.badData, "\(path): 读不到 cannot be read")
        }
        var lines: [Line] = []
        for (index, bytes) in [UInt8](data).split(separator: 0x0A).enumerated() {
            do {
                lines.append(try Self.line(Array(bytes)))
            } catch {
                throw Failure(ExitStatus.badData, "\(path):\(index + 1): \(error)")
            }
        }
        self.lines = lines
    }

    private static func line(_ bytes: [UInt8]) throws -> Line {
        let value = try JSONReader.decode(bytes)
        guard let arrives = value["arrivedat"]?.string.flatMap({ Instant(rfc3339: $0) }) else {
            throw Failure(ExitStatus.badData, "arrivedat is missing")
        }
        let payload = value["raw"]?.string.map { Array($0.utf8) } ?? bytes
        return Line(
            arrivesAt: arrives,
            key: value["partitionkey"]?.string,
            value: payload,
            isComplaint: value["type"]?.string == EventKind.complaintFiled.typeName
        )
    }
}
