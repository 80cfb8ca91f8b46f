import Duty
import DutyConfig
import Engine
import Storage

/// Prints what the engine would do, as it would do it.
final class Narrator: CommitObserver {
    private let installation: Installation
    private let json: Bool
    private let names: [PersonRef: String]

    init(installation: Installation, json: Bool) {
        self.installation = installation
        self.json = json
        names = installation.files.directory.names
    }

    func notificationsQueued() {}
    func deadLettersQueued() {}

    func committed(_ records: [JournalRecord]) {
        for record in records {
            for entry in record.entries { say(entry, record) }
        }
    }

    private func say(_ entry: Transition, _ record: JournalRecord) {
        if json {
            let line: Value = .object([
                Value.Member("now", .string(record.at.rfc3339)),
                Value.Member("action", .string(entry.action)),
                Value.Member("matter", .string(record.matter?.text ?? "")),
                Value.Member("ruleId", entry.rule.map { .string($0.text) } ?? .null),
                Value.Member("article", entry.article.map { .integer(Int64($0)) } ?? .null),
                Value.Member("cycle", .integer(Int64(entry.cycle))),
                Value.Member("at", .string(entry.at.rfc3339)),
                Value.Member("fields", entry.fields),
            ])
            return Process.writeOutput(JSONWriter.text(line) + "\n")
        }
        Process.writeOutput("\(record.at.local)  \(record.matter?.text ?? "")  \(sentence(entry))\n")
    }

    private var isChinese: Bool { installation.configuration.locale == .zhCN }

    private func name(_ person: PersonRef) -> String { names[person] ?? person.text }

    private func sentence(_ entry: Transition) -> String {
        if entry.action == "notification.requested" || entry.action == "notification.escalated" {
            return telling(entry)
        }
        let words = JournalWords(isChinese: isChinese, name: name)
        if entry.action == "event.accepted" {
            return words.action(entry.action) + " " + (entry.fields["type"]?.string ?? "")
        }
        let rule = entry.rule.flatMap { installation.files.policy.policy.rule($0) }
        let article = entry.article.map { isChinese ? "第\($0)条" : "art. \($0)" } ?? ""
        let title = rule.map { "\(article)「\($0.title)」" } ?? article
        let what = title.isEmpty ? words.action(entry.action) : title + " " + words.action(entry.action)
        let details = words.details(Self.worthSaying(entry))
        if details.isEmpty { return what }
        return isChinese ? "\(what),\(details)" : "\(what), \(details)"
    }

    private static let setters: Set = [
        "deadline.started", "deadline.recomputed", "duty.due", "duty.recomputed",
    ]

    /// The due time belongs to what sets it; elsewhere it has been said before.
    private static func worthSaying(_ entry: Transition) -> Value {
        if setters.contains(entry.action) { return entry.fields }
        return .object((entry.fields.members ?? []).filter { $0.name != "dueAt" })
    }

    private func telling(_ entry: Transition) -> String {
        let fields = entry.fields
        let person = PersonRef(fields["personRef"]?.string ?? "")
        let messageClass = MessageClass(fields["class"]?.string ?? "")
        let channels = installation.configuration.routing[messageClass] ?? []
        let role = fields["role"]?.string ?? ""
        let code = fields["code"]?.string ?? ""
        let stage = fields["stage"]?.string ?? ""
        let way = channels.isEmpty ? (isChinese ? "没有渠道" : "no channel") : channels.joined(separator: " → ")
        return isChinese
            ? "  告知 \(name(person))(\(role))\(code) 阶段 \(stage),渠道 \(way)"
            : "  tells \(name(person)) (\(role)) \(code), stage \(stage), by \(way)"
    }
}
