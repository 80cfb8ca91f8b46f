import Duty
import Testing

@testable import DutyConfig

/// What supervisors look at is written in the policy.
@Suite struct RateReaderTests {
    private func load(_ rates: String) -> Loaded<PolicyFile> {
        let rules = ["A22.response", "A22.late"].map { id in
            """
              - id: \(id)
                article: 22
                basis: text
                title: { zh: 回应, en: Respond }
                kind: deadline
                only: { setting: a25.report.recipient, is: \(id == "A22.late" ? "person" : "[role, person]") }
                opensOn: [{ fact: complaint.filed, where: { kind: appeal } }]
                within: { minutes: 30 }
                metBy: [complaint.responded]
                escalation: ladder
            """
        }
        return PolicyFile.load(
            text: """
                name: sample
                version: 1.0
                document: A document
                roles:
                  office: { name: Office, holders: standing }
                escalations:
                  ladder:
                    steps:
                      - { stage: breach, at: due, code: N13, tell: { personal: [office] } }
                rates: \(rates)
                rules:

                """ + rules.joined(separator: "\n"),
            fileName: "p"
        )
    }

    @Test func aRateNamesItsRulesAndItsTitleInBothLanguages() throws {
        let loaded = load(
            """
            [{ name: response, title: { zh: 回应率, en: Answered }, measure: inTime, rules: [A22.response] },
              { name: all, title: x, measure: closedInTime, kinds: [deadline] },
              { name: content, title: x, measure: satisfied }]
            """
        )
        let rates = try #require(loaded.value).policy.rates
        #expect(rates.map(\.name) == ["response", "all", "content"])
        #expect(rates[0].title == Wording("回应率", "Answered") && rates[0].rules == ["A22.response"])
        #expect(rates[1].rules.contains("A22.response") && rates[2].rules.isEmpty)
        #expect(load("[]").value?.policy.rates.isEmpty == true)
    }

    @Test func aCompositeNamesSharesWithTheirWeightsAndTheRulesBehindThem() throws {
        let loaded = load(
            """
            [{ name: response, title: x, measure: inTime, rules: [A22.response] },
              { name: content, title: x, measure: satisfied, wall: false },
              { name: all, title: x, measure: composite, weights: { response: 30, content: 70 } }]
            """
        )
        let rates = try #require(loaded.value).policy.rates
        #expect(rates[2].parts.map(\.rate.name) == ["response", "content"])
        #expect(rates[2].parts.map(\.weight) == [30, 70] && rates[2].rules == ["A22.response"])
        #expect(rates.map(\.isOnWall) == [true, false, true])
    }

    /// As many as fit there, and the weights of the model that the county took over.
    @Test func theShippedRatesFitOnAWall() throws {
        let rates = try #require(PolicyFile.load(text: TestFiles.policyText, fileName: "p").value).policy
            .rates
        #expect(rates.filter(\.isOnWall).count == 13)
        let composite = try #require(rates.first { $0.measure == .composite })
        #expect(
            composite.parts.map { "\($0.rate.name) \($0.weight)" } == [
                "responded 30", "solved 35", "satisfied 35",
            ]
        )
        #expect(Set(rates.map(\.measure)) == Set(SupervisorRate.Measure.allCases))
    }

    @Test func aRuleThatASettingLeavesOutMayBeNamed() throws {
        let loaded = load("[{ name: r, title: x, measure: breaches, rules: [A22.late] }]")
        #expect(loaded.problems.isEmpty && loaded.value?.policy.rates.first?.rules == ["A22.late"])
    }

    @Test(arguments: [
        ("[{ name: r, title: x, measure: inTime, rules: [A22.respons] }]", "did you mean \"A22.response\"?"),
        ("[{ name: r, title: x, measure: inTime }]", "names neither rules nor kinds of them"),
        ("[{ name: r, title: x, measure: solved, rules: [A22.response] }]", "solved is of no rule"),
        ("[{ name: r, title: x, measure: often, rules: [A22.response] }]", "must be one of"),
        ("[{ name: r, title: { zh: x }, measure: solved }]", "\"en\" is missing"),
        ("[{ name: r, title: x, measure: solved }, { name: r, title: x, measure: solved }]", "given twice"),
        ("[{ title: x, measure: solved }]", "\"name\" is missing"),
        ("[{ name: r, title: x, measure: composite }]", "a composite has"),
        ("[{ name: r, title: x, measure: solved, weights: { a: 1 } }]", "there is no rate \"a\" further up"),
        (
            "[{ name: n, title: x, measure: open, rules: [A22.response] }, "
                + "{ name: r, title: x, measure: composite, weights: { n: 1 } }]",
            "n is no share of something"
        ),
        (
            "[{ name: n, title: x, measure: solved }, { name: r, title: x, measure: satisfied, weights: { n: 1 } }]",
            "only a composite has weights"
        ),
        (
            "[{ name: n, title: x, measure: solved }, { name: r, title: x, measure: composite, weights: { n: 0 } }]",
            "must be a whole number"
        ),
        ("[{ name: r, title: x, measure: age, rules: [A22.response] }]", "deadlines without an end alone"),
        ("[{ name: r, title: x, measure: shares, rules: [A22.response] }]", "shares is of no rule"),
    ])
    func aRateThatCannotBeCountedIsRefused(_ rates: String, _ problem: String) {
        let problems = load(rates).problems.map { "\($0)" }
        #expect(problems.contains { $0.contains(problem) && $0.contains("rates") }, "\(problems)")
    }
}
