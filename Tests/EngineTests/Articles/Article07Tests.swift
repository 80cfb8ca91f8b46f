import Duty
import Testing

/// Power: 12 working days without the client's own works, two steps, and the price of the package.
@Suite struct Article07Tests {
    private let service: MatterID = "service/SV-1"
    private let rule: RuleID = "A07.hv"

    private func requested(
        _ time: String,
        _ kind: String = "power.hv",
        accepted: String? = nil
    ) throws -> Fact {
        let more: Fields = accepted.map { ["acceptedAt": .string(local($0).rfc3339)] } ?? [:]
        return try Event.on(
            time,
            .serviceRequested,
            "SV-1",
            received: accepted,
            ["kind": .string(kind)] + more
        )
    }

    private func paused(_ time: String, _ reason: String = "clientWorks") throws -> Fact {
        try Event.on(time, .servicePaused, "SV-1", ["reason": .string(reason)])
    }

    private func resumed(_ time: String, _ reason: String = "clientWorks") throws -> Fact {
        try Event.on(time, .serviceResumed, "SV-1", ["reason": .string(reason)])
    }

    private func step(_ time: String, _ name: String) throws -> Fact {
        try Event.on(time, .serviceStepCompleted, "SV-1", ["step": .string(name)])
    }

    // MARK: High voltage

    @Test func twelveWorkingDaysFromTheAcceptanceAcrossANationalHoliday() async throws {
        try await World.county(at: "2026-09-24 09:00") { world in
            try await world.feed(try County.enterprise())
            try await world.live(try requested("2026-09-24 09:00", accepted: "2026-09-24 11:00"))
            same(try await world.due(service, rule), "2026-10-19 17:30")
            try await world.until("2026-10-19 17:29:59")
            same(try await world.record(service, rule).phase, .open)
            try await world.until("2026-10-31 00:00")
            same(
                try await world.told(service, rule),
                [
                    "2026-09-24 11:00 N40 power", "2026-10-07 09:07 N40 power",
                    "2026-10-15 09:07 N40 power",
                    "2026-10-19 09:07 N40 leader", "2026-10-19 09:07 N40 power",
                    "2026-10-19 17:30 N40 leader", "2026-10-19 17:30 N40 office",
                    "2026-10-19 17:30 N40 power", "2026-10-22 09:07 N40 deputy",
                ]
            )
            same(try await world.journal(service, rule).last, "deadline.breached 2026-10-19 17:30")
            let values = try await world.notification(service, code: "N40").values
            #expect(values["workingDays"]?.integer == 12)
        }
    }

    @Test func whatWasDoneLateIsSaidOnceToEverybodyWhoHeardTheAlarm() async throws {
        try await World.county(at: "2026-09-24 09:00") { world in
            try await world.feed(try County.enterprise())
            try await world.live(
                try requested("2026-09-24 09:00"),
                try Event.on("2026-10-20 10:00", .serviceCompleted, "SV-1")
            )
            same(
                try await world.told(service, code: "N46"),
                [
                    "2026-10-20 10:00 N46 leader", "2026-10-20 10:00 N46 office",
                    "2026-10-20 10:00 N46 power",
                ]
            )
            try await world.until("2026-11-01 00:00")
            #expect(try await world.told(service, since: "2026-10-20 10:01").isEmpty)
            let met = try await world.fields(service, rule, "deadline.met")
            #expect(met["overdueSeconds"]?.integer == 59_400)
        }
    }

    @Test func theDayOfAPauseDoesNotCountAndTheDayOfItsEndDoes() async throws {
        try await World.county(at: "2026-09-24 09:00") { world in
            try await world.feed(try County.enterprise())
            try await world.live(
                try requested("2026-09-24 09:00", accepted: "2026-09-24 11:00"),
                try paused("2026-10-08 16:00")
            )
            same(try await world.due(service, rule), nil)
            try await world.live(try resumed("2026-10-10 09:00"))
            same(try await world.due(service, rule), "2026-10-21 17:30")
        }
    }

    @Test func aPauseThatBeginsAndEndsOnOneDayChangesNothing() async throws {
        try await World.county(at: "2026-09-24 09:00") { world in
            try await world.live(
                try requested("2026-09-24 09:00"),
                try paused("2026-09-28 09:00"),
                try resumed("2026-09-28 17:00")
            )
            same(try await world.due(service, rule), "2026-10-19 17:30")
        }
    }

    @Test func otherReasonsDoNotStopTheClockOfHighVoltage() async throws {
        try await World.county(at: "2026-09-24 09:00") { world in
            try await world.live(
                try requested("2026-09-24 09:00"),
                try paused("2026-09-28 09:00", "lineApproval")
            )
            same(try await world.due(service, rule), "2026-10-19 17:30")
        }
    }

    @Test func theTimeOfAPauseCanBeCountedExactly() async throws {
        try await World.county(at: "2026-09-24 09:00", settings: ["a07.pauseGranularity": "exact"]) { world in
            try await world.live(
                try requested("2026-09-24 09:00"),
                try paused("2026-10-08 16:00"),
                try resumed("2026-10-10 09:00")
            )
            same(try await world.due(service, rule), "2026-10-21 10:30")
        }
    }

    /// A day off in between and the hours of a night would have stopped nothing; the end is never in one of them.
    @Test(arguments: [
        ("2026-10-12 09:00", "2026-10-12 20:00", "2026-10-20 17:30"),
        ("2026-10-16 16:30", "2026-10-18 22:00", "2026-10-20 10:00"),
        ("2026-10-08 18:00", "2026-10-09 08:00", "2026-10-19 17:30"),
        // The start day does not count; a pause on it stops no clock.
        ("2026-09-24 10:00", "2026-09-24 16:00", "2026-10-19 17:30"),
    ])
    func onlyOfficeTimeOfAnExactPauseMovesTheEnd(_ from: String, _ until: String, _ due: String) async throws
    {
        try await World.county(at: "2026-09-24 09:00", settings: ["a07.pauseGranularity": "exact"]) { world in
            try await world.live(try requested("2026-09-24 09:00"), try paused(from), try resumed(until))
            same(try await world.due(service, rule), due)
        }
    }

    @Test func whatIsDoneDuringAPauseIsDoneInTime() async throws {
        try await World.county(at: "2026-09-24 09:00") { world in
            try await world.live(
                try requested("2026-09-24 09:00"),
                try paused("2026-10-08 16:00"),
                try Event.on("2026-11-20 10:00", .serviceCompleted, "SV-1")
            )
            same(try await world.record(service, rule).phase, .met)
            #expect(try await world.told(service, code: "N46").isEmpty)
        }
    }

    @Test func aPauseThatIsReportedLateTakesTheBreachBack() async throws {
        try await World.county(at: "2026-09-24 09:00") { world in
            try await world.feed(try County.enterprise())
            try await world.live(try requested("2026-09-24 09:00"))
            try await world.until("2026-10-20 08:00")
            try await world.feed(try paused("2026-10-14 09:00"), try resumed("2026-10-16 09:00"))
            same(try await world.due(service, rule), "2026-10-21 17:30")
            same(
                try await world.told(service, code: "N75"),
                [
                    "2026-10-20 08:00 N75 leader", "2026-10-20 08:00 N75 office",
                    "2026-10-20 08:00 N75 power",
                ]
            )
            #expect(
                try await world.journal(service, rule).contains("deadline.withdrawn 2026-10-20 08:00")
            )
        }
    }

    // MARK: Pauses that do not end

    @Test func `E10 A pause that nobody ends stops the clock and is asked about after 20 working days`()
        async throws
    {
        try await World.county(at: "2026-10-12 09:00") { world in
            try await world.feed(try County.enterprise())
            try await world.live(try requested("2026-10-12 09:00"), try paused("2026-10-13 10:00"))
            same(try await world.told(service, "A07.pause"), ["2026-10-13 10:00 N41 staff"])
            try await world.until("2026-12-31 00:00")
            same(
                try await world.told(service, "A07.pause", code: "N45"),
                [
                    "2026-11-10 17:30 N45 leader", "2026-11-10 17:30 N45 office",
                ]
            )
            same(try await world.record(service, rule).phase, .open)
            #expect(
                try await world.journal(service, "A07.pause").allSatisfy { !$0.contains("breached") }
            )
        }
    }

    @Test func `E10 Of two pauses beside each other the one that goes on is asked about`() async throws {
        try await World.county(at: "2026-10-12 09:00") { world in
            try await world.feed(try County.enterprise())
            try await world.live(
                try requested("2026-10-12 09:00", "water"),
                try paused("2026-10-13 10:00", "design"),
                try paused("2026-10-14 10:00", "construction"),
                try resumed("2026-10-15 10:00", "design")
            )
            same(try await world.due(service, "A08.water"), nil)
            try await world.until("2026-12-31 00:00")
            same(try await world.told(service, code: "N45").count, 2)
        }
    }

    /// Whoever counts on a due time hears the new one when the clock goes on, and nothing while it stands.
    @Test func whoeverHeardADueTimeHearsTheNewOneAfterThePause() async throws {
        try await World.county(at: "2026-11-02 09:00") { world in
            try await world.feed(try County.enterprise())
            try await world.live(
                try requested("2026-11-02 09:00"),
                try paused("2026-11-04 10:00"),
                try resumed("2026-11-06 10:00")
            )
            same(try await world.due(service, rule), "2026-11-20 17:30")
            same(
                try await world.told(service, rule),
                ["2026-11-02 09:00 N40 power", "2026-11-06 10:00 N27 power"]
            )
            let told = try await world.notification(service, code: "N27")
            #expect(told.values["reason"] == "resumed" && told.dueAt == local("2026-11-20 17:30"))
        }
    }

    @Test func `E11 An end before the beginning says nothing`() async throws {
        try await World.county(at: "2026-09-24 09:00") { world in
            try await world.feed(try County.enterprise())
            try await world.live(
                try requested("2026-09-24 09:00"),
                try resumed("2026-09-28 09:00"),
                try paused("2026-10-08 16:00"),
                try resumed("2026-10-10 09:00")
            )
            same(try await world.due(service, rule), "2026-10-21 17:30")
            // One pause, not two.
            same(try await world.told(service, code: "N41").count, 1)
            same(try await world.matter(service).state.records.filter { $0.key.rule == "A07.pause" }.count, 1)
        }
    }

    @Test func `E11 An end before the beginning is a dead letter after a day, once`() async throws {
        try await World.county(at: "2026-09-24 09:00") { world in
            try await world.feed(try County.enterprise())
            try await world.live(
                try requested("2026-09-24 09:00"),
                try resumed("2026-09-28 09:00"),
                try paused("2026-10-08 16:00"),
                try resumed("2026-10-10 09:00"),
                // The other reason's end is no end of the client's works.
                try resumed("2026-10-10 10:00", "design")
            )
            try await world.until("2026-10-20 00:00")
            let letters = try await world.store.deadLetters(state: nil, limit: 9)
            #expect(letters.map(\.reason) == ["negativeInterval"])
            #expect(letters.first?.detail == "ends a pause of service/SV-1 before it begins")
            #expect(world.count("rejected") == 1)
            try await world.feed(try step("2026-10-20 00:00", "装表接电"))
            #expect(try await world.store.deadLetters(state: nil, limit: 9).count == 1)
        }
    }

    @Test func `E11 An end that only came before its beginning is none`() async throws {
        try await World.county(at: "2026-09-24 09:00") { world in
            try await world.feed(try County.enterprise())
            try await world.live(
                try requested("2026-09-24 09:00"),
                try Event.on(
                    "2026-10-10 09:00",
                    .serviceResumed,
                    "SV-1",
                    received: "2026-10-10 09:00",
                    ["reason": "clientWorks"]
                )
            )
            try await world.until("2026-10-10 12:00")
            try await world.feed(
                try Event.on(
                    "2026-10-08 16:00",
                    .servicePaused,
                    "SV-1",
                    received: "2026-10-10 12:00",
                    ["reason": "clientWorks"]
                )
            )
            try await world.until("2026-10-20 00:00")
            #expect(try await world.store.deadLetters(state: nil, limit: 9).isEmpty)
            same(try await world.due(service, rule), "2026-10-21 17:30")
        }
    }

    @Test func `E11 A pause that is reported twice ends once`() async throws {
        try await World.county(at: "2026-09-24 09:00") { world in
            try await world.feed(try County.enterprise())
            try await world.live(
                try requested("2026-09-24 09:00"),
                try paused("2026-10-08 16:00"),
                try paused("2026-10-09 08:00"),
                try resumed("2026-10-10 09:00")
            )
            same(try await world.due(service, rule), "2026-10-21 17:30")
        }
    }

    @Test func `E11 A pause that is begun and ended twice lasts until its last end`() async throws {
        try await World.county(at: "2026-11-02 09:00") { world in
            try await world.feed(try County.enterprise())
            try await world.live(
                try requested("2026-11-02 09:00"),
                try paused("2026-11-04 10:00"),
                try paused("2026-11-05 10:00"),
                try resumed("2026-11-06 10:00"),
                try resumed("2026-11-13 10:00")
            )
            same(try await world.due(service, rule), "2026-11-27 17:30")
            // Each end has its beginning by now: one more says nothing.
            try await world.live(try resumed("2026-11-16 10:00"))
            same(try await world.due(service, rule), "2026-11-27 17:30")
        }
    }

    @Test(arguments: [false, true])
    func `Article 7 A pause after the clock has run out takes nothing back`(_ ends: Bool) async throws {
        try await World.county(at: "2026-11-02 09:00") { world in
            try await world.feed(try County.enterprise())
            try await world.live(try requested("2026-11-02 09:00"))
            same(try await world.due(service, rule), "2026-11-18 17:30")
            try await world.live(try paused("2026-11-18 23:00"))
            if ends { try await world.live(try resumed("2026-11-20 10:00")) }
            try await world.live(try Event.on("2026-11-25 10:00", .serviceCompleted, "SV-1"))
            same(try await world.due(service, rule), "2026-11-18 17:30")
            same(try await world.record(service, rule).phase, .metLate)
            #expect(try await world.told(service, code: "N75").isEmpty)
        }
    }

    // MARK: Steps

    @Test func aThirdStepIsOneTooManyForLowVoltage() async throws {
        try await World.county(at: "2026-11-20 09:00") { world in
            try await world.feed(try County.enterprise())
            try await world.live(
                try requested("2026-11-20 09:00", "power.lv"),
                try step("2026-11-21 10:00", "用电申请"),
                try step("2026-11-22 10:00", "用电申请"),
                try step("2026-11-23 10:00", "装表接电")
            )
            #expect(try await world.told(service).isEmpty)
            try await world.live(try step("2026-11-24 10:00", "现场勘查"))
            same(
                try await world.told(service),
                [
                    "2026-11-24 10:00 N43 leader", "2026-11-24 10:00 N43 office",
                    "2026-11-24 10:00 N43 power",
                ]
            )
            let violated = try await world.fields(service, "A07.steps.lv", "practice.violated")
            #expect(violated["count"]?.integer == 3 && violated["limit"]?.integer == 2)
        }
    }

    @Test func offeredPowerIsToldToTheSupplierAndHasOneStep() async throws {
        try await World.county(at: "2026-11-20 09:00") { world in
            try await world.feed(try County.enterprise())
            try await world.live(
                try requested("2026-11-20 09:00", "power.proactive"),
                try step("2026-11-23 10:00", "装表送电")
            )
            same(try await world.told(service), ["2026-11-20 09:00 N03 power"])
            try await world.live(try step("2026-11-24 10:00", "用电申请"))
            same(try await world.told(service, code: "N43").count, 3)
            same(
                try await world.journal(service, "A07.steps.proactive"),
                [
                    "practice.violated 2026-11-24 10:00"
                ]
            )
        }
    }

    @Test func `Article 7 Power is offered to an enterprise of the park when it is registered`() async throws
    {
        for (setting, isInPark, told) in [
            ("registration", true, ["2026-11-20 09:00 N03 power"]), ("registration", false, []),
            ("request", true, []),
        ] {
            try await World.county(at: "2026-11-20 09:00", settings: ["a07.proactive": setting]) { world in
                try await world.live(
                    try County.enterprise(since: "2026-11-20 09:00", profile: ["inPark": .bool(isInPark)])
                )
                same(
                    try await world.told(MatterID(type: .enterprise, number: Event.enterprise), code: "N03"),
                    told
                )
            }
        }
    }

    @Test(
        arguments: [
            ("microSmall", nil, true), ("microSmall", true, true), ("microSmall", false, false),
            ("all", false, true),
        ] as [(String, Bool?, Bool)]
    )
    func `Article 7 Two steps are promised to small and micro enterprises`(
        _ scope: String,
        _ isSmall: Bool?,
        _ isFound: Bool
    ) async throws {
        let profile: Fields = isSmall.map { ["microSmall": .bool($0)] } ?? [:]
        try await World.county(at: "2026-11-20 09:00", settings: ["a07.lv.scope": scope]) { world in
            try await world.feed(try County.enterprise(profile: profile))
            try await world.live(
                try requested("2026-11-20 09:00", "power.lv"),
                try step("2026-11-21 10:00", "用电申请"),
                try step("2026-11-22 10:00", "现场勘查"),
                try step("2026-11-23 10:00", "装表接电")
            )
            same(try await world.told(service, "A07.steps.lv").isEmpty, !isFound)
        }
    }

    @Test func highVoltageHasNoLimitOfSteps() async throws {
        try await World.county(at: "2026-11-20 09:00") { world in
            try await world.live(
                try requested("2026-11-20 09:00"),
                try step("2026-11-21 10:00", "一"),
                try step("2026-11-22 10:00", "二"),
                try step("2026-11-23 10:00", "三")
            )
            #expect(try await world.told(service, code: "N43").isEmpty)
        }
    }

    // MARK: Price

    private func quoted(_ fen: Int64, base: Int64? = 12_345, id: String = "FE-1") throws -> Fact {
        let more: Fields = base.map { ["baseGuidePriceFen": .integer($0)] } ?? [:]
        return try Event.on(
            "2026-11-23 10:00",
            .feeQuoted,
            id,
            ["item": "power.package", "amountFen": .integer(fen)] + more
        )
    }

    @Test func ninetyFivePercentOfTheBasePriceRoundedDownIsTheLimit() async throws {
        try await World.county(at: "2026-11-23 10:00") { world in
            try await world.feed(try County.enterprise())
            try await world.live(try quoted(11_727), try quoted(11_728, id: "FE-2"))
            #expect(try await world.told("fee/FE-1").isEmpty)
            same(
                try await world.told("fee/FE-2"),
                [
                    "2026-11-23 10:00 N42 leader", "2026-11-23 10:00 N42 office",
                    "2026-11-23 10:00 N42 power",
                ]
            )
            let found = try await world.fields("fee/FE-2", "A07.price", "fee.overcharged")
            #expect(found["amountFen"]?.integer == 11_728 && found["limitFen"]?.integer == 11_727)
        }
    }

    @Test func withoutABasePriceNothingIsSaid() async throws {
        try await World.county(at: "2026-11-23 10:00") { world in
            try await world.feed(try County.enterprise())
            try await world.live(try quoted(99_999_999, base: nil))
            #expect(try await world.told("fee/FE-1").isEmpty)
        }
    }

    @Test func `Article 7 The base price of the policy stands in for one that no quotation names`()
        async throws
    {
        try await World.county(at: "2026-11-23 10:00", settings: ["a07.basePrice.fen": "12345"]) { world in
            try await world.feed(try County.enterprise())
            try await world.live(
                try quoted(11_727, base: nil),
                try quoted(11_728, base: nil, id: "FE-2"),
                // What the quotation names goes before it.
                try quoted(11_728, base: 20_000, id: "FE-3")
            )
            #expect(try await world.told("fee/FE-1").isEmpty)
            let found = try await world.fields("fee/FE-2", "A07.price", "fee.overcharged")
            #expect(found["amountFen"]?.integer == 11_728 && found["limitFen"]?.integer == 11_727)
            #expect(try await world.told("fee/FE-3").isEmpty)
        }
    }

    @Test(arguments: ["inPark", "investedByPark", "aboveScale"])
    func thePriceIsForInvitedEnterprisesAboveScale(
        _ flag: String
    ) async throws {
        let all: Fields = ["aboveScale": true, "inNormalProduction": true, "investedByPark": true]
        let lacking = Fields(dictionaryLiteral: (flag, false))
        try await World.county(at: "2026-11-23 10:00") { world in
            try await world.feed(try County.enterprise(profile: all + lacking))
            try await world.live(try quoted(12_345))
            #expect(try await world.told("fee/FE-1").isEmpty)
        }
    }

    @Test func anotherAmountClearsTheFindingAndTellsThoseWhoHeardOfIt() async throws {
        try await World.county(at: "2026-11-23 10:00") { world in
            let fee = try quoted(12_345)
            try await world.live(try County.enterprise() + [fee])
            try await world.live(try Event.correct(fee, at: "2026-11-24 09:00", ["amountFen": 11_000]))
            #expect(
                Set(try await world.told("fee/FE-1", code: "N75")).isSuperset(
                    of: ["2026-11-24 09:00 N75 leader", "2026-11-24 09:00 N75 office"]
                )
            )
            same(try await world.journal("fee/FE-1", "A07.price").last, "fee.cleared 2026-11-24 09:00")
        }
    }

    /// Another topic may bring the profile after the quotation.
    @Test func aProfileThatComesAfterTheQuotationCounts() async throws {
        try await World.county(at: "2026-11-23 10:00") { world in
            try await world.feed(try quoted(12_345))
            #expect(try await world.told("fee/FE-1").isEmpty)
            try await world.feed(try County.enterprise())
            same(try await world.told("fee/FE-1", code: "N42").isEmpty, false)
        }
    }
}
