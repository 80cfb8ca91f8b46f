import Crypto
import Duty
import Hummingbird
import Synchronization

/// Logins at the issuer that have begun and not come back yet.
final class LoginFlows: Sendable {
    struct Flow: Sendable {
        let nonce: String
        let verifier: String
        let next: String
        /// The hash of what the browser keeps, so that nobody finishes what another began.
        let browser: SHA256Digest
        let begun: Instant
    }

    private static let patience = Span.minutes(10)
    private static let most = 1_000
    private let flows = Mutex<[String: Flow]>([:])

    var count: Int { flows.withLock { $0.count } }

    func add(_ state: String, _ flow: Flow) {
        flows.withLock { flows in
            if flows.count >= Self.most {
                flows = flows.filter { flow.begun - $0.value.begun < Self.patience }
                if flows.count >= Self.most { flows = [:] }
            }
            flows[state] = flow
        }
    }

    /// The flow, once only.
    func take(_ state: String, now: Instant) -> Flow? {
        guard let flow = flows.withLock({ $0.removeValue(forKey: state) }), now - flow.begun < Self.patience
        else {
            return nil
        }
        return flow
    }
}

/// The authorization code flow of OpenID Connect with PKCE (RFC 7636).
extension LoginRoutes {
    private static let callback = "/login/callback"

    private var cookieName: String { access.isSecure ? "__Host-dutyclock-login" : "dutyclock-login" }

    func begin(_ request: Request) async -> Response {
        let next = Self.path(request.uri.queryParameters["next"].map(String.init))
        guard let issuer = access.issuer, let client = issuer.settings.clientID,
            let publicURL = access.origin.publicURL
        else { return ConsoleServer.problem(.notFound, "notFound", "no issuer is configured") }
        guard let address = await issuer.known()?.authorization else {
            note("issuerAway", nil)
            let words = words(request)
            return answer(
                .badGateway,
                request,
                next,
                words("统一账号系统没有应答,请稍后再试。", "The account system does not answer. Please try again soon.")
            )
        }
        let state = Sessions.random()
        let browser = Sessions.random()
        let flow = LoginFlows.Flow(
            nonce: Sessions.random(),
            verifier: Sessions.random(),
            next: next,
            browser: SHA256.hash(data: Array(browser.utf8)),
            begun: access.clock.now()
        )
        flows.add(state, flow)
        let challenge = Base64URL.encode(Array(SHA256.hash(data: Array(flow.verifier.utf8))))
        let query = [
            ("response_type", "code"), ("client_id", client), ("redirect_uri", publicURL + Self.callback),
            ("scope", "openid profile"), ("state", state), ("nonce", flow.nonce),
            ("code_challenge", challenge), ("code_challenge_method", "S256"),
        ].map { $0.0 + "=" + FormText.encoded($0.1) }.joined(separator: "&")
        var response = Self.redirect(to: address + (address.contains("?") ? "&" : "?") + query)
        // Lax: the way back begins on the issuer's site.
        response.headers[.setCookie] = access.attributes(cookieName, browser, "Lax", seconds: 600)
        return response
    }

    func finish(_ request: Request, _ context: ConsoleContext) async -> Response {
        let caller = context.caller(request)
        let now = access.clock.now()
        guard !access.logins.isShut(caller, at: now) else { return tooMany(request, "/") }
        let query = request.uri.queryParameters
        let browser = RequestCookies.value(cookieName, request) ?? ""
        guard let state = query["state"], let flow = flows.take(String(state), now: now),
            flow.browser == SHA256.hash(data: Array(browser.utf8)), let issuer = access.issuer,
            let publicURL = access.origin.publicURL
        else { return failed("state", caller, request) }
        guard let code = query["code"] else { return failed("denied", caller, request) }
        let redirect = publicURL + Self.callback
        guard
            let token = await issuer.exchange(
                code: String(code),
                redirect: redirect,
                verifier: flow.verifier
            )
        else { return failed("code", caller, request) }
        do {
            let (principal, ends) = try await issuer.login(token, nonce: flow.nonce)
            return opened(principal, token: nil, until: ends, flow.next, request) {
                page(.ok, templates.onward(words(request), to: flow.next))
            }
        } catch {
            return failed(error.rawValue, caller, request)
        }
    }

    private func failed(_ reason: String, _ caller: String, _ request: Request) -> Response {
        access.logins.failed(caller, at: access.clock.now())
        note(reason, nil)
        let words = words(request)
        let text =
            reason == IssuerRejection.noRole.rawValue
            ? words("这个账号没有本系统的权限。", "This account has no role here.")
            : words("登录没有完成,请重试。", "Signing in was not completed. Please try again.")
        return answer(
            reason == IssuerRejection.noRole.rawValue ? .forbidden : .unauthorized,
            request,
            "/",
            text
        )
    }
}
