import Duty
import Storage
import Telemetry

/// Wakes matters when their moment comes, and notices when the wall clock jumps.
package struct WakeService: Sendable {
    let engine: Engine
    let clock: any WallClock
    let log: LogWriter
    let metrics: DutyclockMetrics
    let health: Health
    let rules: RulesInForce

    package init(
        engine: Engine,
        clock: any WallClock,
        log: LogWriter,
        metrics: DutyclockMetrics,
        health: Health,
        rules: RulesInForce
    ) {
        self.engine = engine
        self.clock = clock
        self.log = log
        self.metrics = metrics
        self.health = health
        self.rules = rules
    }

    /// A sleep is never longer than this, so that a clock that was set is noticed.
    private static let longestSleep = Span.seconds(30)

    package func run() async {
        var jumps = JumpDetector(clock)
        var watch = CalendarWatch(rules: rules, log: log, metrics: metrics)
        var looked = 0
        while !Task.isCancelled {
            if let jump = jumps.check(clock) { note(jump) }
            let now = clock.now()
            do {
                let next = try await engine.wake()
                health.wakeUpsDone(at: clock.now())
                // By turns with what falls due, so that a million matters hold up nobody's deadline.
                if let progress = try await engine.followCalendar() {
                    note(progress, &looked)
                    continue
                }
                if let order = try await engine.followRepolicy() {
                    note(order)
                    continue
                }
                watch.check(now: clock.now())
                if let next, next <= clock.now() { continue }
                await engine.wakeSignal.wait(
                    until: min(next ?? .distantFuture, clock.now() + Self.longestSleep),
                    clock: clock
                )
            } catch {
                // The intake's repair raises the signal once the store is back.
                await engine.wakeSignal.wait(until: now + .seconds(1), clock: clock)
            }
        }
    }

    private func note(_ progress: CalendarProgress, _ looked: inout Int) {
        looked += progress.looked
        guard progress.isDone else { return }
        if progress.isNews {
            log.write(
                level: .info,
                message: "open matters follow a changed calendar",
                fields: [
                    ("duty.calendar_revision", .string(progress.revision)),
                    ("duty.matters", .int(Int64(looked))),
                ]
            )
        }
        looked = 0
    }

    private func note(_ order: Repolicy) {
        guard order.isDone else { return }
        log.write(
            level: .info,
            message: "open matters follow another policy",
            fields: [
                ("event.action", "policy.moved"), ("duty.policy_version", .string(order.version)),
                ("duty.matters", .int(order.moved)),
            ]
        )
    }

    private func note(_ jump: Span) {
        metrics.clockJumps.add()
        log.write(
            level: .warn,
            message: "the wall clock jumped",
            fields: [("event.action", "clock.jumped"), ("duty.jump_seconds", .int(jump.seconds))]
        )
    }
}

/// Compares the wall clock with the monotonic one.
struct JumpDetector {
    private var wall: Instant
    private var elapsed: Span

    init(_ clock: any WallClock) { (wall, elapsed) = (clock.now(), clock.elapsed()) }

    /// How far the wall clock moved more than time passed; nil if less than two seconds.
    mutating func check(_ clock: any WallClock) -> Span? {
        let (now, passed) = (clock.now(), clock.elapsed())
        let jump = (now - wall) - (passed - elapsed)
        (wall, elapsed) = (now, passed)
        return abs(jump.microseconds) >= 2_000_000 ? jump : nil
    }
}
