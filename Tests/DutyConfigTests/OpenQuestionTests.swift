import Duty
import Foundation
import Testing

@testable import DutyConfig

/// The questions that the document leaves open, each with what decides it.
@Suite struct OpenQuestionTests {
    @Test func `The questions are those from 1 to 48, each once and in order`() {
        #expect(OpenQuestion.all.map(\.number) == Array(1...48))
        #expect(OpenQuestion.all.allSatisfy { $0.question.hasSuffix("?") })
    }

    @Test(arguments: OpenQuestion.all)
    func `Each names settings that exist, or says what is done without one`(
        _ question: OpenQuestion
    ) {
        #expect(!question.settings.isEmpty || question.fixed != nil, "Q\(question.number)")
        for name in question.settings {
            #expect(SettingCatalogue.setting(name) != nil, "Q\(question.number): \(name)")
        }
        // A question that settings decide is one that somebody can answer otherwise, or is told why not.
        let answers = question.settings.compactMap { SettingCatalogue.setting($0) }
        let isOpen = answers.contains { $0.choices.count != 1 }
        #expect(isOpen || question.fixed != nil || [37, 45].contains(question.number), "Q\(question.number)")
    }

    @Test func `The manual lists each with its answers`() throws {
        let manual = try String(contentsOfFile: TestFiles.root + "/docs/policy.md", encoding: .utf8)
        #expect(manual.contains(OpenQuestion.table), "\(OpenQuestion.table)")
        for number in 1...48 { #expect(manual.contains("\n| Q\(number) |")) }
    }

    @Test func `A penalty can be one before its decision, its service or its execution`() throws {
        let moment = try #require(SettingCatalogue.setting("a25.penalty.moment"))
        #expect(moment.choices.map(\.value) == ["decision", "service", "execution"])
        for (answer, rule, kind) in [
            ("decision", "A25.penalty", EventKind.penaltyDecided),
            ("service", "A25.penalty.served", .penaltyServed),
            ("execution", "A25.penalty.executed", .penaltyExecuted),
        ] {
            let loaded = TestFiles.policy(settings: "  a25.penalty.moment: \(answer)")
            #expect(loaded.problems == [])
            let rules = try #require(loaded.value).policy.rules.filter { $0.id.text.hasPrefix("A25.penalty") }
            let gates = rules.compactMap { rule -> GateRule? in
                if case .gate(let gate) = rule.body { gate } else { nil }
            }
            #expect(gates.map(\.act.kind) == [kind])
            #expect(rules.contains { $0.id == RuleID(rule) })
        }
    }
}
