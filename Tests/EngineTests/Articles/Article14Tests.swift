import Duty
import Testing

/// Services of intermediaries: from the published list alone, and the enterprise chooses who delivers them.
@Suite struct Article14Tests {
    private let matter: MatterID = "complaint/CP-1"

    private func complaint(_ category: Value) throws -> Fact {
        try Event.on(
            "2026-11-23 14:05",
            .complaintFiled,
            "CP-1",
            ["kind": "practice", "category": category]
        )
    }

    @Test func theOfficeHearsOfIt() async throws {
        try await World.county(at: "2026-11-23 14:05") { world in
            try await world.feed(try County.enterprise())
            try await world.live(try complaint("A14"))
            same(try await world.told(matter), ["2026-11-23 14:05 N44 office"])
            same(try await world.journal(matter, "A14.intermediary"), ["practice.violated 2026-11-23 14:05"])
        }
    }

    private let project: MatterID = "project/PJ-3"

    private func required(_ time: String, _ service: String, _ more: Fields = [:]) throws -> Fact {
        try Event.on(
            time,
            .approvalIntermediaryRequired,
            "PJ-3",
            id: "required \(service) \(time)",
            ["approvalId": "AP-7", "serviceCode": .string(service), "deptId": "D-ENV"] + more
        )
    }

    @Test func `Article 14 A service that is not on the list must not be asked for`() async throws {
        try await World.county(at: "2026-11-23 09:00", settings: ["a14.services": "[ZJ-1, ZJ-2]"]) { world in
            try await world.feed(try County.enterprise())
            let wrong = try required("2026-11-23 11:00", "ZJ-9")
            try await world.live(try required("2026-11-23 10:00", "ZJ-2"))
            #expect(try await world.told(project).isEmpty)
            try await world.live(wrong)
            same(
                try await world.told(project),
                ["2026-11-23 11:00 N44 D-ENV", "2026-11-23 11:00 N44 office"]
            )
            same(try await world.journal(project, "A14.offList"), ["practice.violated 2026-11-23 11:00"])
            try await world.live(try Event.correct(wrong, at: "2026-11-24 09:00", ["serviceCode": "ZJ-1"]))
            same(
                try await world.journal(project, "A14.offList").last,
                "practice.cleared 2026-11-24 09:00"
            )
            same(try await world.told(project, code: "N75").count, 2)
        }
    }

    @Test func `Article 14 Without a list in the policy a person compares`() async throws {
        try await World.county(at: "2026-11-23 09:00") { world in
            try await world.feed(try County.enterprise())
            try await world.live(try required("2026-11-23 10:00", "ZJ-9"))
            same(try await world.told(project), ["2026-11-23 10:00 N67 office"])
            #expect(try await world.actions(project).allSatisfy { !$0.hasPrefix("practice.") })
        }
    }

    @Test func `Article 14 Naming the agency is designating it`() async throws {
        try await World.county(at: "2026-11-23 09:00", settings: ["a14.services": "[ZJ-1]"]) { world in
            try await world.feed(try County.enterprise())
            try await world.live(try required("2026-11-23 10:00", "ZJ-1", ["agency": "某某检测公司"]))
            same(
                try await world.journal(project, "A14.designated"),
                ["practice.violated 2026-11-23 10:00"]
            )
            #expect(try await world.journal(project, "A14.offList").isEmpty)
        }
    }

    @Test func aVoidAndAVoidOfTheVoidGoBackAndForth() async throws {
        try await World.county(at: "2026-11-23 14:05") { world in
            let filed = try complaint("A14")
            let void = try Event.void(filed, at: "2026-11-23 15:00")
            try await world.feed(try County.enterprise())
            try await world.live(filed, void, try Event.void(void, at: "2026-11-23 16:00"))
            same(
                try await world.told(matter),
                [
                    "2026-11-23 14:05 N44 office", "2026-11-23 15:00 N75 office",
                    "2026-11-23 16:00 N44 office",
                ]
            )
            same(
                try await world.journal(matter, "A14.intermediary"),
                [
                    "practice.violated 2026-11-23 14:05", "practice.cleared 2026-11-23 15:00",
                    "practice.violated 2026-11-23 14:05",
                ]
            )
        }
    }
}
