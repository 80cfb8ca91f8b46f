import Duty

/// When a step comes, as a phrase: `opening`, `5m before due`, `2 working days after due at 09:07`.
enum MomentText {
    static let forms = Wording(
        "opening、15m after opening、50% of the time、5m before due、due、30m after due、"
            + "2 working days before due at 09:07、last day at 09:07、1 working day after due at 09:07、"
            + "1 Oct at 09:07、every Monday at 09:07,末尾还可写 between 09:07 and 18:00",
        "opening, 15m after opening, 50% of the time, 5m before due, due, 30m after due, "
            + "2 working days before due at 09:07, last day at 09:07, 1 working day after due at 09:07, 1 Oct at 09:07 "
            + "or every Monday at 09:07, and at the end perhaps between 09:07 and 18:00"
    )

    /// The moment, and the hours to which it is held, if the text names some.
    static func timing(_ text: String) -> (moment: EscalationStep.Moment, daytime: EscalationStep.Daytime?)? {
        let words = text.split(separator: " ").map(String.init)
        guard words.count > 4, words[words.count - 4] == "between" else {
            return moment(text).map { ($0, nil) }
        }
        guard words[words.count - 2] == "and", let from = TimeText.minute(words[words.count - 3]),
            let until = TimeText.minute(words[words.count - 1]), from < until,
            let moment = moment(words.dropLast(4).joined(separator: " "))
        else { return nil }
        return (moment, EscalationStep.Daytime(from: from, until: until))
    }

    static func moment(_ text: String) -> EscalationStep.Moment? {
        let words = text.split(separator: " ").map(String.init)
        switch words.count {
        case 1: return words[0] == "opening" ? .opening : words[0] == "due" ? .due : nil
        case 3: return distance(words)
        case 4: return share(words) ?? lastDay(words) ?? weekly(words) ?? date(words)
        case 7: return workingDays(words)
        default: return nil
        }
    }

    private static func distance(_ words: [String]) -> EscalationStep.Moment? {
        guard let span = TimeText.span(words[0]), span > .zero else { return nil }
        switch (words[1], words[2]) {
        case ("after", "opening"): return .afterOpening(span)
        case ("before", "due"): return .beforeDue(span)
        case ("after", "due"): return .afterDue(span)
        default: return nil
        }
    }

    private static func share(_ words: [String]) -> EscalationStep.Moment? {
        guard words[0].last == "%", let percent = Int(words[0].dropLast()), (1...99).contains(percent),
            words[1...] == ["of", "the", "time"]
        else { return nil }
        return .share(percent)
    }

    private static func lastDay(_ words: [String]) -> EscalationStep.Moment? {
        guard words[..<3] == ["last", "day", "at"], let minute = TimeText.minute(words[3]) else { return nil }
        return .workingDaysBeforeDue(0, minute: minute)
    }

    private static let weekdays = [
        "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
    ]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private static func weekly(_ words: [String]) -> EscalationStep.Moment? {
        guard words[0] == "every", words[2] == "at", let day = weekdays.firstIndex(of: words[1]),
            let minute = TimeText.minute(words[3])
        else { return nil }
        return .weekly(day + 1, minute: minute)
    }

    private static func date(_ words: [String]) -> EscalationStep.Moment? {
        guard let day = Int(words[0]), let month = months.firstIndex(of: words[1]), words[2] == "at",
            CivilDate(year: 2023, month: month + 1, day: day) != nil, let minute = TimeText.minute(words[3])
        else { return nil }
        return .date(month: month + 1, day: day, minute: minute)
    }

    private static func workingDays(_ words: [String]) -> EscalationStep.Moment? {
        guard let days = Int(words[0]), (1...250).contains(days), words[1] == "working",
            words[2] == "day" || words[2] == "days", words[4] == "due", words[5] == "at",
            let minute = TimeText.minute(words[6])
        else { return nil }
        switch words[3] {
        case "before": return .workingDaysBeforeDue(days, minute: minute)
        case "after": return .workingDaysAfterDue(days, minute: minute)
        default: return nil
        }
    }
}
