import Duty
import Testing

/// What happens again: matters that are opened anew, fines that come back, answers that were none.
@Suite struct SecondRoundTests {
    private let matter: MatterID = "complaint/CP-1"

    private func filed(_ time: String, _ kind: String) throws -> Fact {
        try Event.on(time, .complaintFiled, "CP-1", ["kind": .string(kind)])
    }

    private func resolved(_ time: String, _ outcome: String = "done") throws -> Fact {
        try Event.on(time, .complaintResolved, "CP-1", ["outcome": .string(outcome)])
    }

    private func reopened(_ time: String) throws -> Fact {
        try Event.on(time, .complaintReopened, "CP-1", ["reason": "又停电了", "cycle": 2])
    }

    private func rated(_ time: String) throws -> Fact {
        try Event.on(time, .complaintRated, "CP-1", ["solved": true, "satisfaction": 4])
    }

    private func world(_ body: (World) async throws -> Void) async throws {
        try await World.county(at: "2026-11-23 09:00") { world in
            try await world.feed(try County.enterprise())
            try await body(world)
        }
    }

    // MARK: Article 27

    @Test func aBadReviewThatIsOpenedAgainBeginsEveryClockAnew() async throws {
        try await world { world in
            try await world.live(
                try filed("2026-11-23 09:00", "badReview"),
                try resolved("2026-11-24 10:00"),
                try rated("2026-11-24 11:00"),
                try reopened("2026-11-25 09:00")
            )
            same(try await world.record(matter, "A27.verify", cycle: 2).openedAt, local("2026-11-25 09:00"))
            same(try await world.record(matter, "A27.rectify", cycle: 2).phase, .open)
            try await world.live(try resolved("2026-11-26 10:00"))
            same(try await world.record(matter, "A27.rectify", cycle: 2).phase, .met)
            same(try await world.record(matter, "A27.callBack").phase, .met)
            same(try await world.record(matter, "A27.callBack", cycle: 2).phase, .open)
            try await world.live(try rated("2026-11-26 15:00"))
            same(try await world.record(matter, "A27.callBack", cycle: 2).phase, .met)
        }
    }

    @Test func whatWasSaidBeforeTheResultIsNoCallBack() async throws {
        try await world { world in
            try await world.live(
                try filed("2026-11-23 09:00", "badReview"),
                try rated("2026-11-23 10:10"),
                try resolved("2026-11-23 11:00")
            )
            same(try await world.record(matter, "A27.callBack").phase, .open)
        }
    }

    @Test func whoOpensItAgainNeedsNoCallBackAboutTheFirstResult() async throws {
        try await world { world in
            try await world.live(
                try filed("2026-11-23 09:00", "badReview"),
                try resolved("2026-11-24 10:00"),
                try reopened("2026-11-24 16:00")
            )
            same(try await world.record(matter, "A27.callBack").phase, .cancelled)
        }
    }

    // MARK: Articles 9 and 16

    @Test(arguments: ["A16.handover", "A16.total", "A16.arrears"])
    func arrearsThatAreOpenedAgainHaveTheirLimitsAgain(_ rule: String) async throws {
        try await world { world in
            try await world.live(
                try filed("2026-11-23 09:00", "arrears"),
                try resolved("2026-11-24 10:00"),
                try reopened("2026-11-25 09:00")
            )
            same(try await world.record(matter, RuleID(rule), cycle: 2).phase, .open)
        }
    }

    @Test func aCaseThatIsOpenedAgainIsClassifiedAgain() async throws {
        try await world { world in
            let general: Fields = ["class": "general"]
            try await world.live(
                try filed("2026-11-23 09:00", "window"),
                try Event.on("2026-11-23 10:00", .complaintClassified, "CP-1", general),
                try resolved("2026-11-24 10:00"),
                try reopened("2026-11-25 09:00")
            )
            same(try await world.record(matter, "A09.classify").phase, .met)
            same(try await world.record(matter, "A09.classify", cycle: 2).phase, .open)
        }
    }

    @Test(
        arguments: [
            (["class": "simple"], false), (["class": "difficult"], false),
            (["class": "difficult", "approvedBy": "P-0001"], true), (["class": "eligible"], true),
        ] as [(Fields, Bool)]
    )
    func onlyAClassThatCountsIsAClassification(_ said: Fields, _ counts: Bool) async throws {
        try await world { world in
            try await world.live(
                try filed("2026-11-23 09:00", "window"),
                try Event.on("2026-11-23 10:00", .complaintClassified, "CP-1", said)
            )
            same(try await world.record(matter, "A09.classify").phase, counts ? .met : .open)
        }
    }

    // MARK: Article 22

    private static let fine: Fields = ["deptId": "D-MKT", "amountFen": 100, "currency": "CNY", "revision": 1]

    @Test func aFineThatIsRevokedAndComesBackIsAskedAboutAgain() async throws {
        let fine: MatterID = "fine/FN-1"
        let revoked: Fields = ["revision": 2, "cause": "litigation"]
        let revised: Fields = ["revision": 3, "amountFen": 500, "cause": "litigation"]
        try await world { world in
            try await world.live(
                try Event.on("2026-11-24 10:00", .fineIssued, "FN-1", Self.fine),
                try Event.on("2026-11-24 11:00", .fineRevoked, "FN-1", revoked)
            )
            same(try await world.record(fine, "A22.attribution").phase, .cancelled)
            try await world.live(try Event.on("2026-11-24 12:00", .fineRevised, "FN-1", revised))
            same(try await world.record(fine, "A22.attribution").phase, .open)
            #expect(try await world.told(fine, code: "N70", since: "2026-11-24 12:00").count == 2)
            same(try await world.due(fine, "A22.attribution"), "2026-12-08 17:30")
        }
        // By their numbers, whatever came first.
        try await world { world in
            try await world.live(
                try Event.on("2026-11-24 10:00", .fineIssued, "FN-1", Self.fine),
                try Event.on("2026-11-24 12:00", .fineRevised, "FN-1", revised),
                try Event.on("2026-11-24 11:00", .fineRevoked, "FN-1", received: "2026-11-24 13:00", revoked)
            )
            same(try await world.record(fine, "A22.attribution").phase, .open)
        }
    }

    // MARK: Reasons

    @Test func whatIsTakenBackSaysWhatItWasAndWhy() async throws {
        try await world { world in
            let appeal = try filed("2026-11-23 09:00", "appeal")
            try await world.live(appeal)
            try await world.live(try Event.void(appeal, at: "2026-11-23 09:05"))
            let reminder = try await world.notification(matter, code: "N25").values
            #expect(reminder["reason"] == "voided" && reminder["reminder"] == true)
        }
        try await world { world in
            let appeal = try filed("2026-11-23 09:00", "appeal")
            try await world.live(appeal)
            try await world.until("2026-11-23 09:40")
            try await world.live(try Event.correct(appeal, at: "2026-11-23 09:45", ["kind": "window"]))
            let alarm = try await world.notification(matter, code: "N25").values
            #expect(alarm["reason"] == "corrected" && alarm["reminder"] == false)
        }
    }
}
