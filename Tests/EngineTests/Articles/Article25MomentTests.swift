import Duty
import Testing

/// Before which moment of a penalty the report has to be made.
@Suite struct Article25MomentTests {
    private let penalty: MatterID = "penalty/PN-1"

    private func decided(_ time: String, procedure: String = "ordinary") throws -> Fact {
        try Event.on(
            time,
            .penaltyDecided,
            "PN-1",
            [
                "caseId": "CS-1", "deptId": "D-MKT", "kind": "fine", "procedure": .string(procedure),
            ]
        )
    }

    private func after(_ kind: EventKind, _ time: String) throws -> Fact {
        try Event.on(time, kind, "PN-1", ["deptId": "D-MKT"])
    }

    private func reported(_ time: String) throws -> Fact {
        try Event.on(
            time,
            .reportMade,
            "PN-1",
            [
                "reportId": "RP-1", "subjectType": "penalty", "toRole": "county.secretary",
                "toPersonRef": "secretary", "byDept": "D-MKT",
            ]
        )
    }

    @Test(
        arguments: [
            // The report lies between decision and service.
            ("decision", "A25.penalty", "gate.violated 2026-11-23 12:00"),
            ("service", "A25.penalty.served", "gate.satisfied 2026-11-24 09:00"),
            ("execution", "A25.penalty.executed", "gate.satisfied 2026-11-24 09:00"),
        ]
    )
    func `Article 25 The report counts before the moment that the policy names`(
        _ moment: String,
        _ rule: String,
        _ entry: String
    ) async throws {
        try await World.county(at: "2026-11-23 08:00", settings: ["a25.penalty.moment": moment]) { world in
            try await world.feed(try County.enterprise(linked: ["linked"]))
            try await world.live(try decided("2026-11-23 10:00"))
            try await world.until("2026-11-24 08:00")
            try await world.live(
                try reported("2026-11-24 09:00"),
                try after(.penaltyServed, "2026-11-25 10:00"),
                try after(.penaltyExecuted, "2026-12-10 10:00")
            )
            try await world.until("2026-12-11 00:00")
            same(try await world.journal(penalty, RuleID(rule)), [entry])
            let rules = Set(try await world.matter(penalty).state.records.map(\.key.rule.text))
            same(rules.filter { $0.hasPrefix("A25.penalty") }, [rule])
        }
    }

    @Test func `Article 25 Service without any report is told like a decision without one`() async throws {
        try await World.county(at: "2026-11-23 08:00", settings: ["a25.penalty.moment": "service"]) { world in
            try await world.feed(try County.enterprise(linked: ["linked"]))
            try await world.live(
                try decided("2026-11-23 10:00"),
                try after(.penaltyServed, "2026-11-24 10:00")
            )
            try await world.until("2026-11-24 11:59")
            #expect(try await world.told(penalty, code: "N61").isEmpty)
            try await world.until("2026-11-24 12:00")
            same(
                try await world.told(penalty, code: "N61"),
                ["D-MKT", "office", "secretary"].map { "2026-11-24 12:00 N61 " + $0 }
            )
        }
    }

    @Test func `Article 25 A penalty on the spot is only looked at whatever the moment`() async throws {
        try await World.county(at: "2026-11-23 08:00", settings: ["a25.penalty.moment": "service"]) { world in
            try await world.feed(try County.enterprise(linked: ["linked"]))
            try await world.live(
                try decided("2026-11-23 10:00", procedure: "summary"),
                try after(.penaltyServed, "2026-11-23 10:05")
            )
            try await world.until("2026-11-24 12:00")
            same(try await world.told(penalty), ["2026-11-23 10:00 N66 office"])
        }
    }
}
