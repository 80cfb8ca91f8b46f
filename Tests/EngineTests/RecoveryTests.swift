import Duty
import Engine
import Storage
import Testing

/// Repeated events, failing commits and restarts: nothing is lost and nothing said twice.
@Suite struct RecoveryTests {
    private let monday = World.monday

    @Test func `E1 An event that is read again changes nothing`() async throws {
        try await World.with { world in
            let batch = try Event.roster() + [try Event.filed(), try Event.filed()]
            try await world.feed(batch, offset: 5)
            #expect(world.count("accepted") == 4 && world.count("duplicate") == 1)
            let before = try await world.story()
            try await world.feed(batch, offset: 5)
            #expect(world.count("duplicate") == 6)
            try await world.feed(batch, offset: 5, to: world.anotherEngine())
            #expect(world.count("duplicate") == 11 && world.count("accepted") == 4)
            #expect(try await world.story() == before)
        }
    }

    @Test func `E1 A key that comes back under another matter is a duplicate`() async throws {
        try await World.with { world in
            try await world.feed(try Event.filed(), offset: 1)
            let twin = try Event.fact(.complaintFiled, "filed-1", of: "2", at: monday)
            let batch = World.batch([twin, try Event.filed("3")], offset: 3)
            try await world.engine.ingest(batch)
            await #expect(throws: StoreError.duplicateEvents([twin.key])) { try await world.engine.settle() }
            await #expect(throws: BatchSuperseded.self) { try await world.engine.ingest(batch) }
            #expect(await world.engine.isHealthy == false)
            let offsets = try await world.engine.recovered()
            #expect(offsets.map(\.next) == [1])
            // What was read before the intake was set back would leave a hole.
            await #expect(throws: BatchSuperseded.self) {
                try await world.engine.ingest(batch, epoch: 0)
            }
            try await world.engine.ingest(batch)
            try await world.engine.settle()
            #expect(world.count("duplicate") == 1 && world.count("accepted") == 2)
            #expect(try await world.store.matterIDs(of: .complaint) == ["complaint/1", "complaint/3"])
            #expect(try await world.store.offsets().map(\.next) == [3])
        }
    }

    @Test func `E1 One key under two matters in one batch counts once`() async throws {
        try await World.with { world in
            let twin = try Event.fact(.complaintFiled, "filed-1", of: "2", at: monday)
            let batch = World.batch([try Event.filed(), twin], offset: 2)
            for _ in 0..<3 {
                do {
                    try await world.engine.ingest(batch)
                    try await world.engine.settle()
                    break
                } catch { _ = try await world.engine.recovered() }
            }
            #expect(try await world.store.offsets().map(\.next) == [2])
            #expect(try await world.store.matterIDs(of: .complaint) == ["complaint/1"])
            #expect(world.count("duplicate") == 1 && world.count("accepted") == 1)
        }
    }

    /// Plays a short story; `trouble` is asked before each batch.
    private func play(_ world: World, _ trouble: (Int) -> Void) async throws -> [String] {
        let patch = Value.object([Value.Member("filedAt", .string((monday - .minutes(20)).rfc3339))])
        let batches = [
            try Event.roster(), [try Event.filed(), try Event.filed("2")],
            [try Event.fact(.recordCorrected, "c", of: "filed-3", at: monday, ["patch": patch])],
            [try Event.filed("3"), try Event.responded("2", at: monday)],
        ]
        var next = 0
        while next < batches.count {
            trouble(next)
            do {
                try await world.engine.ingest(World.batch(batches[next], offset: Int64(next + 1)))
                try await world.engine.settle()
                next += 1
            } catch {
                #expect(await world.engine.isHealthy == false)
                next = Int(try await world.engine.recovered().first?.next ?? 0)
            }
        }
        while let due = try await world.store.nextWakeUp(), due <= monday + .hours(26) {
            trouble(next)
            world.clock.advance(to: due)
            do {
                try await world.engine.wake()
            } catch {
                #expect(error is BatchSuperseded)
                _ = try await world.engine.recovered()
            }
        }
        #expect(try await world.store.verify { _, _ in }.isSound)
        return try await world.story()
    }

    @Test func aTinyCommitDoesNotProveThatWorkIsCommitted() async throws {
        var flaky: FlakyStore?
        let wrap: (any Store) -> any Store = { store in
            let made = FlakyStore(store)
            flaky = made
            return made
        }
        try await World.with(wrap: wrap) { world in
            try await world.feed(try Event.roster(), offset: 3)
            let batch = World.batch([try Event.filed()], offset: 4)
            flaky?.hasLittleRoom.withLock { $0 = true }
            try await world.engine.ingest(batch)
            await #expect(throws: FlakyStore.DiskFull.self) { try await world.engine.settle() }
            _ = try await world.engine.recovered()
            try await world.engine.proveCommits(within: .zero)
            #expect(await world.engine.isHealthy)
            // The same again fails again, so that nothing has been put right.
            try await world.engine.ingest(batch)
            #expect(await world.engine.hasCaughtUp(within: .seconds(60)) == false)
            flaky?.hasLittleRoom.withLock { $0 = false }
            _ = try await world.engine.recovered()
            try await world.engine.ingest(batch)
            #expect(await world.engine.hasCaughtUp(within: .seconds(60)))
            // With nothing left to be tried it is not waited for for ever.
            flaky?.fail(.beforeWriting)
            try await world.engine.ingest(World.batch([try Event.filed("2")], offset: 5))
            await #expect(throws: FlakyStore.DiskFull.self) { try await world.engine.settle() }
            _ = try await world.engine.recovered()
            #expect(await world.engine.hasCaughtUp(within: .zero))
            #expect(try await world.store.offsets().map(\.next) == [4])
        }
    }

    @Test(arguments: [FlakyStore.Failure.beforeWriting, .afterWriting])
    func aCommitThatFailsIsMadeUpForExactly(_ failure: FlakyStore.Failure) async throws {
        var calm: [String] = []
        try await World.with { calm = try await play($0) { _ in } }
        #expect(calm.count > 20)
        var flaky: FlakyStore?
        let wrap: (any Store) -> any Store = { store in
            let made = FlakyStore(store)
            flaky = made
            return made
        }
        var turns = 0
        try await World.with(wrap: wrap) { world in
            let story = try await play(world) { _ in
                turns += 1
                if turns % 2 == 1 { flaky?.fail(failure) }
            }
            #expect(story == calm)
            #expect(await world.engine.lastError.contains("DiskFull"))
        }
        #expect(turns > 8)
    }

    /// Its own commit would have passed: written, it would leave a hole where the first one was.
    @Test func theBatchesBehindAFailedCommitAreSuperseded() async throws {
        var flaky: FlakyStore?
        let wrap: (any Store) -> any Store = { store in
            let made = FlakyStore(store)
            flaky = made
            return made
        }
        try await World.with(wrap: wrap) { world in
            flaky?.fail(.beforeWriting)
            try await world.engine.ingest(World.batch([try Event.filed()], offset: 1))
            // It waits behind the first one, unless that has failed already.
            do {
                try await world.engine.ingest(World.batch([try Event.filed("2")], offset: 2))
            } catch { #expect(error is BatchSuperseded) }
            let third = World.batch([try Event.filed("3")], offset: 3)
            await #expect(throws: BatchSuperseded.self) { try await world.engine.ingest(third) }
            await world.engine.brokenSignal.wait()
            await #expect(throws: BatchSuperseded.self) { try await world.engine.wake() }
            #expect(try await world.engine.recovered().isEmpty)
            #expect(try await world.store.matterIDs(of: .complaint).isEmpty)
            try await world.feed([try Event.filed(), try Event.filed("2"), try Event.filed("3")], offset: 3)
            #expect(try await world.store.matterIDs(of: .complaint).count == 3)
            #expect(world.count("accepted") == 3 && world.count("duplicate") == 0)
        }
    }

    @Test func aStoreThatCanBeReadButNotWrittenStaysAway() async throws {
        var flaky: FlakyStore?
        let wrap: (any Store) -> any Store = { store in
            let made = FlakyStore(store)
            flaky = made
            return made
        }
        try await World.with(wrap: wrap) { world in
            try await world.engine.proveCommits(within: .seconds(60))
            #expect(await world.engine.isHealthy)
            flaky?.fail(.beforeWriting)
            try await world.engine.proveCommits(within: .seconds(60))
            #expect(await world.engine.isHealthy, "a commit of less than a minute ago proves enough")
            await #expect(throws: BatchSuperseded.self) {
                try await world.engine.proveCommits(within: .zero)
            }
            #expect(await world.engine.isHealthy == false)
            await world.engine.brokenSignal.wait()
            flaky?.fail(.beforeWriting)
            await #expect(throws: FlakyStore.DiskFull.self) { _ = try await world.engine.recovered() }
            #expect(await world.engine.isHealthy == false)
            _ = try await world.engine.recovered()
            try await world.engine.proveCommits(within: .zero)
            #expect(await world.engine.isHealthy)
        }
    }

    @Test func anArrivalTravelsWithWhatItCaused() async throws {
        try await World.with { world in
            try await world.feed(try Event.roster() + [try Event.filed()])
            let caused = try await world.store.notifications(of: "complaint/1").map(\.notification)
            #expect(!caused.isEmpty && caused.allSatisfy { $0.arrivedAt == $0.wantedSince })
            let facts = try await world.matter("complaint/1").facts
            #expect(caused.allSatisfy { $0.arrivedAt == facts.first?.receivedAt })
            try await world.advance(to: monday + .minutes(31))
            let breach = try await world.store.notifications(of: "complaint/1").map(\.notification)
                .filter { $0.code == "N13" }
            #expect(breach.count == 3 && breach.allSatisfy { $0.arrivedAt == nil })
            #expect(breach.allSatisfy { $0.wantedSince == $0.requestedAt })
        }
    }

    @Test func anEngineThatDiesBeforeItsCommitLeavesTheBatchToTheNext() async throws {
        var flaky: FlakyStore?
        let wrap: (any Store) -> any Store = { store in
            let made = FlakyStore(store)
            flaky = made
            return made
        }
        try await World.with(wrap: wrap) { world in
            try await world.feed(try Event.roster(), offset: 3)
            flaky?.fail(.beforeWriting)
            try await world.engine.ingest(World.batch([try Event.filed()], offset: 4))
            await #expect(throws: FlakyStore.DiskFull.self) { try await world.engine.settle() }
            let next = world.anotherEngine()
            #expect(try await world.store.offsets().map(\.next) == [3])
            try await world.feed([try Event.filed()], offset: 4, to: next)
            try await world.advance(to: monday + .minutes(30), with: next)
            #expect(try await world.heard("complaint/1", "N13").count == 3)
            #expect(try await world.heard("complaint/1", "N10").count == 2)
        }
    }

    @Test func `E25 What fell due while nobody ran is said afterwards, once`() async throws {
        try await World.with { world in
            try await world.feed(try Event.roster() + [try Event.filed()])
            world.clock.advance(to: monday + .minutes(45))
            let next = world.anotherEngine()
            try await next.wake()
            #expect(try await world.heard("complaint/1", "N13").count == 3)
            #expect(try await world.heard("complaint/1", "N11").isEmpty)
            try await next.wake()
            #expect(try await world.heard("complaint/1", "N13").count == 3)
            let breach = try await world.store.journal(after: 0, limit: 100).flatMap(\.entries)
                .first { $0.action == "deadline.breached" && $0.rule == "A22.response" }
            #expect(breach?.at == monday + .minutes(30))
            #expect(breach?.fields["delayedBySeconds"]?.integer == 900)
        }
    }

    @Test func `E28 A dead letter and an unknown type are counted and passed`() async throws {
        try await World.with { world in
            let letter = DeadLetter(
                topic: "park.events",
                partition: 0,
                offset: 0,
                key: nil,
                value: [0xFF],
                headers: [],
                reason: "notJSON",
                detail: "",
                at: monday
            )
            let offset = StoredOffset(topic: "park.events", partition: 0, next: 3)
            let skipped = Batch.Item.skipped(
                reason: "type x is not in the catalogue",
                Origin(topic: "park.events", partition: 0, offset: 1)
            )
            try await world.engine.ingest(
                Batch(
                    items: [.deadLetter(letter), skipped, .fact(try Event.filed(), nil)],
                    offsets: [offset]
                )
            )
            try await world.engine.settle()
            #expect(
                world.count("rejected") == 1 && world.count("skipped") == 1 && world.count("accepted") == 1
            )
            #expect(try await world.store.deadLetters(state: .new, limit: 9).count == 1)
            #expect(try await world.store.offsets() == [offset])
        }
    }
}
