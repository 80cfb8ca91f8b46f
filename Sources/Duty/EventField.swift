/// What a data field of an event may hold.
package indirect enum FieldKind: Hashable, Sendable {
    /// A text that is not empty, of at most `longestText` characters.
    case text
    /// A text that is not empty, of at most so many characters.
    case brief(Int)
    /// An article of the document, perhaps with a part of it: `A07`, `A08.designated`.
    case article
    /// A type of event, with or without `park.` in front and `.v1` behind.
    case eventType
    case flag
    case integer(ClosedRange<Int64>)
    /// Fen, zero or more.
    case amount
    /// Fen, with a sign.
    case signedAmount
    /// RFC 3339 with an offset.
    case instant
    /// `YYYY-MM-DD`.
    case date
    case dateOrInstant
    case oneOf([String])
    /// Any object.
    case object
    /// An object with a table of its own, and with at least one of the fields `anyOf`, if it names some.
    case parts([EventField], anyOf: [String])
    case list(of: FieldKind)
    /// `{personRef, role}`.
    case actor
    /// A text or an `{personRef, role}`.
    case actorOrText
    /// Roles with whole numbers from 0 to 1,000, at least one of them above 0.
    case weights
    /// Paths of at most `deepestPath` parts with the new values.
    case patch

    /// In Unicode characters, as JSON Schema counts them.
    package static let longestText = 4_096
    package static let deepestPath = 8
    /// Room for any document; how many articles one has is said by its policy.
    package static let articles = 1...99
    package static let actorFields = ["personRef", "role"].map {
        EventField(name: $0, kind: .text, isRequired: true)
    }
    package static let weightLimit: ClosedRange<Int64> = 0...1_000
}

/// One data field of an event.
package struct EventField: Hashable, Sendable {
    package let name: String
    package let kind: FieldKind
    package let isRequired: Bool
}

/// The fields of one kind of event, the matter it speaks about and the field that says when it happened.
package struct EventSchema: Sendable {
    package let kind: EventKind
    package let matter: MatterType?
    /// The data field that names the matter.
    package let numberField: String
    /// The data field that holds the event's own time; nil where CloudEvents `time` alone has it.
    package let timeField: String?
    package let fields: [EventField]
    /// At least one of these optional fields must be there, if any is named.
    package var anyOf: [String] = []
    /// An event of this kind is never less confidential, whatever its producer says.
    package var leastClassification = DataClassification.public
    /// What one of the fields says of another.
    package var demand: Demand?

    /// An optional field that must be there where another one has a certain word, and then is not the same as a third.
    package struct Demand: Hashable, Sendable {
        package let field: String
        package let when: String
        package let word: String
        package let unlike: String
    }

    /// The same with further optional fields at the end, but for those it has already.
    func adding(_ common: [EventField]) -> EventSchema {
        let names = Set(fields.map(\.name))
        return EventSchema(
            kind: kind,
            matter: matter,
            numberField: numberField,
            timeField: timeField,
            fields: fields + common.filter { !names.contains($0.name) },
            anyOf: anyOf,
            leastClassification: leastClassification,
            demand: demand
        )
    }
}
