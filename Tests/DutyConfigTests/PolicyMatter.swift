import Duty
import DutyConfig
import Foundation

/// Facts of one matter, and what the shipped policy says of them.
struct PolicyMatter {
    var facts: [Fact] = []
    var enterpriseFacts: [Fact] = []
    let policy: Policy
    let calendar: WorkCalendar

    init?(settings: String = "  measure.effectiveFrom: 2023-08-15", enterprise: Value = ["inPark": true]) {
        guard let policy = TestFiles.policy(settings: settings).value?.policy,
            let calendar = CalendarFile.load(path: TestFiles.root + "/config/calendars/cn.yaml").value
        else { return nil }
        self.policy = policy
        self.calendar = calendar
        var profile = enterprise
        profile = profile.setting(path: "registeredAt", to: "2026-01-05T09:00:00+08:00")
        enterpriseFacts = [fact(.enterpriseRegistered, "2026-01-05 09:00", profile)]
    }

    func fact(_ kind: EventKind, _ at: String, _ data: Value, recorded: String? = nil) -> Fact {
        let moment = PolicyMatter.moment(at)
        return Fact(
            key: EventKey(source: "/test", id: "\(kind.rawValue)@\(at)"),
            kind: kind,
            matter: matter(of: kind),
            enterprise: "E-1",
            time: moment,
            recordedAt: recorded.map(PolicyMatter.moment),
            receivedAt: moment,
            data: data
        )
    }

    /// The matter that facts of a kind speak of; a report here is always one on a case or on a penalty.
    private func matter(of kind: EventKind) -> MatterID {
        if kind == .reportMade { return facts.first?.matter ?? "case/CP-1" }
        return MatterID(type: EventCatalogue.schema(kind).matter ?? .enterprise, number: "CP-1")
    }

    mutating func add(_ kind: EventKind, _ at: String, _ data: Value = .object([]), recorded: String? = nil) {
        facts.append(fact(kind, at, data, recorded: recorded))
    }

    mutating func assign(_ person: String, _ role: String, _ at: String = "2026-01-05 09:30") {
        enterpriseFacts.append(
            fact(
                .rosterAssigned,
                at,
                [
                    "assignmentId": .string(person + role), "personRef": .string(person),
                    "role": .string(role),
                    "scope": ["enterpriseId": "E-1"], "from": .string(String(at.prefix(10))),
                ]
            )
        )
    }

    func derived() -> Derivation {
        derive(
            matter: facts.first?.matter ?? "complaint/CP-1",
            facts: facts,
            enterprise: Enterprise(id: "E-1", facts: enterpriseFacts),
            policy: policy,
            calendar: calendar
        )
    }

    /// The obligations of one rule.
    func obligations(_ rule: RuleID) -> [Obligation] { derived().obligations.filter { $0.key.rule == rule } }

    /// `2026-11-23 14:05`, by the clock of the county.
    static func moment(_ text: String) -> Instant {
        Instant(rfc3339: text.replacingOccurrences(of: " ", with: "T") + ":00+08:00") ?? .distantPast
    }
}
