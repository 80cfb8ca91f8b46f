import Duty
import Testing

/// What articles 13, 15, 17, 20 and 30 ask for each year, whoever does it.
@Suite struct YearlyDutyTests {
    /// Code, rule, who is reminded, who hears of it at the end beside them.
    static let duties: [(code: String, rule: RuleID, owner: String, above: String, months: Int)] = [
        ("A13.list", "A13.list", "parkHead", "office", 4),
        ("A15.fund", "A15.fund", "parkHead", "office", 4),
        ("A17.fair", "A17.fair", "labour", "office", 4),
        ("A20.review", "A20.review.yearly", "justice", "office", 2),
        ("A30", "A30.yearly", "office", "orgDept", 4),
        ("A30.chiefs", "A30.yearly.chiefs", "office", "orgDept", 4),
    ]

    @Test(arguments: duties.indices) func theYearIsRemindedOfMissedAndBeginsAgain(
        _ index: Int
    ) async throws {
        let duty = Self.duties[index]
        let matter = MatterID(type: .duty, number: duty.code)
        let early = ["2026-04-01", "2026-07-01", "2026-10-01"].suffix(duty.months - 1)
            .map { "\($0) 09:07 N83 \(duty.owner)" }
        let last = ["2026-12-01 09:07", "2027-01-01 09:07"].flatMap { time in
            [duty.owner, duty.above].sorted().map { "\(time) N83 \($0)" }
        }
        try await World.county(at: "2026-01-05 09:00") { world in
            try await world.establishDuties()
            try await world.until("2027-01-01 09:07")
            same(try await world.told(matter), early + last)
            same(try await world.record(matter, duty.rule, cycle: 2026).phase, .breached)
            same(
                try await world.journal(matter, duty.rule, cycle: 2026).last,
                "duty.missed 2027-01-01 00:00"
            )
            same(try await world.journal(matter, duty.rule, cycle: 2027), ["duty.due 2027-01-01 00:00"])
            same(try await world.due(matter, duty.rule, cycle: 2027), "2028-01-01 00:00")
        }
    }

    @Test(arguments: duties.indices) func whatIsDoneInTheYearIsDone(_ index: Int) async throws {
        let duty = Self.duties[index]
        let matter = MatterID(type: .duty, number: duty.code)
        try await World.county(at: "2026-01-05 09:00") { world in
            try await world.establishDuties()
            try await world.live(
                try Event.performed("2026-03-10 10:00", duty.code, by: "D-TAX"),
                try Event.performed("2026-08-10 10:00", duty.code, by: "D-MKT")
            )
            same(try await world.record(matter, duty.rule, cycle: 2026).metAt, local("2026-03-10 10:00"))
            try await world.until("2027-01-31 00:00")
            #expect(try await world.told(matter).isEmpty)
        }
    }

    @Test func aDutyThatIsRecordedLateTakesTheMissBack() async throws {
        try await World.county(at: "2026-01-05 09:00") { world in
            try await world.establishDuties()
            try await world.until("2027-01-10 10:00")
            try await world.feed(
                try Event.performed(
                    "2026-12-30 10:00",
                    "A15.fund",
                    by: "parkHead",
                    received: "2027-01-10 10:00"
                )
            )
            same(
                try await world.told("duty/A15.fund", code: "N75"),
                [
                    "2027-01-10 10:00 N75 office", "2027-01-10 10:00 N75 parkHead",
                ]
            )
            let met = try await world.fields("duty/A15.fund", "A15.fund", "duty.met")
            #expect(met["correctedBreach"]?.bool == true)
        }
    }

    @Test func whatIsDoneInJanuaryIsOfTheNewYear() async throws {
        try await World.county(at: "2026-01-05 09:00") { world in
            try await world.establishDuties()
            try await world.live(try Event.performed("2027-01-01 00:00", "A15.fund", by: "parkHead"))
            same(try await world.record("duty/A15.fund", "A15.fund", cycle: 2026).phase, .breached)
            same(try await world.record("duty/A15.fund", "A15.fund", cycle: 2027).phase, .met)
        }
    }

    @Test func nobodyIsRemindedOfMonthsThatWereOverWhenTheDaemonCame() async throws {
        try await World.county(at: "2026-08-03 09:00") { world in
            try await world.establishDuties()
            try await world.until("2026-10-02 00:00")
            same(try await world.told("duty/A17.fair"), ["2026-10-01 09:07 N83 labour"])
            same(try await world.journal("duty/A17.fair", "A17.fair").first, "duty.due 2026-08-03 09:00")
        }
    }

    @Test func aRestartBeginsNothingAnew() async throws {
        try await World.county(at: "2026-08-03 09:00") { world in
            try await world.establishDuties()
            let facts = try await world.matter("duty/A17.fair").facts.count
            world.clock.advance(to: local("2026-08-04 09:00"))
            try await world.anotherEngine().wake()
            same(try await world.matter("duty/A17.fair").facts.count, facts)
        }
    }

    // MARK: What the document leaves open

    @Test func vacanciesAreWatchedOnlyIfThePolicySaysHowOften() async throws {
        try await World.county(at: "2026-01-05 09:00") { world in
            try await world.establishDuties()
            #expect(try await world.store.matters(["duty/A17.push"]).isEmpty)
        }
        for (word, cycle, due) in [
            ("quarterly", 20261, "2026-04-01 00:00"), ("yearly", 2026, "2027-01-01 00:00"),
        ] {
            try await World.county(at: "2026-01-05 09:00", settings: ["a17.push": word]) { world in
                try await world.establishDuties()
                let rule = RuleID("A17.push." + word)
                same(try await world.due("duty/A17.push", rule, cycle: cycle), due)
            }
        }
    }

    @Test func reviewsOfCaseFilesCanBeQuarterlyOrNotWatched() async throws {
        try await World.county(at: "2026-01-05 09:00", settings: ["a20.review": "quarterly"]) { world in
            try await world.establishDuties()
            try await world.until("2026-04-01 00:00")
            same(
                try await world.record("duty/A20.review", "A20.review.quarterly", cycle: 20261).phase,
                .breached
            )
        }
        try await World.county(at: "2026-01-05 09:00", settings: ["a20.review": "off"]) { world in
            try await world.establishDuties()
            #expect(try await world.store.matters(["duty/A20.review"]).isEmpty)
        }
    }
}
