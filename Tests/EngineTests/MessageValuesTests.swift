import Duty
import Engine
import Testing

/// What the shipped rules hand to the texts beside dates and amounts.
@Suite struct MessageValuesTests {
    @Test func aLimitNamesItsRuleAndItsDays() async throws {
        try await World.county(at: "2026-11-02 09:00") { world in
            try await world.feed(try County.enterprise())
            try await world.live(
                try Event.on(
                    "2026-11-02 09:00",
                    .serviceRequested,
                    "SV-1",
                    ["kind": "water", "requestedAt": "2026-11-02T09:00:00+08:00"]
                )
            )
            let told = try await world.notification("service/SV-1", code: "N40")
            #expect(told.values["ruleTitle"] == "用水报装" && told.values["workingDays"] == 4)
            #expect(told.values["basis"] == nil, "the days are those of the document")
        }
    }

    @Test(
        arguments: [
            ([:], ["A22.response": "30m", "A22.solution": "24h"]),
            (["a22.response.clock": "officeHours"], ["A22.response": "30om", "A22.solution": "24h"]),
        ] as [([String: String], [String: String])]
    )
    func alarmsAndAssignmentsNameTheLimitsOfThePolicy(
        _ settings: [String: String],
        _ limits: [String: String]
    ) async throws {
        try await World.county(at: "2026-11-23 09:00", settings: settings) { world in
            try await world.feed(try County.enterprise())
            let assigned = try await world.notification(
                MatterID("enterprise/" + Event.enterprise),
                code: "N02"
            )
            #expect(assigned.values["responseWithin"]?.string == limits["A22.response"])
            #expect(assigned.values["solutionWithin"]?.string == limits["A22.solution"])
            try await world.live(
                try Event.on("2026-11-23 10:00", .complaintFiled, "CP-1", ["kind": "appeal"])
            )
            try await world.until("2026-11-25 00:00")
            for (rule, code) in [("A22.response", "N13"), ("A22.solution", "N22")] {
                let told = try await world.notification("complaint/CP-1", code: code)
                #expect(told.values["within"]?.string == limits[rule], "\(code)")
            }
        }
    }

    @Test func aClassHasItsOwnLimit() async throws {
        try await World.county(at: "2026-11-23 09:00") { world in
            try await world.live(
                try Event.on("2026-11-23 10:00", .complaintFiled, "CP-1", ["kind": "window"]),
                try Event.on("2026-11-23 11:00", .complaintClassified, "CP-1", ["class": "eligible"])
            )
            try await world.until("2026-11-25 00:00")
            #expect(try await world.notification("complaint/CP-1", code: "N30").values["within"] == "5d")
            #expect(try await world.notification("complaint/CP-1", code: "N32").values["within"] == "1d")
        }
    }

    @Test func whatWaitedInVainSaysForHowLong() async throws {
        try await World.county(at: "2026-11-23 09:00", settings: ["orphan.afterHours": "36"]) { world in
            try await world.live(
                try Event.on("2026-11-23 10:00", .complaintResponded, "CP-1", ["auto": false])
            )
            try await world.until("2026-11-25 00:00")
            #expect(try await world.notification("complaint/CP-1", code: "N92").values["within"] == "36h")
        }
    }

    @Test func aPauseSaysWhatIsWaitedFor() async throws {
        try await World.county(at: "2026-11-02 09:00") { world in
            try await world.feed(try County.enterprise())
            try await world.live(
                try Event.on(
                    "2026-11-02 09:00",
                    .serviceRequested,
                    "SV-1",
                    ["kind": "power.hv", "requestedAt": "2026-11-02T09:00:00+08:00"]
                ),
                try Event.on("2026-11-03 09:00", .servicePaused, "SV-1", ["reason": "clientWorks"])
            )
            let told = try await world.notification("service/SV-1", code: "N41")
            #expect(told.values["pauseReason"] == "clientWorks" && told.values["basis"] == "default")
        }
    }

    @Test func aPlannedVisitSaysWhenAndByWhom() async throws {
        try await World.county(at: "2026-11-03 09:00") { world in
            try await world.feed(try County.enterprise())
            try await world.live(try Event.planned("2026-11-03 09:00", "VS-1", "2026-11-10 09:00"))
            let told = try await world.notification("visit/VS-1", code: "N50")
            #expect(told.values["startAt"]?.string == local("2026-11-10 09:00").rfc3339)
            #expect(told.values["department"] == "D-MKT")
        }
    }

    @Test func aDutyNamesWhoeverOwesItAndNoEnterprise() async throws {
        try await World.county(at: "2026-10-01 00:00") { world in
            try await world.establishDuties()
            try await world.until("2026-10-01 09:07")
            let meeting = try await world.notification("duty/A24.four-1", code: "N82")
            #expect(meeting.values["personRef"] == "four-1" && meeting.values["period"] == "2026-Q4")
            #expect(meeting.values["enterpriseName"] == nil)
            try await world.until("2026-12-01 09:07")
            let list = try await world.notification("duty/A13.list", code: "N83")
            #expect(list.values["personRef"] == nil, "nobody in particular owes it")
            #expect(list.values["ruleTitle"] == "每年推出免申即享清单")
        }
    }

    @Test func anAssessmentSaysItsYearAndNoRank() async throws {
        try await World.county(at: "2026-11-04 09:00") { world in
            let results = (1...8).map { (who: "D-\($0)", grade: "合格", rank: Int64($0)) }
            try await world.live(try Event.assessment("2026-11-04 10:00", "AS-2", "unit", results))
            let told = try await world.notification("assessment/AS-2", code: "N88")
            #expect(told.values["year"] == 2026)
            #expect(told.values["rank"] == nil && told.values["grade"] == nil)
        }
    }

    @Test func aClueHasNoTitleOfItsRule() async throws {
        try await World.county(at: "2026-11-20 10:00") { world in
            try await world.live(
                try Event.on("2026-11-20 10:00", .clueTransferred, "CL-2", ["direction": "discipline>dept"])
            )
            let told = try await world.notification("clue/CL-2", code: "N89")
            #expect(told.values["ruleTitle"] == nil && told.values["enterpriseName"] == nil)
        }
    }
}
