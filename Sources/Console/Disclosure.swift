import Duty
import Storage

/// What a caller may see of matters, of the events behind them and of what was told about them (PIPL, articles 6, 25
/// and 28).
///
/// Results of assessments and clues are for those whose work they are, and a result for whom it is about; what somebody
/// bears of a fine is for that person and for whose work the ledger is.
struct Disclosure: Sendable {
    let principal: Principal
    /// The rules of whose matters nothing but the number may be shown.
    let secret: Set<RuleID>

    init(_ principal: Principal, _ policy: Policy) {
        self.principal = principal
        secret = policy.secretRules
    }

    // MARK: Matters

    /// Whether nothing of it but its number and its limits may be shown.
    func hides(_ matter: MatterID, _ state: MatterState) -> Bool {
        guard !principal.maySeeRestricted else { return false }
        return Self.isOfDiscipline(matter) || state.records.contains { secret.contains($0.key.rule) }
    }

    func hides(_ matter: StoredMatter) -> Bool {
        hides(matter.id, matter.state)
            || (matter.facts.contains { $0.classification == .restricted } && !principal.maySeeRestricted)
    }

    private static func isOfDiscipline(_ matter: MatterID) -> Bool {
        matter.type == .assessment || matter.type == .clue
    }

    // MARK: What was told

    /// Whether what was told, and to whom, may not be shown: whoever is told of a share bears one.
    func hides(_ told: Duty.Notification) -> Bool {
        let person = told.recipient.person
        if secret.contains(told.rule), !principal.maySeeRestricted { return true }
        if Self.isOfDiscipline(told.matter), !principal.maySeeRestricted(about: person) { return true }
        return told.stage.hasPrefix("share.") && !principal.maySee(shareOf: person)
    }

    // MARK: The journal

    /// Whether an entry may be shown by its name alone.
    func hides(_ entry: Transition, of matter: MatterID?) -> Bool {
        guard !principal.maySeeRestricted else { return false }
        if let matter, Self.isOfDiscipline(matter) { return !entry.action.hasPrefix("event.") }
        // An acknowledgement names what it is about by the key of the notification, which begins with its rule.
        let named = entry.fields["notificationId"]?.string.map { RuleID(String($0.prefix { $0 != "|" })) }
        return (entry.rule ?? named).map(secret.contains) ?? false
    }

    // MARK: Events

    /// The data of an event without what the caller may not see of it.
    func data(of fact: Fact) -> Value {
        let shown = fact.shownData
        let kind = Self.target(fact) ?? fact.kind
        if kind == .assessmentPublished, !principal.maySeeRestricted { return ownResults(shown) }
        let type = EventCatalogue.schema(kind).matter
        guard type == .fine, !principal.may(.readLedger) else { return shown }
        if let person = fact.text("personRef"), principal.maySee(shareOf: PersonRef(person)) { return shown }
        return Self.without(Self.shares, shown)
    }

    /// What an event about another event speaks of.
    private static func target(_ fact: Fact) -> EventKind? {
        guard fact.kind == .recordCorrected || fact.kind == .recordVoided else { return nil }
        return fact.text("targetType").flatMap { EventKind(named: $0) }
    }

    /// The amount of a fine gives the shares away: they are fixed parts of it.
    private static let shares: Set<String> = [
        "amountFen", "surchargeFen", "weights", "personRef", "voucherRef", "patch", "reason", "note",
    ]

    private static func without(_ names: Set<String>, _ data: Value) -> Value {
        .object((data.members ?? []).filter { !names.contains($0.name) })
    }

    private func ownResults(_ data: Value) -> Value {
        let members = Self.without(["patch", "reason", "note"], data).members ?? []
        return .object(
            members.map { member in
                guard member.name == "results" else { return member }
                return Value.Member("results", .array((member.value.array ?? []).filter(isOwn)))
            }
        )
    }

    private func isOwn(_ result: Value) -> Bool {
        result["personRef"]?.string.map { principal.maySeeRestricted(about: PersonRef($0)) } ?? false
    }

    /// Of an assessment that is hidden otherwise, the events with a result of the caller.
    func ownResults(of matter: StoredMatter) -> [Fact] {
        guard matter.id.type == .assessment else { return [] }
        return FactHistory.effective(matter.facts).filter { fact in
            fact.kind == .assessmentPublished && (fact.data["results"]?.array ?? []).contains(where: isOwn)
        }
    }
}
