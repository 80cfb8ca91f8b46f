import Duty
import Engine
import Storage
import Testing

/// Acknowledgements through the real engine, a real file and the shipped policy.
@Suite struct AcknowledgementStoryTests {
    private let monday = World.monday

    private func acknowledged(_ id: String, _ key: String, by person: String, at: Instant) throws -> Fact {
        try Event.fact(
            .notificationAcknowledged,
            id,
            of: key,
            at: at,
            ["personRef": .string(person), "via": "card"]
        )
    }

    @Test func `A breach is repeated to the one who keeps silent, also across a restart`() async throws {
        try await World.with { world in
            try await world.feed(try Event.roster() + [try Event.filed()])
            try await world.advance(to: monday + .minutes(31))
            try await world.feed(
                try acknowledged(
                    "ack",
                    "A22.response|complaint/1|1|breach|P-1032",
                    by: "P-1032",
                    at: monday + .minutes(31)
                )
            )
            let other = world.anotherEngine()
            try await world.advance(to: monday + .minutes(59), with: other)
            let heard = try await world.heard("complaint/1", "N13")
            #expect(heard == ["N13 @group", "N13 P-1032", "N13 P-2001", "N13 P-2001", "N13 P-2001"])
            let told = try await world.store.notifications(of: "complaint/1")
            let first = try #require(told.first { $0.notification.key.hasSuffix("|breach|P-1032") })
            #expect(first.acknowledgement?.person == "P-1032" && first.acknowledgement?.via == "card")
            let reasons = try await world.store.journal(after: 0, limit: 1_000).flatMap(\.entries)
                .filter { $0.fields["stage"] == "breach.r2" }.map { $0.fields["reason"] }
            #expect(reasons == ["unacknowledged"])
            #expect(try await world.matter("complaint/1").state.records.first?.metAt == nil)
            try await world.advance(to: monday + .minutes(62), with: other)
            let again = try await world.store.notifications(of: "complaint/1").map(\.notification).filter {
                $0.values["againBecause"] == "acknowledgementTimeout"
            }
            #expect(again.map(\.recipient.person) == ["P-1032"])
        }
    }
}
