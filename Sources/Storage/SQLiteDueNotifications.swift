import Duty
import GRDB

/// Which notifications are to be sent now, and when the next will be.
///
/// They wait in groups by class and urgency, which the index holds apart: a group that is passed over costs nothing,
/// however many are in it.
extension SQLiteStore {
    package func takeNotifications(
        limit: Int,
        now: Instant,
        excluding: Set<String>,
        passingOver: [MessageClass: Int]
    ) async throws -> [StoredNotification] {
        try await pool.read { db in
            let groups = try Group.all(db).filter { $0.urgency < passingOver[$0.messageClass] ?? .max }
            // Under the lock, for a copy would cost more than the look.
            return try self.handedOut.withLock { known in
                if known.count > 2 * excluding.count + 4_096 {
                    known = known.filter { excluding.contains($0.value) }
                }
                return try Self.fresh(groups, limit: limit, now: now, excluding: excluding, known: &known, db)
            }
        }
    }

    package func nextNotificationDue(after now: Instant) async throws -> Instant? {
        try await pool.read { db in
            let statement = try db.cachedStatement(
                sql: """
                    SELECT next_at FROM notification
                    WHERE next_at IS NOT NULL AND class = ? AND urgency = ? AND next_at > ?
                    ORDER BY next_at LIMIT 1
                    """
            )
            return try Group.all(db).compactMap { group in
                try Int64.fetchOne(
                    statement,
                    arguments: [group.messageClass.text, group.urgency, now.microseconds]
                )
            }.min().map { Instant(microseconds: $0) }
        }
    }

    /// Due ones that are not in hand, the most urgent first, of equally urgent ones the oldest.
    private static func fresh(
        _ groups: [Group],
        limit: Int,
        now: Instant,
        excluding: Set<String>,
        known: inout [Int64: String],
        _ db: Database
    ) throws -> [StoredNotification] {
        var fresh: [StoredNotification] = []
        for urgency in Set(groups.map(\.urgency)).sorted() {
            var queues = try groups.filter { $0.urgency == urgency }.map {
                try Queue($0, now: now, db) { row in known[row].map(excluding.contains) ?? false }
            }
            while fresh.count < limit, let first = queues.indices.min(by: { queues[$0] < queues[$1] }),
                let row = try queues[first].next({ row in known[row].map(excluding.contains) ?? false })
            {
                let found = try notification(numbered: row, db)
                known[row] = found.notification.key
                if !excluding.contains(found.notification.key) { fresh.append(found) }
            }
            if fresh.count >= limit { break }
        }
        return fresh
    }

    /// What waits of one class with one urgency.
    private struct Group {
        let messageClass: MessageClass
        let urgency: Int

        /// All that there are, each found with one step in the index.
        static func all(_ db: Database) throws -> [Group] {
            let statement = try db.cachedStatement(
                sql: """
                    SELECT class, urgency FROM notification
                    WHERE next_at IS NOT NULL AND (class, urgency) > (?, ?) ORDER BY class, urgency LIMIT 1
                    """
            )
            var groups: [Group] = []
            var last: (String, Int) = ("", .min)
            while let row = try Row.fetchOne(statement, arguments: [last.0, last.1]) {
                last = (row["class"], row["urgency"])
                groups.append(Group(messageClass: MessageClass(last.0), urgency: last.1))
            }
            return groups
        }
    }

    /// The due rows of a group by age, without those in hand.
    private struct Queue {
        private let rows: RowCursor
        private var head: (row: Int64, at: Int64)?

        init(_ group: Group, now: Instant, _ db: Database, without isInHand: (Int64) -> Bool) throws {
            rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT rowid, next_at FROM notification
                    WHERE next_at IS NOT NULL AND class = ? AND urgency = ? AND next_at <= ? ORDER BY next_at
                    """,
                arguments: [group.messageClass.text, group.urgency, now.microseconds]
            )
            try advance(without: isInHand)
        }

        /// The oldest one; nil if there is none left.
        mutating func next(_ isInHand: (Int64) -> Bool) throws -> Int64? {
            guard let row = head?.row else { return nil }
            try advance(without: isInHand)
            return row
        }

        private mutating func advance(without isInHand: (Int64) -> Bool) throws {
            head = nil
            while head == nil, let row = try rows.next() {
                let number: Int64 = row[0]
                if !isInHand(number) { head = (number, row[1]) }
            }
        }

        /// By the age of the oldest; an empty one comes last.
        static func < (left: Queue, right: Queue) -> Bool {
            (left.head?.at ?? .max) < (right.head?.at ?? .max)
        }
    }
}
