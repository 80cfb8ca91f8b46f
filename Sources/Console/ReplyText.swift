import Duty

/// What somebody wrote back to a text message.
///
/// `1 CP-2026-000123`, `收到 CP-2026-000123` or `ack …`: seen. `2 CP-2026-000123 电话`, `已联系 … 上门` or
/// `done … visit`: the enterprise was contacted, and how. Word, number and way may stand in any order, with
/// any space or punctuation between them.
struct ReplyText: Hashable, Sendable {
    enum Meaning: Hashable, Sendable {
        case acknowledge
        /// Without `mode` it does not say how the enterprise was contacted: as little as a bare tap on a card,
        /// and so no response.
        case contacted(mode: String?)
    }

    let meaning: Meaning
    /// The number of the matter, in capitals.
    let number: String

    /// Nil for what cannot be understood, says two things at a time, or names no number.
    init?(_ text: String) {
        guard text.utf8.count <= 1_000 else { return nil }
        let separators = Set(",.;:!()\u{FF0C}\u{3002}\u{FF1B}\u{FF1A}\u{3001}\u{FF01}\u{FF08}\u{FF09}")
        let words = text.split { $0.isWhitespace || separators.contains($0) }.flatMap(Self.parts)
        var verbs: Set<String> = []
        var modes: Set<String> = []
        var numbers: Set<String> = []
        for word in words {
            let lower = word.lowercased()
            if let verb = Self.verbs[lower] {
                verbs.insert(verb)
            } else if let mode = Self.modes[lower] {
                modes.insert(mode)
            } else if Self.isNumber(word) {
                numbers.insert(word.uppercased())
            }
        }
        guard verbs.count == 1, numbers.count == 1, modes.count <= 1, let verb = verbs.first,
            let number = numbers.first
        else { return nil }
        guard verb == "contacted" || modes.isEmpty else { return nil }
        self.number = number
        meaning = verb == "acknowledge" ? .acknowledge : .contacted(mode: modes.first)
    }

    private static let verbs = [
        "1": "acknowledge", "\u{FF11}": "acknowledge", "收到": "acknowledge", "ack": "acknowledge",
        "ok": "acknowledge", "2": "contacted", "\u{FF12}": "contacted", "已联系": "contacted",
        "已联系企业": "contacted", "done": "contacted",
    ]

    private static let modes = [
        "电话": "phone", "phone": "phone", "call": "phone", "上门": "visit", "走访": "visit", "visit": "visit",
        "信息": "message", "微信": "message", "短信": "message", "message": "message",
    ]

    /// People leave out the space between a Chinese word and a number: `收到CP-1`.
    private static func parts(_ word: Substring) -> [Substring] {
        var parts: [Substring] = []
        var start = word.startIndex
        var wasLatin: Bool?
        for index in word.indices {
            let isLatin = word[index].isASCII
            if let wasLatin, wasLatin != isLatin {
                parts.append(word[start..<index])
                start = index
            }
            wasLatin = isLatin
        }
        parts.append(word[start...])
        return parts
    }

    /// Letters, a hyphen, digits: `CP-2026-000123`.
    private static func isNumber(_ word: Substring) -> Bool {
        word.count <= 64 && word.contains("-") && word.contains(where: \.isNumber)
            && word.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }
    }
}
