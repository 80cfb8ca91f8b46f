import Duty

/// Events as producers send them, already read into facts.
enum Event {
    static let enterprise = "E-000451"

    static func cloud(
        _ kind: EventKind,
        _ id: String,
        of number: String = "1",
        at: Instant,
        enterprise: String = enterprise,
        source: String = "/desk",
        _ more: KeyValuePairs<String, Value> = [:]
    ) -> CloudEvent {
        let schema = EventCatalogue.schema(kind)
        var data = Value.object([Value.Member("enterpriseId", .string(enterprise))])
        if !schema.numberField.isEmpty { data = data.setting(path: schema.numberField, to: .string(number)) }
        if let field = schema.timeField { data = data.setting(path: field, to: .string(at.rfc3339)) }
        for (name, value) in usual(kind) { data = data.setting(path: name, to: value) }
        for (name, value) in more { data = data.setting(path: name, to: value) }
        return CloudEvent(
            attributes: [
                "specversion": "1.0", "id": id, "source": source, "type": kind.typeName, "time": at.rfc3339,
            ],
            data: data
        )
    }

    static func fact(
        _ kind: EventKind,
        _ id: String,
        of number: String = "1",
        at: Instant,
        received: Instant? = nil,
        enterprise: String = enterprise,
        source: String = "/desk",
        _ more: KeyValuePairs<String, Value> = [:]
    ) throws -> Fact {
        let event = cloud(kind, id, of: number, at: at, enterprise: enterprise, source: source, more)
        return try EventValidation.fact(event, receivedAt: received ?? at)
    }

    static func filed(
        _ number: String = "1",
        at: Instant = World.monday,
        enterprise: String = enterprise
    ) throws -> Fact {
        try fact(.complaintFiled, "filed-" + number, of: number, at: at, enterprise: enterprise)
    }

    static func responded(_ number: String = "1", at: Instant) throws -> Fact {
        try fact(.complaintResponded, "responded-" + number, of: number, at: at)
    }

    static func assigned(
        _ id: String,
        _ person: String,
        _ role: String,
        enterprise: String = enterprise,
        at: Instant = World.monday - .days(30)
    ) throws -> Fact {
        try fact(
            .rosterAssigned,
            "roster-\(enterprise)-\(id)",
            at: at,
            enterprise: enterprise,
            [
                "assignmentId": .string(id), "personRef": .string(person), "role": .string(role),
                "from": .string(at.rfc3339), "scope": ["enterpriseId": .string(enterprise)],
            ]
        )
    }

    static func ended(_ id: String, at: Instant, enterprise: String = enterprise) throws -> Fact {
        try fact(
            .rosterEnded,
            "roster-end-\(enterprise)-\(id)",
            at: at,
            enterprise: enterprise,
            [
                "assignmentId": .string(id), "personRef": "-", "role": "-", "from": "2026-01-01",
                "scope": ["enterpriseId": .string(enterprise)],
            ]
        )
    }

    static func merged(into other: String, at: Instant) throws -> Fact {
        try fact(
            .enterpriseDeregistered,
            "merged",
            of: enterprise,
            at: at,
            ["reason": "merged", "mergedInto": .string(other)]
        )
    }

    /// One owner and one leader.
    static func roster() throws -> [Fact] {
        [
            try fact(.enterpriseRegistered, "registered", of: enterprise, at: World.monday - .days(60)),
            try assigned("RA-1", "P-1032", "park.staff"), try assigned("RA-2", "P-2001", "park.leader"),
        ]
    }

    private static func usual(_ kind: EventKind) -> KeyValuePairs<String, Value> {
        switch kind {
        case .complaintFiled: ["kind": "appeal", "channel": "app", "summary": "厂区临时用电容量不足"]
        case .complaintResponded:
            ["by": ["personRef": "P-1032", "role": "park.staff"], "mode": "phone", "auto": false]
        case .enterpriseRegistered: ["uscc": "91430421MA4TEXT01G", "name": "某某精密", "inPark": true]
        case .recordCorrected:
            ["by": "P-2001", "reason": "录入有误", "targetType": "complaint.filed", "patch": [:]]
        case .recordVoided: ["by": "P-2001", "reason": "重复录入", "targetType": "complaint.filed"]
        default: [:]
        }
    }
}
