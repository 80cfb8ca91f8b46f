import Duty
import Testing

/// The covering notice: every unit sends the office an implementation plan.
@Suite struct Article00Tests {
    private let matter: MatterID = "duty/A00.plan"
    private let rule: RuleID = "A00.plan"
    private let untilNewYear = ["a00.planDue": "2026-12-31"]

    @Test func withoutADateThereIsNothingToWatch() async throws {
        try await World.county(at: "2026-11-23 14:05") { world in
            try await world.establishDuties()
            try await world.feed(try Event.performed("2026-11-23 14:00", "A00.plan", by: "D-MKT"))
            #expect(try await world.told(matter).isEmpty)
            #expect(try await world.matter("duty/A00.plan.D-MKT").state.records.isEmpty)
        }
    }

    @Test func theOfficeIsRemindedUntilThePlanIsThere() async throws {
        try await World.county(at: "2026-11-23 14:05", settings: untilNewYear) { world in
            try await world.establishDuties()
            same(try await world.due(matter, rule), "2027-01-01 00:00")
            try await world.live(try Event.performed("2026-12-05 10:00", "A00.plan", by: "D-MKT"))
            try await world.until("2027-02-01 00:00")
            same(
                try await world.told(matter),
                [
                    "2026-12-01 09:07 N83 office", "2026-12-01 09:07 N83 orgDept",
                ]
            )
            same(
                try await world.journal(matter, rule),
                [
                    "duty.due 2026-11-23 14:05", "duty.warned 2026-12-01 09:07", "duty.met 2026-12-05 10:00",
                ]
            )
        }
    }

    @Test func aPlanThatDoesNotComeIsMissedWhenTheDayIsOver() async throws {
        try await World.county(at: "2026-11-23 14:05", settings: untilNewYear) { world in
            try await world.establishDuties()
            try await world.until("2026-12-31 23:59:59")
            same(try await world.record(matter, rule).phase, .open)
            try await world.until("2027-01-01 00:00")
            same(try await world.journal(matter, rule).last, "duty.missed 2027-01-01 00:00")
            try await world.until("2027-01-01 09:07")
            same(
                try await world.told(matter, since: "2026-12-02 00:00"),
                [
                    "2027-01-01 09:07 N83 office", "2027-01-01 09:07 N83 orgDept",
                ]
            )
        }
    }

    @Test func aPlanFromBeforeWeWatchedCounts() async throws {
        try await World.county(at: "2026-11-23 14:05", settings: untilNewYear) { world in
            try await world.feed(try Event.performed("2026-11-02 10:00", "A00.plan", by: "D-MKT"))
            try await world.establishDuties()
            try await world.until("2027-02-01 00:00")
            #expect(try await world.told(matter).isEmpty)
            same(try await world.record(matter, rule).phase, .met)
        }
    }

    @Test func aDayThatWasOverBeforeWeHeardOfItIsNobodysOmission() async throws {
        try await World.county(at: "2026-11-23 14:05", settings: ["a00.planDue": "2026-06-30"]) { world in
            try await world.establishDuties()
            try await world.until("2027-02-01 00:00")
            #expect(try await world.told(matter).isEmpty)
            #expect(try await world.matter(matter).state.records.isEmpty)
        }
    }
}
