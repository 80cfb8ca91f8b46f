import Duty
import Engine
import Foundation
import Storage
import Testing

extension World {
    /// Opens a county in which every role has a holder, lets `body` act in it, and clears it away.
    static func county(
        at now: String,
        settings: [String: String] = [:],
        holders: [RoleID: [PersonRef]] = [:],
        _ body: (World) async throws -> Void
    ) async throws {
        let book = try County.book(settings: settings, holders: holders)
        try await with(at: local(now), book: book, body)
    }

    // MARK: Doing

    /// Lets time pass until each fact arrives, then takes it.
    func live(_ facts: [Fact]) async throws {
        for fact in facts {
            try await advance(to: max(fact.receivedAt, clock.now()))
            try await feed(fact)
        }
    }

    func live(_ facts: Fact...) async throws { try await live(facts) }

    func until(_ time: String) async throws { try await advance(to: local(time)) }

    /// Lets the engine begin and end what people owe by the directory.
    func establishDuties() async throws { try await engine.wake() }

    // MARK: Seeing

    /// `2026-11-23 14:05 N40 power`, in the order in which it was said; those of one moment by code and person.
    func told(
        _ matter: MatterID,
        _ rule: RuleID? = nil,
        code: String? = nil,
        since time: String? = nil
    ) async throws -> [String] {
        try await store.notifications(of: matter).map(\.notification)
            .filter { rule == nil || $0.rule == rule }.filter { code == nil || $0.code == code }
            .filter { notification in time.map { local($0) <= notification.requestedAt } ?? true }
            .map { stamp($0.requestedAt) + " " + $0.code + " " + $0.recipient.person.text }.sorted()
    }

    /// `practice.violated 2026-11-23 14:05`: what the journal says of a rule, in its order.
    func journal(_ matter: MatterID, _ rule: RuleID, cycle: Int? = nil) async throws -> [String] {
        try await entries(matter, rule).filter { cycle == nil || $0.cycle == cycle }
            .map { $0.action + " " + stamp($0.at) }
    }

    func entries(_ matter: MatterID, _ rule: RuleID) async throws -> [Transition] {
        try await store.journal(after: 0, limit: 100_000).filter { $0.matter == matter }
            .flatMap(\.entries).filter { $0.rule == rule && !$0.action.hasPrefix("notification.") }
    }

    /// The fields of the last journal entry of an action.
    func fields(_ matter: MatterID, _ rule: RuleID, _ action: String) async throws -> Value {
        try #require(try await entries(matter, rule).last { $0.action == action }?.fields)
    }

    func record(_ matter: MatterID, _ rule: RuleID, cycle: Int = 1) async throws -> MatterState.Record {
        let records = try await self.matter(matter).state.records
        return try #require(records.last { $0.key.rule == rule && $0.key.cycle == cycle })
    }

    func due(_ matter: MatterID, _ rule: RuleID, cycle: Int = 1) async throws -> String? {
        try await record(matter, rule, cycle: cycle).dueAt.map(stamp)
    }

    func notification(_ matter: MatterID, code: String) async throws -> Duty.Notification {
        try #require(
            try await store.notifications(of: matter).map(\.notification).last { $0.code == code },
            "nobody heard \(code)"
        )
    }
}

/// By the county's clock, without seconds where there are none.
func stamp(_ moment: Instant) -> String {
    let text = moment.local
    return text.hasSuffix(":00") ? String(text.dropLast(3)) : text
}

/// Expects two values to be the same, and shows both where they are not.
func same<T: Equatable>(_ seen: T, _ expected: T, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(seen == expected, sourceLocation: sourceLocation)
}
