import Duty
import Testing

/// Departments contact the park before they come, come with an escort, and come together.
@Suite struct Article21Tests {
    private let visit: MatterID = "visit/VS-1"
    private let contact: RuleID = "A21.contact"
    private let escort: RuleID = "A21.escort"

    private func plan(
        _ start: String,
        at time: String = "2026-11-18 10:00",
        _ more: Fields = [:]
    ) throws -> Fact {
        try Event.planned(time, "VS-1", start, for: "research", more)
    }

    private func started(_ time: String, _ more: Fields = [:]) throws -> Fact {
        try Event.on(time, .visitStarted, "VS-1", more)
    }

    // MARK: Contact and escort

    @Test func whileTheVisitIsPlannedThereAreRemindersAndAfterItAViolation() async throws {
        try await World.county(at: "2026-11-18 10:00") { world in
            try await world.feed(try County.enterprise())
            try await world.live(try plan("2026-11-26 09:00"), try started("2026-11-26 09:00"))
            try await world.until("2026-11-26 10:59:59")
            same(
                try await world.told(visit),
                [
                    "2026-11-25 09:07 N53 D-MKT", "2026-11-26 07:00 N54 leader",
                    "2026-11-26 07:00 N54 staff",
                ]
            )
            try await world.until("2026-11-26 11:00")
            for gate in [contact, escort] {
                same(try await world.journal(visit, gate), ["gate.violated 2026-11-26 11:00"])
                same(
                    try await world.told(visit, gate, code: "N55"),
                    [
                        "2026-11-26 11:00 N55 D-MKT", "2026-11-26 11:00 N55 office",
                        "2026-11-26 11:00 N55 parkHead",
                    ]
                )
            }
        }
    }

    @Test func whoWasContactedAndEscortedIsRemindedOfNothing() async throws {
        try await World.county(at: "2026-11-18 10:00") { world in
            try await world.feed(try County.enterprise())
            try await world.live(
                try plan("2026-11-26 09:00"),
                try Event.contacted("2026-11-19 10:00", "VS-1"),
                try Event.escort("2026-11-19 11:00", "VS-1"),
                try started("2026-11-26 09:05"),
                try Event.on("2026-11-26 11:00", .visitEnded, "VS-1")
            )
            try await world.until("2026-12-31 00:00")
            #expect(try await world.told(visit).isEmpty)
            same(try await world.journal(visit, contact), ["gate.satisfied 2026-11-19 10:00"])
            same(try await world.journal(visit, escort), ["gate.satisfied 2026-11-19 11:00"])
            same(try await world.matter(visit).isOpen, false)
        }
    }

    @Test func contactAtTheVeryMomentOfEntryIsNotBeforehand() async throws {
        try await World.county(at: "2026-11-26 09:00") { world in
            try await world.feed(try County.enterprise())
            try await world.feed(
                try started("2026-11-26 09:00"),
                try Event.contacted("2026-11-26 09:00", "VS-1"),
                try Event.escort("2026-11-26 08:59:59", "VS-1")
            )
            try await world.until("2026-11-26 12:00")
            same(try await world.record(visit, contact).phase, .breached)
            same(try await world.record(visit, escort).phase, .met)
        }
    }

    @Test func theEscortMayStandInTheEntryItself() async throws {
        try await World.county(at: "2026-11-26 09:00") { world in
            try await world.feed(try County.enterprise())
            try await world.live(try started("2026-11-26 09:00", ["escortPersonRef": "staff"]))
            try await world.until("2026-11-26 12:00")
            same(try await world.record(visit, escort).phase, .met)
            same(try await world.record(visit, contact).phase, .breached)
        }
    }

    @Test func aContactThatIsWrittenDownLateClearsTheViolation() async throws {
        try await World.county(at: "2026-11-18 10:00") { world in
            try await world.feed(try County.enterprise())
            try await world.live(
                try plan("2026-11-26 09:00"),
                try started("2026-11-26 09:00", ["escortPersonRef": "staff"])
            )
            try await world.until("2026-11-26 15:00")
            try await world.feed(try Event.contacted("2026-11-24 10:00", "VS-1"))
            same(
                try await world.journal(visit, contact),
                [
                    "gate.violated 2026-11-26 11:00", "gate.cleared 2026-11-26 15:00",
                ]
            )
            same(
                try await world.told(visit, contact, code: "N57"),
                [
                    "2026-11-26 15:00 N57 D-MKT", "2026-11-26 15:00 N57 office",
                    "2026-11-26 15:00 N57 parkHead",
                ]
            )
        }
    }

    @Test(arguments: ["city", "province"])
    func `Article 21 Of a visit from a higher level the park hears once and nobody breaches anything`(
        _ level: String
    ) async throws {
        try await World.county(at: "2026-11-18 10:00") { world in
            try await world.feed(try County.enterprise())
            try await world.live(
                try plan("2026-11-26 09:00", ["level": .string(level)]),
                try started("2026-11-26 09:00")
            )
            try await world.until("2026-11-27 00:00")
            same(
                try await world.told(visit),
                ["2026-11-18 10:00 N65 leader", "2026-11-18 10:00 N65 staff"]
            )
            #expect(try await world.actions(visit).allSatisfy { !$0.hasPrefix("gate.") })
        }
    }

    @Test func `Article 21 Levels that the policy covers are no news for the park`() async throws {
        try await World.county(
            at: "2026-11-18 10:00",
            settings: ["a21.scopeLevels": "[county, city, province]"]
        ) { world in
            try await world.feed(try County.enterprise())
            try await world.live(try plan("2026-11-26 09:00", ["level": "city"]))
            #expect(try await world.told(visit, code: "N65").isEmpty)
            try await world.until("2026-11-25 12:00")
            same(try await world.told(visit, contact, code: "N53"), ["2026-11-25 09:07 N53 D-MKT"])
        }
    }

    @Test func leadersAndEnterprisesOutsideTheParkAreNotCovered() async throws {
        for (purpose, isInPark) in [("leaderResearch", true), ("leaderMeeting", true), ("research", false)] {
            try await World.county(at: "2026-11-18 10:00") { world in
                try await world.feed(try County.enterprise(profile: ["inPark": .bool(isInPark)]))
                try await world.live(
                    try plan("2026-11-26 09:00", ["purpose": .string(purpose)]),
                    try started("2026-11-26 09:00")
                )
                try await world.until("2026-11-27 00:00")
                #expect(try await world.told(visit).isEmpty)
            }
        }
    }

    @Test func aCancelledVisitEndsTheRemindersAndLeavesNothingOpen() async throws {
        try await World.county(at: "2026-11-18 10:00") { world in
            try await world.feed(try County.enterprise())
            try await world.live(
                try plan("2026-11-26 09:00"),
                try Event.on("2026-11-25 10:00", .visitCancelled, "VS-1")
            )
            try await world.until("2026-12-31 00:00")
            same(
                try await world.told(visit),
                [
                    "2026-11-25 09:07 N53 D-MKT", "2026-11-25 10:00 N57 D-MKT",
                ]
            )
            same(try await world.record(visit, contact).phase, .cancelled)
            same(try await world.matter(visit).isOpen, false)
        }
    }

    @Test func aVisitNeverBeginsWithoutItsFactAndIsNoViolation() async throws {
        try await World.county(at: "2026-11-18 10:00") { world in
            try await world.feed(try County.enterprise())
            try await world.live(try plan("2026-11-26 09:00"))
            try await world.until("2026-12-31 00:00")
            #expect(try await world.journal(visit, contact).isEmpty)
            #expect(try await world.told(visit, code: "N55").isEmpty)
        }
    }

    // MARK: Lead time

    @Test func contactOnTheSameDayIsRemarkedOnAndNoViolation() async throws {
        try await World.county(at: "2026-11-18 10:00") { world in
            try await world.feed(try County.enterprise())
            try await world.live(
                try plan("2026-11-26 09:00"),
                try Event.escort("2026-11-19 11:00", "VS-1"),
                try Event.contacted("2026-11-26 08:00", "VS-1"),
                try started("2026-11-26 09:00")
            )
            try await world.until("2026-11-27 00:00")
            same(try await world.told(visit, code: "N58"), ["2026-11-26 11:00 N58 D-MKT"])
            #expect(try await world.told(visit, code: "N55").isEmpty)
            #expect(try await world.journal(visit, "A21.lead.advice").isEmpty)
            same(try await world.matter(visit).isOpen, false)
        }
    }

    @Test func contactOneWorkingDayAheadIsEarlyEnough() async throws {
        // Friday for Monday: one working day.
        for (contacted, isShort) in [
            ("2026-11-20 17:00", false), ("2026-11-21 10:00", false), ("2026-11-23 08:00", true),
        ] {
            try await World.county(at: "2026-11-18 10:00") { world in
                try await world.feed(try County.enterprise())
                try await world.live(
                    try plan("2026-11-23 09:00"),
                    try Event.escort("2026-11-19 11:00", "VS-1"),
                    try Event.contacted(contacted, "VS-1"),
                    try started("2026-11-23 09:00")
                )
                try await world.until("2026-11-24 00:00")
                #expect(try await world.told(visit, code: "N58").isEmpty != isShort)
            }
        }
    }

    @Test func shortNoticeCanBeAViolation() async throws {
        try await World.county(at: "2026-11-18 10:00", settings: ["a21.minLeadIsBreach": "true"]) { world in
            try await world.feed(try County.enterprise())
            try await world.live(
                try plan("2026-11-26 09:00"),
                try Event.escort("2026-11-19 11:00", "VS-1"),
                try Event.contacted("2026-11-26 08:00", "VS-1"),
                try started("2026-11-26 09:00")
            )
            try await world.until("2026-11-27 00:00")
            same(try await world.journal(visit, "A21.lead"), ["gate.violated 2026-11-26 11:00"])
        }
    }

    // MARK: Emergencies

    @Test func anEmergencyByPhoneIsPutOnRecordWithinTwoWorkingDays() async throws {
        try await World.county(at: "2026-11-26 08:00") { world in
            try await world.feed(try County.enterprise())
            try await world.live(
                try Event.contacted("2026-11-26 08:00", "VS-1", ["emergency": true, "mode": "phone"]),
                try started("2026-11-26 08:30", ["escortPersonRef": "staff"])
            )
            same(try await world.due(visit, "A21.emergency"), "2026-11-30 17:30")
            try await world.until("2026-12-02 00:00")
            same(try await world.record(visit, contact).phase, .met)
            same(
                try await world.told(visit, "A21.emergency"),
                [
                    "2026-11-30 09:07 N59 D-MKT", "2026-11-30 17:30 N59 D-MKT",
                    "2026-11-30 17:30 N59 parkHead",
                ]
            )
            // A phone call is all that an emergency leaves time for.
            #expect(try await world.told(visit, code: "N58").isEmpty)
            try await world.live(try Event.contacted("2026-12-02 09:00", "VS-1"))
            same(try await world.told(visit, code: "N46").count, 2)
        }
    }

    // MARK: Merging

    private let gathering: MatterID = "gathering/A21.merge.E-000451"

    private func inspection(
        _ number: String,
        _ day: String,
        by department: String,
        at time: String,
        of enterprise: String = Event.enterprise
    ) throws -> Fact {
        try Event.planned(
            time,
            number,
            day + " 09:00",
            by: department,
            for: "inspection",
            of: enterprise
        )
    }

    @Test func twoDepartmentsWithinSevenDaysAreAdvisedToComeTogether() async throws {
        try await World.county(at: "2026-11-18 10:00") { world in
            try await world.feed(try County.enterprise())
            try await world.live(
                try inspection("VS-1", "2026-11-26", by: "D-MKT", at: "2026-11-18 10:00"),
                try inspection("VS-2", "2026-12-03", by: "D-ENV", at: "2026-11-18 11:00")
            )
            same(
                try await world.told(gathering),
                [
                    "2026-11-18 11:00 N56 D-ENV", "2026-11-18 11:00 N56 D-MKT",
                    "2026-11-18 11:00 N56 justice",
                ]
            )
            let values = try await world.notification(gathering, code: "N56").values
            #expect(values["count"]?.integer == 2)
            #expect(values["departments"] == ["D-ENV", "D-MKT"])
            #expect(try await world.journal(gathering, "A21.merge").isEmpty)
        }
    }

    @Test func aVisitOfManyDaysIsNearToWhatFallsIntoIt() async throws {
        try await World.county(at: "2026-11-18 10:00") { world in
            try await world.feed(try County.enterprise())
            let long: Fields = [
                "deptId": "D-MKT", "level": "county", "purpose": "inspection",
                "start": "2026-12-01T09:00:00+08:00",
                "end": "2026-12-20T17:00:00+08:00",
            ]
            try await world.live(
                try Event.on("2026-11-18 10:00", .visitPlanned, "VS-1", long),
                try inspection("VS-2", "2026-12-16", by: "D-ENV", at: "2026-11-18 11:00")
            )
            #expect(try await world.told(gathering, code: "N56").count == 3)
        }
    }

    @Test func theSameDepartmentADistantDayAndAnotherEnterpriseAreNoReason() async throws {
        try await World.county(at: "2026-11-18 10:00") { world in
            try await world.feed(try County.enterprise())
            try await world.live(
                try inspection("VS-1", "2026-11-26", by: "D-MKT", at: "2026-11-18 10:00"),
                try inspection("VS-2", "2026-11-27", by: "D-MKT", at: "2026-11-18 11:00"),
                try inspection("VS-3", "2026-12-05", by: "D-ENV", at: "2026-11-18 12:00"),
                try inspection("VS-4", "2026-11-26", by: "D-TAX", at: "2026-11-18 13:00", of: "E-000009"),
                try Event.planned(
                    "2026-11-18 14:00",
                    "VS-5",
                    "2026-11-26 09:00",
                    by: "D-TAX",
                    for: "research"
                )
            )
            #expect(try await world.told(gathering).isEmpty)
        }
    }

    @Test(arguments: ["VS-1", "VS-2"]) func theAdviceIsGoneWithOneOfTheVisits(_ number: String) async throws {
        try await World.county(at: "2026-11-18 10:00") { world in
            let cancelled = try Event.on("2026-11-19 10:00", .visitCancelled, number)
            try await world.feed(try County.enterprise())
            try await world.live(
                try inspection("VS-1", "2026-11-26", by: "D-MKT", at: "2026-11-18 10:00"),
                try inspection("VS-2", "2026-11-27", by: "D-ENV", at: "2026-11-18 11:00"),
                cancelled
            )
            same(
                try await world.told(gathering, code: "N57"),
                [
                    "2026-11-19 10:00 N57 D-ENV", "2026-11-19 10:00 N57 D-MKT",
                    "2026-11-19 10:00 N57 justice",
                ]
            )
            try await world.live(try Event.void(cancelled, at: "2026-11-19 11:00"))
            same(try await world.told(gathering, code: "N56", since: "2026-11-19 00:00").count, 3)
        }
    }

    @Test func `E13 A plan that moves away takes the advice with it`() async throws {
        try await World.county(at: "2026-11-18 10:00") { world in
            try await world.feed(try County.enterprise())
            try await world.live(
                try inspection("VS-1", "2026-11-26", by: "D-MKT", at: "2026-11-18 10:00"),
                try inspection("VS-2", "2026-11-27", by: "D-ENV", at: "2026-11-18 11:00"),
                try Event.planned(
                    "2026-11-19 10:00",
                    "VS-1",
                    "2026-12-28 09:00",
                    by: "D-MKT",
                    version: 2
                )
            )
            same(try await world.told(gathering, code: "N57").count, 3)
            #expect(try await world.matter(gathering).state.records.allSatisfy(\.isWithdrawn))
        }
    }
}
