import Duty
import Testing

@testable import DutyConfig

@Suite struct DirectoryFileTests {
    private static let good = """
        people:
          - { ref: P-1, name: 甲, roles: [park.staff, park.head], addresses: { sms: "13800000000" } }
          - { ref: P-2, name: 乙, absences: [ { from: 2026-11-24, to: 2026-11-28, substitute: P-1 } ] }
        offices:
          - { ref: office, name: 办公室, roles: [office] }
        """

    @Test func peopleBecomeADirectory() throws {
        let file = try #require(DirectoryFile.load(text: Self.good, fileName: "d").value)
        #expect(
            file.directory.standing == ["park.staff": ["P-1"], "park.head": ["P-1"], "office": ["office"]]
        )
        #expect(file.addresses["P-1"] == ["sms": "13800000000"])
        #expect(file.names == ["P-1": "甲", "P-2": "乙", "office": "办公室"])
        let absence = try #require(file.directory.absences["P-2"]?.first)
        #expect(absence.from.description == "2026-11-24" && absence.to.description == "2026-11-28")
        #expect(absence.substitute == "P-1")
    }

    @Test func aPersonActsForOneDepartmentOrSeveral() throws {
        let text = Self.good.replacing("name: 甲,", with: "name: 甲, department: [D-1, D-2],")
            .replacing("name: 乙,", with: "name: 乙, department: D-3,")
        let file = try #require(DirectoryFile.load(text: text, fileName: "d").value)
        #expect(file.directory.departments["P-1"] == ["D-1", "D-2"])
        #expect(file.directory.departments["P-2"] == ["D-3"] && file.directory.departments["office"] == [])
    }

    @Test(arguments: [
        (
            "ref: P-2", "ref: P-1",
            [
                "3: people[1].ref: \"P-1\" is given twice, first in line 2",
                "3: people[1].absences[0].substitute: \"P-1\" cannot stand in for themselves",
            ]
        ),
        (
            "substitute: P-1", "substitute: P-7",
            ["3: people[1].absences[0].substitute: \"P-7\" is not in this directory; did you mean \"P-1\"?"]
        ),
        (
            "substitute: P-1", "substitute: office",
            ["3: people[1].absences[0].substitute: \"office\" is not in this directory"]
        ),
        (
            "to: 2026-11-28", "to: 2026-11-23",
            ["3: people[1].absences[0].to: is before the first day, 2026-11-24"]
        ),
        (
            "to: 2026-11-28", "to: 2026-02-30",
            ["3: people[1].absences[0].to: must be a date YYYY-MM-DD, is \"2026-02-30\""]
        ),
        ("ref: P-2, name: 乙", "ref: P-2", ["3: people[1]: \"name\" is missing"]),
        (
            "ref: P-2", "ref: \"P 2\"",
            ["3: people[1].ref: must be at most 64 letters, digits, dots, dashes or underscores, is \"P 2\""]
        ),
        ("ref: office,", "ref: office, phone: 1,", ["5: offices[0].phone: unknown key"]),
        (
            "[park.staff, park.head]", "[park.staff, park.staff]",
            ["2: people[0].roles[1]: \"park.staff\" is given twice"]
        ),
    ])
    func eachMistakeIsSaid(_ old: String, _ new: String, _ said: [String]) {
        let text = Self.good.replacing(old, with: new)
        let problems = DirectoryFile.load(text: text, fileName: "d").problems.map(\.description)
        #expect(problems == said.map { "d:" + $0 })
    }
}
