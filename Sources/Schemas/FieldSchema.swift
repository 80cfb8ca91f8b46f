import Duty

extension EventSchema.Demand {
    /// The keywords that ask for the field; that it is not the same as another one they cannot say.
    var schema: [Value.Member] {
        [
            Value.Member(
                "if",
                [
                    "required": [.string(when)],
                    "properties": .object([Value.Member(when, ["const": .string(word)])]),
                ]
            ),
            Value.Member("then", FieldKind.isThere(field)),
        ]
    }
}

extension FieldKind {
    /// The keywords of JSON Schema that say what the field may hold.
    ///
    /// With `orNull`, null too: the daemon takes a null for a field that is not there. `words` names the parts of
    /// an object.
    func schema(orNull: Bool, words: (String) -> Wording?) -> [Value.Member] {
        var members = types(orNull: orNull)
        switch self {
        case .text, .actorOrText: members += text(atMost: FieldKind.longestText)
        case .brief(let limit): members += text(atMost: limit)
        case .article: members.append(Value.Member("pattern", .string(TextPattern.article)))
        case .integer(let range): members += bounds(range)
        case .amount: members += bounds(0...Fen.limit.amount)
        case .signedAmount: members += bounds(-Fen.limit.amount...Fen.limit.amount)
        case .instant: members += format("date-time", TextPattern.instant)
        case .date: members += format("date", TextPattern.date)
        case .dateOrInstant: members.append(Value.Member("pattern", .string(TextPattern.dateOrInstant)))
        case .oneOf(let words): members.append(choice(words, orNull))
        case .eventType:
            members.append(choice(EventKind.allCases.flatMap { [$0.rawValue, $0.typeName] }, orNull))
        case .list(let kind):
            members.append(Value.Member("items", .object(kind.schema(orNull: false, words: words))))
        case .weights: members += weights
        case .patch: members.append(Value.Member("propertyNames", ["pattern": .string(TextPattern.path)]))
        case .flag, .object, .parts, .actor: break
        }
        if let (fields, anyOf) = parts { members += FieldKind.schema(of: fields, anyOf: anyOf, words: words) }
        return members
    }

    /// The keywords for an object that has a table.
    static func schema(
        of fields: [EventField],
        anyOf: [String],
        words: (String) -> Wording?
    ) -> [Value.Member] {
        var members: [Value.Member] = []
        let required = fields.filter(\.isRequired).map { Value.string($0.name) }
        if !required.isEmpty { members.append(Value.Member("required", .array(required))) }
        let properties = fields.map { field in
            let description = words(field.name).map { [Value.Member("description", .string($0.text))] } ?? []
            let schema = field.kind.schema(orNull: !field.isRequired, words: words)
            return Value.Member(field.name, .object(description + schema))
        }
        members.append(Value.Member("properties", .object(properties)))
        if !anyOf.isEmpty { members.append(Value.Member("anyOf", .array(anyOf.map(isThere)))) }
        return members
    }

    static func isThere(_ name: String) -> Value {
        [
            "required": [.string(name)],
            "properties": .object([Value.Member(name, ["not": ["type": "null"]])]),
        ]
    }

    private var parts: (fields: [EventField], anyOf: [String])? {
        switch self {
        case .parts(let fields, let anyOf): (fields, anyOf)
        case .actor, .actorOrText: (FieldKind.actorFields, [])
        default: nil
        }
    }

    private func types(orNull: Bool) -> [Value.Member] {
        let types: [Value] = typeNames.map { .string($0) } + (orNull ? ["null"] : [])
        return [Value.Member("type", types.count == 1 ? types[0] : .array(types))]
    }

    private var typeNames: [String] {
        switch self {
        case .text, .brief, .article, .eventType, .instant, .date, .dateOrInstant, .oneOf: ["string"]
        case .flag: ["boolean"]
        case .integer, .amount, .signedAmount: ["integer"]
        case .object, .parts, .actor, .weights, .patch: ["object"]
        case .list: ["array"]
        case .actorOrText: ["string", "object"]
        }
    }

    private func choice(_ words: [String], _ orNull: Bool) -> Value.Member {
        Value.Member("enum", .array(words.map { .string($0) } + (orNull ? [.null] : [])))
    }

    private func text(atMost limit: Int) -> [Value.Member] {
        [Value.Member("minLength", 1), Value.Member("maxLength", .integer(Int64(limit)))]
    }

    private func bounds(_ range: ClosedRange<Int64>) -> [Value.Member] {
        [
            Value.Member("minimum", .integer(range.lowerBound)),
            Value.Member("maximum", .integer(range.upperBound)),
        ]
    }

    private func format(_ name: String, _ pattern: String) -> [Value.Member] {
        [Value.Member("format", .string(name)), Value.Member("pattern", .string(pattern))]
    }

    private var weights: [Value.Member] {
        [
            Value.Member("propertyNames", ["minLength": 1]),
            Value.Member(
                "additionalProperties",
                .object([Value.Member("type", "integer")] + bounds(FieldKind.weightLimit))
            ),
            // An empty object has nothing but zeros too.
            Value.Member("not", ["type": "object", "additionalProperties": ["const": 0]]),
        ]
    }
}
