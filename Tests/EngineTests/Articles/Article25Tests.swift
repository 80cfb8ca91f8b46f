import Duty
import Engine
import Testing

/// Each county leader visits each linked enterprise once a quarter.
@Suite struct Article25Tests {
    private let duty: MatterID = "duty/A25.linked"
    private let rule: RuleID = "A25.visits"
    private let first = "E-000451"
    private let second = "E-000502"

    /// Two enterprises of one leader, known since January.
    private func twoEnterprises(since time: String = "2026-01-05 10:00") throws -> [Fact] {
        try County.enterprise(first, since: time, linked: ["linked"])
            + County.enterprise(second, since: time, linked: ["linked"])
    }

    private func missing(_ world: World, code: String) async throws -> [String] {
        let values = try await world.notification(duty, code: code).values
        return (values["missing"]?.array ?? []).compactMap(\.string)
    }

    // MARK: The quarter

    @Test func theLeaderHearsTheListAndTheOfficeWhatWasMissed() async throws {
        try await World.county(at: "2026-09-30 10:00") { world in
            try await world.feed(try twoEnterprises())
            try await world.until("2026-10-01 09:07")
            same(try await missing(world, code: "N80"), ["厂" + first, "厂" + second])
            let list = try await world.notification(duty, code: "N80").values
            #expect(list["total"]?.integer == 2 && list["done"]?.integer == 0)
            try await world.live(try Event.research("VS-1", "2026-10-20"))
            try await world.until("2027-01-01 09:07")
            same(
                try await world.told(duty, since: "2026-10-02 00:00"),
                [
                    "2026-11-16 09:07 N81 linked", "2026-12-17 09:07 N81 linked",
                    "2026-12-24 09:07 N81 linked", "2027-01-01 09:07 N80 linked",
                    "2027-01-01 09:07 N81 linked", "2027-01-01 09:07 N81 office",
                ]
            )
            same(try await missing(world, code: "N81"), ["厂" + second])
            same(try await world.journal(duty, rule, cycle: 20264).last, "duty.missed 2027-01-01 00:00")
            // The journal knows the enterprises by their matters alone.
            let missed = try await world.fields(duty, rule, "duty.missed")
            #expect(missed["missing"] == nil && missed["total"]?.integer == 2)
        }
    }

    @Test func aVisitOfEachByVisitAndByRecordIsTheWholeDuty() async throws {
        try await World.county(at: "2026-10-01 00:00") { world in
            try await world.feed(try twoEnterprises())
            try await world.live(try Event.research("VS-1", "2026-10-20"))
            same(try await world.record(duty, rule, cycle: 20264).phase, .open)
            try await world.live(
                try Event.performed(
                    "2026-11-03 15:00",
                    "A25",
                    by: "linked",
                    ["enterpriseId": .string(second)]
                )
            )
            same(try await world.record(duty, rule, cycle: 20264).metAt, local("2026-11-03 15:00"))
            same(try await world.journal(duty, rule, cycle: 20264).last, "duty.met 2026-11-03 15:00")
        }
    }

    @Test func oneOfTheEnterprisesCanBeEnough() async throws {
        try await World.county(at: "2026-10-01 00:00", settings: ["a25.per": "leader"]) { world in
            try await world.feed(try twoEnterprises())
            try await world.live(try Event.research("VS-1", "2026-10-20"))
            same(try await world.record(duty, rule, cycle: 20264).phase, .met)
        }
    }

    @Test func visitsOfTheQuarterBeforeDoNotCount() async throws {
        try await World.county(at: "2026-09-01 00:00") { world in
            try await world.feed(try County.enterprise(linked: ["linked"]))
            try await world.live(try Event.research("VS-1", "2026-09-30"))
            same(try await world.record(duty, rule, cycle: 20263).phase, .met)
            try await world.until("2026-10-02 00:00")
            same(try await world.record(duty, rule, cycle: 20264).phase, .open)
        }
    }

    @Test func theEndOfTheVisitSaysInWhichQuarterItWas() async throws {
        try await World.county(at: "2026-09-30 20:00") { world in
            try await world.feed(try County.enterprise(linked: ["linked"]))
            try await world.live(
                try Event.planned(
                    "2026-09-30 20:00",
                    "VS-1",
                    "2026-09-30 22:00",
                    for: "leaderResearch"
                ),
                try Event.on("2026-09-30 22:00", .visitStarted, "VS-1"),
                try Event.on("2026-10-01 00:00", .visitEnded, "VS-1")
            )
            same(try await world.record(duty, rule, cycle: 20263).phase, .breached)
            same(try await world.record(duty, rule, cycle: 20264).phase, .met)
        }
    }

    @Test(arguments: ["research", "inspection", "leaderMeeting"]) func otherVisitsDoNotCount(
        _ purpose: String
    ) async throws {
        try await World.county(at: "2026-10-01 00:00") { world in
            try await world.feed(try County.enterprise(linked: ["linked"]))
            try await world.live(try Event.research("VS-1", "2026-11-02", ["purpose": .string(purpose)]))
            same(try await world.record(duty, rule, cycle: 20264).phase, .open)
        }
    }

    @Test func ofTwoLeadersTheOneWhoIsNamedHasCome() async throws {
        try await World.county(at: "2026-10-01 00:00") { world in
            try await world.feed(try County.enterprise(linked: ["linked", "other"]))
            try await world.live(
                try Event.research(
                    "VS-1",
                    "2026-10-20",
                    ["actor": ["personRef": "other", "role": "county.linked"]]
                )
            )
            same(try await world.record(duty, rule, cycle: 20264).phase, .open)
            same(try await world.record("duty/A25.other", rule, cycle: 20264).phase, .met)
        }
    }

    @Test func whereNobodyIsNamedBothHaveCome() async throws {
        try await World.county(at: "2026-10-01 00:00") { world in
            try await world.feed(try County.enterprise(linked: ["linked", "other"]))
            try await world.live(try Event.research("VS-1", "2026-10-20"))
            for matter in [duty, "duty/A25.other"] {
                same(try await world.record(matter, rule, cycle: 20264).phase, .met)
            }
        }
    }

    // MARK: Corrections

    @Test func aVoidedVisitTakesTheCountBackAndTheLeaderHearsOfItAgain() async throws {
        try await World.county(at: "2026-10-01 00:00") { world in
            let visit = try Event.research("VS-1", "2026-10-20")
            try await world.feed(try County.enterprise(linked: ["linked"]))
            try await world.live(visit)
            same(try await world.record(duty, rule, cycle: 20264).phase, .met)
            let void = try Event.void(visit[2], at: "2026-12-18 10:00")
            try await world.live(void)
            same(try await world.record(duty, rule, cycle: 20264).phase, .open)
            same(try await world.told(duty, since: "2026-10-02 00:00"), ["2026-12-18 10:00 N81 linked"])
            try await world.live(try Event.void(void, at: "2026-12-18 11:00"))
            same(try await world.record(duty, rule, cycle: 20264).phase, .met)
            same(try await world.record(duty, rule, cycle: 20264).metAt, local("2026-10-20 11:00"))
        }
    }

    @Test func aVisitThatIsCorrectedIntoTheQuarterBeforeCountsThere() async throws {
        try await World.county(at: "2026-09-01 00:00") { world in
            let visit = try Event.research("VS-1", "2026-10-20")
            try await world.feed(try County.enterprise(linked: ["linked"]))
            try await world.live(visit)
            same(try await world.record(duty, rule, cycle: 20263).phase, .breached)
            try await world.live(
                try Event.correct(
                    visit[2],
                    at: "2026-10-21 10:00",
                    ["at": .string(local("2026-09-29 11:00").rfc3339)]
                )
            )
            same(try await world.record(duty, rule, cycle: 20263).phase, .met)
            same(try await world.record(duty, rule, cycle: 20264).phase, .open)
            same(
                try await world.told(duty, code: "N75"),
                [
                    "2026-10-21 10:00 N75 linked", "2026-10-21 10:00 N75 office",
                ]
            )
        }
    }

    @Test func anotherPurposeTakesTheCountBack() async throws {
        try await World.county(at: "2026-10-01 00:00") { world in
            let visit = try Event.research("VS-1", "2026-10-20")
            try await world.feed(try County.enterprise(linked: ["linked"]))
            try await world.live(visit)
            try await world.live(
                try Event.correct(visit[0], at: "2026-10-21 10:00", ["purpose": "research"])
            )
            same(try await world.record(duty, rule, cycle: 20264).phase, .open)
        }
    }

    // MARK: Links

    @Test func aLinkThatBeginsInMidQuarterIsOwedFromThenOn() async throws {
        try await World.county(at: "2026-10-01 00:00") { world in
            try await world.feed(try County.enterprise(first, linked: ["linked"]))
            try await world.feed(try County.enterprise(second))
            try await world.live(try Event.research("VS-1", "2026-10-20"))
            same(try await world.record(duty, rule, cycle: 20264).phase, .met)
            try await world.live(
                try Event.role("linked", "county.linked", "2026-11-20 10:00", of: second)
            )
            same(try await world.record(duty, rule, cycle: 20264).phase, .open)
            try await world.live(try Event.research("VS-2", "2026-11-26", of: second))
            same(try await world.record(duty, rule, cycle: 20264).metAt, local("2026-11-26 11:00"))
        }
    }

    @Test func aLinkThatEndsInMidQuarterIsOwedNoMore() async throws {
        try await World.county(at: "2026-10-01 00:00") { world in
            try await world.feed(try twoEnterprises())
            try await world.live(try Event.research("VS-1", "2026-10-20"))
            same(try await world.record(duty, rule, cycle: 20264).phase, .open)
            try await world.live(
                try Event.roleEnds(
                    "linked",
                    "county.linked",
                    "2026-01-05 10:00",
                    at: "2026-11-20 10:00",
                    of: second
                )
            )
            same(try await world.record(duty, rule, cycle: 20264).metAt, local("2026-10-20 11:00"))
        }
    }

    @Test func theLastLinkThatEndsReleasesTheLeader() async throws {
        try await World.county(at: "2026-10-01 00:00") { world in
            try await world.feed(try County.enterprise(linked: ["linked"]))
            try await world.live(
                try Event.roleEnds("linked", "county.linked", "2026-01-05 10:00", at: "2026-11-20 10:00")
            )
            same(try await world.record(duty, rule, cycle: 20264).phase, .cancelled)
            same(try await world.journal(duty, rule, cycle: 20264).last, "duty.cancelled 2026-11-20 10:00")
            same(
                try await world.told(duty, since: "2026-10-02 00:00"),
                [
                    "2026-11-16 09:07 N81 linked", "2026-11-20 10:00 N75 linked",
                ]
            )
            try await world.until("2027-02-01 00:00")
            #expect(try await world.told(duty, since: "2026-11-20 10:01").isEmpty)
            same(try await world.matter(duty).state.records.map(\.key.cycle).max(), 20264)
        }
    }

    @Test func anEnterpriseThatIsGoneIsOwedNoVisit() async throws {
        try await World.county(at: "2026-10-01 00:00") { world in
            try await world.feed(try County.enterprise(linked: ["linked"]))
            try await world.live(
                try Event.on("2026-11-20 10:00", .enterpriseDeregistered, first, ["reason": "cancelled"])
            )
            same(try await world.record(duty, rule, cycle: 20264).phase, .cancelled)
        }
    }

    @Test func aLinkThatIsCorrectedToAnotherPersonMovesTheDuty() async throws {
        try await World.county(at: "2026-10-01 00:00") { world in
            let link = try Event.role("linked", "county.linked", "2026-10-05 10:00")
            try await world.feed(try County.enterprise())
            try await world.live(link)
            try await world.live(
                try Event.correct(link, at: "2026-10-06 10:00", ["personRef": "other"])
            )
            #expect(try await world.matter(duty).state.records.allSatisfy(\.isWithdrawn))
            same(try await world.told(duty).last, "2026-10-06 10:00 N75 linked")
            same(try await world.record("duty/A25.other", rule, cycle: 20264).phase, .open)
            same(try await world.told("duty/A25.other"), ["2026-10-06 10:00 N80 other"])
        }
    }

    @Test func backupsOweNothing() async throws {
        try await World.county(at: "2026-10-01 00:00") { world in
            let link = try Event.role("linked", "county.linked", "2026-10-05 10:00")
            try await world.feed(try County.enterprise())
            try await world.live(link)
            try await world.live(try Event.correct(link, at: "2026-10-06 10:00", ["backup": true]))
            #expect(try await world.matter(duty).state.records.allSatisfy(\.isWithdrawn))
        }
    }

    @Test func quartersThatWereOverBeforeWeHeardOfTheLinkAreNobodysOmission() async throws {
        try await World.county(at: "2026-11-23 14:05") { world in
            try await world.feed(try County.enterprise())
            try await world.feed(
                try Event.role(
                    "linked",
                    "county.linked",
                    "2026-01-05 10:00",
                    received: "2026-11-23 14:05"
                )
            )
            same(try await world.matter(duty).state.records.map(\.key.cycle), [20264])
            try await world.until("2026-11-24 00:00")
            // The latest reminder alone, not the list of October beside it.
            same(try await world.told(duty), ["2026-11-23 14:05 N81 linked"])
        }
    }

    @Test func aLinkFromNextQuarterOnIsOwedThen() async throws {
        try await World.county(at: "2026-11-23 14:05") { world in
            try await world.feed(try County.enterprise())
            let link = try Event.role("linked", "county.linked", "2026-11-23 14:05")
            try await world.live(link)
            try await world.live(
                try Event.correct(
                    link,
                    at: "2026-11-23 15:00",
                    ["from": .string(local("2027-02-01 00:00").rfc3339)]
                )
            )
            try await world.until("2027-01-31 23:59:59")
            #expect(try await world.told(duty, since: "2026-11-23 15:01").isEmpty)
            try await world.until("2027-02-01 09:07")
            same(try await world.told(duty).last, "2027-02-01 09:07 N80 linked")
            same(try await world.journal(duty, rule, cycle: 20271), ["duty.due 2027-02-01 00:00"])
        }
    }

    /// The roster may be reported after the visit, or another topic may bring it later.
    @Test func aLinkThatIsReportedAfterTheVisitCounts() async throws {
        try await World.county(at: "2026-10-01 00:00") { world in
            try await world.feed(try County.enterprise())
            try await world.live(try Event.research("VS-1", "2026-10-20"))
            try await world.until("2026-10-22 10:00")
            try await world.feed(
                try Event.role("linked", "county.linked", "2026-01-05 10:00", received: "2026-10-22 10:00")
            )
            same(try await world.record(duty, rule, cycle: 20264).phase, .met)
        }
    }

    @Test func aLinkThatTurnsOutToHaveEndedBeforeTheVisitTakesTheCountAway() async throws {
        try await World.county(at: "2026-10-01 00:00") { world in
            try await world.feed(try County.enterprise(linked: ["linked"]))
            try await world.live(try Event.research("VS-1", "2026-10-20"))
            same(try await world.record(duty, rule, cycle: 20264).phase, .met)
            let end = try Event.on(
                "2026-10-22 10:00",
                .rosterEnded,
                "",
                id: "late end",
                [
                    "assignmentId": "linked/E-000451/2026-01-05 10:00", "personRef": "linked",
                    "role": "county.linked", "from": "2026-01-05", "to": "2026-10-10",
                    "scope": ["enterpriseId": .string(first)],
                ]
            )
            try await world.live(end)
            same(try await world.record(duty, rule, cycle: 20264).phase, .cancelled)
        }
    }

    // MARK: Disorder

    @Test func theEnterprisesNewNameIsTheOneInTheList() async throws {
        try await World.county(at: "2026-10-01 00:00") { world in
            try await world.feed(try County.enterprise(linked: ["linked"]))
            try await world.live(
                try Event.updated("2026-10-02 10:00", from: "2026-10-02", ["name": "新厂有限公司"])
            )
            try await world.until("2026-11-16 09:07")
            same(try await missing(world, code: "N81"), ["新厂"])
            same(try await world.told(duty, since: "2026-10-02 00:00"), ["2026-11-16 09:07 N81 linked"])
        }
    }

    @Test func aRestartInBetweenChangesNothing() async throws {
        var stories: [[String]] = []
        for isRestarted in [false, true] {
            try await World.county(at: "2026-10-01 00:00") { world in
                try await world.feed(try twoEnterprises())
                try await world.live(try Event.research("VS-1", "2026-10-20"))
                let engine = isRestarted ? world.anotherEngine() : world.engine
                try await world.advance(to: local("2026-11-02 09:00"), with: engine)
                try await world.feed(try Event.research("VS-2", "2026-11-02", of: second), to: engine)
                try await world.advance(to: local("2027-01-02 00:00"), with: engine)
                stories.append(try await world.story())
            }
        }
        #expect(stories[0] == stories[1] && stories[0].count > 20)
    }
}
