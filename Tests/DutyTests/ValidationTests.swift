import Duty
import Testing

/// What makes a CloudEvent a fact, and what is said of one that is none.
@Suite struct ValidationTests {
    private static let received = Town.monday

    /// Data with every required field of a kind, well typed.
    private static func complete(_ kind: EventKind) -> Value {
        var data = Value.object([])
        let schema = EventCatalogue.schema(kind)
        for field in schema.fields where field.isRequired || field.name == schema.anyOf.first {
            data = data.setting(path: field.name, to: good(field.kind))
        }
        return data
    }

    private static func good(_ kind: FieldKind) -> Value {
        switch kind {
        case .text, .brief: "X-1"
        case .article: "A07"
        case .eventType: "complaint.filed"
        case .flag: true
        case .integer(let range): .integer(range.lowerBound)
        case .amount, .signedAmount: 0
        case .instant: "2026-11-23T14:05:00+08:00"
        case .date, .dateOrInstant: "2026-11-23"
        case .oneOf(let words): .string(words.first ?? "")
        case .object, .patch: [:]
        case .parts(let fields, let anyOf):
            .object(
                fields.filter { $0.isRequired || $0.name == anyOf.first }
                    .map { Value.Member($0.name, good($0.kind)) }
            )
        case .list: []
        case .actor, .actorOrText: ["personRef": "P-1", "role": "office"]
        case .weights: ["park.leader": 6, "park.staff": 4]
        }
    }

    private static func bad(_ kind: FieldKind) -> [Value] {
        switch kind {
        case .text: ["", 1, true, [], [:], .string(String(repeating: "x", count: 4_097))]
        case .brief(let limit): ["", 1, .string(String(repeating: "字", count: limit + 1))]
        case .article: ["A00", "A100", "A7", "a07", "A07.", "A07..x", "A07.x-y", "A07 ", "", 7]
        case .eventType: ["", "complaint", "park.complaint.filed.v2", "PARK.complaint.filed.v1", 7]
        case .flag: ["true", 1, 0]
        case .integer(let range):
            [.number(1.5), "1", .integer(range.lowerBound - 1), .integer(range.upperBound + 1)]
        case .amount:
            [
                .number(1), .number(1.5), "1", -1, .integer(.max), .integer(Fen.limit.amount + 1),
                .integer(.min),
                .number(1e300), true,
            ]
        case .signedAmount:
            [.number(1.5), "1", .integer(.max), .integer(.min), .integer(-Fen.limit.amount - 1)]
        case .instant: ["2026-11-23", "2026-11-23T14:05:00", 1, "", "2026-02-30T00:00:00Z"]
        case .date: ["2026-02-29", "2026-11-23T14:05:00+08:00", 20_261_123, ""]
        case .dateOrInstant: ["2026-02-29", "soon", 1]
        case .oneOf: ["no such word", "", 1]
        case .object, .parts: ["x", [], 1]
        case .list(let kind): ["x", [:], 1, .array([.null])] + bad(kind).map { .array([good(kind), $0]) }
        case .patch: ["x", [], 1, ["a.b.c.d.e.f.g.h.i": 1]]
        case .actor: ["P-1", ["personRef": "P-1"], ["role": "x"], ["personRef": "", "role": "x"], [:]]
        case .actorOrText: [1, [:], true, ""]
        case .weights:
            [
                [:], "1:2", ["park.leader": 0], ["park.leader": -1, "park.staff": 1], ["": 1],
                ["park.leader": 1_001], ["park.leader": "6"], ["park.leader": .number(0.5)], [6, 4],
            ]
        }
    }

    private static func event(_ kind: EventKind, _ data: Value) -> CloudEvent {
        CloudEvent(
            attributes: ["specversion": "1.0", "id": "e-1", "source": "/desk", "type": kind.typeName],
            data: data
        )
    }

    private static func reason(_ event: CloudEvent) -> EventRejection.Reason? {
        do throws(EventRejection) {
            _ = try EventValidation.fact(event, receivedAt: received)
            return nil
        } catch {
            return error.reason
        }
    }

    @Test func `The catalogue has a table for every kind of event`() {
        for kind in EventKind.allCases {
            #expect(!EventCatalogue.schema(kind).fields.isEmpty, "\(kind)")
            #expect(EventKind(typeName: kind.typeName) == kind)
        }
        #expect(EventKind(typeName: "park.complaint.filed.v2") == nil)
        #expect(EventKind(typeName: "complaint.filed") == nil)
    }

    @Test(arguments: EventKind.allCases)
    func `An event with its required fields alone is taken, and none of them can be missing or ill typed`(
        _ kind: EventKind
    ) {
        let whole = Self.complete(kind)
        #expect(Self.reason(Self.event(kind, whole)) == nil)
        for field in EventCatalogue.schema(kind).fields {
            if field.isRequired {
                let rest = (whole.members ?? []).filter { $0.name != field.name }
                #expect(Self.reason(Self.event(kind, .object(rest))) == .missingField, "\(field.name)")
                let null = whole.setting(path: field.name, to: .null)
                #expect(Self.reason(Self.event(kind, null)) == .missingField, "\(field.name)")
            }
            let isAmount = field.kind == .amount || field.kind == .signedAmount
            for value in Self.bad(field.kind) {
                let found = Self.reason(Self.event(kind, whole.setting(path: field.name, to: value)))
                #expect(found == (isAmount ? .badAmount : .illTypedField), "\(field.name) = \(value)")
            }
        }
    }

    @Test(arguments: ["specversion", "id", "source", "type"])
    func `An envelope without a required attribute is no CloudEvent`(_ name: String) {
        var event = Self.event(.complaintFiled, Self.complete(.complaintFiled))
        event.attributes[name] = nil
        #expect(Self.reason(event) == .notCloudEvent)
        event.attributes[name] = ""
        #expect(Self.reason(event) == .notCloudEvent)
        event.attributes[name] = String(repeating: "x", count: 257)
        #expect(Self.reason(event) == .notCloudEvent)
    }

    @Test(arguments: ["time", "recordedtime"])
    func `An envelope time must be an RFC 3339 time`(_ name: String) {
        var event = Self.event(.complaintFiled, Self.complete(.complaintFiled))
        event.attributes[name] = "yesterday"
        #expect(Self.reason(event) == .illTypedField)
    }

    @Test func `An unknown type is told apart, so that it can be skipped`() {
        var event = Self.event(.complaintFiled, [:])
        event.attributes["type"] = "park.weather.changed.v1"
        #expect(Self.reason(event) == .unknownType)
    }

    @Test func `Data that is no object, or a scope that names nothing, is refused`() {
        for data in [Value.null, "x", [], 1] {
            #expect(Self.reason(Self.event(.complaintFiled, data)) == .missingField)
        }
        let roster = Self.complete(.rosterAssigned)
        for scope in [[:], ["enterpriseId": .null], ["other": "E-1"]] as [Value] {
            let event = Self.event(.rosterAssigned, roster.setting(path: "scope", to: scope))
            #expect(Self.reason(event) == .missingField)
        }
        for scope in [["enterpriseId": ""], ["parkId": "xidu", "orgUnit": 7]] as [Value] {
            let event = Self.event(.rosterAssigned, roster.setting(path: "scope", to: scope))
            #expect(Self.reason(event) == .illTypedField)
        }
    }

    @Test func `A duty was performed by a person or an office`() {
        let duty = Value.object([
            Value.Member("dutyCode", "A24"), Value.Member("performedAt", "2026-11-12T15:00:00+08:00"),
        ])
        #expect(Self.reason(Self.event(.dutyPerformed, duty)) == .missingField)
        let office = duty.setting(path: "orgUnit", to: "D-SP")
        #expect(Self.reason(Self.event(.dutyPerformed, office)) == nil)
    }

    @Test(
        arguments: [
            ("exception.code", 1, "data.exception.code is not a text"),
            ("exception", ["ref": "X"], "data.exception.code is missing"),
            ("actor", "P-1", "data.actor is not {personRef, role}"),
        ] as [(String, Value, String)]
    )
    func `What is wrong inside an object is said with its path`(
        _ path: String,
        _ value: Value,
        _ words: String
    ) {
        let data = Self.complete(.visitPlanned).setting(path: path, to: value)
        #expect(throws: EventRejection.self) {
            do throws(EventRejection) {
                _ = try EventValidation.fact(Self.event(.visitPlanned, data), receivedAt: Self.received)
            } catch {
                #expect(error.detail == words)
                throw error
            }
        }
    }

    @Test(arguments: ["E\u{301}-1", "e\u{41}\u{30A}", "\u{1112}\u{1161}", "\u{212B}-7", "\u{F98E}-3"])
    func `An id is composed, so that one that looks the same is the same`(_ name: String) {
        let data = Self.complete(.complaintFiled)
        for path in ["complaintId", "enterpriseId"] {
            let event = Self.event(.complaintFiled, data.setting(path: path, to: .string(name)))
            #expect(Self.reason(event) == .illTypedField, "\(path)")
        }
        let actor: Value = ["personRef": .string(name), "role": "park.staff"]
        #expect(
            Self.reason(Self.event(.complaintFiled, data.setting(path: "actor", to: actor))) == .illTypedField
        )
        for attribute in ["id", "source"] {
            var event = Self.event(.complaintFiled, data)
            event.attributes[attribute] = name
            #expect(Self.reason(event) == .notCloudEvent)
        }
        // What is written for people may be in any form.
        #expect(
            Self.reason(Self.event(.complaintFiled, data.setting(path: "note", to: .string(name)))) == nil
        )
    }

    @Test(arguments: ["企业-001", "É-1", "Ångström", "한-2", "ß-ü-ñ", "𠮷-5"])
    func `A composed id is taken in any script`(_ name: String) {
        let data = Self.complete(.complaintFiled).setting(path: "complaintId", to: .string(name))
        #expect(Self.reason(Self.event(.complaintFiled, data)) == nil)
    }

    @Test func `Texts are measured in characters, as JSON Schema measures them`() {
        let data = Self.complete(.complaintFiled)
        func reason(_ name: String, _ count: Int) -> EventRejection.Reason? {
            let text = Value.string(String(repeating: "字", count: count))
            return Self.reason(Self.event(.complaintFiled, data.setting(path: name, to: text)))
        }
        #expect(reason("summary", 200) == nil && reason("summary", 201) == .illTypedField)
        #expect(reason("note", 4_096) == nil && reason("note", 4_097) == .illTypedField)
    }

    @Test(arguments: DataClassification.allCases)
    func `A fact remembers how widely it may be shown`(_ classification: DataClassification) throws {
        for (kind, least) in [
            (EventKind.complaintFiled, DataClassification.public), (.clueFedback, .restricted),
        ] {
            var event = Self.event(kind, Self.complete(kind))
            event.attributes["dataclassification"] = classification.rawValue
            let fact = try EventValidation.fact(event, receivedAt: Self.received)
            #expect(fact.classification == max(classification, least))
            event.attributes["dataclassification"] = nil
            let plain = try EventValidation.fact(event, receivedAt: Self.received)
            #expect(plain.classification == max(.internal, least))
        }
    }

    @Test(arguments: ["secret", "", "Restricted"])
    func `A classification that nobody can honour is refused`(_ word: String) {
        var event = Self.event(.complaintFiled, Self.complete(.complaintFiled))
        event.attributes["dataclassification"] = word
        #expect(Self.reason(event) == .classification)
    }

    @Test(
        arguments: [(1, nil), (8, nil), (9, .illTypedField), (30_000, .illTypedField)]
            as [(Int, EventRejection.Reason?)]
    )
    func `A correction reaches so deep and no deeper`(_ parts: Int, _ reason: EventRejection.Reason?) throws {
        let path = Array(repeating: "a", count: parts).joined(separator: ".")
        let data = Self.complete(.recordCorrected)
            .setting(path: "patch", to: .object([Value.Member(path, 1)]))
        #expect(Self.reason(Self.event(.recordCorrected, data)) == reason)
    }

    @Test func `The structured mode is read, without data in base 64 and without nested attributes`() throws {
        let text = """
            {"specversion":"1.0","id":"e","source":"/s","type":"park.x.v1","sequence":7,"flag":true,"gone":null,\
            "data":{"a":1}}
            """
        let event = try CloudEvent(structured: JSONReader.decode(text))
        #expect(event.attributes["sequence"] == "7" && event.attributes["flag"] == "true")
        #expect(event.attributes["gone"] == nil && event.data == ["a": 1])
        for bad in [Value.null, [], ["data_base64": "e30="], ["id": [:]], ["id": .number(1.5)]] {
            #expect(throws: EventRejection.self) { try CloudEvent(structured: bad) }
        }
        #expect(try CloudEvent(structured: event.structured) == event)
    }

    @Test(
        arguments: [
            (.complaintFiled, "complaint/X-1"), (.fineIssued, "fine/X-1"), (.caseOpened, "case/X-1"),
            (.reportMade, "case/X-1"), (.rosterAssigned, "enterprise/X-1"),
            (.enterpriseRegistered, "enterprise/X-1"),
            (.recordVoided, "waiting/X-1"), (.notificationAcknowledged, "waiting/X-1"),
            (.calendarPublished, "calendar/2000"), (.visitStarted, "visit/X-1"),
            (.dutyPerformed, "duty/X-1.X-1"),
        ] as [(EventKind, String)]
    )
    func `An event is kept with the matter it speaks about`(_ kind: EventKind, _ matter: String) throws {
        let fact = try EventValidation.fact(Self.event(kind, Self.complete(kind)), receivedAt: Self.received)
        #expect(fact.matter.text == matter)
    }

    @Test func `An acknowledgement belongs to the matter of the notification it names`() throws {
        let data = Self.complete(.notificationAcknowledged)
            .setting(path: "notificationId", to: "A22.response|complaint/CP-1|1|breach|P-1032")
        let fact = try EventValidation.fact(
            Self.event(.notificationAcknowledged, data),
            receivedAt: Self.received
        )
        #expect(fact.matter == "complaint/CP-1")
    }

    @Test func `The facts of these tests are such as validation lets through`() {
        let samples = EventKind.allCases.filter { EventCatalogue.schema($0).matter != nil }
            .map { Town.fact($0, "e", at: Town.monday) }.filter { !Self.plain.contains($0.kind) }
        for fact in samples { #expect(Self.reason(Self.event(fact.kind, fact.data)) == nil, "\(fact.kind)") }
        #expect(samples.count >= 14)
    }

    /// Kinds that no story needs and that the builder does not fill in.
    private static let plain: Set<EventKind> = [
        .calendarPublished, .enterpriseUpdated, .complaintAssigned, .complaintClassified, .complaintRated,
        .serviceRequested, .servicePaused, .serviceResumed, .serviceStepCompleted, .feeQuoted,
        .approvalMaterialRequested, .approvalIntermediaryRequired, .projectMilestone, .visitPlanned,
        .visitContacted, .visitEscortAssigned,
        .penaltyServed, .penaltyExecuted, .clueTransferred, .clueFedback, .assessmentPublished, .silenceSet,
        .silenceEnded,
    ]

    /// SQLite would take `1` and `1\u{0}x` for one number, and refuse every commit that has both.
    @Test func `No text of an event has the character U+0000`() throws {
        func words(_ attributes: [String: String] = [:], _ data: (String, Value)...) -> String? {
            var all = Self.complete(.complaintResponded)
            for (path, value) in data { all = all.setting(path: path, to: value) }
            var event = CloudEvent(
                attributes: [
                    "specversion": "1.0", "id": "x", "source": "/desk",
                    "type": EventKind.complaintResponded.typeName, "time": "2026-11-23T14:05:00+08:00",
                ],
                data: all
            )
            for (name, value) in attributes { event.attributes[name] = value }
            do throws(EventRejection) {
                _ = try EventValidation.fact(event, receivedAt: Self.received)
                return nil
            } catch {
                return "\(error)"
            }
        }
        #expect(words() == nil)
        #expect(
            words([:], ("complaintId", "1\u{0}x"))
                == "illTypedField: data.complaintId has the character U+0000"
        )
        #expect(
            words([:], ("by", ["personRef": "P\u{0}", "role": "office"]))
                == "illTypedField: data.by.personRef has the character U+0000"
        )
        #expect(
            words([:], ("notes", ["a", "b\u{0}"])) == "illTypedField: data.notes[1] has the character U+0000"
        )
        #expect(words([:], ("notes", .object([Value.Member("\u{0}", 1)])))?.contains("U+0000") == true)
        #expect(words(["id": "x\u{0}"]) == "notCloudEvent: attribute id has the character U+0000")
        #expect(words(["source": "\u{0}"]) == "notCloudEvent: attribute source has the character U+0000")
    }
}
