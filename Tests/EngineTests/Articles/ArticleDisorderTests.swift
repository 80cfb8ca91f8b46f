import Duty
import Testing

/// Facts of one history in any order come to the same records, and nobody is left with a wrong belief.
@Suite struct ArticleDisorderTests {
    private static func on(
        _ time: String,
        _ kind: EventKind,
        _ number: String,
        _ copy: String,
        id: String? = nil,
        of enterprise: String = "E-1",
        _ more: Fields = [:]
    ) throws -> Fact {
        try Event.on(
            time,
            kind,
            number + copy,
            id: (id ?? "\(kind.rawValue) \(number) \(time)") + copy,
            of: enterprise + copy,
            more
        )
    }

    @Sendable private static func enterprise(_ copy: String) throws -> [Fact] {
        try County.enterprise("E-1" + copy)
    }

    // MARK: Deadlines

    @Test func deadlinesWithClasses() async throws {
        try await Chorus(
            start: "2026-11-23 08:00",
            end: "2026-12-20 00:00",
            before: Self.enterprise,
            story: { copy in
                func on(_ time: String, _ kind: EventKind, _ more: Fields = [:]) throws -> Fact {
                    try Self.on(time, kind, "CP", copy, more)
                }
                let filed = try on("2026-11-23 14:05", .complaintFiled, ["kind": "window"])
                let difficult = try on(
                    "2026-11-25 10:00",
                    .complaintClassified,
                    ["class": "difficult", "approvedBy": "hallHead"]
                )
                let resolved = try on("2026-11-27 10:00", .complaintResolved, ["outcome": "done"])
                let void = try Event.void(difficult, at: "2026-11-28 10:00")
                return [
                    filed,
                    try on("2026-11-23 15:00", .complaintClassified, ["class": "eligible"]),
                    try on("2026-11-24 10:00", .complaintClassified, ["class": "general"]),
                    difficult,
                    try on("2026-11-26 10:00", .complaintResponded, ["auto": false]),
                    resolved,
                    try Event.void(resolved, at: "2026-11-27 12:00"),
                    void,
                    try Event.correct(
                        filed,
                        at: "2026-11-29 10:00",
                        ["filedAt": .string(local("2026-11-22 09:00").rfc3339)]
                    ),
                    try Event.void(void, at: "2026-12-06 10:00"),
                ]
            },
            matters: { ["complaint/CP" + $0].map { MatterID($0) } }
        ).sing()
    }

    @Test func deadlinesThatWereReopened() async throws {
        try await Chorus(
            start: "2026-11-23 08:00",
            end: "2026-12-24 00:00",
            before: Self.enterprise,
            story: { copy in
                func on(_ time: String, _ kind: EventKind, _ more: Fields = [:]) throws -> Fact {
                    try Self.on(time, kind, "CP", copy, more)
                }
                let reopened = try on(
                    "2026-12-02 10:00",
                    .complaintReopened,
                    ["reason": "notSolved", "cycle": 2]
                )
                let withdrawn = try on("2026-12-04 10:00", .complaintWithdrawn, ["by": "enterprise"])
                return [
                    try on("2026-11-23 14:05", .complaintFiled, ["kind": "badReview"]),
                    try on("2026-11-24 10:00", .complaintClassified, ["class": "complex"]),
                    try on("2026-11-24 17:31", .complaintResponded, ["auto": false]),
                    try on("2026-12-01 10:00", .complaintResolved, ["outcome": "done"]),
                    reopened,
                    withdrawn,
                    try Event.void(withdrawn, at: "2026-12-05 10:00"),
                    try on("2026-12-08 10:00", .complaintRated, ["solved": true, "satisfaction": 4]),
                    try Event.correct(
                        reopened,
                        at: "2026-12-09 10:00",
                        ["at": .string(local("2026-12-03 10:00").rfc3339)]
                    ),
                ]
            },
            matters: { ["complaint/CP" + $0].map { MatterID($0) } }
        ).sing()
    }

    @Test func deadlinesWithPauses() async throws {
        try await Chorus(
            start: "2026-11-23 08:00",
            end: "2026-12-24 00:00",
            before: Self.enterprise,
            story: { copy in
                func on(_ time: String, _ kind: EventKind, _ more: Fields = [:]) throws -> Fact {
                    try Self.on(time, kind, "SV", copy, more)
                }
                let design = try on("2026-11-25 09:00", .servicePaused, ["reason": "design"])
                let ended = try on("2026-11-27 09:00", .serviceResumed, ["reason": "construction"])
                let completed = try on("2026-12-02 10:00", .serviceCompleted)
                return [
                    try on("2026-11-23 14:05", .serviceRequested, ["kind": "water"]),
                    try on("2026-11-24 09:00", .servicePaused, ["reason": "construction"]),
                    design,
                    try on("2026-11-26 09:00", .serviceResumed, ["reason": "design"]),
                    ended,
                    try Event.void(design, at: "2026-11-28 09:00"),
                    completed,
                    try Event.correct(
                        ended,
                        at: "2026-12-03 09:00",
                        ["at": .string(local("2026-11-26 09:00").rfc3339)]
                    ),
                    try Event.void(completed, at: "2026-12-04 09:00"),
                    try on("2026-12-05 09:00", .servicePaused, ["reason": "lineApproval"]),
                ]
            },
            matters: { ["service/SV" + $0].map { MatterID($0) } }
        ).sing()
    }

    @Test func deadlinesWithoutALimit() async throws {
        try await Chorus(
            start: "2026-11-23 08:00",
            end: "2026-12-24 00:00",
            before: Self.enterprise,
            story: { copy in
                func on(_ time: String, _ kind: EventKind, _ more: Fields = [:]) throws -> Fact {
                    try Self.on(time, kind, "CP", copy, more)
                }
                let filed = try on("2026-11-23 14:05", .complaintFiled, ["kind": "arrears", "amountFen": 5])
                let resolved = try on("2026-12-03 10:00", .complaintResolved, ["outcome": "done"])
                return [
                    filed,
                    try on("2026-11-25 10:00", .complaintAssigned, ["toPersonRef": "arrears"]),
                    resolved,
                    try Event.correct(
                        filed,
                        at: "2026-12-04 10:00",
                        ["filedAt": .string(local("2026-11-20 10:00").rfc3339)]
                    ),
                    try Event.void(resolved, at: "2026-12-07 10:00"),
                    try Event.correct(filed, at: "2026-12-08 10:00", id: "amount" + copy, ["amountFen": 6]),
                ]
            },
            matters: { ["complaint/CP" + $0].map { MatterID($0) } }
        ).sing()
    }

    // MARK: Visits

    private static func planned(
        _ time: String,
        _ number: String,
        _ start: String,
        by department: String = "D-MKT",
        for purpose: String = "inspection",
        version: Int64 = 1,
        _ copy: String,
        _ more: Fields = [:]
    ) throws -> Fact {
        try Event.planned(
            time,
            number + copy,
            start,
            by: department,
            for: purpose,
            version: version,
            of: "E-1" + copy,
            more
        )
    }

    @Test func gates() async throws {
        try await Chorus(
            start: "2026-11-25 08:00",
            end: "2026-12-20 00:00",
            before: Self.enterprise,
            story: { copy in
                func on(_ time: String, _ kind: EventKind, _ more: Fields = [:]) throws -> Fact {
                    try Self.on(time, kind, "VS", copy, more)
                }
                let contacted = try on(
                    "2026-11-30 10:00",
                    .visitContacted,
                    ["byDept": "D-MKT", "parkPersonRef": "staff"]
                )
                let escort = try on("2026-12-01 08:00", .visitEscortAssigned, ["personRef": "staff"])
                let void = try Event.void(contacted, at: "2026-12-02 10:00")
                return [
                    try Self.planned("2026-11-25 10:00", "VS", "2026-11-27 09:00", for: "research", copy),
                    try Self.planned(
                        "2026-11-26 10:00",
                        "VS",
                        "2026-12-01 09:00",
                        for: "research",
                        version: 2,
                        copy
                    ),
                    contacted,
                    escort,
                    try on("2026-12-01 09:05", .visitStarted),
                    void,
                    try Event.correct(
                        escort,
                        at: "2026-12-03 10:00",
                        ["at": .string(local("2026-12-01 10:00").rfc3339)]
                    ),
                    try Event.void(void, at: "2026-12-04 10:00"),
                    try Event.correct(
                        contacted,
                        at: "2026-12-05 10:00",
                        ["at": .string(local("2026-12-01 08:30").rfc3339)]
                    ),
                ]
            },
            matters: { ["visit/VS" + $0].map { MatterID($0) } }
        ).sing()
    }

    @Test func windows() async throws {
        try await Chorus(
            start: "2026-11-25 08:00",
            end: "2026-12-28 00:00",
            before: Self.enterprise,
            story: { copy in
                func on(_ time: String, _ kind: EventKind, _ more: Fields = [:]) throws -> Fact {
                    try Self.on(time, kind, "VS", copy, more)
                }
                let third = try Self.planned(
                    "2026-11-27 10:00",
                    "VS",
                    "2026-12-08 09:00",
                    version: 3,
                    copy,
                    ["exception": ["code": "complaintCase"]]
                )
                let cancelled = try on("2026-12-01 10:00", .visitCancelled)
                let referenced = try Event.correct(third, at: "2026-11-28 10:00", ["exception.ref": "CP-7"])
                return [
                    try Self.planned("2026-11-25 10:00", "VS", "2026-12-07 09:00", copy),
                    try Self.planned("2026-11-26 10:00", "VS", "2026-12-04 09:00", version: 2, copy),
                    third,
                    referenced,
                    cancelled,
                    try Event.void(cancelled, at: "2026-12-02 10:00"),
                    try on("2026-12-08 09:05", .visitStarted, ["escortPersonRef": "staff"]),
                    try Event.void(referenced, at: "2026-12-09 10:00"),
                    try Event.correct(
                        third,
                        at: "2026-12-10 10:00",
                        id: "code" + copy,
                        ["exception.code": "becauseWeWant"]
                    ),
                    try on("2026-12-08 11:00", .visitEnded),
                ]
            },
            matters: { ["visit/VS" + $0].map { MatterID($0) } }
        ).sing()
    }

    // MARK: Practices

    @Test func practicesOfOneMatter() async throws {
        try await Chorus(
            start: "2026-11-23 08:00",
            end: "2026-12-10 00:00",
            before: Self.enterprise,
            story: { copy in
                func asked(_ time: String, _ material: String, round: Int64 = 1) throws -> Fact {
                    try Self.on(
                        time,
                        .approvalMaterialRequested,
                        "PJ",
                        copy,
                        [
                            "approvalId": "AP-7", "materialCode": .string(material), "stage": "施工许可",
                            "round": .integer(round),
                        ]
                    )
                }
                let first = try asked("2026-11-23 10:00", "M-1")
                let second = try asked("2026-11-24 10:00", "M-1")
                let third = try asked("2026-11-25 10:00", "M-2", round: 2)
                let void = try Event.void(first, at: "2026-11-27 10:00")
                return [
                    first, second, third,
                    try asked("2026-11-26 10:00", "M-1", round: 2),
                    void,
                    try Event.correct(third, at: "2026-11-28 10:00", ["materialCode": "M-1", "round": 1]),
                    try Event.void(void, at: "2026-11-29 10:00"),
                    try Event.correct(
                        second,
                        at: "2026-11-30 10:00",
                        ["at": .string(local("2026-11-22 10:00").rfc3339)]
                    ),
                ]
            },
            matters: { ["project/PJ" + $0].map { MatterID($0) } }
        ).sing()
    }

    @Test func practicesOfOneEnterprise() async throws {
        try await Chorus(
            start: "2026-11-16 08:00",
            end: "2026-12-10 00:00",
            before: Self.enterprise,
            story: { copy in
                let third = try Self.planned(
                    "2026-11-18 10:00",
                    "VS-3",
                    "2026-11-30 09:00",
                    by: "D-TAX",
                    copy
                )
                let cancelled = try Self.on("2026-11-19 10:00", .visitCancelled, "VS-2", copy)
                return [
                    try Self.planned("2026-11-16 10:00", "VS-1", "2026-11-26 09:00", by: "D-MKT", copy),
                    try Self.planned("2026-11-17 10:00", "VS-2", "2026-11-27 09:00", by: "D-ENV", copy),
                    third,
                    cancelled,
                    try Self.planned(
                        "2026-11-20 10:00",
                        "VS-1",
                        "2026-12-02 09:00",
                        by: "D-MKT",
                        version: 2,
                        copy
                    ),
                    try Event.void(cancelled, at: "2026-11-21 10:00"),
                    try Event.correct(third, at: "2026-11-22 10:00", ["deptId": "D-MKT"]),
                ]
            },
            matters: { [MatterID("gathering/A21.merge.E-1" + $0)] }
        ).sing()
    }

    /// All enterprises of the county are looked at together, so that each order needs a county of its own.
    @Test func practicesOfTheCounty() async throws {
        func history() throws -> [Fact] {
            var facts = try (1...12).map { number in
                try Event.on(
                    "2026-03-\(number + 9) 10:00",
                    .enterpriseRegistered,
                    "E-\(number)",
                    of: "E-\(number)",
                    ["name": .string("厂\(number)"), "brand": .bool(number != 12), "inPark": false]
                )
            }
            let gone = try Event.on(
                "2026-04-01 10:00",
                .enterpriseDeregistered,
                "E-4",
                of: "E-4",
                ["reason": "cancelled"]
            )
            facts += [
                gone, try Event.updated("2026-04-02 10:00", from: "2026-04-02", of: "E-12", ["brand": true]),
                try Event.updated("2026-04-03 10:00", from: "2026-04-03", of: "E-2", ["brand": false]),
                try Event.void(gone, at: "2026-04-04 10:00"),
            ]
            return facts
        }
        func outlook(_ facts: [Fact], parts: Int) async throws -> Outlook {
            var seen: Outlook?
            try await World.county(at: "2026-04-05 10:00") { world in
                let length = (facts.count + parts - 1) / parts
                for start in stride(from: 0, to: facts.count, by: length) {
                    try await world.feed(Array(facts[start..<min(start + length, facts.count)]))
                }
                let matter = try await world.matter("gathering/A26.brand")
                let told = try await world.store.notifications(of: matter.id).map(\.notification)
                seen = Outlook([(matter, told)], copy: "#")
            }
            return try #require(seen)
        }
        let facts = try history()
        let reference = try await outlook(facts, parts: facts.count)
        #expect(reference.records.count == 1 && reference.problems == [])
        var random = SystemRandomNumberGenerator()
        let seed = UInt64.random(in: 0..<1 << 48, using: &random)
        var generator = SeededGenerator(seed: seed)
        for number in 0..<60 {
            let shuffled = facts.shuffled(using: &generator)
            let seen = try await outlook(shuffled, parts: 1 + number % 6)
            guard seen == reference else {
                Issue.record("seed \(seed), order \(shuffled.map(\.key.id)): \(seen) for \(reference)")
                return
            }
        }
    }

    // MARK: Amounts and notices

    @Test func amounts() async throws {
        try await Chorus(
            start: "2026-11-23 08:00",
            end: "2026-12-10 00:00",
            story: { copy in
                func quoted(_ time: String, _ fen: Int64) throws -> Fact {
                    try Self.on(
                        time,
                        .feeQuoted,
                        "FE",
                        copy,
                        ["item": "power.package", "amountFen": .integer(fen), "baseGuidePriceFen": 12_345]
                    )
                }
                let first = try quoted("2026-11-23 10:00", 12_000)
                let lower = try Event.correct(first, at: "2026-11-25 10:00", ["amountFen": 11_000])
                let second = try quoted("2026-11-24 10:00", 11_728)
                return [
                    try County.enterprise("E-1" + copy, since: "2026-11-23 09:00")[0], first, second, lower,
                    try Event.correct(second, at: "2026-11-26 10:00", ["baseGuidePriceFen": 12_346]),
                    try Event.void(lower, at: "2026-11-27 10:00"),
                    try Event.void(second, at: "2026-11-28 10:00"),
                ]
            },
            matters: { ["fee/FE" + $0].map { MatterID($0) } }
        ).sing()
    }

    @Test func awardsAndNotices() async throws {
        try await Chorus(
            start: "2027-01-20 08:00",
            end: "2027-02-10 00:00",
            story: { copy in
                func published(_ time: String, _ ranks: [Int64]) throws -> Fact {
                    let units = ["D-MKT", "D-ENV", "D-TAX", "D-4", "D-5"]
                    let grades = ["优秀", "良好", "一般", "一般", "优秀"]
                    let results = zip(units, zip(grades, ranks)).map { (who: $0, grade: $1.0, rank: $1.1) }
                    let bare = try Event.assessment(time, "AS" + copy, "provinceIndicator", results)
                    return bare
                }
                let first = try published("2027-01-20 09:00", [71, 2, 90, 4, 5])
                let other = try published("2027-01-20 09:00", [70, 71, 72, 4, 5])
                let list = other.data["results"] ?? .null
                let corrected = try Event.correct(first, at: "2027-01-21 09:00", ["results": list])
                let void = try Event.void(first, at: "2027-01-22 09:00")
                return [
                    first, corrected, void, try Event.void(void, at: "2027-01-23 09:00"),
                    try Event.void(corrected, at: "2027-01-24 09:00"),
                    try Event.correct(first, at: "2027-01-25 09:00", ["scheme": "unit"]),
                ]
            },
            matters: { ["assessment/AS" + $0].map { MatterID($0) } }
        ).sing()
    }

    // MARK: Recurring duties

    @Test func dutiesOfLinkedLeaders() async throws {
        try await Chorus(
            start: "2026-10-01 00:00",
            end: "2027-01-20 00:00",
            step: .days(2),
            longestDelay: .days(60),
            story: { copy in
                func research(_ number: String, _ day: String, _ enterprise: String) throws -> [Fact] {
                    try Event.research(number + copy, day, of: enterprise + copy)
                }
                func link(_ enterprise: String, _ time: String) throws -> Fact {
                    try Event.role("linked" + copy, "county.linked", time, of: enterprise + copy)
                }
                let first = try research("VS-1", "2026-10-20", "E-1")
                let second = try research("VS-2", "2026-10-25", "E-2")
                let third = try research("VS-3", "2026-11-05", "E-1")
                return [
                    try County.enterprise("E-1" + copy, since: "2026-10-01 10:00")[0],
                    try County.enterprise("E-2" + copy, since: "2026-10-01 10:00")[0],
                    try link("E-1", "2026-10-02 10:00"), try link("E-2", "2026-10-03 10:00"),
                    first[0], first[2], second[0], second[2],
                    try Event.void(first[2], at: "2026-10-30 10:00"),
                    third[0], third[2],
                    try Event.correct(
                        third[2],
                        at: "2026-11-10 10:00",
                        ["at": .string(local("2026-11-07 10:00").rfc3339)]
                    ),
                    try Event.roleEnds(
                        "linked" + copy,
                        "county.linked",
                        "2026-10-03 10:00",
                        at: "2026-11-20 10:00",
                        of: "E-2" + copy
                    ),
                ]
            },
            matters: { copy in
                [
                    "duty/A25.linked", "visit/VS-1", "visit/VS-2", "visit/VS-3", "enterprise/E-1",
                    "enterprise/E-2",
                ].map { MatterID($0 + copy) }
            }
        ).sing()
    }

    @Test func dutiesOfStandingHolders() async throws {
        try await Chorus(
            start: "2026-10-01 00:00",
            end: "2027-01-20 00:00",
            step: .days(2),
            holders: ["county.four": { PersonRef("four" + $0) }],
            longestDelay: .days(60),
            story: { copy in
                func met(_ time: String, _ more: Fields) throws -> Fact {
                    try Event.performed(time, "A24", by: "four" + copy, more)
                }
                let without = try met("2026-10-20 10:00", [:])
                let meeting = try met("2026-11-05 10:00", ["theme": "融资"])
                let void = try Event.void(meeting, at: "2026-11-10 10:00")
                let theme = try Event.correct(without, at: "2026-11-12 10:00", ["theme": "用工"])
                return [
                    without, meeting, void, theme, try Event.void(theme, at: "2026-11-14 10:00"),
                    try Event.void(void, at: "2026-12-28 10:00"),
                    try Event.correct(meeting, at: "2026-12-29 10:00", ["personRef": "somebody else"]),
                    try met("2026-12-30 10:00", ["theme": "物流"]),
                ]
            },
            matters: { [MatterID("duty/A24.four" + $0)] }
        ).sing()
    }

    // MARK: Shares

    @Test func allocations() async throws {
        try await Chorus(
            start: "2026-11-23 08:00",
            end: "2026-12-28 00:00",
            before: Self.enterprise,
            story: { copy in
                func on(_ time: String, _ kind: EventKind, _ more: Fields) throws -> Fact {
                    try Self.on(time, kind, "FN", copy, more)
                }
                func decided(_ time: String, _ id: String, _ isAttributable: Bool) throws -> Fact {
                    try on(
                        time,
                        .fineAttributed,
                        [
                            "decisionId": .string(id), "attributable": .bool(isAttributable),
                            "decidedBy": ["personRef": "office", "role": "office"],
                        ]
                    )
                }
                let revised = try on(
                    "2026-11-27 10:00",
                    .fineRevised,
                    ["revision": 2, "amountFen": 1_200_001, "cause": "reconsideration"]
                )
                let second = try decided("2026-11-28 10:00", "AD-2", false)
                let revoked = try on(
                    "2026-11-30 10:00",
                    .fineRevoked,
                    ["revision": 3, "cause": "litigation"]
                )
                return [
                    try on(
                        "2026-11-23 10:00",
                        .fineIssued,
                        ["deptId": "D-MKT", "amountFen": 2_000_001, "currency": "CNY", "revision": 1]
                    ),
                    try decided("2026-11-26 10:00", "AD-1", true), revised, second,
                    try Event.void(second, at: "2026-11-29 10:00"), revoked,
                    try Event.void(revoked, at: "2026-12-01 10:00"),
                    try Event.correct(revised, at: "2026-12-02 10:00", ["amountFen": 1_000_003]),
                ]
            },
            matters: { ["fine/FN" + $0].map { MatterID($0) } }
        ).sing()
    }
}
