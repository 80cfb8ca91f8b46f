import Duty

/// A question that the document leaves open, by the number under which it was written down.
package struct OpenQuestion: Sendable {
    package let number: Int
    /// Nil for questions that concern several articles.
    package let article: Int?
    package let question: String
    /// The settings whose answers decide it.
    package let settings: [String]
    /// What is done where no setting decides, and why none does; nil where settings say everything.
    package let fixed: String?

    private init(
        _ number: Int,
        _ article: Int?,
        _ question: String,
        _ settings: [String],
        fixed: String? = nil
    ) {
        self.number = number
        self.article = article
        self.question = question
        self.settings = settings
        self.fixed = fixed
    }

    package static let all: [OpenQuestion] = requests + fines + services + visits + duties

    private static let requests = [
        OpenQuestion(
            1,
            22,
            "Do the half hour and the 24 hours run day and night?",
            ["a22.response.clock", "a22.solution.clock"]
        ), OpenQuestion(2, 22, "When do both clocks begin?", ["a22.clockStart"]),
        OpenQuestion(3, 22, "What is a response?", ["a22.response.countsAuto"]),
        OpenQuestion(4, 22, "What is a solution?", ["a22.solution.accepts"]),
        OpenQuestion(
            5,
            22,
            "What if the solution comes before any response?",
            [],
            fixed: "It is a response as well: whoever has a solution in hand has been answered."
        ), OpenQuestion(6, 22, "Whose requests count?", ["a22.scope", "a22.unknownEnterprise"]),
        OpenQuestion(
            7,
            22,
            "What if an enterprise has no service officer when it files a request?",
            ["a22.assignment.endOfDay"],
            fixed:
                "The clocks run. Who is told instead stands under `fallback` of the role: the linked leader, "
                + "else the head of the park."
        ),
    ]

    private static let fines = [
        OpenQuestion(8, 22, "50 % of what?", ["a22.share.base"]),
        OpenQuestion(
            9,
            22,
            "50 % together or each, and in which proportion?",
            ["a22.share.ratio", "a22.share.mode", "a22.share.roleWeights", "a22.share.includeBackups"]
        ), OpenQuestion(10, 22, "What if nobody holds one of the roles?", ["a22.share.emptyRole"]),
        OpenQuestion(11, 22, "What of a part of a fen?", ["a22.share.rounding"]),
        OpenQuestion(
            12,
            22,
            "Who decides that poor service caused the fine, and until when?",
            ["a22.attribution.decider", "a22.attribution.dueWorkingDays", "a22.attribution.endOfDay"]
        ), OpenQuestion(13, 22, "Who held the roles: as of which day?", ["a22.share.rosterAsOf"]),
        OpenQuestion(14, 22, "Which fines are looked at?", ["a22.fine.issuers"]),
    ]

    private static let services = [
        OpenQuestion(15, 9, "Natural days or working days?", ["a09.dayUnit", "a09.rollForward"]),
        OpenQuestion(16, 9, "When does one day end?", ["a09.countStartDay"]),
        OpenQuestion(
            17,
            nil,
            "When does the last day of a limit end?",
            ["a07.endOfDay", "a08.endOfDay", "a09.endOfDay", "a13.endOfDay", "a27.endOfDay"],
            fixed: "Limits of higher law end at 24:00. The office hours are those of the calendar file."
        ),
        OpenQuestion(
            18,
            9,
            "Who gives a case its class, and until when?",
            ["a09.unclassifiedAs", "a09.upgradeNeedsApproval", "a09.classifyHours"]
        ),
        OpenQuestion(
            19,
            9,
            "What comes after the reply to a difficult case?",
            [],
            fixed: "The reply ends the clock. The document sets no further limit, and none is made up."
        ),
        OpenQuestion(
            20,
            7,
            "How do the client's own works stop the clock?",
            ["a07.pauseGranularity", "pause.maxDays"]
        ),
        OpenQuestion(21, 7, "When do the 12 working days begin?", ["a07.clockStart"]),
        OpenQuestion(
            22,
            7,
            "What does “50M” of the main line say?",
            [],
            fixed: "Nothing is checked: it is not clear what is measured, and no event reports a length."
        ),
        OpenQuestion(
            23,
            7,
            "5 % less than which price?",
            ["a07.basePrice.percent", "a07.basePrice.fen"],
            fixed: "The base price that the quotation names goes before that of the policy."
        ),
        OpenQuestion(
            24,
            8,
            "Do the phases that do not count for water count for gas?",
            ["a08.gas.excludedPhases"]
        ),
        OpenQuestion(25, 13, "15 working days from when, and for whom?", ["a13.clockStart", "a13.scope"]),
    ]

    private static let visits = [
        OpenQuestion(26, 19, "Which days exactly?", ["a19.fromDay", "a19.toDay"]),
        OpenQuestion(27, 19, "What if a flag of the enterprise is not known?", ["a19.unknownFlags"]),
        OpenQuestion(28, 19, "Which exceptions are there?", ["a19.exceptions", "a19.refRequired"]),
        OpenQuestion(
            29,
            19,
            "What of inspections that a superior body has ordered?",
            ["a19.superiorDeployed"]
        ),
        OpenQuestion(
            30,
            19,
            "What of visits that span several days?",
            [],
            fixed: "One day inside the window is enough. An event without both times is refused."
        ),
        OpenQuestion(
            31,
            19,
            "Do quiet days keep research away?",
            [],
            fixed:
                "No: the document speaks of inspections. The rule's `visits` says which purposes it is about."
        ), OpenQuestion(32, 21, "How long beforehand?", ["a21.minLead", "a21.minLeadIsBreach"]),
        OpenQuestion(33, 21, "What of emergencies?", ["a21.emergency.backfillWorkingDays"]),
        OpenQuestion(34, 21, "What of departments of city and province?", ["a21.scopeLevels"]),
    ]

    private static let duties = [
        OpenQuestion(35, 24, "Each of the four leaders, or all together?", ["a24.per"]),
        OpenQuestion(36, 25, "Each linked enterprise, or one of them?", ["a25.per"]),
        OpenQuestion(37, nil, "Which quarters?", ["calendar.quarter"]),
        OpenQuestion(38, 25, "Whose cases and penalties?", ["a25.case.scope", "a25.penalty.scope"]),
        OpenQuestion(
            39,
            25,
            "To whom are penalties and cases reported?",
            ["a25.penalty.recipientRole", "a25.report.recipient"]
        ),
        OpenQuestion(
            40,
            25,
            "Before which moment, and for which penalties?",
            ["a25.penalty.moment", "a25.penalty.kinds", "a25.penalty.summaryProcedure"]
        ),
        OpenQuestion(
            41,
            25,
            "What of a report that is written down late?",
            ["gate.lateArrivalGrace", "gate.backdateFlag"]
        ),
        OpenQuestion(42, 28, "Behind rank 70, or from it on?", ["a28.rankThreshold"]),
        OpenQuestion(
            43,
            28,
            "Criticism for the second grade?",
            [],
            fixed:
                "As the text literally says; the message names the article, so that whoever reads it can look it up."
        ), OpenQuestion(44, 30, "What if the rank at the cut is shared?", ["ties", "a30.bottom"]),
        OpenQuestion(45, nil, "Which years?", ["calendar.year"]),
        OpenQuestion(
            46,
            nil,
            "What if the holidays of a year are not known?",
            [],
            fixed:
                "`missingYear` of the calendar file: `provisional` counts weekends and the holidays fixed by law, and "
                + "marks every due time that rests on them; `refuse` gives no due time until the year is published."
        ),
        OpenQuestion(
            47,
            nil,
            "What of events from before the measure?",
            ["measure.effectiveFrom"],
            fixed: "They are kept, open nothing, and the log says so (`duty.not_in_force`)."
        ),
        OpenQuestion(
            48,
            nil,
            "Are people told at night?",
            [],
            fixed:
                "`quietHours` of the main configuration, as it depends on the channels: `from` and `until` say when "
                + "channels that ring rest (22:00 to 07:00). What is said all the same are the breaches of rules with "
                + "`atNight: true`, here those of article 22, or what `breakThrough` names."
        ),
    ]

    // MARK: The manual

    /// All of them as a table in Markdown: the answer by default, and what every other one changes.
    package static var table: String {
        var lines = [
            "| no. | art. | question | settings and defaults | what the answers do |",
            "|---|---|---|---|---|",
        ]
        for question in all {
            let settings = question.settings.compactMap { SettingCatalogue.setting($0) }
            let names = settings.map { "`\($0.name)` = `\(Setting.text($0.default))`" }.joined(
                separator: "; "
            )
            let effects = settings.map { $0.effects } + (question.fixed.map { [$0] } ?? [])
            lines.append(
                "| Q\(question.number) | \(question.article.map(String.init) ?? "all") | \(question.question) | "
                    + "\(names.isEmpty ? "–" : names) | \(effects.joined(separator: " ")) |"
            )
        }
        return lines.joined(separator: "\n")
    }
}

extension Setting {
    /// What each answer changes, as one or several sentences.
    fileprivate var effects: String {
        choices.isEmpty
            ? question + " (\(form))."
            : choices.map { "`\($0.value)`: \($0.effect)" }.joined(separator: "; ") + "."
    }
}
