import Duty
import Hummingbird
import NIOCore
import Telemetry

/// Logging in and out with a browser: a token pasted into a form, or an account of the issuer.
struct LoginRoutes: Sendable {
    let access: Access
    let log: LogWriter
    /// The language of the installation.
    let language: AnswerWords.Language
    let templates: LoginTemplates
    let flows = LoginFlows()

    init(access: Access, log: LogWriter, language: AnswerWords.Language) throws {
        self.access = access
        self.log = log
        self.language = language
        templates = try LoginTemplates()
    }

    func add(to router: Router<ConsoleContext>) {
        router.get("/assets/login.css") { _, _ in
            Response(
                status: .ok,
                headers: [
                    .contentType: "text/css; charset=utf-8", .cacheControl: "public, max-age=300",
                ],
                body: ResponseBody(byteBuffer: ByteBuffer(string: LoginTemplates.sheet))
            )
        }
        router.get("/login") { request, _ in form(request) }
        router.post("/login") { request, context in await take(request, context) }
        router.post("/logout") { request, context in await leave(request, context) }
        router.get("/login/oidc") { request, _ in await begin(request) }
        router.get("/login/callback") { request, context in await finish(request, context) }
    }

    // MARK: By a token

    private func form(_ request: Request) -> Response {
        let next = Self.path(request.uri.queryParameters["next"].map(String.init))
        if access.isOpen || access.session(request) != nil { return Self.redirect(to: next) }
        // A visit from another site came without the cookie; one from here may have it.
        if request.headers.text("sec-fetch-site") == "cross-site" {
            return page(.ok, templates.onward(words(request), to: "/login?next=" + FormText.encoded(next)))
        }
        return answer(.ok, request, next, nil)
    }

    private func take(_ request: Request, _ context: ConsoleContext) async -> Response {
        let body = try? await request.body.collect(upTo: CheckedForm.largest)
        let fields = body.flatMap { FormBody($0.readableBytesView) }
        let next = Self.path(fields?["next"])
        let words = words(request)
        guard access.origin.isOwn(request), let fields else {
            return answer(
                .forbidden,
                request,
                next,
                words("请从本页面重新登录。", "Please sign in from this page again.")
            )
        }
        let caller = context.caller(request)
        let now = access.clock.now()
        guard !access.logins.isShut(caller, at: now) else { return tooMany(request, next) }
        let token = fields["token"]?.filter { !$0.isWhitespace } ?? ""
        guard let known = access.find(token) else {
            access.logins.failed(caller, at: now)
            note("unknownToken", nil)
            return answer(
                .unauthorized,
                request,
                next,
                words("令牌不对,请检查后重试。", "This token is not known here. Please check it and try again.")
            )
        }
        return opened(known.principal, token: known.hash, next, request) { Self.redirect(to: next) }
    }

    func tooMany(_ request: Request, _ next: String) -> Response {
        let words = words(request)
        var response = answer(
            .tooManyRequests,
            request,
            next,
            words("失败次数过多,请一分钟后再试。", "Too many failures. Please try again in a minute.")
        )
        response.headers[.retryAfter] = "\(FailureGate.length.seconds)"
        return response
    }

    /// Opens a session for whoever may read at least.
    func opened(
        _ principal: Principal,
        token: Access.Token.Hash?,
        until ends: Instant? = nil,
        _ next: String,
        _ request: Request,
        _ onward: () -> Response
    ) -> Response {
        guard principal.may(.read) else {
            note("role", principal.name)
            let words = words(request)
            return answer(
                .forbidden,
                request,
                next,
                words("这个账号不能查看页面。", "This account is not for looking at pages.")
            )
        }
        // Whatever session the browser had before is over: none can be handed to somebody to be used later.
        if let old = access.sessionID(request) { access.sessions.close(old) }
        let id = access.sessions.open(principal, token: token, ends: ends, now: access.clock.now())
        var response = onward()
        response.headers[.setCookie] = access.cookie(id)
        log.write(level: .info, message: "signed in", fields: [("duty.by", .outside(principal.name))])
        return response
    }

    // MARK: Leaving

    private func leave(_ request: Request, _ context: ConsoleContext) async -> Response {
        guard let id = access.sessionID(request), let principal = access.session(request) else {
            return Self.redirect(to: "/login")
        }
        var context = context
        context.principal = principal
        guard access.origin.isOwn(request), (try? await CheckedForm.read(request, context)) != nil else {
            return ProblemPage.answer(
                request,
                AccessMiddleware.language(request, language),
                .forbidden,
                "crossSite",
                CrossSite.detail
            )
        }
        access.sessions.close(id)
        var response = Self.redirect(to: "/login")
        response.headers[.setCookie] = access.expiredCookie
        log.write(level: .info, message: "signed out", fields: [("duty.by", .outside(principal.name))])
        return response
    }

    // MARK: Answers

    func words(_ request: Request) -> AnswerWords {
        AnswerWords(language: AccessMiddleware.language(request, language))
    }

    func answer(
        _ status: HTTPResponse.Status,
        _ request: Request,
        _ next: String,
        _ complaint: String?
    ) -> Response {
        page(
            status,
            templates.login(
                words(request),
                next: next,
                complaint: complaint,
                hasIssuer: access.issuer?.settings.clientID != nil
            )
        )
    }

    func page(_ status: HTTPResponse.Status, _ text: String) -> Response {
        Response(
            status: status,
            headers: [.contentType: "text/html; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text))
        )
    }

    /// Says why, with neither the token nor a part of it.
    func note(_ reason: String, _ name: String?) {
        var fields: [LogField] = [("duty.reason", .string(reason))]
        if let name { fields.append(("duty.by", .outside(name))) }
        log.write(level: .warn, message: "sign-in refused", fields: fields)
    }

    static func redirect(to path: String) -> Response {
        Response(status: .seeOther, headers: [.location: path, .cacheControl: "no-store"])
    }

    /// A path of this server alone: another site's address would let a link of ours lead anywhere.
    static func path(_ text: String?) -> String {
        guard let text, text.first == "/", text.utf8.count <= 2_048,
            text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") }),
            !text.hasPrefix("//"), !text.hasPrefix("/login"), !text.hasPrefix("/logout")
        else { return "/" }
        return text
    }
}
