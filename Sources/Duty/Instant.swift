/// A moment in UTC, to the microsecond.
///
/// Never read from a clock in this module.
package struct Instant: Hashable, Sendable, Comparable {
    /// Microseconds since 1970-01-01T00:00:00Z.
    package let microseconds: Int64

    package init(microseconds: Int64) { self.microseconds = microseconds }
    package init(seconds: Int64) { self.microseconds = seconds &* 1_000_000 }
    package init(milliseconds: Int64) { self.microseconds = milliseconds &* 1_000 }

    /// Whole seconds since the epoch, rounded down.
    package var seconds: Int64 { microseconds.floorDivided(by: 1_000_000) }
    /// Whole milliseconds since the epoch, rounded down.
    package var milliseconds: Int64 { microseconds.floorDivided(by: 1_000) }

    package static func < (left: Instant, right: Instant) -> Bool { left.microseconds < right.microseconds }
    package static func + (instant: Instant, span: Span) -> Instant {
        Instant(microseconds: instant.microseconds &+ span.microseconds)
    }
    package static func - (instant: Instant, span: Span) -> Instant {
        Instant(microseconds: instant.microseconds &- span.microseconds)
    }
    /// The earlier of two, where both are there.
    static func earlier(_ one: Instant?, _ other: Instant?) -> Instant? {
        guard let one, let other else { return one ?? other }
        return min(one, other)
    }
    /// How long from `earlier` to `later`; negative when they are the other way round.
    package static func - (later: Instant, earlier: Instant) -> Span {
        Span(microseconds: later.microseconds &- earlier.microseconds)
    }

    package static let distantPast = Instant(microseconds: Int64.min / 4)
    package static let distantFuture = Instant(microseconds: Int64.max / 4)
}

/// A length of time, to the microsecond.
package struct Span: Hashable, Sendable, Comparable {
    package let microseconds: Int64

    package init(microseconds: Int64) { self.microseconds = microseconds }
    package static func seconds(_ count: Int64) -> Span { Span(microseconds: count &* 1_000_000) }
    package static func minutes(_ count: Int64) -> Span { .seconds(count &* 60) }
    package static func hours(_ count: Int64) -> Span { .minutes(count &* 60) }
    package static func days(_ count: Int64) -> Span { .hours(count &* 24) }

    /// Whole seconds, rounded toward zero.
    package var seconds: Int64 { microseconds / 1_000_000 }
    package static let zero = Span(microseconds: 0)

    package static func < (left: Span, right: Span) -> Bool { left.microseconds < right.microseconds }
    package static func + (left: Span, right: Span) -> Span {
        Span(microseconds: left.microseconds &+ right.microseconds)
    }
    package static func - (left: Span, right: Span) -> Span {
        Span(microseconds: left.microseconds &- right.microseconds)
    }
}

extension Int64 {
    /// Division that rounds toward minus infinity; `divisor` must be positive.
    package func floorDivided(by divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}
