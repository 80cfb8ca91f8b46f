/// Money, clues, duties, assessments, calendars and records about records.
extension EventCatalogue {
    static func fine(
        _ kind: EventKind,
        _ timeField: String,
        _ fields: [EventField]
    ) -> EventSchema {
        EventSchema(
            kind: kind,
            matter: .fine,
            numberField: "fineId",
            timeField: timeField,
            fields: [must("fineId", .text), must(timeField, .instant)] + fields
        )
    }

    static let revisionCause = FieldKind.oneOf(["selfCorrection", "reconsideration", "litigation"])

    static let moneySchemas: [EventSchema] = [
        fine(
            .fineIssued,
            "decidedAt",
            [
                enterprise, must("deptId", .text), must("amountFen", .amount),
                must("currency", .oneOf(["CNY"])),
                must("revision", .integer(1...1)), may("penaltyId", .text), may("docNo", .text),
                may("surchargeFen", .amount), may("violatedAt", .dateOrInstant),
            ]
        ),
        fine(
            .fineAttributed,
            "at",
            [
                enterprise, must("decisionId", .text), must("attributable", .flag), must("decidedBy", .actor),
                may("causes", .list(of: .oneOf(["service", "guidance"]))), may("reasonRef", .text),
                may("weights", .weights),
            ]
        ),
        fine(
            .fineRevised,
            "at",
            [
                enterprise, must("revision", .integer(2...1_000_000)), must("amountFen", .amount),
                must("cause", revisionCause), may("docNo", .text), may("surchargeFen", .amount),
                may("underReview", .flag),
            ]
        ),
        fine(
            .fineRevoked,
            "at",
            [enterprise, must("revision", .integer(2...1_000_000)), must("cause", revisionCause)]
        ),
        fine(
            .fineShareSettled,
            "at",
            [
                may("enterpriseId", .text), must("personRef", .text), must("amountFen", .signedAmount),
                must("voucherRef", .text),
            ]
        ),
    ]

    static func clue(_ kind: EventKind) -> EventSchema {
        EventSchema(
            kind: kind,
            matter: .clue,
            numberField: "clueId",
            timeField: "at",
            fields: [
                must("clueId", .text), must("direction", .oneOf(["discipline>dept", "dept>discipline"])),
                must("at", .instant),
            ],
            leastClassification: .restricted
        )
    }

    static func record(_ kind: EventKind, _ fields: [EventField]) -> EventSchema {
        EventSchema(
            kind: kind,
            matter: nil,
            numberField: "targetId",
            timeField: "at",
            fields: [
                must("targetType", .eventType), must("targetId", .text), must("reason", .text),
                must("by", .actorOrText), must("at", .instant),
            ] + fields + [may("enterpriseId", .text), may("targetSource", .text)]
        )
    }

    static let years: ClosedRange<Int64> = 2000...2200

    static let result = FieldKind.parts(
        [may("orgUnit", .text), may("personRef", .text), may("grade", .text), may("rank", .integer(count))],
        anyOf: ["orgUnit", "personRef"]
    )

    static let otherSchemas: [EventSchema] = [
        clue(.clueTransferred), clue(.clueFedback),
        EventSchema(
            kind: .dutyPerformed,
            matter: .duty,
            numberField: "dutyCode",
            timeField: "performedAt",
            fields: [
                must("dutyCode", .text), must("performedAt", .instant), may("personRef", .text),
                may("orgUnit", .text), may("enterpriseId", .text), may("theme", .text),
                may("proofRef", .text),
            ],
            anyOf: ["personRef", "orgUnit"]
        ),
        EventSchema(
            kind: .assessmentPublished,
            matter: .assessment,
            numberField: "assessmentId",
            timeField: "publishedAt",
            fields: [
                must("assessmentId", .text),
                must("scheme", .oneOf(["provinceIndicator", "unit", "sectionChief"])),
                must("year", .integer(years)), must("results", .list(of: result)),
                must("publishedAt", .instant),
            ]
        ),
        EventSchema(
            kind: .calendarPublished,
            matter: .calendar,
            numberField: "year",
            timeField: nil,
            fields: [
                must("year", .integer(years)), must("offDays", .list(of: .date)),
                must("makeupWorkdays", .list(of: .date)), must("docNo", .text),
                must("revision", .integer(count)),
            ]
        ),
        record(.recordCorrected, [must("patch", .patch)]),
        record(.recordVoided, []),
        EventSchema(
            kind: .notificationAcknowledged,
            matter: nil,
            numberField: "notificationId",
            timeField: "at",
            fields: [
                must("notificationId", .text), must("personRef", .text), must("at", .instant),
                must("via", .oneOf(["card", "sms-reply", "web", "supervisor"])), may("by", .actorOrText),
                may("reason", .text),
            ]
        ),
        EventSchema(
            kind: .escalationRequested,
            matter: nil,
            numberField: "matter",
            timeField: "at",
            fields: [
                must("requestId", .text), must("matter", .text), must("ruleId", .text), must("stage", .text),
                must("reason", .text), must("by", .actorOrText), must("at", .instant),
                may("enterpriseId", .text), may("cycle", .integer(count)), may("subject", .text),
            ]
        ),
        EventSchema(
            kind: .silenceSet,
            matter: .silence,
            numberField: "silenceId",
            timeField: "at",
            fields: [
                must("silenceId", .text), must("scope", silenceScope), must("from", .instant),
                must("until", .instant), must("reason", .text), must("by", .actorOrText),
                must("at", .instant),
            ]
        ),
        EventSchema(
            kind: .silenceEnded,
            matter: .silence,
            numberField: "silenceId",
            timeField: "at",
            fields: [
                must("silenceId", .text), must("reason", .text), must("by", .actorOrText),
                must("at", .instant),
            ]
        ),
    ]

    /// What is named narrows it; `all` says that nothing is to narrow it.
    private static let silenceScope = FieldKind.parts(
        [
            may("matter", .text), may("enterpriseId", .text), may("ruleId", .text), may("role", .text),
            may("personRef", .text), may("all", .flag),
        ],
        anyOf: ["matter", "enterpriseId", "ruleId", "role", "personRef", "all"]
    )
}
