import Duty
import Foundation
import Storage

/// What is on record of some matters in the end and what everybody believes of them, without anything that may
/// differ between two orders of the same facts.
struct Outlook: Equatable {
    /// One line an obligation that is there.
    private(set) var records: [String] = []
    /// Facts that other matters have because of these, and are there.
    private(set) var reflected: [String] = []
    /// One line a recipient who was last told of something that stands.
    private(set) var beliefs: [String] = []
    /// What people bear of a fine.
    private(set) var shares: [String] = []
    /// Sentences about beliefs that are wrong whatever the order.
    private(set) var problems: [String] = []

    init(_ matters: [(StoredMatter, [Duty.Notification])], copy: String) {
        for (matter, notifications) in matters {
            add(matter.state, matter.id)
            add(notifications, matter)
        }
        func tidy(_ lines: [String]) -> [String] {
            lines.map { line in
                line.replacingOccurrences(of: copy, with: "")
                    // Which content, and which time of the same content, differs from copy to copy.
                    .replacingOccurrences(of: "#[0-9a-f]+(~[0-9]+)?", with: "", options: .regularExpression)
                    // A business key is a hash of names, which differ too.
                    .replacingOccurrences(
                        of: "(/[0-9]+/)[0-9a-f]{8}(?=[ .])",
                        with: "$1",
                        options: .regularExpression
                    )
            }.sorted()
        }
        records = tidy(records)
        reflected = tidy(reflected)
        beliefs = tidy(beliefs)
        shares = tidy(shares)
        problems = tidy(problems)
    }

    private mutating func add(_ state: MatterState, _ matter: MatterID) {
        for record in state.records where !record.isWithdrawn {
            let times = [record.openedAt, record.dueAt, record.metAt, record.breachedAt].map {
                $0.map(stamp) ?? "-"
            }
            records.append(
                "\(matter) \(record.key.rule)/\(record.key.cycle)/\(record.key.subject) \(record.kind) "
                    + "\(record.phase) \(times.joined(separator: ", ")) \(record.isLateIngest)"
            )
        }
        for (id, fact) in state.reflected where fact.isLive { reflected.append(id) }
        for posted in state.posted where posted.amount.amount != 0 {
            shares.append("\(matter) \(posted.person?.text ?? posted.role.text) \(posted.amount.amount)")
        }
    }

    // MARK: Beliefs

    private struct Hearer: Hashable {
        let rule: RuleID
        let cycle: Int
        let subject: String
        let person: PersonRef
        let messageClass: MessageClass
    }

    private static let closing: Set = ["N15", "N24", "N25", "N46", "N57", "N64", "N75"]
    /// Another due time, which leaves what was told standing; and what the system says of itself.
    private static let aside: Set = ["N27", "N92"]

    private mutating func add(_ notifications: [Duty.Notification], _ matter: StoredMatter) {
        var standing: [Hearer: Duty.Notification] = [:]
        for notification in notifications where !Self.aside.contains(notification.code) {
            let isShare = notification.rule == "A22.share"
            let hearer = Hearer(
                rule: notification.rule,
                cycle: notification.cycle,
                subject: isShare ? "" : Self.subject(notification),
                person: notification.recipient.person,
                messageClass: notification.messageClass
            )
            guard Self.closing.contains(notification.code) else {
                standing[hearer] = notification
                continue
            }
            if standing.removeValue(forKey: hearer) == nil, notification.withdraws != nil {
                problems.append("takes back what does not stand: \(notification.key)")
            }
        }
        for (hearer, notification) in standing {
            believe(hearer, notification, matter)
        }
    }

    /// A belief about what is over counts only if it is an alarm: then it is wrong.
    ///
    /// A reminder that came in time was right when it came.
    private mutating func believe(_ hearer: Hearer, _ notification: Duty.Notification, _ matter: StoredMatter)
    {
        let record = matter.state.records.last {
            $0.key.rule == hearer.rule && $0.key.cycle == hearer.cycle && $0.key.subject == hearer.subject
                && !$0.isWithdrawn
        }
        let isAlarm = notification.urgency == 0
        let line =
            "\(matter.id) \(hearer.rule)/\(hearer.cycle)/\(hearer.subject) \(hearer.person) "
            + "\(hearer.messageClass) \(notification.code)"
        if hearer.rule == "A22.share" {
            // Whether the amount was told at once or as an adjustment of another one depends on the order.
            let person = "\(matter.id) \(hearer.person)"
            beliefs.append(person + " " + JSONWriter.text(notification.values["shareFen"] ?? .null))
            return
        }
        guard let record else {
            if isAlarm || hearer.rule.text.hasPrefix("A") { problems.append("of what is not there: " + line) }
            return
        }
        switch record.phase {
        case .open: beliefs.append(line)
        case .breached: if isAlarm { beliefs.append(line) }
        case .breachedThenCancelled, .cancelled, .met, .metLate:
            // Some ladders close an alarm without a word, as the duty itself is of no consequence.
            if isAlarm, Self.announcesItsEnd(hearer.rule) { problems.append("still believes: " + line) }
        }
    }

    private static func announcesItsEnd(_ rule: RuleID) -> Bool {
        !["A07.pause", "A09.classify", "A13.prompt"].contains(rule) && !rule.text.hasPrefix("A08.pause")
    }

    /// What the message is about, from its stage: `breach.SUBJECT~2`, or `breach.r1.SUBJECT` where it is said again.
    private static func subject(_ notification: Duty.Notification) -> String {
        var stage = notification.stage.replacingOccurrences(
            of: "\\.r[0-9]+(?=$|[.~])",
            with: "",
            options: .regularExpression
        )[...]
        if let turn = stage.range(of: "~[0-9]+$", options: .regularExpression) {
            stage = stage[..<turn.lowerBound]
        }
        guard let dot = stage.firstIndex(of: "."), !stage.hasPrefix("weekly") else { return "" }
        return String(stage[stage.index(after: dot)...])
    }
}
