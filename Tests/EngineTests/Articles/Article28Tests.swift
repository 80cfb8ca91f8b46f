import Duty
import Testing

/// Indicators of the province: an award, criticism, and a talk behind rank 70.
@Suite struct Article28Tests {
    private let matter: MatterID = "assessment/AS-1"

    private func published(
        _ results: [(who: String, grade: String, rank: Int64)],
        scheme: String = "provinceIndicator"
    ) throws -> Fact {
        try Event.assessment("2027-01-20 09:00", "AS-1", scheme, results)
    }

    @Test func theTopGradeEarnsFiftyThousandYuanForTheUnit() async throws {
        try await World.county(at: "2027-01-20 09:00") { world in
            try await world.live(try published([("D-MKT", "优秀", 21), ("D-ENV", "一般", 40)]))
            same(
                try await world.told(matter),
                [
                    "2027-01-20 09:00 N87 D-MKT", "2027-01-20 09:00 N87 office",
                ]
            )
            let values = try await world.notification(matter, code: "N87").values
            #expect(values["amountFen"]?.integer == 5_000_000)
        }
    }

    @Test func theSecondGradeIsCriticizedAsTheTextSays() async throws {
        try await World.county(at: "2027-01-20 09:00") { world in
            try await world.live(try published([("D-MKT", "良好", 21), ("D-ENV", "优秀", 3)]))
            same(
                try await world.told(matter, "A28.criticism"),
                [
                    "2027-01-20 09:00 N97 D-MKT", "2027-01-20 09:00 N97 office",
                ]
            )
            same(
                try await world.told(matter, "A28.award"),
                [
                    "2027-01-20 09:00 N87 D-ENV", "2027-01-20 09:00 N87 office",
                ]
            )
        }
    }

    @Test func behindRankSeventyATalkIsDue() async throws {
        try await World.county(at: "2027-01-20 09:00") { world in
            try await world.live(
                try published([("D-MKT", "一般", 70), ("D-ENV", "一般", 71), ("D-TAX", "一般", 122)])
            )
            same(
                try await world.told(matter),
                [
                    "2027-01-20 09:00 N98 office", "2027-01-20 09:00 N98 office",
                    "2027-01-20 09:00 N98 secretary", "2027-01-20 09:00 N98 secretary",
                ]
            )
            let says = try await world.notification(matter, code: "N98").values["ruleSays"]?.string
            #expect(says == "由县委县政府主要领导约谈,并在县电视台公开检查")
        }
    }

    @Test func otherAssessmentsHaveNoAward() async throws {
        try await World.county(at: "2027-01-20 09:00") { world in
            try await world.live(
                try published([("D-MKT", "优秀", 1), ("D-ENV", "良好", 90)], scheme: "unit")
            )
            #expect(
                try await world.store.notifications(of: matter).allSatisfy { $0.notification.article == 30 }
            )
        }
    }

    @Test func aCorrectedGradeIsTakenBackFromTheOneAndGivenToTheOther() async throws {
        try await World.county(at: "2027-01-20 09:00") { world in
            let first = try published([("D-MKT", "优秀", 21), ("D-ENV", "优秀", 22)])
            let corrected = try published([("D-MKT", "良好", 21), ("D-ENV", "优秀", 22)])
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
                    "2027-01-21 09:00 N75 D-MKT", "2027-01-21 09:00 N75 office",
                    "2027-01-21 09:00 N97 D-MKT", "2027-01-21 09:00 N97 office",
                ]
            )
        }
    }

    @Test func severalIndicatorsOfOneUnitAreSeveralAwards() async throws {
        try await World.county(at: "2027-01-20 09:00") { world in
            try await world.live(try published([("D-MKT", "优秀", 21), ("D-MKT", "优秀", 12)]))
            same(try await world.told(matter, "A28.award").count, 4)
        }
    }
}
