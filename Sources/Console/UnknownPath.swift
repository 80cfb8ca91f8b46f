import HTTPTypes
import Hummingbird

/// Answers what no route takes: 405 with the methods that the path has, else 404; in words for people where a
/// browser asks.
///
/// It is added after all routes, so that none of them runs through it.
struct UnknownPath: RouterMiddleware {
    private let routes: [(segments: [Substring], method: HTTPRequest.Method)]
    /// The language of the installation.
    private let language: AnswerWords.Language

    init(routes: [Router<ConsoleContext>.RouteDescription], language: AnswerWords.Language) {
        self.routes = routes.map { (Self.segments($0.path.description), $0.method) }
        self.language = language
    }

    func handle(
        _ request: Request,
        context: ConsoleContext,
        next: (Request, ConsoleContext) async throws -> Response
    ) async throws -> Response {
        let methods = methods(of: request.uri.path)
        guard methods.isEmpty else {
            var response = ConsoleServer.problem(
                .methodNotAllowed,
                "methodNotAllowed",
                "this path takes \(methods.joined(separator: ", "))"
            )
            response.headers[.allow] = methods.joined(separator: ", ")
            return response
        }
        guard request.headers[.accept]?.contains("text/html") == true else {
            return ConsoleServer.problem(.notFound, "notFound", "there is no such path; see /openapi.yaml")
        }
        let words = AnswerWords(language: AccessMiddleware.language(request, language))
        return ProblemPage.html(
            .notFound,
            words,
            words("没有这个页面", "No such page"),
            nil,
            ("/", words("回到看板", "To the board"))
        )
    }

    private func methods(of path: String) -> [String] {
        let asked = Self.segments(path)
        let fitting = routes.filter { route in
            route.segments.count == asked.count
                && zip(route.segments, asked).allSatisfy { $0 == $1 || ($0.hasPrefix("{") && !$1.isEmpty) }
        }
        var names = Set(fitting.map(\.method.rawValue))
        if names.contains("GET") { names.insert("HEAD") }
        return names.sorted()
    }

    private static func segments(_ path: String) -> [Substring] { path.split(separator: "/") }
}
