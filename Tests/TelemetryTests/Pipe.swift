import Glibc

/// A pipe to write a log into and read it back from.
final class Pipe: Sendable {
    let reading: Int32
    let writing: Int32

    init(nonBlocking: Bool = false) {
        var ends: [Int32] = [0, 0]
        pipe(&ends)
        if nonBlocking { _ = fcntl(ends[1], F_SETFL, O_NONBLOCK) }
        reading = ends[0]
        writing = ends[1]
        signal(SIGPIPE, SIG_IGN)
    }

    func closeReading() { close(reading) }

    func closeWriting() { close(writing) }

    /// Everything written so far; nothing can be written afterwards.
    func drain() -> [UInt8] {
        closeWriting()
        return readToEnd()
    }

    /// Reads until the writing end is closed.
    func readToEnd() -> [UInt8] {
        var result: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while case let count = read(reading, &buffer, buffer.count), count > 0 {
            result.append(contentsOf: buffer[..<count])
        }
        return result
    }

    func text() -> String { String(decoding: drain(), as: UTF8.self) }
}
