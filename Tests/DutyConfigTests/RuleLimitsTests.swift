import Duty
import Testing

@testable import DutyConfig

/// The limits of other rules that a message may name, and steps that pass over departments that nobody has named.
@Suite struct RuleLimitsTests {
    private func load(_ old: String, _ new: String) -> Loaded<PolicyFile> {
        let text = TestFiles.policyText.replacingOccurrences(of: old, with: new)
        #expect(text != TestFiles.policyText)
        return PolicyFile.load(text: text, fileName: "p")
    }

    @Test func theShippedPolicySaysWhatAServiceOfficerOwes() throws {
        let policy = try #require(PolicyFile.load(text: TestFiles.policyText, fileName: "p").value).policy
        let limits = try #require(policy.rule("A22.owner")).limits
        #expect(limits.map(\.name) == ["response", "solution"])
        #expect(limits.map(\.rule) == ["A22.response", "A22.solution"])
    }

    @Test(arguments: [
        ("response: A22.respons,", "there is no rule \"A22.respons\"; did you mean \"A22.response\"?"),
        ("response: A22.share,", "A22.share is no deadline and has no limit"),
        ("answer: A22.response,", "messages know response and solution alone"),
    ])
    func aLimitThatNoMessageCouldNameIsRefused(_ limits: String, _ problem: String) {
        let problems = load("limits: { response: A22.response,", "limits: { " + limits).problems.map {
            "\($0)"
        }
        #expect(problems.contains { $0.contains("limits") && $0.contains(problem) }, "\(problems)")
    }

    @Test func aStepSaysWhatToDoWhileNoDepartmentIsNamed() throws {
        let shipped = try #require(PolicyFile.load(text: TestFiles.policyText, fileName: "p").value).policy
        let ladder = try #require(shipped.escalations["a09-window"])
        #expect(ladder.steps.filter(\.skipsUnknownDepartment).map(\.stage) == ["open", "lastDay", "breach"])
        let asked = try #require(load("unknownDepartment: skip", "unknownDepartment: standIn").value).policy
        #expect(asked.escalations.values.flatMap(\.steps).allSatisfy { !$0.skipsUnknownDepartment })
        let problems = load("unknownDepartment: skip", "unknownDepartment: maybe").problems.map { "\($0)" }
        #expect(problems.contains { $0.contains("must be one of") }, "\(problems)")
    }
}
