import Duty

/// A token bucket in the form of the generic cell rate algorithm: one number, pure, time is passed in.
package struct Budget: Hashable, Sendable {
    /// `count` messages in each `per`, at most `count` of them at once.
    package struct Rate: Hashable, Sendable {
        package let count: Int
        package let per: Span

        package init(_ count: Int, per: Span) {
            self.count = max(1, count)
            self.per = max(.zero, per)
        }
    }

    private let spacing: Span
    private let slack: Span
    /// When the bucket would be full again.
    private var fullAt: Instant = .distantPast

    package init(_ rate: Rate) {
        spacing = Span(microseconds: rate.per.microseconds / Int64(rate.count))
        slack = Span(microseconds: spacing.microseconds * Int64(rate.count - 1))
    }

    /// From when on one message may leave.
    package var readyAt: Instant { fullAt - slack }

    /// Takes one token, if there is one.
    package mutating func take(at now: Instant) -> Bool {
        guard now >= readyAt else { return false }
        fullAt = max(fullAt, now) + spacing
        return true
    }

    /// Whether nothing would change if this bucket were forgotten.
    package func isFull(at now: Instant) -> Bool { now >= fullAt }
}
