import Glibc

/// Milliseconds since 1970-01-01T00:00:00Z, as log lines carry time.
package typealias EpochMilliseconds = Int64

/// Writes moments in the form of RFC 3339.
enum Timestamp {
    /// The wall clock now.
    static func now() -> EpochMilliseconds {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }

    /// Appends `2026-11-23T06:35:00.112Z`.
    static func append(_ moment: EpochMilliseconds, to bytes: inout [UInt8]) {
        let (day, millisecond) = moment.floorDivided(by: 86_400_000)
        let date = civilDate(day)
        digits(date.year, 4, &bytes)
        bytes.append(UInt8(ascii: "-"))
        digits(date.month, 2, &bytes)
        bytes.append(UInt8(ascii: "-"))
        digits(date.day, 2, &bytes)
        bytes.append(UInt8(ascii: "T"))
        appendTime(millisecond, to: &bytes)
        bytes.append(UInt8(ascii: "Z"))
    }

    /// Appends `06:35:00.112` for a moment within a day.
    static func appendTime(_ millisecond: Int64, to bytes: inout [UInt8]) {
        digits(millisecond / 3_600_000, 2, &bytes)
        bytes.append(UInt8(ascii: ":"))
        digits(millisecond / 60_000 % 60, 2, &bytes)
        bytes.append(UInt8(ascii: ":"))
        digits(millisecond / 1000 % 60, 2, &bytes)
        bytes.append(UInt8(ascii: "."))
        digits(millisecond % 1000, 3, &bytes)
    }

    /// The Gregorian date of a day counted from 1970-01-01.
    ///
    /// Counts in years that begin in March, so that the leap day is the last of its year.
    private static func civilDate(_ day: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = (day + 719_468).floorDivided(by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
    }

    private static func digits(_ number: Int64, _ count: Int, _ bytes: inout [UInt8]) {
        var divisor: Int64 = count == 4 ? 1000 : count == 3 ? 100 : 10
        while divisor > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / divisor % 10))
            divisor /= 10
        }
    }
}

extension Int64 {
    func floorDivided(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
