import Duty
import Testing

/// One hall and fair access: complaints about hidden counters and barriers are shown to hall, department and office.
@Suite struct Article01And11Tests {
    private let matter: MatterID = "complaint/CP-1"

    private func complaint(
        _ category: String,
        _ time: String = "2026-11-23 14:05",
        of department: String? = nil
    ) throws -> Fact {
        let more: Fields = department.map { ["deptId": .string($0)] } ?? [:]
        return try Event.on(
            time,
            .complaintFiled,
            "CP-1",
            ["kind": "practice", "category": .string(category)] + more
        )
    }

    @Test(
        arguments: [
            ("A01", nil, ["hallHead", "office"], 1), ("A01", "D-TAX", ["D-TAX", "hallHead", "office"], 1),
            ("A11", nil, ["office"], 11), ("A11", "D-TAX", ["D-TAX", "office"], 11),
        ] as [(String, String?, [String], Int)]
    )
    func `Article 1 and 11 Hall and department see the complaint at once and no clock runs`(
        _ category: String,
        _ department: String?,
        _ told: [String],
        _ article: Int
    ) async throws {
        try await World.county(at: "2026-11-23 14:05") { world in
            try await world.feed(try County.enterprise())
            try await world.live(try complaint(category, of: department))
            same(try await world.told(matter), told.map { "2026-11-23 14:05 N04 " + $0 })
            same(try await world.notification(matter, code: "N04").article, article)
            same(try await world.matter(matter).wakeAt, nil)
            #expect(try await world.matter(matter).state.records.allSatisfy { $0.kind == "notice" })
        }
    }

    /// News is for those of its day, but for the department that nobody had named then.
    @Test func aDepartmentThatItIsAssignedToLaterHearsOfItOnce() async throws {
        try await World.county(at: "2026-11-23 14:05") { world in
            func assigned(_ time: String, _ person: String) throws -> Fact {
                try Event.on(time, .complaintAssigned, "CP-1", ["toPersonRef": .string(person)])
            }
            try await world.feed(try County.enterprise())
            try await world.live(
                try complaint("A11"),
                try assigned("2026-11-23 15:00", "staff"),
                try assigned("2026-11-23 16:00", "D-TAX"),
                try assigned("2026-11-23 17:00", "staff")
            )
            same(
                try await world.told(matter),
                ["2026-11-23 14:05 N04 office", "2026-11-23 16:00 N04 D-TAX"]
            )
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
            same(
                try await world.told(matter, code: "N75"),
                ["2026-11-23 14:10 N75 hallHead", "2026-11-23 14:10 N75 office"]
            )
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
            same(try await world.heard(matter), ["N04 hallHead", "N04 office"])
        }
    }
}
