import Foundation
import Synchronization

/// One request as the receiver saw it.
struct Received: Sendable {
    let line: String
    /// Names in lower case.
    let headers: [String: String]
    let body: [UInt8]
}

/// What the receiver does with a request.
enum Reaction: Sendable {
    case answer(Int, headers: [String: String] = [:], body: String = "{}")
    /// Reads and never answers, until the receiver stops.
    case silence
    /// Reads, then closes.
    case close
}

/// A small HTTP receiver on a real socket, with one thread a connection.
final class Receiver: Sendable {
    let port: UInt16
    private let listener: Int32
    private let react: @Sendable (Int, Received) -> Reaction
    private let seen = Mutex<[Received]>([])
    private let isOpen = Atomic<Bool>(true)

    var requests: [Received] { seen.withLock { $0 } }
    var url: String { "http://127.0.0.1:\(port)/hook?token=secret" }

    /// Starts to listen; `react` gets the number of the request, from 0.
    init(_ react: @escaping @Sendable (Int, Received) -> Reaction) throws {
        (listener, port) = try Receiver.listen()
        self.react = react
        Thread.detachNewThread { [self] in acceptAll() }
    }

    func stop() {
        isOpen.store(false, ordering: .releasing)
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    /// A port that nobody listens on.
    static func refusedPort() throws -> UInt16 {
        let (socket, port) = try listen()
        close(socket)
        return port
    }

    private static func listen() throws -> (Int32, UInt16) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let failed = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) != 0 || Glibc.listen(descriptor, 256) != 0
                    || getsockname(descriptor, $0, &length) != 0
            }
        }
        guard descriptor >= 0, !failed else { throw Impatient() }
        return (descriptor, UInt16(bigEndian: address.sin_port))
    }

    private func acceptAll() {
        while isOpen.load(ordering: .acquiring) {
            let connection = accept(listener, nil, nil)
            guard connection >= 0 else { return }
            Thread.detachNewThread { [self] in serve(connection) }
        }
    }

    private func serve(_ connection: Int32) {
        var buffer: [UInt8] = []
        while let request = read(connection, &buffer) {
            let number = seen.withLock { seen in
                seen.append(request)
                return seen.count - 1
            }
            switch react(number, request) {
            case .answer(let status, let headers, let body): write(connection, status, headers, body)
            case .silence:
                while isOpen.load(ordering: .acquiring) { usleep(10_000) }
                close(connection)
                return
            case .close:
                close(connection)
                return
            }
        }
        close(connection)
    }

    private func read(_ connection: Int32, _ buffer: inout [UInt8]) -> Received? {
        while true {
            if let (request, length) = Receiver.parse(buffer) {
                buffer.removeFirst(length)
                return request
            }
            var chunk = [UInt8](repeating: 0, count: 16_384)
            let count = recv(connection, &chunk, chunk.count, 0)
            guard count > 0 else { return nil }
            buffer += chunk.prefix(count)
        }
    }

    private static func parse(_ buffer: [UInt8]) -> (Received, Int)? {
        guard let end = buffer.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let lines = String(decoding: buffer[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            if parts.count == 2 {
                headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
            }
        }
        let length = end.upperBound + (headers["content-length"].flatMap { Int($0) } ?? 0)
        guard buffer.count >= length else { return nil }
        let body = Array(buffer[end.upperBound..<length])
        return (Received(line: lines.first.map(String.init) ?? "", headers: headers, body: body), length)
    }

    private func write(_ connection: Int32, _ status: Int, _ headers: [String: String], _ body: String) {
        var text = "HTTP/1.1 \(status) X\r\ncontent-length: \(body.utf8.count)\r\n"
        for (name, value) in headers { text += "\(name): \(value)\r\n" }
        let bytes = Array((text + "\r\n" + body).utf8)
        _ = send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }
}
