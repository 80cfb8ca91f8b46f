import Duty
import Engine
import HTTPTypes
import Hummingbird
import NIOCore
import Telemetry

/// `/a/{token}`, a page for the phone: looking at it never does anything, only its forms do.
struct AnswerRoutes: Sendable {
    private static let largestForm = 4_096

    let desk: AnswerDesk
    let links: AnswerLinks
    private let templates: AnswerTemplates
    /// A person taps a few times; a program that tries more is turned away.
    private let answers = RateGate(limit: 12)
    private let calls = RateGate(limit: 600)

    init(desk: AnswerDesk, links: AnswerLinks) throws {
        self.desk = desk
        self.links = links
        templates = try AnswerTemplates()
    }

    func add(to router: Router<ConsoleContext>) {
        router.get("/answer.css") { _, _ in
            Self.response(.ok, "text/css; charset=utf-8", AnswerStyle.sheet, caching: "public, max-age=300")
        }
        router.get("/a/{token}") { request, context in await show(request, context) }
        router.head("/a/{token}") { request, context in
            var response = await show(request, context)
            response.body = ResponseBody()
            return response
        }
        router.post("/a/{token}") { request, context in await take(request, context) }
    }

    // MARK: Looking

    private func show(_ request: Request, _ context: ConsoleContext) async -> Response {
        let found: (token: AnswerToken, found: AnswerCase)
        switch await open(request, context) {
        case .success(let value): found = value
        case .failure(let refusal): return refuse(refusal)
        }
        var page = page(request, context, found.found)
        let query = request.uri.queryParameters
        if let done = query["done"].flatMap({ AnswerAction(rawValue: String($0)) }) {
            let looks = query["n"].flatMap { Int($0) } ?? 0
            page.pending = AnswerPage.Pending(action: done, looks: max(0, looks))
        }
        return html(.ok, templates.page(page.fields))
    }

    /// A refusal with what it can say of the token.
    private struct Refusal: Error {
        let reason: LinkRejection
        var token: AnswerToken?
        /// The store did not answer; nothing is wrong with the link.
        var isOurs = false
    }

    private func open(
        _ request: Request,
        _ context: ConsoleContext
    ) async -> Result<(token: AnswerToken, found: AnswerCase), Refusal> {
        let now = desk.clock.now()
        guard calls.admits(Self.caller(request), at: now) else { return .failure(Refusal(reason: .tooMany)) }
        do {
            let token = try links.signer.read(context.parameters.get("token") ?? "", now: now)
            do {
                return try await desk.find(token).map { (token, $0) }.mapError {
                    Refusal(reason: $0, token: token)
                }
            } catch {
                return .failure(Refusal(reason: .unknownNotification, token: token, isOurs: true))
            }
        } catch {
            return .failure(Refusal(reason: error))
        }
    }

    private func page(_ request: Request, _ context: ConsoleContext, _ found: AnswerCase) -> AnswerPage {
        let book = desk.rules.book
        return AnswerPage(
            words: words(request),
            found: found,
            now: desk.clock.now(),
            proof: links.signer.formProof(context.parameters.get("token") ?? ""),
            name: desk.name,
            roleName: { book.current.roles[$0]?.name ?? $0.text }
        )
    }

    private func words(_ request: Request) -> AnswerWords {
        AnswerWords(
            language: AnswerWords.Language(
                parameter: request.uri.queryParameters["lang"],
                accept: request.headers[.acceptLanguage],
                installation: desk.language
            )
        )
    }

    // MARK: Answering

    private func take(_ request: Request, _ context: ConsoleContext) async -> Response {
        let opened: (token: AnswerToken, found: AnswerCase)
        switch await open(request, context) {
        case .success(let value): opened = value
        case .failure(let refusal): return refuse(refusal)
        }
        let token = opened.token
        guard answers.admits(token.notification, at: desk.clock.now()) else {
            return refuse(Refusal(reason: .tooMany, token: token))
        }
        guard isOwnSite(request), let form = await form(request),
            links.signer.isProof(form["proof"] ?? "", for: context.parameters.get("token") ?? ""),
            let action = form["do"].flatMap({ AnswerAction(rawValue: $0) })
        else { return refuse(Refusal(reason: .crossSite, token: token)) }
        return await answer(action, form, opened.found, request, context)
    }

    private func answer(
        _ action: AnswerAction,
        _ form: FormBody,
        _ found: AnswerCase,
        _ request: Request,
        _ context: ConsoleContext
    ) async -> Response {
        let words = words(request)
        // A second tap, or a form that is out of date: the page says how things stand.
        guard found.offers(action) else { return onward(found.fact(action) == nil ? nil : action, words) }
        let now = desk.clock.now()
        let read = AnswerPage.content(
            action,
            form,
            words: words,
            today: CivilDate(now),
            isPersonal: { Redactor.redact($0) != $0 }
        )
        var page = page(request, context, found)
        page.entered = form
        guard let content = read.content else {
            page.complaint = read.complaint
            return html(.unprocessableContent, templates.page(page.fields))
        }
        do throws(EventGateway.Refusal) {
            try await desk.take(
                Answer(
                    notification: found.notification.notification,
                    content: content,
                    at: now,
                    via: "web",
                    enterprise: found.matter.enterprise
                )
            )
            return onward(action, words)
        } catch {
            page.complaint = words("暂时无法提交,请稍后再试。", "It cannot be handed in just now. Please try again soon.")
            return html(.serviceUnavailable, templates.page(page.fields))
        }
    }

    /// After a form comes a page that may be loaded again without harm.
    private func onward(_ action: AnswerAction?, _ words: AnswerWords) -> Response {
        let done = action.map { "done=\($0.rawValue)&" } ?? ""
        var response = html(.seeOther, "")
        response.headers[.location] = "?\(done)lang=\(words.language.rawValue)"
        return response
    }

    private func form(_ request: Request) async -> FormBody? {
        guard let body = try? await request.body.collect(upTo: Self.largestForm) else { return nil }
        return FormBody(body.readableBytesView)
    }

    /// Browsers say where a form came from.
    ///
    /// Our own pages ask them not to name the address, so that they may
    /// say `null`; the proof in the form decides then.
    private func isOwnSite(_ request: Request) -> Bool {
        if let site = request.headers.text("sec-fetch-site"), site != "same-origin", site != "none" {
            return false
        }
        guard let origin = request.headers.text("origin"), origin != "null" else { return true }
        return links.publicURL == origin || links.publicURL.hasPrefix(origin + "/")
            || origin.split(separator: "/").last.map(String.init) == request.head.authority
    }

    /// Who calls, as the proxy in front says; without one everybody counts as the same.
    private static func caller(_ request: Request) -> String {
        let last = request.headers.text("x-forwarded-for")?.split(separator: ",").last
        return String(last?.drop { $0 == " " }.prefix(64) ?? "direct")
    }

    // MARK: Responses

    private func refuse(_ refusal: Refusal) -> Response {
        if refusal.isOurs {
            return html(.serviceUnavailable, templates.refusal(RefusalWords.unavailable.fields))
        }
        desk.note(refusal.reason, refusal.token)
        let words = RefusalWords(refusal.reason)
        return html(words.status, templates.refusal(words.fields))
    }

    private func html(_ status: HTTPResponse.Status, _ text: String) -> Response {
        Self.response(status, "text/html; charset=utf-8", text, caching: "no-store")
    }

    private static func response(
        _ status: HTTPResponse.Status,
        _ type: String,
        _ text: String,
        caching: String
    ) -> Response {
        var headers = HTTPFields()
        for (name, value) in protections { headers[name] = value }
        headers[.contentType] = type
        headers[.cacheControl] = caching
        return Response(
            status: status,
            headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(string: text))
        )
    }

    /// No script, nothing from elsewhere, not in a frame, not in an index, and no word of the address to others.
    private static let protections: [(HTTPField.Name, String)] = [
        (
            "content-security-policy",
            "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        ),
        ("referrer-policy", "no-referrer"), ("x-content-type-options", "nosniff"),
        ("x-robots-tag", "noindex, nofollow"), ("cross-origin-opener-policy", "same-origin"),
    ].compactMap { name, value in HTTPField.Name(name).map { ($0, value) } }
}

extension HTTPFields {
    /// The first value of a field, by its lower-case name.
    func text(_ name: String) -> String? { first { $0.name.canonicalName == name }?.value }
}
