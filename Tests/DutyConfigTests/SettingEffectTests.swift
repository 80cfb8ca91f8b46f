import Duty
import Testing

@testable import DutyConfig

@Suite struct SettingEffectTests {
    private func policy(_ setting: String) throws -> Policy {
        let loaded = TestFiles.policy(settings: "  " + setting)
        #expect(loaded.problems == [])
        return try #require(loaded.value).policy
    }

    private func deadline(_ rule: RuleID, _ setting: String) throws -> DeadlineRule {
        guard case .deadline(let body) = try policy(setting).rule(rule)?.body else { throw Missing() }
        return body
    }

    private func gate(_ rule: RuleID, _ setting: String) throws -> GateRule {
        guard case .gate(let body) = try policy(setting).rule(rule)?.body else { throw Missing() }
        return body
    }

    private func allocation(_ setting: String) throws -> AllocationRule {
        guard case .allocation(let body) = try policy(setting).rule("A22.share")?.body else {
            throw Missing()
        }
        return body
    }

    private struct Missing: Error {}

    /// Every setting of the catalogue, with a value that is not its default.
    static let turned: [(name: String, text: String)] = [
        ("measure.effectiveFrom", "2024-01-01"), ("orphan.afterHours", "48"), ("orphan.tells", "park.head"),
        ("a22.unknownEnterprise", "ignore"),
        ("a22.assignment.endOfDay", "closeOfBusiness"), ("a22.scope", "all"),
        ("a22.clockStart", "receivedAt"),
        ("a22.response.clock", "officeHours"), ("a22.solution.clock", "officeHours"),
        ("a22.response.countsAuto", "true"), ("a22.solution.accepts", "planOnly"),
        ("a22.fine.issuers", "[D-1]"),
        ("a22.attribution.decider", "park.head"), ("a22.attribution.dueWorkingDays", "5"),
        ("a22.attribution.endOfDay", "midnight"), ("a22.share.ratio", "1/3"),
        ("a22.share.base", "principalPlusSurcharge"), ("a22.share.mode", "each"),
        ("a22.share.roleWeights", "{ park.leader: 2, park.staff: 1 }"), ("a22.share.emptyRole", "reassign"),
        ("a22.share.rounding", "halfEven"), ("a22.share.rosterAsOf", "attribution"),
        ("a22.share.includeBackups", "true"), ("a22.share.freezeDuringReview", "true"),
        ("a25.case.scope", "all"), ("a25.penalty.scope", "park"),
        ("a25.report.recipient", "role"), ("a25.penalty.recipientRole", "[county.secretary, county.four]"),
        ("a25.penalty.kinds", "[fine]"), ("a25.penalty.summaryProcedure", "exempt"),
        ("gate.lateArrivalGrace", "4h"), ("gate.backdateFlag", "12h"),
        ("a00.planDue", "2026-12-31"), ("a07.clockStart", "requestedAt"), ("a07.pauseGranularity", "exact"),
        ("a07.basePrice.percent", "90"), ("a07.basePrice.fen", "100000"), ("a07.proactive", "request"),
        ("a07.lv.scope", "all"), ("a14.services", "[ZJ-1]"), ("a07.endOfDay", "midnight"),
        ("a08.endOfDay", "midnight"),
        ("a08.gas.excludedPhases", "[design]"), ("pause.maxDays", "10"), ("a09.dayUnit", "working"),
        ("a09.rollForward", "false"), ("a09.countStartDay", "true"), ("a09.endOfDay", "midnight"),
        ("a09.unclassifiedAs", "eligible"), ("a09.upgradeNeedsApproval", "false"),
        ("a09.classifyHours", "8"), ("a13.clockStart", "acceptedAt"), ("a13.scope", "park"),
        ("a13.endOfDay", "midnight"), ("a13.promptWorkingDays", "5"), ("a16.statutory", "off"),
        ("a16.handoverWorkingDays", "5"), ("a16.handleDays", "20"), ("a16.totalDays", "60"),
        ("a27.verifyWorkingDays", "2"), ("a27.simpleWorkingDays", "4"), ("a27.complexWorkingDays", "10"),
        ("a27.callBackWorkingDays", "5"), ("a27.endOfDay", "midnight"), ("a25.penalty.moment", "service"),
        ("a29.feedbackWorkingDays", "10"), ("a19.fromDay", "1"),
        ("a19.toDay", "15"), ("a19.unknownFlags", "violation"), ("a19.exceptions", "[emergency]"),
        ("a19.refRequired", "[emergency]"), ("a19.superiorDeployed", "exempt"), ("a21.minLead", "3"),
        ("a21.minLeadIsBreach", "true"), ("a21.emergency.backfillWorkingDays", "3"),
        ("a21.scopeLevels", "[county, city]"), ("a21.mergeDays", "14"), ("a20.review", "quarterly"),
        ("a17.push", "yearly"), ("a24.per", "body"), ("a25.per", "leader"), ("a26.maximum", "12"),
        ("a28.rankThreshold", "60"), ("a28.awardFen", "3000000"), ("a30.bottom", "2"),
    ]

    @Test func everySettingIsTried() {
        // A question with a single answer cannot be turned.
        let questions = SettingCatalogue.all.filter { $0.choices.count != 1 }
        #expect(Set(Self.turned.map(\.name)) == Set(questions.map(\.name)))
        #expect(Self.turned.count == questions.count)
    }

    @Test(arguments: turned) func everySettingChangesThePolicy(_ name: String, _ text: String) throws {
        let setting = try #require(SettingCatalogue.setting(name))
        let plain = try policy("measure.effectiveFrom: 2023-08-15")
        let turned = try policy("\(name): \(text)")
        #expect(plain.settings[name] == setting.default)
        #expect(turned.settings[name] != setting.default)
        #expect(rest(of: plain) != rest(of: turned))
    }

    /// All that a policy does, but for the list of settings itself and the hash.
    private func rest(of policy: Policy) -> String {
        var text = ""
        dump(policy.rules, to: &text)
        let ladders = policy.escalations.sorted { $0.key < $1.key }.map { "\($0)" }
        return text
            + "\(ladders) \(policy.effectiveFrom) \(policy.orphanAfter) \(policy.orphanRole?.text ?? "-") \(policy.backdateFlag) "
            + "\(policy.unknownEnterpriseIsInPark)"
    }

    @Test func clocks() throws {
        #expect(
            try deadline("A22.response", "a22.response.clock: officeHours").within
                == .officeTime(.minutes(30))
        )
        #expect(
            try deadline("A22.solution", "a22.response.clock: officeHours").within == .continuous(.hours(24))
        )
        #expect(
            try deadline("A22.solution", "a22.solution.clock: officeHours").within == .officeTime(.hours(24))
        )
        for rule in ["A22.response", "A22.solution"] as [RuleID] {
            #expect(try deadline(rule, "a22.clockStart: receivedAt").start == .received)
            #expect(try deadline(rule, "a22.clockStart: assignedAt").start == .fact(.complaintAssigned))
            #expect(try deadline(rule, "a22.clockStart: filedAt").start == .ownTime)
            #expect(try deadline(rule, "a22.scope: all").opens.first?.conditions.count == 1)
        }
        #expect(
            try deadline("A22.assignment", "a22.assignment.endOfDay: closeOfBusiness").within
                == .sameDay(end: .closeOfBusiness)
        )
    }

    @Test func officeHoursMoveTheDueTime() throws {
        var matter = try #require(PolicyMatter(settings: "  a22.response.clock: officeHours"))
        matter.add(.complaintFiled, "2026-11-20 17:20", ["kind": "appeal"])
        #expect(matter.obligations("A22.response").first?.dueAt == PolicyMatter.moment("2026-11-23 09:20"))
    }

    @Test func whatCountsAsAnAnswer() throws {
        let automatic: Value = ["by": ["personRef": "bot", "role": "system"], "auto": true]
        var matter = try #require(PolicyMatter(settings: "  a22.response.countsAuto: true"))
        matter.add(.complaintFiled, "2026-11-23 14:05", ["kind": "appeal"])
        matter.add(.complaintResponded, "2026-11-23 14:06", automatic)
        #expect(matter.obligations("A22.response").first?.metAt != nil)
        let plans = try deadline("A22.solution", "a22.solution.accepts: planOnly").metBy
        #expect(plans.map(\.kind) == [.complaintSolutionProposed])
    }

    @Test func attribution() throws {
        #expect(
            try deadline("A22.attribution", "a22.attribution.dueWorkingDays: 5").within
                == .workingDays(5, end: .closeOfBusiness)
        )
        #expect(
            try deadline("A22.attribution", "a22.attribution.endOfDay: midnight").within
                == .workingDays(10, end: .midnight)
        )
        let issuers = Condition("deptId", .isOneOf(["D-1", "D-2"]))
        #expect(
            try deadline("A22.attribution", "a22.fine.issuers: [D-1, D-2]").opens.first?.conditions.first
                == issuers
        )
        #expect(try allocation("a22.fine.issuers: [D-1, D-2]").fines.conditions.first == issuers)
        #expect(try allocation("a22.attribution.decider: park.head").decider == "park.head")
        #expect(try allocation("a22.attribution.decider: any").decider == nil)
        #expect(try deadline("A22.attribution", "a22.attribution.decider: any").metBy.first?.conditions == [])
    }

    @Test func shares() throws {
        let plain = try allocation("a22.share.mode: together")
        #expect(plain.numerator == 1 && plain.denominator == 2 && plain.rounding == .floor)
        #expect(plain.mode == .together && plain.emptyRole == .hold && plain.rosterAsOf == .decision)
        #expect(!plain.includesBackups && plain.decider == "office" && plain.heldRole == "office")
        #expect(plain.weights.map(\.role) == ["park.leader", "park.staff"])
        #expect([plain.postedCode, plain.adjustedCode, plain.heldCode] == ["N72", "N73", "N74"])
        let third = try allocation("a22.share.ratio: 1/3")
        #expect(third.numerator == 1 && third.denominator == 3)
        #expect(try allocation("a22.share.mode: each").mode == .each)
        #expect(try allocation("a22.share.emptyRole: reassign").emptyRole == .reassign)
        #expect(try allocation("a22.share.rounding: halfUp").rounding == .halfUp)
        #expect(try allocation("a22.share.rosterAsOf: attribution").rosterAsOf == .attribution)
        #expect(try allocation("a22.share.rosterAsOf: violation").rosterAsOf == .violation)
        #expect(try allocation("a22.share.includeBackups: true").includesBackups)
        #expect(plain.base == .principal && !plain.freezesDuringReview && plain.releasedCode == "N75")
        #expect(
            try allocation("a22.share.base: principalPlusSurcharge").base == .principalPlusSurcharge
        )
        #expect(try allocation("a22.share.freezeDuringReview: true").freezesDuringReview)
        #expect(
            try allocation("a22.share.roleWeights: { park.leader: 3, park.staff: 1 }").weights.map(\.weight)
                == [3, 1]
        )
    }

    @Test func gates() throws {
        let linked = Condition("role.county.linked", .isPresent(true))
        let park = Condition("enterprise.inPark", .isOneOf([true]))
        #expect(try gate("A25.case", "a25.case.scope: linked").act.conditions == [linked])
        #expect(try gate("A25.case", "a25.case.scope: park").act.conditions == [park])
        #expect(try gate("A25.case", "a25.case.scope: all").act.conditions == [])
        #expect(try gate("A25.penalty", "a25.penalty.scope: park").act.conditions.contains(park))
        #expect(try gate("A25.case", "a25.report.recipient: person").recipientHolds == "county.linked")
        #expect(try gate("A25.case", "a25.report.recipient: role").recipientHolds == nil)
        #expect(try gate("A25.case", "gate.lateArrivalGrace: 4h").grace == .hours(4))
        #expect(try gate("A25.penalty", "gate.lateArrivalGrace: 4h").grace == .hours(4))
        #expect(
            try gate("A25.penalty", "a25.penalty.kinds: [fine]").act.conditions.first
                == Condition("kind", .isOneOf(["fine"]))
        )
    }

    @Test func theRoleThatPenaltiesAreReportedTo() throws {
        let setting = "a25.penalty.recipientRole: [county.secretary, county.four]"
        #expect(
            try gate("A25.penalty", setting).before.conditions.contains(
                Condition("toRole", .isOneOf(["county.secretary", "county.four"]))
            )
        )
        let roles = try policy(setting).escalations["a25-penalty"]?.steps.first?.tells.first?.roles
        #expect(roles == ["dept.head", "office", "county.secretary", "county.four"])
    }

    @Test func penaltiesOnTheSpot() throws {
        let ordinary = Condition("procedure", .isNoneOf(["summary"]))
        for (word, isLeftOut, isReviewed) in [
            ("review", true, true), ("violation", false, false), ("exempt", true, false),
        ] {
            let setting = "a25.penalty.summaryProcedure: " + word
            #expect(try gate("A25.penalty", setting).act.conditions.contains(ordinary) == isLeftOut)
            #expect(try (policy(setting).rule("A25.penalty.review") != nil) == isReviewed)
        }
    }

    @Test func thePolicyAsAWhole() throws {
        #expect(try policy("measure.effectiveFrom: 2024-01-01").effectiveFrom.description == "2024-01-01")
        #expect(try policy("orphan.afterHours: 48").orphanAfter == .hours(48))
        #expect(try policy("gate.backdateFlag: 12h").backdateFlag == .hours(12))
        #expect(try !policy("a22.unknownEnterprise: ignore").unknownEnterpriseIsInPark)
    }

    @Test(arguments: [
        ("a22.share.ratio: 3/2", "must be a fraction such as 1/2, at most 1/1, is \"3/2\""),
        ("a22.share.roleWeights: { park.leader: 0 }", "must name at least one role with a weight above 0"),
        ("a22.share.roleWeights: { park.boss: 1 }", "there is no role \"park.boss\""),
        ("a22.attribution.decider: ofice", "there is no role \"ofice\"; did you mean \"office\"?"),
        ("a22.attribution.dueWorkingDays: 0", "must be a whole number from 1 to 250, is \"0\""),
        ("a22.response.countsAuto: yes", "must be true or false, is \"yes\""),
        ("a22.fine.issuers: D-1", "must be one of any, is \"D-1\""),
        (
            "a25.penalty.kinds: [fien]",
            "must be one of warning, criticism, fine, confiscation, suspension, downgrade, revocation, "
                + "restriction, shutdown, closure, ban, detention, is \"fien\"; did you mean \"fine\"?"
        ),
        (
            "a21.scopeLevels: [country]",
            "must be one of county, city, province, is \"country\"; did you mean \"county\"?"
        ),
        (
            "a19.refRequired: [complaintcase]",
            "must be one of nationalSecurity, publicSafety, personProperty, workSafety, ecology, emergency, "
                + "licensing, complaintCase, specificEnterprise, superiorDeployed, is \"complaintcase\"; did you "
                + "mean \"complaintCase\"?"
        ),
        ("a21.scopeLevels: []", "is an empty list"),
        ("measure.effectiveFrom: soon", "must be a date YYYY-MM-DD, is \"soon\""),
        (
            "gate.lateArrivalGrace: 2 hours",
            "must be a length of time such as 250ms, 30s, 15m, 24h, 400d or 10y, is \"2 hours\""
        ),
    ])
    func unfitValuesAreRefused(_ line: String, _ said: String) {
        let problems = TestFiles.policy(settings: "  " + line).problems
        #expect(problems.contains { $0.line == 11 && $0.message.hasSuffix(": " + said) }, "\(problems)")
    }
}
