import Duty
import Testing

/// Gentle enforcement: cases and penalties marked as a first minor offence are shown to department, justice bureau and office.
@Suite struct Article20Tests {
    private func opened(minor: Bool, first: Bool) throws -> Fact {
        try Event.on(
            "2026-11-23 16:00",
            .caseOpened,
            "CS-1",
            ["deptId": "D-MKT", "minor": .bool(minor), "first": .bool(first)]
        )
    }

    private func decided(_ flag: Bool) throws -> Fact {
        try Event.on(
            "2026-11-25 10:00",
            .penaltyDecided,
            "PN-1",
            ["caseId": "CS-1", "deptId": "D-MKT", "kind": "fine", "firstMinorNoHarm": .bool(flag)]
        )
    }

    @Test func `Article 20 A first minor case is shown to the department and the justice bureau`()
        async throws
    {
        for (minor, first) in [(true, true), (true, false), (false, true)] {
            try await World.county(at: "2026-11-23 16:00") { world in
                try await world.feed(try County.enterprise())
                try await world.live(try opened(minor: minor, first: first))
                let told = ["D-MKT", "justice", "office"].map { "2026-11-23 16:00 N63 " + $0 }
                same(try await world.told("case/CS-1"), (minor && first ? told : []))
            }
        }
    }

    @Test func `Article 20 So is a penalty for it`() async throws {
        for flag in [true, false] {
            try await World.county(at: "2026-11-25 10:00") { world in
                try await world.feed(try County.enterprise())
                try await world.live(try decided(flag))
                let told = ["D-MKT", "justice", "office"].map { "2026-11-25 10:00 N63 " + $0 }
                same(try await world.told("penalty/PN-1"), (flag ? told : []))
            }
        }
    }

    @Test func whatWasMarkedByMistakeIsTakenBack() async throws {
        try await World.county(at: "2026-11-23 16:00") { world in
            try await world.feed(try County.enterprise())
            let case1 = try opened(minor: true, first: true)
            try await world.live(case1, try Event.correct(case1, at: "2026-11-23 17:00", ["minor": false]))
            same(
                try await world.told("case/CS-1", code: "N75"),
                ["D-MKT", "justice", "office"].map { "2026-11-23 17:00 N75 " + $0 }
            )
        }
    }

    @Test func itIsAdviceAndNobodyIsBlamed() async throws {
        try await World.county(at: "2026-11-23 16:00") { world in
            try await world.feed(try County.enterprise())
            try await world.live(try opened(minor: true, first: true), try decided(true))
            #expect(try await world.journal("case/CS-1", "A20.firstOffence").isEmpty)
            #expect(try await world.journal("penalty/PN-1", "A20.penalty").isEmpty)
        }
    }
}
