import Duty
import Testing

@testable import Schemas

/// The examples of the schemas, held to the tables that the daemon validates by.
@Suite struct ExampleTests {
    private static func rejection(_ kind: EventKind, _ data: Value) -> EventRejection? {
        let event = CloudEvent(
            attributes: ["specversion": "1.0", "id": "e-1", "source": "/desk", "type": kind.typeName],
            data: data
        )
        do throws(EventRejection) {
            _ = try EventValidation.fact(event, receivedAt: .distantFuture)
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: EventKind.allCases)
    func `Each kind of event has an example, and it is accepted`(_ kind: EventKind) {
        let data = EventExamples.data(kind)
        #expect(data.members?.isEmpty == false)
        #expect(Self.rejection(kind, data) == nil)
    }

    @Test(arguments: EventKind.allCases)
    func `An example shows no field that the table does not know`(_ kind: EventKind) {
        let known = Set(EventCatalogue.schema(kind).fields.map(\.name))
        for member in EventExamples.data(kind).members ?? [] { #expect(known.contains(member.name)) }
    }

    @Test(arguments: EventKind.allCases)
    func `Without a required field an example is rejected`(_ kind: EventKind) {
        let schema = EventCatalogue.schema(kind)
        let example = EventExamples.data(kind)
        for field in schema.fields where field.isRequired {
            let rest = (example.members ?? []).filter { $0.name != field.name }
            #expect(Self.rejection(kind, .object(rest))?.reason == .missingField, "\(field.name)")
        }
        if !schema.anyOf.isEmpty {
            let rest = (example.members ?? []).filter { !schema.anyOf.contains($0.name) }
            #expect(Self.rejection(kind, .object(rest))?.reason == .missingField)
        }
    }

    @Test(arguments: EventKind.allCases)
    func `With a field against its rule an example is rejected, and the field is named`(_ kind: EventKind) {
        let example = EventExamples.data(kind)
        for field in EventCatalogue.schema(kind).fields {
            for value in Wrong.values(field.kind) {
                let rejection = Self.rejection(kind, example.setting(path: field.name, to: value))
                #expect(rejection != nil, "\(field.name) = \(value)")
                #expect(rejection?.detail.hasPrefix("data." + field.name) == true)
            }
        }
    }
}

/// For each rule that a field can have, values that break it and nothing else.
enum Wrong {
    static func values(_ kind: FieldKind) -> [Value] {
        switch kind {
        case .text: ["", 7, [:], .string(text(FieldKind.longestText + 1))]
        case .brief(let limit): ["", true, .string(text(limit + 1))]
        case .article: ["A100", "A00", "A7", "B07", "A07.", 7]
        case .eventType: ["", "complaint", "park.complaint.filed.v2", 7]
        case .flag: ["true", 0]
        case .integer(let range):
            ["1", .number(1.5), .integer(range.lowerBound - 1), .integer(range.upperBound + 1)]
        case .amount: [-1, .number(1), "1", .integer(Fen.limit.amount + 1)]
        case .signedAmount:
            [.number(1), "1", .integer(-Fen.limit.amount - 1), .integer(Fen.limit.amount + 1)]
        case .instant: ["2026-11-23", "2026-11-23T14:05:00", "2026-02-29T14:05:00Z", 1]
        case .date: ["2026-02-29", "2026-11-23T14:05:00Z", 1]
        case .dateOrInstant: ["2026-02-29", "tomorrow", 1]
        case .oneOf: ["", "no such word", 1]
        case .object: ["x", []]
        case .parts(let fields, let anyOf): ["x", []] + inside(fields, anyOf)
        case .list(let kind): ["x", [:]] + values(kind).map { [$0] }
        case .actor: ["P-1", [:], ["personRef": "P-1"], ["personRef": "", "role": "office"]]
        case .actorOrText: ["", 1, ["role": "office"]]
        case .weights: [[:], ["park.staff": 0], ["park.staff": 1_001], ["": 1], "1:1"]
        case .patch: ["x", [], ["a.b.c.d.e.f.g.h.i": 1]]
        }
    }

    private static func text(_ count: Int) -> String { String(repeating: "字", count: count) }

    /// Objects with one wrong part each, and without what must be there.
    private static func inside(_ fields: [EventField], _ anyOf: [String]) -> [Value] {
        let wrong = fields.flatMap { field in
            values(field.kind).map { Value.object([Value.Member(field.name, $0)]) }
        }
        return wrong + (anyOf.isEmpty && !fields.contains(where: \.isRequired) ? [] : [[:]])
    }
}
