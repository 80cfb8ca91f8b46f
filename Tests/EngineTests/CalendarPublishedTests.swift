import Duty
import Engine
import Storage
import Testing

/// A calendar that is published, corrected or changed in its file, while matters count by it.
@Suite struct CalendarPublishedTests {
    /// A decision on the cause is due ten working days later, across a year that has no notice yet.
    private static let friday = instant("2026-12-25T10:00:00+08:00")
    /// With New Year's Day off by the statute alone.
    private static let provisional = instant("2027-01-11T17:30:00+08:00")

    private static func fine(_ number: String = "1", at: Instant = friday) throws -> Fact {
        try Event.fact(
            .fineIssued,
            "fine-" + number,
            of: number,
            at: at,
            ["deptId": "D-1", "amountFen": 100_000, "currency": "CNY", "revision": 1]
        )
    }

    private static func notice(
        _ id: String,
        revision: Int64 = 1,
        off: [String],
        working: [String] = [],
        at: Instant = friday + .hours(1)
    ) throws -> Fact {
        try Event.fact(
            .calendarPublished,
            id,
            at: at,
            [
                "year": 2027, "revision": .integer(revision), "docNo": "国办发明电〔2026〕8号",
                "offDays": .array(off.map { .string($0) }),
                "makeupWorkdays": .array(working.map { .string($0) }),
            ]
        )
    }

    /// Monday off as well: the date becomes later by one working day.
    private static func longer(_ id: String = "notice", revision: Int64 = 1) throws -> Fact {
        try notice(id, revision: revision, off: ["2027-01-01", "2027-01-04"])
    }

    private static func with(_ body: (World) async throws -> Void) async throws {
        try await World.with(at: friday) { world in
            try await world.feed(try Event.roster())
            try await body(world)
        }
    }

    private static func follow(_ engine: Engine, limit: Int = 500) async throws {
        while try await engine.followCalendar(limit: limit) != nil {}
    }

    private static func due(_ world: World, _ number: String = "1") async throws -> Instant? {
        try await record(world, number).dueAt
    }

    private static func record(_ world: World, _ number: String = "1") async throws -> MatterState.Record {
        let records = try await world.matter(MatterID("fine/" + number)).state.records
        return try #require(records.first { $0.key.rule == "A22.attribution" })
    }

    private static func recomputed(_ world: World) async throws -> [Transition] {
        try await world.store.journal(after: 0, limit: 100_000).flatMap(\.entries)
            .filter { $0.action == "deadline.recomputed" }
    }

    // MARK: E27

    @Test func `E27: a calendar that moves a date is told to those who heard the old one`() async throws {
        try await Self.with { world in
            try await world.feed(try Self.fine())
            #expect(try await Self.due(world) == Self.provisional)
            #expect(try await Self.record(world).isProvisional)
            let heard = try await world.heard("fine/1", "N70").map { $0.dropFirst(4) }
            #expect(heard.count == 2)
            try await world.feed(try Self.longer())
            // Nothing is worked out in the commit of the event itself, however many matters there are.
            #expect(try await Self.due(world) == Self.provisional)
            try await Self.follow(world.engine)
            #expect(try await Self.due(world) == instant("2027-01-12T17:30:00+08:00"))
            #expect(try await world.heard("fine/1", "N27").map { $0.dropFirst(4) } == heard)
            let told = try await world.store.notifications(of: "fine/1").map(\.notification)
            for message in told where message.code == "N27" {
                #expect(message.dueAt == instant("2027-01-12T17:30:00+08:00"))
                #expect(message.values["oldDueAt"]?.string == Self.provisional.rfc3339)
                #expect(message.values["reason"] == "calendar")
                #expect(message.values["calendarProvisional"] == nil)
            }
            for message in told where message.code == "N70" {
                #expect(message.values["calendarProvisional"] == true)
            }
            let change = try #require(try await Self.recomputed(world).first)
            #expect(try await Self.recomputed(world).count == 1)
            #expect(change.fields["oldDueAt"]?.string == Self.provisional.rfc3339)
            #expect(change.fields["reason"] == "calendar")
            #expect(change.fields["calendarRevision"]?.string?.contains("+2027r1.") == true)
        }
    }

    @Test func `E27: a calendar that confirms a date is told to nobody`() async throws {
        try await Self.with { world in
            try await world.feed(try Self.fine())
            try await world.feed(try Self.notice("notice", off: ["2027-01-01", "2027-02-08"]))
            let messages = try await world.store.notifications(of: "fine/1").count
            let entries = try await world.actions("fine/1").count
            try await Self.follow(world.engine)
            #expect(try await Self.due(world) == Self.provisional)
            #expect(try await Self.record(world).isProvisional == false)
            #expect(try await world.store.notifications(of: "fine/1").count == messages)
            #expect(try await world.actions("fine/1").count == entries)
        }
    }

    @Test func `E27: an earlier date is told once, and the alarm comes by the new one`() async throws {
        try await Self.with { world in
            try await world.feed(try Self.fine())
            try await world.feed(try Self.notice("notice", off: ["2027-01-01"], working: ["2027-01-09"]))
            try await Self.follow(world.engine)
            let due = instant("2027-01-09T17:30:00+08:00")
            #expect(try await Self.due(world) == due)
            #expect(try await world.heard("fine/1", "N27").count == 2)
            try await world.advance(to: due - .seconds(1))
            #expect(try await world.heard("fine/1", "N71").isEmpty)
            try await world.advance(to: due)
            #expect(try await world.heard("fine/1", "N71").count == 2)
        }
    }

    @Test func `E27: a date that comes back is news again`() async throws {
        try await Self.with { world in
            try await world.feed(try Self.fine())
            for (revision, off) in [["2027-01-04"], [], ["2027-01-04"]].enumerated() {
                let notice = try Self.notice(
                    "notice-\(revision)",
                    revision: Int64(revision) + 1,
                    off: ["2027-01-01"] + off
                )
                try await world.feed(notice)
                try await Self.follow(world.engine)
            }
            #expect(try await Self.due(world) == instant("2027-01-12T17:30:00+08:00"))
            #expect(try await world.heard("fine/1", "N27").count == 6)
            #expect(try await Self.recomputed(world).count == 3)
        }
    }

    @Test func `E27: matters of continuous clocks and closed ones are left alone`() async throws {
        try await Self.with { world in
            try await world.feed(try Event.filed(at: Self.friday))
            try await world.feed(try Event.filed("2", at: Self.friday))
            try await world.feed(
                try Event.fact(
                    .complaintResolved,
                    "done-2",
                    of: "2",
                    at: Self.friday + .minutes(5),
                    ["outcome": "done"]
                )
            )
            let before = try await world.matter("complaint/1").version
            let closed = try await world.matter("complaint/2").version
            try await world.feed(try Self.longer())
            try await Self.follow(world.engine)
            #expect(try await world.matter("complaint/1").version == before)
            #expect(try await world.matter("complaint/2").version == closed)
            #expect(try await Self.recomputed(world).isEmpty)
        }
    }

    // MARK: Which calendar counts

    @Test func `A new matter counts by the published calendar, also after a restart`() async throws {
        try await Self.with { world in
            try await world.feed(try Self.longer("first", revision: 2))
            try await world.feed(try Self.notice("late", revision: 1, off: ["2027-01-01"]))
            try await world.feed(try Self.fine())
            #expect(try await Self.due(world) == instant("2027-01-12T17:30:00+08:00"))
            #expect(try await Self.record(world).isProvisional == false)
            try await world.feed([try Self.fine("2")], to: world.anotherEngine())
            #expect(try await Self.due(world, "2") == instant("2027-01-12T17:30:00+08:00"))
        }
    }

    @Test func `A corrected and a voided notice are followed as well`() async throws {
        try await Self.with { world in
            try await world.feed(try Self.fine())
            try await world.feed(try Self.longer())
            try await Self.follow(world.engine)
            try await world.feed(
                try Event.fact(
                    .recordCorrected,
                    "correction",
                    at: Self.friday + .hours(2),
                    [
                        "targetId": "notice", "targetType": "calendar.published",
                        "patch": ["offDays": ["2027-01-01", "2027-01-04", "2027-01-05"]],
                    ]
                )
            )
            try await Self.follow(world.engine)
            #expect(try await Self.due(world) == instant("2027-01-13T17:30:00+08:00"))
            try await world.feed(
                try Event.fact(
                    .recordVoided,
                    "void",
                    at: Self.friday + .hours(3),
                    ["targetId": "notice", "targetType": "calendar.published"]
                )
            )
            try await Self.follow(world.engine)
            #expect(try await Self.due(world) == Self.provisional)
            #expect(try await Self.record(world).isProvisional)
            #expect(try await Self.recomputed(world).count == 3)
            let last = try await world.store.notifications(of: "fine/1").map(\.notification)
                .filter { $0.code == "N27" && $0.dueAt == Self.provisional }
            #expect(last.count == 2 && last.allSatisfy { $0.values["calendarProvisional"] == true })
        }
    }

    @Test func `Another file moves dates as a notice does`() async throws {
        try await Self.with { world in
            try await world.feed(try Self.fine())
            let file = world.book.calendar
            let monday = try #require(CivilDate("2027-01-04"))
            let other = WorkCalendar(
                offDays: file.offDays.merging([monday: "元旦"]) { $1 },
                makeupDays: file.makeupDays,
                knownYears: file.knownYears.union([2027]),
                hours: file.hours,
                revision: "other"
            )
            let rules = RulesInForce(world.book)
            let engine = Engine(
                store: world.store,
                book: world.book,
                clock: world.clock,
                metrics: world.metrics,
                observer: world.watcher,
                rules: rules
            )
            let directory = world.book.directory
            await engine.replace(
                book: RuleBook(current: world.book.current, calendar: other, directory: directory)
            )
            #expect(rules.book.calendar.revision == "other")
            try await Self.follow(engine)
            #expect(try await Self.due(world) == instant("2027-01-11T17:30:00+08:00"))
            #expect(try await world.heard("fine/1", "N27").isEmpty)
            // The statute's New Year's Day is a day off only as long as nobody says what the year looks like.
            try await world.feed([try Self.longer()], to: engine)
            try await Self.follow(engine)
            #expect(rules.book.calendar.revision.hasPrefix("other+2027r1."))
            #expect(try await Self.due(world) == instant("2027-01-12T17:30:00+08:00"))
            #expect(try await world.heard("fine/1", "N27").count == 2)
        }
    }

    // MARK: Many matters

    @Test func `A restart in the middle goes on where it was and tells nobody twice`() async throws {
        try await Self.with { world in
            let numbers = (1...9).map(String.init)
            try await world.feed(try numbers.map { try Self.fine($0) })
            try await world.feed(try Self.longer())
            let first = try #require(try await world.engine.followCalendar(limit: 3))
            #expect(first.isNews && !first.isDone && first.looked < 9)
            let there = try #require(try await world.store.calendarSweep())
            #expect(!there.isDone && there.after != nil)
            // The engine is gone; another one finds the place in the store.
            let next = world.anotherEngine()
            let second = try #require(try await next.followCalendar(limit: 3))
            #expect(second.revision == first.revision)
            try await Self.follow(next, limit: 3)
            for number in numbers {
                #expect(try await Self.due(world, number) == instant("2027-01-12T17:30:00+08:00"))
                #expect(try await world.heard(MatterID("fine/" + number), "N27").count == 2)
            }
            #expect(try await Self.recomputed(world).count == 9)
            #expect(try await world.store.calendarSweep()?.isDone == true)
            #expect(try await next.followCalendar() == nil)
            #expect(try await world.anotherEngine().followCalendar() == nil)
        }
    }

    @Test(arguments: [FlakyStore.Failure.beforeWriting, .afterWriting])
    func `A commit that fails on the way is made up for exactly`(
        _ failure: FlakyStore.Failure
    ) async throws {
        var flaky: FlakyStore?
        let wrap: (any Store) -> any Store = { store in
            let made = FlakyStore(store)
            flaky = made
            return made
        }
        try await World.with(at: Self.friday, wrap: wrap) { world in
            try await world.feed(try Event.roster())
            try await world.feed(try (1...6).map { try Self.fine(String($0)) })
            try await world.feed(try Self.longer())
            var turns = 0
            while turns < 40 {
                turns += 1
                if turns % 2 == 1 { flaky?.fail(failure) }
                do {
                    guard try await world.engine.followCalendar(limit: 2) != nil else { break }
                } catch {
                    _ = try await world.engine.recovered()
                }
            }
            #expect(turns < 40)
            #expect(try await Self.recomputed(world).count == 6)
            for number in 1...6 {
                #expect(try await world.heard(MatterID("fine/\(number)"), "N27").count == 2)
            }
        }
    }

    @Test func `What happens to a matter before its turn is by the new calendar already`() async throws {
        try await Self.with { world in
            try await world.feed(try Self.fine())
            try await world.feed(try Self.longer())
            // An event about the fine arrives before the turn of the fine.
            try await world.feed(
                try Event.fact(
                    .fineRevised,
                    "revised",
                    at: Self.friday + .hours(2),
                    ["fineId": "1", "revision": 2, "amountFen": 90_000, "cause": "selfCorrection"]
                )
            )
            #expect(try await Self.due(world) == instant("2027-01-12T17:30:00+08:00"))
            #expect(try await world.heard("fine/1", "N27").count == 2)
            let change = try #require(try await Self.recomputed(world).first)
            #expect(change.fields["calendarRevision"] != nil && change.fields["reason"] == nil)
            try await Self.follow(world.engine)
            #expect(try await world.heard("fine/1", "N27").count == 2)
            #expect(try await Self.recomputed(world).count == 1)
        }
    }

    @Test func `Once a calendar is followed, a correction that makes a date later stays untold`() async throws
    {
        try await Self.with { world in
            let thursday = Self.friday - .days(1)
            try await world.feed(
                try Event.fact(
                    .fineIssued,
                    "fine-1",
                    at: thursday,
                    received: Self.friday,
                    ["deptId": "D-1", "amountFen": 100_000, "currency": "CNY", "revision": 1]
                )
            )
            try await world.feed(try Self.longer())
            try await Self.follow(world.engine)
            #expect(try await Self.due(world) == instant("2027-01-11T17:30:00+08:00"))
            let told = try await world.heard("fine/1", "N27").count
            try await world.feed(
                try Event.fact(
                    .recordCorrected,
                    "correction",
                    at: Self.friday + .hours(2),
                    [
                        "targetId": "fine-1", "targetType": "fine.issued",
                        "patch": ["decidedAt": .string(Self.friday.rfc3339)],
                    ]
                )
            )
            #expect(try await Self.due(world) == instant("2027-01-12T17:30:00+08:00"))
            #expect(try await world.heard("fine/1", "N27").count == told)
            #expect(try await Self.recomputed(world).last?.fields["calendarRevision"] == nil)
        }
    }

    @Test func `The simulator follows a calendar as the daemon does`() async throws {
        try await World.with(at: Self.friday) { world in
            let simulator = Simulator(
                store: world.store,
                book: world.book,
                start: Self.friday,
                observer: world.watcher
            )
            try await simulator.feed(try Event.roster() + [try Self.fine()])
            try await simulator.feed([try Self.longer()])
            #expect(try await Self.due(world) == instant("2027-01-12T17:30:00+08:00"))
        }
    }
}
