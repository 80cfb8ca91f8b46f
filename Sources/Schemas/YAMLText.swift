import Duty

/// A value as a YAML document in block style; short lists of plain values stay on one line.
package enum YAMLText {
    private static let width = 110

    package static func text(_ value: Value) -> String {
        lines(value, indent: 0).joined(separator: "\n") + "\n"
    }

    private static func lines(_ value: Value, indent: Int) -> [String] {
        let space = String(repeating: " ", count: indent)
        switch value {
        case .object(let members):
            return members.flatMap { member in
                entry(space + scalar(.string(member.name)) + ":", member.value, indent: indent + 2)
            }
        case .array(let values):
            return values.flatMap { value -> [String] in
                guard isBlock(value) else { return [space + "- " + flow(value)] }
                var below = lines(value, indent: indent + 2)
                below[0] = space + "- " + below[0].dropFirst(indent + 2)
                return below
            }
        default: return [space + scalar(value)]
        }
    }

    private static func entry(_ name: String, _ value: Value, indent: Int) -> [String] {
        if let text = value.string, text.contains("\n") {
            let space = String(repeating: " ", count: indent)
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            return [name + " |-"] + lines.map { $0.isEmpty ? "" : space + $0 }
        }
        let line = name + " " + flow(value)
        let isShort = value.array.map { $0.allSatisfy { !isBlock($0) } && line.count <= width } ?? false
        guard isBlock(value), !isShort else { return [line] }
        return [name] + lines(value, indent: indent)
    }

    private static func isBlock(_ value: Value) -> Bool {
        switch value {
        case .object(let members): !members.isEmpty
        case .array(let values): !values.isEmpty
        default: false
        }
    }

    private static func flow(_ value: Value) -> String {
        switch value {
        case .array(let values): "[" + values.map(flow).joined(separator: ", ") + "]"
        case .object: "{}"
        default: scalar(value)
        }
    }

    /// A string is quoted, as in JSON, unless nothing in it can mean anything else.
    private static func scalar(_ value: Value) -> String {
        guard case .string(let text) = value, isPlain(text) else { return JSONWriter.text(value) }
        return text
    }

    private static let words: Set<String> = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"]

    private static func isPlain(_ text: String) -> Bool {
        guard let first = text.utf8.first, isLetter(first), !words.contains(text.lowercased()) else {
            return false
        }
        return text.utf8.allSatisfy { isLetter($0) || (48...57).contains($0) || "-_./".utf8.contains($0) }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (97...122).contains(byte | 0x20) }
}
