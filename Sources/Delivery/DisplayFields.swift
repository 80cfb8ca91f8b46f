import Duty

/// Turns the raw values of a notification into what a template may show.
///
/// The suffix of a name says what the value is: `dueAt` gives `due` as a date, `overdueSeconds` gives
/// `overdue` as a duration (to the nearest minute for what remains, so that a step a moment late does not say one
/// minute less), `shareFen` gives `share` in yuan, `ownerRefs` gives `owner` as names. A phrase
/// (`heldRole`, `reason`, `class`) keeps its name, and a flag is there only when it is true.
struct DisplayFields {
    let phrases: Phrases
    let names: (PersonRef) -> String

    func fields(of notification: Notification) -> [String: String] {
        var fields = standard(notification)
        // A trace is for programs.
        for member in notification.values.members ?? [] where member.name != "traceparent" {
            guard var text = text(member, notification), !text.isEmpty else { continue }
            if member.name == "dueAt" { text += doubt(notification) }
            fields[DisplayFields.displayName(member.name)] = text
        }
        // The number of such a matter is made up by the daemon, and nobody has ever seen it.
        if DisplayFields.unnumbered.contains(notification.matter.type) { fields["number"] = nil }
        return fields
    }

    /// What every template may show, whatever the values hold.
    private func standard(_ notification: Notification) -> [String: String] {
        var fields = [
            "code": notification.code, "article": String(notification.article),
            "number": notification.matter.number, "cycle": String(notification.cycle),
            "recipientRole": phrases.phrase("roles", notification.recipient.role.text),
            "stageWord": stageWord(notification),
        ]
        if let due = notification.dueAt {
            fields["due"] = phrases.limit(due, reference: notification.requestedAt) + doubt(notification)
        }
        if notification.isOverdue { fields["isOverdue"] = "1" }
        if !DisplayFields.ofNoEnterprise.contains(notification.matter.type) {
            fields["enterpriseName"] = phrases.enterprise
        }
        return fields
    }

    /// What follows a due date that rests on a year without a holiday notice, in whatever text it stands.
    private func doubt(_ notification: Notification) -> String {
        notification.values["calendarProvisional"]?.bool == true ? phrases.provisional : ""
    }

    static let standardNames: Set<String> = [
        "code", "article", "number", "enterpriseName", "cycle", "recipientRole", "due", "stageWord",
        "isOverdue",
    ]

    private static let unnumbered: Set<MatterType?> = [.duty, .gathering]
    private static let ofNoEnterprise: Set<MatterType?> = [.duty, .gathering, .assessment, .clue, .calendar]

    /// The placeholder under which the raw value `name` is shown.
    static func displayName(_ name: String) -> String {
        for suffix in ["Seconds", "Refs", "Fen", "Ref", "At"]
        where name.hasSuffix(suffix) && name.utf8.count > suffix.utf8.count {
            return String(name.dropLast(suffix.count))
        }
        return name
    }

    private func text(_ member: Value.Member, _ notification: Notification) -> String? {
        let (name, value, reference) = (member.name, member.value, notification.requestedAt)
        if name.hasSuffix("ueAt") { return instant(value).map { phrases.limit($0, reference: reference) } }
        if name.hasSuffix("At") { return instant(value).map { phrases.date($0, reference: reference) } }
        if name == "remainingSeconds" { return value.integer.flatMap { phrases.duration($0 + 30) } }
        if name.hasSuffix("Seconds") { return value.integer.flatMap { phrases.duration($0) } }
        if name == "within" || name.hasSuffix("Within") {
            return value.string.map { phrases.limit(word: $0) }
        }
        if name.hasSuffix("Fen") { return value.integer.map { Fen($0).yuan } }
        if name.hasSuffix("Refs") { return people(value.array ?? []) }
        if name.hasSuffix("Ref") { return people([value]) }
        if name.hasSuffix("Role") { return value.string.map { role($0, name, notification) } }
        return word(name, value) ?? plain(value)
    }

    /// In the words of the language, else in those of the policy.
    private func role(_ role: String, _ name: String, _ notification: Notification) -> String {
        phrases.word("roles", role) ?? notification.values[name + "Name"]?.string ?? role
    }

    private func instant(_ value: Value) -> Instant? { value.string.flatMap { Instant(rfc3339: $0) } }

    private func people(_ values: [Value]) -> String {
        phrases.list(values.compactMap(\.string).map { names(PersonRef($0)) })
    }

    private func plain(_ value: Value) -> String? {
        switch value {
        case .string(let text): text
        case .integer(let number): String(number)
        case .bool(true): "1"
        default: nil
        }
    }
}
