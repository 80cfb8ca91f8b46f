/// The field tables by which the daemon validates, one a kind of event.
package enum EventCatalogue {
    package static func schema(_ kind: EventKind) -> EventSchema { schemas[kind.ordinal] }

    static func timeField(_ kind: EventKind) -> String? { timeFields[kind.ordinal] }

    private static let timeFields = schemas.map(\.timeField)
    /// By the kinds' ordinals.
    private static let schemas = EventKind.allCases.map { table[$0] ?? empty($0) }

    private static func empty(_ kind: EventKind) -> EventSchema {
        EventSchema(kind: kind, matter: nil, numberField: "", timeField: nil, fields: [])
    }

    private static let table: [EventKind: EventSchema] = Dictionary(
        uniqueKeysWithValues: (enterpriseSchemas + complaintSchemas + serviceSchemas + enforcementSchemas
            + moneySchemas + otherSchemas).map { ($0.kind, $0.adding(common)) }
    )

    static func must(_ name: String, _ kind: FieldKind) -> EventField {
        EventField(name: name, kind: kind, isRequired: true)
    }
    static func may(_ name: String, _ kind: FieldKind) -> EventField {
        EventField(name: name, kind: kind, isRequired: false)
    }

    /// The words that a field of an event takes: all there are, or the usual ones of a field that takes any text.
    ///
    /// Empty where there are none. A part of a field goes by its path: `exception.code`.
    package static func words(_ kind: EventKind, _ path: String) -> [String] {
        if let usual = usualWords[kind.rawValue + " " + path] { return usual }
        let field = schema(kind).fields.first { $0.name == path }
        guard case .oneOf(let words) = field?.kind else { return [] }
        return words
    }

    /// Words for what the law lists.
    ///
    /// The fields take other words too: another county's document may have more.
    private static let usualWords: [String: [String]] = [
        // The exceptions of article 19, and what is not one but has to be looked at.
        "visit.planned exception.code": [
            "nationalSecurity", "publicSafety", "personProperty", "workSafety", "ecology", "emergency",
            "licensing", "complaintCase", "specificEnterprise", WindowRule.superiorCode,
        ],
        // Administrative Penalty Law, article 9.
        "penalty.decided kind": [
            "warning", "criticism", "fine", "confiscation", "suspension", "downgrade", "revocation",
            "restriction", "shutdown", "closure", "ban", "detention",
        ],
    ]

    /// What any event may have.
    static let common = [may("parkId", .text), may("note", .text), may("actor", .actor)]

    static let enterprise = must("enterpriseId", .text)
    static let count: ClosedRange<Int64> = 1...1_000_000

    private static let enterpriseSchemas: [EventSchema] = [
        EventSchema(
            kind: .enterpriseRegistered,
            matter: .enterprise,
            numberField: "enterpriseId",
            timeField: "registeredAt",
            fields: [
                enterprise, must("uscc", .text), must("name", .text), must("registeredAt", .instant),
                must("inPark", .flag), may("parkId", .text),
            ] + traits
        ),
        EventSchema(
            kind: .enterpriseUpdated,
            matter: .enterprise,
            numberField: "enterpriseId",
            timeField: nil,
            fields: [enterprise, must("changes", changes), must("effectiveFrom", .dateOrInstant)]
        ),
        EventSchema(
            kind: .enterpriseDeregistered,
            matter: .enterprise,
            numberField: "enterpriseId",
            timeField: "at",
            fields: [
                enterprise, must("at", .instant), must("reason", .oneOf(["cancelled", "moved", "merged"])),
                may("mergedInto", .text),
            ],
            demand: EventSchema.Demand(
                field: "mergedInto",
                when: "reason",
                word: "merged",
                unlike: "enterpriseId"
            )
        ),
        EventSchema(kind: .rosterAssigned, matter: nil, numberField: "", timeField: nil, fields: roster),
        EventSchema(kind: .rosterEnded, matter: nil, numberField: "", timeField: nil, fields: roster),
    ]

    private static let traits = [
        may("aboveScale", .flag), may("inNormalProduction", .flag), may("investedByPark", .flag),
        may("brand", .flag), may("microSmall", .flag), may("industry", .text),
    ]

    /// Any field of the profile, also such as the table does not know.
    private static let changes = FieldKind.parts(
        [may("uscc", .text), may("name", .text), may("inPark", .flag), may("parkId", .text)] + traits,
        anyOf: []
    )

    private static let scope = FieldKind.parts(
        [may("enterpriseId", .text), may("parkId", .text), may("orgUnit", .text)],
        anyOf: ["enterpriseId", "parkId", "orgUnit"]
    )

    private static let roster = [
        must("assignmentId", .text), must("personRef", .text), must("role", .text), must("scope", scope),
        must("from", .dateOrInstant), may("to", .dateOrInstant), may("backup", .flag),
    ]

    private static func complaint(
        _ kind: EventKind,
        _ timeField: String,
        _ fields: [EventField]
    ) -> EventSchema {
        EventSchema(
            kind: kind,
            matter: .complaint,
            numberField: "complaintId",
            timeField: timeField,
            fields: [must("complaintId", .text), enterprise, must(timeField, .instant)] + fields
        )
    }

    private static let complaintSchemas: [EventSchema] = [
        complaint(
            .complaintFiled,
            "filedAt",
            [
                must("kind", .oneOf(["appeal", "window", "arrears", "badReview", "discipline", "practice"])),
                must("channel", .oneOf(["hall", "phone", "app", "12345", "visit", "online"])),
                must("summary", .brief(200)), may("category", .article), may("amountFen", .amount),
                may("contactRef", .text), may("anonymous", .flag), may("rating", .integer(1...5)),
                // The department that is complained of, where it is known.
                may("deptId", .text),
            ]
        ),
        // The department whose matter it is from then on, where the directory does not say it of the person.
        complaint(.complaintAssigned, "at", [must("toPersonRef", .text), may("deptId", .text)]),
        complaint(
            .complaintClassified,
            "at",
            [
                must("class", .oneOf(["eligible", "general", "difficult", "simple", "complex"])),
                may("approvedBy", .text),
            ]
        ),
        complaint(
            .complaintResponded,
            "respondedAt",
            [
                must("by", .actor), must("mode", .oneOf(["phone", "visit", "message"])), may("auto", .flag),
            ]
        ),
        complaint(
            .complaintSolutionProposed,
            "proposedAt",
            [must("planRef", .text), must("responsibleUnit", .text), may("plannedBy", .date)]
        ),
        complaint(
            .complaintResolved,
            "at",
            [
                must("outcome", .oneOf(["done", "replied", "rejected", "transferred"])),
                may("replyRef", .text),
            ]
        ),
        complaint(.complaintRated, "at", [must("solved", .flag), must("satisfaction", .integer(1...5))]),
        complaint(
            .complaintWithdrawn,
            "at",
            [must("by", .oneOf(["enterprise", "intake"])), may("reason", .text)]
        ),
        complaint(.complaintReopened, "at", [must("reason", .text), must("cycle", .integer(2...10_000))]),
    ]

    private static func service(_ kind: EventKind, _ fields: [EventField]) -> EventSchema {
        EventSchema(
            kind: kind,
            matter: .service,
            numberField: "serviceId",
            timeField: "at",
            fields: [must("serviceId", .text), enterprise, must("at", .instant)] + fields
        )
    }

    private static let pauseReason = FieldKind.oneOf([
        "clientWorks", "design", "construction", "lineApproval",
    ])

    private static let serviceSchemas: [EventSchema] = [
        EventSchema(
            kind: .serviceRequested,
            matter: .service,
            numberField: "serviceId",
            timeField: "requestedAt",
            fields: [
                must("serviceId", .text), enterprise,
                must(
                    "kind",
                    .oneOf([
                        "power.hv", "power.lv", "power.proactive", "water", "gas", "benefit.onApplication",
                        "benefit.noApplication",
                    ])
                ),
                must("requestedAt", .instant), may("acceptedAt", .instant), may("itemCode", .text),
                may("amountFen", .amount),
            ]
        ),
        service(.servicePaused, [must("reason", pauseReason)]),
        service(.serviceResumed, [must("reason", pauseReason)]),
        service(.serviceStepCompleted, [must("step", .text)]),
        service(.serviceCompleted, [may("paidFen", .amount)]),
        service(.serviceCancelled, [may("paidFen", .amount)]),
        EventSchema(
            kind: .feeQuoted,
            matter: .fee,
            numberField: "feeId",
            timeField: nil,
            fields: [
                must("feeId", .text), enterprise, must("item", .text), must("amountFen", .amount),
                may("baseGuidePriceFen", .amount),
            ]
        ),
        EventSchema(
            kind: .approvalMaterialRequested,
            // Whether a material was asked for before can only be seen with all stages of the project together.
            matter: .project,
            numberField: "projectId",
            timeField: "at",
            fields: [
                must("approvalId", .text), enterprise, must("projectId", .text), must("materialCode", .text),
                must("stage", .text), must("at", .instant), may("round", .integer(count)),
                // Who asked, so that its head hears of a second time.
                may("deptId", .text),
            ]
        ),
        EventSchema(
            kind: .approvalIntermediaryRequired,
            matter: .project,
            numberField: "projectId",
            timeField: "at",
            fields: [
                must("approvalId", .text), enterprise, must("projectId", .text), must("serviceCode", .text),
                must("at", .instant), may("stage", .text),
                // Who is to deliver the service, if the enterprise was not left the choice.
                may("agency", .text), may("deptId", .text),
            ]
        ),
        EventSchema(
            kind: .projectMilestone,
            matter: .project,
            numberField: "projectId",
            timeField: "at",
            fields: [
                must("projectId", .text), enterprise,
                must("milestone", .oneOf(["negotiated", "signed", "started", "completed"])),
                must("at", .instant),
            ]
        ),
    ]

    private static func visit(_ kind: EventKind, _ fields: [EventField]) -> EventSchema {
        EventSchema(
            kind: kind,
            matter: .visit,
            numberField: "visitId",
            timeField: "at",
            fields: [must("visitId", .text), enterprise, must("at", .instant)] + fields
        )
    }

    private static let exception = FieldKind.parts([must("code", .text), may("ref", .text)], anyOf: [])

    private static let visitEnd = [may("escortPersonRef", .text), may("findings", .flag)]

    private static let enforcementSchemas: [EventSchema] = [
        EventSchema(
            kind: .visitPlanned,
            matter: .visit,
            numberField: "visitId",
            timeField: nil,
            fields: [
                must("visitId", .text), enterprise, must("deptId", .text),
                must("level", .oneOf(["county", "city", "province"])),
                must(
                    "purpose",
                    .oneOf(["research", "inspection", "enforcement", "leaderResearch", "leaderMeeting"])
                ),
                must("start", .instant), must("end", .instant), may("exception", exception),
                may("version", .integer(count)),
            ]
        ),
        visit(
            .visitContacted,
            [
                must("byDept", .text), must("parkPersonRef", .text), may("mode", .text),
                may("emergency", .flag),
            ]
        ),
        visit(.visitEscortAssigned, [must("personRef", .text)]),
        visit(.visitStarted, visitEnd),
        visit(.visitEnded, visitEnd),
        visit(.visitCancelled, visitEnd),
        EventSchema(
            kind: .reportMade,
            matter: nil,
            numberField: "subjectId",
            timeField: "reportedAt",
            fields: [
                must("reportId", .text), enterprise, must("subjectType", .oneOf(["case", "penalty"])),
                must("subjectId", .text), must("toRole", .text), must("toPersonRef", .text),
                must("reportedAt", .instant), must("byDept", .text),
            ]
        ),
        EventSchema(
            kind: .caseOpened,
            matter: .case,
            numberField: "caseId",
            timeField: "openedAt",
            fields: [
                must("caseId", .text), enterprise, must("deptId", .text), must("openedAt", .instant),
                may("minor", .flag), may("first", .flag),
            ]
        ),
        EventSchema(
            kind: .caseClosed,
            matter: .case,
            numberField: "caseId",
            timeField: "at",
            fields: [
                must("caseId", .text), enterprise, must("deptId", .text), must("openedAt", .instant),
                may("at", .instant), may("minor", .flag), may("first", .flag),
            ]
        ),
        EventSchema(
            kind: .penaltyDecided,
            matter: .penalty,
            numberField: "penaltyId",
            timeField: "decidedAt",
            fields: [
                must("penaltyId", .text), must("caseId", .text), enterprise, must("deptId", .text),
                must("decidedAt", .instant), must("kind", .text), may("fineId", .text),
                may("procedure", .oneOf(["ordinary", "summary"])), may("firstMinorNoHarm", .flag),
            ]
        ),
        afterwards(.penaltyServed), afterwards(.penaltyExecuted),
    ]

    /// What becomes of a penalty after it was decided.
    private static func afterwards(_ kind: EventKind) -> EventSchema {
        EventSchema(
            kind: kind,
            matter: .penalty,
            numberField: "penaltyId",
            timeField: "at",
            fields: [must("penaltyId", .text), enterprise, must("deptId", .text), must("at", .instant)]
        )
    }
}
