import AsyncHTTPClient
import Duty
import NIOCore
import NIOHTTP1
import Synchronization

/// What came of one request.
package enum HTTPReply: Hashable, Sendable {
    case answered(HTTPAnswer)
    /// Nothing of the message left: no name, no connection, no TLS.
    case notSent(reason: String)
    /// The request can never be sent as it is: a malformed address.
    case unusable(reason: String)
    /// The message left and no answer came.
    case unanswered(reason: String)
}

/// An answer, as far as channels need it.
package struct HTTPAnswer: Hashable, Sendable {
    /// The headers that are kept.
    static let kept = ["retry-after", "x-request-id", "x-ogw-ratelimit-reset"]

    package let status: Int
    /// By their names in lower case.
    package let headers: [String: String]
    /// Nil if it did not come to its end in time, or is longer than 64 KiB.
    package let body: [UInt8]?

    package init(status: Int, headers: [String: String] = [:], body: [UInt8]? = nil) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The body as JSON, whatever its content type says; nil if it is none.
    var json: Value? { body.flatMap { try? JSONReader.decode($0) } }
}

/// The HTTP client that all channels share: no redirects, no retries of its own, and no address in any reason.
package final class OutboundHTTP: Sendable {
    private let client: HTTPClient

    /// - Parameter connectSeconds: How long one connection may take to be made, TLS included.
    package init(connectSeconds: Int64 = 3) {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.httpVersion = .http1Only
        configuration.timeout.connect = .seconds(connectSeconds)
        configuration.connectionPool.retryConnectionEstablishment = false
        // Each channel limits what it has under way. A limit for the host would let one channel that hangs keep another,
        // which speaks to the same host, from its connections.
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = .max
        // Common receivers close an idle connection after five seconds; a request written into that very
        // moment would be lost without a trace, so this side closes first.
        configuration.connectionPool.idleTimeout = .seconds(4)
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    /// Ends all connections; no request may follow.
    package func shutdown() async { try? await client.shutdown() }

    /// Posts `body` and waits at most `timeout` for the answer.
    ///
    /// Where the status tells everything, the rest of the answer is worth `patience` at most: it is read only
    /// so that the connection can be used again. Without one, the body has until the `timeout`.
    package func post(
        _ url: String,
        headers: [(String, String)],
        body: [UInt8],
        timeout: Duration,
        patience: Duration? = nil
    ) async -> HTTPReply {
        await send(.POST, url, headers: headers, body: body, timeout: timeout, patience: patience)
    }

    /// Asks for something; to be used where asking twice does no harm.
    package func get(
        _ url: String,
        headers: [(String, String)] = [],
        timeout: Duration
    ) async -> HTTPReply {
        await send(.GET, url, headers: headers, body: [], timeout: timeout, patience: nil)
    }

    private func send(
        _ method: HTTPMethod,
        _ url: String,
        headers: [(String, String)],
        body: [UInt8],
        timeout: Duration,
        patience: Duration?
    ) async -> HTTPReply {
        let deadline = ContinuousClock.now + timeout
        guard url.hasPrefix("http://") || url.hasPrefix("https://") else {
            return .unusable(reason: "the address is no http or https URL")
        }
        var request = HTTPClientRequest(url: url)
        request.method = method
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        let watched = WatchedBytes(body)
        request.body = .bytes(watched, length: .known(Int64(body.count)))
        do {
            let response = try await client.execute(request, timeout: .nanoseconds(timeout.wholeNanoseconds))
            let rest = max(.zero, ContinuousClock.now.duration(to: deadline))
            let read = await self.body(of: response, within: min(rest, patience ?? rest))
            let headers = HTTPAnswer.kept.compactMap { name in
                response.headers.first(name: name).map { (name, $0) }
            }
            return .answered(
                HTTPAnswer(
                    status: Int(response.status.code),
                    headers: Dictionary(headers) { first, _ in first },
                    body: read
                )
            )
        } catch {
            // A request without a body leaves no such trace; only what failed before there was a connection did not leave.
            let left = watched.wasRead || (body.isEmpty && OutboundHTTP.mayHaveLeft(error))
            return OutboundHTTP.reply(to: error, left: left)
        }
    }

    /// Reads a short body to its end, so that the connection can be used again; a long or slow one is dropped.
    private func body(of response: HTTPClientResponse, within patience: Duration) async -> [UInt8]? {
        guard response.status.code != 204, response.headers.first(name: "content-length") != "0" else {
            return []
        }
        return await withTaskGroup(of: [UInt8]?.self) { group in
            group.addTask {
                let buffer = try? await response.body.collect(upTo: 65_536)
                return buffer.map { Array($0.readableBytesView) }
            }
            group.addTask {
                try? await Task.sleep(for: patience)
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
    }

    /// False for what goes wrong before a connection is there.
    private static func mayHaveLeft(_ error: any Error) -> Bool {
        switch error as? HTTPClientError {
        case .invalidURL, .emptyHost, .emptyScheme, .connectTimeout, .tlsHandshakeTimeout,
            .getConnectionFromPoolTimeout:
            return false
        case .some: return true
        case nil:
            let name = "\(Swift.type(of: error))"
            return !name.contains("NIOConnectionError") && !name.contains("SSL")
                && !"\(error)".hasPrefix("connect")
        }
    }

    /// The kind of `error` in words, without its own description, which may hold an address.
    private static func reply(to error: any Error, left: Bool) -> HTTPReply {
        let known = error as? HTTPClientError
        let word = known?.shortDescription ?? "\(Swift.type(of: error))"
        if left { return .unanswered(reason: "no answer: \(word)") }
        switch known {
        case .invalidURL, .emptyHost, .emptyScheme: return .unusable(reason: "unusable address: \(word)")
        default: return .notSent(reason: "no connection: \(word)")
        }
    }
}

/// Bytes that remember whether the client began to write them, which it does only on a living connection.
private final class WatchedBytes: Collection, Sendable {
    private let bytes: [UInt8]
    private let read = Atomic<Bool>(false)

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var wasRead: Bool { read.load(ordering: .acquiring) }
    var startIndex: Int { 0 }
    var endIndex: Int { bytes.count }
    func index(after index: Int) -> Int { index + 1 }
    subscript(position: Int) -> UInt8 { bytes[position] }

    func makeIterator() -> IndexingIterator<[UInt8]> {
        read.store(true, ordering: .releasing)
        return bytes.makeIterator()
    }

    func withContiguousStorageIfAvailable<Result>(
        _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
    ) rethrows -> Result? {
        read.store(true, ordering: .releasing)
        return try bytes.withContiguousStorageIfAvailable(body)
    }
}

extension Duration {
    /// Nanoseconds, held inside what 64 bits can carry.
    fileprivate var wholeNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        return Swift.max(0, Swift.min(seconds, 1_000_000_000)) * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}
