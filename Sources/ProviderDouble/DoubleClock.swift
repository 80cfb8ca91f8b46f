import Duty

/// The clock that limits are measured by: it runs faster or slower than the wall clock and can be moved forward.
struct DoubleClock: Sendable {
    private var wallOrigin: Instant
    private var origin: Instant
    private var scale: Double

    init(origin: Instant, scale: Double) {
        wallOrigin = origin
        self.origin = origin
        self.scale = DoubleClock.bounded(scale)
    }

    func now(_ wall: Instant) -> Instant {
        let passed = Double((wall - wallOrigin).microseconds) * scale
        return origin + Span(microseconds: Int64(exactly: passed.rounded()) ?? 0)
    }

    /// From now on a second of the wall clock is `scale` seconds here.
    mutating func run(at scale: Double, from wall: Instant) {
        origin = now(wall)
        wallOrigin = wall
        self.scale = DoubleClock.bounded(scale)
    }

    mutating func advance(_ span: Span, at wall: Instant) {
        origin = now(wall) + max(.zero, span)
        wallOrigin = wall
    }

    /// Neither standing still nor so fast that a day overflows.
    private static func bounded(_ scale: Double) -> Double {
        scale.isFinite ? min(max(scale, 0.001), 1_000_000) : 1
    }
}
