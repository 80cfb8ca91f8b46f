/// Comma-separated values by RFC 4180, for spreadsheets.
struct CSVText {
    enum Cell {
        /// Text from anywhere: what a spreadsheet would take for a formula gets an apostrophe in front.
        case text(String)
        /// A number of ours, taken as it is.
        case number(Int64)
    }

    private(set) var text: String

    /// With `mark`: begins with the byte order mark by which spreadsheets know UTF-8.
    init(_ head: [String], mark: Bool) {
        text = mark ? "\u{FEFF}" : ""
        add(head.map { .text($0) })
    }

    mutating func add(_ cells: [Cell]) {
        text += cells.map(Self.written).joined(separator: ",") + "\r\n"
    }

    private static func written(_ cell: Cell) -> String {
        switch cell {
        case .number(let number): return String(number)
        case .text(let text):
            let safe = isFormula(text) ? "'" + text : text
            guard safe.unicodeScalars.contains(where: { ",\"\r\n".unicodeScalars.contains($0) }) else {
                return safe
            }
            return "\""
                + safe.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
                + "\""
        }
    }

    /// Whether the first character that is seen begins a formula, in half or full width, or hides one.
    private static func isFormula(_ text: String) -> Bool {
        let seen = text.unicodeScalars.first { !$0.properties.isWhitespace && $0.value >= 0x20 }
        let begins = seen.map { "=+-@\u{FF1D}\u{FF0B}\u{FF0D}\u{FF20}".unicodeScalars.contains($0) } ?? false
        let hides = text.unicodeScalars.first.map { $0.value < 0x20 } ?? false
        return begins || hides
    }
}
