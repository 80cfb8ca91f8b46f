import Console
import Duty
import DutyConfig
import Engine
import Storage
import Synchronization

/// Prints what the engine would do, as it would do it.
final class Narrator: CommitObserver {
    private let installation: Installation
    private let policy: Policy
    private let json: Bool
    private let isChinese: Bool
    /// The facts that it is about, by their ids; what the program tells itself is not among them.
    private let facts: [String: Fact]
    /// The only matter to speak of; nil for all.
    private let matter: MatterID?
    /// From when on all of it is yet to come; nil if that is not said.
    private let present: Instant?
    private let names: [PersonRef: String]
    /// Recurring duties that people have by the directory, and those that something of the input is about.
    private let standing: Set<MatterID>
    private let concerned: Set<MatterID>
    private let progress = Mutex(Progress())

    private struct Clock: Hashable {
        let matter: MatterID
        let rule: RuleID
        let cycle: Int
    }

    private struct Progress {
        /// Events that have arrived, in this order.
        var arrived: [Fact] = []
        /// Recurring duties that nothing of the input is about.
        var unmentioned: Set<MatterID> = []
        var started: [Clock: Instant] = [:]
        var reached: [Clock: Set<String>] = [:]
        var saysFuture = false
    }

    /// `policy` has titles in the language of the reader, `matter` is the only one to speak of, and `present` is where
    /// the past ends; nil for either says that there is no such limit.
    init(
        installation: Installation,
        policy: Policy,
        facts: [Fact],
        matter: MatterID? = nil,
        present: Instant? = nil,
        json: Bool,
        isChinese: Bool
    ) {
        self.installation = installation
        self.policy = policy
        self.facts = Dictionary(facts.map { ($0.key.id, $0) }) { first, _ in first }
        self.matter = matter
        self.present = present
        self.json = json
        self.isChinese = isChinese
        names = installation.files.directory.names
        standing = Set(policy.standingDuties(installation.files.directory.directory).map(\.matter))
        concerned = Set(facts.map { policy.home(of: $0) }).union(
            // A result that shows a duty of the year counts there as well.
            facts.contains { $0.kind == .assessmentPublished } ? standing : []
        )
    }

    func notificationsQueued() {}
    func deadLettersQueued() {}

    func committed(_ records: [JournalRecord]) {
        for entry in records.flatMap(\.entries) where entry.action == "event.accepted" {
            guard let fact = fact(entry) else { continue }
            progress.withLock { $0.arrived.append(fact) }
        }
        for record in records where matter == nil || record.matter == matter {
            if isUnmentioned(record) { continue }
            for entry in record.entries where !isInternal(entry) {
                if json { sayLine(entry, record) } else { sayWords(entry, record) }
            }
            if !json { sayUnheeded(record) }
        }
    }

    /// How many recurring duties were left out, as nothing of the input is about them.
    var unmentionedDuties: Int { progress.withLock { $0.unmentioned.count } }

    /// Everybody's duties of the quarter and the year are of no interest to somebody who asks about a complaint.
    private func isUnmentioned(_ record: JournalRecord) -> Bool {
        guard !json, matter == nil, let id = record.matter, id.type == .duty, standing.contains(id),
            !concerned.contains(id)
        else { return false }
        progress.withLock { _ = $0.unmentioned.insert(id) }
        return true
    }

    private func fact(_ entry: Transition) -> Fact? { facts[entry.fields["id"]?.string ?? ""] }

    /// What a matter was told by another one, or begins by the directory, was not in the input.
    private func isInternal(_ entry: Transition) -> Bool {
        entry.action == "event.accepted" && entry.fields["source"]?.string == Fact.reflectionSource
    }

    // MARK: For programs

    private func sayLine(_ entry: Transition, _ record: JournalRecord) {
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
        Process.writeOutput(JSONWriter.text(line) + "\n")
    }

    // MARK: For people

    private func sayWords(_ entry: Transition, _ record: JournalRecord) {
        if let present, record.at > present {
            let isFirst = progress.withLock { progress in
                defer { progress.saysFuture = true }
                return !progress.saysFuture
            }
            if isFirst {
                let line = choose("如无新的事件,以后将会:", "what follows comes if nothing else happens:")
                Process.writeOutput("—— \(line)\n")
            }
        }
        let matter = record.matter?.text ?? ""
        Process.writeOutput("\(record.at.local)  \(matter)  \(sentence(entry, record))\n")
        for line in remarks(entry, record) { Process.writeOutput("                       · \(line)\n") }
    }

    private func choose(_ chinese: String, _ english: String) -> String { isChinese ? chinese : english }

    private func name(_ person: PersonRef) -> String { names[person] ?? person.text }

    private func role(_ id: String) -> String {
        policy.roles[RoleID(id)].map { "\($0.name) \(id)" } ?? id
    }

    private func sentence(_ entry: Transition, _ record: JournalRecord) -> String {
        if Self.tellings.contains(entry.action) { return telling(entry, record) }
        let words = JournalWords(isChinese: isChinese, name: name)
        if entry.action == "event.accepted" {
            return words.action(entry.action) + " " + (entry.fields["type"]?.string ?? "")
        }
        let title = place(entry)
        let what = title.isEmpty ? words.action(entry.action) : title + " " + words.action(entry.action)
        let details = words.details(Self.worthSaying(entry))
        return details.isEmpty ? what : what + choose(",", ", ") + details
    }

    private static let tellings: Set = ["notification.requested", "notification.escalated"]

    /// The article and the title of the rule.
    private func place(_ entry: Transition) -> String {
        let article = entry.article.map { choose("第\($0)条", "art. \($0)") } ?? ""
        return entry.rule.flatMap { policy.rule($0) }.map { "\(article)「\($0.title)」" } ?? article
    }

    private func place(_ rule: Rule) -> String {
        choose("第\(rule.article)条", "art. \(rule.article)") + "「\(rule.title)」"
    }

    /// The calendar with the years that events have published by now.
    private var calendar: WorkCalendar {
        let published = progress.withLock { $0.arrived }.filter {
            $0.kind == .calendarPublished || $0.kind == .recordCorrected || $0.kind == .recordVoided
        }
        guard published.contains(where: { $0.kind == .calendarPublished }) else {
            return installation.files.calendar
        }
        return installation.files.calendar.replacing(PublishedYear.inForce([published]))
    }

    private func explaining(_ matter: MatterID) -> Explaining {
        let known = progress.withLock { $0.arrived }
        let enterprise = FactHistory.enterprise(of: matter, known.filter { $0.matter == matter })
        return Explaining(matter, of: enterprise, among: known, policy: policy, calendar: calendar)
    }

    /// Of events that were taken and changed nothing: why.
    private func sayUnheeded(_ record: JournalRecord) {
        let taken = record.entries.filter { $0.action == "event.accepted" && !isInternal($0) }
        guard let matter = record.matter, !taken.isEmpty, taken.count == record.entries.count else { return }
        let explaining = explaining(matter)
        for fact in taken.compactMap(fact) {
            for line in reasons.unheeded(fact, explaining) {
                Process.writeOutput("                       · \(line)\n")
            }
        }
    }

    private var reasons: Reasons {
        Reasons(
            policy: policy,
            calendar: calendar,
            facts: Array(facts.values),
            isChinese: isChinese,
            place: place
        )
    }

    private static let setters: Set = [
        "deadline.started", "deadline.recomputed", "duty.due", "duty.recomputed",
    ]

    /// The due time belongs to what sets it; elsewhere it has been said before.
    private static func worthSaying(_ entry: Transition) -> Value {
        if setters.contains(entry.action) { return entry.fields }
        return .object((entry.fields.members ?? []).filter { $0.name != "dueAt" })
    }

    private func telling(_ entry: Transition, _ record: JournalRecord) -> String {
        let fields = entry.fields
        let person = PersonRef(fields["personRef"]?.string ?? "")
        let messageClass = MessageClass(fields["class"]?.string ?? "")
        let channels = installation.configuration.routing[messageClass] ?? []
        let role = role(fields["role"]?.string ?? "")
        let code = fields["code"]?.string ?? ""
        let stage = Self.shown(stage: fields["stage"]?.string ?? "")
        let way = channels.isEmpty ? choose("没有渠道", "no channel") : channels.joined(separator: " → ")
        let about = isNamed(entry, record) ? "" : choose("按\(place(entry))", "by \(place(entry)) ")
        return choose(
            "  \(about)告知 \(name(person))(\(role))\(code) 阶段 \(stage),渠道 \(way)",
            "  \(about)tells \(name(person)) (\(role)) \(code), stage \(stage), by \(way)"
        ) + instead(entry, person, record)
    }

    /// The step of the ladder, and how often it has come; which event of several it is about says nothing to people.
    private static func shown(stage: String) -> String {
        let parts = stage.prefix { $0 != "~" }.split(separator: ".", maxSplits: 1)
        guard parts.count == 2, parts[1].allSatisfy(\.isNumber) else { return String(parts.first ?? "") }
        return String(stage.prefix { $0 != "~" })
    }

    /// Whether what is on record with it speaks of its rule alone, so that the rule need not be named again.
    private func isNamed(_ entry: Transition, _ record: JournalRecord) -> Bool {
        guard let rule = entry.rule, policy.rule(rule) != nil else { return true }
        let others = record.entries.filter {
            $0.action != "event.accepted" && !$0.action.hasPrefix("notification.")
        }
        return !others.isEmpty && others.allSatisfy { $0.rule == rule }
    }

    /// For whom somebody is told who was not asked for.
    private func instead(_ entry: Transition, _ person: PersonRef, _ record: JournalRecord) -> String {
        let told = RoleID(entry.fields["role"]?.string ?? "")
        var text = ""
        let asked = asked(entry)
        if !asked.isEmpty, !asked.contains(told), !asked.contains(where: { $0.text.hasPrefix("fact:") }) {
            let served = Set(
                record.entries.filter { Self.tellings.contains($0.action) && $0.rule == entry.rule }
                    .compactMap { $0.fields["role"]?.string }
            )
            let missing = asked.filter { !served.contains($0.text) }
            let roles = missing.map { role($0.text) }.joined(separator: choose("、", ", "))
            if !missing.isEmpty {
                text += choose(";\(roles) 无人可告知,由其代收", "; stands in where \(roles) reaches nobody")
            }
        }
        let directory = installation.files.directory.directory
        let today = CivilDate(record.at)
        let absent = directory.absences.first { _, absences in
            absences.contains { $0.from <= today && today <= $0.to && $0.substitute == person }
        }
        if let absent, !(directory.standing[told] ?? []).contains(person) {
            let absentee = name(absent.key)
            text += choose(";\(absentee) 不在岗,由其替代", "; \(absentee) is absent, this is the substitute")
        }
        return text
    }

    /// The step that a stage is a saying of.
    private static func step(of stage: String) -> String { String(stage.prefix { $0 != "." && $0 != "~" }) }

    private func asked(_ entry: Transition) -> [RoleID] {
        let stage = entry.fields["stage"]?.string ?? ""
        guard let step = ladder(entry).first(where: { $0.stage == Self.step(of: stage) }) else { return [] }
        let messageClass = MessageClass(entry.fields["class"]?.string ?? "")
        return step.tells.filter { $0.messageClass == messageClass }.flatMap(\.roles)
    }

    private func ladder(_ entry: Transition) -> [EscalationStep] {
        let rule = entry.rule.flatMap { policy.rule($0) }
        return rule.flatMap { policy.escalation(of: $0) }?.steps ?? []
    }

    // MARK: How and why not

    private func remarks(_ entry: Transition, _ record: JournalRecord) -> [String] {
        if entry.action == "event.accepted" {
            let fact = facts[entry.fields["id"]?.string ?? ""]
            return (fact.map(reasons.lines) ?? []) + visit(entry)
        }
        if entry.action == "notification.acknowledged" {
            return reasons.acknowledged(entry.fields["notificationId"]?.string ?? "")
        }
        guard let matter = record.matter, let rule = entry.rule else { return [] }
        let clock = Clock(matter: matter, rule: rule, cycle: entry.cycle)
        if Self.tellings.contains(entry.action), let stage = entry.fields["stage"]?.string {
            progress.withLock { _ = $0.reached[clock, default: []].insert(Self.step(of: stage)) }
        }
        if Self.setters.contains(entry.action) { return counting(entry, clock) }
        if Self.endings.contains(entry.action) { return notTold(entry, clock) }
        return []
    }

    private static let endings: Set = ["deadline.met", "deadline.cancelled", "duty.met", "duty.cancelled"]

    /// How many days of its month a planned visit could have been on.
    private func visit(_ entry: Transition) -> [String] {
        guard let fact = facts[entry.fields["id"]?.string ?? ""], fact.kind == .visitPlanned,
            let start = fact.text("start").flatMap({ Instant(rfc3339: $0) })
        else { return [] }
        let counting = Counting(calendar: calendar, isChinese: isChinese)
        for rule in policy.rules {
            if case .window(let window) = rule.body { return [counting.openDays(window, monthOf: start)] }
        }
        return []
    }

    private func counting(_ entry: Transition, _ clock: Clock) -> [String] {
        let start = progress.withLock { progress in
            if entry.action == "deadline.started" { progress.started[clock] = entry.at }
            return progress.started[clock]
        }
        guard let rule = policy.rule(clock.rule) else { return [] }
        let counting = Counting(calendar: calendar, isChinese: isChinese)
        let className = entry.fields["class"]?.string
        let due = entry.fields["dueAt"]?.string.flatMap { Instant(rfc3339: $0) }
        if due == nil, entry.action == "deadline.recomputed" {
            return [choose("计时停止,恢复后再定到期日", "the clock stands; when it goes on, it gets a due time")]
        }
        var lines: [String] = []
        if let words = counting.clock(rule, className: className) { lines.append(words) }
        if rule.basis != .text {
            lines.append(
                rule.basis == .statute
                    ? choose("期限出自上位法,不是本办法的条文", "the limit is that of higher law, not of the text")
                    : choose("本办法未写明期限,用的是本系统的设定", "the text names no limit; this one is ours")
            )
        }
        guard let start, let due else { return lines }
        guard let days = entry.fields["workingDays"]?.integer else {
            return lines + counting.roll(rule, className: className, from: start, due: due)
        }
        let explaining = explaining(clock.matter)
        return lines
            + counting.days(Int(days), from: start, due: due) { explaining.stoodStill(rule, on: $0) }
    }

    /// The steps that will not come, now that it is over.
    private func notTold(_ entry: Transition, _ clock: Clock) -> [String] {
        let reached = progress.withLock { $0.reached[clock] ?? [] }
        let steps = ladder(entry).filter { step in
            !reached.contains(step.stage) && step.moment != .opening
                && (step.cycles == .all || (step.cycles == .first) == (clock.cycle == 1))
        }
        guard !steps.isEmpty else { return [] }
        let list: String = steps.map { step -> String in
            let roles = step.tells.flatMap { $0.roles.isEmpty ? ["@group"] : $0.roles.map(\.text) }
            return "\(step.stage)(\(roles.joined(separator: choose("、", ", "))))"
        }.joined(separator: choose(";", "; "))
        return [choose("因此不告知:\(list)", "so these are not told: \(list)")]
    }
}
