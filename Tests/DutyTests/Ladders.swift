import Duty

/// Who hears what when, of the clocks and gates of articles 22 and 25.
enum Ladders {
    private static func personal(_ roles: RoleID...) -> EscalationStep.Tell {
        EscalationStep.Tell(roles: roles, messageClass: .personal)
    }

    private static let group = EscalationStep.Tell(roles: [], messageClass: .group)

    static let response = EscalationPolicy(
        steps: [
            EscalationStep(
                stage: "open",
                moment: .opening,
                code: "N10",
                tells: [personal("park.staff"), group],
                cycles: .first
            ),
            EscalationStep(
                stage: "reopen",
                moment: .opening,
                code: "N26",
                tells: [personal("park.staff", "park.leader")],
                cycles: .reopened
            ),
            EscalationStep(
                stage: "warn15",
                moment: .beforeDue(.minutes(15)),
                code: "N11",
                tells: [personal("park.staff")]
            ),
            EscalationStep(
                stage: "warn25",
                moment: .beforeDue(.minutes(5)),
                code: "N12",
                tells: [personal("park.staff", "park.staff.backup", "park.leader")]
            ),
            EscalationStep(
                stage: "breach",
                moment: .due,
                code: "N13",
                tells: [personal("park.staff", "park.leader"), group]
            ),
            EscalationStep(
                stage: "escalate60",
                moment: .afterDue(.minutes(30)),
                code: "N14",
                tells: [personal("park.head")]
            ),
        ],
        met: "N15",
        withdrawn: "N25",
        moved: "N27"
    )

    static let solution = EscalationPolicy(
        steps: [
            EscalationStep(
                stage: "warn12h",
                moment: .beforeDue(.hours(12)),
                code: "N20",
                tells: [personal("park.staff")]
            ),
            EscalationStep(
                stage: "warn20h",
                moment: .beforeDue(.hours(4)),
                code: "N20",
                tells: [personal("park.staff")]
            ),
            EscalationStep(
                stage: "warn23h",
                moment: .beforeDue(.hours(1)),
                code: "N21",
                tells: [personal("park.staff", "park.leader")]
            ),
            EscalationStep(
                stage: "breach",
                moment: .due,
                code: "N22",
                tells: [personal("park.leader", "park.head", "office")]
            ),
            EscalationStep(
                stage: "escalate24h",
                moment: .afterDue(.hours(24)),
                code: "N23",
                tells: [personal("county.deputy")]
            ),
        ],
        met: "N24",
        withdrawn: "N25"
    )

    static let caseRoles: [RoleID] = ["dept.head", "county.linked", "office"]
    static let penaltyRoles: [RoleID] = ["dept.head", "office", "county.secretary"]

    static func gate(_ code: String, _ roles: [RoleID]) -> EscalationPolicy {
        EscalationPolicy(
            steps: [
                EscalationStep(
                    stage: "violated",
                    moment: .due,
                    code: code,
                    tells: [EscalationStep.Tell(roles: roles, messageClass: .personal)]
                )
            ],
            withdrawn: "N64"
        )
    }

    static let report = EscalationPolicy(
        steps: [
            EscalationStep(
                stage: "report",
                moment: .opening,
                code: "N62",
                tells: [personal("fact:toPersonRef")]
            )
        ],
        withdrawn: "N64"
    )

    static let attribution = EscalationPolicy(
        steps: [
            EscalationStep(
                stage: "open",
                moment: .opening,
                code: "N70",
                tells: [personal("park.head", "office")]
            ),
            EscalationStep(
                stage: "breach",
                moment: .due,
                code: "N71",
                tells: [personal("park.head", "office")]
            ),
        ],
        withdrawn: "N75"
    )
}
