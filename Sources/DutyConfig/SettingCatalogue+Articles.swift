import Duty

/// What the articles beside 22 and 25 leave open.
extension SettingCatalogue {
    private static let dayEnds = [
        ("closeOfBusiness", "when the office hours of the calendar end"), ("midnight", "at 24:00"),
    ]

    private static func endOfDay(_ name: String, _ what: String) -> Setting {
        choice(name, "When does the last day of \(what) end?", dayEnds)
    }

    static let services: [Setting] = [
        open(
            "a00.planDue",
            "Until which day is the implementation plan due? The document names none.",
            .optionalDate,
            "none"
        ),
        choice(
            "a07.clockStart",
            "From when do the 12 working days run?",
            [
                ("acceptedAt", "from the acceptance of the complete application, else from the application"),
                ("requestedAt", "from the application"),
            ]
        ),
        choice(
            "a07.pauseGranularity",
            "How do the client's own works stop the clock?",
            [
                (
                    "day",
                    "by days: the day on which they begin does not count, the day on which they end does"
                ),
                ("exact", "by the time between beginning and end"),
            ]
        ),
        open(
            "a07.basePrice.percent",
            "Up to how many percent of the base guide price may be charged?",
            .integer(1...1_000),
            95
        ),
        open(
            "a07.basePrice.fen",
            "The base guide price in fen for a quotation that does not name it. Without either nothing is compared.",
            .optionalInteger(0...Fen.limit.amount),
            "none"
        ),
        choice(
            "a07.proactive",
            "When is the power supplier told to offer a connection?",
            [
                (
                    "registration",
                    "when an enterprise of the park is registered, and for each offer on record"
                ),
                ("request", "for each offer on record alone"),
            ]
        ),
        choice(
            "a07.lv.scope",
            "Whose low-voltage connections have two steps at most?",
            [
                (
                    "microSmall",
                    "those of small and micro enterprises; one of which nobody has said how large it is counts"
                ), ("all", "those of every enterprise"),
            ]
        ),
        endOfDay("a07.endOfDay", "a power connection"),
        endOfDay("a08.endOfDay", "a water or gas connection"),
        open(
            "a08.gas.excludedPhases",
            "Which phases stop the clock of a gas connection? Words of the event's reason.",
            .list(of: EventCatalogue.words(.servicePaused, "reason"), mayBeEmpty: true),
            .array([])
        ),
        open(
            "pause.maxDays",
            "After how many working days is a pause that nobody has ended asked about?",
            .integer(1...250),
            20
        ),
        choice(
            "a09.dayUnit",
            "What are the days of article 9?",
            [("natural", "natural days"), ("working", "working days")]
        ),
        Setting(
            name: "a09.rollForward",
            question: "Does a last day off move to the next working day?",
            kind: .flag,
            default: true,
            choices: [
                Setting.Choice(value: "true", effect: "yes (Civil Code 203)"),
                Setting.Choice(value: "false", effect: "no"),
            ]
        ),
        flag(
            "a09.countStartDay",
            "Does the day of acceptance count?",
            no: "no (Civil Code 201): one day ends on the next day",
            yes: "yes: one day ends on the same day"
        ),
        endOfDay("a09.endOfDay", "a window case"),
        choice(
            "a09.unclassifiedAs",
            "How is a window case handled until somebody has classified it?",
            [
                ("general", "as a general one"), ("eligible", "as an eligible one"),
                ("difficult", "as a difficult one"),
            ]
        ),
        Setting(
            name: "a09.upgradeNeedsApproval",
            question: "Must somebody approve that a case is difficult?",
            kind: .flag,
            default: true,
            choices: [
                Setting.Choice(value: "true", effect: "without approvedBy it stays in its class"),
                Setting.Choice(value: "false", effect: "the classification alone is enough"),
            ]
        ),
        open(
            "a09.classifyHours",
            "After how many office hours is a case that nobody has classified asked about?",
            .integer(1...80),
            4
        ),
        choice(
            "a13.clockStart",
            "From when do the 15 working days run?",
            [
                ("requestedAt", "from the application"),
                ("acceptedAt", "from its acceptance, else from the application"),
            ]
        ),
        choice(
            "a13.scope",
            "Whose applications?",
            [("all", "those of every enterprise"), ("park", "those of enterprises in the park")]
        ),
        endOfDay("a13.endOfDay", "a benefit"),
        open(
            "a13.promptWorkingDays",
            "After how many working days is a benefit that needs no application asked about? It breaches nothing.",
            .integer(1...250),
            15
        ),
        open(
            "a14.services",
            "Which services of intermediaries are on the published list? Codes of the event's serviceCode.",
            .noneOrList,
            "none"
        ),
        choice(
            "a16.statutory",
            "Are the limits of the payment regulations for arrears watched as well?",
            [("on", "yes, marked as taken from higher law"), ("off", "no")]
        ),
        open("a16.handoverWorkingDays", "Working days to hand arrears over", .integer(1...250), 10),
        open("a16.handleDays", "Natural days to handle arrears", .integer(1...365), 30),
        open("a16.totalDays", "Natural days for all of it", .integer(1...730), 90),
        open("a27.verifyWorkingDays", "Working days to verify a bad review", .integer(1...250), 1),
        open("a27.simpleWorkingDays", "Working days to put a simple one right", .integer(1...250), 5),
        open("a27.complexWorkingDays", "Working days to put a complex one right", .integer(1...250), 15),
        open("a27.callBackWorkingDays", "Working days to call back", .integer(1...250), 3),
        endOfDay("a27.endOfDay", "a limit for a bad review"),
        open("a29.feedbackWorkingDays", "Working days to report back on a clue", .integer(1...250), 15),
    ]

    private static let doubts = [
        ("review", "a person is asked to look at it"), ("violation", "it is a violation"),
        ("exempt", "nothing is said"),
    ]

    static let visits: [Setting] = [
        open("a19.fromDay", "From which day of the month is the window closed?", .integer(1...31), 6),
        open("a19.toDay", "Until which day, inclusive?", .integer(1...31), 25),
        choice(
            "a19.unknownFlags",
            "What if nobody has said whether the enterprise is above scale or in normal production?",
            doubts
        ),
        open(
            "a19.exceptions",
            "Which exceptions let an inspection in? Codes of the event's exception.",
            .list(of: EventCatalogue.words(.visitPlanned, "exception.code"), mayBeEmpty: true),
            [
                "nationalSecurity", "publicSafety", "personProperty", "workSafety", "ecology", "emergency",
                "licensing", "complaintCase", "specificEnterprise",
            ]
        ),
        open(
            "a19.refRequired",
            "Which of them count only with a reference number?",
            .list(of: EventCatalogue.words(.visitPlanned, "exception.code"), mayBeEmpty: true),
            ["complaintCase", "specificEnterprise"]
        ),
        choice("a19.superiorDeployed", "What of an inspection that a superior body has ordered?", doubts),
        open(
            "a21.minLead",
            "How many working days before entry should the park be contacted?",
            .integer(1...60),
            1
        ),
        flag(
            "a21.minLeadIsBreach",
            "Is a shorter notice a violation?",
            no: "no, it is only remarked on",
            yes: "yes"
        ),
        open(
            "a21.emergency.backfillWorkingDays",
            "Within how many working days is an emergency contact by phone to be put on record?",
            .integer(1...60),
            2
        ),
        open(
            "a21.scopeLevels",
            "Departments of which level must contact the park first?",
            .list(of: EventCatalogue.words(.visitPlanned, "level"), mayBeEmpty: false),
            ["county"]
        ),
        open(
            "a21.mergeDays",
            "Within how many days are visits of several departments worth merging?",
            .integer(0...90),
            7
        ),
    ]

    static let duties: [Setting] = [
        choice(
            "calendar.quarter",
            "Which quarters?",
            [("calendar", "those of the calendar, in Asia/Shanghai")]
        ),
        choice("calendar.year", "Which years?", [("calendar", "those of the calendar, in Asia/Shanghai")]),
        choice(
            "a20.review",
            "How often is the review of case files due? The document says regularly.",
            [("yearly", "every year"), ("quarterly", "every quarter"), ("off", "never")]
        ),
        choice(
            "a17.push",
            "How often are vacancies to be pushed? The document says regularly.",
            [("off", "never"), ("quarterly", "every quarter"), ("yearly", "every year")]
        ),
        choice(
            "a24.per",
            "Does each of the four leaders owe the meeting, or all of them one?",
            [("leader", "each of them"), ("body", "all of them one")]
        ),
        choice(
            "a25.per",
            "Does a county leader visit each linked enterprise in a quarter, or one of them?",
            [("pair", "each linked enterprise"), ("leader", "one of them is enough")]
        ),
        choice(
            "a25.penalty.moment",
            "Before which moment of a penalty must the report be made?",
            [
                ("decision", "before it is decided"), ("service", "before it is served on the enterprise"),
                ("execution", "before it is executed"),
            ]
        ),
        open("a26.maximum", "How many brand enterprises may there be?", .integer(1...1_000), 10),
        open("a28.rankThreshold", "Behind which rank in the province is a talk due?", .integer(1...500), 70),
        open(
            "a28.awardFen",
            "The award for an indicator in the top grade, in fen",
            .integer(1...100_000_000_000),
            5_000_000
        ),
        open("a30.bottom", "How many at the bottom of the yearly assessment?", .integer(1...100), 3),
        choice(
            "ties",
            "What if the rank at the cut is shared?",
            [("review", "the office is asked to decide, and nobody is told automatically")]
        ),
    ]
}
