import Duty
import Testing

@testable import Schemas

@Suite struct WordsTests {
    /// Every named field below a table, with the fields of its parts.
    private static func names(_ fields: [EventField]) -> [String] {
        fields.flatMap { field -> [String] in
            switch field.kind {
            case .parts(let parts, _), .list(of: .parts(let parts, _)): [field.name] + names(parts)
            default: [field.name]
            }
        }
    }

    @Test func `Every type and every field has words in both languages`() {
        for kind in EventKind.allCases {
            #expect(EventWords.wording(kind.rawValue) != nil, "\(kind.rawValue)")
            for name in Self.names(EventCatalogue.schema(kind).fields) {
                #expect(FieldWords.wording(name, of: kind.rawValue) != nil, "\(kind.rawValue) \(name)")
            }
        }
        for (_, type) in OutcomeCatalogue.types { #expect(EventWords.wording(type) != nil, "\(type)") }
        for field in OutcomeCatalogue.fields {
            #expect(FieldWords.wording(field.name, of: "outcome") != nil, "\(field.name)")
        }
    }

    @Test func `Words for one type go before those for a field wherever it stands`() {
        #expect(
            FieldWords.wording("class", of: "complaint.classified")?.english == "class that decides the limit"
        )
        #expect(FieldWords.wording("class", of: "elsewhere")?.english == "class")
        #expect(FieldWords.wording("nothing", of: "complaint.filed") == nil)
    }
}
