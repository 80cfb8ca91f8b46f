/// What is known of the enterprise that a matter belongs to: profile, end and roster, from its own facts; behind a
/// reference, because every step is taken with it.
package final class Enterprise: Sendable {
    package let id: EnterpriseID
    /// Registration and changes, by the moment from which each holds.
    private let changes: [Change]
    /// When it ceased to be one, and why (`cancelled`, `moved`, `merged`).
    package let end: End?
    package let roster: Roster
    package let parkRoster: Roster
    package let isRegistered: Bool
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
        package let reason: String
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
                let from = fact.text("effectiveFrom")
                let moment = from.flatMap { CivilDate($0)?.start ?? Instant(rfc3339: $0) } ?? fact.at
                changes.append(Change(from: moment, fields: fact.data["changes"] ?? .object([])))
            default: break
            }
        }
        let updates = changes.filter { $0.from != .distantPast }.enumerated()
            .sorted { ($0.element.from, $0.offset) < ($1.element.from, $1.offset) }.map(\.element)
        let history = changes.filter { $0.from == .distantPast } + updates
        self.changes = history
        name = Self.field("name", of: history, at: .distantFuture)?.string
        shortName = name.map(Self.short)
        isRegistered = facts.contains { $0.kind == .enterpriseRegistered }
        end = facts.filter { $0.kind == .enterpriseDeregistered }.min(by: Fact.precedes).map { fact in
            End(
                at: fact.at,
                reason: fact.text("reason") ?? "cancelled",
                mergedInto: fact.text("mergedInto").map { EnterpriseID($0) }
            )
        }
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

    package var parkID: String? { field("parkId", at: .distantFuture)?.string }

    private static func short(_ name: String) -> String {
        let form = ["股份有限公司", "有限责任公司", "有限公司"].first { name.hasSuffix($0) && name.count > $0.count + 1 }
        return form.map { String(name.dropLast($0.count)) } ?? name
    }
}
