import Duty
import Testing

/// The moment of an RFC 3339 text; a test with a malformed one fails.
func clock(_ text: String) -> Instant {
    guard let instant = Instant(rfc3339: text) else {
        Issue.record("no RFC 3339 time: \(text)")
        return .distantPast
    }
    return instant
}

/// The people, the enterprise and the facts that the stories are told with.
enum Town {
    /// A Monday afternoon.
    static let monday = clock("2026-11-23T14:05:00+08:00")
    static let enterpriseID: EnterpriseID = "E-000451"

    static let directory = Directory(standing: [
        "office": ["office"], "dept.head": ["P-5001"], "county.secretary": ["P-0001"],
        "county.deputy": ["P-0003"], "park.staff": ["P-9999"],
    ])

    static let calendar = WorkCalendar(
        offDays: [:],
        makeupDays: [],
        knownYears: Set(2023...2027),
        revision: "plain"
    )

    /// A fact with the data that its kind needs; `more` adds to it or replaces it.
    static func fact(
        _ kind: EventKind,
        _ id: String,
        at: Instant,
        received: Instant? = nil,
        of number: String = "1",
        _ more: KeyValuePairs<String, Value> = [:]
    ) -> Fact {
        let schema = EventCatalogue.schema(kind)
        var data = Value.object([Value.Member("enterpriseId", .string(enterpriseID.text))])
        if !schema.numberField.isEmpty { data = data.setting(path: schema.numberField, to: .string(number)) }
        if let field = schema.timeField { data = data.setting(path: field, to: .string(at.rfc3339)) }
        for (name, value) in usual(kind) { data = data.setting(path: name, to: value) }
        for (name, value) in more { data = data.setting(path: name, to: value) }
        return Fact(
            key: EventKey(source: "/desk", id: id),
            kind: kind,
            matter: matter(kind, number, data),
            enterprise: enterpriseID,
            time: at,
            recordedAt: nil,
            receivedAt: received ?? at,
            data: data
        )
    }

    private static func matter(_ kind: EventKind, _ number: String, _ data: Value) -> MatterID {
        if kind == .reportMade {
            return MatterID(type: data["subjectType"]?.string == "penalty" ? .penalty : .case, number: number)
        }
        let type = EventCatalogue.schema(kind).matter
        return type.map { MatterID(type: $0, number: number) } ?? .waiting(for: number)
    }

    private static func usual(_ kind: EventKind) -> KeyValuePairs<String, Value> {
        switch kind {
        case .complaintFiled: ["kind": "appeal", "channel": "app", "summary": "厂区临时用电容量不足"]
        case .complaintResponded:
            ["by": ["personRef": "P-1032", "role": "park.staff"], "mode": "phone", "auto": false]
        case .complaintSolutionProposed: ["planRef": "DOC-1", "responsibleUnit": "供电公司"]
        case .complaintResolved: ["outcome": "done"]
        case .complaintWithdrawn: ["by": "enterprise"]
        case .complaintReopened: ["reason": "notSolved", "cycle": 2]
        case .caseOpened: ["deptId": "D-1"]
        case .caseClosed: ["deptId": "D-1", "openedAt": "2026-11-02T09:00:00+08:00"]
        case .dutyPerformed: ["personRef": "P-0007"]
        case .penaltyDecided: ["caseId": "CS-1", "deptId": "D-1", "kind": "fine"]
        case .reportMade:
            [
                "reportId": "RP-1", "subjectType": "case", "toRole": "county.linked", "toPersonRef": "P-0007",
                "byDept": "D-1",
            ]
        case .fineIssued: ["deptId": "D-1", "amountFen": 2_000_001, "currency": "CNY", "revision": 1]
        case .fineAttributed:
            [
                "decisionId": "AD-1", "attributable": true,
                "decidedBy": ["personRef": "P-3001", "role": "office"],
            ]
        case .fineRevised: ["revision": 2, "amountFen": 1_200_000, "cause": "reconsideration"]
        case .fineRevoked: ["revision": 2, "cause": "litigation"]
        case .fineShareSettled: ["personRef": "P-1032", "amountFen": 100_000, "voucherRef": "V-1"]
        case .enterpriseRegistered: ["uscc": "91430421MA4TEXT01G", "name": "某某精密", "inPark": true]
        case .enterpriseDeregistered: ["reason": "cancelled"]
        case .recordCorrected:
            ["by": "P-2001", "reason": "录入有误", "targetType": "complaint.filed", "patch": [:]]
        case .recordVoided: ["by": "P-2001", "reason": "重复录入", "targetType": "complaint.filed"]
        default: [:]
        }
    }

    // MARK: Corrections

    static func correction(
        _ id: String,
        of target: String,
        _ type: EventKind = .complaintFiled,
        at: Instant,
        received: Instant? = nil,
        _ patch: Value
    ) -> Fact {
        fact(
            .recordCorrected,
            id,
            at: at,
            received: received,
            of: target,
            ["patch": patch, "targetType": .string(type.rawValue)]
        )
    }

    static func void(
        _ id: String,
        of target: String,
        _ type: EventKind = .complaintFiled,
        at: Instant,
        received: Instant? = nil
    ) -> Fact {
        fact(
            .recordVoided,
            id,
            at: at,
            received: received,
            of: target,
            ["targetType": .string(type.rawValue)]
        )
    }

    /// Somebody has a notification.
    static func acknowledgement(
        _ id: String,
        of key: String,
        by person: String,
        at: Instant,
        received: Instant? = nil
    ) -> Fact {
        var fact = fact(
            .notificationAcknowledged,
            id,
            at: at,
            received: received,
            of: key,
            ["personRef": .string(person), "via": "card"]
        )
        fact.matter = MatterID(String(key.split(separator: "|")[1]))
        return fact
    }

    // MARK: The enterprise

    static func assigned(
        _ id: String,
        _ person: String,
        _ role: String,
        from: String = "2026-01-01",
        backup: Bool = false,
        at: Instant = monday - .days(30)
    ) -> Fact {
        fact(
            .rosterAssigned,
            "roster-" + id,
            at: at,
            [
                "assignmentId": .string(id), "personRef": .string(person), "role": .string(role),
                "from": .string(from), "backup": .bool(backup),
                "scope": ["enterpriseId": .string(enterpriseID.text)],
            ]
        )
    }

    static func ended(_ id: String, at: Instant) -> Fact {
        fact(
            .rosterEnded,
            "roster-end-" + id,
            at: at,
            [
                "assignmentId": .string(id), "personRef": "-", "role": "-", "from": "2026-01-01",
                "scope": ["enterpriseId": .string(enterpriseID.text)],
            ]
        )
    }

    static let registration = fact(
        .enterpriseRegistered,
        "reg",
        at: monday - .days(60),
        of: enterpriseID.text,
        ["parkId": "xidu"]
    )

    /// One owner, one backup, one leader of the park, one county leader.
    static let enterpriseFacts = [
        registration,
        assigned("RA-1", "P-1032", "park.staff"),
        assigned("RA-2", "P-1040", "park.staff", backup: true),
        assigned("RA-3", "P-2001", "park.leader"),
        assigned("RA-4", "P-0007", "county.linked"),
    ]

    static let parkFacts = [assigned("RA-9", "P-3001", "park.head")]
}
