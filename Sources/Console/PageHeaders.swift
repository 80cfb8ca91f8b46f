import HTTPTypes
import Hummingbird

/// What every answer tells browsers: nothing from elsewhere, in no frame, no guessing of types; pages may run
/// scripts and styles that are files of ours, and none that stands in the page.
struct PageHeaders: RouterMiddleware {
    /// Whether people reach this server over TLS.
    let isSecure: Bool

    func handle(
        _ request: Request,
        context: ConsoleContext,
        next: (Request, ConsoleContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        add(Self.always, to: &response)
        if isSecure { add(Self.overTLS, to: &response) }
        if response.headers[.contentType]?.hasPrefix("text/html") == true {
            add(Self.pages, to: &response)
            rememberLanguage(request, &response)
        }
        return response
    }

    /// Whoever chose a language on one page has it on the next; the pages of links carry theirs along.
    private func rememberLanguage(_ request: Request, _ response: inout Response) {
        guard let chosen = request.uri.queryParameters["lang"], !request.uri.path.hasPrefix("/a/"),
            let language = AnswerWords.Language(tag: chosen)
        else { return }
        response.headers.append(
            HTTPField(
                name: .setCookie,
                value: "lang=\(language.rawValue); Path=/; Max-Age=31536000; SameSite=Lax"
                    + (isSecure ? "; Secure" : "")
            )
        )
    }

    /// A path may have set a stricter one.
    private func add(_ headers: [(HTTPField.Name, String)], to response: inout Response) {
        for (name, value) in headers where response.headers[name] == nil { response.headers[name] = value }
    }

    static let policy = """
        default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
        form-action 'self'; base-uri 'none'; frame-ancestors 'none'
        """

    private static let always = named([
        ("x-content-type-options", "nosniff"), ("referrer-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ])

    private static let overTLS = named([("strict-transport-security", "max-age=31536000")])

    private static let pages = named([
        ("content-security-policy", policy), ("x-frame-options", "DENY"), ("cache-control", "no-store"),
        ("cross-origin-opener-policy", "same-origin"), ("x-robots-tag", "noindex, nofollow"),
        ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
    ])

    private static func named(_ headers: [(String, String)]) -> [(HTTPField.Name, String)] {
        headers.compactMap { name, value in HTTPField.Name(name).map { ($0, value) } }
    }
}
