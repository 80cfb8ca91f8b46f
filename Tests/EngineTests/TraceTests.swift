import Duty
import Storage
import Testing

/// The trace of an event, through everything that it brings about.
@Suite struct TraceTests {
    private let monday = World.monday
    private static let filing = trace(1)
    private static let answer = trace(2)

    private static func trace(_ number: Int) -> String {
        "00-4bf92f3577b34da6a3ce929d0e0e473\(number)-00f067aa0ba902b\(number)-01"
    }

    private static func fact(
        _ kind: EventKind,
        _ id: String,
        at: Instant,
        _ trace: String?
    ) throws -> Fact {
        var event = Event.cloud(kind, id, at: at)
        event.attributes["traceparent"] = trace
        return try EventValidation.fact(event, receivedAt: at)
    }

    /// The trace of each entry of the half hour, by its action.
    private static func traces(_ world: World) async throws -> [String: Set<String?>] {
        let entries = try await world.store.journal(after: 0, limit: 1_000)
            .filter { $0.matter == "complaint/1" }.flatMap(\.entries)
        return Dictionary(
            grouping: entries.filter { $0.rule == "A22.response" || $0.rule == nil },
            by: \.action
        ).mapValues { Set($0.map { $0.fields["traceparent"]?.string }) }
    }

    @Test func `What an event opens has its trace, also when time alone speaks`() async throws {
        try await World.with { world in
            try await world.feed(
                try Event.roster() + [try Self.fact(.complaintFiled, "c", at: monday, Self.filing)]
            )
            try await world.advance(to: monday + .minutes(31))
            let traces = try await Self.traces(world)
            for action in [
                "event.accepted", "deadline.started", "deadline.warned", "deadline.breached",
                "notification.requested",
            ] {
                #expect(traces[action] == [Self.filing], "\(action)")
            }
            let told = try await world.store.notifications(of: "complaint/1")
            #expect(told.count > 3)
            #expect(told.allSatisfy { $0.notification.values["traceparent"]?.string == Self.filing })
        }
    }

    @Test func `What an answer brings about has the answer's trace`() async throws {
        try await World.with { world in
            try await world.feed(
                try Event.roster() + [try Self.fact(.complaintFiled, "c", at: monday, Self.filing)]
            )
            world.clock.advance(to: monday + .minutes(9))
            try await world.feed(
                try Self.fact(.complaintResponded, "r", at: monday + .minutes(9), Self.answer)
            )
            #expect(try await Self.traces(world)["deadline.met"] == [Self.answer])
        }
    }

    @Test func `An answer without a trace ends what another trace began`() async throws {
        try await World.with { world in
            try await world.feed(
                try Event.roster() + [try Self.fact(.complaintFiled, "c", at: monday, Self.filing)]
            )
            world.clock.advance(to: monday + .minutes(9))
            try await world.feed(try Self.fact(.complaintResponded, "r", at: monday + .minutes(9), nil))
            #expect(try await Self.traces(world)["deadline.met"] == [Self.filing])
        }
    }

    @Test func `Without a trace nothing has one`() async throws {
        try await World.with { world in
            try await world.feed(try Event.roster() + [try Event.filed()])
            try await world.advance(to: monday + .minutes(31))
            let traces = try await Self.traces(world)
            #expect(traces.count > 3)
            #expect(traces.values.allSatisfy { $0 == [nil] })
        }
    }

    @Test func `An attempt goes on with the trace of its message`() async throws {
        try await World.with { world in
            try await world.feed(
                try Event.roster() + [try Self.fact(.complaintFiled, "c", at: monday, Self.filing)]
            )
            let told = try #require(try await world.store.notifications(of: "complaint/1").first)
            let records = try await world.store.finishAttempts([
                StoredAttemptEnd(
                    key: told.notification.key,
                    channel: "hook",
                    number: 1,
                    at: monday,
                    outcome: .sent(reference: nil),
                    state: .sent,
                    nextAt: nil
                )
            ])
            #expect(records.flatMap(\.entries).map { $0.fields["traceparent"]?.string } == [Self.filing])
        }
    }
}
