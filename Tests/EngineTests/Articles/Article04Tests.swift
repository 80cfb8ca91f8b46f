import Duty
import Testing

/// A material is submitted once, and what is missing is said once.
@Suite struct Article04Tests {
    private let project: MatterID = "project/PJ-3"

    private func asked(
        _ time: String,
        _ material: String,
        stage: String = "施工许可",
        approval: String = "AP-7",
        round: Int64 = 1,
        of enterprise: String = Event.enterprise,
        project: String = "PJ-3",
        department: String? = nil
    ) throws -> Fact {
        let more: Fields = department.map { ["deptId": .string($0)] } ?? [:]
        return try asked(time, material, stage, approval, round, enterprise, project, more)
    }

    private func asked(
        _ time: String,
        _ material: String,
        _ stage: String,
        _ approval: String,
        _ round: Int64,
        _ enterprise: String,
        _ project: String,
        _ more: Fields
    ) throws -> Fact {
        try Event.on(
            time,
            .approvalMaterialRequested,
            project,
            id: "asked \(material) \(stage) \(approval) \(round) \(project)",
            of: enterprise,
            [
                "approvalId": .string(approval), "materialCode": .string(material), "stage": .string(stage),
                "round": .integer(round),
            ] + more
        )
    }

    @Test func aMaterialOfAnEarlierStageMayNotBeAskedForAgain() async throws {
        try await World.county(at: "2026-11-20 09:00") { world in
            try await world.live(
                try asked("2026-11-20 10:00", "M-1"),
                try asked("2026-11-20 10:00", "M-2"),
                try asked("2026-11-23 10:00", "M-3", stage: "竣工验收", approval: "AP-8")
            )
            #expect(try await world.told(project).isEmpty)
            try await world.live(
                try asked("2026-11-23 11:00", "M-1", stage: "竣工验收", approval: "AP-8")
            )
            same(try await world.journal(project, "A04.material"), ["practice.violated 2026-11-23 11:00"])
            // The event names no department; of several heads none is meant.
            same(try await world.told(project), ["2026-11-23 11:00 N44 office"])
        }
    }

    @Test func theDepartmentThatAskedHearsOfItToo() async throws {
        for (department, told) in [("D-MKT", ["D-MKT", "office"]), ("D-NONE", ["office"])] {
            try await World.county(at: "2026-11-20 09:00") { world in
                try await world.live(
                    try asked("2026-11-20 10:00", "M-1", department: department),
                    try asked("2026-11-20 11:00", "M-1", stage: "竣工验收", department: department)
                )
                same(try await world.told(project), told.map { "2026-11-20 11:00 N44 " + $0 })
                let message = try await world.notification(project, code: "N44")
                #expect(message.values["department"]?.string == department)
            }
        }
    }

    /// Who asked stands in the first request of one approval alone; other stages may be another department's.
    @Test func theDepartmentOfTheSameApprovalIsMeantAndNoOther() async throws {
        for (approval, told) in [("AP-7", ["D-MKT", "office"]), ("AP-8", ["office"])] {
            try await World.county(at: "2026-11-20 09:00") { world in
                try await world.live(
                    try asked("2026-11-20 10:00", "M-1", department: "D-MKT"),
                    try asked("2026-11-24 10:00", "M-2", approval: approval, round: 2)
                )
                same(try await world.told(project), told.map { "2026-11-24 10:00 N44 " + $0 })
                let message = try await world.notification(project, code: "N44")
                #expect(message.values["department"]?.string == (told.count == 2 ? "D-MKT" : nil))
            }
        }
    }

    /// The head of another department is not the one who is meant, also where there is no other head.
    @Test func theOnlyHeadThereIsHearsOfItsOwnDepartmentAlone() async throws {
        let holders: [RoleID: [PersonRef]] = ["dept.head": ["D-MKT"]]
        for (department, told) in [("D-MKT", ["D-MKT", "office"]), ("D-TAX", ["office"])] {
            try await World.county(at: "2026-11-20 09:00", holders: holders) { world in
                try await world.live(
                    try asked("2026-11-20 10:00", "M-1", department: department),
                    try asked("2026-11-20 11:00", "M-1", stage: "竣工验收", department: department)
                )
                same(try await world.told(project), told.map { "2026-11-20 11:00 N44 " + $0 })
            }
        }
    }

    @Test func anotherProjectMayAskForTheSameMaterial() async throws {
        try await World.county(at: "2026-11-20 09:00") { world in
            try await world.live(
                try asked("2026-11-20 10:00", "M-1"),
                try asked("2026-11-20 11:00", "M-1", of: "E-000009", project: "PJ-4")
            )
            #expect(try await world.told("project/PJ-4").isEmpty)
        }
    }

    @Test func aSecondListOfWhatIsMissingIsAViolation() async throws {
        try await World.county(at: "2026-11-20 09:00") { world in
            try await world.live(
                try asked("2026-11-20 10:00", "M-1"),
                try asked("2026-11-24 10:00", "M-2", round: 2)
            )
            same(try await world.journal(project, "A04.once"), ["practice.violated 2026-11-24 10:00"])
            #expect(try await world.journal(project, "A04.material").isEmpty)
            same(try await world.told(project), ["2026-11-24 10:00 N44 office"])
        }
    }

    @Test func whatWasNeverAskedForFirstClearsTheSecond() async throws {
        try await World.county(at: "2026-11-20 09:00") { world in
            let first = try asked("2026-11-20 10:00", "M-1")
            let second = try asked("2026-11-23 10:00", "M-1", stage: "竣工验收")
            let third = try asked("2026-11-24 10:00", "M-1", stage: "办证")
            try await world.live(first, second, third, try Event.void(first, at: "2026-11-25 10:00"))
            same(
                try await world.journal(project, "A04.material"),
                [
                    "practice.violated 2026-11-23 10:00", "practice.violated 2026-11-24 10:00",
                    "practice.cleared 2026-11-25 10:00",
                ]
            )
            same(try await world.told(project, code: "N75"), ["2026-11-25 10:00 N75 office"])
            let standing = try await world.matter(project).state.records.filter { !$0.isWithdrawn }
            #expect(standing.map(\.openedAt) == [local("2026-11-24 10:00")])
        }
    }

    @Test func theOrderInWhichTheyArriveDoesNotSayWhichWasFirst() async throws {
        try await World.county(at: "2026-11-25 09:00") { world in
            let second = try asked("2026-11-23 10:00", "M-1", stage: "竣工验收")
            try await world.feed(second)
            #expect(try await world.told(project).isEmpty)
            try await world.feed(try asked("2026-11-20 10:00", "M-1"))
            same(try await world.journal(project, "A04.material"), ["practice.violated 2026-11-23 10:00"])
        }
    }
}
