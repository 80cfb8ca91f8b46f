import Hummingbird

/// Lets through who may do what the paths of a group are for, and tells the paths who that is.
struct AccessMiddleware: RouterMiddleware {
    let access: Access
    let permission: Permission
    /// The language of the installation.
    let language: AnswerWords.Language

    func handle(
        _ request: Request,
        context: ConsoleContext,
        next: (Request, ConsoleContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        context.language = Self.language(request, language)
        switch await access.verdict(request, permission, caller: context.caller(request)) {
        case .granted(let principal):
            context.principal = principal
            var request = request
            guard await Self.isProven(&request, context) else { return Self.crossSite(request, context) }
            return try await next(request, context)
        case .noToken where Self.isPageForPeople(request): return Self.login(request)
        case .noToken:
            return Self.refusal(
                .unauthorized,
                "unauthorized",
                "a bearer token is needed",
                to: (request, context.language)
            )
        case .unknownToken:
            return Self.refusal(
                .unauthorized,
                "unauthorized",
                "this token is not known here",
                "invalid_token",
                to: (request, context.language)
            )
        case .wrongRole(let role):
            return Self.wrongRole(role, permission, to: (request, context.language))
        case .tooMany:
            return ProblemPage.answer(
                request,
                context.language,
                .tooManyRequests,
                "tooMany",
                "too many unknown tokens came from this address; wait a minute",
                headers: [.retryAfter: "\(FailureGate.length.seconds)"]
            )
        case .crossSite: return Self.crossSite(request, context)
        case .foreignName:
            return ProblemPage.answer(
                request,
                context.language,
                .misdirectedRequest,
                "foreignName",
                "http.open answers to localhost, its addresses and http.publicURL only"
            )
        }
    }

    /// Whether a request that changes something carries the proof of the session that it was sent with.
    ///
    /// Every path is held to it here, so that none can forget; a form's body is read for it and put back.
    private static func isProven(_ request: inout Request, _ context: ConsoleContext) async -> Bool {
        guard context.principal?.way == .session, !request.method.isSafe,
            request.headers.text("x-csrf-token") == nil || !CheckedForm.isProven(request, nil, context)
        else { return true }
        guard let body = try? await request.body.collect(upTo: CheckedForm.largest) else { return false }
        request.body = RequestBody(buffer: body)
        return CheckedForm.isProven(request, FormBody(body.readableBytesView), context)
    }

    /// The one that a `?lang=` names, else the one chosen before, else the browser's.
    static func language(_ request: Request, _ installation: AnswerWords.Language) -> AnswerWords.Language {
        let chosen = RequestCookies.value("lang", request)
        return AnswerWords.Language(
            parameter: request.uri.queryParameters["lang"] ?? chosen.map { $0[...] },
            accept: request.headers[.acceptLanguage],
            installation: installation
        )
    }

    private static func isPageForPeople(_ request: Request) -> Bool {
        request.method == .get && Access.bearer(request.headers[.authorization] ?? "") == nil
            && request.headers[.accept]?.contains("text/html") == true
    }

    private static func login(_ request: Request) -> Response {
        Response(
            status: .seeOther,
            headers: [
                .location: "/login?next=" + FormText.encoded(request.uri.string), .cacheControl: "no-store",
            ]
        )
    }

    private static func crossSite(_ request: Request, _ context: ConsoleContext) -> Response {
        ProblemPage.answer(request, context.language, .forbidden, "crossSite", CrossSite.detail)
    }

    /// The answer to a caller whose role does not include what is asked for; with `to`, in the form that fits the
    /// request.
    static func wrongRole(
        _ role: AccessRole?,
        _ permission: Permission,
        to asked: (request: Request, language: AnswerWords.Language)? = nil
    ) -> Response {
        refusal(
            .forbidden,
            "forbidden",
            "\(role.map { "the role \($0.rawValue)" } ?? "no role") does not include \(permission.rawValue)",
            "insufficient_scope",
            to: asked
        )
    }

    /// RFC 6750: the reason stands in the challenge once a token was shown.
    private static func refusal(
        _ status: HTTPResponse.Status,
        _ code: String,
        _ detail: String,
        _ reason: String? = nil,
        to asked: (request: Request, language: AnswerWords.Language)?
    ) -> Response {
        let suffix = reason.map { ", error=\"\($0)\"" } ?? ""
        let challenge: HTTPFields = [.wwwAuthenticate: "Bearer realm=\"dutyclock\"" + suffix]
        if let (request, language) = asked {
            return ProblemPage.answer(request, language, status, code, detail, headers: challenge)
        }
        var response = ConsoleServer.problem(status, code, detail)
        response.headers[.wwwAuthenticate] = challenge[.wwwAuthenticate]
        return response
    }
}
