import Duty
import Hummingbird
import NIOCore

/// What the board shows, as JSON for programs; `APIOperations` describes each path.
struct APIRoutes: Sendable {
    let reader: BoardReader

    func add(reading: RouterGroup<ConsoleContext>, ledger: RouterGroup<ConsoleContext>) {
        reading.get("/openapi.yaml") { _, _ in
            Response(
                status: .ok,
                headers: [.contentType: "application/yaml; charset=utf-8"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: OpenAPIDocument.text))
            )
        }
        add(APIOperations.matters, matters, to: reading)
        add(APIOperations.deadlines, deadlines, to: reading)
        add(APIOperations.alerts, alerts, to: reading)
        add(APIOperations.rates, rates, to: reading)
        add(APIOperations.roster, roster, to: reading)
        add(APIOperations.articles, articles, to: reading)
        add(APIOperations.journal, journal, to: ledger)
    }

    private typealias Maker = @Sendable (BoardView, APIQuery) async throws -> Value

    private func add(
        _ operation: APIOperation,
        _ make: @escaping Maker,
        to group: RouterGroup<ConsoleContext>
    ) {
        group.get(RouterPath(operation.path)) { request, context in
            guard let principal = context.principal else {
                return ConsoleServer.problem(.unauthorized, "unauthorized", "nobody is known to ask")
            }
            let view = BoardView(
                reader: reader,
                language: context.language,
                principal: principal,
                isWall: false
            )
            do {
                return ConsoleServer.json(.ok, try await make(view, try APIQuery(request, operation)))
            } catch let problem as APIProblem {
                return ConsoleServer.problem(.badRequest, problem.code, problem.detail)
            }
        }
    }

    // MARK: Values

    static func time(_ instant: Instant?) -> Value { instant.map { .string($0.rfc3339) } ?? .null }

    static func text(_ text: String?) -> Value { text.map { .string($0) } ?? .null }
}
