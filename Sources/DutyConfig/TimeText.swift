import Duty

/// Lengths of time and times of day as people write them in the files.
enum TimeText {
    static let spanForm = "a length of time such as 250ms, 30s, 15m, 24h, 400d or 10y"

    /// `250ms`, `30s`, `15m`, `24h`, `400d`, `10y` (a year is 365 days); nil for anything else.
    static func span(_ text: String) -> Span? {
        let digits = text.prefix(while: \.isASCIIDigit)
        guard let count = Int64(digits), text.utf8.count <= 8 else { return nil }
        switch text[digits.endIndex...] {
        case "ms": return Span(microseconds: count * 1_000)
        case "s": return .seconds(count)
        case "m": return .minutes(count)
        case "h": return .hours(count)
        case "d": return .days(count)
        case "y": return count <= 1_000 ? .days(count * 365) : nil
        default: return nil
        }
    }

    /// `09:07` as minutes after midnight; `24:00` is the end of the day.
    static func minute(_ text: String) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 && $0.allSatisfy(\.isASCIIDigit) }),
            let hour = Int(parts[0]), let minute = Int(parts[1]), minute < 60, hour * 60 + minute <= 1_440
        else { return nil }
        return hour * 60 + minute
    }
}

extension Character {
    var isASCIIDigit: Bool { isASCII && isNumber }
}
