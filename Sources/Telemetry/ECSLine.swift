/// Writes log lines as JSON objects with the names of the Elastic Common Schema, flat and dotted.
package struct ECSLine: Sendable {
    /// The schema's release that the names follow.
    package static let schemaVersion = "9.5.0"

    /// No string on a line is longer than this many bytes; journald splits lines of 48 KiB.
    package static let stringLimit = 4096

    /// The members that do not change from line to line, with a comma before each.
    private let constant: [UInt8]

    package init(identity: ServiceIdentity) {
        var bytes: [UInt8] = []
        let members: [LogField] = [
            ("ecs.version", .string(Self.schemaVersion)),
            ("service.name", .string(identity.name)),
            ("service.version", .string(identity.version)),
            ("service.environment", .string(identity.environment)),
            ("service.node.name", .string(identity.node)),
            ("host.name", .string(identity.host)),
            ("process.pid", .int(Int64(identity.processID))),
        ]
        for member in members { Self.appendMember(member, to: &bytes) }
        constant = bytes
    }

    /// Appends one line with its newline.
    package func append(
        time: EpochMilliseconds,
        level: LogLevel,
        message: String,
        logger: String,
        fields: [LogField],
        to bytes: inout [UInt8]
    ) {
        bytes.append(contentsOf: "{\"@timestamp\":\"".utf8)
        Timestamp.append(time, to: &bytes)
        bytes.append(contentsOf: "\",\"log.level\":\"".utf8)
        bytes.append(contentsOf: level.name.utf8)
        bytes.append(contentsOf: "\",\"message\":".utf8)
        Self.appendString(message, to: &bytes)
        bytes.append(contentsOf: ",\"log.logger\":".utf8)
        Self.appendString(logger, to: &bytes)
        bytes.append(contentsOf: constant)
        for field in fields { Self.appendMember(field, to: &bytes) }
        bytes.append(UInt8(ascii: "}"))
        bytes.append(UInt8(ascii: "\n"))
    }

    private static func appendMember(_ member: LogField, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: ","))
        appendString(member.name, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        appendValue(member.value, to: &bytes)
    }

    private static func appendValue(_ value: LogValue, to bytes: inout [UInt8]) {
        switch value {
        case .string(let text): appendString(text, to: &bytes)
        case .int(let number): bytes.append(contentsOf: String(number).utf8)
        case .double(let number) where number.isFinite: bytes.append(contentsOf: "\(number)".utf8)
        case .double: bytes.append(contentsOf: "null".utf8)
        case .bool(let flag): bytes.append(contentsOf: (flag ? "true" : "false").utf8)
        case .list(let texts):
            bytes.append(UInt8(ascii: "["))
            for (index, text) in texts.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                appendString(text, to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        }
    }

    private static func appendString(_ text: String, to bytes: inout [UInt8]) {
        var text = text
        bytes.append(UInt8(ascii: "\""))
        text.withUTF8 { appendEscaped($0, to: &bytes) }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Copies runs that need no escape at once.
    private static func appendEscaped(_ text: UnsafeBufferPointer<UInt8>, to bytes: inout [UInt8]) {
        let end = clippedEnd(text)
        var start = 0
        for index in 0..<end {
            let byte = text[index]
            guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
            bytes.append(contentsOf: text[start..<index])
            appendEscape(byte, to: &bytes)
            start = index + 1
        }
        bytes.append(contentsOf: text[start..<end])
        if end < text.count { bytes.append(contentsOf: "…".utf8) }
    }

    /// Where to stop so that the limit holds and no character is cut.
    private static func clippedEnd(_ text: UnsafeBufferPointer<UInt8>) -> Int {
        guard text.count > stringLimit else { return text.count }
        var end = stringLimit
        while end > 0, text[end] & 0xC0 == 0x80 { end -= 1 }
        return end
    }

    private static func appendEscape(_ byte: UInt8, to bytes: inout [UInt8]) {
        switch byte {
        case UInt8(ascii: "\""): bytes.append(contentsOf: "\\\"".utf8)
        case UInt8(ascii: "\\"): bytes.append(contentsOf: "\\\\".utf8)
        case UInt8(ascii: "\n"): bytes.append(contentsOf: "\\n".utf8)
        case UInt8(ascii: "\t"): bytes.append(contentsOf: "\\t".utf8)
        default:
            bytes.append(contentsOf: byte < 0x10 ? "\\u000".utf8 : "\\u00".utf8)
            bytes.append(contentsOf: String(byte, radix: 16).utf8)
        }
    }
}
