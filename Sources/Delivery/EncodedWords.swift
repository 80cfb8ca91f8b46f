import FoundationEssentials

/// Texts in the headers of a mail (RFC 2047).
enum EncodedWords {
    /// Bytes of one word: with `=?UTF-8?B?` and `?=` around their base64 it stays below the 75 characters that a
    /// word may have, and leaves room for the name of the header before the first.
    private static let bytesPerWord = 39

    /// `text` as one or more words of UTF-8 in base64, folded between them; plain short ASCII stays as it is.
    ///
    /// Line breaks and other control characters become spaces, so that no text can begin a header of its own.
    static func encode(_ text: String) -> String {
        let line = singleLine(text)
        if isPlain(line) { return line }
        return pieces(line).map { "=?UTF-8?B?\(Data($0.utf8).base64EncodedString())?=" }
            .joined(separator: "\r\n ")
    }

    private static func singleLine(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let isBreak =
                scalar.properties.generalCategory == .control
                || "\u{2028}\u{2029}".unicodeScalars.contains(scalar)
            result.append(isBreak ? " " : scalar)
        }
        return String(result)
    }

    /// What a reader takes for an encoded word, or a server for the end of something, is not plain.
    private static func isPlain(_ text: String) -> Bool {
        text.utf8.count <= 60 && !text.contains("=?") && text.first != " " && text.last != " "
            && text.utf8.allSatisfy { (0x20...0x7E).contains($0) && !"\"(),:;<>@[\\]".utf8.contains($0) }
    }

    /// Parts of at most so many bytes; a character is never cut, however long it is.
    private static func pieces(_ text: String) -> [String] {
        var pieces: [String] = []
        var current = ""
        for character in text {
            if !current.isEmpty, current.utf8.count + character.utf8.count > bytesPerWord {
                pieces.append(current)
                current = ""
            }
            if character.utf8.count > bytesPerWord {
                pieces += character.unicodeScalars.map { String($0) }
            } else {
                current.append(character)
            }
        }
        if !current.isEmpty { pieces.append(current) }
        return pieces
    }
}
