import Hummingbird

/// Lets through who may do what the paths of a group are for.
struct AccessMiddleware: RouterMiddleware {
    let access: Access
    let permission: Permission

    func handle(
        _ request: Request,
        context: BasicRequestContext,
        next: (Request, BasicRequestContext) async throws -> Response
    ) async throws -> Response {
        switch access.verdict(request.headers[.authorization], permission) {
        case .granted: try await next(request, context)
        case .noToken: Self.refusal(.unauthorized, "unauthorized", "a bearer token is needed")
        case .unknownToken:
            Self.refusal(.unauthorized, "unauthorized", "this token is not known here", "invalid_token")
        case .wrongRole(let role):
            Self.refusal(
                .forbidden,
                "forbidden",
                "the role \(role.rawValue) does not include \(permission.rawValue)",
                "insufficient_scope"
            )
        }
    }

    /// RFC 6750: the reason stands in the challenge once a token was shown.
    private static func refusal(
        _ status: HTTPResponse.Status,
        _ code: String,
        _ detail: String,
        _ reason: String? = nil
    ) -> Response {
        var response = ConsoleServer.problem(status, code, detail)
        let suffix = reason.map { ", error=\"\($0)\"" } ?? ""
        response.headers[.wwwAuthenticate] = "Bearer realm=\"dutyclock\"" + suffix
        return response
    }
}
