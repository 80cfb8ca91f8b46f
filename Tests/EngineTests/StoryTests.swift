import Duty
import Engine
import Storage
import Testing

/// The shipped policy through the real engine and a real file.
@Suite struct StoryTests {
    private let monday = World.monday

    @Test func theLeaderHearsOfAnAnswerThatDidNotComeInTime() async throws {
        try await World.with { world in
            try await world.feed(try Event.roster())
            try await world.feed(try Event.filed())
            #expect(try await world.heard("complaint/1") == ["N10 @group", "N10 P-1032"])
            try await world.advance(to: monday + .minutes(30) - .seconds(1))
            #expect(try await world.heard("complaint/1", "N13").isEmpty)
            try await world.advance(to: monday + .minutes(30))
            #expect(
                try await world.heard("complaint/1", "N13") == ["N13 @group", "N13 P-1032", "N13 P-2001"]
            )
            let told = try await world.store.notifications(of: "complaint/1")
            #expect(told.filter { $0.notification.code == "N13" }.allSatisfy { $0.notification.urgency == 0 })
            let record = try #require(try await world.matter("complaint/1").state.records.first)
            #expect(record.phase == .breached && record.dueAt == monday + .minutes(30))
            #expect(world.watcher.outboxCalls > 0 && world.watcher.letterCalls == 0)
            #expect(try await world.store.verify { _, _ in }.isSound)
        }
    }

    @Test func anAnswerInTimeEndsTheClock() async throws {
        try await World.with { world in
            try await world.feed(try Event.roster() + [try Event.filed()])
            try await world.advance(by: .minutes(10))
            try await world.feed(try Event.responded(at: monday + .minutes(9)))
            try await world.advance(by: .hours(2))
            #expect(try await world.heard("complaint/1", "N13").isEmpty)
            #expect(try await world.actions("complaint/1").filter { $0 == "deadline.met" }.count == 1)
        }
    }

    @Test func theSimulatorDoesWhatTheDaemonDoes() async throws {
        var stories: [[String]] = []
        for _ in 0..<2 {
            try await World.with { world in
                if stories.isEmpty {
                    let simulator = Simulator(
                        store: world.store,
                        book: world.book,
                        start: monday,
                        observer: world.watcher
                    )
                    try await simulator.feed(try Event.roster() + [try Event.filed()])
                    try await simulator.advance(to: monday + .hours(30))
                } else {
                    try await world.feed(try Event.roster() + [try Event.filed()])
                    try await world.advance(to: monday + .hours(30))
                }
                stories.append(try await world.story())
            }
        }
        #expect(stories[0] == stories[1] && stories[0].count > 10)
    }

    @Test func mattersWakeInTheOrderOfTheirMoments() async throws {
        try await World.with { world in
            try await world.feed(try Event.roster())
            for (number, minutes): (String, Int64) in [("c", 3), ("a", 1), ("b", 2)] {
                try await world.feed(try Event.filed(number, at: monday - .minutes(minutes)))
            }
            world.clock.advance(to: monday + .minutes(31))
            let start = try await world.store.statistics(now: monday).journalRecords
            for _ in 0..<3 { try await world.engine.wake(limit: 1) }
            let woken = try await world.store.journal(after: start, limit: 100).filter {
                $0.entries.contains { $0.action == "deadline.breached" }
            }
            #expect(woken.compactMap(\.matter) == ["complaint/c", "complaint/b", "complaint/a"])
        }
    }

    @Test func anEarlierWakeUpRaisesTheSignal() async throws {
        try await World.with { world in
            // Nothing but the duties of the year lies ahead.
            let before = try #require(try await world.engine.wake())
            #expect(before > monday + .days(1))
            try await world.feed(try Event.filed())
            await world.engine.wakeSignal.wait()
            let next = try #require(try await world.engine.wake())
            #expect(next > monday && next < monday + .minutes(30))
        }
    }

    @Test func aThousandComplaintsInOneBatchAreEachLookedAfter() async throws {
        try await World.with(cacheSize: 100) { world in
            try await world.feed(try Event.roster())
            let numbers = (0..<1_000).map { "N\($0)" }
            try await world.feed(try numbers.map { try Event.filed($0) }, offset: 1_000)
            #expect(world.count("accepted") == 1_003)
            try await world.advance(to: monday + .minutes(30))
            let breaches = try await world.store.journal(after: 0, limit: 10_000).filter { record in
                record.entries.contains { $0.action == "deadline.breached" && $0.rule == "A22.response" }
            }
            #expect(Set(breaches.map(\.matter)).count == 1_000 && breaches.count == 1_000)
            #expect(try await world.heard("complaint/N999", "N13").count == 3)
            #expect(try await world.store.verify { _, _ in }.isSound)
        }
    }

    // MARK: The enterprise

    @Test func `E24 A new owner hears of what is open, and the old one no more`() async throws {
        try await World.with { world in
            try await world.feed(try Event.roster() + [try Event.filed()])
            try await world.advance(by: .minutes(5))
            try await world.feed(
                try Event.ended("RA-1", at: monday + .minutes(5)),
                try Event.assigned("RA-9", "P-1041", "park.staff", at: monday + .minutes(5))
            )
            #expect(try await world.heard("complaint/1", "N10").contains("N10 P-1041"))
            try await world.advance(to: monday + .minutes(15))
            #expect(try await world.heard("complaint/1", "N11") == ["N11 P-1041"])
        }
    }

    @Test func `E24 Who held it when the time was over is on record, whoever comes after`() async throws {
        try await World.with { world in
            func owners() async throws -> Value? {
                try await world.store.journal(after: 0, limit: 1_000).filter { $0.matter == "complaint/1" }
                    .flatMap(\.entries)
                    .first { $0.action == "deadline.breached" && $0.rule == "A22.response" }?.fields["owners"]
            }
            try await world.feed(try Event.roster() + [try Event.filed()])
            // Time is over at :35; the daemon comes back at :40, when another has taken over.
            world.clock.advance(to: monday + .minutes(35))
            try await world.feed(
                try Event.ended("RA-1", at: monday + .minutes(32)),
                try Event.assigned("RA-9", "P-1041", "park.staff", at: monday + .minutes(32))
            )
            #expect(try await owners() == ["P-1032"])
            #expect(try await world.heard("complaint/1", "N13").contains("N13 P-1041"))
            #expect(try await !world.heard("complaint/1", "N13").contains("N13 P-1032"))
        }
    }

    @Test func `E20 What is open goes out under the other enterprise's key, with both ids`() async throws {
        try await World.with { world in
            func moves() async throws -> [(key: EnterpriseID?, fields: Value)] {
                try await world.store.journal(after: 0, limit: 1_000).flatMap { record in
                    record.entries.filter { $0.action == "matter.moved" }.map {
                        (record.enterprise, $0.fields)
                    }
                }
            }
            try await world.feed(try Event.roster() + [try Event.filed()])
            try await world.advance(by: .minutes(5))
            try await world.feed(try Event.merged(into: "E-000999", at: monday + .minutes(5)))
            let move = try #require(try await moves().last)
            #expect(try await moves().count == 1)
            #expect(move.key == "E-000999" && move.fields["formerEnterpriseId"] == "E-000451")
            let open = move.fields["obligations"]?.array ?? []
            #expect(open.map { $0["ruleId"] } == ["A22.response", "A22.solution"])
            #expect(open.map { $0["state"] } == ["open", "open"])
            #expect(open.first?["dueAt"]?.string == (monday + .minutes(30)).rfc3339)
            // What is filed under the old id afterwards belongs to the other one from its beginning.
            try await world.advance(by: .minutes(2))
            try await world.feed(try Event.filed("2", at: monday + .minutes(6)))
            #expect(try await world.matter("complaint/2").enterprise == "E-000999")
            #expect(try await moves().count == 1)
            try await world.feed(
                try Event.void(try Event.merged(into: "E-000999", at: monday), at: "2026-11-23 14:12")
            )
            let back = try await moves().filter { $0.key == "E-000451" }
            #expect(back.count == 2 && back.allSatisfy { $0.fields["formerEnterpriseId"] == "E-000999" })
        }
    }

    @Test func `E20 A merged enterprise is served by the people of the other one`() async throws {
        try await World.with { world in
            try await world.feed(try Event.roster() + [try Event.filed()])
            try await world.feed(try Event.assigned("RA-5", "P-1050", "park.staff", enterprise: "E-000999"))
            try await world.advance(by: .minutes(5))
            try await world.feed(try Event.merged(into: "E-000999", at: monday + .minutes(5)))
            #expect(
                try await world.store.openMatters(of: "E-000999", at: world.clock.now()).contains(
                    "complaint/1"
                )
            )
            try await world.advance(to: monday + .minutes(15))
            #expect(try await world.heard("complaint/1", "N11") == ["N11 P-1050"])
            try await world.feed(
                try Event.ended("RA-5", at: world.clock.now(), enterprise: "E-000999"),
                try Event.assigned(
                    "RA-6",
                    "P-1051",
                    "park.staff",
                    enterprise: "E-000999",
                    at: world.clock.now()
                )
            )
            try await world.advance(to: monday + .minutes(30))
            #expect(try await world.heard("complaint/1", "N13").contains("N13 P-1051"))
        }
    }

    @Test func `E20 A merger that was voided gives the matter back at once`() async throws {
        try await World.with { world in
            try await world.feed(try Event.roster() + [try Event.filed()])
            try await world.feed(try Event.assigned("RA-5", "P-1050", "park.staff", enterprise: "E-000999"))
            try await world.feed(try Event.merged(into: "E-000999", at: monday))
            try await world.advance(by: .minutes(5))
            try await world.feed(
                try Event.void(try Event.merged(into: "E-000999", at: monday), at: "2026-11-23 14:10")
            )
            #expect(try await world.matter("complaint/1").enterprise == "E-000451")
        }
    }

    // MARK: Corrections and orphans

    @Test func `E21 A correction waits for what it corrects`() async throws {
        try await World.with { world in
            let earlier = monday - .minutes(20)
            let patch = Value.object([Value.Member("filedAt", .string(earlier.rfc3339))])
            try await world.feed(try Event.roster())
            try await world.feed(
                try Event.fact(.recordCorrected, "c", of: "filed-1", at: monday, ["patch": patch])
            )
            #expect(try await world.matter("waiting/filed-1").facts.count == 1)
            #expect(world.count("parked") == 1)
            try await world.feed(try Event.filed())
            let matter = try await world.matter("complaint/1")
            #expect(Set(matter.facts.map(\.key.id)) == ["filed-1", "c"])
            #expect(matter.state.records.first?.dueAt == monday + .minutes(10))
            #expect(try await world.matter("waiting/filed-1").facts.isEmpty)
            #expect(try await world.matter("waiting/filed-1").wakeAt == nil)
            try await world.advance(by: .days(2))
            #expect(try await world.store.deadLetters(state: nil, limit: 9).isEmpty)
        }
    }

    @Test func `E21 A correction and its target may come in one batch`() async throws {
        try await World.with { world in
            let patch = Value.object([Value.Member("filedAt", .string((monday - .minutes(20)).rfc3339))])
            let correction = try Event.fact(
                .recordCorrected,
                "c",
                of: "filed-1",
                at: monday,
                ["patch": patch]
            )
            try await world.feed(try Event.roster() + [correction, try Event.filed()])
            let matter = try await world.matter("complaint/1")
            #expect(matter.facts.count == 2)
            #expect(matter.state.records.first?.dueAt == monday + .minutes(10))
        }
    }

    @Test func `E22 A void that comes first leaves nothing to say`() async throws {
        try await World.with { world in
            try await world.feed(try Event.roster())
            try await world.feed(try Event.fact(.recordVoided, "v", of: "filed-1", at: monday))
            try await world.feed(try Event.filed())
            #expect(try await world.heard("complaint/1").isEmpty)
            try await world.advance(by: .days(3))
            #expect(try await world.heard("complaint/1").isEmpty)
            #expect(try await world.matter("complaint/1").isOpen == false)
        }
    }

    @Test func `E3 What waited a day in vain is a dead letter, and the office hears`() async throws {
        try await World.with { world in
            try await world.feed(try Event.roster() + [try Event.responded(at: monday)])
            #expect(world.count("parked") == 1)
            try await world.advance(to: monday + .hours(24) - .seconds(1))
            #expect(try await world.store.deadLetters(state: nil, limit: 9).isEmpty)
            try await world.advance(to: monday + .hours(24))
            let letters = try await world.store.deadLetters(state: .new, limit: 9)
            #expect(letters.map(\.reason) == ["orphan"])
            let value = try JSONReader.decode(try #require(letters.first?.value))
            #expect(try CloudEvent(structured: value).attributes["id"] == "responded-1")
            #expect(try await world.heard("complaint/1") == ["N92 office"])
            #expect(world.watcher.letterCalls == 1)
            try await world.advance(by: .days(3))
            #expect(try await world.store.deadLetters(state: nil, limit: 9).count == 1)
            try await world.feed(
                try Event.fact(.complaintFiled, "late", at: monday, received: world.clock.now())
            )
            #expect(try await world.actions("complaint/1").contains("deadline.met"))
        }
    }
}
