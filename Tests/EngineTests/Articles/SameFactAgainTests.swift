import Duty
import Engine
import Storage
import Testing

/// E2: what is sent once more under another id is the same fact; nobody is accused or told of it twice.
@Suite struct SameFactAgainTests {
    /// One business fact and what is told of it.
    struct Case: Sendable, CustomTestStringConvertible {
        let code: String
        let matter: MatterID
        let kind: EventKind
        let number: String
        let more: Fields
        /// What makes another fact of it.
        var other: Fields?
        var testDescription: String { "\(kind) \(code)" }
    }

    private static let roster: Fields = [
        "assignmentId": "RA-9", "personRef": "P-9", "role": "park.staff", "from": "2026-11-20",
        "scope": ["enterpriseId": .string(Event.enterprise)],
    ]

    private static func approval(_ more: Fields) -> Fields {
        ["approvalId": "AP-7", "projectId": "PJ-3"] + more
    }

    static let cases = [
        Case(
            code: "N04",
            matter: "complaint/CP-1",
            kind: .complaintFiled,
            number: "CP-1",
            more: ["kind": "practice", "category": "A01"]
        ),
        Case(
            code: "N44",
            matter: "complaint/CP-1",
            kind: .complaintFiled,
            number: "CP-1",
            more: ["kind": "practice", "category": "A14"]
        ),
        Case(
            code: "N06",
            matter: "project/PJ-3",
            kind: .projectMilestone,
            number: "PJ-3",
            more: ["milestone": "signed"],
            other: ["milestone": "started"]
        ),
        Case(
            code: "N03",
            matter: "service/SV-1",
            kind: .serviceRequested,
            number: "SV-1",
            more: ["kind": "power.proactive"]
        ),
        Case(
            code: "N67",
            matter: "project/PJ-3",
            kind: .approvalIntermediaryRequired,
            number: "PJ-3",
            more: approval(["serviceCode": "S-1"]),
            other: ["serviceCode": "S-2"]
        ),
        Case(
            code: "N44",
            matter: "project/PJ-3",
            kind: .approvalMaterialRequested,
            number: "PJ-3",
            more: approval(["materialCode": "M-1", "stage": "s", "round": 2]),
            other: ["materialCode": "M-2"]
        ),
        Case(
            code: "N42",
            matter: "fee/FE-1",
            kind: .feeQuoted,
            number: "FE-1",
            more: ["item": "power.package", "amountFen": 11_728, "baseGuidePriceFen": 12_345],
            other: ["amountFen": 99_999]
        ),
        Case(
            code: "N63",
            matter: "case/CS-1",
            kind: .caseOpened,
            number: "CS-1",
            more: ["deptId": "D-MKT", "minor": true, "first": true]
        ),
        Case(
            code: "N63",
            matter: "penalty/PN-1",
            kind: .penaltyDecided,
            number: "PN-1",
            more: ["caseId": "CS-1", "deptId": "D-MKT", "kind": "fine", "firstMinorNoHarm": true]
        ),
        Case(
            code: "N62",
            matter: "case/CS-1",
            kind: .reportMade,
            number: "CS-1",
            more: [
                "reportId": "RP-1", "subjectType": "case", "subjectId": "CS-1", "toRole": "county.linked",
                "toPersonRef": "P-0007", "byDept": "D-MKT",
            ],
            other: ["reportId": "RP-2"]
        ),
        Case(
            code: "N02",
            matter: MatterID(type: .enterprise, number: Event.enterprise),
            kind: .rosterAssigned,
            number: "",
            more: roster,
            other: ["assignmentId": "RA-10"]
        ),
    ]

    private func fact(_ one: Case, _ id: String, _ time: String, _ more: Fields = [:]) throws -> Fact {
        try Event.on(time, one.kind, one.number, id: id, received: "2026-11-24 12:00", one.more + more)
    }

    @Test(arguments: cases) func itIsToldOnceInWhateverOrderItComes(_ one: Case) async throws {
        for ids in [["a", "b"], ["b", "a"]] {
            try await World.county(at: "2026-11-24 12:00") { world in
                try await world.feed(try County.enterprise(since: "2026-01-05 10:00"))
                try await world.feed(try fact(one, ids[0], "2026-11-24 10:00"))
                let first = try await world.told(one.matter, code: one.code)
                #expect(!first.isEmpty)
                try await world.feed(try fact(one, ids[1], "2026-11-24 10:00"))
                // Once more with an earlier time: the first by its time counts, and that is no news to anybody.
                try await world.feed(try fact(one, "c", "2026-11-24 09:00"))
                same(try await world.told(one.matter, code: one.code), first)
                #expect(try await world.told(one.matter, code: "N75").isEmpty)
                #expect(try await world.matter(one.matter).facts.count { $0.kind == one.kind } >= 3)
            }
        }
    }

    @Test(arguments: cases.filter { $0.other != nil }) func anotherFactIsToldToo(_ one: Case) async throws {
        try await World.county(at: "2026-11-24 12:00") { world in
            try await world.feed(try County.enterprise(since: "2026-01-05 10:00"))
            let before = try await world.told(one.matter, code: one.code).count
            try await world.feed(try fact(one, "a", "2026-11-24 10:00"))
            let first = try await world.told(one.matter, code: one.code).count - before
            try await world.feed(try fact(one, "b", "2026-11-24 11:00", one.other ?? [:]))
            #expect(try await world.told(one.matter, code: one.code).count == before + 2 * first)
        }
    }

    /// The second of two equal ones stands in for the first when that is voided: the same is still true.
    @Test func aVoidOfOneOfThemChangesNothing() async throws {
        let one = Self.cases[7]
        try await World.county(at: "2026-11-24 12:00") { world in
            try await world.feed(try County.enterprise())
            let first = try fact(one, "a", "2026-11-24 10:00")
            let second = try fact(one, "b", "2026-11-24 10:00")
            try await world.feed(first, second)
            let told = try await world.told(one.matter)
            try await world.live(try Event.void(first, at: "2026-11-24 13:00"))
            same(try await world.told(one.matter), told)
            try await world.live(try Event.void(second, at: "2026-11-24 14:00"))
            #expect(try await world.told(one.matter, code: "N75").count == 3)
        }
    }

    /// The same material asked for once more within its list is a copy; in another list or stage it is a violation.
    @Test func aMaterialIsAskedForAgainOnlyByAnotherList() async throws {
        func asked(_ id: String, _ more: Fields) throws -> Fact {
            let usual: Fields = [
                "approvalId": "AP-1", "projectId": "PJ-3", "materialCode": "M-1", "stage": "s",
            ]
            return try Event.on("2026-11-24 10:00", .approvalMaterialRequested, "PJ-3", id: id, usual + more)
        }
        for (more, isViolation) in [
            ([:], false), (["round": 1], false), (["stage": "t"], true), (["approvalId": "AP-2"], true),
        ] as [(Fields, Bool)] {
            try await World.county(at: "2026-11-24 10:00") { world in
                try await world.feed(try asked("a", [:]), try asked("b", more))
                same(try await world.journal("project/PJ-3", "A04.material").isEmpty, !isViolation)
            }
        }
    }
}
