import Duty
import Testing

/// The facts of one matter and its enterprise, each with the time at which it reached the topic.
struct Scenario: Sendable, CustomTestStringConvertible {
    let name: String
    let matter: MatterID
    let facts: [Fact]

    var testDescription: String { name }

    /// Long after the last step of any ladder.
    static let end = Town.monday + .days(90)

    /// Minutes after the opening; a later arrival where one is given.
    private static func at(
        _ minutes: Int64,
        _ kind: EventKind,
        _ id: String,
        received: Int64? = nil,
        _ more: KeyValuePairs<String, Value> = [:]
    ) -> Fact {
        Town.fact(
            kind,
            id,
            at: Town.monday + .minutes(minutes),
            received: Town.monday + .minutes(received ?? minutes),
            more
        )
    }

    private static let kinds: [String: EventKind] = [
        "filed": .complaintFiled, "one": .complaintResponded, "off": .complaintWithdrawn,
        "void1": .recordVoided, "fix2": .recordCorrected, "opened": .caseOpened, "early": .reportMade,
        "issued": .fineIssued, "no": .fineAttributed, "paid": .fineShareSettled, "again": .fineShareSettled,
    ]

    private static func void(_ minutes: Int64, _ id: String, of target: String) -> Fact {
        Town.void(id, of: target, kinds[target] ?? .complaintFiled, at: Town.monday + .minutes(minutes))
    }

    private static func fix(_ minutes: Int64, _ id: String, of target: String, _ patch: Value) -> Fact {
        Town.correction(
            id,
            of: target,
            kinds[target] ?? .complaintFiled,
            at: Town.monday + .minutes(minutes),
            patch
        )
    }

    private static func time(_ minutes: Int64) -> Value { .string((Town.monday + .minutes(minutes)).rfc3339) }
    private static func inPark(_ isIn: Bool, from minutes: Int64, _ id: String, received: Int64) -> Fact {
        Town.fact(
            .enterpriseUpdated,
            id,
            at: Town.monday + .minutes(minutes),
            received: Town.monday + .minutes(received),
            of: "E-000451",
            ["changes": ["inPark": .bool(isIn)], "effectiveFrom": time(minutes)]
        )
    }
    private static let filed = at(0, .complaintFiled, "filed")
    private static let newOwner = [
        Town.ended("RA-1", at: Town.monday + .minutes(50)),
        Town.assigned(
            "RA-10",
            "P-1077",
            "park.staff",
            from: (Town.monday + .minutes(50)).rfc3339,
            at: Town.monday + .minutes(50)
        ),
    ]

    static let all = complaints + gates + fines

    // MARK: Complaints

    private static let complaints = [
        Scenario(
            name: "answered late, planned late, re-opened, answered again",
            matter: "complaint/1",
            facts: [
                filed, at(4, .complaintResponded, "auto", ["auto": true]), at(45, .complaintResponded, "one"),
                at(70, .complaintResponded, "two"), at(1_500, .complaintSolutionProposed, "plan"),
                at(1_600, .complaintResolved, "done"), at(2_000, .complaintReopened, "again"),
                at(2_050, .complaintResponded, "three"),
            ]
        ),
        Scenario(
            name: "answered in time, reported late, then withdrawn",
            matter: "complaint/1",
            facts: [
                filed, at(20, .complaintResponded, "one", received: 90), at(25, .complaintResponded, "two"),
                at(1_445, .complaintWithdrawn, "off"), at(1_500, .complaintSolutionProposed, "plan"),
            ]
        ),
        Scenario(
            name: "refused, re-opened twice, never planned",
            matter: "complaint/1",
            facts: [
                filed, at(10, .complaintResponded, "one"),
                at(1_500, .complaintResolved, "no", ["outcome": "rejected"]),
                at(1_600, .complaintReopened, "again"), at(1_640, .complaintResponded, "two"),
                at(3_100, .complaintResolved, "no2", ["outcome": "transferred"]),
                at(3_200, .complaintReopened, "thrice"),
            ]
        ),
        Scenario(
            name: "corrected times, voided and voided again",
            matter: "complaint/1",
            facts: [
                Town.fact(
                    .complaintFiled,
                    "filed",
                    at: Town.monday - .minutes(25),
                    received: Town.monday
                ),
                fix(10, "fix1", of: "filed", ["filedAt": time(0)]), at(20, .complaintResponded, "one"),
                void(40, "void1", of: "one"), void(80, "void2", of: "void1"),
                fix(100, "fix2", of: "one", ["respondedAt": time(-1)]),
                fix(110, "fix3", of: "filed", ["filedAt": time(-40)]), void(120, "void3", of: "fix2"),
            ]
        ),
        Scenario(
            name: "due time to and fro",
            matter: "complaint/1",
            facts: [
                filed, fix(3, "a", of: "filed", ["filedAt": time(-5)]),
                fix(6, "b", of: "filed", ["filedAt": time(0)]),
                fix(9, "c", of: "filed", ["filedAt": time(-5)]),
                fix(31, "d", of: "filed", ["filedAt": time(2)]),
                at(33, .complaintResponded, "one"),
            ]
        ),
        Scenario(
            name: "voided altogether after the alarm",
            matter: "complaint/1",
            facts: [
                filed, at(45, .complaintResponded, "one"), at(1_500, .complaintSolutionProposed, "plan"),
                void(1_600, "void", of: "filed"),
            ]
        ),
        Scenario(
            name: "withdrawal taken back, owner changed",
            matter: "complaint/1",
            facts: [
                filed, at(40, .complaintWithdrawn, "off"), void(55, "void", of: "off"),
                at(
                    62,
                    .complaintResponded,
                    "stranger",
                    ["by": ["personRef": "P-9", "role": "dept.contact"]]
                ),
            ] + newOwner
        ),
        Scenario(
            name: "in the park by books that come after the complaint",
            matter: "complaint/1",
            facts: [
                filed, inPark(false, from: -14_400, "out", received: 1),
                inPark(true, from: -60, "in", received: 2), at(45, .complaintResponded, "one"),
                fix(200, "fix", of: "in", ["effectiveFrom": time(-30)]),
                at(1_500, .complaintSolutionProposed, "plan"),
            ]
        ),
        Scenario(
            name: "filed after the end of an enterprise that was registered again",
            matter: "complaint/1",
            facts: [
                filed, at(45, .complaintResponded, "one"),
                Town.fact(.enterpriseDeregistered, "end", at: Town.monday - .minutes(90), of: "E-000451"),
                Town.fact(
                    .enterpriseRegistered,
                    "back",
                    at: Town.monday - .minutes(30),
                    received: Town.monday + .minutes(5),
                    of: "E-000451",
                    ["inPark": true]
                ),
            ]
        ),
        Scenario(
            name: "owner changed, answered late, enterprise gone",
            matter: "complaint/1",
            facts: [
                filed, at(70, .complaintResponded, "one"),
                Town.fact(
                    .enterpriseDeregistered,
                    "end",
                    at: Town.monday + .minutes(1_500),
                    of: "E-000451"
                ),
            ] + newOwner
        ),
    ]

    // MARK: Gates

    private static let gates = [
        Scenario(
            name: "case with a late, a wrong and an early report",
            matter: "case/1",
            facts: [
                at(0, .caseOpened, "opened"), at(5, .reportMade, "late"),
                at(-30, .reportMade, "wrong", ["toPersonRef": "P-0008"]),
                at(-60, .reportMade, "early", received: 400), void(600, "void", of: "early"),
                at(-90, .reportMade, "earlier", received: 900),
            ]
        ),
        Scenario(
            name: "case whose leader is linked later by the books",
            matter: "case/1",
            facts: [
                at(0, .caseOpened, "opened"), fix(300, "fix", of: "opened", ["openedAt": time(-120)]),
                at(-100, .reportMade, "early"), Town.ended("RA-4", at: Town.monday - .minutes(200)),
                Town.assigned(
                    "RA-8",
                    "P-0009",
                    "county.linked",
                    from: (Town.monday - .minutes(150)).rfc3339,
                    at: Town.monday + .minutes(500)
                ),
            ]
        ),
        Scenario(
            name: "case whose first leader is linked after it was opened",
            matter: "case/1",
            facts: [
                at(0, .caseOpened, "opened"), Town.ended("RA-4", at: Town.monday - .days(2)),
                Town.assigned(
                    "RA-8",
                    "P-0009",
                    "county.linked",
                    from: (Town.monday - .days(1)).rfc3339,
                    at: Town.monday + .minutes(1)
                ),
                at(-30, .reportMade, "to the former one", received: 400),
                at(-20, .reportMade, "early", received: 900, ["toPersonRef": "P-0009"]),
            ]
        ),
        Scenario(
            name: "penalty never reported",
            matter: "penalty/1",
            facts: [
                at(0, .penaltyDecided, "decided"),
                at(
                    10,
                    .reportMade,
                    "late",
                    ["subjectType": "penalty", "toRole": "county.secretary", "toPersonRef": "P-0001"]
                ),
                at(-10, .reportMade, "case", received: 20),
            ]
        ),
    ]

    // MARK: Fines

    private static func decision(_ minutes: Int64, _ id: String, _ yes: Bool, received: Int64? = nil) -> Fact
    {
        at(
            minutes,
            .fineAttributed,
            id,
            received: received,
            ["attributable": .bool(yes), "decisionId": .string("AD-" + id)]
        )
    }

    private static func revision(_ minutes: Int64, _ number: Int64, _ amount: Int64) -> Fact {
        at(
            minutes,
            .fineRevised,
            "rev\(number)",
            ["revision": .integer(number), "amountFen": .integer(amount)]
        )
    }

    private static let staffed = [
        Town.assigned("RA-20", "P-1050", "park.staff", from: "2026-11-20", at: Town.monday + .days(3)),
        Town.assigned("RA-21", "P-1060", "park.leader", from: "2026-11-24", at: Town.monday + .days(4)),
    ]

    private static let fines = [
        Scenario(
            name: "decided, revised with a gap, revoked",
            matter: "fine/1",
            facts: [
                at(0, .fineIssued, "issued"), decision(1_500, "yes", true), revision(3_000, 3, 33_333_333),
                revision(4_000, 2, 101), at(9_000, .fineRevoked, "revoked", ["revision": 4]),
            ] + staffed
        ),
        Scenario(
            name: "decided three ways and corrected",
            matter: "fine/1",
            facts: [
                at(0, .fineIssued, "issued"), decision(1_500, "yes", true), decision(2_500, "no", false),
                decision(2_000, "between", true, received: 4_000), void(5_000, "void", of: "no"),
                fix(6_000, "fix", of: "issued", ["amountFen": 1_000_001]),
            ] + staffed
        ),
        Scenario(
            name: "decided too late, without a leader on the day",
            matter: "fine/1",
            facts: [
                at(0, .fineIssued, "issued"), decision(30_000, "yes", true),
                Town.ended("RA-3", at: Town.monday - .days(1)),
                at(31_000, .fineShareSettled, "paid", ["amountFen": 100_000]), revision(32_000, 2, 99),
            ] + staffed
        ),
        Scenario(
            name: "voided after the shares were posted",
            matter: "fine/1",
            facts: [
                at(0, .fineIssued, "issued"), decision(1_500, "yes", true), void(3_000, "void", of: "issued"),
            ]
        ),
        Scenario(
            name: "paid twice by mistake",
            matter: "fine/1",
            facts: [
                at(0, .fineIssued, "issued"), decision(1_500, "yes", true),
                at(3_000, .fineShareSettled, "paid", ["amountFen": 500_000]),
                at(3_001, .fineShareSettled, "again", ["amountFen": 500_000]),
                void(4_000, "void", of: "again"),
                fix(4_100, "fix", of: "paid", ["amountFen": 400_000]),
            ]
        ),
    ]
}
