import Duty

/// Values that are shown in the words of the language, and not as they are.
extension DisplayFields {
    /// Which group of `phrases.json` holds the words of a value.
    private static let groups = [
        "reason": "reasons", "reasonKind": "reasons", "subjectType": "subjects", "basis": "bases",
        "class": "classes", "milestone": "milestones", "pauseReason": "pauses",
    ]

    /// Nil if the value is no word.
    func word(_ name: String, _ value: Value) -> String? {
        if let group = DisplayFields.groups[name] { return value.string.map { phrases.phrase(group, $0) } }
        switch name {
        case "department": return value.string.map { names(PersonRef($0)) }
        case "departments": return phrases.list(texts(value).map { names(PersonRef($0)) })
        case "missing": return phrases.fewest(texts(value))
        case "doubt": return value.string.map(doubts)
        case "period": return value.string.map { phrases.period($0) ?? "" }
        // What has only just begun is no age.
        case "ageDays": return value.integer.map { $0 > 0 ? String($0) : "" }
        default: return nil
        }
    }

    private func texts(_ value: Value) -> [String] { (value.array ?? []).compactMap(\.string) }

    private func doubts(_ words: String) -> String {
        phrases.list(words.split(separator: ",").map { phrases.phrase("doubts", String($0)) })
    }

    /// What the stage of the ladder says of the time that is left.
    func stageWord(_ notification: Notification) -> String {
        let stage = notification.stage.prefix { $0 != "." && $0 != "~" }
        return phrases.word("stages", String(stage))
            ?? phrases.phrase("stages", notification.isOverdue ? "overdue" : "running")
    }
}

extension Notification {
    /// Whether the time was over when the message was decided.
    var isOverdue: Bool { dueAt.map { $0 <= requestedAt } ?? false }
}
