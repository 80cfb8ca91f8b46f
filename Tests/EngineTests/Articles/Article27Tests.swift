import Duty
import Testing

/// Bad reviews are verified, put right and called back; the figures are ours and say so.
@Suite struct Article27Tests {
    private let matter: MatterID = "complaint/CP-1"

    private func filed(_ time: String) throws -> Fact {
        try Event.on(time, .complaintFiled, "CP-1", ["kind": "badReview", "rating": 1])
    }

    private func classified(_ time: String, _ name: String) throws -> Fact {
        try Event.on(time, .complaintClassified, "CP-1", ["class": .string(name)])
    }

    private func resolved(_ time: String) throws -> Fact {
        try Event.on(time, .complaintResolved, "CP-1", ["outcome": "done"])
    }

    @Test func theChainRunsFromReviewToCallBack() async throws {
        try await World.county(at: "2026-09-24 09:00") { world in
            try await world.feed(try County.enterprise())
            try await world.live(try filed("2026-09-24 09:00"))
            same(try await world.due(matter, "A27.verify"), "2026-09-28 17:30")
            same(try await world.due(matter, "A27.rectify"), "2026-10-09 17:30")
            try await world.live(
                try Event.on("2026-09-28 10:00", .complaintResponded, "CP-1"),
                try resolved("2026-09-30 10:00")
            )
            same(try await world.record(matter, "A27.verify").phase, .met)
            same(try await world.record(matter, "A27.rectify").phase, .met)
            same(try await world.due(matter, "A27.callBack"), "2026-10-10 17:30")
            try await world.live(
                try Event.on(
                    "2026-10-10 17:00",
                    .complaintRated,
                    "CP-1",
                    ["solved": true, "satisfaction": 4]
                )
            )
            same(try await world.record(matter, "A27.callBack").phase, .met)
        }
    }

    @Test func whoNeglectsItIsSaidStepByStepAndTheFigureIsOurs() async throws {
        try await World.county(at: "2026-11-23 09:00") { world in
            try await world.feed(try County.enterprise())
            try await world.live(try filed("2026-11-23 09:00"))
            try await world.until("2026-11-26 00:00")
            same(
                try await world.told(matter, "A27.verify"),
                [
                    "2026-11-23 09:00 N86 window", "2026-11-24 09:07 N86 window",
                    "2026-11-24 17:30 N86 hallHead", "2026-11-25 09:07 N86 office",
                ]
            )
            let values = try await world.notification(matter, code: "N86").values
            #expect(values["basis"]?.string == "default")
        }
    }

    @Test func `Article 27 The department that is complained of hears what it has to put right`() async throws
    {
        try await World.county(at: "2026-11-23 09:00") { world in
            try await world.feed(try County.enterprise())
            try await world.live(
                try Event.on(
                    "2026-11-23 09:00",
                    .complaintFiled,
                    "CP-1",
                    ["kind": "badReview", "rating": 1, "deptId": "D-TAX"]
                )
            )
            try await world.until("2026-12-02 00:00")
            same(
                try await world.told(matter, "A27.rectify"),
                [
                    "2026-11-23 09:00 N86 D-TAX", "2026-11-23 09:00 N86 window",
                    "2026-11-30 09:07 N86 D-TAX", "2026-11-30 09:07 N86 window",
                    "2026-11-30 17:30 N86 D-TAX", "2026-11-30 17:30 N86 hallHead",
                    "2026-12-01 09:07 N86 office",
                ]
            )
            #expect(try await world.told(matter, "A27.verify").allSatisfy { !$0.hasSuffix("D-TAX") })
        }
    }

    /// Nobody stands in for a department that is not known; it hears of the review once it is.
    @Test func whileNoDepartmentIsKnownTheWindowAloneSeesToIt() async throws {
        try await World.county(at: "2026-11-23 09:00") { world in
            try await world.live(
                try Event.on(
                    "2026-11-23 09:00",
                    .complaintFiled,
                    "CP-1",
                    ["kind": "badReview", "rating": 1]
                ),
                try Event.on("2026-11-25 09:00", .complaintAssigned, "CP-1", ["toPersonRef": "D-TAX"])
            )
            try await world.until("2026-12-01 00:00")
            same(
                try await world.told(matter, "A27.rectify"),
                [
                    "2026-11-23 09:00 N86 window", "2026-11-25 09:00 N86 D-TAX",
                    "2026-11-30 09:07 N86 D-TAX", "2026-11-30 09:07 N86 window",
                    "2026-11-30 17:30 N86 D-TAX", "2026-11-30 17:30 N86 hallHead",
                ]
            )
        }
    }

    @Test func complexOnesHaveFifteenWorkingDays() async throws {
        try await World.county(at: "2026-11-23 09:00") { world in
            try await world.live(
                try filed("2026-11-23 09:00"),
                try classified("2026-11-23 10:00", "complex")
            )
            same(try await world.due(matter, "A27.rectify"), "2026-12-14 17:30")
            try await world.live(try classified("2026-11-24 10:00", "simple"))
            same(try await world.due(matter, "A27.rectify"), "2026-11-30 17:30")
        }
    }

    @Test func otherComplaintsAreNotCalledBack() async throws {
        try await World.county(at: "2026-11-23 09:00") { world in
            try await world.live(
                try Event.on("2026-11-23 09:00", .complaintFiled, "CP-1", ["kind": "window"]),
                try resolved("2026-11-23 10:00")
            )
            #expect(
                try await world.matter(matter).state.records.allSatisfy { $0.key.rule.text.hasPrefix("A09") }
            )
        }
    }

    @Test func aWithdrawnReviewIsOver() async throws {
        try await World.county(at: "2026-11-23 09:00") { world in
            try await world.live(
                try filed("2026-11-23 09:00"),
                try Event.on("2026-11-23 10:00", .complaintWithdrawn, "CP-1", ["by": "enterprise"])
            )
            try await world.until("2026-12-31 00:00")
            #expect(try await world.told(matter, since: "2026-11-23 10:01").isEmpty)
        }
    }
}
