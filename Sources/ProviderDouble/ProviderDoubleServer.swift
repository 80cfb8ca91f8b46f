import Duty
import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// Serves a double over HTTP, on the loopback interface only.
package struct ProviderDoubleServer: Sendable {
    private static let host = "127.0.0.1"
    private static let bodyLimit = 1 << 20
    private static let control = "/_double/"

    private let double: ProviderDouble

    package init(_ double: ProviderDouble) { self.double = double }

    /// Serves until the task is cancelled; `onReady` is told the address.
    package func run(
        port: Int,
        logger: Logger,
        onReady: @escaping @Sendable (String) async -> Void
    ) async throws {
        let responder = CallbackResponder { (request: Request, context: DoubleContext) in
            try await respond(to: request, context)
        }
        let application = Application(
            responder: responder,
            configuration: ApplicationConfiguration(
                address: .hostname(Self.host, port: port),
                serverName: "provider-double"
            ),
            onServerRunning: { channel in
                await onReady("http://\(Self.host):\(channel.localAddress?.port ?? port)")
            },
            logger: logger
        )
        try await application.run()
    }

    private func respond(to request: Request, _ context: DoubleContext) async throws -> Response {
        var request = request
        let body = try await request.collectBody(upTo: Self.bodyLimit)
        if request.uri.path.hasPrefix(Self.control) {
            return await answerControl(request, Array(body.readableBytesView))
        }
        let plain = Self.plain(request, Array(body.readableBytesView))
        guard let reaction = await double.react(to: plain) else {
            return Self.json(.notFound, ["error": "no provider has this path"])
        }
        try await Task.sleep(for: .microseconds(reaction.delay.microseconds))
        return try await Self.response(reaction, context)
    }

    private static func plain(_ request: Request, _ body: [UInt8]) -> DoubleRequest {
        var headers: [String: String] = [:]
        for field in request.headers { headers[field.name.canonicalName] = field.value }
        headers["host"] = request.head.authority
        return DoubleRequest(
            method: request.method.rawValue,
            path: request.uri.path,
            query: request.uri.query,
            headers: headers,
            body: body
        )
    }

    private static func response(_ reaction: Reaction, _ context: DoubleContext) async throws -> Response {
        if reaction.manner == .never { try await context.channel.close() }
        let answer = reaction.answer
        var headers = HTTPFields()
        if !answer.body.isEmpty { headers[.contentType] = "application/json; charset=utf-8" }
        for (name, value) in answer.headers {
            if let name = HTTPField.Name(name) { headers[name] = value }
        }
        headers[.contentLength] = String(answer.body.count)
        var body = answer.body
        if reaction.manner == .twice { body += again(answer) }
        return Response(
            status: HTTPResponse.Status(code: min(599, max(200, answer.status))),
            headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: body))
        )
    }

    /// A second answer as bytes: behind the end of the first it stands on the wire as one of its own.
    private static func again(_ answer: Answer) -> [UInt8] {
        let head = "HTTP/1.1 \(answer.status) Again\r\ncontent-length: \(answer.body.count)\r\n\r\n"
        return Array(head.utf8) + answer.body
    }

    // MARK: Control

    private func answerControl(_ request: Request, _ body: [UInt8]) async -> Response {
        switch (request.method, request.uri.path.dropFirst(Self.control.count)) {
        case (.get, "received"):
            let query = request.uri.queryParameters
            let number = query["after"].flatMap { Int($0) } ?? 0
            let provider = query["provider"].flatMap { Provider(rawValue: String($0)) }
            return Self.json(.ok, await double.received(after: number, provider: provider))
        case (.get, "counters"): return Self.json(.ok, await double.counters)
        case (.get, "credentials"): return Self.json(.ok, await double.credentials)
        case (.post, "reset"):
            await double.reset()
            return Self.json(.ok, .object([]))
        case (.post, "script"):
            do {
                try await double.script(try JSONReader.decode(body))
                return Self.json(.ok, .object([]))
            } catch {
                return Self.json(.badRequest, .members(("error", .string("\(error)"))))
            }
        default: return Self.json(.notFound, ["error": "no such control path"])
        }
    }

    private static func json(_ status: HTTPResponse.Status, _ value: Value) -> Response {
        Response(
            status: status,
            headers: [.contentType: "application/json; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: JSONWriter.encode(value)))
        )
    }
}

/// A request's context that keeps its connection, which a scripted provider may close.
private struct DoubleContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }
}
