import Duty
import Engine
import Testing

/// Each of the four leaders meets enterprises once a quarter, with a theme.
@Suite struct Article24Tests {
    private let rule: RuleID = "A24.meeting"

    private func matter(_ person: String) -> MatterID { MatterID(type: .duty, number: "A24." + person) }

    private func met(_ time: String, _ person: String, theme: Value? = "用工保障") throws -> Fact {
        let more: Fields = theme.map { ["theme": $0] } ?? [:]
        return try Event.performed(time, "A24", by: person, more)
    }

    @Test func eachIsRemindedAndTheOfficeHearsOfWhatWasMissed() async throws {
        try await World.county(at: "2026-10-01 00:00") { world in
            try await world.establishDuties()
            try await world.live(try met("2026-11-12 15:00", "four-2"))
            try await world.until("2027-01-01 09:07")
            same(
                try await world.told(matter("four-1")),
                [
                    "2026-10-01 09:07 N82 four-1", "2026-11-16 09:07 N82 four-1",
                    "2026-12-17 09:07 N82 four-1", "2026-12-24 09:07 N82 four-1",
                    "2027-01-01 09:07 N82 four-1", "2027-01-01 09:07 N82 four-1",
                    "2027-01-01 09:07 N82 office",
                ]
            )
            same(
                try await world.journal(matter("four-1"), rule, cycle: 20264),
                [
                    "duty.due 2026-10-01 00:00", "duty.warned 2026-11-16 09:07",
                    "duty.warned 2026-12-17 09:07", "duty.warned 2026-12-24 09:07",
                    "duty.missed 2027-01-01 00:00",
                ]
            )
            same(
                try await world.told(matter("four-2")),
                [
                    "2026-10-01 09:07 N82 four-2", "2027-01-01 09:07 N82 four-2",
                ]
            )
            same(
                try await world.journal(matter("four-2"), rule, cycle: 20264),
                ["duty.due 2026-10-01 00:00", "duty.met 2026-11-12 15:00"]
            )
            // The next quarter has begun for both.
            for person in ["four-1", "four-2"] {
                same(
                    try await world.journal(matter(person), rule, cycle: 20271),
                    ["duty.due 2027-01-01 00:00"]
                )
            }
        }
    }

    @Test(arguments: [nil, .null] as [Value?]) func aMeetingWithoutAThemeDoesNotCount(
        _ theme: Value?
    ) async throws {
        try await World.county(at: "2026-10-01 00:00") { world in
            try await world.establishDuties()
            let meeting = try met("2026-11-12 15:00", "four-1", theme: theme)
            try await world.live(meeting)
            same(try await world.record(matter("four-1"), rule, cycle: 20264).phase, .open)
            try await world.live(
                try Event.correct(meeting, at: "2026-11-20 10:00", ["theme": "融资"])
            )
            same(
                try await world.record(matter("four-1"), rule, cycle: 20264).metAt,
                local("2026-11-12 15:00")
            )
        }
    }

    @Test func blanksAreNoTheme() async throws {
        try await World.county(at: "2026-10-01 00:00") { world in
            try await world.establishDuties()
            try await world.live(try met("2026-11-12 15:00", "four-1", theme: "  "))
            same(try await world.record(matter("four-1"), rule, cycle: 20264).phase, .open)
        }
    }

    @Test func aVoidedMeetingIsOwedAgain() async throws {
        try await World.county(at: "2026-10-01 00:00") { world in
            try await world.establishDuties()
            let meeting = try met("2026-11-12 15:00", "four-1")
            try await world.live(meeting, try Event.void(meeting, at: "2026-12-18 10:00"))
            same(try await world.record(matter("four-1"), rule, cycle: 20264).phase, .open)
            // The step of 15 days before the end is the one that counts now.
            same(
                try await world.told(matter("four-1"), since: "2026-10-02 00:00"),
                [
                    "2026-12-18 10:00 N82 four-1"
                ]
            )
        }
    }

    @Test func aMeetingThatIsCorrectedToSomebodyElseIsNotTheFirstOnesAnyMore() async throws {
        try await World.county(at: "2026-10-01 00:00") { world in
            try await world.establishDuties()
            let meeting = try met("2026-11-12 15:00", "four-1")
            try await world.live(
                meeting,
                try Event.correct(meeting, at: "2026-11-13 10:00", ["personRef": "four-2"])
            )
            same(try await world.record(matter("four-1"), rule, cycle: 20264).phase, .open)
            same(try await world.record(matter("four-2"), rule, cycle: 20264).phase, .met)
        }
    }

    @Test func oneMeetingOfAllCanBeEnough() async throws {
        try await World.county(at: "2026-10-01 00:00", settings: ["a24.per": "body"]) { world in
            try await world.establishDuties()
            same(try await world.store.matterIDs(of: .duty).filter { $0.text.contains("A24") }, ["duty/A24"])
            try await world.until("2026-10-01 09:07")
            same(try await world.told("duty/A24").count, 4)
            try await world.until("2026-11-11 00:00")
            try await world.live(try met("2026-11-12 15:00", "four-3"))
            same(try await world.record("duty/A24", "A24.meeting.body", cycle: 20264).phase, .met)
        }
    }

    @Test func `Article 24 The four together are reminded as often as each of them`() async throws {
        try await World.county(at: "2026-10-01 00:00", settings: ["a24.per": "body"]) { world in
            try await world.establishDuties()
            try await world.until("2027-01-01 09:07")
            // Nobody is woken up because a quarter ends.
            let reminders = [
                "2026-10-01 09:07", "2026-11-16 09:07", "2026-12-17 09:07", "2026-12-24 09:07",
                "2027-01-01 09:07",
            ]
            let four = ["four-1", "four-2", "four-3", "four-4"]
            let told = reminders.flatMap { time in four.map { "\(time) N82 \($0)" } }
            same(
                try await world.told("duty/A24", "A24.meeting.body", since: "2026-10-01 00:00").filter {
                    !$0.hasSuffix("office")
                },
                // The first day of the next quarter says both that one was missed and that another began.
                (told + four.map { "2027-01-01 09:07 N82 \($0)" }).sorted()
            )
            same(
                try await world.told("duty/A24", code: "N82").filter { $0.hasSuffix("office") },
                ["2027-01-01 09:07 N82 office"]
            )
        }
    }

    // MARK: The directory

    @Test func whoComesIntoTheDirectoryOwesTheRestOfTheQuarterAndWhoLeavesNothing() async throws {
        try await World.county(at: "2026-10-01 00:00") { world in
            try await world.establishDuties()
            try await world.until("2026-11-20 10:00")
            let others: [PersonRef] = ["four-2", "four-3", "four-4", "four-5"]
            await world.engine.replace(book: try County.book(holders: ["county.four": others]))
            try await world.engine.wake()
            same(try await world.journal(matter("four-5"), rule), ["duty.due 2026-11-20 10:00"])
            same(try await world.told(matter("four-5")), ["2026-11-20 10:00 N82 four-5"])
            same(try await world.journal(matter("four-1"), rule).last, "duty.cancelled 2026-11-20 10:00")
            same(try await world.told(matter("four-1")).last, "2026-11-20 10:00 N75 four-1")
            try await world.until("2027-02-01 00:00")
            #expect(try await world.told(matter("four-1"), since: "2026-11-20 10:01").isEmpty)
            same(try await world.record(matter("four-5"), rule, cycle: 20264).phase, .breached)
            same(try await world.matter(matter("four-1")).state.records.map(\.key.cycle), [20264])
        }
    }

    @Test func whoComesBackOwesAgain() async throws {
        try await World.county(at: "2026-10-01 00:00") { world in
            try await world.establishDuties()
            for (time, holders) in [
                ("2026-10-10 09:00", ["four-2"] as [PersonRef]), ("2026-10-20 09:00", ["four-1", "four-2"]),
            ] {
                try await world.until(time)
                await world.engine.replace(book: try County.book(holders: ["county.four": holders]))
                try await world.engine.wake()
            }
            same(try await world.record(matter("four-1"), rule, cycle: 20264).phase, .open)
            same(
                try await world.told(matter("four-1")).suffix(2),
                [
                    "2026-10-10 09:00 N75 four-1", "2026-10-20 09:00 N82 four-1",
                ]
            )
        }
    }

    @Test func aReloadThatChangesNobodyChangesNothing() async throws {
        try await World.county(at: "2026-10-01 00:00") { world in
            try await world.establishDuties()
            let before = try await world.story()
            world.clock.advance(to: local("2026-10-01 09:00"))
            await world.engine.replace(book: try County.book())
            try await world.engine.wake()
            same(try await world.story(), before)
        }
    }

    @Test func quartersThatWereOverBeforeTheDaemonCameAreNobodysOmission() async throws {
        try await World.county(at: "2026-11-23 14:05") { world in
            try await world.establishDuties()
            same(try await world.matter(matter("four-1")).state.records.map(\.key.cycle), [20264])
            same(try await world.told(matter("four-1")), ["2026-11-23 14:05 N82 four-1"])
        }
    }
}
