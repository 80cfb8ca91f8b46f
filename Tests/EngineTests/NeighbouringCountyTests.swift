import Duty
import DutyConfig
import Engine
import Foundation
import Kafka
import Testing

/// Another county's document is another file, and nothing else.
@Suite struct NeighbouringCountyTests {
    private static let path =
        URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Fixtures/neighbouring-county.yaml").path

    private func county(_ now: String, _ body: (World) async throws -> Void) async throws {
        let loaded = PolicyFile.load(path: Self.path)
        #expect(loaded.problems.map(\.description) == [])
        let book = RuleBook(
            current: try #require(loaded.value).policy,
            calendar: try #require(County.calendar),
            directory: Directory(standing: ["bureau": ["bureau"], "visiting.unit": ["D-1", "D-2"]])
        )
        try await World.with(at: local(now), book: book, body)
    }

    private func plan(
        _ number: String,
        _ time: String,
        from start: String,
        to end: String,
        exception: Value? = nil
    ) throws -> Fact {
        let fields: Fields = [
            "deptId": "D-1", "level": "county", "purpose": "inspection",
            "start": .string(local(start).rfc3339), "end": .string(local(end).rfc3339),
        ]
        let more: Fields = exception.map { ["exception": $0] } ?? [:]
        return try Event.on(time, .visitPlanned, number, fields + more)
    }

    private func contacted(_ number: String, _ time: String) throws -> Fact {
        try Event.on(time, .visitContacted, number, ["byDept": "D-1", "parkPersonRef": "officer"])
    }

    @Test func twoHoursOfOfficeTimeReachIntoTheNextWorkingDay() async throws {
        try await county("2026-09-30 16:00") { world in
            try await world.live(
                try Event.role("officer", "town.officer", "2026-09-30 09:00"),
                try Event.on("2026-09-30 16:30", .complaintFiled, "1", ["kind": "appeal"])
            )
            let record = try #require(try await world.matter("complaint/1").state.records.first)
            // An hour is left of the day before the holiday, which ends on the 7th.
            #expect(record.dueAt == local("2026-10-08 10:00"))
            try await world.until("2026-10-08 10:30")
            #expect(
                try await world.told("complaint/1") == [
                    "2026-09-30 16:30 N10 officer", "2026-10-08 10:00 N13 bureau",
                    "2026-10-08 10:00 N13 officer",
                ]
            )
        }
    }

    @Test func quietDaysAreTheFirstHalfOfTheMonth() async throws {
        try await county("2026-11-02 08:00") { world in
            try await world.live(
                try plan("in", "2026-11-02 09:00", from: "2026-11-15 09:00", to: "2026-11-15 11:00"),
                try plan("out", "2026-11-02 09:01", from: "2026-11-16 09:00", to: "2026-11-30 11:00"),
                try plan("over", "2026-11-02 09:02", from: "2026-11-30 09:00", to: "2026-12-01 11:00")
            )
            #expect(try await world.told("visit/in", "L7.quiet") == ["2026-11-02 09:00 N50 D-1"])
            #expect(try await world.told("visit/out", "L7.quiet").isEmpty)
            #expect(try await world.told("visit/over", "L7.quiet") == ["2026-11-02 09:02 N50 D-1"])
        }
    }

    @Test(arguments: ["workSafety", "ecology", "foodSafety", "emergency", "superiorDeployed", "openedCase"])
    func sixExceptionsLetAnInspectionIn(_ code: String) async throws {
        try await county("2026-11-02 08:00") { world in
            let bare: Value = ["code": .string(code)]
            let full: Value = ["code": .string(code), "ref": "2026-17"]
            try await world.live(
                try plan(
                    "1",
                    "2026-11-02 09:00",
                    from: "2026-11-10 09:00",
                    to: "2026-11-10 11:00",
                    exception: full
                ),
                try plan(
                    "2",
                    "2026-11-02 09:01",
                    from: "2026-11-10 09:00",
                    to: "2026-11-10 11:00",
                    exception: bare
                ),
                try plan(
                    "3",
                    "2026-11-02 09:02",
                    from: "2026-11-10 09:00",
                    to: "2026-11-10 11:00",
                    exception: ["code": "licensing"]
                )
            )
            #expect(try await world.told("visit/1", "L7.quiet").isEmpty)
            #expect(
                try await world.told("visit/2", "L7.quiet")
                    == (code == "openedCase" ? ["2026-11-02 09:01 N52 bureau"] : [])
            )
            #expect(try await world.told("visit/3", "L7.quiet") == ["2026-11-02 09:02 N50 D-1"])
        }
    }

    @Test func threeWorkingDaysMustLieBetweenNoticeAndEntry() async throws {
        try await county("2026-11-12 08:00") { world in
            try await world.live(
                try plan("late", "2026-11-12 09:00", from: "2026-11-17 09:00", to: "2026-11-17 11:00"),
                try plan("good", "2026-11-12 09:01", from: "2026-11-18 09:00", to: "2026-11-18 11:00"),
                // Friday: Monday, Tuesday and Wednesday lie between it and Wednesday's entry, not Tuesday's.
                try contacted("late", "2026-11-13 10:00"),
                try contacted("good", "2026-11-13 10:00"),
                try Event.on("2026-11-17 09:00", .visitStarted, "late"),
                try Event.on("2026-11-18 09:00", .visitStarted, "good")
            )
            try await world.until("2026-11-18 12:00")
            #expect(
                try await world.told("visit/late", "L8.notice") == [
                    "2026-11-17 10:00 N55 D-1", "2026-11-17 10:00 N55 bureau",
                ]
            )
            #expect(try await world.told("visit/good", "L8.notice").isEmpty)
            #expect(
                try await world.journal("visit/good", "L8.notice").last == "gate.satisfied 2026-11-13 10:00"
            )
        }
    }

    // MARK: Its own words

    /// Half of the share of a third is held, as nobody heads the town; the ledger quotes article 12 of this document.
    @Test func theLedgerQuotesItsOwnDocumentAndArticle() async throws {
        try await county("2026-11-24 08:00") { world in
            try await world.live(
                try Event.on("2026-11-24 08:00", .enterpriseRegistered, Event.enterprise, ["name": "临江机械"]),
                try Event.role("officer", "town.officer", "2026-11-24 08:30"),
                try Event.on(
                    "2026-11-24 09:00",
                    .fineIssued,
                    "FN-1",
                    ["deptId": "D-1", "amountFen": 600, "currency": "CNY", "revision": 1]
                ),
                try Event.on(
                    "2026-11-25 09:00",
                    .fineAttributed,
                    "FN-1",
                    [
                        "decisionId": "AD-1", "attributable": true,
                        "decidedBy": ["personRef": "bureau", "role": "bureau"],
                    ]
                )
            )
            let entries = try await world.store.ledger(fine: "fine/FN-1")
            #expect(entries.map(\.posting.amount) == [Fen(100), Fen(100)])
            #expect(Set(entries.map(\.basis)) == ["临江政办发〔2025〕2号第12条"])
            #expect(
                try await world.told("fine/FN-1", "L12.share").map { $0.suffix(11) } == [
                    "N72 officer", " N74 bureau",
                ]
            )
            let share = try await world.notification("fine/FN-1", code: "N72")
            #expect(share.article == 12)
            #expect(share.values["document"]?.string == "临江政办发〔2025〕2号")
            #expect(share.values["officeName"]?.string == "营商局")
            let held = try await world.notification("fine/FN-1", code: "N74")
            #expect(held.values["heldRoleName"]?.string == "乡镇长")
        }
    }

    @Test func messagesNameItsOwnOfficersAndArticles() async throws {
        try await county("2026-11-24 09:00") { world in
            try await world.live(
                try Event.role("officer", "town.officer", "2026-11-24 09:00"),
                try Event.on("2026-11-24 09:30", .complaintFiled, "1", ["kind": "appeal"])
            )
            let filed = try await world.notification("complaint/1", code: "N10")
            #expect(filed.article == 4)
            #expect(filed.values["ownerRefs"]?.array == ["officer"])
            let record = try #require(try await world.matter("complaint/1").state.records.first)
            #expect(record.article == 4)
        }
    }

    /// A complaint belongs to an article of this document, of which there are more than thirty; one of another document is
    /// refused, and its message quotes this document.
    @Test func complaintsBelongToItsOwnArticles() async throws {
        try await county("2026-11-24 09:00") { world in
            func complaint(_ category: String) -> Fields {
                [
                    "kind": "practice", "channel": "app", "summary": "变相设置门槛", "category": .string(category),
                ]
            }
            try await world.live(
                try Event.on("2026-11-24 09:30", .complaintFiled, "1", complaint("A36.licence")),
                try Event.on("2026-11-24 09:40", .complaintFiled, "2", complaint("A36"))
            )
            #expect(try await world.told("complaint/1").isEmpty)
            let told = try await world.notification("complaint/2", code: "N98")
            #expect(told.article == 36 && told.values["ruleSays"]?.string == "由分管副县长约谈")
        }
    }

    @Test(arguments: [("A36", nil), ("A37", 37), ("A99.licence", 99)] as [(String, Int?)])
    func aComplaintAboutAnArticleThatTheDocumentDoesNotHaveIsRefused(
        _ category: String,
        _ refused: Int?
    ) throws {
        let policy = try #require(PolicyFile.load(path: Self.path).value).policy
        #expect(policy.articleCount == 36)
        let book = RuleBook(current: policy, calendar: try #require(County.calendar), directory: Directory())
        var event = Event.cloud(.complaintFiled, "filed-1", at: World.monday)
        event.data = event.data.setting(path: "category", to: .string(category))
        let record = KafkaRecord(
            topic: "park.events",
            partition: 0,
            offset: 1,
            timestampMillis: nil,
            key: nil,
            value: JSONWriter.encode(event.structured),
            headers: []
        )
        let clock = ManualClock(World.monday)
        let decoder = RecordDecoder(clock: clock, rules: RulesInForce(book))
        switch (decoder.decode([record]).items.first, refused) {
        case (.fact, nil): break
        case (.deadLetter(let letter), let article?):
            #expect(letter.reason == "illTypedField")
            #expect(letter.detail == "data.category is about article \(article), but the document has 36")
        case (let item, _): Issue.record("\(category): \(String(describing: item))")
        }
    }

    @Test func itsOwnBreachesAreToldAtNight() throws {
        let policy = try #require(PolicyFile.load(path: Self.path).value).policy
        var quiet = DutyclockConfiguration.QuietHours()
        #expect(quiet.breakingThrough(policy) == ["L4.response"])
        quiet.breakThrough = ["N10"]
        #expect(quiet.breakingThrough(policy) == ["N10"])
    }

    @Test func noRuleIsAboutAnArticleThatTheDocumentDoesNotHave() throws {
        let text = try String(contentsOfFile: Self.path, encoding: .utf8)
        let fewer = text.replacingOccurrences(of: "articles: 36", with: "articles: 12")
        #expect(
            PolicyFile.load(text: fewer, fileName: "policy").problems.map(\.message) == [
                "rules[6].article: must be a whole number from 0 to 12, is \"36\""
            ]
        )
    }

    @Test func itsPatronsMakeAnEnterpriseALinkedOne() async throws {
        try await county("2026-11-24 09:00") { world in
            try await world.live(
                try Event.on("2026-11-24 09:00", .caseOpened, "CS-1", ["deptId": "D-1"]),
                try Event.role("patron", "town.patron", "2026-11-24 09:30", of: "E-2"),
                try Event.on("2026-11-24 10:00", .caseOpened, "CS-2", of: "E-2", ["deptId": "D-1"])
            )
            try await world.until("2026-11-24 12:00")
            #expect(try await world.told("case/CS-1").isEmpty)
            #expect(
                try await world.told("case/CS-2") == [
                    "2026-11-24 11:00 N60 bureau", "2026-11-24 11:00 N60 patron",
                ]
            )
            let told = try await world.notification("case/CS-2", code: "N60")
            #expect(told.article == 9 && told.values["ruleTitle"]?.string == "立案前告知挂钩领导")
        }
    }

    @Test func theBureauStandsForTheCounty() async throws {
        try await county("2026-09-24 09:00") { world in
            try await world.establishDuties()
            let facts = try await world.matter("duty/L11").facts
            #expect(facts.compactMap { $0.text("role") } == ["bureau"])
            try await world.until("2026-10-02 00:00")
            #expect(try await world.told("duty/L11") == ["2026-10-01 09:07 N83 bureau"])
        }
    }

    @Test func theProgramSaysWhichKeyRoleIsMissing() throws {
        let text = try String(contentsOfFile: Self.path, encoding: .utf8)
        let lacking = text.replacingOccurrences(of: "linked: town.patron, ", with: "")
        #expect(
            PolicyFile.load(text: lacking, fileName: "policy").problems.map(\.message) == [
                "rules[3].act.scope: \"keyRoles\" does not say which role makes an enterprise a linked one"
            ]
        )
        let misspelt = text.replacingOccurrences(of: "office: bureau }", with: "office: burau }")
        #expect(
            PolicyFile.load(text: misspelt, fileName: "policy").problems.map(\.message) == [
                "keyRoles.office: there is no role \"burau\"; did you mean \"bureau\"?"
            ]
        )
    }
}
