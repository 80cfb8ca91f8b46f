import Duty
import Engine
import Storage
import Testing

/// An enterprise in the park has somebody to serve it on the same day; an assignment counts while it holds.
@Suite struct Article22AssignmentTests {
    private let enterprise = MatterID(type: .enterprise, number: Event.enterprise)
    private let rule: RuleID = "A22.assignment"
    private let day = "2026-11-16"

    private func registered(inPark: Bool = true, at time: String = "2026-11-16 08:00") throws -> Fact {
        try Event.on(time, .enterpriseRegistered, Event.enterprise, ["inPark": .bool(inPark)])
    }

    /// An assignment of the service officer, reported at `time`.
    private func assigned(
        _ time: String,
        from: String,
        to end: String? = nil,
        id: String = "RA-1",
        _ more: Fields = [:]
    ) throws -> Fact {
        let last: Fields = end.map { ["to": .string($0)] } ?? [:]
        return try Event.on(
            time,
            .rosterAssigned,
            "",
            id: "assigned \(id) \(time)",
            [
                "assignmentId": .string(id), "personRef": "staff", "role": "park.staff",
                "from": .string(from), "scope": ["enterpriseId": .string(Event.enterprise)],
            ] + last + more
        )
    }

    private func leader() throws -> Fact { try Event.role("leader", "park.leader", "2026-01-05 10:00") }

    private func told(_ world: World) async throws -> [String] {
        try await world.told(enterprise, rule, code: "N01").filter { !$0.hasSuffix("@group") }
    }

    private let alarm = [
        "2026-11-16 08:00 N01 leader", "2026-11-17 00:00 N01 office", "2026-11-17 00:00 N01 parkHead",
    ]

    @Test func anAssignmentThatIsOverServesNobody() async throws {
        let over = try assigned("2026-01-01 09:00", from: "2025-01-01", to: "2025-12-31")
        let open = try assigned("2025-01-01 09:00", from: "2025-01-01")
        let ended = try Event.on(
            "2025-12-01 09:00",
            .rosterEnded,
            "",
            [
                "assignmentId": "RA-1", "personRef": "staff", "role": "park.staff", "from": "2025-01-01",
                "to": "2025-12-01", "scope": ["enterpriseId": .string(Event.enterprise)],
            ]
        )
        // On its last day it still holds.
        let last = try assigned("2026-11-01 09:00", from: "2026-11-01", to: day)
        for (facts, isServed) in [([over], false), ([open, ended], false), ([last], true), ([open], true)] {
            try await World.county(at: "2026-11-16 08:00") { world in
                try await world.feed(try leader())
                try await world.feed(facts)
                try await world.live(try registered())
                try await world.until("2026-11-18 10:00")
                same(try await told(world), isServed ? [] : alarm)
                let record = try await world.record(enterprise, rule)
                same(record.phase, isServed ? .met : .breached)
                same(record.metAt, isServed ? local("2026-11-16 08:00") : nil)
            }
        }
    }

    @Test func anAssignmentThatIsToBeginCountsFromThatDayOn() async throws {
        try await World.county(at: "2026-11-16 08:00") { world in
            try await world.live(
                try leader(),
                try registered(),
                try assigned("2026-11-16 09:00", from: "2026-12-01")
            )
            same(
                try await world.matter(enterprise).state.record(ObligationKey(rule: rule, cycle: 1))?.phase,
                .open
            )
            try await world.until("2026-11-30 23:59")
            same(try await told(world), alarm)
            same(try await world.record(enterprise, rule).phase, .breached)
            try await world.until("2026-12-01 00:00")
            let record = try await world.record(enterprise, rule)
            same(record.phase, .metLate)
            same(record.metAt, local("2026-12-01 00:00"))
        }
    }

    /// The first day in which somebody serves, whichever assignment was reported first.
    @Test func theFirstThatHoldsCounts() async throws {
        try await World.county(at: "2026-11-16 08:00") { world in
            try await world.live(
                try leader(),
                try registered(),
                try assigned("2026-11-16 09:00", from: "2026-12-01"),
                try assigned("2026-11-16 10:00", from: "2026-11-16", id: "RA-2")
            )
            try await world.until("2026-12-02 00:00")
            let record = try await world.record(enterprise, rule)
            same(record.phase, .met)
            same(record.metAt, local("2026-11-16 08:00"))
            same(try await told(world), ["2026-11-16 08:00 N01 leader"])
        }
    }

    @Test func whoComesIntoTheParkOnALaterDayHasUntilThen() async throws {
        try await World.county(at: "2026-11-16 08:00") { world in
            try await world.live(
                try leader(),
                try registered(inPark: false),
                try Event.updated("2026-11-18 10:00", from: "2026-11-20", ["inPark": true])
            )
            #expect(try await world.matter(enterprise).state.records.allSatisfy { $0.key.rule != rule })
            same(try await world.matter(enterprise).wakeAt, local("2026-11-20 00:00"))
            try await world.until("2026-11-19 23:59")
            #expect(try await told(world).isEmpty)
            try await world.until("2026-11-20 00:00")
            same(try await told(world), ["2026-11-20 00:00 N01 leader"])
            let record = try await world.record(enterprise, rule)
            same(record.openedAt, local("2026-11-20 00:00"))
            same(record.dueAt, local("2026-11-21 00:00"))
            try await world.until("2026-11-22 00:00")
            same(try await world.record(enterprise, rule).phase, .breached)
        }
    }

    @Test func whatDoesNotComeAboutIsNotWaitedFor() async throws {
        let update = try Event.updated("2026-11-18 10:00", from: "2026-11-20", ["inPark": true])
        try await World.county(at: "2026-11-16 08:00") { world in
            try await world.live(
                try leader(),
                try registered(inPark: false),
                update,
                try Event.void(update, at: "2026-11-19 10:00")
            )
            #expect(try await world.matter(enterprise).wakeAt == nil)
            try await world.until("2026-11-25 00:00")
            #expect(try await told(world).isEmpty)
        }
    }

    /// Later the same holds of a history that is read at once.
    @Test func aHistoryThatIsReadLaterComesToTheSame() async throws {
        try await World.county(at: "2027-01-10 08:00") { world in
            try await world.feed(
                try leader(),
                try registered(inPark: false),
                try Event.updated("2026-11-18 10:00", from: "2026-11-20", ["inPark": true]),
                try assigned("2026-11-18 11:00", from: "2026-11-20")
            )
            let record = try await world.record(enterprise, rule)
            same(record.phase, .met)
            same(record.openedAt, local("2026-11-20 00:00"))
            same(record.metAt, local("2026-11-20 00:00"))
        }
    }

    // MARK: Ends

    @Test func anAppealAfterTheEndStartsNothing() async throws {
        try await World.county(at: "2026-11-24 08:00") { world in
            try await world.feed(try County.enterprise())
            try await world.live(
                try Event.on(
                    "2026-11-24 09:00",
                    .enterpriseDeregistered,
                    Event.enterprise,
                    ["reason": "cancelled"]
                ),
                try Event.on("2026-11-24 10:00", .complaintFiled, "CP-1", ["kind": "appeal"])
            )
            try await world.until("2026-11-26 10:00")
            #expect(try await world.told("complaint/CP-1").isEmpty)
            #expect(try await world.matter("complaint/CP-1").state.records.isEmpty)
        }
    }

    /// Told when it is learned that the enterprise had ended before.
    @Test func aClockThatShouldNotHaveBegunIsTakenBack() async throws {
        try await World.county(at: "2026-11-24 08:00") { world in
            try await world.feed(try County.enterprise())
            try await world.live(
                try Event.on("2026-11-24 10:00", .complaintFiled, "CP-1", ["kind": "appeal"]),
                try Event.on(
                    "2026-11-24 09:00",
                    .enterpriseDeregistered,
                    Event.enterprise,
                    received: "2026-11-24 10:05",
                    ["reason": "moved"]
                )
            )
            #expect(
                try await world.told("complaint/CP-1", code: "N25").contains("2026-11-24 10:05 N25 staff")
            )
            #expect(try await world.matter("complaint/CP-1").state.records.allSatisfy(\.isWithdrawn))
        }
    }
}
