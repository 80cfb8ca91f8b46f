import Duty
import Testing

@testable import DutyConfig

@Suite struct CrossCheckTests {
    @Test(arguments: [
        (
            "policy.yaml", "code: N13", "code: N1B",
            [
                "policy.yaml:\(TestFiles.policyLine("code: N13")): message N1B has no template; did you mean \"N10\"?"
            ]
        ),
        (
            "directory.yaml", "title: 副县长", "title: 副县长, addresses: { scren: x }",
            [
                "directory.yaml:10: P-0005: address for channel \"scren\", which does not exist; did "
                    + "you mean \"screen\"?"
            ]
        ),
    ])
    func filesAreCheckedAgainstEachOther(_ file: String, _ old: String, _ new: String, _ said: [String]) {
        let folder = TestFolder()
        folder.alter(file, old, new)
        #expect(folder.problems() == said)
    }

    @Test func aRoleThatNobodyHoldsIsSaidWithEachStepThatTellsIt() {
        let folder = TestFolder()
        folder.alter("directory.yaml", "roles: [county.deputy]", "roles: [county.duputy]")
        var problems = folder.problems()
        #expect(
            problems.removeFirst()
                == "directory.yaml:10: P-0005: the policy has no role \"county.duputy\"; did you mean "
                + "\"county.deputy\"?"
        )
        let steps = TestFiles.policyText.components(separatedBy: "county.deputy]").count - 1
        #expect(problems.count == steps)
        #expect(
            problems.allSatisfy {
                $0.hasSuffix("reaches nobody: no person or office of the directory holds county.deputy")
            }
        )
    }

    @Test func aRoleIsReachedThroughItsFallbacks() {
        let folder = TestFolder()
        folder.alter("directory.yaml", "roles: [dept.head]", "roles: []")
        #expect(folder.problems() == [])
        folder.alter("directory.yaml", "roles: [dept.contact]", "roles: []")
        folder.alter("directory.yaml", "roles: [office]", "roles: []")
        #expect(folder.problems().contains { $0.hasSuffix("of the directory holds dept.head") })
        #expect(folder.problems().contains { $0.hasSuffix("of the directory holds office") })
    }

    @Test func aDutyOfEachHolderOfARoleThatNobodyHoldsIsSaid() {
        let folder = TestFolder()
        folder.alter("directory.yaml", "roles: [county.secretary, county.four]", "roles: [county.secretary]")
        #expect(folder.problems() == [])
        folder.alter("directory.yaml", "roles: [county.four]", "roles: []")
        let line = TestFiles.policyLine("- id: A24.meeting")
        #expect(
            folder.problems() == [
                "policy.yaml:\(line): A24.meeting is owed by nobody: no person or office of the directory "
                    + "holds county.four"
            ]
        )
        folder.alter("policy.yaml", "a24.per: leader", "a24.per: body")
        #expect(folder.problems() == [])
    }

    @Test func aVacantPostIsSaidAndStopsNothing() throws {
        let folder = TestFolder()
        folder.alter("directory.yaml", "roles: [county.secretary, county.four]", "roles: []")
        folder.alter("directory.yaml", "roles: [county.four]", "roles: []")
        let loaded = ConfigurationSet.load(
            path: folder.path + "/dutyclock.yaml",
            environment: [:],
            knownCodes: TestFiles.codes,
            channelTypes: TestFiles.channelTypes
        )
        #expect(loaded.problems == [])
        let set = try #require(loaded.value)
        #expect(set.vacancies.contains { $0.message.hasSuffix("holds county.secretary") && $0.line > 0 })
        #expect(set.vacancies.contains { $0.message.hasPrefix("A24.meeting is owed by nobody") })
        // What is looked at every night knows of the duty as well.
        let found = Reachability(set).findings([], at: Instant(microseconds: 1_795_000_000_000_000))
        #expect(found.contains { $0.subject.english == "county.four" && $0.isNobody })
    }

    @Test func whoHoldsADepartmentsRoleNamesTheDepartment() {
        let folder = TestFolder()
        folder.alter("directory.yaml", ", department: D-STHJ", "")
        #expect(
            folder.problems().map { $0.drop { $0 != " " } } == [
                " P-3021: holds dept.head of no department; name one with \"department\""
            ]
        )
    }

    @Test func everyRoleOfTheShippedPolicyHasSomebodyInTheShippedDirectory() throws {
        let policy = try #require(PolicyFile.load(text: TestFiles.policyText, fileName: "p").value).policy
        let text = TestFiles.shipped("directory.yaml")
        let standing = try #require(DirectoryFile.load(text: text, fileName: "d").value).directory.standing
        let roles = policy.roles.keys.filter { !$0.text.hasSuffix(".backup") }
        #expect(roles.filter { standing[$0] == nil } == [])
    }

    @Test func aPersonWithoutAnAddressIsSaid() {
        var configuration = DutyclockConfiguration(file: "c")
        configuration.channels = [
            ChannelConfiguration(name: "app", schema: ChannelSchema("a", needsAddress: true)),
            ChannelConfiguration(name: "sms", schema: ChannelSchema("s", needsAddress: true)),
        ]
        configuration.routing = [.personal: ["app", "sms"], .group: ["app"]]
        let directory = DirectoryFile.load(
            text: """
                people:
                  - { ref: P-1, name: 甲, roles: [park.staff], addresses: { sms: "1" } }
                  - { ref: P-2, name: 乙, roles: [park.leader] }
                  - { ref: P-3, name: 丙, roles: [] }
                """,
            fileName: "d"
        )
        let policy = PolicyFile.load(text: TestFiles.policyText, fileName: "p")
        let check = CrossCheck(
            configuration: configuration,
            policy: policy.value,
            directory: directory.value,
            knownCodes: TestFiles.codes
        )
        #expect(
            check.problems().map(\.description).filter { $0.hasPrefix("d:") } == [
                "d:3: P-2: has no address on any channel of the class \"personal\", by which the "
                    + "policy tells their roles"
            ]
        )
    }
}
