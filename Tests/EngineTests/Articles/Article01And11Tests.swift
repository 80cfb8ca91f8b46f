import Duty
import Testing

/// One hall and fair access: complaints about hidden counters and barriers are shown to the office.
@Suite struct Article01And11Tests {
    private let matter: MatterID = "complaint/CP-1"

    private func complaint(_ category: String, _ time: String = "2026-11-23 14:05") throws -> Fact {
        try Event.on(
            time,
            .complaintFiled,
            "CP-1",
            ["kind": "practice", "category": .string(category)]
        )
    }

    @Test(arguments: ["A01", "A11"]) func theOfficeSeesTheComplaintAtOnceAndNoClockRuns(
        _ category: String
    ) async throws {
        try await World.county(at: "2026-11-23 14:05") { world in
            try await world.feed(try County.enterprise())
            try await world.live(try complaint(category))
            same(try await world.told(matter), ["2026-11-23 14:05 N04 office"])
            same(try await world.matter(matter).wakeAt, nil)
            #expect(try await world.matter(matter).state.records.allSatisfy { $0.kind == "notice" })
        }
    }

    @Test func otherCategoriesAreNotForTheOffice() async throws {
        try await World.county(at: "2026-11-23 14:05") { world in
            try await world.feed(try County.enterprise())
            try await world.live(try complaint("A10"))
            #expect(try await world.told(matter).isEmpty)
        }
    }

    @Test func aVoidedComplaintIsTakenBackAndAnotherCategoryAsWell() async throws {
        try await World.county(at: "2026-11-23 14:05") { world in
            let filed = try complaint("A01")
            try await world.live(try County.enterprise() + [filed])
            try await world.live(try Event.correct(filed, at: "2026-11-23 14:10", ["category": "A10"]))
            same(try await world.told(matter, code: "N75"), ["2026-11-23 14:10 N75 office"])
            try await world.live(try Event.correct(filed, at: "2026-11-23 14:20", ["category": "A11"]))
            same(try await world.told(matter, code: "N04").last, "2026-11-23 14:20 N04 office")
            try await world.live(try Event.void(filed, at: "2026-11-23 14:30"))
            same(try await world.told(matter, code: "N75").last, "2026-11-23 14:30 N75 office")
        }
    }

    @Test func aClockOfTheProducerThatIsAheadLosesNoMessage() async throws {
        try await World.county(at: "2026-11-23 14:05") { world in
            try await world.feed(try County.enterprise())
            let ahead = try Event.on(
                "2026-11-23 14:08",
                .complaintFiled,
                "CP-1",
                received: "2026-11-23 14:05",
                ["kind": "practice", "category": "A01"]
            )
            try await world.feed(ahead)
            try await world.until("2026-11-23 15:00")
            same(try await world.heard(matter), ["N04 office"])
        }
    }
}
