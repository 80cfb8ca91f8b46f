import Duty
import Testing

/// Who serves an enterprise when, and who stands in where nobody does.
@Suite struct RosterTests {
    private let noon = clock("2026-11-23T12:00:00+08:00")

    private func holders(
        _ facts: [Fact],
        _ moment: String,
        _ role: RoleID = "park.staff",
        backups: Bool = false
    )
        -> [PersonRef]
    {
        Roster(facts: facts).holders(of: role, at: clock(moment), backups: backups)
    }

    @Test func `An assignment holds from the first moment of its day to the end of its last`() {
        let facts = [
            Town.fact(
                .rosterAssigned,
                "r",
                at: noon,
                [
                    "assignmentId": "RA-1", "personRef": "P-1", "role": "park.staff", "from": "2026-11-02",
                    "to": "2026-11-20",
                ]
            )
        ]
        #expect(holders(facts, "2026-11-01T23:59:59+08:00").isEmpty)
        #expect(holders(facts, "2026-11-02T00:00:00+08:00") == ["P-1"])
        #expect(holders(facts, "2026-11-20T23:59:59+08:00") == ["P-1"])
        #expect(holders(facts, "2026-11-21T00:00:00+08:00").isEmpty)
    }

    @Test func `An end without a date counts from its own time, whichever fact comes first`() {
        let facts = [Town.ended("RA-1", at: noon), Town.assigned("RA-1", "P-1", "park.staff")]
        for order in [facts, facts.reversed()] {
            #expect(holders(order, "2026-11-23T11:59:59+08:00") == ["P-1"])
            #expect(holders(order, "2026-11-23T12:00:00+08:00").isEmpty)
        }
    }

    @Test func `Backups are no owners, and each person stands once`() {
        let facts = [
            Town.assigned("RA-1", "P-2", "park.staff"), Town.assigned("RA-2", "P-1", "park.staff"),
            Town.assigned("RA-3", "P-2", "park.staff"),
            Town.assigned("RA-4", "P-3", "park.staff", backup: true),
        ]
        #expect(holders(facts, "2026-11-23T12:00:00+08:00") == ["P-1", "P-2"])
        #expect(holders(facts, "2026-11-23T12:00:00+08:00", backups: true) == ["P-3"])
        #expect(Roster(facts: facts).names("park.staff") && !Roster(facts: facts).names("park.head"))
    }

    @Test func `The profile is read as it stood, with changes in the order of their effect`() {
        func change(_ id: String, _ value: Bool, from: String) -> Fact {
            Town.fact(
                .enterpriseUpdated,
                id,
                at: noon,
                of: "E-000451",
                ["changes": ["inPark": .bool(value)], "effectiveFrom": .string(from)]
            )
        }
        let enterprise = Enterprise(
            id: Town.enterpriseID,
            facts: [
                change("b", true, from: "2026-09-01"), change("a", false, from: "2026-07-01"),
                Town.registration,
            ]
        )
        #expect(enterprise.field("inPark", at: clock("2026-06-30T23:59:59+08:00")) == true)
        #expect(enterprise.field("inPark", at: clock("2026-07-01T00:00:00+08:00")) == false)
        #expect(enterprise.field("inPark", at: clock("2026-09-01T00:00:00+08:00")) == true)
        #expect(enterprise.field("brand", at: noon) == nil)
        #expect(enterprise.parkID == "xidu" && enterprise.name == "某某精密")
    }

    private func people(
        _ role: RoleID,
        facts: [Fact],
        park: [Fact] = [],
        directory: Directory = Town.directory,
        opening: Fact? = nil
    ) -> [String] {
        let enterprise = Enterprise(id: Town.enterpriseID, facts: facts, parkFacts: park)
        return RecipientResolver(policy: Fixtures.policy, directory: directory)
            .people(for: role, enterprise: enterprise, opening: opening, at: noon).map(\.person.text)
    }

    @Test func `A role that nobody holds falls to its stand-ins, in a chain`() {
        let leader = Town.assigned("RA-3", "P-2001", "park.leader")
        #expect(people("park.leader", facts: [leader], park: Town.parkFacts) == ["P-2001"])
        #expect(people("park.staff", facts: [leader], park: Town.parkFacts) == ["P-2001", "P-3001"])
        #expect(people("park.leader", facts: [], park: Town.parkFacts) == ["P-3001"])
        #expect(people("park.head", facts: []) == ["office"])
        #expect(people("park.staff", facts: []) == ["office"])
        #expect(people("county.linked", facts: []) == ["office"])
    }

    @Test func `A standing pool does not serve an enterprise, and a role of nobody reaches nobody`() {
        #expect(!people("park.staff", facts: []).contains("P-9999"))
        #expect(people("park.staff.backup", facts: []).isEmpty)
        #expect(people("no.such.role", facts: []).isEmpty)
    }

    @Test func `A department's people hear of its own matters alone`() throws {
        let directory = Directory(
            standing: ["dept.head": ["P-8", "P-9"], "dept.contact": ["P-7"], "office": ["office"]],
            departments: ["P-7": ["D-2"], "P-8": ["D-1"], "P-9": ["D-2", "D-3"]]
        )
        func told(_ role: RoleID, _ department: String?) -> [PersonRef] {
            let act = Town.fact(
                .caseOpened,
                "c",
                at: noon,
                ["deptId": department.map { .string($0) } ?? .null]
            )
            return RecipientResolver(policy: Self.departments, directory: directory)
                .people(for: role, enterprise: Enterprise(id: "E", facts: []), opening: act, at: noon)
                .map(\.person)
        }
        #expect(told("dept.head", "D-1") == ["P-8"] && told("dept.head", "D-3") == ["P-9"])
        // Of another department there is nobody: neither is a single holder meant, nor everybody.
        #expect(told("dept.head", "D-4") == ["office"] && told("dept.head", nil) == ["office"])
        #expect(told("dept.contact", "D-2") == ["P-7"] && told("dept.contact", "D-1") == ["P-8"])
        #expect(told("dept.contact", "D-4") == ["office"])
    }

    private static let departments = Policy(
        name: "departments",
        version: "1",
        document: "",
        effectiveFrom: CivilDate(.distantPast),
        roles: [
            "dept.head": RoleDefinition(
                id: "dept.head",
                name: "",
                binding: .department,
                fallback: ["office"]
            ),
            "dept.contact": RoleDefinition(
                id: "dept.contact",
                name: "",
                binding: .department,
                fallback: ["dept.head"]
            ),
            "office": RoleDefinition(id: "office", name: "", binding: .standing),
        ],
        escalations: [:],
        rules: [],
        settings: [:]
    )

    @Test func `A person named by the fact itself is told`() {
        let report = Town.fact(.reportMade, "r", at: noon)
        #expect(people("fact:toPersonRef", facts: [], opening: report) == ["P-0007"])
        #expect(people("fact:nothing", facts: [], opening: report).isEmpty)
        #expect(people("fact:toPersonRef", facts: []).isEmpty)
    }

    @Test func `Who is absent is replaced by the substitute, and a circle of substitutes ends`() throws {
        let today = CivilDate(noon)
        func absence(_ person: String?) -> [Directory.Absence] {
            [Directory.Absence(from: today, to: today, substitute: person.map { PersonRef($0) })]
        }
        let facts = [Town.assigned("RA-1", "P-1", "park.staff")]
        let away = Directory(absences: ["P-1": absence("P-2")])
        #expect(people("park.staff", facts: facts, directory: away) == ["P-2"])
        let alone = Directory(absences: ["P-1": absence(nil)])
        #expect(people("park.staff", facts: facts, directory: alone) == ["P-1"])
        let circle = Directory(absences: ["P-1": absence("P-2"), "P-2": absence("P-1")])
        #expect(people("park.staff", facts: facts, directory: circle).count == 1)
        let over = Directory(absences: [
            "P-1": [Directory.Absence(from: today.next, to: today.next, substitute: "P-2")]
        ])
        #expect(people("park.staff", facts: facts, directory: over) == ["P-1"])
    }

    @Test func `A step that reaches nobody is passed over and said once`() {
        var desk = Desk("complaint/1")
        desk.directory = Directory()
        desk.enterpriseFacts = [Town.registration]
        desk.parkFacts = []
        desk.receive(Town.fact(.complaintFiled, "filed", at: Town.monday))
        desk.advance(by: .hours(2))
        desk.advance(by: .hours(2))
        #expect(desk.notifications.allSatisfy { $0.recipient.isGroup })
        let given = desk.transitions.filter { $0.action == "notification.gaveUp" }
        let stages = given.compactMap { $0.fields["stage"]?.string }
        #expect(stages.contains("open") && stages.contains("breach") && stages.contains("escalate60"))
        #expect(Set(stages).count == stages.count)
    }
}
