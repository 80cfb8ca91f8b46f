import Duty

/// Every switch that the rules of this version can turn.
package enum SettingCatalogue {
    package static let all: [Setting] =
        measure + clocks + attribution + shares + gates + services + visits + duties

    package static func setting(_ name: String) -> Setting? { all.first { $0.name == name } }

    /// Settings that act on the policy as a whole, whether a rule names them or not.
    static let always: Set<String> = [
        "measure.effectiveFrom", "orphan.afterHours", "orphan.tells", "gate.backdateFlag",
        "a22.unknownEnterprise",
        "calendar.quarter", "calendar.year", "ties",
    ]

    static func choice(
        _ name: String,
        _ question: String,
        _ choices: [(String, String)]
    ) -> Setting {
        Setting(
            name: name,
            question: question,
            kind: .choice,
            default: .string(choices.first?.0 ?? ""),
            choices: choices.map { Setting.Choice(value: $0.0, effect: $0.1) }
        )
    }

    static func flag(_ name: String, _ question: String, no: String, yes: String) -> Setting {
        Setting(
            name: name,
            question: question,
            kind: .flag,
            default: false,
            choices: [Setting.Choice(value: "false", effect: no), Setting.Choice(value: "true", effect: yes)]
        )
    }

    static func open(
        _ name: String,
        _ question: String,
        _ kind: Setting.Kind,
        _ value: Value
    ) -> Setting {
        Setting(name: name, question: question, kind: kind, default: value, choices: [])
    }

    private static let measure: [Setting] = [
        open("measure.effectiveFrom", "From which day do events count?", .date, "2023-08-15"),
        open(
            "orphan.afterHours",
            "How many hours may an event wait for the one that opens its matter, or a matter in which nothing is owed "
                + "for what is still to come of its enterprise?",
            .integer(1...8_760),
            24
        ),
        open("orphan.tells", "Who is told of an event that waited in vain? A role.", .role, "office"),
        choice(
            "a22.unknownEnterprise",
            "What of an enterprise that nobody has registered yet?",
            [
                ("treatAsPark", "its matters run as if it were in the park"),
                ("ignore", "its matters start nothing until it is registered"),
            ]
        ),
    ]

    private static let clocks: [Setting] = [
        choice(
            "a22.assignment.endOfDay",
            "When does the day end on which somebody must be assigned?",
            [("midnight", "at 24:00"), ("closeOfBusiness", "when the office hours of the calendar end")]
        ),
        choice(
            "a22.scope",
            "Whose requests start the two clocks of article 22?",
            [("park", "those of enterprises in the park"), ("all", "those of every enterprise")]
        ),
        choice(
            "a22.clockStart",
            "From when do both clocks run?",
            [
                ("filedAt", "from the time at which the request was filed"),
                ("receivedAt", "from the time at which the request was written down"),
                ("assignedAt", "from its assignment to a person; before that no clock runs"),
            ]
        ),
        choice(
            "a22.response.clock",
            "Does the half hour run day and night?",
            [("continuous", "yes, round the clock"), ("officeHours", "only inside the office hours")]
        ),
        choice(
            "a22.solution.clock",
            "Do the 24 hours run day and night?",
            [("continuous", "yes, round the clock"), ("officeHours", "only inside the office hours")]
        ),
        flag(
            "a22.response.countsAuto",
            "Is an automatic acknowledgement a response?",
            no: "only a person's response counts",
            yes: "an automatic one counts as well"
        ),
        choice(
            "a22.solution.accepts",
            "What is a solution?",
            [
                ("planOrResolution", "a plan, or the matter done or replied to"),
                ("planOnly", "only a plan with a responsible unit"),
            ]
        ),
    ]

    private static let attribution: [Setting] = [
        open(
            "a22.fine.issuers",
            "The fines of which departments are looked at? Department ids, or any.",
            .anyOrList(of: []),
            "any"
        ),
        open(
            "a22.attribution.decider",
            "Whose decision on the cause of a fine counts? A role, or any.",
            .role,
            "office"
        ),
        open(
            "a22.attribution.dueWorkingDays",
            "Within how many working days is that decision due?",
            .integer(1...250),
            10
        ),
        choice(
            "a22.attribution.endOfDay",
            "When does the last of those days end?",
            [("closeOfBusiness", "when the office hours of the calendar end"), ("midnight", "at 24:00")]
        ),
    ]

    private static let shares: [Setting] = [
        open("a22.share.ratio", "Which part of the fine is borne by people?", .ratio, "1/2"),
        choice(
            "a22.share.base",
            "A part of what?",
            [
                ("principal", "of the fine itself"),
                ("principalPlusSurcharge", "of the fine and the surcharge that its record states"),
            ]
        ),
        choice(
            "a22.share.mode",
            "Is that part borne together, or by each role?",
            [
                ("together", "all roles together bear the part"),
                ("each", "every role bears the whole part by itself"),
            ]
        ),
        open(
            "a22.share.roleWeights",
            "Which roles bear it, in which proportion?",
            .weights,
            ["park.leader": 1, "park.staff": 1]
        ),
        choice(
            "a22.share.emptyRole",
            "What if nobody holds one of the roles?",
            [
                ("hold", "its part is held until the office names somebody"),
                ("reassign", "the other roles bear it, unless each bears a part of its own"),
            ]
        ),
        choice(
            "a22.share.rounding",
            "What of a part of a fen?",
            [
                ("floor", "it is dropped"), ("halfUp", "half a fen and more become one"),
                ("halfEven", "half a fen goes to the even neighbour"),
            ]
        ),
        choice(
            "a22.share.rosterAsOf",
            "Who held the roles: as of which moment?",
            [
                ("decision", "when the fine was decided"), ("attribution", "when its cause was decided"),
                ("violation", "when the law was broken, if the fine's record says when; else `decision`"),
            ]
        ),
        flag(
            "a22.share.includeBackups",
            "Do backups bear a share?",
            no: "only those who hold the role",
            yes: "backups as well"
        ),
        flag(
            "a22.share.freezeDuringReview",
            "Do the shares stand still while a reconsideration or a lawsuit runs?",
            no: "they are posted and change as ever, marked as under review",
            yes: "they stay as they were before it until it is over"
        ),
    ]

    private static let scopes = [
        ("linked", "enterprises with a linked county leader"), ("park", "enterprises in the park"),
        ("all", "every enterprise"),
    ]

    private static let gates: [Setting] = [
        choice("a25.case.scope", "For whose cases is an earlier report due?", scopes),
        choice("a25.penalty.scope", "For whose penalties is an earlier report due?", scopes),
        choice(
            "a25.report.recipient",
            "To whom must the report on a case have gone?",
            [
                ("person", "to somebody who holds the role for this enterprise"),
                ("role", "to the role; it does not matter which person"),
            ]
        ),
        open(
            "a25.penalty.recipientRole",
            "To which role are penalties reported? One of several is enough.",
            .roles,
            "county.secretary"
        ),
        open(
            "a25.penalty.kinds",
            "For which kinds of penalty? The words of the event's kind, or any.",
            .anyOrList(of: EventCatalogue.words(.penaltyDecided, "kind")),
            "any"
        ),
        choice(
            "a25.penalty.summaryProcedure",
            "What of a penalty decided on the spot?",
            [
                ("review", "no violation; the office is asked to look at it"),
                ("violation", "like any other penalty"), ("exempt", "it needs no report"),
            ]
        ),
        open(
            "gate.lateArrivalGrace",
            "How long may a report that was made in time be written down late?",
            .span,
            "2h"
        ),
        open(
            "gate.backdateFlag",
            "From what distance on is a record that was written down late marked as such?",
            .span,
            "24h"
        ),
    ]

    /// The table of the manual, in Markdown.
    package static var table: String {
        var lines = ["| setting | question | values | default |", "|---|---|---|---|"]
        for setting in all {
            let values =
                setting.choices.isEmpty
                ? setting.form : setting.choices.map { "`\($0.value)`: \($0.effect)" }.joined(separator: "; ")
            lines.append(
                "| `\(setting.name)` | \(setting.question) | \(values) | `\(Setting.text(setting.default))` |"
            )
        }
        return lines.joined(separator: "\n")
    }
}
