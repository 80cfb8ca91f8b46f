import Duty
import Storage
import Testing

/// Clues between the discipline office and departments: answered both ways, and nothing shown but the number.
@Suite struct Article29Tests {
    private let clue: MatterID = "clue/CL-2"

    private func transferred(_ time: String, _ direction: String) throws -> Fact {
        try Event.on(time, .clueTransferred, "CL-2", ["direction": .string(direction)])
    }

    private func fedBack(_ time: String, _ direction: String) throws -> Fact {
        try Event.on(time, .clueFedback, "CL-2", ["direction": .string(direction)])
    }

    @Test(arguments: ["discipline>dept", "dept>discipline"])
    func eachDirectionIsAnsweredWithinFifteenWorkingDays(
        _ direction: String
    ) async throws {
        let isToDepartment = direction == "discipline>dept"
        let rule: RuleID = isToDepartment ? "A29.toDepartment" : "A29.toDiscipline"
        let owing = isToDepartment ? "clueContact" : "discipline"
        try await World.county(at: "2026-11-20 10:00") { world in
            try await world.live(try transferred("2026-11-20 10:00", direction))
            same(try await world.due(clue, rule), "2026-12-11 17:30")
            // The same direction is no answer.
            try await world.live(try fedBack("2026-11-24 10:00", direction))
            same(try await world.record(clue, rule).phase, .open)
            try await world.until("2026-12-11 17:30")
            same(
                try await world.told(clue),
                [
                    "2026-11-20 10:00 N89 \(owing)", "2026-12-11 09:07 N89 \(owing)",
                    "2026-12-11 17:30 N89 discipline",
                ]
            )
            let back = direction == "discipline>dept" ? "dept>discipline" : "discipline>dept"
            try await world.live(try fedBack("2026-12-14 10:00", back))
            same(try await world.record(clue, rule).phase, .metLate)
        }
    }

    @Test func bothDirectionsOfOneClueRunBesideEachOther() async throws {
        try await World.county(at: "2026-11-20 10:00") { world in
            try await world.live(
                try transferred("2026-11-20 10:00", "discipline>dept"),
                try transferred("2026-11-24 10:00", "dept>discipline"),
                try fedBack("2026-11-25 10:00", "dept>discipline")
            )
            same(try await world.record(clue, "A29.toDepartment").phase, .met)
            same(try await world.due(clue, "A29.toDiscipline"), "2026-12-15 17:30")
        }
    }

    // MARK: Nothing but the number

    /// Everything that a notification carries and a receiver could read.
    private func readable(_ world: World, _ matter: MatterID) async throws -> [String] {
        try await world.store.notifications(of: matter).map(\.notification).flatMap { notification in
            [JSONWriter.text(notification.values), notification.key, notification.enterprise.text]
        }
    }

    @Test func nothingOfAClueIsInAnyMessage() async throws {
        try await World.county(at: "2026-11-20 10:00") { world in
            try await world.feed(try County.enterprise())
            let facts = try [
                transferred("2026-11-20 10:00", "discipline>dept"),
                transferred("2026-11-20 10:00", "dept>discipline"),
            ]
            try await world.live(facts)
            try await world.until("2027-02-01 00:00")
            try await world.live(try Event.void(facts[0], at: "2027-02-01 10:00"))
            let allowed: Set = [
                "number", "cycle", "dueAt", "remainingSeconds", "overdueSeconds", "delayedBySeconds",
                "reason", "reminder", "basis",
            ]
            for stored in try await world.store.notifications(of: clue) {
                let names = (stored.notification.values.members ?? []).map(\.name)
                #expect(Set(names).isSubset(of: allowed), "\(names)")
                #expect(stored.notification.messageClass == .personal)
            }
            let texts = try await readable(world, clue)
            #expect(texts.count > 12)
            #expect(texts.allSatisfy { !$0.contains("E-000451") && !$0.contains("discipline>dept") })
        }
    }

    private static let secret = "副局长收受礼品"

    private func complaint(_ more: Fields = [:]) throws -> Fact {
        try Event.on(
            "2026-11-20 10:00",
            .complaintFiled,
            "CP-9",
            ["kind": "discipline", "summary": .string(Self.secret)] + more
        )
    }

    @Test func aDisciplineComplaintGoesToTheDisciplineOfficeAndNobodyElse() async throws {
        try await World.county(at: "2026-11-20 10:00") { world in
            try await world.feed(try County.enterprise())
            try await world.live(try complaint())
            same(try await world.told("complaint/CP-9"), ["2026-11-20 10:00 N89 discipline"])
            let values = try await world.notification("complaint/CP-9", code: "N89").values
            #expect((values.members ?? []).map(\.name) == ["number", "cycle"])
        }
    }

    /// A category of another article must not carry the complaint past the discipline office.
    @Test(arguments: ["A01", "A11", "A14", "A08.designated"])
    func aCategoryDoesNotCarryADisciplineComplaintToOthers(_ category: String) async throws {
        try await World.county(at: "2026-11-20 10:00") { world in
            try await world.feed(try County.enterprise())
            try await world.live(try complaint(["category": .string(category)]))
            same(try await world.told("complaint/CP-9"), ["2026-11-20 10:00 N89 discipline"])
            let texts = try await readable(world, "complaint/CP-9")
            #expect(texts.allSatisfy { !$0.contains("副局长") })
        }
    }

    /// What is taken back is as confidential as it was.
    @Test func aRestrictedComplaintThatIsVoidedSaysNothingMoreThanBefore() async throws {
        try await World.county(at: "2026-11-20 10:00") { world in
            try await world.feed(try County.enterprise())
            let event = Event.cloud(.complaintFiled, "secret", of: "CP-8", at: local("2026-11-20 10:00"))
            var attributes = event.attributes
            attributes["dataclassification"] = "restricted"
            let filed = try EventValidation.fact(
                CloudEvent(attributes: attributes, data: event.data),
                receivedAt: local("2026-11-20 10:00")
            )
            try await world.live(filed, try Event.void(filed, at: "2026-11-20 10:40"))
            let texts = try await readable(world, "complaint/CP-8")
            #expect(texts.count >= 15)
            #expect(texts.allSatisfy { !$0.contains("厂E") && !$0.contains("E-000451") })
        }
    }

    @Test func theJournalHasNoneOfItEither() async throws {
        try await World.county(at: "2026-11-20 10:00") { world in
            try await world.feed(try County.enterprise())
            try await world.live(try complaint(), try transferred("2026-11-20 11:00", "discipline>dept"))
            try await world.until("2026-12-31 00:00")
            let journal = try await world.store.journal(after: 0, limit: 100_000)
                .filter { $0.matter == clue || $0.matter == "complaint/CP-9" }
                .flatMap(\.entries).map { JSONWriter.text($0.fields) }.joined()
            #expect(!journal.contains("副局长") && !journal.contains("discipline>dept"))
        }
    }

    // MARK: Nobody's

    /// Everything that goes out of what the journal and the store have of a matter, as text.
    private func outgoing(_ world: World, _ matter: MatterID) async throws -> [String] {
        let records = try await world.store.journal(after: 0, limit: 100_000).filter { $0.matter == matter }
        #expect(records.count > 1)
        return records.map { record in
            (record.enterprise?.text ?? "-") + record.entries.map { JSONWriter.text($0.fields) }.joined()
        } + [try await world.matter(matter).enterprise?.text ?? "-"] + (try await readable(world, matter))
    }

    @Test func aCorrectionTiesAClueToNoEnterprise() async throws {
        for enterprise: Value in [.null, "E-000451"] {
            try await World.county(at: "2026-11-20 10:00") { world in
                try await world.feed(try County.enterprise())
                let filed = try transferred("2026-11-20 10:00", "discipline>dept")
                let event = Event.cloud(
                    .recordCorrected,
                    "fix",
                    of: filed.key.id,
                    at: local("2026-11-21 10:00"),
                    [
                        "targetType": "clue.transferred", "enterpriseId": enterprise,
                        "patch": ["at": "2026-11-19T10:00:00+08:00"],
                    ]
                )
                let fix = try EventValidation.fact(event, receivedAt: local("2026-11-21 10:00"))
                #expect(fix.enterprise == nil && fix.classification == .restricted)
                #expect(fix.shownData["enterpriseId"] == nil && fix.shownData["patch"] == nil)
                try await world.live(filed, fix)
                same(try await world.due(clue, "A29.toDepartment"), "2026-12-10 17:30")
                #expect(try await outgoing(world, clue).allSatisfy { !$0.contains("E-000451") })
            }
        }
    }

    @Test(arguments: [true, false])
    func aDisciplineComplaintIsTiedToNoEnterprise(_ isFirst: Bool) async throws {
        try await World.county(at: "2026-11-20 10:00") { world in
            try await world.feed(try County.enterprise())
            let assigned = try Event.on(
                "2026-11-20 10:01",
                .complaintAssigned,
                "CP-9",
                ["toPersonRef": "staff"]
            )
            let filed = try complaint()
            #expect(filed.enterprise == nil && filed.shownData["enterpriseId"] == nil)
            let fix = try Event.correct(filed, at: "2026-11-20 10:02", ["summary": "改"])
            try await world.live(isFirst ? [filed, assigned, fix] : [filed, fix, assigned])
            #expect(try await outgoing(world, "complaint/CP-9").allSatisfy { !$0.contains("E-000451") })
        }
    }

    /// A correction of an appeal: what was its enterprise's is nobody's from now on.
    @Test func aComplaintThatTurnsOutToBeForTheDisciplineOfficeIsNobodysAnyMore() async throws {
        try await World.county(at: "2026-11-20 10:00") { world in
            try await world.feed(try County.enterprise())
            let filed = try Event.on("2026-11-20 10:00", .complaintFiled, "CP-9", ["kind": "appeal"])
            try await world.live(
                filed,
                try Event.correct(filed, at: "2026-11-20 10:10", ["kind": "discipline"])
            )
            #expect(try await world.matter("complaint/CP-9").enterprise == nil)
            let later = try await world.store.notifications(of: "complaint/CP-9").map(\.notification)
                .filter { $0.requestedAt >= local("2026-11-20 10:10") }
            #expect(later.contains { $0.code == "N89" } && later.contains { $0.code == "N25" })
            #expect(
                later.allSatisfy { !JSONWriter.text($0.values).contains("厂E") && $0.enterprise == .nobody }
            )
            let moves = try await world.store.journal(after: 0, limit: 1_000).flatMap(\.entries)
                .filter { $0.action == "matter.moved" }
            #expect(moves.isEmpty)
        }
    }

    @Test func aCorrectionTiesAnAssessmentToNoEnterprise() async throws {
        try await World.county(at: "2027-01-20 09:00") { world in
            try await world.feed(try County.enterprise())
            let published = try Event.assessment("2027-01-20 09:00", "AS-1", "unit", [("D-MKT", "优秀", 1)])
            try await world.live(
                published,
                try Event.correct(published, at: "2027-01-20 10:00", ["year": 2025])
            )
            #expect(try await outgoing(world, "assessment/AS-1").allSatisfy { !$0.contains("E-000451") })
        }
    }
}
