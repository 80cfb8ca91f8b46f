import Duty
import Engine
import Hummingbird
import Storage

/// Dead letters: look, put back, put aside.
extension ConsoleServer {
    func addDeadLetters(_ router: Router<ConsoleContext>) {
        guarded(router, .readDeadLetters)
            .get("/api/v1/dlq") { request, _ in try await letters(request) }
            .get("/api/v1/dlq/{number}") { _, context in
                try await withLetter(context) { Self.json(.ok, value($0, whole: true)) }
            }
        guarded(router, .act)
            .post("/api/v1/dlq/{number}/retry") { request, context in
                try await withLetter(context) { letter in
                    await answered { try await retry(letter, request, context) }
                }
            }
            .post("/api/v1/dlq/{number}/discard") { request, context in
                try await withLetter(context) { letter in
                    await answered { try await discard(letter, request, context) }
                }
            }
    }

    private enum Choice: String, CaseIterable { case all, waiting }

    private func letters(_ request: Request) async throws -> Response {
        let query: (states: Set<DeadLetter.State>?, after: Int64, limit: Int)
        do {
            let asked = try APIQuery(request, APIOperations.deadLetters)
            let only = try asked.word("only", of: Choice.allCases)
            query = (
                only == .waiting ? DeadLetter.State.unsettled : nil, try asked.place("after", of: "dlq") ?? 0,
                try asked.limit()
            )
        } catch let problem as APIProblem {
            return Self.problem(.badRequest, problem.code, problem.detail)
        }
        let letters = try await backend.store.deadLetters(
            in: query.states,
            after: query.after,
            limit: query.limit
        )
        return Self.json(
            .ok,
            [
                "letters": .array(letters.map { value($0, whole: false) }),
                "next": APIQuery.next(
                    letters.count < query.limit ? nil : letters.last.map { "\($0.number)" },
                    of: "dlq"
                ),
            ]
        )
    }

    private func retry(
        _ letter: DeadLetter,
        _ request: Request,
        _ context: ConsoleContext
    ) async throws -> Response {
        let body = try await SupervisorOrder(request, ["reason", "by"])
        let (reason, caller) = (try body.text("reason"), try caller(context, body))
        try await supervisor.retry(letter, because: reason, by: caller)
        return Self.json(.ok, .object([Value.Member("retried", .integer(letter.number))]))
    }

    private func discard(
        _ letter: DeadLetter,
        _ request: Request,
        _ context: ConsoleContext
    ) async throws -> Response {
        let body = try await SupervisorOrder(request, ["reason", "by"])
        let (reason, caller) = (try body.text("reason"), try caller(context, body))
        try await supervisor.discard(letter, because: reason, by: caller)
        return Self.json(.ok, .object([Value.Member("discarded", .integer(letter.number))]))
    }

    private func withLetter(
        _ context: ConsoleContext,
        _ body: (DeadLetter) async throws -> Response
    ) async throws -> Response {
        guard let number = context.parameters.get("number", as: Int64.self) else {
            return Self.problem(.badRequest, "badNumber", "a dead letter is named by its number")
        }
        guard let letter = try await backend.store.deadLetter(number) else {
            return Self.problem(.notFound, "notFound", "no dead letter \(number)")
        }
        return try await body(letter)
    }

    private func value(_ letter: DeadLetter, whole: Bool) -> Value {
        let articles = desk.rules.book.current.articleCount
        var members: [Value.Member] = [
            Value.Member("number", .integer(letter.number)),
            Value.Member("state", .string(letter.state.rawValue)),
            Value.Member("reason", .string(letter.reason)), Value.Member("detail", .string(letter.detail)),
            Value.Member("reasonText", DeadLetterWords.title(letter).value),
            Value.Member("detailText", DeadLetterWords.detail(letter, articles: articles).value),
            Value.Member("topic", .string(letter.topic)),
            Value.Member("partition", .integer(Int64(letter.partition))),
            Value.Member("offset", .integer(letter.offset)), Value.Member("at", .string(letter.at.rfc3339)),
            Value.Member("bytes", .integer(Int64(letter.value?.count ?? 0))),
        ]
        if whole {
            members.append(
                Value.Member(
                    "value",
                    letter.value.map { .string(String(decoding: $0, as: UTF8.self)) } ?? .null
                )
            )
            let headers = letter.headers.map { header in
                Value.Member(
                    header.name,
                    header.value.map { .string(String(decoding: $0, as: UTF8.self)) } ?? .null
                )
            }
            members.append(Value.Member("headers", .object(headers)))
        }
        return .object(members)
    }
}
