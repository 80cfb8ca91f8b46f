/// Texts as receivers can take them that read marks in a text, or refuse what nobody can see.
enum PlainText {
    /// Without control characters but line breaks: WeCom refuses their escapes (40033), and names that were
    /// copied out of documents have them.
    static func printable(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.map { isControl($0) ? " " : $0 }))
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar != "\n" && scalar.properties.generalCategory == .control
    }

    /// Without marks: nobody who files a complaint shall be able to call a whole group, or to put a link into a message.
    static func withoutMarks(_ text: String) -> String {
        String(text.map { $0 == "<" ? "〈" : $0 == ">" ? "〉" : $0 })
    }
}
