import Duty
import GRDB

/// The lists that people page through.
extension SQLiteStore: BoardStore {
    /// So many rows are looked at for one page where a condition has no index.
    private static let mostLookedAt = 4_000

    package func list(_ query: MatterQuery, now: Instant) async throws -> MatterPage {
        let scan = MatterScan(query, now: now)
        guard query.enterprises?.isEmpty != true else { return MatterPage(rows: [], next: nil) }
        return try await pool.read { db in
            var rows: [MatterRow] = []
            var cursor = query.after
            var looked = 0
            while true {
                let (sql, arguments) = scan.statement(after: cursor)
                let found = try Row.fetchAll(try db.cachedStatement(sql: sql), arguments: arguments)
                for row in found {
                    cursor = scan.cursor(row)
                    looked += 1
                    let matter = try Self.row(row)
                    guard query.rules.map(matter.state.has) ?? true else { continue }
                    rows.append(matter)
                    if rows.count == query.limit { return MatterPage(rows: rows, next: cursor) }
                }
                if found.count < MatterScan.chunk { return MatterPage(rows: rows, next: nil) }
                if looked >= Self.mostLookedAt { return MatterPage(rows: rows, next: cursor) }
            }
        }
    }

    private static func row(_ row: Row) throws -> MatterRow {
        MatterRow(
            id: MatterID(row["id"]),
            enterprise: (row["enterprise"] as String?).map { EnterpriseID($0) },
            policyVersion: row["policy"],
            isOpen: row["is_open"],
            dueAt: row.instant("due_at"),
            state: try StateCodec.decode(row.bytes("state"))
        )
    }

    package func notifications(
        before number: Int64?,
        onlyTrouble: Bool,
        limit: Int
    ) async throws -> [NotificationRow] {
        let trouble = onlyTrouble ? "AND state IN ('uncertain', 'gaveUp', 'failed')" : ""
        return try await pool.read { db in
            let statement = try db.cachedStatement(
                sql: """
                    SELECT rowid AS number, * FROM notification WHERE rowid < ? \(trouble)
                    ORDER BY rowid DESC LIMIT ?
                    """
            )
            return try Row.fetchAll(statement, arguments: [number ?? .max, limit]).map {
                NotificationRow(number: $0["number"], stored: try Self.notification($0))
            }
        }
    }

    package func lastNotifications(of matters: [MatterID]) async throws -> [MatterID: StoredNotification] {
        try await pool.read { db in
            let statement = try db.cachedStatement(
                sql: """
                    SELECT * FROM notification WHERE matter = ? AND state != 'silenced'
                    ORDER BY rowid DESC LIMIT 1
                    """
            )
            var last: [MatterID: StoredNotification] = [:]
            for matter in matters {
                guard let row = try Row.fetchOne(statement, arguments: [matter.text]) else { continue }
                last[matter] = try Self.notification(row)
            }
            return last
        }
    }

    package func journal(before sequence: Int64?, limit: Int) async throws -> [JournalRecord] {
        try await pool.read { db in
            try Row.fetchAll(
                db,
                sql: "SELECT sequence, body FROM journal WHERE sequence < ? ORDER BY sequence DESC LIMIT ?",
                arguments: [sequence ?? .max, limit]
            ).map { try RecordCodec.journal($0.bytes("body"), sequence: $0["sequence"]) }
        }
    }

    package func load(limit: Int) async throws -> [(enterprise: EnterpriseID, open: Int64)] {
        try await pool.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT enterprise, count(*) AS open FROM matter
                    WHERE is_open = 1 AND enterprise IS NOT NULL AND due_at IS NOT NULL
                    GROUP BY enterprise ORDER BY open DESC, enterprise LIMIT ?
                    """,
                arguments: [limit]
            ).map { (EnterpriseID($0["enterprise"]), $0["open"]) }
        }
    }
}

/// One way through the table, by the index that fits what is asked.
private struct MatterScan: Sendable {
    static let chunk = 200

    private enum Order: Sendable {
        case due, latestDue, number, newest
    }

    private let order: Order
    private var conditions: [String] = []
    private var arguments: [any DatabaseValueConvertible & Sendable] = []

    init(_ query: MatterQuery, now: Instant) {
        let isByNumber = query.number != nil || !query.types.isEmpty
        switch query.state {
        case .running: order = .due
        case .overdue: order = .latestDue
        case .all where query.due != nil: order = .due
        case .all, .closed: order = isByNumber ? .number : .newest
        }
        switch query.state {
        case .running: add("due_at > ?", now.microseconds)
        case .overdue: add("due_at <= ?", now.microseconds)
        case .closed: conditions.append("is_open = 0")
        case .all: if query.due != nil { conditions.append("due_at IS NOT NULL") }
        }
        if let days = query.due {
            // A limit that ends at midnight belongs to the day before.
            add("due_at > ?", days.lowerBound.start.microseconds)
            add("due_at <= ?", days.upperBound.next.start.microseconds)
        }
        if isByNumber { addNumber(query) }
        if let enterprises = query.enterprises {
            let marks = enterprises.map { _ in "?" }.joined(separator: ", ")
            conditions.append("enterprise IN (\(marks))")
            arguments += enterprises.map(\.text)
        }
    }

    private mutating func add(_ condition: String, _ argument: any DatabaseValueConvertible & Sendable) {
        conditions.append(condition)
        arguments.append(argument)
    }

    /// The beginning of a number, below each type that is asked for.
    private mutating func addNumber(_ query: MatterQuery) {
        let types = query.types.isEmpty ? MatterType.allCases : query.types
        var ranges: [String] = []
        for type in types {
            let first = type.rawValue + "/" + (query.number ?? "")
            ranges.append("(id >= ? AND id < ?)")
            // Above every id that begins so: no id has a character of U+10FFFF.
            arguments += [first, first + "\u{10FFFF}"]
        }
        conditions.append("(" + ranges.joined(separator: " OR ") + ")")
    }

    func statement(after cursor: String?) -> (String, StatementArguments) {
        var conditions = conditions
        var arguments = arguments
        switch order {
        case .due, .latestDue:
            if let place = Self.duePlace(cursor) {
                conditions.append(order == .due ? "(due_at, id) > (?, ?)" : "(due_at, id) < (?, ?)")
                arguments += [place.due, place.id]
            }
        case .number:
            if let cursor {
                conditions.append("id < ?")
                arguments.append(cursor)
            }
        case .newest:
            if let row = cursor.flatMap({ Int64($0) }) {
                conditions.append("rowid < ?")
                arguments.append(row)
            }
        }
        let filter = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
        let sort =
            switch order {
            case .due: "due_at, id"
            case .latestDue: "due_at DESC, id DESC"
            case .number: "id DESC"
            case .newest: "rowid DESC"
            }
        return (
            """
            SELECT rowid AS place, id, enterprise, policy, is_open, due_at, state FROM matter \(filter)
            ORDER BY \(sort) LIMIT \(Self.chunk)
            """,
            StatementArguments(arguments.map { $0 as any DatabaseValueConvertible })
        )
    }

    func cursor(_ row: Row) -> String {
        switch order {
        case .due, .latestDue: "\(row["due_at"] as Int64):\(row["id"] as String)"
        case .number: row["id"]
        case .newest: "\(row["place"] as Int64)"
        }
    }

    private static func duePlace(_ cursor: String?) -> (due: Int64, id: String)? {
        guard let cursor, let colon = cursor.firstIndex(of: ":"), let due = Int64(cursor[..<colon]) else {
            return nil
        }
        return (due, String(cursor[cursor.index(after: colon)...]))
    }
}

extension MatterState {
    fileprivate func has(_ rules: Set<RuleID>) -> Bool {
        records.contains { !$0.isWithdrawn && rules.contains($0.key.rule) }
    }
}
