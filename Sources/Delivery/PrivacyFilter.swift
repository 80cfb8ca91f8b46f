/// Hides personal numbers in text that leaves: mobile and identity numbers, bank cards, e-mail addresses.
///
/// One pass over the bytes and no backtracking beyond one word, so the time is linear in the length.
package enum PrivacyFilter {
    /// `text` with what it finds masked: `138****1234`, `4****************X`, a card as stars, `z***@example.org`.
    package static func mask(_ text: String) -> String {
        let bytes = Array(text.utf8)
        guard bytes.contains(where: { isDigit($0) || $0 == at }) else { return text }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            guard isLocal(bytes[index]) else {
                result.append(bytes[index])
                index += 1
                continue
            }
            var end = index
            while end < bytes.count, isLocal(bytes[end]) { end += 1 }
            if let domainEnd = emailEnd(bytes, at: end) {
                result.append(bytes[index])
                result += [star, star, star]
                result += bytes[end..<domainEnd]
                index = domainEnd
            } else {
                maskNumbers(bytes[index..<end], &result)
                index = end
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static let star = UInt8(ascii: "*")
    private static let at = UInt8(ascii: "@")

    private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
    private static func isLetter(_ byte: UInt8) -> Bool { (97...122).contains(byte | 0x20) }

    /// Whether the byte may stand in front of the @ of an address.
    private static func isLocal(_ byte: UInt8) -> Bool {
        isDigit(byte) || isLetter(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_")
            || byte == UInt8(ascii: "%") || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")
    }

    /// Where the domain after an @ at `start` ends; nil if there is no @ or no domain with a dot in it.
    private static func emailEnd(_ bytes: [UInt8], at start: Int) -> Int? {
        guard start < bytes.count, bytes[start] == at else { return nil }
        var end = start + 1
        while end < bytes.count,
            isDigit(bytes[end]) || isLetter(bytes[end]) || [0x2D, 0x2E].contains(bytes[end])
        {
            end += 1
        }
        while end > start + 1, !isDigit(bytes[end - 1]), !isLetter(bytes[end - 1]) { end -= 1 }
        let domain = bytes[(start + 1)..<end]
        guard let first = domain.first, first != 0x2E, domain.contains(0x2E) else { return nil }
        return end
    }

    /// Masks the runs of digits in a word.
    private static func maskNumbers(_ word: ArraySlice<UInt8>, _ result: inout [UInt8]) {
        var index = word.startIndex
        while index < word.endIndex {
            guard isDigit(word[index]) else {
                result.append(word[index])
                index += 1
                continue
            }
            var end = index
            while end < word.endIndex, isDigit(word[end]) { end += 1 }
            // The last place of an identity number may be an X, if the word ends there.
            let hasX = end - index == 17 && end < word.endIndex && word[end] | 0x20 == UInt8(ascii: "x")
            if hasX, end + 1 == word.endIndex || !isLetter(word[end + 1]) && !isDigit(word[end + 1]),
                isIdentityNumber(word[index...end])
            {
                end += 1
            }
            result += masked(word[index..<end])
            index = end
        }
    }

    private static func masked(_ run: ArraySlice<UInt8>) -> [UInt8] {
        let start = run.startIndex
        if isMobile(run) { return stars(run, keeping: 3, and: 4) }
        // A mobile number behind the country code 86.
        if run.count == 13, run[start] == 56, run[start + 1] == 54, isMobile(run.dropFirst(2)) {
            return stars(run, keeping: 5, and: 4)
        }
        if isIdentityNumber(run) { return stars(run, keeping: 1, and: 1) }
        if (13...19).contains(run.count), passesLuhn(run) { return stars(run, keeping: 0, and: 0) }
        return Array(run)
    }

    private static func stars(_ run: ArraySlice<UInt8>, keeping head: Int, and tail: Int) -> [UInt8] {
        run.prefix(head) + [UInt8](repeating: star, count: run.count - head - tail) + run.suffix(tail)
    }

    /// Eleven digits from 13 to 19.
    private static func isMobile(_ run: ArraySlice<UInt8>) -> Bool {
        let start = run.startIndex
        return run.count == 11 && run[start] == 49 && (51...57).contains(run[start + 1])
    }

    /// Eighteen places whose last one is the check digit of the others (GB 11643-1999).
    private static func isIdentityNumber(_ run: ArraySlice<UInt8>) -> Bool {
        guard run.count == 18, let last = run.last else { return false }
        let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
        let sum = zip(run, weights).reduce(0) { $0 + Int($1.0 - 48) * $1.1 }
        let check = Array("10X98765432".utf8)[sum % 11]
        return last == check || last == check | 0x20
    }

    /// The checksum of bank cards (ISO/IEC 7812-1).
    private static func passesLuhn(_ run: ArraySlice<UInt8>) -> Bool {
        var sum = 0
        for (place, byte) in run.reversed().enumerated() {
            let digit = Int(byte - 48)
            sum += place % 2 == 0 ? digit : digit > 4 ? 2 * digit - 9 : 2 * digit
        }
        return sum % 10 == 0
    }
}
