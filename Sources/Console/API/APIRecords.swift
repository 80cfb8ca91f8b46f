import Duty
import Storage

/// What was told, to whom, and what was decided.
extension APIRoutes {
    private enum Choice: String, CaseIterable { case all, trouble }

    func alerts(_ view: BoardView, _ query: APIQuery) async throws -> Value {
        let limit = try query.limit()
        let rows = try await reader.store.notifications(
            before: try query.place("before", of: "alerts"),
            onlyTrouble: try query.word("only", of: Choice.allCases) == .trouble,
            limit: limit
        )
        return [
            "alerts": .array(rows.map { alert(view, $0.stored) }),
            "next": APIQuery.next(rows.count < limit ? nil : rows.last.map { "\($0.number)" }, of: "alerts"),
        ]
    }

    private func alert(_ view: BoardView, _ stored: StoredNotification) -> Value {
        let told = stored.notification
        let isHidden = view.disclosure.hides(told)
        return [
            "restricted": .bool(isHidden), "matter": .string(told.matter.text),
            "enterpriseId": Self.text(isHidden ? nil : told.enterprise.text),
            "ruleId": Self.text(isHidden ? nil : told.rule.text),
            "article": isHidden ? .null : .integer(Int64(told.article)),
            "cycle": .integer(Int64(told.cycle)), "dueAt": Self.time(told.dueAt),
            "notification": isHidden ? .null : ConsoleServer.value(stored),
        ]
    }

    func journal(_ view: BoardView, _ query: APIQuery) async throws -> Value {
        let limit = try query.limit()
        let records = try await reader.store.journal(
            before: try query.place("before", of: "journal"),
            limit: limit
        )
        return [
            "records": .array(records.map { record($0, view.disclosure) }),
            "next": APIQuery.next(
                records.count < limit ? nil : records.last.map { "\($0.sequence)" },
                of: "journal"
            ),
        ]
    }

    private func record(_ record: JournalRecord, _ disclosure: Disclosure) -> Value {
        let isHidden = record.entries.contains { disclosure.hides($0, of: record.matter) }
        return [
            "sequence": .integer(record.sequence), "at": .string(record.at.rfc3339),
            "matter": Self.text(record.matter?.text),
            "enterpriseId": Self.text(isHidden ? nil : record.enterprise?.text),
            "policyVersion": Self.text(record.policyVersion),
            "entries": .array(
                record.entries.map { entry($0, isHidden: disclosure.hides($0, of: record.matter)) }
            ),
        ]
    }

    private func entry(_ entry: Transition, isHidden: Bool) -> Value {
        [
            "action": .string(entry.action), "restricted": .bool(isHidden),
            "ruleId": Self.text(isHidden ? nil : entry.rule?.text),
            "article": isHidden ? .null : entry.article.map { .integer(Int64($0)) } ?? .null,
            "cycle": .integer(Int64(entry.cycle)), "at": .string(entry.at.rfc3339),
            "fields": isHidden ? .object([]) : entry.fields,
        ]
    }

    // MARK: Roster

    func roster(_ view: BoardView, _ query: APIQuery) async throws -> Value {
        let person = query["person"].map { PersonRef($0) }
        let after = try query.cursor("after", of: "roster").map { MatterID($0) }
        let limit = try query.limit()
        // One more than asked for tells whether there is another page.
        let rest: [MatterID] =
            if let enterprise = query["enterprise"] {
                [MatterID(type: .enterprise, number: enterprise)].filter { id in after.map { $0 < id } ?? true
                }
            } else if let person {
                try await scopes(served(by: person), after, limit + 1)
            } else {
                try await scopes(after, limit + 1)
            }
        let page = rest.prefix(limit)
        let stored = try await reader.store.matters(Array(page)).sorted { $0.id < $1.id }
        let assignments = stored.flatMap { matter -> [Value] in
            Roster(facts: FactHistory.effective(matter.facts)).serving(at: view.now)
                .filter { person == nil || $0.person == person }
                .sorted { ($0.role, $0.person, $0.id) < ($1.role, $1.person, $1.id) }
                .map { Self.value($0, matter.id) }
        }
        return [
            "now": .string(view.now.rfc3339), "assignments": .array(assignments),
            "next": APIQuery.next(rest.count > limit ? page.last?.text : nil, of: "roster"),
        ]
    }

    private func served(by person: PersonRef) async throws -> [MatterID] {
        let enterprises = try await reader.served(by: person)
        let parks = try await reader.store.matterIDs(of: .park)
        return (enterprises.map { MatterID(type: .enterprise, number: $0.text) } + parks).sorted()
    }

    private func scopes(_ all: [MatterID], _ after: MatterID?, _ limit: Int) -> [MatterID] {
        Array(all.filter { id in after.map { $0 < id } ?? true }.prefix(limit))
    }

    /// The enterprises, then the parks, that follow a place, without a look at those before it.
    private func scopes(_ after: MatterID?, _ limit: Int) async throws -> [MatterID] {
        var found: [MatterID] = []
        for type in [MatterType.enterprise, .park] where after?.type != .park || type == .park {
            // Every id of a type is greater than its bare name.
            let place = after?.type == type ? after : MatterID(type: type, number: "")
            found += try await reader.store.heads(after: place, limit: limit - found.count).map(\.id)
                .prefix { $0.type == type }
            guard found.count < limit else { break }
        }
        return found
    }

    private static func value(_ assignment: Roster.Assignment, _ scope: MatterID) -> Value {
        [
            "assignmentId": .string(assignment.id),
            "enterpriseId": text(scope.type == .enterprise ? scope.number : nil),
            "parkId": text(scope.type == .park ? scope.number : nil),
            "personRef": .string(assignment.person.text), "role": .string(assignment.role.text),
            "backup": .bool(assignment.isBackup), "since": .string(assignment.from.rfc3339),
            "until": time(assignment.until),
        ]
    }
}
