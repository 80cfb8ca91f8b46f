import Duty
import Testing

/// The window for what could not be done: 1, 5 or 10 days, by class.
@Suite struct Article09Tests {
    private let case1: MatterID = "complaint/CP-1"
    private let rule: RuleID = "A09.window"

    private func filed(_ time: String) throws -> Fact {
        try Event.on(time, .complaintFiled, "CP-1", ["kind": "window", "channel": "hall"])
    }

    private func classified(_ time: String, _ name: String, by approver: String? = nil) throws -> Fact {
        let more: Fields = approver.map { ["approvedBy": .string($0)] } ?? [:]
        return try Event.on(
            time,
            .complaintClassified,
            "CP-1",
            id: "class \(name) \(time)",
            ["class": .string(name)] + more
        )
    }

    private func resolved(_ time: String) throws -> Fact {
        try Event.on(time, .complaintResolved, "CP-1", ["outcome": "done"])
    }

    private func responded(_ time: String, auto: Bool = false) throws -> Fact {
        try Event.on(time, .complaintResponded, "CP-1", ["auto": .bool(auto)])
    }

    // MARK: Due moments

    @Test(arguments: [
        // A last day on a day off moves to the next working day.
        ("eligible", "2026-04-29 10:00", "2026-04-30 17:30"),
        ("eligible", "2026-04-30 10:00", "2026-05-06 17:30"),
        ("eligible", "2026-11-20 23:59:59", "2026-11-23 17:30"),
        ("general", "2026-04-30 10:00", "2026-05-06 17:30"),
        ("general", "2026-11-23 08:00", "2026-11-30 17:30"),
        ("difficult", "2023-09-28 10:00", "2023-10-08 17:30"),
        ("difficult", "2024-09-13 10:00", "2024-09-23 17:30"),
        ("difficult", "2026-04-30 10:00", "2026-05-11 17:30"),
        ("difficult", "2026-11-20 10:00", "2026-11-30 17:30"),
        ("difficult", "2026-02-13 10:00", "2026-02-24 17:30"),
    ]) func naturalDaysRollForwardToAWorkingDay(
        _ name: String,
        _ start: String,
        _ due: String
    ) async throws {
        try await World.county(at: start) { world in
            try await world.live(try filed(start), try classified(start, name, by: "hallHead"))
            same(try await world.due(case1, rule), due)
            same(try await world.matter(case1).state.records.filter { $0.key.rule == rule }.count, 1)
        }
    }

    @Test func theDaysCanBeWorkingDaysAndNeedNotRoll() async throws {
        for (settings, due) in [
            (["a09.dayUnit": "working"], "2026-05-11 17:30"),
            (["a09.rollForward": "false"], "2026-05-05 17:30"),
            (["a09.countStartDay": "true"], "2026-05-06 17:30"),
            (["a09.countStartDay": "true", "a09.rollForward": "false"], "2026-05-04 17:30"),
        ] {
            try await World.county(at: "2026-04-30 10:00", settings: settings) { world in
                try await world.live(try filed("2026-04-30 10:00"))
                same(try await world.due(case1, rule), due)
            }
        }
    }

    // MARK: Who is told

    @Test func theWindowIsRemindedAndItsHeadTheOfficeAndTheDeputyHearOfTheBreach() async throws {
        try await World.county(at: "2026-11-23 14:05") { world in
            try await world.feed(try County.enterprise())
            try await world.live(
                try filed("2026-11-23 14:05"),
                try classified("2026-11-23 14:30", "general")
            )
            try await world.until("2026-12-20 00:00")
            same(
                try await world.told(case1, rule),
                [
                    "2026-11-23 14:05 N30 window", "2026-11-30 09:07 N31 window",
                    "2026-11-30 17:30 N32 hallHead", "2026-11-30 17:30 N32 window",
                    "2026-12-01 09:07 N32 office", "2026-12-03 09:07 N32 deputy",
                ]
            )
            #expect(try await world.told(case1, "A09.classify").isEmpty)
            try await world.live(try resolved("2026-12-20 09:00"))
            same(
                try await world.told(case1, code: "N46"),
                [
                    "2026-12-20 09:00 N46 deputy", "2026-12-20 09:00 N46 hallHead",
                    "2026-12-20 09:00 N46 office", "2026-12-20 09:00 N46 window",
                ]
            )
        }
    }

    @Test func anUnclassifiedCaseIsAGeneralOneAndAskedAboutAfterFourOfficeHours() async throws {
        try await World.county(at: "2026-11-23 14:05") { world in
            try await world.live(try filed("2026-11-23 14:05"))
            same(try await world.due(case1, rule), "2026-11-30 17:30")
            try await world.until("2026-11-24 12:00")
            same(try await world.told(case1, "A09.classify"), ["2026-11-24 09:35 N33 window"])
            #expect(try await world.journal(case1, "A09.classify").allSatisfy { !$0.contains("breach") })
        }
    }

    @Test func aReplyIsEnoughForADifficultCaseAlone() async throws {
        for (name, phase) in [("difficult", Obligation.Phase.met), ("general", .open)] {
            try await World.county(at: "2026-11-23 14:05") { world in
                try await world.live(
                    try filed("2026-11-23 14:05"),
                    try classified("2026-11-23 14:30", name, by: "hallHead"),
                    try responded("2026-11-24 10:00")
                )
                same(try await world.record(case1, rule).phase, phase)
            }
        }
    }

    @Test func `Article 9 What has been done is of no other class any more`() async throws {
        try await World.county(at: "2026-11-23 09:00") { world in
            try await world.live(
                try filed("2026-11-23 09:00"),
                try classified("2026-11-23 10:00", "difficult", by: "hallHead"),
                try responded("2026-11-24 10:00"),
                try classified("2026-11-25 10:00", "general")
            )
            same(try await world.due(case1, rule), "2026-12-03 17:30")
            same(try await world.record(case1, rule).phase, .met)
            #expect(try await world.told(case1, code: "N27").isEmpty)
        }
    }

    @Test func anAutomaticReplyIsNone() async throws {
        try await World.county(at: "2026-11-23 14:05") { world in
            try await world.live(
                try filed("2026-11-23 14:05"),
                try classified("2026-11-23 14:30", "difficult", by: "hallHead"),
                try responded("2026-11-24 10:00", auto: true)
            )
            same(try await world.record(case1, rule).phase, .open)
        }
    }

    @Test func aDifficultClassWithoutApprovalCountsForNothing() async throws {
        try await World.county(at: "2026-11-23 14:05") { world in
            try await world.live(
                try filed("2026-11-23 14:05"),
                try classified("2026-11-23 14:30", "difficult")
            )
            same(try await world.due(case1, rule), "2026-11-30 17:30")
            try await world.live(try classified("2026-11-23 15:00", "difficult", by: "hallHead"))
            same(try await world.due(case1, rule), "2026-12-03 17:30")
        }
    }

    @Test func approvalCanBeLeftToTheClassItself() async throws {
        let settings = ["a09.upgradeNeedsApproval": "false"]
        try await World.county(at: "2026-11-23 14:05", settings: settings) { world in
            try await world.live(
                try filed("2026-11-23 14:05"),
                try classified("2026-11-23 14:30", "difficult")
            )
            same(try await world.due(case1, rule), "2026-12-03 17:30")
        }
    }

    // MARK: E9

    @Test func `E9 A new class counts from the acceptance`() async throws {
        try await World.county(at: "2026-11-23 14:05") { world in
            try await world.live(
                try filed("2026-11-23 14:05"),
                try classified("2026-11-23 14:30", "general"),
                try classified("2026-11-26 10:00", "difficult", by: "hallHead")
            )
            same(try await world.due(case1, rule), "2026-12-03 17:30")
            let moved = try await world.fields(case1, rule, "deadline.recomputed")
            #expect(moved["class"]?.string == "difficult")
            #expect(moved["oldDueAt"]?.string == local("2026-11-30 17:30").rfc3339)
        }
    }

    @Test func `E9 A stricter class tells those who had heard a later date`() async throws {
        try await World.county(at: "2026-11-23 09:00") { world in
            try await world.live(
                try filed("2026-11-23 09:00"),
                try classified("2026-11-23 10:00", "difficult", by: "hallHead"),
                try classified("2026-11-24 10:00", "general")
            )
            same(try await world.due(case1, rule), "2026-11-30 17:30")
            same(try await world.told(case1, code: "N27"), ["2026-11-24 10:00 N27 window"])
        }
    }

    @Test func `E9 A stricter class whose time is over breaches at once if it is approved`() async throws {
        try await World.county(at: "2026-11-23 14:05") { world in
            try await world.live(
                try filed("2026-11-23 14:05"),
                try classified("2026-11-23 14:30", "general"),
                try classified("2026-11-26 10:00", "eligible", by: "hallHead")
            )
            same(try await world.due(case1, rule), "2026-11-24 17:30")
            same(try await world.record(case1, rule).phase, .breached)
            same(
                try await world.told(case1, code: "N32"),
                [
                    "2026-11-26 10:00 N32 hallHead", "2026-11-26 10:00 N32 office",
                    "2026-11-26 10:00 N32 window",
                ]
            )
        }
    }

    @Test func `E9 A stricter class whose time is over and that nobody approved changes nothing`()
        async throws
    {
        try await World.county(at: "2026-11-23 14:05") { world in
            try await world.live(
                try filed("2026-11-23 14:05"),
                try classified("2026-11-23 14:30", "general"),
                try classified("2026-11-26 10:00", "eligible")
            )
            same(try await world.due(case1, rule), "2026-11-30 17:30")
            #expect(try await world.told(case1, code: "N32").isEmpty)
        }
    }

    @Test func `E9 A milder class after the breach takes the breach back`() async throws {
        try await World.county(at: "2026-11-23 14:05") { world in
            try await world.live(
                try filed("2026-11-23 14:05"),
                try classified("2026-11-23 14:30", "general"),
                try classified("2026-12-01 08:00", "difficult", by: "hallHead")
            )
            same(
                try await world.told(case1, code: "N75"),
                [
                    "2026-12-01 08:00 N75 hallHead", "2026-12-01 08:00 N75 window",
                ]
            )
            same(try await world.record(case1, rule).phase, .open)
            try await world.until("2026-12-03 17:30")
            same(
                try await world.told(case1, code: "N32", since: "2026-12-01 08:01"),
                [
                    "2026-12-03 17:30 N32 hallHead", "2026-12-03 17:30 N32 window",
                ]
            )
        }
    }

    @Test func `E9 Voiding the new class brings the old one back`() async throws {
        try await World.county(at: "2026-11-23 14:05") { world in
            let milder = try classified("2026-11-24 10:00", "difficult", by: "hallHead")
            try await world.live(
                try filed("2026-11-23 14:05"),
                try classified("2026-11-23 14:30", "general"),
                milder,
                try Event.void(milder, at: "2026-11-24 11:00")
            )
            same(try await world.due(case1, rule), "2026-11-30 17:30")
        }
    }

    // MARK: Ends

    @Test func aWithdrawnCaseIsOverAndAReopenedOneCountsAnew() async throws {
        try await World.county(at: "2026-11-23 14:05") { world in
            try await world.live(
                try filed("2026-11-23 14:05"),
                try resolved("2026-11-24 10:00"),
                try Event.on(
                    "2026-11-25 10:00",
                    .complaintReopened,
                    "CP-1",
                    ["reason": "notSolved", "cycle": 2]
                )
            )
            same(try await world.due(case1, rule, cycle: 2), "2026-11-30 17:30")
            try await world.live(
                try Event.on("2026-11-26 10:00", .complaintWithdrawn, "CP-1", ["by": "enterprise"])
            )
            same(try await world.record(case1, rule, cycle: 2).phase, .cancelled)
            try await world.until("2026-12-31 00:00")
            #expect(try await world.told(case1, code: "N32").isEmpty)
        }
    }
}
