import Duty

/// JSON for people: indented by two, with what fits on one line left on one line.
package enum PrettyJSON {
    private static let width = 110

    package static func text(_ value: Value) -> String { render(value, indent: 0, before: 0) + "\n" }

    /// `before` is what stands in front of the value on its line.
    private static func render(_ value: Value, indent: Int, before: Int) -> String {
        let short = line(value)
        if indent + before + short.count <= width, indent > 0 { return short }
        switch value {
        case .object(let members) where !members.isEmpty:
            return block(
                "{",
                members.map { member in
                    let name = JSONWriter.text(.string(member.name)) + ": "
                    return name + render(member.value, indent: indent + 2, before: name.count + 1)
                },
                "}",
                indent
            )
        case .array(let values) where !values.isEmpty:
            return block("[", values.map { render($0, indent: indent + 2, before: 1) }, "]", indent)
        default: return short
        }
    }

    private static func block(_ open: String, _ items: [String], _ close: String, _ indent: Int) -> String {
        let inner = String(repeating: " ", count: indent + 2)
        return open + "\n" + items.map { inner + $0 }.joined(separator: ",\n") + "\n"
            + String(repeating: " ", count: indent) + close
    }

    private static func line(_ value: Value) -> String {
        switch value {
        case .object(let members):
            "{"
                + members.map { JSONWriter.text(.string($0.name)) + ": " + line($0.value) }.joined(
                    separator: ", "
                )
                + "}"
        case .array(let values): "[" + values.map(line).joined(separator: ", ") + "]"
        default: JSONWriter.text(value)
        }
    }
}
