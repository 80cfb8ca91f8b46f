/// What is known of the enterprise that a matter belongs to: profile, end and roster, from its own facts; behind a
/// reference, because every step is taken with it.
package final class Enterprise: Sendable {
    package let id: EnterpriseID
    /// Registration and changes, by the moment from which each holds.
    private let changes: [Change]
    /// When it ceased to be one, each time that it did: once it has, only another registration lets it end again.
    private let ends: [End]
    private let registrations: [Instant]
    /// When the first of its registrations reached us; nil if none has.
    package let registeredSince: Instant?
    package let roster: Roster
    package let parkRoster: Roster
    /// The latest known name.
    package let name: String?
    /// The name without its legal form, as people say it.
    package let shortName: String?

    private struct Change: Sendable, Hashable {
        let from: Instant
        let fields: Value
    }

    package struct End: Sendable, Hashable {
        package let at: Instant
        /// The other enterprise that goes on with its matters; nil where they end with it.
        package let mergedInto: EnterpriseID?
    }

    /// Builds it from the effective facts of its matter and of its park.
    ///
    /// `facts` are effective facts of the enterprise's own matter.
    /// With `parkFacts`: effective facts of its park's matter.
    package init(id: EnterpriseID, facts: [Fact], parkFacts: [Fact] = []) {
        self.id = id
        var changes: [Change] = []
        for fact in facts.sorted(by: Fact.precedes) {
            switch fact.kind {
            case .enterpriseRegistered: changes.insert(Change(from: .distantPast, fields: fact.data), at: 0)
            case .enterpriseUpdated:
                changes.append(Change(from: fact.profileFrom, fields: fact.data["changes"] ?? .object([])))
            default: break
            }
        }
        let updates = changes.filter { $0.from != .distantPast }.enumerated()
            .sorted { ($0.element.from, $0.offset) < ($1.element.from, $1.offset) }.map(\.element)
        let history = changes.filter { $0.from == .distantPast } + updates
        self.changes = history
        name = Self.field("name", of: history, at: .distantFuture)?.string
        shortName = name.map(Self.short)
        let registered = facts.filter { $0.kind == .enterpriseRegistered }
        registrations = registered.map(\.at)
        registeredSince = registered.map(\.receivedAt).min()
        ends = Self.ends(id, facts, registrations)
        roster = Roster(facts: facts)
        parkRoster = Roster(facts: parkFacts)
    }

    /// The field of the profile as it stood at `moment`; nil if nobody has said.
    package func field(_ name: String, at moment: Instant) -> Value? {
        Self.field(name, of: changes, at: moment)
    }

    private static func field(_ name: String, of changes: [Change], at moment: Instant) -> Value? {
        var value: Value?
        for change in changes where change.from <= moment {
            value = change.fields[name] ?? value
        }
        return value
    }

    package var isRegistered: Bool { registeredSince != nil }

    // MARK: Ends

    private static func ends(_ id: EnterpriseID, _ facts: [Fact], _ registrations: [Instant]) -> [End] {
        var ends: [End] = []
        for fact in facts.filter({ $0.kind == .enterpriseDeregistered }).sorted(by: Fact.precedes) {
            if let last = ends.last, !registrations.contains(where: { last.at < $0 && $0 <= fact.at }) {
                continue
            }
            let other = fact.text("reason") == "merged" ? fact.text("mergedInto") : nil
            ends.append(
                End(at: fact.at, mergedInto: other.flatMap { $0 == id.text ? nil : EnterpriseID($0) })
            )
        }
        return ends
    }

    /// When it first ceased to be one.
    package var end: End? { ends.first }

    /// The end that comes to what began at `moment`.
    func end(from moment: Instant) -> End? { ends.first { $0.at >= moment } }

    /// Whether it had ended before `moment`, and neither gone on in another one nor been registered again.
    func isGone(at moment: Instant) -> Bool {
        guard let last = ends.last(where: { $0.at < moment }), last.mergedInto == nil else { return false }
        return !registrations.contains { last.at < $0 && $0 <= moment }
    }

    package var parkID: String? { field("parkId", at: .distantFuture)?.string }

    private static func short(_ name: String) -> String {
        let form = ["股份有限公司", "有限责任公司", "有限公司"].first { name.hasSuffix($0) && name.count > $0.count + 1 }
        return form.map { String(name.dropLast($0.count)) } ?? name
    }
}

extension Fact {
    /// From when on a change of the profile holds: the day or moment that it names, else its own time.
    package var profileFrom: Instant {
        text("effectiveFrom").flatMap { CivilDate($0)?.start ?? Instant(rfc3339: $0) } ?? at
    }
}
