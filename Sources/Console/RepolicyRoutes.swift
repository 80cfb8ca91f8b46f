import Duty
import Engine
import Hummingbird
import Storage

/// Moving open matters to another policy version: what it would come to, the order, how far it has come.
extension ConsoleServer {
    func addRepolicy(_ router: Router<ConsoleContext>) {
        guarded(router, .changePolicy)
            .get("/api/v1/repolicy") { _, _ in try await repolicyProgress() }
            .post("/api/v1/repolicy") { request, _ in try await repolicy(request) }
    }

    private static let bodyLimit = 1 << 16
    private static let longestText = 500
    /// So many matters are named one by one in a dry run.
    private static let listing = 500

    private func repolicyProgress() async throws -> Response {
        guard let order = try await backend.engine.lastRepolicy() else {
            return Self.problem(.notFound, "notFound", "no matter was ever moved to another policy version")
        }
        return Self.json(.ok, RepolicyValue.order(order))
    }

    /// A dry run unless the body says otherwise: 200 with what would change; else 202 once the order is on disk.
    private func repolicy(_ request: Request) async throws -> Response {
        let (order, isDryRun): (RepolicyOrder, Bool)
        do {
            let body = try await request.body.collect(upTo: Self.bodyLimit)
            (order, isDryRun) = try Self.order(try JSONReader.decode(Array(body.readableBytesView)))
        } catch let problem as BadOrder {
            return Self.problem(.badRequest, "badOrder", problem.detail)
        } catch {
            return Self.problem(.badRequest, "notJSON", "the body is one JSON object")
        }
        do {
            if isDryRun {
                let preview = try await backend.engine.preview(order, listing: Self.listing)
                return Self.json(.ok, RepolicyValue.preview(preview))
            }
            return Self.json(.accepted, RepolicyValue.order(try await backend.engine.begin(order)))
        } catch let refusal as RepolicyRefusal {
            return Self.refused(refusal)
        } catch is BatchSuperseded {
            return Self.problem(.serviceUnavailable, "storeAway", "the store does not answer")
        }
    }

    private static func refused(_ refusal: RepolicyRefusal) -> Response {
        switch refusal {
        case .unknownVersion(let version, let known):
            problem(
                .unprocessableContent,
                "unknownVersion",
                "no policy version, or more than one, is \(version); there are \(known.joined(separator: ", "))"
            )
        case .unknownRule(let rule):
            problem(.unprocessableContent, "unknownRule", "no policy version has a rule \(rule)")
        case .busy(let running):
            problem(.conflict, "busy", "another order is being carried out, to \(running.version)")
        }
    }

    // MARK: The body

    private struct BadOrder: Error { let detail: String }

    private static let names: Set<String> = ["to", "reason", "by", "type", "rule", "dryRun"]

    private static func order(_ body: Value) throws -> (RepolicyOrder, isDryRun: Bool) {
        guard let members = body.members else { throw BadOrder(detail: "the body is one JSON object") }
        if let unknown = members.first(where: { !names.contains($0.name) }) {
            throw BadOrder(detail: "\(unknown.name): there is no such field")
        }
        let isDryRun = try flag(body["dryRun"]) ?? true
        let reason = try text("reason", body)
        guard isDryRun || reason != nil else { throw BadOrder(detail: "reason: why, in a few words") }
        var order = RepolicyOrder(
            version: try text("to", body),
            reason: reason ?? "",
            by: try text("by", body) ?? AccessRole.admin.rawValue
        )
        if let name = try text("type", body) {
            guard let type = MatterType(rawValue: name) else {
                throw BadOrder(detail: "type: no type of matter is \(name)")
            }
            order.type = type
        }
        order.rule = try text("rule", body).map { RuleID($0) }
        return (order, isDryRun)
    }

    private static func flag(_ value: Value?) throws -> Bool? {
        guard let value, value != .null else { return nil }
        guard let flag = value.bool else { throw BadOrder(detail: "dryRun: true or false") }
        return flag
    }

    /// Nil for what is absent; blank text is a mistake.
    private static func text(_ name: String, _ body: Value) throws -> String? {
        guard let value = body[name], value != .null else { return nil }
        guard let text = value.string, !text.allSatisfy(\.isWhitespace), text.count <= longestText else {
            throw BadOrder(detail: "\(name): a text of 1 to \(longestText) characters")
        }
        return text
    }
}

/// The JSON of an order and of what it would come to; `dutyclock repolicy` writes the same without a daemon.
package enum RepolicyValue {
    package static func order(_ order: Repolicy) -> Value {
        .object([
            Value.Member("to", .string(order.version)), Value.Member("reason", .string(order.reason)),
            Value.Member("by", .string(order.by)),
            Value.Member("type", order.type.map { .string($0.rawValue) } ?? .null),
            Value.Member("rule", order.rule.map { .string($0.text) } ?? .null),
            Value.Member("startedAt", .string(order.startedAt.rfc3339)),
            Value.Member("finishedAt", time(order.finishedAt)), Value.Member("moved", .integer(order.moved)),
        ])
    }

    package static func preview(_ preview: RepolicyPreview) -> Value {
        .object([
            Value.Member("to", .string(preview.version)), Value.Member("dryRun", true),
            Value.Member("matters", count(preview.matters)), Value.Member("changed", count(preview.changed)),
            Value.Member("messages", count(preview.messages)),
            Value.Member("ledgerEntries", count(preview.ledgerEntries)),
            Value.Member("rules", .array(preview.rules.sorted { $0.key < $1.key }.map(rule))),
            Value.Member("truncated", .bool(preview.isTruncated)),
            Value.Member("list", .array(preview.items.map(item))),
        ])
    }

    private static func rule(_ rule: RuleID, _ tally: RepolicyPreview.Tally) -> Value {
        .object(
            [
                Value.Member("ruleId", .string(rule.text)),
                Value.Member("article", .integer(Int64(tally.article))),
            ]
                + RepolicyPreview.Change.Kind.allCases.map {
                    Value.Member($0.rawValue, count(tally.counts[$0] ?? 0))
                } + [Value.Member("messages", count(tally.messages))]
        )
    }

    private static func item(_ item: RepolicyPreview.Item) -> Value {
        .object([
            Value.Member("matter", .string(item.matter.text)), Value.Member("from", .string(item.from)),
            Value.Member("changes", .array(item.changes.map(change))),
            Value.Member("tells", .array(item.tells.map(tell))),
            Value.Member("ledgerEntries", count(item.ledgerEntries)),
        ])
    }

    private static func change(_ change: RepolicyPreview.Change) -> Value {
        .object([
            Value.Member("change", .string(change.kind.rawValue)),
            Value.Member("ruleId", .string(change.key.rule.text)),
            Value.Member("article", .integer(Int64(change.article))),
            Value.Member("cycle", .integer(Int64(change.key.cycle))),
            Value.Member("oldDueAt", time(change.before?.dueAt)),
            Value.Member("dueAt", time(change.after?.dueAt)),
            Value.Member("oldState", change.before.map { .string(ConsoleServer.stateWord($0)) } ?? .null),
            Value.Member("state", change.after.map { .string(ConsoleServer.stateWord($0)) } ?? .null),
        ])
    }

    private static func tell(_ notification: Notification) -> Value {
        .object([
            Value.Member("code", .string(notification.code)),
            Value.Member("ruleId", .string(notification.rule.text)),
            Value.Member("stage", .string(notification.stage)),
            Value.Member("class", .string(notification.messageClass.text)),
            Value.Member("personRef", .string(notification.recipient.person.text)),
            Value.Member("role", .string(notification.recipient.role.text)),
        ])
    }

    private static func count(_ number: Int) -> Value { .integer(Int64(number)) }

    private static func time(_ moment: Instant?) -> Value { moment.map { .string($0.rfc3339) } ?? .null }
}
