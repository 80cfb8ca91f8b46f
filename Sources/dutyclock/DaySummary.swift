import Duty
import Storage

/// What a day came to, counted from the store.
struct DaySummary {
    /// The same that the metrics and the board show.
    let figures: Figures
    private let rates: [SupervisorRate]
    private(set) var appeals = 0
    private(set) var breachesWithdrawn = 0
    private(set) var gateViolations = 0
    private(set) var gateWithdrawn = 0
    private(set) var gateSatisfied = 0
    private(set) var shares: [PersonRef: Fen] = [:]
    private(set) var notifications = 0
    private(set) var deadLetters = 0

    init(store: any Store, rates: [SupervisorRate]) async throws {
        figures = try await store.statistics(now: .distantPast).supervision
        self.rates = rates
        for id in try await store.matterIDs(of: .complaint) { try await add(complaint: id, store) }
        for type in [MatterType.case, .penalty] {
            for matter in try await store.matters(try await store.matterIDs(of: type)) { addGates(matter) }
        }
        for matter in try await store.matters(try await store.matterIDs(of: .fine)) {
            for posted in matter.state.posted {
                if let person = posted.person {
                    shares[person] = (shares[person] ?? .zero) + posted.amount
                }
            }
        }
        shares = shares.filter { $0.value != .zero }
        try await countJournal(store)
        deadLetters = try await store.deadLetters(state: nil, limit: 10_000).count
    }

    private mutating func add(complaint id: MatterID, _ store: any Store) async throws {
        guard let matter = try await store.matters([id]).first else { return }
        let hasClock = matter.state.records.contains { record in
            record.key.cycle == 1 && !record.isWithdrawn && rules("response").contains(record.key.rule)
        }
        if hasClock { appeals += 1 }
    }

    private func rules(_ rate: String) -> Set<RuleID> { rates.first { $0.name == rate }?.rules ?? [] }

    private var responses: Figures.Clock { figures.clock(rules("response")) }
    private var solutions: Figures.Clock { figures.clock(rules("solution")) }

    private mutating func addGates(_ matter: StoredMatter) {
        for record in matter.state.records where record.kind == "gate" && !record.isWithdrawn {
            if record.phase == .met { gateSatisfied += 1 }
            if record.phase == .breached { gateViolations += 1 }
        }
    }

    private mutating func countJournal(_ store: any Store) async throws {
        var after: Int64 = 0
        while true {
            let records = try await store.journal(after: after, limit: 1_000)
            guard let last = records.last else { return }
            for entry in records.flatMap(\.entries) {
                switch entry.action {
                case "notification.sent": notifications += 1
                case "gate.cleared": gateWithdrawn += 1
                case "deadline.met" where entry.fields["correctedBreach"] == true: breachesWithdrawn += 1
                case "deadline.withdrawn" where entry.fields["reason"] == "corrected": breachesWithdrawn += 1
                default: break
                }
            }
            after = last.sequence
        }
    }

    /// For machines: the keys of config/examples/expected.json.
    var value: Value {
        .object([
            Value.Member("appeals", .integer(Int64(appeals))),
            Value.Member("responseDue", .integer(responses.due)),
            Value.Member("respondedInTime", .integer(responses.inTime)),
            Value.Member("respondedLate", .integer(responses.late)),
            Value.Member("responseOpen", .integer(responses.missing)),
            Value.Member("solutionDue", .integer(solutions.due)),
            Value.Member("solvedInTime", .integer(solutions.inTime)),
            Value.Member("solvedLate", .integer(solutions.late)),
            Value.Member("lateIngest", .integer(responses.lateIngest + solutions.lateIngest)),
            Value.Member("breachesWithdrawn", .integer(Int64(breachesWithdrawn))),
            Value.Member("cancelled", .integer(cancelled)),
            Value.Member("gateViolations", .integer(Int64(gateViolations))),
            Value.Member("gateWithdrawn", .integer(Int64(gateWithdrawn))),
            Value.Member("gateSatisfied", .integer(Int64(gateSatisfied))),
            Value.Member(
                "ledger",
                .object(
                    shares.sorted { $0.key < $1.key }.map {
                        Value.Member($0.key.text, .integer($0.value.amount))
                    }
                )
            ),
            Value.Member("heldFen", .integer(figures.heldFen)),
            Value.Member("notifications", .integer(Int64(notifications))),
            Value.Member("deadLetters", .integer(Int64(deadLetters))),
        ])
    }

    private var cancelled: Int64 { responses.cancelled + solutions.cancelled }

    private static func late(_ clock: Figures.Clock) -> String { "\(clock.late)/\(clock.missing)" }

    private static func text(_ rate: Figures.Rate) -> String {
        guard rate.whole > 0 else { return "–" }
        let permille = (rate.part * 1_000 + rate.whole / 2) / rate.whole
        return "\(permille / 10).\(permille % 10)% (\(rate.part)/\(rate.whole))"
    }

    /// For people.
    func text(name: (PersonRef) -> String, isChinese: Bool) -> String {
        let rows: [(String, String, String)] = [
            ("诉求", "appeals with a clock", "\(appeals)"),
            ("半小时回应率", "answered within half an hour", Self.text(responses.rate)),
            ("24小时方案率", "solution within 24 hours", Self.text(solutions.rate)),
            ("回应超时(已补/未补)", "late answers (given/missing)", Self.late(responses)),
            ("方案超时(已补/未补)", "late solutions (given/missing)", Self.late(solutions)),
            ("因事件晚到", "breached by late events alone", "\(responses.lateIngest + solutions.lateIngest)"),
            ("超时撤回", "breaches withdrawn", "\(breachesWithdrawn)"),
            ("计时取消", "clocks cancelled", "\(cancelled)"),
            (
                "先报告:合规/违规/撤回", "reports: kept/missing/withdrawn",
                "\(gateSatisfied)/\(gateViolations)/\(gateWithdrawn)"
            ),
            ("通知", "notifications sent", "\(notifications)"), ("死信", "dead letters", "\(deadLetters)"),
        ]
        var lines = [isChinese ? "── 小结 ──" : "── Summary ──"]
        for (chinese, english, figure) in rows {
            lines.append("  " + (isChinese ? "\(chinese)：" : "\(english): ") + figure)
        }
        lines.append(isChinese ? "  责任分担台账(第22条,50%):" : "  Accountability ledger (art. 22, 50 %):")
        for (person, amount) in shares.sorted(by: { $0.key < $1.key }) {
            lines.append("    \(person) \(name(person))  ¥\(amount.yuan)")
        }
        lines.append("    \(isChinese ? "待定" : "held")  ¥\(Fen(figures.heldFen).yuan)")
        return lines.joined(separator: "\n") + "\n"
    }
}
