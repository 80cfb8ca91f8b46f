import Duty
import Storage

/// How the obligations of all matters stand in the end; what was withdrawn counts nowhere.
struct ReplayStanding: Sendable {
    private(set) var matters = 0
    private(set) var obligations: Int64 = 0
    private(set) var byType: [String: (all: Int64, open: Int64)] = [:]
    private(set) var byRule: [String: [Obligation.Phase: Int64]] = [:]
    private var byKind: [String: [Obligation.Phase: Int64]] = [:]

    mutating func add(_ matter: StoredMatter) {
        matters += 1
        let type = matter.id.type?.rawValue ?? ""
        byType[type, default: (0, 0)].all += 1
        byType[type, default: (0, 0)].open += matter.isOpen ? 1 : 0
        for record in matter.state.records where !record.isWithdrawn && record.kind != "notice" {
            obligations += 1
            byRule[record.key.rule.text, default: [:]][record.phase, default: 0] += 1
            byKind[record.kind, default: [:]][record.phase, default: 0] += 1
        }
    }

    /// Adds how other matters stand.
    mutating func add(_ others: ReplayStanding) {
        matters += others.matters
        obligations += others.obligations
        byType.merge(others.byType) { ($0.all + $1.all, $0.open + $1.open) }
        byRule.merge(others.byRule) { $0.merging($1, uniquingKeysWith: +) }
        byKind.merge(others.byKind) { $0.merging($1, uniquingKeysWith: +) }
    }

    func count(_ kind: String, _ fits: (Obligation.Phase) -> Bool) -> Int64 {
        (byKind[kind] ?? [:]).filter { fits($0.key) }.values.reduce(0, +)
    }
}
