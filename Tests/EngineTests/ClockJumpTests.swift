import Duty
import Testing

@testable import Engine

/// The wall clock is set while the daemon runs: it is said, and what has been said is not said again.
@Suite struct ClockJumpTests {
    private let monday = World.monday

    /// A complaint at two, and the service that waits for its moments.
    private func watching(
        _ body: (World, _ jumps: () throws -> [Int64]) async throws -> Void
    ) async throws {
        try await World.with { world in
            let file = LogFile()
            let service = WakeService(
                engine: world.engine,
                clock: world.clock,
                log: file.log,
                metrics: world.metrics,
                health: Health(),
                rules: RulesInForce(world.book)
            )
            try await world.feed(try Event.roster() + [try Event.filed()])
            let running = Task { await service.run() }
            #expect(await eventually { world.clock.isAwaited })
            try await body(world) {
                try file.lines()
                    .filter { $0["event.action"] == "clock.jumped" && $0["log.level"] == "warn" }
                    .compactMap { $0["duty.jump_seconds"]?.integer }
            }
            running.cancel()
            await running.value
        }
    }

    private func breaches(_ world: World) -> Int {
        world.watcher.records.flatMap(\.entries)
            .filter { $0.action == "deadline.breached" && $0.rule == "A22.response" }.count
    }

    @Test func setForwardOverADueTimeItBreachesOnceAndIsSaid() async throws {
        try await watching { world, jumps in
            world.clock.set(to: monday + .minutes(31))
            #expect(await eventually { breaches(world) == 1 })
            #expect(await eventually { try jumps() == [1_860] })
            #expect(try await world.heard("complaint/1", "N13").count == 3)
            // Time that passes is no jump.
            world.clock.advance(to: monday + .minutes(32))
            world.clock.advance(to: monday + .minutes(34))
            try await world.engine.settle()
            #expect(try jumps() == [1_860] && breaches(world) == 1)
            #expect(world.metrics.clockJumps.value == 1)
        }
    }

    @Test func setBackItIsSaidAtOnceAndNothingIsUndoneOrRepeated() async throws {
        try await watching { world, jumps in
            world.clock.advance(to: monday + .minutes(31))
            #expect(await eventually { breaches(world) == 1 && world.clock.isAwaited })
            world.clock.set(to: monday + .minutes(2))
            #expect(await eventually { try jumps() == [-1_740] }, "not when its old time has come again")
            // An event that comes meanwhile looks at the matter by the earlier time.
            try await world.feed(try Event.assigned("RA-7", "P-0006", "county.linked"))
            #expect(try await world.heard("complaint/1", "N25").isEmpty, "a breach is not withdrawn")
            world.clock.advance(to: monday + .minutes(33))
            try await world.engine.wake()
            #expect(breaches(world) == 1)
            #expect(try await world.heard("complaint/1", "N13").count == 3)
            world.clock.advance(to: monday + .minutes(61))
            #expect(await eventually { try await world.heard("complaint/1", "N14").count == 1 })
        }
    }

    @Test func setBackBeforeAWarningItIsOnRecordOnce() async throws {
        try await watching { world, _ in
            world.clock.advance(to: monday + .minutes(16))
            #expect(await eventually { try await world.heard("complaint/1", "N11").count == 1 })
            world.clock.set(to: monday + .minutes(10))
            try await world.feed(try Event.assigned("RA-7", "P-0006", "county.linked"))
            world.clock.advance(to: monday + .minutes(17))
            try await world.feed(try Event.assigned("RA-8", "P-0005", "county.deputy"))
            #expect(try await world.heard("complaint/1", "N11").count == 1)
            #expect(try await world.actions("complaint/1").filter { $0 == "deadline.warned" }.count == 1)
        }
    }

    @Test func aClockThatRunsIsNotOneThatJumps() {
        let clock = ManualClock(monday)
        var detector = JumpDetector(clock)
        clock.advance(to: monday + .hours(5))
        #expect(detector.check(clock) == nil)
        clock.set(to: monday + .hours(5) + Span(microseconds: 1_999_999))
        #expect(detector.check(clock) == nil)
        clock.set(to: clock.now() - .seconds(2))
        #expect(detector.check(clock) == .seconds(-2))
        #expect(detector.check(clock) == nil, "each jump is said once")
    }
}

/// Asks until the answer is yes.
func eventually(within limit: Duration = .seconds(20), _ holds: () async throws -> Bool) async -> Bool {
    let end = ContinuousClock.now + limit
    while ContinuousClock.now < end {
        if (try? await holds()) == true { return true }
        try? await Task.sleep(for: .milliseconds(5))
    }
    return (try? await holds()) == true
}
