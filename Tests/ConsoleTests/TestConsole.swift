import Duty
import Engine
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Storage

@testable import Console

/// The HTTP side with matters in it, and whoever asks it.
struct TestConsole: Sendable {
    let premises: Premises
    let client: any TestClientProtocol

    var clock: ManualClock { premises.clock }
    var policy: Policy { premises.server.desk.rules.book.current }

    static func with(_ body: @escaping @Sendable (TestConsole) async throws -> Void) async throws {
        let premises = try Premises()
        try await premises.open { client in
            try await body(TestConsole(premises: premises, client: client))
        }
    }

    // MARK: Asking

    struct Answer {
        let status: Int
        let body: String
        var value: Value { (try? JSONReader.decode(Array(body.utf8))) ?? .null }
    }

    static func token(_ role: AccessRole) -> String { Premises.tokens[role] ?? "" }

    func ask(
        _ path: String,
        _ method: HTTPRequest.Method = .get,
        token: String? = token(.admin),
        form: String? = nil
    ) async throws -> Answer {
        let headers = token.map { ["authorization": "Bearer " + $0] } ?? [:]
        let response = try await client.ask(method, path, headers, body: form)
        return Answer(status: Int(response.status.code), body: String(buffer: response.body))
    }

    // MARK: Having

    /// A matter with one clock, what happened in it, and what was said of it.
    func add(
        _ id: MatterID,
        rule: RuleID = "A22.response",
        article: Int = 22,
        cycle: Int = 1,
        due: Instant,
        enterprise: EnterpriseID = "E-000451",
        facts: [(EventKind, Value)] = [],
        told: (stage: String, recipient: Recipient) = ("open", Sample.staff)
    ) async throws {
        var state = MatterState()
        state.records = [
            MatterState.Record(
                key: ObligationKey(rule: rule, cycle: cycle),
                article: article,
                kind: "deadline",
                openedAt: due - .minutes(30),
                dueAt: due,
                phase: due <= clock.now() ? .breached : .open,
                metAt: nil,
                breachedAt: due <= clock.now() ? due : nil,
                isLateIngest: false,
                isWithdrawn: false,
                warnedRung: 0
            )
        ]
        var commit = Commit()
        commit.facts = facts.enumerated().map { index, fact in
            Fact(
                key: EventKey(source: "/tests", id: "\(id)-\(index)"),
                kind: fact.0,
                matter: id,
                enterprise: enterprise,
                time: clock.now(),
                receivedAt: clock.now(),
                data: fact.1
            )
        }
        commit.matters = [
            StoredMatter(
                id: id,
                version: 1,
                enterprise: enterprise,
                policyVersion: policy.version,
                isOpen: true,
                state: state
            )
        ]
        commit.notifications = [notification(id, rule, article, enterprise, due, told)]
        commit.journal = [
            JournalRecord(
                matter: id,
                enterprise: enterprise,
                policyVersion: policy.version,
                at: clock.now(),
                entries: [
                    Transition(
                        action: "deadline.started",
                        rule: rule,
                        article: article,
                        cycle: 1,
                        at: due - .minutes(30),
                        fields: ["dueAt": .string(due.rfc3339)]
                    )
                ]
            )
        ]
        commit.figures.replace(MatterState(), with: state)
        _ = try await premises.store.commit(commit)
    }

    /// Somebody serves an enterprise, as the roster's event says it.
    func assign(_ ref: String, to enterprise: String, from: String, until: String?) async throws {
        let id = MatterID(type: .enterprise, number: enterprise)
        let known = try await premises.store.matters([id]).first
        let name = "\(enterprise)-\(ref)"
        var commit = Commit()
        commit.facts = [
            Fact(
                key: EventKey(source: "/tests", id: name),
                kind: .rosterAssigned,
                matter: id,
                enterprise: EnterpriseID(enterprise),
                time: clock.now(),
                receivedAt: clock.now(),
                data: .object(
                    [
                        Value.Member("assignmentId", .string(name)),
                        Value.Member("personRef", .string(ref)), Value.Member("role", "park.staff"),
                        Value.Member("from", .string(from)),
                    ] + (until.map { [Value.Member("to", .string($0))] } ?? [])
                )
            )
        ]
        commit.matters = [
            StoredMatter(
                id: id,
                version: (known?.version ?? 0) + 1,
                enterprise: EnterpriseID(enterprise),
                policyVersion: policy.version
            )
        ]
        _ = try await premises.store.commit(commit)
    }

    private func notification(
        _ id: MatterID,
        _ rule: RuleID,
        _ article: Int,
        _ enterprise: EnterpriseID,
        _ due: Instant,
        _ told: (stage: String, recipient: Recipient)
    ) -> Duty.Notification {
        Duty.Notification(
            key: "\(rule)|\(id)|1|\(told.stage)|\(told.recipient.person)",
            code: "N10",
            rule: rule,
            article: article,
            matter: id,
            enterprise: enterprise,
            cycle: 1,
            stage: told.stage,
            messageClass: .personal,
            recipient: told.recipient,
            dueAt: due,
            requestedAt: clock.now(),
            urgency: 2,
            withdraws: nil,
            values: ["ownerRefs": ["P-1032"]]
        )
    }
}
