import Duty
import Testing

/// Arrears: reminded of each Monday until they are paid, with the limits of higher law beside.
@Suite struct Article16Tests {
    private let matter: MatterID = "complaint/CP-1"

    private func filed(_ time: String, received: String? = nil) throws -> Fact {
        try Event.on(
            time,
            .complaintFiled,
            "CP-1",
            received: received,
            ["kind": "arrears", "amountFen": 12_345_678]
        )
    }

    private func assigned(_ time: String) throws -> Fact {
        try Event.on(time, .complaintAssigned, "CP-1", ["toPersonRef": "arrears"])
    }

    private func resolved(_ time: String) throws -> Fact {
        try Event.on(time, .complaintResolved, "CP-1", ["outcome": "done"])
    }

    @Test func theUnitIsRemindedEachMondayWithAgeAndAmountUntilTheyArePaid() async throws {
        try await World.county(at: "2026-11-24 10:00") { world in
            try await world.feed(try County.enterprise())
            try await world.live(try filed("2026-11-24 10:00"))
            try await world.until("2026-12-15 00:00")
            same(
                try await world.told(matter, "A16.arrears"),
                [
                    "2026-11-24 10:00 N84 arrears", "2026-11-30 09:07 N84 arrears",
                    "2026-12-07 09:07 N84 arrears", "2026-12-14 09:07 N84 arrears",
                ]
            )
            let values = try await world.notification(matter, code: "N84").values
            #expect(values["ageDays"]?.integer == 19 && values["amountFen"]?.integer == 12_345_678)
            try await world.live(try resolved("2026-12-16 10:00"))
            try await world.until("2027-03-01 00:00")
            #expect(try await world.told(matter, "A16.arrears", since: "2026-12-15 00:00").isEmpty)
            same(try await world.record(matter, "A16.arrears").phase, .met)
        }
    }

    /// An assignment alone says nothing of arrears: an appeal is assigned as well.
    @Test func anotherComplaintThatIsAssignedHasNoLimitOfThisArticle() async throws {
        try await World.county(at: "2026-11-24 10:00") { world in
            try await world.feed(try County.enterprise())
            try await world.live(
                try Event.on("2026-11-24 10:00", .complaintFiled, "CP-1", ["kind": "appeal"]),
                try assigned("2026-11-24 10:05")
            )
            let articles = try await world.matter(matter).state.records.map(\.article)
            #expect(!articles.isEmpty && !articles.contains(16), "\(articles)")
        }
    }

    @Test func arrearsFiledOnAMondayAreRemindedOfInTheNextWeek() async throws {
        try await World.county(at: "2026-11-23 08:00") { world in
            try await world.live(try filed("2026-11-23 08:00"))
            try await world.until("2026-12-01 00:00")
            same(
                try await world.told(matter, "A16.arrears"),
                [
                    "2026-11-23 08:00 N84 arrears", "2026-11-30 09:07 N84 arrears",
                ]
            )
        }
    }

    @Test func anOutageOfWeeksIsFollowedByOneReminder() async throws {
        try await World.county(at: "2026-11-24 10:00") { world in
            try await world.live(try filed("2026-11-24 10:00"))
            world.clock.advance(to: local("2026-12-16 10:00"))
            try await world.engine.wake()
            same(
                try await world.told(matter, "A16.arrears", since: "2026-11-25 00:00"),
                [
                    "2026-12-16 10:00 N84 arrears"
                ]
            )
            try await world.until("2026-12-22 00:00")
            same(try await world.told(matter, "A16.arrears").last, "2026-12-21 09:07 N84 arrears")
        }
    }

    @Test func `E21 A later filing does not silence the weeks after it`() async throws {
        try await World.county(at: "2026-12-16 10:00") { world in
            let complaint = try filed("2026-11-24 10:00", received: "2026-12-16 10:00")
            try await world.feed(complaint)
            try await world.feed(
                try Event.correct(
                    complaint,
                    at: "2026-12-16 11:00",
                    ["filedAt": .string(local("2026-12-15 10:00").rfc3339)]
                )
            )
            try await world.until("2026-12-22 00:00")
            same(try await world.told(matter, "A16.arrears").last, "2026-12-21 09:07 N84 arrears")
        }
    }

    // MARK: Higher law

    @Test func handingOverTakesTenWorkingDaysAndHandlingThirtyDays() async throws {
        try await World.county(at: "2026-11-23 10:00") { world in
            try await world.feed(try County.enterprise())
            try await world.live(try filed("2026-11-23 10:00"))
            same(try await world.due(matter, "A16.handover"), "2026-12-08 00:00")
            // The 90th day is Sunday, 21 February; the last day moves to Monday.
            same(try await world.due(matter, "A16.total"), "2027-02-23 00:00")
            try await world.until("2026-12-08 00:00")
            same(
                try await world.told(matter, "A16.handover"),
                [
                    "2026-12-07 09:07 N85 arrears", "2026-12-08 00:00 N85 arrears",
                    "2026-12-08 00:00 N85 office",
                ]
            )
            let values = try await world.notification(matter, code: "N85").values
            #expect(values["basis"]?.string == "statute")
            try await world.live(try assigned("2026-12-09 10:00"))
            same(try await world.told(matter, "A16.handover", code: "N46").count, 2)
            same(try await world.due(matter, "A16.handle"), "2027-01-09 00:00")
        }
    }

    @Test func withoutHigherLawTheReminderAloneIsLeft() async throws {
        try await World.county(at: "2026-11-23 10:00", settings: ["a16.statutory": "off"]) { world in
            try await world.live(try filed("2026-11-23 10:00"), try assigned("2026-11-23 11:00"))
            same(try await world.matter(matter).state.records.map(\.key.rule).sorted(), ["A16.arrears"])
        }
    }
}
