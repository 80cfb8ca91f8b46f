import Duty
import GRDB

/// One way through the table of matters, by the index that fits what is asked.
///
/// What the index does not answer is asked of so many rows at a time, the `step`, so that a list in which little fits
/// costs no more than one in which everything does.
struct MatterScan: Sendable {
    enum Order: Sendable {
        case due, latestDue, number, newest
    }

    /// Of so few enterprises each one's matters are looked at by themselves.
    private static let few = 64
    private static let fewByNumber = 8

    /// A place in the order, as cursors say it: `DUE:ID`, an id, or a row.
    typealias Place = String

    /// A part of the order that is looked at in one go.
    struct Step {
        let sql: String
        let arguments: StatementArguments
        /// Where the next one begins; nil after the last.
        let end: Place?
        /// How many rows it looks at that need not fit.
        var looked = 0
    }

    let order: Order
    /// So many rows are looked at in one step, and for one page.
    let step: Int
    let most: Int
    private let query: MatterQuery
    private let now: Instant
    private let fewEnterprises: [EnterpriseID]?

    init(_ query: MatterQuery, now: Instant) {
        let order: Order =
            switch query.state {
            // Who knows how a number begins looks for few.
            case _ where query.number != nil && query.due == nil: .number
            case .running: .due
            case .overdue: .latestDue
            case .all where query.due != nil: .due
            case .all, .closed: query.types.isEmpty ? .newest : .number
            }
        let isByDue = order == .due || order == .latestDue
        // What the index itself says costs a fiftieth of what the row has to say.
        let isInIndex = isByDue && query.enterprises == nil && query.rules == nil
        step = isInIndex ? 25_000 : 1_000
        most = isInIndex ? 200_000 : 8_000
        self.order = order
        self.query = query
        self.now = now
        let most = order == .number ? Self.fewByNumber : Self.few
        fewEnterprises = query.enterprises.flatMap { $0.count <= most ? $0 : nil }
    }

    // MARK: Steps

    /// The rows that follow a place; nil after the last.
    func step(after place: Place?, _ db: Database) throws -> Step? {
        switch order {
        case .due, .latestDue: try due(after: place, db)
        case .number: try number(after: place, db)
        case .newest: try newest(after: place, db)
        }
    }

    /// The place of a row.
    func place(_ row: Row) -> Place {
        switch order {
        case .due, .latestDue: Self.place(due: row["due_at"], id: row["id"])
        case .number: row["id"]
        case .newest: "\(row["place"] as Int64)"
        }
    }

    private static func place(due: Int64, id: String) -> Place { "\(due):\(id)" }

    private static func due(_ place: Place?) -> (due: Int64, id: String)? {
        guard let place, let colon = place.firstIndex(of: ":"), let due = Int64(place[..<colon]) else {
            return nil
        }
        return (due, String(place[place.index(after: colon)...]))
    }

    private func due(after place: Place?, _ db: Database) throws -> Step {
        let isRising = order == .due
        let sort = isRising ? "due_at, id" : "due_at DESC, id DESC"
        var range = Conditions()
        switch query.state {
        case .running: range.add("due_at > ?", now.microseconds)
        case .overdue: range.add("due_at <= ?", now.microseconds)
        case .all, .closed: range.add("due_at IS NOT NULL")
        }
        if let days = query.due {
            // A limit that ends at midnight belongs to the day before.
            range.add("due_at > ?", days.lowerBound.start.microseconds)
            range.add("due_at <= ?", days.upperBound.next.start.microseconds)
        }
        if let (due, id) = Self.due(place) {
            range.add("(due_at, id) \(isRising ? ">" : "<") (?, ?)", due, id)
        }
        if let fewEnterprises {
            range.add("is_open = 1")
            range.add(enterprises: fewEnterprises)
            addNumbers(&range)
            return statement("matter INDEXED BY matter_enterprise", range, sort, end: nil)
        }
        guard hasRest else { return statement("matter", range, sort, end: nil) }
        let last = try Row.fetchOne(
            try db.cachedStatement(
                sql: "SELECT due_at, id FROM matter \(range.sql) ORDER BY \(sort) LIMIT 1 OFFSET \(step - 1)"
            ),
            arguments: range.arguments
        )
        if let last {
            let (due, id): (Int64, String) = (last["due_at"], last["id"])
            // The first of these is what ends the way through the index.
            range.add("due_at \(isRising ? "<=" : ">=") ?", due)
            range.add("(due_at, id) \(isRising ? "<=" : ">=") (?, ?)", due, id)
        }
        addNumbers(&range)
        if let enterprises = query.enterprises { range.add(enterprises: enterprises) }
        return statement(
            "matter INDEXED BY matter_due",
            range,
            sort,
            end: last.map { Self.place(due: $0["due_at"], id: $0["id"]) },
            looked: step
        )
    }

    private func newest(after place: Place?, _ db: Database) throws -> Step? {
        let highest = try Int64.fetchOne(db, sql: "SELECT max(rowid) FROM matter") ?? 0
        let from = min(place.flatMap { Int64($0) } ?? .max, highest + 1)
        guard from > 1 else { return nil }
        if let fewEnterprises {
            // The latest of each, and of them the latest.
            var range = Conditions()
            let parts = fewEnterprises.flatMap { enterprise in
                (query.state == .closed ? [0] : [0, 1]).map { isOpen -> String in
                    range.arguments += [enterprise.text, from]
                    return """
                        SELECT * FROM (
                          SELECT rowid FROM matter INDEXED BY \(isOpen == 1 ? "matter_enterprise" : "matter_closed")
                          WHERE is_open = \(isOpen) AND enterprise = ? AND rowid < ? ORDER BY rowid DESC LIMIT \(step))
                        """
                }
            }
            range.clauses = ["rowid IN (\(parts.joined(separator: " UNION ALL ")))"]
            return statement("matter", range, "rowid DESC", end: nil, limit: step)
        }
        var range = Conditions()
        range.add("rowid < ?", from)
        guard hasRest else { return statement("matter", range, "rowid DESC", end: nil) }
        let end = max(1, from - Int64(step))
        range.add("rowid >= ?", end)
        if query.state == .closed { range.add("is_open = 0") }
        if let enterprises = query.enterprises { range.add(enterprises: enterprises) }
        return statement(
            "matter NOT INDEXED",
            range,
            "rowid DESC",
            end: end > 1 ? "\(end)" : nil,
            looked: step
        )
    }

    /// One type after the other, the greatest first, as their ids are sorted.
    private func number(after place: Place?, _ db: Database) throws -> Step? {
        let ranges = numbers.filter { range in place.map { range.first < $0 } ?? true }
        guard let next = ranges.first else { return nil }
        var range = Conditions()
        // The sign keeps the planner from going through all numbers where a few enterprises are asked for.
        let id = fewEnterprises == nil ? "id" : "+id"
        range.add("\(id) >= ?", next.first)
        range.add("\(id) < ?", place.map { min($0, next.end) } ?? next.end)
        // The place before the lowest id of this type, from which the next type follows.
        let below: Place? = ranges.count > 1 ? next.first : nil
        if let fewEnterprises {
            let marks = Conditions.marks(fewEnterprises.count)
            let names = fewEnterprises.map(\.text)
            range.add(
                """
                rowid IN (SELECT rowid FROM matter WHERE is_open = 0 AND enterprise IN (\(marks))
                  UNION ALL SELECT rowid FROM matter WHERE is_open = 1 AND enterprise IN (\(marks)))
                """
            )
            range.arguments += StatementArguments(names + names)
            addState(&range)
            return statement("matter", range, "+id DESC", end: below)
        }
        guard hasRest else { return statement("matter", range, "id DESC", end: below) }
        let last = try String.fetchOne(
            try db.cachedStatement(
                sql: "SELECT id FROM matter \(range.sql) ORDER BY id DESC LIMIT 1 OFFSET \(step - 1)"
            ),
            arguments: range.arguments
        )
        if let last { range.add("id >= ?", last) }
        addState(&range)
        if let enterprises = query.enterprises { range.add(enterprises: enterprises) }
        // A type of which there are none, or few, is looked through in no time.
        return statement("matter", range, "id DESC", end: last ?? below, looked: last == nil ? 0 : step)
    }

    // MARK: Parts

    /// Whether there is something to ask for that the order's own index does not answer.
    private var hasRest: Bool {
        switch order {
        case .due, .latestDue:
            query.enterprises != nil || query.rules != nil || query.number != nil || !query.types.isEmpty
        case .number, .newest: query.enterprises != nil || query.rules != nil || query.state != .all
        }
    }

    /// The ids that begin so, below each type that is asked for; the greatest first.
    private var numbers: [(first: String, end: String)] {
        (query.types.isEmpty ? MatterType.allCases : query.types).map { type in
            let first = type.rawValue + "/" + (query.number ?? "")
            // Above every id that begins so: no id has a character of U+10FFFF.
            return (first, first + "\u{10FFFF}")
        }
        .sorted { $0.first > $1.first }
    }

    private func addState(_ range: inout Conditions) {
        switch query.state {
        case .running: range.add("+due_at > ?", now.microseconds)
        case .overdue: range.add("+due_at <= ?", now.microseconds)
        case .closed: range.add("+is_open = 0")
        case .all: break
        }
    }

    private func addNumbers(_ range: inout Conditions) {
        guard query.number != nil || !query.types.isEmpty else { return }
        let numbers = numbers
        // The sign keeps the planner from going by the numbers.
        range.add("(" + numbers.map { _ in "(+id >= ? AND +id < ?)" }.joined(separator: " OR ") + ")")
        range.arguments += StatementArguments(numbers.flatMap { [$0.first, $0.end] })
    }

    private func statement(
        _ table: String,
        _ range: Conditions,
        _ sort: String,
        end: Place?,
        limit: Int? = nil,
        looked: Int = 0
    ) -> Step {
        Step(
            sql: """
                SELECT rowid AS place, id, enterprise, policy, is_open, due_at, state FROM \(table) \(range.sql)
                ORDER BY \(sort)\(limit.map { " LIMIT \($0)" } ?? "")
                """,
            arguments: range.arguments,
            end: end,
            looked: looked
        )
    }
}

/// What a row must fulfil, with the values for its question marks.
private struct Conditions {
    var clauses: [String] = []
    var arguments = StatementArguments()

    var sql: String { clauses.isEmpty ? "" : "WHERE " + clauses.joined(separator: " AND ") }

    mutating func add(_ clause: String, _ values: (any DatabaseValueConvertible)?...) {
        clauses.append(clause)
        arguments += StatementArguments(values)
    }

    mutating func add(enterprises: [EnterpriseID]) {
        clauses.append("enterprise IN (\(Self.marks(enterprises.count)))")
        arguments += StatementArguments(enterprises.map(\.text))
    }

    static func marks(_ count: Int) -> String { repeatElement("?", count: count).joined(separator: ", ") }
}
