import AsyncHTTPClient
import Synchronization

/// What came of one request.
package enum HTTPReply: Hashable, Sendable {
    case answered(status: Int, retryAfter: String?, reference: String?)
    /// Nothing of the message left: no name, no connection, no TLS.
    case notSent(reason: String)
    /// The request can never be sent as it is: a malformed address.
    case unusable(reason: String)
    /// The message left and no answer came.
    case unanswered(reason: String)
}

/// The HTTP client that all channels share: no redirects, no retries of its own, and no address in any reason.
package final class OutboundHTTP: Sendable {
    private let client: HTTPClient

    /// - Parameters:
    ///   - connectionsPerHost: How many requests may be under way to one host at a time.
    ///   - connectSeconds: How long one connection may take to be made, TLS included.
    package init(connectionsPerHost: Int = 64, connectSeconds: Int64 = 3) {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.httpVersion = .http1Only
        configuration.timeout.connect = .seconds(connectSeconds)
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = connectionsPerHost
        // Common receivers close an idle connection after five seconds; a request written into that very
        // moment would be lost without a trace, so this side closes first.
        configuration.connectionPool.idleTimeout = .seconds(4)
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    /// Ends all connections; no request may follow.
    package func shutdown() async { try? await client.shutdown() }

    /// Posts `body` and waits at most `timeout` for the answer.
    package func post(
        _ url: String,
        headers: [(String, String)],
        body: [UInt8],
        timeout: Duration
    ) async -> HTTPReply {
        guard url.hasPrefix("http://") || url.hasPrefix("https://") else {
            return .unusable(reason: "the address is no http or https URL")
        }
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        let watched = WatchedBytes(body)
        request.body = .bytes(watched, length: .known(Int64(body.count)))
        do {
            let response = try await client.execute(request, timeout: .nanoseconds(timeout.wholeNanoseconds))
            await finish(response)
            return .answered(
                status: Int(response.status.code),
                retryAfter: response.headers.first(name: "retry-after"),
                reference: response.headers.first(name: "x-request-id")
            )
        } catch {
            return OutboundHTTP.reply(to: error, left: watched.wasRead)
        }
    }

    /// Reads a short body to its end so that the connection can be used again; a long or slow one is dropped.
    private func finish(_ response: HTTPClientResponse) async {
        guard response.status.code != 204, response.headers.first(name: "content-length") != "0" else {
            return
        }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { _ = try? await response.body.collect(upTo: 65_536) }
            group.addTask { try? await Task.sleep(for: .seconds(1)) }
            await group.next()
            group.cancelAll()
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
