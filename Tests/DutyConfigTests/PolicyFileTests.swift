import Duty
import Testing

@testable import DutyConfig

@Suite struct PolicyFileTests {
    private static let good = """
        name: sample
        version: 1.0
        document: A document
        settings:
          a22.response.clock: officeHours
        roles:
          park.staff: { name: Staff, holders: enterprise, fallback: [office] }
          office: { name: Office, holders: standing }
        escalations:
          ladder:
            steps:
              - { stage: breach, at: due, code: N13, tell: { personal: [park.staff] } }
        rules:
          - id: A22.response
            article: 22
            basis: text
            title: { zh: 回应, en: Respond }
            kind: deadline
            opensOn: [{ fact: complaint.filed, where: { kind: appeal } }]
            within: { minutes: 30, clock: { setting: a22.response.clock } }
            metBy: [complaint.responded]
            escalation: ladder
        """

    @Test func theVersionNamesTheText() throws {
        let file = try #require(PolicyFile.load(text: Self.good, fileName: "p").value)
        #expect(file.policy.version == "1.0+" + ContentHash.short(Self.good))
        #expect(ContentHash.short("") == "cbf29ce4" && ContentHash.short("a") == "af63dc4c")
        let other = try #require(PolicyFile.load(text: Self.good + "\n# a remark", fileName: "p").value)
        #expect(other.policy.version != file.policy.version)
        #expect(
            try #require(PolicyFile.load(text: file.text, fileName: "q").value).policy.version
                == file.policy.version
        )
    }

    @Test func titlesFollowTheLocale() throws {
        let chinese = try #require(PolicyFile.load(text: Self.good, fileName: "p").value)
        let english = try #require(PolicyFile.load(text: Self.good, fileName: "p", locale: .en).value)
        #expect(chinese.policy.rules.first?.title == "回应" && english.policy.rules.first?.title == "Respond")
    }

    @Test(arguments: [
        (
            "a22.response.clock: officeHours", "a22.response.clok: officeHours",
            "5: settings.a22.response.clok: there is no such setting; did you mean \"a22.response.clock\"?"
        ),
        (
            "clock: officeHours", "clock: officehours",
            "5: settings.a22.response.clock: must be one of continuous, officeHours, is "
                + "\"officehours\"; did you mean \"officeHours\"?"
        ),
        (
            "a22.response.clock: officeHours", "a22.scope: all",
            "5: settings.a22.scope: has no effect: no rule of this file refers to it"
        ),
        (
            "{ setting: a22.response.clock }", "{ setting: a22.scop }",
            "20: rules[0].within.clock.setting: there is no setting \"a22.scop\"; did you mean \"a22.scope\"?"
        ),
        (
            "{ setting: a22.response.clock }", "{ setting: a22.scope }",
            "20: rules[0].within.clock: setting a22.scope does not fit: must be one of continuous, "
                + "officeHours"
        ),
        (
            "fallback: [office]", "fallback: [ofice]",
            "7: roles.park.staff.fallback[0]: there is no role \"ofice\"; did you mean \"office\"?"
        ),
        (
            "holders: standing", "holders: county",
            "8: roles.office.holders: must be one of enterprise, park, standing, department, is \"county\""
        ),
        (
            "[park.staff] }", "[park.staf] }",
            "12: escalations.ladder.steps[0].tell.personal[0]: there is no role \"park.staf\"; did "
                + "you mean \"park.staff\"?"
        ),
        (
            "[park.staff] }", "[] }",
            "12: escalations.ladder.steps[0].tell.personal: names no role; a whole group is the word everyone"
        ),
        (
            "[park.staff] }", "[\"fact:personRef\"] }",
            "12: escalations.ladder.steps[0].tell.personal: fact:personRef: complaint.filed, which "
                + "opens the rule, has no field \"personRef\""
        ),
        (
            "code: N13,", "code: N13, repeat: { every: 10s, until: acknowledged, times: 2 },",
            "12: escalations.ladder.steps[0].repeat.every: must be at least 1m"
        ),
        (
            "code: N13,", "code: N13, repeat: { every: 10m, until: done, times: 2 },",
            "12: escalations.ladder.steps[0].repeat.until: must be one of acknowledged, is \"done\""
        ),
        (
            "code: N13, tell: { personal: [park.staff] }",
            "code: N13, ackTimeout: 1h, tell: { group: everyone }",
            "12: escalations.ladder.steps[0].ackTimeout: a whole group cannot acknowledge"
        ),
        (
            "at: due", "at: 30 minutes after due",
            "12: escalations.ladder.steps[0].at: must be opening, 15m after opening, 50% of the "
                + "time, 5m before due, due, 30m after due, 2 working days before due at 09:07, "
                + "last day at 09:07, 1 working day after due at 09:07, 1 Oct at 09:07 or every Monday at "
                + "09:07, and at the end perhaps between 09:07 and 18:00; is \"30 minutes after due\""
        ),
        (
            "escalation: ladder", "escalation: lader",
            "22: rules[0].escalation: there is no escalation \"lader\"; did you mean \"ladder\"?"
        ),
        (
            "complaint.filed", "complaint.field",
            "19: rules[0].opensOn[0].fact: there is no kind of event \"complaint.field\"; did you "
                + "mean \"complaint.filed\"?"
        ),
        (
            "{ kind: appeal }", "{ knd: appeal }",
            "19: rules[0].opensOn[0].where.knd: complaint.filed has no field \"knd\"; did you mean \"kind\"?"
        ),
        (
            "{ kind: appeal }", "{ kind: apeal }",
            "19: rules[0].opensOn[0].where.kind: must be one of appeal, window, arrears, badReview, "
                + "discipline, practice, is \"apeal\"; did you mean \"appeal\"?"
        ),
        (
            "{ kind: appeal }", "{ enterprise.inPrk: true }",
            "19: rules[0].opensOn[0].where.enterprise.inPrk: an enterprise has no field \"inPrk\"; "
                + "did you mean \"enterprise.inPark\"?"
        ),
        (
            "{ kind: appeal }", "{ enterprise.inPark: yes }",
            "19: rules[0].opensOn[0].where.enterprise.inPark: must be true or false, is \"yes\""
        ),
        (
            "{ kind: appeal }", "{ role.park.staff: true }",
            "19: rules[0].opensOn[0].where.role.park.staff: a role can only be tested with "
                + "{present: true} or {present: false}"
        ),
        (
            "{ minutes: 30,", "{ minutes: 30, hours: 1,",
            "20: rules[0].within: needs exactly one of minutes, hours, days, workingDays, sameDay, open"
        ),
        (
            "{ minutes: 30,", "{ minutes: 30, endsAt: midnight,",
            "20: rules[0].within.endsAt: has no meaning beside \"minutes\""
        ),
        (
            "minutes: 30", "minutes: 0",
            "20: rules[0].within.minutes: must be a whole number from 1 to 100000, is \"0\""
        ),
        (
            "kind: deadline", "kind: dedline",
            "18: rules[0].kind: must be one of deadline, gate, allocation, notice, window, practice, "
                + "recurring, amount, is \"dedline\"; did you mean \"deadline\"?"
        ),
        (
            "basis: text", "basis: txt",
            "16: rules[0].basis: must be one of text, statute, default, is \"txt\"; did you mean \"text\"?"
        ),
        ("{ zh: 回应, en: Respond }", "{ zh: 回应 }", "17: rules[0].title: \"en\" is missing"),
        (
            "metBy: [complaint.responded]", "metBye: [complaint.responded]",
            "14: rules[0]: \"metBy\" is missing|21: rules[0].metBye: unknown key; did you mean \"metBy\"?"
        ),
    ])
    func eachMistakeIsSaid(_ old: String, _ new: String, _ said: String) {
        let problems = PolicyFile.load(text: Self.good.replacing(old, with: new), fileName: "p").problems
        #expect(problems.map(\.description) == said.split(separator: "|").map { "p:" + $0 })
    }

    @Test func whatNoRuleUsesIsSaid() {
        let text = Self.good
            .replacing("rules:", with: "  spare:\n    steps: []\nrules:")
            .replacing("clock: officeHours", with: "clock: officeHours\n  a22.share.mode: each")
        #expect(
            Set(PolicyFile.load(text: text, fileName: "p").problems.map(\.description)) == [
                "p:15: escalations.spare: no rule uses this escalation",
                "p:6: settings.a22.share.mode: has no effect: no rule of this file refers to it",
            ]
        )
    }

    @Test func aNoticeHasNoDueTime() {
        let text = Self.good
            .replacing("kind: deadline", with: "kind: notice\n    on: complaint.filed")
        let messages = PolicyFile.load(text: text, fileName: "p").problems.map(\.message)
        #expect(
            messages.contains(
                "escalations.ladder.steps[0].at: a notice uses this escalation and has no due time; "
                    + "only \"opening\" fits"
            )
        )
    }

    @Test(arguments: [
        ("opening", EscalationStep.Moment.opening), ("due", .due),
        ("15m after opening", .afterOpening(.minutes(15))),
        ("50% of the time", .share(50)), ("4h before due", .beforeDue(.hours(4))),
        ("1d after due", .afterDue(.days(1))),
        ("2 working days before due at 09:07", .workingDaysBeforeDue(2, minute: 547)),
        ("last day at 09:07", .workingDaysBeforeDue(0, minute: 547)),
        ("1 working day after due at 09:07", .workingDaysAfterDue(1, minute: 547)),
        ("1 Oct at 09:07", .date(month: 10, day: 1, minute: 547)),
        ("every Monday at 09:07", .weekly(1, minute: 547)),
    ])
    func momentsAreRead(_ text: String, _ moment: EscalationStep.Moment) {
        #expect(MomentText.moment(text) == moment)
    }

    @Test(arguments: [
        ("50% of the time between 09:07 and 18:00", EscalationStep.Moment.share(50)),
        ("due between 09:07 and 18:00", .due),
        ("15d before due between 09:07 and 18:00", .beforeDue(.days(15))),
    ])
    func aMomentMayBeHeldToTheDay(_ text: String, _ moment: EscalationStep.Moment) throws {
        let timing = try #require(MomentText.timing(text))
        #expect(timing.moment == moment && timing.daytime == EscalationStep.Daytime(from: 547, until: 1_080))
        #expect(MomentText.timing("due")?.daytime == nil)
    }

    @Test(arguments: [
        "due between 18:00 and 09:07", "due between 9 and 18:00", "soon between 09:07 and 18:00",
        "due between 09:07 or 18:00", "between 09:07 and 18:00",
    ])
    func otherHoursAreRefused(_ text: String) { #expect(MomentText.timing(text) == nil) }

    @Test(arguments: [
        "", "later", "0m after due", "100% of the time", "5m after", "last day at 25:00",
        "1 working week after due at 09:07", "31 Feb at 09:07", "every day at 09:07",
    ])
    func otherMomentsAreRefused(_ text: String) { #expect(MomentText.moment(text) == nil) }

    @Test(arguments: [
        ("30s", Span?.some(.seconds(30))), ("24h", .hours(24)), ("400d", .days(400)), ("10y", .days(3_650)),
        ("", nil),
        ("h", nil), ("PT30M", nil), ("-5m", nil), ("1.5h", nil), ("99999999999999d", nil), ("+5m", nil),
        ("5 m", nil), ("250ms", Span(microseconds: 250_000)), ("1ms", Span(microseconds: 1_000)), ("ms", nil),
        ("1sm", nil), ("1.5ms", nil),
    ])
    func lengthsOfTimeAreRead(_ text: String, _ span: Span?) { #expect(TimeText.span(text) == span) }

    @Test(arguments: [("clock", "clok"), ("ab", "ba"), ("setting", "settings")])
    func slipsAreNear(_ left: String, _ right: String) { #expect(Spelling.distance(left, right) == 1) }
}
