import Duty
import Testing

/// Whose case it is: the department that the complaint or its assignment names hears of it, and its head of the breach.
@Suite struct Article09DepartmentTests {
    private let case1: MatterID = "complaint/CP-1"
    private let rule: RuleID = "A09.window"

    private func filed(_ department: String? = nil) throws -> Fact {
        let more: Fields = department.map { ["deptId": .string($0)] } ?? [:]
        return try Event.on(
            "2026-11-23 14:05",
            .complaintFiled,
            "CP-1",
            ["kind": "window", "channel": "hall"] + more
        )
    }

    private func assigned(_ time: String, to person: String, _ department: String? = nil) throws -> Fact {
        let more: Fields = department.map { ["deptId": .string($0)] } ?? [:]
        return try Event.on(
            time,
            .complaintAssigned,
            "CP-1",
            id: "assigned \(person) \(time)",
            ["toPersonRef": .string(person)] + more
        )
    }

    @Test func theDepartmentThatTheComplaintNamesHearsOfItAndItsHeadOfTheBreach() async throws {
        try await World.county(at: "2026-11-23 14:05") { world in
            try await world.live(try filed("D-MKT"))
            try await world.until("2026-12-02 00:00")
            same(
                try await world.told(case1, rule),
                [
                    "2026-11-23 14:05 N30 D-MKT", "2026-11-23 14:05 N30 window",
                    "2026-11-30 09:07 N31 D-MKT", "2026-11-30 09:07 N31 window",
                    "2026-11-30 17:30 N32 D-MKT", "2026-11-30 17:30 N32 hallHead",
                    "2026-11-30 17:30 N32 window", "2026-12-01 09:07 N32 office",
                ]
            )
            let told = try await world.notification(case1, code: "N32")
            #expect(told.values["department"] == "D-MKT")
            #expect(try await passedOver(world).isEmpty)
        }
    }

    @Test(arguments: [("D-TAX", nil), ("P-7", "D-TAX")] as [(String, String?)])
    func theDepartmentOfALaterAssignmentHearsOfItThen(_ person: String, _ department: String?) async throws {
        try await World.county(at: "2026-11-23 14:05") { world in
            try await world.live(try filed(), try assigned("2026-11-24 10:00", to: person, department))
            try await world.until("2026-12-01 00:00")
            same(
                try await world.told(case1, rule),
                [
                    "2026-11-23 14:05 N30 window", "2026-11-24 10:00 N30 D-TAX",
                    "2026-11-30 09:07 N31 D-TAX", "2026-11-30 09:07 N31 window",
                    "2026-11-30 17:30 N32 D-TAX", "2026-11-30 17:30 N32 hallHead",
                    "2026-11-30 17:30 N32 window",
                ]
            )
        }
    }

    /// Somebody without a department, such as a park officer, does not make it nobody's.
    @Test func aTransferTakesItToAnotherDepartmentAndAnotherPersonDoesNot() async throws {
        try await World.county(at: "2026-11-23 14:05") { world in
            let transfer = try assigned("2026-11-24 10:00", to: "P-7", "D-TAX")
            try await world.live(try filed("D-MKT"), transfer, try assigned("2026-11-25 10:00", to: "staff"))
            try await world.until("2026-12-01 00:00")
            same(
                try await world.told(case1, code: "N32"),
                [
                    "2026-11-30 17:30 N32 D-TAX", "2026-11-30 17:30 N32 hallHead",
                    "2026-11-30 17:30 N32 window",
                ]
            )
            // Voided, the transfer has never been: the head of the first department hears of the breach.
            try await world.live(try Event.void(transfer, at: "2026-12-01 08:00"))
            same(
                try await world.told(case1, code: "N32", since: "2026-12-01 00:00"),
                ["2026-12-01 08:00 N32 D-MKT"]
            )
        }
    }

    /// Neither another department's head nor a stand-in is meant; the record says who was passed over.
    @Test func whileNobodyHasSaidWhoseItIsTheDepartmentIsPassedOverAndThatIsSaidOnce() async throws {
        try await World.county(at: "2026-11-23 14:05") { world in
            try await world.live(try filed())
            try await world.until("2026-12-20 00:00")
            same(
                try await world.told(case1, code: "N32"),
                [
                    "2026-11-30 17:30 N32 hallHead", "2026-11-30 17:30 N32 window",
                    "2026-12-01 09:07 N32 office", "2026-12-03 09:07 N32 deputy",
                ]
            )
            #expect(try await world.notification(case1, code: "N32").values["department"] == nil)
            let noted = try await passedOver(world)
            #expect(noted.count == 1)
            #expect(noted.first?["reason"] == "noDepartment" && noted.first?["roles"]?.array == ["dept.head"])
        }
    }

    private func passedOver(_ world: World) async throws -> [Value] {
        try await world.store.journal(after: 0, limit: 100_000).filter { $0.matter == case1 }.flatMap(
            \.entries
        )
        .filter { $0.action == "notification.gaveUp" }.map(\.fields)
    }
}
