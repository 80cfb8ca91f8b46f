/// Rows of cells in columns that stand one below the other, also with Chinese in them.
struct TextTable {
    private var rows: [[String]]
    /// Columns that end at one line instead of beginning there.
    private let numbers: Set<Int>

    init(_ head: [String], numbers: Set<Int> = []) {
        rows = [head]
        self.numbers = numbers
    }

    mutating func add(_ cells: [String]) { rows.append(cells.map(Self.printable)) }

    var text: String {
        var widths: [Int] = []
        for row in rows {
            for (column, cell) in row.enumerated() {
                if column == widths.count { widths.append(0) }
                widths[column] = max(widths[column], Self.width(cell))
            }
        }
        return rows.map { line($0, widths) + "\n" }.joined()
    }

    private func line(_ row: [String], _ widths: [Int]) -> String {
        var line = ""
        for (column, cell) in row.enumerated() {
            let padding = String(repeating: " ", count: widths[column] - Self.width(cell))
            line += (column > 0 ? "  " : "") + (numbers.contains(column) ? padding + cell : cell + padding)
        }
        while line.hasSuffix(" ") { line.removeLast() }
        return line
    }

    /// Columns of the terminal; Chinese characters and their punctuation take two.
    static func width(_ text: String) -> Int {
        text.unicodeScalars.reduce(0) { sum, scalar in
            switch scalar.value {
            case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
                0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
                sum + 2
            default: scalar.properties.isGraphemeExtend ? sum : sum + 1
            }
        }
    }

    /// The text without what could steer a terminal: numbers of fines and decisions come from outside.
    static func printable(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map {
                    switch $0.properties.generalCategory {
                    case .control, .format, .lineSeparator, .paragraphSeparator: "\u{FFFD}"
                    default: $0
                    }
                }
            )
        )
    }
}
