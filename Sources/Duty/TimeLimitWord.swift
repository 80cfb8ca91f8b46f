/// How long somebody has, in one word for messages: `30m`, `24h`, `5d`, `12wd` (working days), `2oh` (office hours).
extension TimeLimit {
    /// Nil where there is no end; `0d` is the day itself.
    var word: String? {
        switch self {
        case .continuous(let span): Self.word(span, hour: "h", minute: "m")
        case .officeTime(let span): Self.word(span, hour: "oh", minute: "om")
        case .naturalDays(let count, _, _): "\(count)d"
        case .workingDays(let count, _): "\(count)wd"
        case .sameDay: "0d"
        case .open: nil
        }
    }

    private static func word(_ span: Span, hour: String, minute: String) -> String {
        let minutes = span.seconds / 60
        return minutes > 0 && minutes % 60 == 0 ? "\(minutes / 60)\(hour)" : "\(minutes)\(minute)"
    }
}

extension Rule {
    /// The limit that a deadline gives where no class says otherwise.
    var limit: TimeLimit? {
        guard case .deadline(let deadline) = body else { return nil }
        return deadline.within
    }
}

extension Obligation {
    /// The limit that its due time was counted by.
    var limit: TimeLimit? {
        guard nature == .deadline, case .deadline(let deadline) = rule.body else { return nil }
        let name = details.first { $0.name == "class" }?.value.string
        return deadline.classes?.classes.first { $0.name == name }?.within ?? deadline.within
    }
}
