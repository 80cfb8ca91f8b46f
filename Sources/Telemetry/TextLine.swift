/// Writes log lines for people: the time of day, the level, the message, then the fields.
package struct TextLine: Sendable {
    /// Added to UTC, for a reader at the place where the deadlines run.
    private let utcOffset: Int64
    private let colour: Bool

    /// `utcOffset` is in seconds, China's by default.
    package init(colour: Bool, utcOffset: Int64 = 8 * 3600) {
        self.colour = colour
        self.utcOffset = utcOffset
    }

    /// Appends one line with its newline.
    package func append(
        time: EpochMilliseconds,
        level: LogLevel,
        message: String,
        fields: [LogField],
        to bytes: inout [UInt8]
    ) {
        Timestamp.appendTime((time + utcOffset * 1000).floorDivided(by: 86_400_000).remainder, to: &bytes)
        bytes.append(UInt8(ascii: " "))
        paint(code(for: level), &bytes) { $0.append(contentsOf: Self.word(for: level).utf8) }
        bytes.append(UInt8(ascii: " "))
        Self.appendSafe(message, to: &bytes)
        for field in fields {
            bytes.append(UInt8(ascii: " "))
            paint("2", &bytes) {
                $0.append(contentsOf: field.name.utf8)
                $0.append(UInt8(ascii: "="))
            }
            Self.appendSafe(Self.text(of: field.value), to: &bytes)
        }
        bytes.append(UInt8(ascii: "\n"))
    }

    private func paint(_ code: String, _ bytes: inout [UInt8], _ body: (inout [UInt8]) -> Void) {
        if colour { bytes.append(contentsOf: "\u{1B}[\(code)m".utf8) }
        body(&bytes)
        if colour { bytes.append(contentsOf: "\u{1B}[0m".utf8) }
    }

    private func code(for level: LogLevel) -> String {
        switch level {
        case .trace, .debug: "2"
        case .info: "32"
        case .warn: "33"
        case .error, .fatal: "31"
        }
    }

    /// The level's name in five columns.
    private static func word(for level: LogLevel) -> String {
        level.name + String(repeating: " ", count: 5 - level.name.utf8.count)
    }

    private static func text(of value: LogValue) -> String {
        switch value {
        case .string(let text): text.contains(" ") || text.isEmpty ? "\"\(text)\"" : text
        case .int(let number): String(number)
        case .double(let number): "\(number)"
        case .bool(let flag): flag ? "true" : "false"
        case .list(let texts): "[" + texts.joined(separator: ", ") + "]"
        }
    }

    /// Control characters become visible, so that text from outside can neither forge a line nor steer
    /// the terminal.
    private static func appendSafe(_ text: String, to bytes: inout [UInt8]) {
        for scalar in text.unicodeScalars {
            if scalar.properties.generalCategory == .control {
                bytes.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".utf8)
            } else {
                bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            }
        }
    }
}
