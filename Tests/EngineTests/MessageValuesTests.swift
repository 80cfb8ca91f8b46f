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
