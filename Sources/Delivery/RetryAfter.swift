import Duty

/// Reads the `Retry-After` header (RFC 9110, section 10.2.3).
enum RetryAfter {
    /// How long to wait from `now`, never negative; nil if the text is neither seconds nor an HTTP date.
    static func span(_ text: String, now: Instant) -> Span? {
        let trimmed = text.split(separator: " ", omittingEmptySubsequences: true)
        if trimmed.count == 1, let first = trimmed.first, first.utf8.allSatisfy({ (48...57).contains($0) }) {
            return .seconds(min(Int64(first) ?? 86_400, 86_400))
        }
        guard let date = date(trimmed) else { return nil }
        return max(.zero, min(date - now, .days(1)))
    }

    /// `Sun, 06 Nov 1994 08:49:37 GMT`; the two obsolete forms are not read.
    private static func date(_ words: [Substring]) -> Instant? {
        guard words.count == 6, words[5] == "GMT", let month = months.firstIndex(of: words[2]) else {
            return nil
        }
        let text = "\(words[3])-\(padded(month + 1, 2))-\(words[1])T\(words[4])Z"
        return Instant(rfc3339: text)
    }

    private static let months: [Substring] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}
