import Duty

/// A matter without its facts, as lists show it.
package struct MatterRow: Sendable {
    package let id: MatterID
    package let enterprise: EnterpriseID?
    package let policyVersion: String
    package let isOpen: Bool
    /// When the earliest of its clocks that still run is or was due.
    package let dueAt: Instant?
    package let state: MatterState
}

/// Which matters a list is to show.
package struct MatterQuery: Sendable, Hashable {
    package enum State: String, Sendable, CaseIterable {
        case all
        /// With a clock that is not due yet, by the time that is left.
        case running
        /// With a clock that has run out, the latest first.
        case overdue
        case closed
    }

    package var state: State = .all
    /// Empty for all.
    package var types: [MatterType] = []
    /// The beginning of the number.
    package var number: String?
    /// Nil for all; an empty list finds nothing.
    package var enterprises: [EnterpriseID]?
    /// Matters with an obligation of one of these rules; nil for all.
    package var rules: Set<RuleID>?
    /// Due on these days alone; for lists of clocks.
    package var due: ClosedRange<CivilDate>?
    /// Where the last page ended, as it said itself.
    package var after: String?
    package var limit = 50

    package init() {}
}

/// One page of a list.
package struct MatterPage: Sendable {
    package let rows: [MatterRow]
    /// Where the next page begins; nil if this one is the last.
    package let next: String?

    package init(rows: [MatterRow], next: String?) {
        self.rows = rows
        self.next = next
    }
}

/// A notification in a list, with its place among all, the latest with the greatest.
package struct NotificationRow: Sendable {
    package let number: Int64
    package let stored: StoredNotification
}

/// What stands at the top of the board; counts end at `most`.
package struct BoardSummary: Sendable {
    package static let most: Int64 = 10_000

    /// Matters with a clock that has run out, and those whose clocks run.
    package let overdue: Int64
    package let running: Int64
    /// Notifications that wait for their turn.
    package let waiting: Int64
    /// Those that were tried within a day and did not arrive, or of which nobody knows.
    package let undelivered: Int64
    package let newDeadLetters: Int64
    /// The sums over all matters.
    package let supervision: Figures
}

/// What the board asks of a store beside the rest; every answer is bounded by an index, however much there is.
package protocol BoardStore: Sendable {
    /// What was due, or opened without a due date, on each of these days.
    func figures(from first: CivilDate, through last: CivilDate) async throws -> Figures
    /// The same sums as `statistics`, and counts that cost the same however much there is.
    func summary(now: Instant) async throws -> BoardSummary
    /// Every matter of a type that has few, with its version.
    func versions(of type: MatterType) async throws -> [MatterID: Int64]
    /// The fines of the latest entries of the ledger, the latest first.
    func latestFines(limit: Int) async throws -> [MatterID]
    /// How many matters have a deadline that nobody has met yet, by the day on which the oldest began.
    func waiting() async throws -> [CivilDate: Int64]
    /// Matters whose earliest running clock is due after `now`, or (`overdue`) ran out until `now`.
    func list(_ query: MatterQuery, now: Instant) async throws -> MatterPage
    /// The latest notifications before a place; in trouble: not delivered, given up or in doubt.
    func notifications(before number: Int64?, onlyTrouble: Bool, limit: Int) async throws -> [NotificationRow]
    /// The last one that was asked for, of each of these matters.
    func lastNotifications(of matters: [MatterID]) async throws -> [MatterID: StoredNotification]
    /// The latest records of the journal before a place, the latest first.
    func journal(before sequence: Int64?, limit: Int) async throws -> [JournalRecord]
    /// How many matters with a running clock each enterprise has; at most `limit` enterprises, the busiest first.
    func load(limit: Int) async throws -> [(enterprise: EnterpriseID, open: Int64)]
}

extension MatterState {
    /// When the earliest of the clocks that still run is or was due: those of which somebody can do something.
    package var nextDue: Instant? {
        records.lazy.filter(\.isRunningClock).compactMap(\.dueAt).min()
    }

    /// Those clocks, the earliest first.
    package var runningClocks: [Record] {
        records.filter(\.isRunningClock)
            .sorted { ($0.dueAt ?? .distantFuture, $0.key) < ($1.dueAt ?? .distantFuture, $1.key) }
    }
}

extension MatterState.Record {
    /// Whether it is a deadline or a duty that nobody has done yet.
    package var isRunningClock: Bool {
        !isWithdrawn && (phase == .open || phase == .breached) && (kind == "deadline" || kind == "duty")
    }
}
