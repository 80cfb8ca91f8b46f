import Duty

/// What `dutyclock watch` knows at one moment.
struct WatchState: Sendable {
    var status: Value = .null
    var rates: [Value] = []
    /// Those that ran out last come first.
    var overdue: [Value] = []
    /// Those with the least time left come first.
    var running: [Value] = []
    /// Whether the daemon says by itself when something is new.
    var isLive = false
    var problem: String?
    /// Seconds since this was asked for; what is left shrinks by them.
    var elapsed: Int64 = 0

    /// Everything as one JSON object.
    var value: Value {
        [
            "status": status, "rates": .array(rates), "overdue": .array(overdue), "running": .array(running),
        ]
    }
}

/// The picture of it: lines that fit a window.
struct WatchScreen {
    let state: WatchState
    let language: LocaleOption
    let hasColours: Bool
    private let words: BoardWords

    init(_ state: WatchState, _ language: LocaleOption, hasColours: Bool) {
        self.state = state
        self.language = language
        self.hasColours = hasColours
        words = BoardWords(language)
    }

    private struct Piece {
        let text: String
        var tone = BoardWords.Tone.plain
        var isStrong = false
    }

    /// At most `rows` lines of at most `columns` columns; without `rows`, all there are.
    func lines(columns: Int, rows: Int?) -> [String] {
        var lines = [title, counts] + rates(columns)
        if let rows, lines.count > rows / 2 { lines = Array(lines.prefix(max(2, rows / 2))) }
        let rest = rows.map { max(0, $0 - lines.count - 1) }
        lines += lists(rest, columns)
        if let rows {
            lines = Array(lines.prefix(max(0, rows - 1)))
            lines += Array(repeating: [], count: max(0, rows - 1 - lines.count))
            lines.append([Piece(text: words("q 退出  每秒刷新", "q quits  redrawn every second"), tone: .muted)])
        }
        return lines.prefix(rows ?? .max).map { render($0, columns) }
    }

    // MARK: Head

    private var title: [Piece] {
        let now = words.time(state.status["now"])
        var pieces = [
            Piece(text: "dutyclock", isStrong: true),
            Piece(text: "  " + printable(state.status["document"]) + "  " + now + "  "),
            state.isLive
                ? Piece(text: "● " + words("实时", "live"), tone: .good)
                : Piece(text: "○ " + words("定时刷新", "polling"), tone: .soon),
        ]
        if state.status["shadow"]?.bool == true {
            pieces.append(Piece(text: "  " + words("影子模式", "shadow mode"), tone: .soon))
        }
        let problems =
            [state.problem].compactMap { $0 }
            + words.problems(state.status)
        if let problem = problems.first {
            pieces.append(Piece(text: "  ! " + TextTable.printable(problem), tone: .late))
        }
        return pieces
    }

    private var counts: [Piece] {
        func count(_ name: String, _ label: String, _ tone: BoardWords.Tone) -> Piece {
            let number = state.status[name]?.integer ?? 0
            return Piece(text: "\(label) \(number)   ", tone: number > 0 ? tone : .plain, isStrong: true)
        }
        return [
            count("overdueClocks", "■ " + words("已超时", "overdue"), .late),
            count("runningClocks", "● " + words("进行中", "running"), .plain),
            count("pendingNotifications", "✉ " + words("待发", "on their way"), .plain),
            count("deadLetters", "☒ " + words("死信", "dead letters"), .soon),
        ]
    }

    /// Today's figures beside each other, each with its numbers and that of thirty days.
    private func rates(_ columns: Int) -> [[Piece]] {
        let cells = state.rates.filter { $0["wall"]?.bool != false }.map { rate -> Piece in
            let title = words.pick(rate["title"])
            let today = rate["today"] ?? .null
            guard rate["share"]?.bool == true else {
                let part = today["part"]?.integer ?? 0
                if let size = size(rate["unit"]?.string, part, of: today["whole"]?.integer ?? 0) {
                    return Piece(text: "\(title) \(size)", tone: .plain)
                }
                let measure = rate["measure"]?.string
                let isWrong = part > 0 && (measure == "breaches" || measure == "open")
                return Piece(text: "\(title) \(part)", tone: isWrong ? .late : .plain)
            }
            let (part, whole) = (today["part"]?.integer ?? 0, today["whole"]?.integer ?? 0)
            let cases = today["cases"]?.integer ?? whole
            let month = rate["month"].flatMap(percent).map { words(" 30天", " 30 d ") + $0 } ?? ""
            let of = rate["measure"]?.string == "composite" ? "n=\(cases)" : "\(part)/\(whole)"
            let kept = rate["betterLow"]?.bool == true ? whole - part : part
            return Piece(
                text: title + " " + (percent(today) ?? "–") + " (\(of))" + month,
                tone: cases < 5 ? .plain : tone(kept, whole)
            )
        }
        let width = (cells.map { TextTable.width($0.text) }.max() ?? 0) + 3
        // Beside each other on a screen; a line of a file is not longer than one can read.
        let perLine = max(1, min(columns, 120) / width)
        return stride(from: 0, to: cells.count, by: perLine).map { start in
            cells[start..<min(start + perLine, cells.count)].map { cell in
                let padding = String(repeating: " ", count: width - TextTable.width(cell.text))
                return Piece(text: cell.text + padding, tone: cell.tone)
            }
        }
    }

    /// A figure with a unit: a time or an age with the number of those that it is taken from, or an amount.
    private func size(_ unit: String?, _ number: Int64, of count: Int64) -> String? {
        let counted = " (n=\(count))"
        switch unit {
        case "minutes": return (count > 0 ? words("\(number) 分钟", "\(number) min") : "–") + counted
        case "days": return (count > 0 ? words("\(number) 天", "\(number) days") : "–") + counted
        case "fen": return "¥" + Fen(number).yuan
        default: return nil
        }
    }

    /// Few cases say little; no colour is made of them.
    private func tone(_ part: Int64, _ whole: Int64) -> BoardWords.Tone {
        guard whole >= 5 else { return .plain }
        let ratio = Double(part) / Double(whole)
        return ratio >= 0.95 ? .good : ratio >= 0.8 ? .soon : .late
    }

    private func percent(_ share: Value) -> String? {
        guard let part = share["part"]?.integer, let whole = share["whole"]?.integer, whole > 0 else {
            return nil
        }
        let permille = (part * 1_000 + whole / 2) / whole
        return "\(permille / 10).\(permille % 10)%"
    }

    // MARK: Lists

    /// Both lists in `space` lines; each gets what the other leaves.
    private func lists(_ space: Int?, _ columns: Int) -> [[Piece]] {
        let (late, running) = (state.overdue.count, state.running.count)
        var shownLate = late
        var shownRunning = running
        if let space {
            // A heading for each list, and a line of column heads.
            let free = max(0, space - 3)
            shownLate = min(late, max(free / 2, free - running))
            shownRunning = min(running, free - shownLate)
        }
        let shown = state.overdue.prefix(shownLate) + state.running.prefix(shownRunning)
        let names =
            language.isChinese
            ? ["状态", "剩余", "到期", "事项", "企业", "时限要求", "责任人"]
            : ["state", "left", "due", "matter", "enterprise", "limit", "owner"]
        // In a narrow window the number is worth more than the due time, which the time left tells.
        let due = 2
        func fitting(_ cells: [String]) -> [String] {
            columns >= Self.wide ? cells : cells.enumerated().filter { $0.offset != due }.map(\.element)
        }
        let heads = fitting(names)
        let cells = shown.map { row in
            fitting(words.cells(row, elapsed: state.elapsed).map(TextTable.printable))
        }
        var widths = heads.map(TextTable.width)
        for row in cells {
            for (column, cell) in row.enumerated() {
                widths[column] = max(widths[column], TextTable.width(cell))
            }
        }
        func line(_ cells: [String], _ tone: BoardWords.Tone) -> [Piece] {
            let text = zip(cells, widths).map { cell, width in
                cell + String(repeating: " ", count: width - TextTable.width(cell))
            }
            return [Piece(text: text.joined(separator: "  "), tone: tone)]
        }
        let tones = shown.map { row in
            words.mark(row, row["leftSeconds"]?.integer.map { $0 - state.elapsed }).tone
        }
        let lines = zip(cells, tones).map { line($0, $1) }
        return [line(heads, .muted)]
            + [heading(words("已超时", "Overdue"), shownLate, of: late, "overdueClocks")]
            + lines.prefix(shownLate)
            + [heading(words("进行中", "Running"), shownRunning, of: running, "runningClocks")]
            + lines.dropFirst(shownLate)
    }

    private static let wide = 72

    private func heading(_ title: String, _ shown: Int, of known: Int, _ name: String) -> [Piece] {
        let all = max(Int(state.status[name]?.integer ?? 0), known)
        let text = all == 0 ? words(":没有", ": none") : words(",显示\(shown)件", ", \(shown) shown")
        return [Piece(text: title + text, isStrong: true)]
    }

    private func printable(_ value: Value?) -> String { TextTable.printable(value?.string ?? "") }

    // MARK: Lines

    private func render(_ pieces: [Piece], _ columns: Int) -> String {
        var free = columns
        var line = ""
        for (index, piece) in pieces.enumerated() {
            var text = Self.cut(piece.text, free)
            if index == pieces.count - 1 { while text.hasSuffix(" ") { text.removeLast() } }
            free -= TextTable.width(text)
            line += styled(text, piece)
        }
        return line
    }

    /// As much of the text as fits.
    private static func cut(_ text: String, _ columns: Int) -> String {
        guard TextTable.width(text) > columns else { return text }
        var kept = ""
        var width = 0
        for character in text {
            width += TextTable.width(String(character))
            guard width <= columns else { break }
            kept.append(character)
        }
        return kept
    }

    private func styled(_ text: String, _ piece: Piece) -> String {
        guard hasColours, !text.isEmpty else { return text }
        let colour =
            switch piece.tone {
            case .plain: ""
            case .late: "31"
            case .soon: "33"
            case .good: "32"
            case .muted: "2"
            }
        let codes = [piece.isStrong ? "1" : "", colour].filter { !$0.isEmpty }
        return codes.isEmpty ? text : "\u{1B}[\(codes.joined(separator: ";"))m" + text + "\u{1B}[0m"
    }
}
