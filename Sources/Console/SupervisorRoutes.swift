import Duty
import Hummingbird
import Storage

/// What supervisors do, over HTTP; 202 once it is safe on the topic, and soon after in the journal.
extension ConsoleServer {
    var supervisor: SupervisorDesk {
        let backend = backend
        return SupervisorDesk(
            store: backend.store,
            rules: desk.rules,
            clock: backend.clock,
            publish: desk.publish,
            putBack: { try await backend.outcomes.putBack($0, intake: backend.intakeTopic) },
            settle: { try await backend.engine.settle(letters: $0, as: $1, by: $2, because: $3) }
        )
    }

    func addSupervision(_ router: Router<ConsoleContext>) {
        guarded(router, .read).get("/api/v1/silences") { _, _ in
            await answered { try await silences() }
        }
        guarded(router, .act)
            .post("/api/v1/matters/{type}/{number}/escalate") { request, context in
                await answered { try await escalate(request, context) }
            }
            .post("/api/v1/notifications/{key}/acknowledge") { request, context in
                await answered { try await acknowledge(request, context) }
            }
            .post("/api/v1/silences") { request, context in
                await answered { try await silence(request, context) }
            }
            .delete("/api/v1/silences/{id}") { request, context in
                await answered { try await endSilence(request, context) }
            }
    }

    // MARK: Each of them

    private func escalate(_ request: Request, _ context: ConsoleContext) async throws -> Response {
        let body = try await SupervisorOrder(
            request,
            ["ruleId", "stage", "cycle", "subject", "reason", "requestId", "by"]
        )
        let type = Self.parameter("type", context)
        let target = SupervisorDesk.Target(
            matter: MatterID(type + "/" + Self.parameter("number", context)),
            rule: RuleID(try body.need("ruleId")),
            stage: try body.need("stage"),
            cycle: try body.integer("cycle"),
            subject: try body.text("subject")
        )
        let receipt = try await supervisor.escalate(
            target,
            because: try body.text("reason"),
            by: try caller(context, body),
            requestID: try body.text("requestId")
        )
        return Self.accepted(receipt, "requestId")
    }

    private func acknowledge(_ request: Request, _ context: ConsoleContext) async throws -> Response {
        let body = try await SupervisorOrder(request, ["reason", "requestId", "by"])
        let receipt = try await supervisor.acknowledge(
            Self.parameter("key", context),
            because: try body.text("reason"),
            by: try caller(context, body),
            requestID: try body.text("requestId")
        )
        return Self.accepted(receipt, "requestId")
    }

    private func silence(_ request: Request, _ context: ConsoleContext) async throws -> Response {
        let body = try await SupervisorOrder(
            request,
            ["silenceId", "scope", "from", "until", "minutes", "reason", "by"]
        )
        let from = try body.instant("from")
        let start = from ?? backend.clock.now()
        let minutes = try body.integer("minutes")
        guard let until = try body.instant("until") ?? minutes.map({ start + .minutes(Int64($0)) }) else {
            throw SupervisorDesk.Refusal(.invalid, "badTime", "until, or minutes: how long")
        }
        let receipt = try await supervisor.silence(
            try body.scope(),
            from: from,
            until: until,
            because: try body.text("reason"),
            by: try caller(context, body),
            id: try body.text("silenceId")
        )
        return Self.accepted(receipt, "silenceId")
    }

    private func endSilence(_ request: Request, _ context: ConsoleContext) async throws -> Response {
        let body = try await SupervisorOrder(request, ["reason", "by"])
        let receipt = try await supervisor.end(
            silence: Self.parameter("id", context),
            because: try body.text("reason"),
            by: try caller(context, body)
        )
        return Self.accepted(receipt, "silenceId")
    }

    private func silences() async throws -> Response {
        let now = backend.clock.now()
        let values = try await supervisor.silences().map { held -> Value in
            let silence = held.silence
            return [
                "silenceId": .string(silence.id),
                "state": silence.until <= now ? "over" : silence.from > now ? "ahead" : "holds",
                "from": .string(silence.from.rfc3339), "until": .string(silence.until.rfc3339),
                "scope": silence.scope.value, "reason": .string(silence.reason), "by": .string(silence.by),
                "matters": .integer(Int64(held.matters)),
            ]
        }
        return Self.json(.ok, ["silences": .array(values)])
    }

    // MARK: Building blocks

    /// Who calls; where nobody was asked, whoever the body names.
    func caller(_ context: ConsoleContext, _ body: SupervisorOrder) throws -> SupervisorDesk.Caller {
        guard let principal = context.principal else {
            throw SupervisorDesk.Refusal(.invalid, "noCaller", "nobody is known to have called")
        }
        let named = principal.way == .open ? try body.text("by").map { PersonRef($0) } : nil
        return SupervisorDesk.Caller(principal, named: named)
    }

    /// The answer, or why there is none.
    func answered(_ body: () async throws -> Response) async -> Response {
        do {
            return try await body()
        } catch let refusal as SupervisorDesk.Refusal {
            return Self.problem(Self.status(refusal.kind), refusal.code, refusal.detail)
        } catch {
            return Self.problem(.serviceUnavailable, "unavailable", "\(error)")
        }
    }

    static func status(_ kind: SupervisorDesk.Refusal.Kind) -> HTTPResponse.Status {
        switch kind {
        case .invalid: .badRequest
        case .notFound: .notFound
        case .conflict: .conflict
        case .unavailable: .serviceUnavailable
        }
    }

    private static func parameter(_ name: String, _ context: ConsoleContext) -> String {
        let text = context.parameters.get(name) ?? ""
        return text.removingURLPercentEncoding() ?? text
    }

    private static func accepted(_ receipt: SupervisorDesk.Receipt, _ name: String) -> Response {
        json(
            .accepted,
            .object([
                Value.Member(name, .string(receipt.requestID)),
                Value.Member("matter", receipt.matter.map { .string($0.text) } ?? .null),
            ])
        )
    }
}

/// The JSON object in which a supervisor says what is to be done.
struct SupervisorOrder {
    private static let bodyLimit = 1 << 14
    private static let longestText = 500

    let value: Value

    /// - Throws: `SupervisorDesk.Refusal` for anything that is no JSON object with these names.
    init(_ request: Request, _ names: Set<String>) async throws {
        do {
            let body = try await request.body.collect(upTo: Self.bodyLimit)
            value = body.readableBytes == 0 ? [:] : try JSONReader.decode(Array(body.readableBytesView))
        } catch {
            throw SupervisorDesk.Refusal(.invalid, "notJSON", "the body is one JSON object")
        }
        guard let members = value.members else {
            throw SupervisorDesk.Refusal(.invalid, "notJSON", "the body is one JSON object")
        }
        if let unknown = members.first(where: { !names.contains($0.name) }) {
            throw Self.bad(unknown.name, "there is no such field")
        }
    }

    private static func bad(_ name: String, _ detail: String) -> SupervisorDesk.Refusal {
        SupervisorDesk.Refusal(.invalid, "badField", name + ": " + detail)
    }

    func text(_ name: String) throws -> String? {
        guard let member = value[name], member != .null else { return nil }
        guard let text = member.string, !text.isEmpty, text.count <= Self.longestText else {
            // A reason that is too long or empty is answered in the desk's own words.
            if name == "reason", let text = member.string { return text }
            throw Self.bad(name, "a text of at most \(Self.longestText) characters")
        }
        return text
    }

    func need(_ name: String) throws -> String {
        guard let text = try text(name) else { throw Self.bad(name, "is missing") }
        return text
    }

    func integer(_ name: String) throws -> Int? {
        guard let member = value[name], member != .null else { return nil }
        guard let number = member.integer, (1...1_000_000).contains(number) else {
            throw Self.bad(name, "a whole number from 1 to 1,000,000")
        }
        return Int(number)
    }

    func instant(_ name: String) throws -> Instant? {
        guard let text = try text(name) else { return nil }
        guard let instant = Instant(rfc3339: text) else {
            throw Self.bad(name, "an RFC 3339 time with an offset")
        }
        return instant
    }

    /// What narrows a silence; to keep everything back has to be said.
    func scope() throws -> Silence.Scope {
        guard let scope = value["scope"], let members = scope.members, !members.isEmpty else {
            throw Self.bad(
                "scope",
                "an object with matter, enterpriseId, ruleId, role or personRef, or all: true"
            )
        }
        var found = Silence.Scope()
        for member in members where !(member.name == "all" && member.value == true) {
            guard let text = member.value.string, !text.isEmpty, text.count <= Self.longestText else {
                throw Self.bad("scope." + member.name, "a text")
            }
            switch member.name {
            case "matter": found.matter = MatterID(text)
            case "enterpriseId": found.enterprise = EnterpriseID(text)
            case "ruleId": found.rule = RuleID(text)
            case "role": found.role = RoleID(text)
            case "personRef": found.person = PersonRef(text)
            default: throw Self.bad("scope." + member.name, "there is no such field")
            }
        }
        return found
    }
}
