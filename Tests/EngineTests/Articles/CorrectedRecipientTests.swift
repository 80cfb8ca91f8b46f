import Duty
import Engine
import Storage
import Testing

/// A correction of whom something is about, or of how much: who heard the wrong thing hears that it does not hold, and
/// the right people hear the right one.
@Suite struct CorrectedRecipientTests {
    private let noon = "2026-11-24 12:00"
    private let later = "2026-11-24 15:00"

    /// What was told of a matter at the moment of the correction, `code person`.
    private func toldAnew(_ world: World, _ matter: MatterID, _ rule: RuleID) async throws -> [String] {
        try await world.told(matter, rule, since: later).map { String($0.dropFirst(later.count + 1)) }
    }

    private func correct(
        _ fact: Fact,
        of matter: MatterID,
        _ rule: RuleID,
        to patch: Value,
        known: [Fact] = [],
        expecting told: [String]
    ) async throws {
        try await World.county(at: noon) { world in
            try await world.feed(try County.enterprise(linked: ["linked"]))
            try await world.feed(known)
            try await world.live(fact)
            try await world.until(later)
            #expect(try await !world.told(matter, rule).isEmpty)
            try await world.live(try Event.correct(fact, at: later, patch))
            same(try await toldAnew(world, matter, rule), told)
            // Read once more it is no news.
            let again = try Event.correct(fact, at: "2026-11-24 15:30", ["note": "x"])
            try await world.live(again)
            same(try await toldAnew(world, matter, rule), told)
        }
    }

    @Test func aCaseOfAnotherDepartmentIsShownToThatOne() async throws {
        let fact = try Event.on(noon, .caseOpened, "CS-1", ["deptId": "D-MKT", "minor": true, "first": true])
        try await correct(
            fact,
            of: "case/CS-1",
            "A20.firstOffence",
            to: ["deptId": "D-TAX"],
            expecting: [
                "N63 D-TAX", "N63 justice", "N63 office", "N75 D-MKT", "N75 justice", "N75 office",
            ]
        )
    }

    @Test func whoWasWronglyAccusedHearsThatItDoesNotHold() async throws {
        let fact = try Event.on(noon, .caseOpened, "CS-1", ["deptId": "D-MKT"])
        try await correct(
            fact,
            of: "case/CS-1",
            "A25.case",
            to: ["deptId": "D-TAX"],
            expecting: [
                "N60 D-TAX", "N60 linked", "N60 office", "N64 D-MKT", "N64 linked", "N64 office",
            ]
        )
    }

    @Test func thePlanOfAnotherDepartmentIsTheirs() async throws {
        try await correct(
            try Event.planned(noon, "VS-1", "2026-12-08 09:00"),
            of: "visit/VS-1",
            "A19.window",
            to: ["deptId": "D-TAX"],
            expecting: ["N50 D-TAX", "N50 leader", "N57 D-MKT", "N57 leader"]
        )
    }

    @Test func anotherPriceIsAnotherOvercharge() async throws {
        let fact = try Event.on(
            noon,
            .feeQuoted,
            "FE-1",
            ["item": "power.package", "amountFen": 11_728, "baseGuidePriceFen": 12_345]
        )
        let people = ["leader", "office", "power"]
        try await correct(
            fact,
            of: "fee/FE-1",
            "A07.price",
            to: ["amountFen": 99_999],
            expecting: people.map { "N42 " + $0 } + people.map { "N75 " + $0 }
        )
    }

    @Test func anotherAmountOfAFineIsTold() async throws {
        let fact = try Event.on(
            noon,
            .fineIssued,
            "FN-1",
            ["deptId": "D-MKT", "amountFen": 2_000_001, "currency": "CNY", "revision": 1]
        )
        try await correct(
            fact,
            of: "fine/FN-1",
            "A22.attribution",
            to: ["amountFen": 99_999],
            expecting: ["N70 office", "N70 parkHead", "N75 office", "N75 parkHead"]
        )
    }

    @Test func theRightOfficerHearsOfTheAssignment() async throws {
        try await correct(
            try Event.role("first", "park.staff", noon),
            of: MatterID(type: .enterprise, number: Event.enterprise),
            "A22.owner",
            to: ["personRef": "second"],
            expecting: ["N02 second", "N75 first"]
        )
    }

    @Test func theRightLeaderHearsOfTheReport() async throws {
        let fact = try Event.on(
            noon,
            .reportMade,
            "CS-1",
            [
                "reportId": "RP-1", "subjectType": "case", "subjectId": "CS-1", "toRole": "county.linked",
                "toPersonRef": "linked", "byDept": "D-MKT",
            ]
        )
        try await correct(
            fact,
            of: "case/CS-1",
            "A25.report",
            to: ["toPersonRef": "other"],
            expecting: ["N62 other", "N75 linked"]
        )
    }

    /// The others heard of it without a name, and hear it anew with one.
    @Test func aDepartmentThatIsNamedForTheFirstTimeHearsOfIt() async throws {
        let fact = try Event.on(
            noon,
            .complaintFiled,
            "CP-1",
            ["kind": "practice", "category": "A01"]
        )
        try await correct(
            fact,
            of: "complaint/CP-1",
            "A01.category",
            to: ["deptId": "D-TAX"],
            expecting: ["N04 D-TAX", "N04 hallHead", "N04 office", "N75 hallHead", "N75 office"]
        )
    }
}
