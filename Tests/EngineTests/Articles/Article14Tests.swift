import Duty
import Testing

/// A complaint that an intermediary was designated is a violation.
@Suite struct Article14Tests {
    private let matter: MatterID = "complaint/CP-1"

    private func complaint(_ category: Value) throws -> Fact {
        try Event.on(
            "2026-11-23 14:05",
            .complaintFiled,
            "CP-1",
            ["kind": "practice", "category": category]
        )
    }

    @Test func theOfficeHearsOfIt() async throws {
        try await World.county(at: "2026-11-23 14:05") { world in
            try await world.feed(try County.enterprise())
            try await world.live(try complaint("A14"))
            same(try await world.told(matter), ["2026-11-23 14:05 N44 office"])
            same(try await world.journal(matter, "A14.intermediary"), ["practice.violated 2026-11-23 14:05"])
        }
    }

    @Test func aVoidAndAVoidOfTheVoidGoBackAndForth() async throws {
        try await World.county(at: "2026-11-23 14:05") { world in
            let filed = try complaint("A14")
            let void = try Event.void(filed, at: "2026-11-23 15:00")
            try await world.feed(try County.enterprise())
            try await world.live(filed, void, try Event.void(void, at: "2026-11-23 16:00"))
            same(
                try await world.told(matter),
                [
                    "2026-11-23 14:05 N44 office", "2026-11-23 15:00 N75 office",
                    "2026-11-23 16:00 N44 office",
                ]
            )
            same(
                try await world.journal(matter, "A14.intermediary"),
                [
                    "practice.violated 2026-11-23 14:05", "practice.cleared 2026-11-23 15:00",
                    "practice.violated 2026-11-23 14:05",
                ]
            )
        }
    }
}
