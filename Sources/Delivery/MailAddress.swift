/// An address of the form that every mail server takes (RFC 5321, ASCII, no quoting), with a name beside it.
struct MailAddress: Hashable, Sendable {
    /// `office@example.org`.
    let address: String
    /// The name that is shown beside it; nil: none.
    let name: String?

    /// Reads `office@example.org` or `办公室 <office@example.org>`; nil for anything else.
    ///
    /// What it accepts can stand in a header and in an SMTP command without steering either.
    init?(_ text: String) {
        guard !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
            return nil
        }
        let trimmed = MailAddress.trimmed(text)
        guard trimmed.hasSuffix(">"), let open = trimmed.lastIndex(of: "<") else {
            guard MailAddress.isPlain(trimmed) else { return nil }
            address = trimmed
            name = nil
            return
        }
        let inner = String(trimmed[trimmed.index(after: open)...].dropLast())
        let shown = MailAddress.trimmed(String(trimmed[..<open]))
        guard MailAddress.isPlain(inner) else { return nil }
        address = inner
        name = shown.isEmpty ? nil : shown
    }

    /// The part behind the sign, which serves for identifiers too.
    var domain: String {
        String(address[address.index(after: address.lastIndex(of: "@") ?? address.startIndex)...])
    }

    /// As it stands in a header.
    var header: String { name.map { EncodedWords.encode($0) + " <\(address)>" } ?? address }

    private static func trimmed(_ text: String) -> String {
        let start = text.drop { $0 == " " }
        return String(start.reversed().drop { $0 == " " }.reversed())
    }

    private static func isPlain(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, (1...64).contains(parts[0].utf8.count),
            (1...189).contains(parts[1].utf8.count)
        else { return false }
        let isLocal = parts[0].utf8.allSatisfy { isWord($0) || "!#$%&'*+/=?^`{|}~.".utf8.contains($0) }
        let labels = parts[1].split(separator: ".", omittingEmptySubsequences: false)
        return isLocal && labels.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy(isWord) }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), 48...57,
            UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
