import Duty

/// Articles 22 and 25 of the document as values, the way that a policy file would say them.
enum Fixtures {
    static let policy = makePolicy()

    private static func makePolicy() -> Policy {
        Policy(
            name: "articles-22-25",
            version: "test-1",
            document: "蒸发〔2023〕4号",
            effectiveFrom: CivilDate(clock("2023-08-15T00:00:00+08:00")),
            roles: Dictionary(uniqueKeysWithValues: roles.map { ($0.id, $0) }),
            escalations: [
                "response": Ladders.response, "solution": Ladders.solution,
                "case": Ladders.gate("N60", Ladders.caseRoles),
                "penalty": Ladders.gate("N61", Ladders.penaltyRoles), "report": Ladders.report,
                "attribution": Ladders.attribution,
            ],
            rules: [
                responseRule, solutionRule, caseRule, penaltyRule, reportRule, attributionRule, shareRule,
            ],
            settings: [:],
            keyRoles: KeyRoles(owner: "park.staff", linked: "county.linked", office: "office")
        )
    }

    private static let roles = [
        RoleDefinition(
            id: "park.staff",
            name: "专员",
            binding: .enterprise,
            fallback: ["park.leader", "park.head"]
        ),
        RoleDefinition(id: "park.leader", name: "联点领导", binding: .enterprise, fallback: ["park.head"]),
        RoleDefinition(id: "park.head", name: "园区负责人", binding: .park, fallback: ["office"]),
        RoleDefinition(id: "office", name: "办公室", binding: .standing),
        RoleDefinition(id: "dept.head", name: "部门负责人", binding: .standing, fallback: ["office"]),
        RoleDefinition(id: "county.linked", name: "联点县级领导", binding: .enterprise, fallback: ["office"]),
        RoleDefinition(id: "county.secretary", name: "县委书记", binding: .standing, fallback: ["office"]),
        RoleDefinition(id: "county.deputy", name: "分管副县长", binding: .standing, fallback: ["office"]),
    ]

    // MARK: Article 22, complaints

    private static let appeal = FactPattern(
        .complaintFiled,
        [
            Condition("kind", .isOneOf(["appeal"])), Condition("enterprise.inPark", .isOneOf([true])),
        ]
    )

    private static let humanAnswer = FactPattern(
        .complaintResponded,
        [
            Condition("auto", .isNoneOf([true])),
            Condition("by.role", .isOneOf(["park.staff", "park.leader"])),
        ]
    )

    private static func complaintRule(_ deadline: DeadlineRule) -> DeadlineRule {
        var deadline = deadline
        deadline.cancelledBy = [FactPattern(.complaintWithdrawn)]
        deadline.reopens = FactPattern(.complaintReopened)
        deadline.reopensAfter = FactPattern(.complaintResolved)
        return deadline
    }

    private static let responseRule = Rule(
        id: "A22.response",
        article: 22,
        basis: .text,
        title: "半小时有回应",
        body: .deadline(
            complaintRule(
                DeadlineRule(
                    opens: [appeal],
                    within: .continuous(.minutes(30)),
                    metBy: [
                        humanAnswer, FactPattern(.complaintSolutionProposed), FactPattern(.complaintResolved),
                    ],
                    escalation: "response"
                )
            )
        )
    )

    private static let solutionRule = Rule(
        id: "A22.solution",
        article: 22,
        basis: .text,
        title: "24小时有解决方案",
        body: .deadline(
            complaintRule(
                DeadlineRule(
                    opens: [appeal],
                    within: .continuous(.hours(24)),
                    metBy: [
                        FactPattern(.complaintSolutionProposed),
                        FactPattern(
                            .complaintResolved,
                            [Condition("outcome", .isOneOf(["done", "replied"]))]
                        ),
                    ],
                    escalation: "solution"
                )
            )
        )
    )

    // MARK: Article 25

    private static let isLinked = Condition("role.county.linked", .isPresent(true))

    private static let caseRule = Rule(
        id: "A25.case",
        article: 25,
        basis: .text,
        title: "立案须事先报告",
        body: .gate(
            gate(
                .caseOpened,
                subject: "case",
                role: "county.linked",
                recipientHolds: "county.linked",
                escalation: "case"
            )
        )
    )

    private static let penaltyRule = Rule(
        id: "A25.penalty",
        article: 25,
        basis: .text,
        title: "处罚须事先报告",
        body: .gate(
            gate(
                .penaltyDecided,
                subject: "penalty",
                role: "county.secretary",
                recipientHolds: nil,
                escalation: "penalty"
            )
        )
    )

    private static func gate(
        _ act: EventKind,
        subject: Value,
        role: Value,
        recipientHolds: RoleID?,
        escalation: String
    ) -> GateRule {
        var gate = GateRule(
            act: FactPattern(act, [isLinked]),
            before: FactPattern(
                .reportMade,
                [Condition("subjectType", .isOneOf([subject])), Condition("toRole", .isOneOf([role]))]
            ),
            grace: .hours(2),
            escalation: escalation
        )
        gate.recipientHolds = recipientHolds
        return gate
    }

    private static let reportRule = Rule(
        id: "A25.report",
        article: 25,
        basis: .text,
        title: "报告已登记",
        body: .notice(NoticeRule(on: FactPattern(.reportMade), escalation: "report"))
    )

    // MARK: Article 22, fines

    private static let parkFine = FactPattern(
        .fineIssued,
        [Condition("enterprise.inPark", .isOneOf([true]))]
    )

    private static let attributionRule = Rule(
        id: "A22.attribution",
        article: 22,
        basis: .default,
        title: "责任认定",
        body: .deadline(attribution)
    )

    private static var attribution: DeadlineRule {
        var deadline = DeadlineRule(
            opens: [parkFine],
            within: .workingDays(10, end: .closeOfBusiness),
            metBy: [FactPattern(.fineAttributed)],
            escalation: "attribution"
        )
        deadline.cancelledBy = [FactPattern(.fineRevoked)]
        deadline.endsWithEnterprise = false
        return deadline
    }

    private static let shareRule = Rule(
        id: "A22.share",
        article: 22,
        basis: .text,
        title: "承担50%",
        body: .allocation(
            AllocationRule(
                fines: parkFine,
                weights: [
                    AllocationRule.Weight(role: "park.leader", weight: 1),
                    AllocationRule.Weight(role: "park.staff", weight: 1),
                ],
                heldRole: "office"
            )
        )
    )
}

extension Fixtures {
    /// The policy with one ladder changed.
    static func replacing(_ ladder: String, _ change: (inout EscalationPolicy) -> Void) -> Policy {
        var escalations = policy.escalations
        var changed = escalations[ladder] ?? EscalationPolicy(steps: [])
        change(&changed)
        escalations[ladder] = changed
        return Policy(
            name: policy.name,
            version: policy.version,
            document: policy.document,
            effectiveFrom: policy.effectiveFrom,
            roles: policy.roles,
            escalations: escalations,
            rules: policy.rules,
            settings: policy.settings,
            keyRoles: policy.keyRoles
        )
    }

    /// The policy with a stage that is said again until it is acknowledged.
    static func asking(
        _ ladder: String,
        _ stage: String,
        every: Span,
        times: Int,
        holds: Span? = nil
    ) -> Policy {
        replacing(ladder) { ladder in
            for index in ladder.steps.indices where ladder.steps[index].stage == stage {
                ladder.steps[index].repetition = EscalationStep.Repetition(every: every, times: times)
                ladder.steps[index].acknowledgedFor = holds
            }
        }
    }
}
