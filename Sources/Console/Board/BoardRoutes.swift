import Duty
import Engine
import Hummingbird
import NIOCore
import Storage

/// The board: pages for supervisors, made on the server and readable without a script.
struct BoardRoutes: Sendable {
    let backend: ConsoleBackend
    let reader: BoardReader
    let templates: BoardTemplates
    let live: LiveRoutes
    let language: AnswerWords.Language

    /// - Throws: what is wrong with a template.
    init(backend: ConsoleBackend, desk: AnswerDesk) throws {
        self.backend = backend
        reader = BoardReader(
            store: backend.store,
            rules: desk.rules,
            clock: backend.clock,
            name: desk.name
        )
        templates = try BoardTemplates()
        live = LiveRoutes(
            pulse: backend.pulse,
            isStopping: { [health = backend.health] in health.isStopping }
        )
        language = desk.language
    }

    /// What everybody needs to see any page, or the page that they log in on.
    func addAssets(_ router: Router<ConsoleContext>) {
        router.get("/assets/board.css") { _, _ in Self.asset("text/css; charset=utf-8", BoardStyle.sheet) }
        router.get("/assets/board.js") { _, _ in
            Self.asset("text/javascript; charset=utf-8", BoardScript.source)
        }
        router.get("/assets/icon.svg") { _, _ in Self.asset("image/svg+xml", BoardStyle.icon) }
    }

    func add(reading group: RouterGroup<ConsoleContext>, ledger: RouterGroup<ConsoleContext>) {
        group.get("/") { request, context in try await page(request, context, home) }
            .get("/matters") { request, context in try await page(request, context, matters) }
            .get("/matters/{type}/{number}") { request, context in
                try await page(request, context) { try await matter($0, $1, context) }
            }
            .get("/deadlines") { request, context in try await page(request, context, deadlines) }
            .get("/alerts") { request, context in try await page(request, context, alerts) }
            .get("/ledger") { request, context in try await page(request, context, ledgerPage) }
            .get("/articles") { request, context in try await page(request, context, articles) }
            .get("/system") { request, context in try await page(request, context, system) }
            .get("/api/v1/stream") { _, _ in live.stream() }
        ledger.get("/audit") { request, context in try await page(request, context, audit) }
    }

    // MARK: One page

    /// What a page shows: which template, what is in it, and whether it follows what happens.
    struct Content {
        let template: BoardTemplates.Page
        let heading: String
        var fields: [String: Any]
        var isLive = true
        var status = HTTPResponse.Status.ok
    }

    typealias Maker = (BoardView, BoardQuery) async throws -> Content

    func page(
        _ request: Request,
        _ context: ConsoleContext,
        _ make: Maker
    ) async throws -> Response {
        guard let principal = context.principal else {
            return ConsoleServer.problem(.unauthorized, "unauthorized", "nobody is known to ask")
        }
        let query = BoardQuery(request)
        let view = BoardView(
            reader: reader,
            language: context.language,
            principal: principal,
            isWall: query["wall"] == "1"
        )
        let content = try await make(view, query)
        let fields = frame(view, query, content).merging(content.fields) { _, own in own }
        return Self.html(content.status, templates.render(content.template, fields))
    }

    private func frame(_ view: BoardView, _ query: BoardQuery, _ content: Content) -> [String: Any] {
        let words = view.words
        var fields: [String: Any] = [
            "lang": words.language.rawValue, "product": "dutyclock", "document": view.policy.document,
            "title": content.heading, "heading": content.heading, "nowISO": view.now.rfc3339,
            "now": String(view.now.local.prefix(16)).replacing("T", with: " "), "live": content.isLive,
            "wall": view.isWall,
            "skip": words("跳到正文", "Skip to the content"), "navLabel": words("主导航", "Main navigation"),
            "nav": nav(view, query),
            "otherLang": words.language.other.rawValue, "otherName": words("English", "中文"),
            "otherHref": query.changed(["lang": words.language.other.rawValue]),
            "heads": [
                "state": words("状态", "State"), "matter": words("单号", "Number"),
                "enterprise": words("企业", "Enterprise"), "what": words("时限要求", "Rule"),
                "due": words("到期", "Due"), "owner": words("责任人", "Owner"),
                "notice": words("最近通知", "Last notice"),
            ],
            "banner": banners(view, query),
        ]
        if view.principal.way == .session, let proof = view.principal.formProof {
            let label = words("退出(\(view.principal.label))", "Log out (\(view.principal.label))")
            fields["logout"] = ["proof": proof, "label": label]
        }
        return fields
    }

    private func nav(_ view: BoardView, _ query: BoardQuery) -> [[String: Any]] {
        let words = view.words
        var items: [(String, String)] = [
            ("/", words("看板", "Board")), ("/matters", words("事项", "Matters")),
            ("/deadlines", words("期限", "Deadlines")), ("/alerts", words("通知", "Alerts")),
            ("/ledger", words("台账", "Ledger")), ("/articles", words("条款", "Articles")),
            ("/system", words("系统", "System")),
        ]
        if view.principal.may(.readLedger) { items.append(("/audit", words("审计", "Audit"))) }
        return items.map { href, label in
            let isCurrent = href == "/" ? query.path == "/" : query.path.hasPrefix(href)
            return ["href": href, "label": label, "current": isCurrent]
        }
    }

    /// What everybody who looks at any page has to know.
    private func banners(_ view: BoardView, _ query: BoardQuery) -> [[String: Any]] {
        var banners: [[String: Any]] = []
        if query["done"] == "1" {
            let text = view.words(
                "已提交,稍候计入,并写入审计。",
                "Handed in: it counts in a moment and goes on record."
            )
            banners.append(["tone": "good", "text": text])
        }
        if !backend.health.refusedConfiguration.isEmpty {
            let text = view.words(
                "新配置有误,未采用,仍按原配置运行。",
                "The new configuration has mistakes and was not taken: the one before it stays."
            )
            banners.append(["tone": "late", "text": text])
        }
        if backend.health.isShadow {
            let text = view.words(
                "影子模式:一切照常判定和记录,不发出任何通知。",
                "Shadow mode: everything is decided and recorded, and no message leaves."
            )
            banners.append(["tone": "soon", "text": text])
        }
        return banners
    }

    // MARK: Responses

    static func html(_ status: HTTPResponse.Status, _ text: String) -> Response {
        Response(
            status: status,
            headers: [.contentType: "text/html; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text))
        )
    }

    private static func asset(_ type: String, _ text: String) -> Response {
        Response(
            status: .ok,
            headers: [.contentType: type, .cacheControl: "no-cache"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text))
        )
    }
}

/// Path and parameters of a page.
struct BoardQuery: Sendable {
    let path: String
    private let items: [(name: String, value: String)]

    init(_ request: Request) {
        path = request.uri.path
        items = request.uri.queryParameters.map { (String($0.key), String($0.value)) }
    }

    /// The value of a parameter without spaces around it; nil if it is missing or empty.
    subscript(name: String) -> String? {
        guard let value = items.first(where: { $0.name == name })?.value else { return nil }
        let trimmed = value.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()
        return trimmed.isEmpty ? nil : String(trimmed)
    }

    /// The same page with other values; an empty one takes the parameter out.
    func changed(_ changes: KeyValuePairs<String, String>) -> String {
        var items = items.filter { item in !changes.contains { $0.key == item.name } && !item.value.isEmpty }
        items += changes.filter { !$0.value.isEmpty }.map { ($0.key, $0.value) }
        let query = items.map { FormText.encoded($0.name) + "=" + FormText.encoded($0.value) }
        return path + (query.isEmpty ? "" : "?" + query.joined(separator: "&"))
    }
}
