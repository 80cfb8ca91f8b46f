import Glibc

/// A moment of the monotonic clock, in nanoseconds.
struct Ticks: Comparable, Sendable {
    var nanoseconds: Int64

    static var now: Ticks {
        var time = Glibc.timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Ticks(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    var timespec: timespec {
        Glibc.timespec(
            tv_sec: Int(nanoseconds / 1_000_000_000),
            tv_nsec: Int(nanoseconds % 1_000_000_000)
        )
    }

    /// Whole milliseconds from now, rounded up; 0 when the moment is past.
    var millisecondsLeft: Int32 {
        let left = nanoseconds - Ticks.now.nanoseconds
        return left <= 0 ? 0 : Int32(clamping: (left + 999_999) / 1_000_000)
    }

    static func < (left: Ticks, right: Ticks) -> Bool { left.nanoseconds < right.nanoseconds }

    static func + (moment: Ticks, duration: Duration) -> Ticks {
        let (sum, overflow) = moment.nanoseconds.addingReportingOverflow(duration.clampedNanoseconds)
        return Ticks(nanoseconds: overflow ? .max : sum)
    }
}

extension Duration {
    /// Nanoseconds, limited to what 64 bits hold.
    var clampedNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        guard !overflow else { return seconds < 0 ? .min : .max }
        let (sum, tooMuch) = whole.addingReportingOverflow(attoseconds / 1_000_000_000)
        return tooMuch ? (seconds < 0 ? .min : .max) : sum
    }

    /// Milliseconds for librdkafka, whose blocking calls want at least one.
    var clampedMilliseconds: Int32 { Int32(clamping: Swift.max(1, clampedNanoseconds / 1_000_000)) }
}
