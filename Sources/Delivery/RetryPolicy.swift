import Duty

/// How often one channel is tried for one notification, and how long to wait between.
package struct RetryPolicy: Hashable, Sendable {
    /// Tries on one channel, the first one included.
    package let attempts: Int
    /// The longest wait after the first failure; it doubles with each further one.
    package let base: Span
    /// No wait of our own is longer.
    package let cap: Span

    package init(attempts: Int = 4, base: Span = .seconds(2), cap: Span = .seconds(60)) {
        self.attempts = max(1, attempts)
        self.base = max(.zero, base)
        self.cap = max(.zero, cap)
    }

    /// No wait that a provider asks for is honoured beyond this.
    package static let longestProviderWait = Span.hours(1)

    /// The wait after try `number` (1…): full jitter, and never less than the provider asked for.
    ///
    /// `unit` is a random number, 0 ≤ `unit` < 1.
    package func wait(after number: Int, unit: Double, provider: Span?) -> Span {
        let doublings = min(max(0, number - 1), 20)
        let (grown, overflow) = base.microseconds.multipliedReportingOverflow(
            by: Int64(1) << Int64(doublings)
        )
        let ceiling = overflow ? cap.microseconds : min(grown, cap.microseconds)
        let part = unit.isFinite ? min(max(unit, 0), 1) : 1
        let jittered = Span(microseconds: Int64(exactly: (Double(ceiling) * part).rounded(.down)) ?? ceiling)
        return max(jittered, min(provider ?? .zero, RetryPolicy.longestProviderWait))
    }

    /// A number in 0..<1 that is always the same for the same try, and unlike that of any other.
    ///
    /// A wait drawn from it survives a restart, so the next step stays a pure function of the tries so far.
    package static func stableUnit(key: String, channel: String, number: Int) -> Double {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in "\(key)\n\(channel)\n\(number)".utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        hash = (hash ^ (hash >> 33)) &* 0xff51_afd7_ed55_8ccd
        hash = (hash ^ (hash >> 33)) &* 0xc4ce_b9fe_1a85_ec53
        return Double((hash ^ (hash >> 33)) >> 11) / 9_007_199_254_740_992
    }
}
