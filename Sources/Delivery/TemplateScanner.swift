/// A tag of a template, and where it stands.
struct TemplateTag: Hashable {
    /// `#`, `^`, `/`, `!`, any other sign that opens a tag, or nil for a plain value.
    let sign: Character?
    let name: String
    let line: Int
    /// True inside a section: the value may be missing.
    let isConditional: Bool
}

/// Finds the tags of a template, for checks that the template engine does not make.
enum TemplateScanner {
    static func tags(_ text: String) -> [TemplateTag] {
        var tags: [TemplateTag] = []
        var line = 1
        var depth = 0
        var rest = text[...]
        while let brace = rest.firstIndex(of: "{") {
            line += rest[..<brace].filter(\.isNewline).count
            rest = rest[brace...]
            guard rest.hasPrefix("{{") else {
                rest = rest.dropFirst()
                continue
            }
            rest = rest.dropFirst(2)
            let body = rest.prefix { $0 != "}" }
            let tag = parse(String(body), line: line, depth: depth)
            if tag.sign == "#" || tag.sign == "^" { depth += 1 }
            if tag.sign == "/" { depth -= 1 }
            tags.append(tag)
            line += body.filter(\.isNewline).count
            rest = rest[body.endIndex...].drop { $0 == "}" }
        }
        return tags
    }

    private static func parse(_ body: String, line: Int, depth: Int) -> TemplateTag {
        let trimmed = body.split(separator: " ").joined(separator: " ")
        guard let first = trimmed.first, !first.isLetter else {
            return TemplateTag(sign: nil, name: trimmed, line: line, isConditional: depth > 0)
        }
        let name = trimmed.dropFirst().drop { $0 == " " }
        return TemplateTag(sign: first, name: String(name), line: line, isConditional: depth > 0)
    }
}
