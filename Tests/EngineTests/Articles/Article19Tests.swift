import Duty
import Testing

/// Quiet days: from the 6th to the 25th no inspection enters an enterprise above scale in normal production.
@Suite struct Article19Tests {
    private let visit: MatterID = "visit/VS-1"
    private let rule: RuleID = "A19.window"

    private func started(_ time: String, escort: Bool = true) throws -> Fact {
        try Event.on(time, .visitStarted, "VS-1", escort ? ["escortPersonRef": "staff"] : [:])
    }

    private func ended(_ time: String) throws -> Fact { try Event.on(time, .visitEnded, "VS-1") }

    private func plan(
        _ start: String,
        to end: String? = nil,
        for purpose: String = "inspection",
        version: Int64 = 1,
        at time: String = "2026-11-02 10:00",
        _ more: Fields = [:]
    ) throws -> Fact {
        try Event.planned(time, "VS-1", start, to: end, for: purpose, version: version, more)
    }

    private func exception(_ code: String, _ reference: String? = nil) -> Fields {
        var members = [Value.Member("code", .string(code))]
        if let reference { members.append(Value.Member("ref", .string(reference))) }
        return ["exception": .object(members)]
    }

    // MARK: Planned

    @Test func aPlanForAQuietDayIsToldToTheDepartmentAndThePark() async throws {
        try await World.county(at: "2026-11-02 10:00") { world in
            try await world.feed(try County.enterprise())
            try await world.live(try plan("2026-11-24 09:00"))
            same(
                try await world.told(visit, rule),
                [
                    "2026-11-02 10:00 N50 D-MKT", "2026-11-02 10:00 N50 leader",
                ]
            )
            // Nothing has happened yet.
            #expect(try await world.journal(visit, rule).isEmpty)
        }
    }

    @Test(arguments: [
        ("2026-12-05 21:00", "2026-12-05 23:59:59", false), ("2026-12-06 00:00", "2026-12-06 01:00", true),
        ("2026-11-25 22:00", "2026-11-25 23:59:59", true), ("2026-11-26 00:00", "2026-11-26 02:00", false),
        // Any day of several counts.
        ("2026-12-03 09:00", "2026-12-06 09:00", true), ("2026-11-26 09:00", "2026-12-05 17:00", false),
        ("2026-11-25 09:00", "2026-11-27 09:00", true), ("2026-11-26 09:00", "2027-01-05 09:00", true),
        ("2026-12-01 09:00", "2026-12-31 09:00", true),
    ]) func bothBoundariesBelongToTheWindow(
        _ start: String,
        _ end: String,
        _ isQuiet: Bool
    ) async throws {
        try await World.county(at: "2026-11-02 10:00") { world in
            try await world.feed(try County.enterprise())
            try await world.live(try plan(start, to: end))
            #expect(try await world.told(visit, code: "N50").isEmpty != isQuiet)
        }
    }

    @Test(arguments: ["research", "enforcement", "leaderResearch", "leaderMeeting"])
    func otherPurposesAreNotClosedOut(_ purpose: String) async throws {
        try await World.county(at: "2026-11-02 10:00") { world in
            try await world.feed(try County.enterprise())
            try await world.live(
                try plan("2026-11-24 09:00", for: purpose),
                try Event.contacted("2026-11-20 09:00", "VS-1"),
                try started("2026-11-24 09:00"),
                try ended("2026-11-24 11:00")
            )
            #expect(try await world.told(visit, rule).isEmpty)
            #expect(try await world.journal(visit, rule).isEmpty)
        }
    }

    @Test(arguments: ["aboveScale", "inNormalProduction"]) func theWindowProtectsAboveScaleInNormalProduction(
        _ flag: String
    ) async throws {
        let all: Fields = ["aboveScale": true, "inNormalProduction": true]
        let lacking = Fields(dictionaryLiteral: (flag, false))
        try await World.county(at: "2026-11-02 10:00") { world in
            try await world.feed(try County.enterprise(profile: all + lacking))
            try await world.live(try plan("2026-11-24 09:00"), try started("2026-11-24 09:00"))
            #expect(try await world.told(visit, rule).isEmpty)
        }
    }

    // MARK: Entered

    @Test func whoEntersOnAQuietDayHasViolatedIt() async throws {
        try await World.county(at: "2026-11-02 10:00") { world in
            try await world.feed(try County.enterprise())
            try await world.live(try plan("2026-11-24 09:00"), try started("2026-11-24 09:05"))
            same(
                try await world.told(visit, rule, code: "N51"),
                [
                    "2026-11-24 09:05 N51 D-MKT", "2026-11-24 09:05 N51 office",
                    "2026-11-24 09:05 N51 parkHead",
                ]
            )
            same(try await world.journal(visit, rule), ["window.violated 2026-11-24 09:05"])
        }
    }

    @Test func aVisitThatLastsIntoTheWindowHasViolatedIt() async throws {
        try await World.county(at: "2026-11-30 10:00") { world in
            try await world.feed(try County.enterprise())
            try await world.live(
                try plan("2026-12-05 09:00", to: "2026-12-05 17:00", at: "2026-11-30 10:00"),
                try started("2026-12-05 09:00")
            )
            #expect(try await world.journal(visit, rule).isEmpty)
            try await world.live(try ended("2026-12-06 10:00"))
            same(try await world.journal(visit, rule), ["window.violated 2026-12-05 09:00"])
        }
    }

    @Test func whoComesOutsideTheWindowHasNot() async throws {
        try await World.county(at: "2026-11-02 10:00") { world in
            try await world.feed(try County.enterprise())
            try await world.live(
                try plan("2026-11-26 09:00"),
                try started("2026-11-26 09:00"),
                try ended("2026-11-26 11:00")
            )
            #expect(try await world.told(visit, rule).isEmpty)
        }
    }

    @Test func aCancelledPlanIsTakenBackAndComesBackWithTheCancellationVoided() async throws {
        try await World.county(at: "2026-11-02 10:00") { world in
            let cancelled = try Event.on("2026-11-03 10:00", .visitCancelled, "VS-1")
            try await world.feed(try County.enterprise())
            try await world.live(try plan("2026-11-24 09:00"), cancelled)
            same(
                try await world.told(visit, code: "N57"),
                [
                    "2026-11-03 10:00 N57 D-MKT", "2026-11-03 10:00 N57 leader",
                ]
            )
            same(try await world.matter(visit).isOpen, false)
            try await world.live(try Event.void(cancelled, at: "2026-11-03 11:00"))
            same(
                try await world.told(visit, code: "N50", since: "2026-11-03 10:00"),
                [
                    "2026-11-03 11:00 N50 D-MKT", "2026-11-03 11:00 N50 leader",
                ]
            )
        }
    }

    // MARK: Exceptions

    @Test(arguments: [
        "nationalSecurity", "publicSafety", "personProperty", "workSafety", "ecology", "emergency",
        "licensing",
    ]) func anExceptionOfTheListLetsTheVisitIn(_ code: String) async throws {
        try await World.county(at: "2026-11-02 10:00") { world in
            try await world.feed(try County.enterprise())
            try await world.live(
                try plan("2026-11-24 09:00", exception(code)),
                try started("2026-11-24 09:00")
            )
            #expect(try await world.told(visit, rule).isEmpty)
        }
    }

    @Test(arguments: ["complaintCase", "specificEnterprise"])
    func someExceptionsCountOnlyWithAReference(_ code: String) async throws {
        try await World.county(at: "2026-11-02 10:00") { world in
            try await world.feed(try County.enterprise())
            try await world.live(
                try plan("2026-11-24 09:00", exception(code, "CP-7")),
                try started("2026-11-24 09:00")
            )
            #expect(try await world.told(visit, rule).isEmpty)
        }
        try await World.county(at: "2026-11-02 10:00") { world in
            try await world.feed(try County.enterprise())
            try await world.live(
                try plan("2026-11-24 09:00", exception(code)),
                try started("2026-11-24 09:00")
            )
            same(
                try await world.told(visit, rule),
                [
                    "2026-11-02 10:00 N52 leader", "2026-11-02 10:00 N52 office",
                ]
            )
            let asked = try await world.notification(visit, code: "N52")
            #expect(asked.values["doubt"]?.string == "reference")
            #expect(try await world.journal(visit, rule).isEmpty)
        }
    }

    @Test func aReferenceThatIsAddedLaterSettlesTheDoubt() async throws {
        try await World.county(at: "2026-11-02 10:00") { world in
            let first = try plan("2026-11-24 09:00", exception("complaintCase"))
            try await world.feed(try County.enterprise())
            try await world.live(first)
            try await world.live(
                try Event.correct(first, at: "2026-11-03 10:00", ["exception.ref": "CP-7"])
            )
            same(
                try await world.told(visit, code: "N57"),
                [
                    "2026-11-03 10:00 N57 leader", "2026-11-03 10:00 N57 office",
                ]
            )
        }
    }

    @Test func anExceptionThatNobodyKnowsIsNone() async throws {
        try await World.county(at: "2026-11-02 10:00") { world in
            try await world.feed(try County.enterprise())
            try await world.live(try plan("2026-11-24 09:00", exception("becauseWeWant")))
            same(try await world.told(visit, code: "N50").count, 2)
        }
    }

    @Test func whatASuperiorOrderedIsLookedAtByAPerson() async throws {
        for (settings, planned, entered) in [
            ([:], "N52", nil), (["a19.superiorDeployed": "violation"], "N50", "N51"),
            (["a19.superiorDeployed": "exempt"], nil, nil),
        ] as [([String: String], String?, String?)] {
            try await World.county(at: "2026-11-02 10:00", settings: settings) { world in
                try await world.feed(try County.enterprise())
                try await world.live(try plan("2026-11-24 09:00", exception("superiorDeployed")))
                let codes = Set(try await world.store.notifications(of: visit).map(\.notification.code))
                #expect(codes.subtracting(["N53", "N54"]) == Set([planned].compactMap { $0 }))
                try await world.live(try started("2026-11-24 09:00"))
                same(try await world.told(visit, code: "N51").isEmpty, (entered == nil))
            }
        }
    }

    // MARK: What is not known

    @Test func unknownFlagsAreAskedAboutAndTheAnswerDecides() async throws {
        try await World.county(at: "2026-11-02 10:00") { world in
            try await world.feed(try County.enterprise(profile: [:]))
            try await world.live(try plan("2026-11-24 09:00"))
            same(
                try await world.told(visit, rule),
                [
                    "2026-11-02 10:00 N52 leader", "2026-11-02 10:00 N52 office",
                ]
            )
            let asked = try await world.notification(visit, code: "N52")
            #expect(asked.values["doubt"]?.string == "aboveScale,inNormalProduction")
            try await world.live(
                try Event.updated(
                    "2026-11-03 10:00",
                    from: "2026-01-01",
                    ["aboveScale": true, "inNormalProduction": true]
                )
            )
            same(
                try await world.told(visit, rule, since: "2026-11-03 10:00"),
                [
                    "2026-11-03 10:00 N50 D-MKT", "2026-11-03 10:00 N50 leader",
                    "2026-11-03 10:00 N57 leader", "2026-11-03 10:00 N57 office",
                ]
            )
        }
    }

    /// Gates of article 21 keep the visit in view; where there are none, or they are done, it has to stay as well.
    @Test(arguments: ["city", "county"]) func theAnswerDecidesAlsoWhereNothingElseIsOpen(
        _ level: String
    ) async throws {
        try await World.county(at: "2026-11-02 10:00") { world in
            try await world.feed(try County.enterprise(profile: [:]))
            try await world.live(
                try plan("2026-11-24 09:00", ["level": .string(level)]),
                try Event.contacted("2026-11-02 11:00", "VS-1"),
                try Event.escort("2026-11-02 12:00", "VS-1")
            )
            try await world.live(
                try Event.updated(
                    "2026-11-03 10:00",
                    from: "2026-01-01",
                    ["aboveScale": true, "inNormalProduction": true]
                )
            )
            same(
                try await world.told(visit, code: "N50"),
                [
                    "2026-11-03 10:00 N50 D-MKT", "2026-11-03 10:00 N50 leader",
                ]
            )
        }
    }

    @Test func anAnswerAfterTheVisitDecidesWhetherItWasAViolation() async throws {
        for (isAboveScale, journal) in [(true, ["window.violated 2026-11-24 09:00"]), (false, [])] {
            try await World.county(at: "2026-11-02 10:00") { world in
                try await world.feed(try County.enterprise(profile: [:]))
                try await world.live(
                    try plan("2026-11-24 09:00"),
                    try Event.contacted("2026-11-02 11:00", "VS-1"),
                    try started("2026-11-24 09:00"),
                    try ended("2026-11-24 11:00")
                )
                #expect(try await world.matter(visit).isOpen)
                try await world.live(
                    try Event.updated(
                        "2026-12-28 10:00",
                        from: "2026-01-01",
                        ["aboveScale": .bool(isAboveScale), "inNormalProduction": true]
                    )
                )
                same(try await world.journal(visit, rule), journal)
                same(try await world.told(visit, code: "N51").count, journal.count * 3)
                same(try await world.told(visit, code: "N57").count, 2)
            }
        }
    }

    /// A hint on how to plan says nothing to those who have been there; one that went out in time stays.
    @Test func whereTheFlagsBecomeKnownAfterTheEntryOnlyTheEntryIsToldOf() async throws {
        for (known, hints) in [("2026-11-24 10:00", []), ("2026-11-23 10:00", ["D-MKT", "leader"])] {
            try await World.county(at: "2026-11-02 10:00") { world in
                try await world.feed(try County.enterprise(profile: [:]))
                let flags = try Event.updated(
                    known,
                    from: "2026-01-01",
                    ["aboveScale": true, "inNormalProduction": true]
                )
                let visit = [try plan("2026-11-24 09:00"), try started("2026-11-24 09:05"), flags]
                try await world.live(visit.sorted { $0.receivedAt < $1.receivedAt })
                try await world.until("2026-11-30 00:00")
                same(
                    try await world.told(self.visit, code: "N50"),
                    hints.map { known + " N50 " + $0 }
                )
                same(try await world.told(self.visit, code: "N51").count, 3)
                // The question that was asked before is answered; the hint is not taken back.
                same(
                    Set(try await world.told(self.visit, code: "N57").map { $0.prefix(16) }),
                    [Substring(known)]
                )
                same(try await world.told(self.visit, code: "N57").count, 2)
            }
        }
    }

    @Test func unknownFlagsCanBeAViolationOrNothing() async throws {
        for (word, code) in [("violation", "N50"), ("exempt", nil)] as [(String, String?)] {
            try await World.county(at: "2026-11-02 10:00", settings: ["a19.unknownFlags": word]) { world in
                try await world.feed(try County.enterprise(profile: [:]))
                try await world.live(try plan("2026-11-24 09:00"))
                let codes = Set(try await world.store.notifications(of: visit).map(\.notification.code))
                #expect(codes == Set([code].compactMap { $0 }))
            }
        }
    }

    @Test func `E12 A visit that nobody planned is asked about, and its gates are violated after the grace`()
        async throws
    {
        try await World.county(at: "2026-11-24 09:00") { world in
            try await world.feed(try County.enterprise())
            try await world.live(try started("2026-11-24 09:00", escort: false))
            same(
                try await world.told(visit),
                [
                    "2026-11-24 09:00 N52 leader", "2026-11-24 09:00 N52 office",
                ]
            )
            let asked = try await world.notification(visit, code: "N52")
            #expect(asked.values["doubt"]?.string == "purpose")
            try await world.until("2026-11-24 10:59:59")
            #expect(try await world.told(visit, code: "N55").isEmpty)
            try await world.until("2026-11-24 11:00")
            for gate in ["A21.contact", "A21.escort"] as [RuleID] {
                same(try await world.journal(visit, gate), ["gate.violated 2026-11-24 11:00"])
                // Which department it was is not known.
                same(
                    try await world.told(visit, gate),
                    [
                        "2026-11-24 11:00 N55 office", "2026-11-24 11:00 N55 parkHead",
                    ]
                )
            }
        }
    }

    @Test func `E12 A plan that is reported after the visit decides`() async throws {
        try await World.county(at: "2026-11-24 09:00") { world in
            try await world.feed(try County.enterprise())
            try await world.live(try started("2026-11-24 09:00"))
            try await world.until("2026-11-24 12:00")
            try await world.feed(
                try plan("2026-11-24 09:00", at: "2026-11-23 10:00"),
                try Event.contacted("2026-11-23 11:00", "VS-1")
            )
            same(try await world.journal(visit, rule), ["window.violated 2026-11-24 09:00"])
            same(
                try await world.told(visit, code: "N57"),
                [
                    // The question, and the missing contact.
                    "2026-11-24 12:00 N57 leader", "2026-11-24 12:00 N57 office",
                    "2026-11-24 12:00 N57 office", "2026-11-24 12:00 N57 parkHead",
                ]
            )
        }
    }

    // MARK: E13

    @Test func `E13 A plan that moves out of the window takes the warning back, and back in warns again`()
        async throws
    {
        try await World.county(at: "2026-11-02 10:00") { world in
            try await world.feed(try County.enterprise())
            try await world.live(
                try plan("2026-11-24 09:00"),
                try plan("2026-11-26 09:00", version: 2, at: "2026-11-03 10:00")
            )
            same(
                try await world.told(visit, code: "N57"),
                [
                    "2026-11-03 10:00 N57 D-MKT", "2026-11-03 10:00 N57 leader",
                ]
            )
            try await world.live(try plan("2026-11-25 09:00", version: 3, at: "2026-11-04 10:00"))
            same(
                try await world.told(visit, code: "N50", since: "2026-11-03 00:00"),
                [
                    "2026-11-04 10:00 N50 D-MKT", "2026-11-04 10:00 N50 leader",
                ]
            )
        }
    }

    @Test func `E13 The highest version counts, whichever comes last`() async throws {
        try await World.county(at: "2026-11-04 10:00") { world in
            try await world.feed(try County.enterprise())
            try await world.feed(try plan("2026-11-26 09:00", version: 2, at: "2026-11-03 10:00"))
            try await world.feed(try plan("2026-11-24 09:00", version: 1))
            #expect(try await world.told(visit, rule).isEmpty)
        }
    }

    @Test func `E13 A moved plan moves the reminders of the gates`() async throws {
        try await World.county(at: "2026-11-02 10:00") { world in
            try await world.feed(try County.enterprise())
            try await world.live(
                try plan("2026-11-05 09:00"),
                try plan("2026-11-27 09:00", version: 2, at: "2026-11-03 10:00")
            )
            try await world.until("2026-11-27 08:00")
            same(try await world.told(visit, code: "N53"), ["2026-11-26 09:07 N53 D-MKT"])
            same(
                try await world.told(visit, code: "N54"),
                [
                    "2026-11-27 07:00 N54 leader", "2026-11-27 07:00 N54 staff",
                ]
            )
        }
    }

    @Test func `E13 Another department's plan of the next version takes the warning from the first one`()
        async throws
    {
        try await World.county(at: "2026-11-02 10:00") { world in
            let second = try Event.planned(
                "2026-11-03 10:00",
                "VS-1",
                "2026-11-24 09:00",
                by: "D-ENV",
                version: 2
            )
            try await world.feed(try County.enterprise())
            try await world.live(try plan("2026-11-24 09:00"), second)
            #expect(try await world.told(visit, code: "N57").contains("2026-11-03 10:00 N57 D-MKT"))
            #expect(try await world.told(visit, code: "N50").contains("2026-11-03 10:00 N50 D-ENV"))
        }
    }

    // MARK: E19

    @Test func `E19 A profile that changes for the past clears what is open`() async throws {
        try await World.county(at: "2026-11-02 10:00") { world in
            try await world.feed(try County.enterprise())
            try await world.live(try plan("2026-11-24 09:00"), try started("2026-11-24 09:00"))
            try await world.live(
                try Event.updated("2026-11-30 10:00", from: "2026-11-20", ["inNormalProduction": false])
            )
            same(
                try await world.journal(visit, rule),
                [
                    "window.violated 2026-11-24 09:00", "window.cleared 2026-11-30 10:00",
                ]
            )
            same(
                try await world.told(visit, rule, code: "N57"),
                [
                    "2026-11-30 10:00 N57 D-MKT", "2026-11-30 10:00 N57 D-MKT",
                    "2026-11-30 10:00 N57 leader", "2026-11-30 10:00 N57 office",
                    "2026-11-30 10:00 N57 parkHead",
                ]
            )
        }
    }

    @Test func `E19 A profile that changes from today on leaves the past as it was`() async throws {
        try await World.county(at: "2026-11-02 10:00") { world in
            try await world.feed(try County.enterprise())
            try await world.live(try plan("2026-11-24 09:00"), try started("2026-11-24 09:00"))
            try await world.live(
                try Event.updated("2026-11-30 10:00", from: "2026-11-30", ["inNormalProduction": false])
            )
            same(try await world.journal(visit, rule), ["window.violated 2026-11-24 09:00"])
            #expect(try await world.told(visit, code: "N57").isEmpty)
        }
    }

    @Test func `E19 What is closed is not opened again by a profile that changes for the past`() async throws
    {
        try await World.county(at: "2026-11-02 10:00") { world in
            try await world.feed(
                try County.enterprise(profile: ["aboveScale": false, "inNormalProduction": true])
            )
            try await world.live(
                try plan("2026-11-24 09:00"),
                try Event.contacted("2026-11-20 09:00", "VS-1"),
                try Event.escort("2026-11-20 10:00", "VS-1"),
                try started("2026-11-24 09:00"),
                try ended("2026-11-24 11:00")
            )
            try await world.live(
                try Event.updated("2027-01-15 10:00", from: "2026-01-01", ["aboveScale": true])
            )
            #expect(try await world.told(visit, since: "2026-11-24 09:00").isEmpty)
        }
    }

    @Test func `E19 A profile that changes for the past is reported of what is closed, and told to nobody`()
        async throws
    {
        try await World.county(at: "2026-11-02 10:00") { world in
            try await world.feed(
                try County.enterprise(profile: ["aboveScale": false, "inNormalProduction": true])
            )
            try await world.live(
                try plan("2026-11-24 09:00"),
                try Event.contacted("2026-11-20 09:00", "VS-1"),
                try Event.escort("2026-11-20 10:00", "VS-1"),
                try started("2026-11-24 09:00"),
                try ended("2026-11-24 11:00")
            )
            let before = try await world.matter(visit)
            #expect(!before.isOpen)
            func reports() async throws -> [Transition] {
                try await world.store.journal(after: 0, limit: 10_000).filter { $0.matter == visit }
                    .flatMap(\.entries).filter { $0.action == "matter.recalculated" }
            }
            try await world.live(
                // Neither what has nothing to do with it nor what begins afterwards changes what it came to.
                try Event.updated("2027-01-14 10:00", from: "2026-01-01", ["brand": true]),
                try Event.updated("2027-01-15 10:00", from: "2026-12-01", ["aboveScale": true])
            )
            #expect(try await reports().isEmpty)
            try await world.live(
                try Event.updated("2027-01-16 10:00", from: "2026-01-01", ["aboveScale": true])
            )
            let report = try await reports()
            #expect(report.map(\.rule) == [rule])
            #expect(report.first?.fields["was"] == "none" && report.first?.fields["wouldBe"] == "breached")
            #expect(try await world.told(visit, since: "2026-11-24 09:00").isEmpty)
            let after = try await world.matter(visit)
            #expect(after.state == before.state && !after.isOpen && after.wakeAt == nil)
        }
    }
}
