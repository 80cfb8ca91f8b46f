/// Takes fixed-width digits and single characters from the front of a text.
struct DigitReader {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var place = 0

    private init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// What `body` makes of the bytes of `text`; events are full of moments, and a view of the text is several times as slow.
    static func read<Result>(_ text: String, _ body: (inout DigitReader) -> Result?) -> Result? {
        var text = text
        return text.withUTF8 { bytes in
            var reader = DigitReader(bytes)
            return body(&reader)
        }
    }

    var isAtEnd: Bool { place == bytes.count }

    private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

    mutating func number(_ width: Int) -> Int? {
        var value = 0
        for _ in 0..<width {
            guard let byte = next, (48...57).contains(byte) else { return nil }
            value = value * 10 + Int(byte - 48)
            place += 1
        }
        return value
    }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard let byte = next, UInt32(byte) == character.value else { return false }
        place += 1
        return true
    }

    /// Digits after a decimal point as microseconds; finer digits are cut off.
    mutating func microseconds() -> Int64? {
        var value: Int64 = 0
        var count = 0
        while let byte = next, (48...57).contains(byte) {
            if count < 6 { value = value * 10 + Int64(byte - 48) }
            count += 1
            place += 1
        }
        guard count > 0 else { return nil }
        for _ in count..<max(count, 6) { value *= 10 }
        return value
    }
}

/// Writes fixed-width digits, each group with the character behind it.
private struct DigitWriter {
    private let buffer: UnsafeMutableBufferPointer<UInt8>
    private(set) var count = 0

    init(_ buffer: UnsafeMutableBufferPointer<UInt8>) { self.buffer = buffer }

    mutating func put(_ number: Int, _ width: Int, then mark: Unicode.Scalar) {
        var rest = number
        for place in (count..<count + width).reversed() {
            buffer[place] = UInt8(48 + rest % 10)
            rest /= 10
        }
        buffer[count + width] = UInt8(ascii: mark)
        count += width + 1
    }
}

extension Instant {
    /// Reads an RFC 3339 timestamp with an offset (`2026-11-23T14:05:00+08:00`, `…Z`); nil for anything else.
    package init?(rfc3339 text: String) {
        guard let instant = DigitReader.read(text, Self.moment) else { return nil }
        self = instant
    }

    private static func moment(_ reader: inout DigitReader) -> Instant? {
        guard let year = reader.number(4), reader.take("-"), let month = reader.number(2), reader.take("-"),
            let day = reader.number(2), reader.take("T") || reader.take("t") || reader.take(" "),
            let hour = reader.number(2), reader.take(":"), let minute = reader.number(2), reader.take(":"),
            let second = reader.number(2), hour < 24, minute < 60, second <= 60,
            let date = CivilDate(year: year, month: month, day: day)
        else { return nil }
        var fraction: Int64 = 0
        if reader.take(".") {
            guard let digits = reader.microseconds() else { return nil }
            fraction = digits
        }
        guard let offset = reader.offsetSeconds(), reader.isAtEnd else { return nil }
        let seconds = date.dayNumber * 86_400 + Int64(hour * 3600 + minute * 60 + min(second, 59)) - offset
        return Instant(microseconds: seconds * 1_000_000 + fraction)
    }

    /// UTC with milliseconds: `2026-11-23T06:05:00.000Z`.
    package var rfc3339: String {
        let days = seconds.floorDivided(by: 86_400)
        let (year, month, day) = CivilDate(dayNumber: days).parts
        let second = Int(seconds - days * 86_400)
        let millis = Int(milliseconds - seconds * 1_000)
        // The journal quotes several moments an event: the digits are written in place, without a text for each.
        guard (0...9_999).contains(year) else {
            return "\(year)-\(padded(month, 2))-\(padded(day, 2))T" + Instant.clock(second, seconds: true)
                + "."
                + padded(millis, 3) + "Z"
        }
        return String(unsafeUninitializedCapacity: 24) { buffer in
            var text = DigitWriter(buffer)
            text.put(year, 4, then: "-")
            text.put(month, 2, then: "-")
            text.put(day, 2, then: "T")
            text.put(second / 3_600, 2, then: ":")
            text.put(second / 60 % 60, 2, then: ":")
            text.put(second % 60, 2, then: ".")
            text.put(millis, 3, then: "Z")
            return text.count
        }
    }

    /// The county's clock, without a zone: `2026-11-23 14:05:00`.
    package var local: String {
        let shifted = seconds + CivilDate.utcOffsetSeconds
        let second = Int(shifted - shifted.floorDivided(by: 86_400) * 86_400)
        return CivilDate(self).description + " " + Instant.clock(second, seconds: true)
    }

    static func clock(_ secondOfDay: Int, seconds: Bool) -> String {
        let text = padded(secondOfDay / 3600, 2) + ":" + padded(secondOfDay / 60 % 60, 2)
        return seconds ? text + ":" + padded(secondOfDay % 60, 2) : text
    }
}

extension DigitReader {
    /// `Z`, `+08:00` or `-05:30`, in seconds east of Greenwich.
    fileprivate mutating func offsetSeconds() -> Int64? {
        if take("Z") || take("z") { return 0 }
        let sign: Int64 = take("+") ? 1 : take("-") ? -1 : 0
        guard sign != 0, let hours = number(2), take(":"), let minutes = number(2), hours < 24, minutes < 60
        else { return nil }
        return sign * Int64(hours * 3600 + minutes * 60)
    }
}

extension Instant: CustomStringConvertible {
    package var description: String { rfc3339 }
}
