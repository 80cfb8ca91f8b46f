/// What supervisors look at, summed over matters: how the two clocks of complaints were kept, and what the ledger
/// holds.
///
/// The metrics and the summary of a day both take their numbers from here. A sum can be corrected: the store keeps
/// one by taking off what a matter counted for before a commit and adding what it counts for after it.
package struct Figures: Sendable, Hashable {
    /// One clock of all complaints; what was withdrawn counts nowhere.
    package struct Clock: Sendable, Hashable {
        package var inTime: Int64 = 0
        /// Done after the breach.
        package var late: Int64 = 0
        /// Breached and still not done.
        package var missing: Int64 = 0
        /// Ceased to matter after the breach.
        package var dropped: Int64 = 0
        /// Ceased to matter before it was due.
        package var cancelled: Int64 = 0

        package init() {}

        /// Those that a supervisor asks about.
        package var due: Int64 { inTime + late + missing + dropped }
        package var rate: Rate { Rate(part: inTime, whole: due) }

        fileprivate mutating func count(_ phase: Obligation.Phase, times: Int64) {
            switch phase {
            case .open: break
            case .met: inTime += times
            case .metLate: late += times
            case .breached: missing += times
            case .breachedThenCancelled: dropped += times
            case .cancelled: cancelled += times
            }
        }
    }

    /// Some of all; of nothing there is no rate.
    package struct Rate: Sendable, Hashable {
        package let part: Int64
        package let whole: Int64

        package init(part: Int64, whole: Int64) {
            self.part = part
            self.whole = whole
        }

        /// 0 to 1.
        package var ratio: Double? { whole > 0 ? Double(part) / Double(whole) : nil }
    }

    /// 半小时回应, article 22.
    package var responses = Clock()
    /// 24小时方案, article 22.
    package var solutions = Clock()
    /// What people bear, in fen.
    package var postedFen: Int64 = 0
    /// What nobody bears yet, in fen.
    package var heldFen: Int64 = 0
    /// What was paid, in fen.
    package var settledFen: Int64 = 0

    package init() {}

    /// The figures of one matter alone.
    package init(_ state: MatterState) { count(state, times: 1) }

    /// A matter was one way and is another.
    package mutating func replace(_ old: MatterState, with new: MatterState) {
        count(old, times: -1)
        count(new, times: 1)
    }

    private mutating func count(_ state: MatterState, times: Int64) {
        for record in state.records where !record.isWithdrawn {
            switch record.key.rule {
            case "A22.response": responses.count(record.phase, times: times)
            case "A22.solution": solutions.count(record.phase, times: times)
            default: break
            }
        }
        // Many amounts near their limit may not end the process: a wrong sum is the lesser evil.
        for posted in state.posted {
            let amount = posted.amount.amount &* times
            if posted.person == nil { heldFen &+= amount } else { postedFen &+= amount }
        }
        for payment in state.settled.values { settledFen &+= payment.amount.amount &* times }
    }
}

extension Figures {
    /// Each number with the name that it is kept under.
    package static let numbers: [(name: String, path: WritableKeyPath<Figures, Int64> & Sendable)] = [
        ("response.inTime", \.responses.inTime), ("response.late", \.responses.late),
        ("response.missing", \.responses.missing), ("response.dropped", \.responses.dropped),
        ("response.cancelled", \.responses.cancelled),
        ("solution.inTime", \.solutions.inTime), ("solution.late", \.solutions.late),
        ("solution.missing", \.solutions.missing), ("solution.dropped", \.solutions.dropped),
        ("solution.cancelled", \.solutions.cancelled),
        ("ledger.posted", \.postedFen), ("ledger.held", \.heldFen), ("ledger.settled", \.settledFen),
    ]

    package static func += (sum: inout Figures, other: Figures) {
        for number in numbers { sum[keyPath: number.path] &+= other[keyPath: number.path] }
    }
}
