import Duty
import Testing

/// Benefits: 15 working days after an application, promptly without one, and a list each year.
@Suite struct Article13Tests {
    private let service: MatterID = "service/SV-1"

    private func requested(_ time: String, _ kind: String, accepted: String? = nil) throws -> Fact {
        let more: Fields = accepted.map { ["acceptedAt": .string(local($0).rfc3339)] } ?? [:]
        return try Event.on(
            time,
            .serviceRequested,
            "SV-1",
            received: accepted,
            ["kind": .string(kind)] + more
        )
    }

    @Test(arguments: [
        ("2026-02-13 10:00", "2026-03-12 17:30"), ("2026-04-30 10:00", "2026-05-25 17:30"),
        ("2026-09-24 10:00", "2026-10-22 17:30"), ("2026-11-20 10:00", "2026-12-11 17:30"),
    ]) func fifteenWorkingDaysFromTheApplication(_ start: String, _ due: String) async throws {
        try await World.county(at: start) { world in
            try await world.live(try requested(start, "benefit.onApplication"))
            same(try await world.due(service, "A13.apply"), due)
        }
    }

    @Test func theAcceptanceCountsOnlyWhereThePolicySaysSo() async throws {
        let request = try requested(
            "2026-11-20 10:00",
            "benefit.onApplication",
            accepted: "2026-11-24 10:00"
        )
        for (settings, due) in [
            ([:], "2026-12-11 17:30"), (["a13.clockStart": "acceptedAt"], "2026-12-15 17:30"),
        ] {
            try await World.county(at: "2026-11-24 10:00", settings: settings) { world in
                try await world.live(request)
                same(try await world.due(service, "A13.apply"), due)
            }
        }
    }

    @Test func theUnitIsRemindedAndTheBreachGoesUp() async throws {
        try await World.county(at: "2026-11-20 10:00") { world in
            try await world.feed(try County.enterprise())
            try await world.live(try requested("2026-11-20 10:00", "benefit.onApplication"))
            try await world.until("2026-12-20 00:00")
            same(
                try await world.told(service),
                [
                    "2026-11-20 10:00 N40 benefits", "2026-12-01 09:07 N40 benefits",
                    "2026-12-09 09:07 N40 benefits",
                    "2026-12-11 09:07 N40 benefits", "2026-12-11 09:07 N40 leader",
                    "2026-12-11 17:30 N40 benefits", "2026-12-11 17:30 N40 leader",
                    "2026-12-11 17:30 N40 office", "2026-12-16 09:07 N40 deputy",
                ]
            )
        }
    }

    @Test func promptIsAReminderAndNeverABreach() async throws {
        try await World.county(at: "2026-11-20 10:00") { world in
            try await world.feed(try County.enterprise())
            try await world.live(try requested("2026-11-20 10:00", "benefit.noApplication"))
            try await world.until("2026-12-20 00:00")
            same(
                try await world.told(service),
                [
                    "2026-12-11 17:30 N47 benefits", "2026-12-11 17:30 N47 leader",
                ]
            )
            same(try await world.record(service, "A13.prompt").phase, .open)
            try await world.live(try Event.on("2026-12-21 10:00", .serviceCompleted, "SV-1"))
            same(try await world.record(service, "A13.prompt").phase, .met)
            same(
                try await world.journal(service, "A13.prompt"),
                [
                    "deadline.started 2026-11-20 10:00", "deadline.met 2026-12-21 10:00",
                ]
            )
            #expect(try await world.told(service, since: "2026-12-12 00:00").isEmpty)
        }
    }

    @Test func benefitsWithoutApplicationAreForEnterprisesOfThePark() async throws {
        try await World.county(at: "2026-11-20 10:00") { world in
            try await world.feed(try County.enterprise(profile: ["inPark": false]))
            try await world.live(try requested("2026-11-20 10:00", "benefit.noApplication"))
            #expect(try await world.matter(service).state.records.isEmpty)
        }
    }
}
