import Duty
import Testing

/// Water in 4 working days without design, construction and line approval; gas in 8; nothing to pay outside.
@Suite struct Article08Tests {
    private let service: MatterID = "service/SV-1"
    private let water: RuleID = "A08.water"
    private let gas: RuleID = "A08.gas"

    private func requested(_ time: String, _ kind: String) throws -> Fact {
        try Event.on(time, .serviceRequested, "SV-1", ["kind": .string(kind)])
    }

    private func pause(_ from: String, _ until: String?, _ reason: String) throws -> [Fact] {
        let begin = try Event.on(from, .servicePaused, "SV-1", ["reason": .string(reason)])
        let end = try until.map {
            try Event.on($0, .serviceResumed, "SV-1", ["reason": .string(reason)])
        }
        return [begin] + (end.map { [$0] } ?? [])
    }

    @Test(arguments: [
        ("2026-02-13 16:00", "2026-02-26 17:30"), ("2026-09-24 09:00", "2026-10-08 17:30"),
        ("2025-01-24 23:59:59", "2025-02-06 17:30"), ("2023-09-28 00:00", "2023-10-10 17:30"),
    ]) func waterIsConnectedInFourWorkingDays(_ start: String, _ due: String) async throws {
        try await World.county(at: start) { world in
            try await world.live(try requested(start, "water"))
            same(try await world.due(service, water), due)
        }
    }

    @Test(arguments: [
        ("2026-02-13 16:00", "2026-03-03 17:30"), ("2026-09-24 09:00", "2026-10-13 17:30"),
        ("2025-01-24 09:00", "2025-02-11 17:30"), ("2023-09-28 09:00", "2023-10-16 17:30"),
    ]) func gasIsConnectedInEightWorkingDays(_ start: String, _ due: String) async throws {
        try await World.county(at: start) { world in
            try await world.live(try requested(start, "gas"))
            same(try await world.due(service, gas), due)
        }
    }

    @Test func thoseConcernedHearOfWaterStepByStep() async throws {
        try await World.county(at: "2026-11-23 09:00") { world in
            try await world.feed(try County.enterprise())
            try await world.live(try requested("2026-11-23 09:00", "water"))
            try await world.until("2026-12-10 00:00")
            same(
                try await world.told(service, water),
                [
                    "2026-11-23 09:00 N40 water", "2026-11-25 13:15 N40 water",
                    "2026-11-27 09:07 N40 leader", "2026-11-27 09:07 N40 water",
                    "2026-11-27 17:30 N40 leader", "2026-11-27 17:30 N40 office",
                    "2026-11-27 17:30 N40 water", "2026-12-02 09:07 N40 deputy",
                ]
            )
        }
    }

    @Test func aCancelledRequestEndsTheClock() async throws {
        try await World.county(at: "2026-11-23 09:00") { world in
            try await world.live(
                try requested("2026-11-23 09:00", "gas"),
                try Event.on("2026-11-24 09:00", .serviceCancelled, "SV-1")
            )
            try await world.until("2026-12-31 00:00")
            #expect(try await world.told(service, since: "2026-11-24 09:01").isEmpty)
            same(try await world.record(service, gas).phase, .cancelled)
        }
    }

    // MARK: E11

    @Test func `E11 Overlapping pauses of several reasons stop the clock for their union`() async throws {
        try await World.county(at: "2026-11-23 09:00") { world in
            try await world.live(
                [try requested("2026-11-23 09:00", "water")]
                    + pause("2026-11-24 09:00", "2026-11-26 09:00", "design")
            )
            // 24 and 25 do not count.
            same(try await world.due(service, water), "2026-12-01 17:30")
            try await world.feed(try pause("2026-11-25 09:00", "2026-11-30 09:00", "construction"))
            // Nor do 26 and 27: from 24 to 29 the clock stands.
            same(try await world.due(service, water), "2026-12-03 17:30")
            try await world.feed(try pause("2026-11-25 09:00", "2026-11-25 18:00", "lineApproval"))
            same(try await world.due(service, water), "2026-12-03 17:30")
        }
    }

    @Test func `E11 Pauses that do not touch are added up`() async throws {
        try await World.county(at: "2026-11-23 09:00") { world in
            try await world.live(
                [try requested("2026-11-23 09:00", "water")]
                    + pause("2026-11-24 09:00", "2026-11-25 09:00", "design")
                    + pause("2026-11-27 09:00", "2026-11-30 09:00", "design")
            )
            // 25, 26, 30 and the first of December count.
            same(try await world.due(service, water), "2026-12-01 17:30")
        }
    }

    @Test func `E10 One open pause among several keeps the clock standing`() async throws {
        try await World.county(at: "2026-11-23 09:00") { world in
            try await world.feed(
                [try requested("2026-11-23 09:00", "water")]
                    + pause("2026-11-23 10:00", nil, "construction")
                    + pause("2026-11-23 11:00", "2026-11-23 12:00", "design")
            )
            same(try await world.due(service, water), nil)
            try await world.until("2026-12-31 00:00")
            same(try await world.record(service, water).phase, .open)
        }
    }

    @Test func theClientsWorksDoNotStopWater() async throws {
        try await World.county(at: "2026-11-23 09:00") { world in
            try await world.live(
                [try requested("2026-11-23 09:00", "water")]
                    + pause("2026-11-24 09:00", "2026-11-26 09:00", "clientWorks")
            )
            same(try await world.due(service, water), "2026-11-27 17:30")
        }
    }

    @Test func nothingStopsGasUnlessThePolicySaysSo() async throws {
        let pauses = try pause("2026-11-24 09:00", "2026-11-26 09:00", "construction")
        for (settings, due) in [
            ([:], "2026-12-03 17:30"), (["a08.gas.excludedPhases": "[construction]"], "2026-12-07 17:30"),
        ] {
            try await World.county(at: "2026-11-23 09:00", settings: settings) { world in
                try await world.live([try requested("2026-11-23 09:00", "gas")] + pauses)
                same(try await world.due(service, gas), due)
            }
        }
    }

    // MARK: Fees and contractors

    private func quoted(_ fen: Int64, _ id: String = "FE-1") throws -> Fact {
        try Event.on(
            "2026-11-23 10:00",
            .feeQuoted,
            id,
            ["item": "water.outsideRedLine", "amountFen": .integer(fen)]
        )
    }

    @Test func nothingMayBeChargedOutsideTheRedLine() async throws {
        try await World.county(at: "2026-11-23 10:00") { world in
            try await world.feed(try County.enterprise())
            try await world.live(try quoted(0), try quoted(1, "FE-2"))
            #expect(try await world.told("fee/FE-1").isEmpty)
            same(
                try await world.told("fee/FE-2"),
                [
                    "2026-11-23 10:00 N42 leader", "2026-11-23 10:00 N42 office",
                    "2026-11-23 10:00 N42 water",
                ]
            )
            same(try await world.journal("fee/FE-2", "A08.fee"), ["fee.overcharged 2026-11-23 10:00"])
        }
    }

    @Test func otherEnterprisesMayBeCharged() async throws {
        try await World.county(at: "2026-11-23 10:00") { world in
            try await world.feed(
                try County.enterprise(profile: ["aboveScale": true, "investedByPark": false])
            )
            try await world.live(try quoted(100))
            #expect(try await world.told("fee/FE-1").isEmpty)
        }
    }

    @Test func aComplaintAboutADesignatedContractorIsAViolation() async throws {
        try await World.county(at: "2026-11-23 10:00") { world in
            try await world.feed(try County.enterprise())
            try await world.live(
                try Event.on(
                    "2026-11-23 10:00",
                    .complaintFiled,
                    "CP-1",
                    ["kind": "practice", "category": "A08.designated"]
                )
            )
            same(
                try await world.journal("complaint/CP-1", "A08.designated"),
                [
                    "practice.violated 2026-11-23 10:00"
                ]
            )
            same(try await world.told("complaint/CP-1"), ["2026-11-23 10:00 N44 office"])
        }
    }
}
