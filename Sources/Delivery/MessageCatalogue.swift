import Duty

/// The messages that exist, and the values that they can show.
package enum MessageCatalogue {
    /// Every code that has a template.
    package static let codes = [
        "N01", "N02", "N03", "N04", "N06", "N07", "N10", "N11", "N12", "N13", "N14", "N15", "N20", "N21",
        "N22", "N23", "N24", "N25", "N26", "N27", "N30", "N31", "N32", "N33", "N40", "N41", "N42", "N43",
        "N44", "N45", "N46", "N47", "N50", "N51", "N52", "N53", "N54", "N55", "N56", "N57", "N58", "N59",
        "N60", "N61", "N62", "N63", "N64", "N65", "N66", "N67", "N70", "N71", "N72", "N73", "N74", "N75",
        "N80", "N81", "N82", "N83", "N84", "N85", "N86", "N87", "N88", "N89", "N91", "N92", "N93", "N94",
        "N97", "N98",
        "N99",
    ]

    /// Accusations, amounts and shares: told to persons and offices, never to a group.
    package static let neverInGroup: Set<String> = [
        "N04", "N42", "N43", "N44", "N51", "N55", "N60", "N61", "N62", "N63", "N64", "N66", "N67", "N70",
        "N71", "N72", "N73", "N74", "N84", "N87", "N88", "N89", "N97", "N98", "N99",
    ]

    /// Every placeholder that a template may use.
    static let placeholders = DisplayFields.standardNames.union(
        (samples.members ?? []).map { DisplayFields.displayName($0.name) }
    )

    /// A notification with every value there is, each as long as is to be expected.
    static func longest(_ code: String) -> Notification {
        let at = Instant(seconds: 1_795_415_700)
        return Notification(
            key: "rule|\(code)",
            code: code,
            rule: "rule",
            article: 22,
            matter: "complaint/CP-2026-000123",
            enterprise: "E-000451",
            cycle: 2,
            stage: "breach",
            messageClass: .personal,
            recipient: Recipient(person: "P-1032", role: "park.leader"),
            dueAt: at,
            requestedAt: at,
            urgency: 0,
            withdraws: nil,
            values: code == byHand ? samples.setting(path: "reason", to: .string(longestReason)) : samples
        )
    }

    /// What somebody types in may be as long as the desk takes it.
    private static let byHand = "N94"
    private static let longestReason = String(repeating: "长", count: 200)

    /// The raw values by their names.
    private static let samples: Value = [
        "enterpriseName": "衡阳某某精密", "number": "CP-2026-000123", "matterWord": "厂区临时用电容量不足",
        "dueAt": "2026-11-23T14:35:00+08:00", "remainingSeconds": 86_100, "overdueSeconds": 86_100,
        "metAt": "2026-11-23T15:05:00+08:00", "actAt": "2026-11-23T16:00:00+08:00",
        "solutionDueAt": "2026-11-24T14:05:00+08:00", "ownerRefs": ["P-1032", "P-1033"],
        "department": "市场监督管理局", "cycle": 2, "reason": "inTime", "reasonKind": "inTime",
        "responsibleUnit": "国网衡阳县供电公司", "shareFen": 50_000_000, "oldShareFen": 60_000_000,
        "fineFen": 200_000_100, "oldFineFen": 300_000_100, "differenceFen": -10_000_000,
        "heldFen": 50_000_000, "heldRole": "park.leader", "document": "蒸发〔2023〕4号", "officeName": "领导小组办公室",
        "subjectType": "penalty", "lateIngest": true,
        "delayedBySeconds": 11_100, "lateBySeconds": 11_100, "ingestDelaySeconds": 11_100, "backdated": true,
        "oldDueAt": "2026-11-23T14:45:00+08:00", "count": 120, "reminder": false,
        "ruleTitle": "欠款线索最长办理时限", "ruleSays": "由县委县政府主要领导约谈,并在县电视台公开检查", "basis": "default",
        "class": "difficult", "workingDays": 15,
        "period": "2026-Q4", "total": 12, "done": 8, "limit": 10, "amountFen": 123_456_789,
        "limitFen": 100_000_000, "ageDays": 120, "year": 2026, "startAt": "2026-11-23T09:00:00+08:00",
        "missing": ["衡阳某某精密", "衡阳某某机械", "衡阳某某食品", "衡阳某某化工"],
        "departments": ["D-SCJG", "D-YJGL"], "doubt": "aboveScale,inNormalProduction",
        "milestone": "completed", "personRef": "P-0006", "escalatedByRef": "P-3012",
        "pauseReason": "lineApproval",
        "within": "10wd", "responseWithin": "30m", "solutionWithin": "24h",
        "kind": "诉求超时", "items": "CP-2026-000123 11月23日14:35", "more": 119,
        "channel": "park-robot", "fallback": "sms", "message": "Kafka 分区 3 积压 12000 条",
    ]
}
