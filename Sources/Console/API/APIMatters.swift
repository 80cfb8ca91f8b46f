import Duty
import Storage

/// Lists of matters.
extension APIRoutes {
    func matters(_ view: BoardView, _ query: APIQuery) async throws -> Value {
        var filter = MatterFilter()
        filter.number = query["q"]
        filter.type = try query.word("type", of: MatterType.allCases)
        filter.state = try query.word("state", of: MatterQuery.State.allCases) ?? .all
        filter.enterprise = query["enterprise"]
        filter.person = query["person"]
        filter.article = try query.number("article", in: 0...200)
        var wanted = try await reader.query(filter, view.policy).query
        // Places differ with the order, and the order with what is looked for.
        let isByNumber =
            wanted.number != nil
            || !wanted.types.isEmpty && filter.state != .running && filter.state != .overdue
        let list = "matters.\(filter.state.rawValue).\(isByNumber)"
        wanted.after = try query.cursor("after", of: list)
        wanted.limit = try query.limit()
        let page = try await reader.store.list(wanted, now: view.now)
        return [
            "now": .string(view.now.rfc3339), "matters": .array(try await rows(view, page)),
            "next": APIQuery.next(page.next, of: list),
        ]
    }

    /// Without a day, every clock that somebody can still do something about.
    func deadlines(_ view: BoardView, _ query: APIQuery) async throws -> Value {
        let (day, from, to) = (try query.day("day"), try query.day("from"), try query.day("to"))
        guard day == nil || (from == nil && to == nil) else {
            throw APIProblem("badParameter", "day: without from and to")
        }
        let first = day ?? from ?? Self.firstDay
        let last = day ?? to ?? Self.lastDay
        guard first <= last else { throw APIProblem("badParameter", "to: not before from") }
        var wanted = MatterQuery()
        wanted.state = try query.word("state", of: [.all, .running, .overdue]) ?? .all
        wanted.due = max(first, Self.firstDay)...min(max(last, Self.firstDay), Self.lastDay)
        let list = "deadlines.\(wanted.state.rawValue)"
        wanted.after = try query.cursor("after", of: list)
        wanted.limit = try query.limit()
        let page = try await reader.store.list(wanted, now: view.now)
        return [
            "now": .string(view.now.rfc3339), "deadlines": .array(try await rows(view, page)),
            "next": APIQuery.next(page.next, of: list),
        ]
    }

    // No clock of ours ends beyond these.
    private static let firstDay = CivilDate(Instant(seconds: 0))
    private static let lastDay = firstDay.adding(days: 80_000)

    // MARK: Rows

    private func rows(_ view: BoardView, _ page: MatterPage) async throws -> [Value] {
        let last = try await reader.store.lastNotifications(of: page.rows.map(\.id))
        let known = try await reader.enterprises.enterprises(page.rows.compactMap(\.enterprise))
        return page.rows.map { row in
            self.row(view, row, last[row.id], row.enterprise.flatMap { known[$0] })
        }
    }

    private func row(
        _ view: BoardView,
        _ row: MatterRow,
        _ last: StoredNotification?,
        _ enterprise: Enterprise?
    ) -> Value {
        let isHidden = view.disclosure.hides(row.id, row.state)
        let last = last.flatMap { view.disclosure.hides($0.notification) ? nil : $0 }
        let running = row.state.runningClocks
        let due = running.first?.dueAt
        let state = due.map { $0 <= view.now ? "overdue" : "running" } ?? (row.isOpen ? "open" : "closed")
        let owners = isHidden ? [] : view.owners(last, enterprise)
        return [
            "id": .string(row.id.text), "type": .string(row.id.type?.rawValue ?? ""),
            "enterpriseId": Self.text(isHidden ? nil : row.enterprise?.text),
            "enterpriseName": Self.text(isHidden ? nil : enterprise?.shortName),
            "policyVersion": .string(row.policyVersion), "restricted": .bool(isHidden),
            "state": .string(state), "dueAt": Self.time(due), "leftSeconds": Self.left(due, view.now),
            "provisional": .bool(running.contains(where: \.isProvisional)),
            "ownerRefs": .array(owners.map { .string($0.text) }),
            "clocks": .array(running.map { clock(view, $0, isHidden: isHidden) }),
            "lastNotice": isHidden ? .null : last.map(Self.notice) ?? .null,
        ]
    }

    private func clock(_ view: BoardView, _ record: MatterState.Record, isHidden: Bool) -> Value {
        [
            "ruleId": Self.text(isHidden ? nil : record.key.rule.text),
            "title": Self.text(isHidden ? nil : view.title(record.key.rule)),
            "article": isHidden ? .null : .integer(Int64(record.article)),
            "cycle": .integer(Int64(record.key.cycle)), "openedAt": .string(record.openedAt.rfc3339),
            "dueAt": Self.time(record.dueAt), "leftSeconds": Self.left(record.dueAt, view.now),
            "state": record.dueAt.map { $0 <= view.now ? "overdue" : "running" } ?? "open",
            "provisional": .bool(record.isProvisional),
        ]
    }

    /// Whole seconds; a clock that has just run out has 0 left, and never again more.
    private static func left(_ due: Instant?, _ now: Instant) -> Value {
        due.map { .integer(($0 - now).microseconds.floorDivided(by: 1_000_000)) } ?? .null
    }

    private static func notice(_ stored: StoredNotification) -> Value {
        let told = stored.notification
        return [
            "code": .string(told.code), "stage": .string(told.stage),
            "recipient": ConsoleServer.value(told.recipient), "state": .string(stored.state.rawValue),
            "acknowledged": .bool(stored.acknowledgement != nil),
            "requestedAt": .string(told.requestedAt.rfc3339),
        ]
    }
}
