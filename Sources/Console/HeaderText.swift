/// Attributes of events as the headers of an HTTP request carry them in binary mode.
enum HeaderText {
    private static let percent = UInt8(ascii: "%")
    private static let quote = UInt8(ascii: "\"")
    private static let backslash = UInt8(ascii: "\\")

    /// What a header stands for: quotes around it are taken away, then `%E6` and the like are the bytes of UTF-8.
    ///
    /// A percent sign before anything but two hexadecimal digits is itself. Nil if the bytes are no UTF-8. Rules of the
    /// CloudEvents HTTP binding 1.0.2, section 3.1.3.2.
    static func decoded(_ value: String) -> String? {
        let bytes = unquoted(Array(value.utf8))
        guard bytes.contains(percent) else { return String(validating: bytes, as: UTF8.self) }
        var plain: [UInt8] = []
        plain.reserveCapacity(bytes.count)
        var place = 0
        while place < bytes.count {
            if bytes[place] == percent, place + 2 < bytes.count, let high = digit(bytes[place + 1]),
                let low = digit(bytes[place + 2])
            {
                plain.append(high << 4 | low)
                place += 3
            } else {
                plain.append(bytes[place])
                place += 1
            }
        }
        return String(validating: plain, as: UTF8.self)
    }

    private static func unquoted(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.count >= 2, bytes.first == quote, bytes.last == quote else { return bytes }
        var plain: [UInt8] = []
        var isEscaped = false
        for byte in bytes.dropFirst().dropLast() {
            if byte == backslash, !isEscaped {
                isEscaped = true
            } else {
                plain.append(byte)
                isEscaped = false
            }
        }
        return plain
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
