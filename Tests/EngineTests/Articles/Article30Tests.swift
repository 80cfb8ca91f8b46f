import Duty
import Testing

/// The yearly assessment: the last three are told alone, and a shared rank at the cut is for a person to decide.
@Suite struct Article30Tests {
    private let matter: MatterID = "assessment/AS-1"
    private let units = ["D-1", "D-2", "D-3", "D-4", "D-5", "D-6"]

    private func published(_ ranks: [Int64], scheme: String = "unit") throws -> Fact {
        let results = zip(units, ranks).map { (who: $0, grade: "", rank: $1) }
        let data = results.map { (who: $0.who, grade: "合格", rank: $0.rank) }
        return try Event.assessment("2027-01-20 09:00", "AS-1", scheme, data)
    }

    private func world(_ body: (World) async throws -> Void) async throws {
        let heads = units.map { PersonRef($0) }
        try await World.county(at: "2027-01-20 09:00", holders: ["dept.head": heads], body)
    }

    @Test func theLastThreeUnitsAreToldAloneAndWithoutTheirRank() async throws {
        try await world { world in
            try await world.live(try published([1, 2, 3, 4, 5, 6]))
            same(
                try await world.told(matter),
                [
                    "2027-01-20 09:00 N88 D-4", "2027-01-20 09:00 N88 D-5", "2027-01-20 09:00 N88 D-6",
                ]
            )
            for stored in try await world.store.notifications(of: matter) {
                let names = (stored.notification.values.members ?? []).map(\.name)
                #expect(!names.contains("rank") && !names.contains("grade"))
                #expect(stored.notification.messageClass == .personal)
                let other = units.filter { $0 != stored.notification.recipient.person.text }
                let text = JSONWriter.text(stored.notification.values)
                #expect(other.allSatisfy { !text.contains($0) })
            }
        }
    }

    @Test func ofSectionChiefsTheOrganizationDepartmentAloneHears() async throws {
        try await world { world in
            try await world.live(try published([1, 2, 3, 4, 5, 6], scheme: "sectionChief"))
            same(try await world.told(matter), Array(repeating: "2027-01-20 09:00 N88 orgDept", count: 3))
        }
    }

    @Test(
        arguments: [
            // Two share the rank at the cut: one of them would be in and one out.
            ([1, 2, 3, 3, 5, 6], ["D-5", "D-6"], 2), ([1, 2, 2, 2, 2, 6], ["D-6"], 4),
            ([1, 1, 1, 1, 1, 1], [], 6),
            // Sharing a rank inside the last three or above them leaves nothing open.
            ([1, 2, 3, 4, 4, 4], ["D-4", "D-5", "D-6"], 0), ([1, 1, 1, 4, 5, 6], ["D-4", "D-5", "D-6"], 0),
            ([1, 2, 3, 4, 5, 5], ["D-4", "D-5", "D-6"], 0),
        ] as [([Int64], [String], Int)]
    ) func aSharedRankAtTheCutIsForThePersonAtTheOffice(
        _ ranks: [Int64],
        _ told: [String],
        _ tied: Int
    ) async throws {
        try await world { world in
            try await world.live(try published(ranks))
            same(try await world.told(matter, code: "N88"), told.map { "2027-01-20 09:00 N88 " + $0 })
            same(
                try await world.told(matter, code: "N99"),
                tied > 0 ? ["2027-01-20 09:00 N99 office"] : []
            )
            if tied > 0 {
                same(try await world.notification(matter, code: "N99").values["count"], .integer(Int64(tied)))
            }
        }
    }

    @Test func aCorrectedRankTellsTheNewOneAndTakesItBackFromTheOld() async throws {
        try await world { world in
            let first = try published([1, 2, 3, 4, 5, 6])
            let corrected = try published([1, 2, 4, 3, 5, 6])
            try await world.live(first)
            try await world.live(
                try Event.correct(
                    first,
                    at: "2027-01-21 09:00",
                    ["results": try #require(corrected.data["results"])]
                )
            )
            same(
                try await world.told(matter, since: "2027-01-21 00:00"),
                [
                    "2027-01-21 09:00 N75 D-4", "2027-01-21 09:00 N88 D-3",
                ]
            )
        }
    }

    @Test func aVoidedAssessmentIsTakenBack() async throws {
        try await world { world in
            let first = try published([1, 2, 3, 3, 5, 6])
            try await world.live(first)
            try await world.live(try Event.void(first, at: "2027-01-21 09:00"))
            same(
                try await world.told(matter, code: "N75"),
                [
                    "2027-01-21 09:00 N75 D-5", "2027-01-21 09:00 N75 D-6",
                    "2027-01-21 09:00 N75 office",
                ]
            )
        }
    }

    // MARK: The duty to hold it

    private func held(
        _ time: String,
        _ scheme: String,
        year: Int64,
        number: String = "AS-9"
    ) throws -> Fact {
        let ranks: [(who: String, grade: String, rank: Int64)] = [("D-1", "合格", 1)]
        let data = try Event.assessment(time, number, scheme, ranks).data.setting(
            path: "year",
            to: .integer(year)
        )
        return try Event.on(
            time,
            .assessmentPublished,
            number,
            ["scheme": .string(scheme), "year": .integer(year), "results": data["results"] ?? .array([])]
        )
    }

    @Test(arguments: [("unit", "A30", "A30.yearly"), ("sectionChief", "A30.chiefs", "A30.yearly.chiefs")])
    func `Article 30 What is published shows that the assessment was held`(
        _ scheme: String,
        _ code: String,
        _ rule: String
    ) async throws {
        let duty = MatterID(type: .duty, number: code)
        try await World.county(at: "2026-01-05 09:00", holders: ["dept.head": ["D-1"]]) { world in
            try await world.establishDuties()
            try await world.live(try held("2026-11-10 10:00", scheme, year: 2026))
            let record = try await world.record(duty, RuleID(rule), cycle: 2026)
            same(record.phase, .met)
            same(record.metAt, local("2026-11-10 10:00"))
            let other = MatterID(type: .duty, number: code == "A30" ? "A30.chiefs" : "A30")
            #expect(try await world.matter(other).state.records.allSatisfy { $0.phase == .open })
            try await world.until("2027-01-01 00:00")
            #expect(try await world.told(duty, since: "2026-11-10 10:00").isEmpty)
        }
    }

    @Test func `Article 30 A result of last year that is published this year is late and not this year's`()
        async throws
    {
        try await World.county(at: "2026-01-05 09:00", holders: ["dept.head": ["D-1"]]) { world in
            try await world.establishDuties()
            try await world.live(try held("2027-01-20 10:00", "unit", year: 2026))
            same(try await world.record("duty/A30", "A30.yearly", cycle: 2026).phase, .metLate)
            same(try await world.record("duty/A30", "A30.yearly", cycle: 2027).phase, .open)
        }
    }

    @Test func `Article 30 A result that is voided leaves the duty open again`() async throws {
        try await World.county(at: "2026-01-05 09:00", holders: ["dept.head": ["D-1"]]) { world in
            try await world.establishDuties()
            let result = try held("2026-11-10 10:00", "unit", year: 2026)
            try await world.live(result, try Event.void(result, at: "2026-11-20 10:00"))
            same(try await world.record("duty/A30", "A30.yearly", cycle: 2026).phase, .open)
            try await world.live(try held("2026-11-25 10:00", "unit", year: 2025, number: "AS-8"))
            same(try await world.record("duty/A30", "A30.yearly", cycle: 2026).phase, .open)
        }
    }
}
