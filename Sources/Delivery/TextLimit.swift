/// Shortens texts to what a provider takes, never inside a character; `…` shows that something is missing.
enum TextLimit {
    /// At most `limit` bytes of UTF-8.
    static func bytes(_ text: String, _ limit: Int) -> String {
        guard text.utf8.count > limit else { return text }
        return prefix(text, limit - ellipsis.utf8.count) { $0.utf8.count } + (limit < 3 ? "" : ellipsis)
    }

    /// At most `limit` characters as providers count them: Unicode scalars.
    static func scalars(_ text: String, _ limit: Int) -> String {
        guard text.unicodeScalars.count > limit else { return text }
        return prefix(text, limit - 1) { $0.unicodeScalars.count } + (limit < 1 ? "" : ellipsis)
    }

    private static let ellipsis = "…"

    private static func prefix(_ text: String, _ room: Int, _ size: (Character) -> Int) -> String {
        var used = 0
        var end = text.startIndex
        while end < text.endIndex {
            used += size(text[end])
            guard used <= room else { break }
            end = text.index(after: end)
        }
        return String(text[..<end])
    }
}
