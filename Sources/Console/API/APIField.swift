import Duty

/// A member of a JSON object or a parameter of a request, with its JSON Schema.
struct APIField: Sendable {
    let name: String
    let isRequired: Bool
    let schema: Value
    let wording: Wording

    /// Reads lines of `name type | Chinese | English`.
    ///
    /// A name that ends with `?` may be missing. `APIType` has the types.
    static func lines(_ text: String) -> [APIField] {
        text.split(separator: "\n").map { line in
            let parts = line.split(separator: "|", omittingEmptySubsequences: false).map { part in
                part.split(separator: " ").joined(separator: " ")
            }
            let words = parts[0].split(separator: " ", maxSplits: 1)
            let name = words.first ?? ""
            return APIField(
                name: String(name.hasSuffix("?") ? name.dropLast() : name),
                isRequired: !name.hasSuffix("?"),
                schema: APIType.schema(words.dropFirst().first ?? ""),
                wording: Wording(parts.dropFirst().first ?? "", parts.dropFirst(2).first ?? "")
            )
        }
    }
}

/// The words that stand for JSON Schemas in the tables of the interface.
///
/// `string`, `integer`, `number`, `boolean`, `object`, `any`, `time` (RFC 3339), `day` (`2026-11-23`),
/// `1…200` for a whole number within limits, `a/b/c` for one of these words, `[T]` for a list,
/// a name with a capital for a schema of `APISchemas`, and `T?` for a T or null.
enum APIType {
    static func schema(_ type: some StringProtocol) -> Value {
        if type.hasSuffix("?") { return nullable(schema(type.dropLast())) }
        if type.hasPrefix("["), type.hasSuffix("]") {
            return ["type": "array", "items": schema(type.dropFirst().dropLast())]
        }
        switch type {
        case "any": return .object([])
        case "time": return ["type": "string", "format": "date-time"]
        case "day": return ["type": "string", "format": "date"]
        case "string", "integer", "number", "boolean", "object": return ["type": .string(String(type))]
        default: break
        }
        if type.contains("/") {
            return ["type": "string", "enum": .array(type.split(separator: "/").map { .string(String($0)) })]
        }
        let limits = type.split(separator: "…").compactMap { Int64($0) }
        if limits.count == 2 {
            return ["type": "integer", "minimum": .integer(limits[0]), "maximum": .integer(limits[1])]
        }
        return reference("schemas", String(type))
    }

    static func reference(_ kind: String, _ name: String) -> Value {
        ["$ref": .string("#/components/\(kind)/\(name)")]
    }

    private static func nullable(_ schema: Value) -> Value {
        guard let type = schema["type"], var members = schema.members else {
            return ["oneOf": [schema, ["type": "null"]]]
        }
        for index in members.indices {
            switch members[index].name {
            case "type": members[index].value = .array([type, "null"])
            case "enum": members[index].value = .array((members[index].value.array ?? []) + [.null])
            default: break
            }
        }
        return .object(members)
    }
}
