import Duty
import Storage
import Telemetry

/// What a store holds after a day, under the names of config/examples/expected.json.
struct DayTally {
    private(set) var counts: [String: Int64] = [:]
    private(set) var shares: [String: Int64] = [:]
    private(set) var byFine: [String: (people: [String: Int64], held: Int64)] = [:]
    private(set) var gates: [String: String] = [:]
    /// `number/cycle/response` → how it ended.
    private(set) var clocks: [String: String] = [:]
    private(set) var withdrawnBreaches: Set<String> = []

    private static let names = [
        "appeals", "responseDue", "respondedInTime", "respondedLate", "responseOpen",
        "responseBreachedStopped",
        "responseRunning", "solutionDue", "solvedInTime", "solvedLate", "solutionOpen",
        "solutionBreachedStopped",
        "solutionRunning", "breachesWithdrawn", "cancelled", "gateViolations", "gateWithdrawn",
        "gateSatisfied",
        "heldFen", "lateIngest",
    ]

    init(_ store: any Store, _ metrics: DutyclockMetrics) async throws {
        for name in Self.names { counts[name] = 0 }
        for (name, outcome) in [
            ("accepted", "accepted"), ("duplicates", "duplicate"), ("rejected", "rejected"),
            ("unknownTypes", "skipped"),
        ] {
            counts[name] = Int64(metrics.events(outcome).value)
        }
        for id in try await store.matterIDs(of: .complaint) {
            for matter in try await store.matters([id]) { addComplaint(matter) }
        }
        for type in [MatterType.case, .penalty] {
            for matter in try await store.matters(try await store.matterIDs(of: type)) { addGates(matter) }
        }
        for matter in try await store.matters(try await store.matterIDs(of: .fine)) { addFine(matter) }
        shares = shares.filter { $0.value != 0 }
        for record in try await store.journal(after: 0, limit: 100_000) { addJournal(record) }
        counts["breachesWithdrawn"] = Int64(withdrawnBreaches.count)
        let letters = try await store.deadLetters(state: nil, limit: 1_000)
        counts["orphans"] = Int64(letters.filter { $0.reason == "orphan" }.count)
    }

    private mutating func add(_ name: String, _ count: Int64 = 1) { counts[name, default: 0] += count }

    private mutating func addComplaint(_ matter: StoredMatter) {
        for record in matter.state.records where !record.isWithdrawn {
            switch record.key.rule {
            case "A22.response":
                if record.key.cycle == 1 { add("appeals") }
                addClock(matter, record, "response", ("respondedInTime", "respondedLate"))
            case "A22.solution": addClock(matter, record, "solution", ("solvedInTime", "solvedLate"))
            default: break
            }
        }
    }

    private mutating func addClock(
        _ matter: StoredMatter,
        _ record: MatterState.Record,
        _ clock: String,
        _ names: (met: String, late: String)
    ) {
        let (word, counts): (String, [String]) =
            switch record.phase {
            case .open: ("running", [clock + "Running"])
            case .met: ("inTime", [clock + "Due", names.met])
            case .metLate: ("late", [clock + "Due", names.late])
            case .breached: ("open", [clock + "Due", clock + "Open"])
            case .breachedThenCancelled: ("breachedStopped", [clock + "Due", clock + "BreachedStopped"])
            case .cancelled: ("cancelled", ["cancelled"])
            }
        // What was breached only because its event came late is in no other count.
        for name in record.isLateIngest ? ["lateIngest"] : counts { add(name) }
        clocks["\(matter.id.number)/\(record.key.cycle)/\(clock)"] = word
    }

    private mutating func addGates(_ matter: StoredMatter) {
        for record in matter.state.records where record.kind == "gate" {
            if !record.isWithdrawn, record.phase == .breached {
                add("gateViolations")
                gates[matter.id.number] = "violated"
            } else if !record.isWithdrawn, record.phase == .met {
                add("gateSatisfied")
                gates[matter.id.number] = gates[matter.id.number] ?? "satisfied"
            }
        }
    }

    private mutating func addFine(_ matter: StoredMatter) {
        var people: [String: Int64] = [:]
        var held: Int64 = 0
        for posted in matter.state.posted {
            if let person = posted.person {
                people[person.text, default: 0] += posted.amount.amount
                shares[person.text, default: 0] += posted.amount.amount
            } else {
                held += posted.amount.amount
            }
        }
        add("heldFen", held)
        byFine[matter.id.number] = (people.filter { $0.value != 0 }, held)
    }

    private mutating func addJournal(_ record: JournalRecord) {
        let number = record.matter?.number ?? ""
        for entry in record.entries {
            let clock = entry.rule?.text.hasSuffix("solution") == true ? "solution" : "response"
            switch entry.action {
            case "gate.cleared":
                add("gateWithdrawn")
                gates[number] = "withdrawn"
            case "deadline.met" where entry.fields["correctedBreach"] == true,
                "deadline.withdrawn" where entry.fields["reason"] == "corrected":
                withdrawnBreaches.insert("\(number)/\(entry.cycle)/\(clock)")
            default: break
            }
        }
    }
}
