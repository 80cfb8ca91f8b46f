import Duty
import Engine
import Storage
import Testing

/// Who is linked to an enterprise, and whether it is in the park, comes on ways of its own: what it decides about may
/// be there before it.
@Suite struct LateProfileTests {
    private let acted = "2026-11-24 10:00"
    private let matter: MatterID = "case/CS-1"

    private func link(received: String) throws -> Fact {
        try Event.role("linked", "county.linked", "2026-11-20 09:00", received: received)
    }

    private func opened() throws -> Fact {
        try Event.on(acted, .caseOpened, "CS-1", ["deptId": "D-MKT"])
    }

    private func filed(_ more: Fields = [:]) throws -> Fact {
        try Event.on(acted, .complaintFiled, "CP-1", ["kind": "appeal"] + more)
    }

    /// Outside the park since the year began.
    private func outside() throws -> [Fact] { try County.enterprise(profile: ["inPark": false]) }

    private func intoPark(received: String) throws -> Fact {
        try Event.updated("2026-11-20 10:00", from: "2026-11-20", received: received, ["inPark": true])
    }

    @Test(arguments: [
        ("2026-11-24 09:00", true), ("2026-11-24 10:00:05", true), ("2026-11-25 09:59:59", true),
        ("2026-11-25 10:00", false),
    ])
    func aCaseIsReportedToTheLeaderWhoseLinkCameAfterIt(_ received: String, _ isInTime: Bool) async throws {
        try await World.county(at: "2026-11-24 08:00") { world in
            try await world.feed(try County.enterprise())
            let facts = [try opened(), try link(received: received)].sorted { $0.receivedAt < $1.receivedAt }
            try await world.live(facts)
            try await world.until("2026-11-26 10:00")
            let breach = isInTime ? ["gate.violated 2026-11-24 12:00"] : []
            same(try await world.journal(matter, "A25.case"), breach)
            same(try await world.told(matter).contains { $0.hasSuffix("N60 linked") }, isInTime)
        }
    }

    @Test func theHalfHourRunsFromTheFilingWhenTheParkIsKnownSecondsLater() async throws {
        try await World.county(at: acted) { world in
            try await world.feed(try outside())
            try await world.live(try filed(), try intoPark(received: "2026-11-24 10:00:10"))
            let record = try await world.record("complaint/CP-1", "A22.response")
            same(record.openedAt, local(acted))
            same(record.dueAt, local("2026-11-24 10:30"))
            same(try await world.told("complaint/CP-1", code: "N10").last, "2026-11-24 10:00:10 N10 staff")
        }
    }

    /// The mark stands on the matter's row, so that another process knows it too.
    @Test func itIsRememberedAcrossARestart() async throws {
        try await World.county(at: acted) { world in
            try await world.feed(try outside())
            try await world.live(try filed())
            let other = world.anotherEngine()
            world.clock.advance(to: local("2026-11-24 10:05"))
            try await world.feed([try intoPark(received: "2026-11-24 10:05")], to: other)
            #expect(try await world.record("complaint/CP-1", "A22.response").phase == .open)
        }
    }

    @Test func nobodyIsWokenForIt() async throws {
        try await World.county(at: acted) { world in
            try await world.feed(try outside())
            try await world.live(try filed())
            let matter = try await world.matter("complaint/CP-1")
            #expect(matter.wakeAt == nil && !matter.isOpen)
            same(matter.undecidedUntil, local("2026-11-25 10:00"))
        }
    }

    /// Facts of the matter that come afterwards leave more time; what was once owed leaves none.
    @Test func whatWasOwedAndIsDoneStaysClosed() async throws {
        try await World.county(at: acted) { world in
            try await world.feed(try County.enterprise())
            try await world.live(
                try filed(),
                try Event.on("2026-11-24 10:10", .complaintResolved, "CP-1", ["outcome": "done"])
            )
            let before = try await world.matter("complaint/CP-1")
            #expect(!before.isOpen && before.undecidedUntil == nil)
            try await world.live(
                try Event.updated("2026-11-24 10:20", from: "2026-01-01", ["inPark": false])
            )
            let after = try await world.matter("complaint/CP-1")
            #expect(after.version == before.version + 0 && after.state == before.state)
            #expect(try await world.told("complaint/CP-1", code: "N25").isEmpty)
        }
    }

    /// Either it is followed, or the journal says what it would have come to; never both.
    @Test func whatIsFollowedIsNotReportedAsClosed() async throws {
        func reports(_ world: World) async throws -> Int {
            try await world.actions("complaint/CP-1").filter { $0 == "matter.recalculated" }.count
        }
        for (received, count) in [("2026-11-24 10:01", 0), ("2026-11-26 10:00", 2)] {
            try await World.county(at: acted) { world in
                try await world.feed(try outside())
                try await world.live(try filed(), try intoPark(received: received))
                same(try await reports(world), count)
                #expect(try await world.told("complaint/CP-1").isEmpty == (count > 0))
            }
        }
    }

    /// What was treated as in the park because nobody knew the enterprise is settled only after its registration.
    @Test func anEnterpriseThatWasUnknownIsWaitedForFromItsRegistrationOn() async throws {
        try await World.county(at: acted) { world in
            try await world.live(try filed())
            try await world.until("2026-11-27 10:00")
            let registered = try Event.on(
                "2026-01-05 10:00",
                .enterpriseRegistered,
                Event.enterprise,
                received: "2026-11-27 10:00",
                ["inPark": false]
            )
            try await world.live(registered)
            #expect(try await world.matter("complaint/CP-1").state.records.allSatisfy(\.isWithdrawn))
            try await world.live(try intoPark(received: "2026-11-27 10:00:10"))
            #expect(try await world.record("complaint/CP-1", "A22.response").phase == .breached)
        }
    }

    @Test func aCorrectionOfTheProfileCountsAsWell() async throws {
        try await World.county(at: acted) { world in
            let known = try outside()
            try await world.feed(known)
            try await world.live(try filed())
            let registration = try #require(known.first { $0.kind == .enterpriseRegistered })
            try await world.live(
                try Event.correct(registration, at: "2026-11-24 10:10", ["inPark": true])
            )
            #expect(try await world.record("complaint/CP-1", "A22.response").phase == .open)
        }
    }

    // MARK: In any order

    @Test func casesWhoseLinkComesInAnyOrder() async throws {
        try await Chorus(
            start: "2026-11-24 08:00",
            end: "2026-12-02 00:00",
            step: .hours(1),
            before: { try County.enterprise("E-1" + $0) },
            longestDelay: .hours(20),
            story: { copy in
                let enterprise = "E-1" + copy
                func on(_ time: String, _ kind: EventKind, _ more: Fields) throws -> Fact {
                    try Event.on(time, kind, "CS" + copy, of: enterprise, ["deptId": "D-MKT"] + more)
                }
                func report(_ time: String, _ person: String) throws -> Fact {
                    try Event.on(
                        time,
                        .reportMade,
                        "CS" + copy,
                        of: enterprise,
                        [
                            "reportId": .string("RP-" + person), "subjectType": "case",
                            "subjectId": .string("CS" + copy), "toRole": "county.linked",
                            "toPersonRef": .string(person), "byDept": "D-MKT",
                        ]
                    )
                }
                let link = try Event.role(
                    "linked" + copy,
                    "county.linked",
                    "2026-11-20 09:00",
                    received: "2026-11-24 10:00",
                    of: enterprise
                )
                let early = try report("2026-11-24 09:00", "linked" + copy)
                return [
                    try on("2026-11-24 10:00", .caseOpened, [:]), link,
                    try report("2026-11-24 11:00", "linked" + copy), early,
                    try Event.void(early, at: "2026-11-24 12:00"),
                ]
            },
            matters: { ["case/CS" + $0].map { MatterID($0) } }
        ).sing()
    }

    @Test func complaintsWhoseEnterpriseIsKnownInAnyOrder() async throws {
        try await Chorus(
            start: "2026-11-24 08:00",
            end: "2026-12-02 00:00",
            step: .hours(1),
            longestDelay: .hours(20),
            story: { copy in
                let enterprise = "E-1" + copy
                func on(_ time: String, _ kind: EventKind, _ more: Fields) throws -> Fact {
                    try Event.on(time, kind, "CP" + copy, of: enterprise, more)
                }
                let registered = try Event.on(
                    "2026-01-05 10:00",
                    .enterpriseRegistered,
                    enterprise,
                    received: "2026-11-24 09:00",
                    of: enterprise,
                    ["inPark": false]
                )
                return [
                    registered,
                    try Event.updated(
                        "2026-11-20 10:00",
                        from: "2026-11-20",
                        received: "2026-11-24 09:00",
                        of: enterprise,
                        ["inPark": true]
                    ),
                    try Event.role(
                        "staff",
                        "park.staff",
                        "2026-11-20 10:00",
                        received: "2026-11-24 09:00",
                        of: enterprise
                    ),
                    try on("2026-11-24 10:00", .complaintFiled, ["kind": "appeal"]),
                    try on(
                        "2026-11-24 11:00",
                        .complaintResponded,
                        ["auto": false, "by": ["personRef": "staff", "role": "park.staff"]]
                    ),
                ]
            },
            matters: { ["complaint/CP" + $0].map { MatterID($0) } }
        ).sing()
    }
}
