import Duty
import Foundation
import GRDB
import Testing

@testable import Storage

/// Lists that people page through.
@Suite struct BoardConformance {
    private func record(
        _ rule: RuleID,
        due: Instant?,
        _ phase: Obligation.Phase = .open,
        kind: String = "deadline",
        isWithdrawn: Bool = false
    ) -> MatterState.Record {
        MatterState.Record(
            key: ObligationKey(rule: rule, cycle: 1),
            article: 22,
            kind: kind,
            openedAt: Sample.noon - .hours(1),
            dueAt: due,
            phase: phase,
            metAt: nil,
            breachedAt: nil,
            isLateIngest: false,
            isWithdrawn: isWithdrawn,
            warnedRung: -1
        )
    }

    private func matter(
        _ id: MatterID,
        of enterprise: EnterpriseID? = "E-1",
        isOpen: Bool = true,
        version: Int64 = 1,
        _ records: MatterState.Record...
    ) -> StoredMatter {
        var state = MatterState()
        state.records = records
        return StoredMatter(
            id: id,
            version: version,
            enterprise: enterprise,
            policyVersion: "1",
            isOpen: isOpen,
            state: state
        )
    }

    /// Overdue since an hour, running, running later, closed, and without a clock.
    private func fill(_ store: any Store) async throws {
        _ = try await store.commit(
            Commit {
                $0.matters = [
                    matter(
                        "complaint/CP-1",
                        record("A22.response", due: Sample.noon - .hours(1), .breached),
                        record("A22.solution", due: Sample.noon + .hours(2))
                    ),
                    matter("complaint/CP-2", record("A22.solution", due: Sample.noon + .hours(3))),
                    matter("fine/FN-1", of: "E-2", record("A22.attribution", due: Sample.noon + .hours(1))),
                    matter(
                        "complaint/CP-3",
                        of: "E-2",
                        isOpen: false,
                        record("A22.response", due: Sample.noon - .hours(3), .met)
                    ),
                    matter(
                        "case/CS-1",
                        of: nil,
                        record("A25.case", due: Sample.noon - .hours(1), .breached, kind: "gate"),
                        record("A22.solution", due: Sample.noon, isWithdrawn: true)
                    ),
                ]
            }
        )
    }

    private func list(
        _ store: any Store,
        _ change: (inout MatterQuery) -> Void = { _ in }
    ) async throws
        -> [String]
    {
        var query = MatterQuery()
        change(&query)
        let board = try #require(store as? any BoardStore)
        return try await board.list(query, now: Sample.noon).rows.map(\.id.number)
    }

    @Test(arguments: StoreKind.all) func clocksAreListedByTheTimeThatIsLeft(_ kind: StoreKind) async throws {
        try await kind.with { store in
            try await fill(store)
            #expect(try await list(store) { $0.state = .running } == ["FN-1", "CP-2"])
            #expect(try await list(store) { $0.state = .overdue } == ["CP-1"])
            #expect(try await list(store) { $0.state = .closed } == ["CP-3"])
            #expect(try await list(store) == ["CS-1", "CP-3", "FN-1", "CP-2", "CP-1"], "the newest first")
        }
    }

    @Test(arguments: StoreKind.all) func aClockThatIsDoneLeavesTheList(_ kind: StoreKind) async throws {
        try await kind.with { store in
            try await fill(store)
            let done = matter(
                "complaint/CP-1",
                version: 2,
                record("A22.response", due: Sample.noon - .hours(1), .metLate),
                record("A22.solution", due: Sample.noon + .hours(2), .met)
            )
            _ = try await store.commit(Commit { $0.matters = [done] })
            #expect(try await list(store) { $0.state = .overdue } == [])
            #expect(try await list(store) { $0.state = .running } == ["FN-1", "CP-2"])
        }
    }

    @Test(arguments: StoreKind.all) func mattersAreFoundByWhatPeopleKnow(_ kind: StoreKind) async throws {
        try await kind.with { store in
            try await fill(store)
            #expect(try await list(store) { $0.number = "CP-" } == ["CP-3", "CP-2", "CP-1"])
            #expect(
                try await list(store) {
                    $0.number = "CP-1"; $0.types = [.fine]
                } == []
            )
            #expect(try await list(store) { $0.types = [.fine, .case] } == ["FN-1", "CS-1"])
            #expect(try await list(store) { $0.enterprises = ["E-2"] } == ["CP-3", "FN-1"])
            #expect(try await list(store) { $0.enterprises = [] } == [])
            #expect(try await list(store) { $0.rules = ["A25.case"] } == ["CS-1"])
            #expect(
                try await list(store) {
                    $0.enterprises = ["E-1"]; $0.state = .running
                } == ["CP-2"]
            )
            #expect(try await list(store) { $0.number = "%" } == [], "no character is special")
            #expect(try await list(store) { $0.rules = ["A22.solution"] } == ["CP-2", "CP-1"])
        }
    }

    @Test(arguments: StoreKind.all) func aDayHasWhatIsDueOnIt(_ kind: StoreKind) async throws {
        try await kind.with { store in
            let day = CivilDate(Sample.noon)
            _ = try await store.commit(
                Commit {
                    $0.matters = [
                        matter("complaint/midnight", record("r", due: day.next.start)),
                        matter("complaint/next", record("r", due: day.next.start + Span(microseconds: 1))),
                        matter("complaint/before", record("r", due: day.start)),
                        matter("complaint/noon", record("r", due: Sample.noon, .breached)),
                    ]
                }
            )
            #expect(try await list(store) { $0.due = day...day } == ["noon", "midnight"])
        }
    }

    @Test(arguments: StoreKind.all) func pagesGoOnWhereTheLastEnded(_ kind: StoreKind) async throws {
        try await kind.with { store in
            var all: [StoredMatter] = []
            for index in 0..<450 {
                let rule: RuleID = index % 90 == 0 ? "rare" : "r"
                let due = Sample.noon + .minutes(Int64(1 + index / 3))
                let id = MatterID("complaint/\(1000 + index)")
                all.append(
                    matter(
                        id,
                        of: EnterpriseID("E-\(index % 100)"),
                        isOpen: index % 2 == 0,
                        record(rule, due: index % 2 == 0 ? due : nil, index % 2 == 0 ? .open : .met)
                    )
                )
            }
            _ = try await store.commit(Commit { $0.matters = all })
            let board = try #require(store as? any BoardStore)
            let (few, many): ([EnterpriseID], [EnterpriseID]) = (
                (0..<6).map { EnterpriseID("E-\($0)") }, (0..<90).map { EnterpriseID("E-\($0)") }
            )
            let changes: [(inout MatterQuery) -> Void] = [
                { _ in }, { $0.state = .running }, { $0.types = [.complaint] }, { $0.state = .closed },
                { $0.rules = ["rare"] }, { $0.number = "10" }, { $0.types = [.fine, .complaint, .visit] },
                { ($0.types, $0.state) = ([.complaint], .closed) },
                { ($0.number, $0.state) = ("11", .running) }, { $0.enterprises = few },
                { ($0.enterprises, $0.state) = (few, .running) },
                { ($0.enterprises, $0.state) = (few, .closed) },
                { ($0.enterprises, $0.number) = (few, "1") }, { $0.enterprises = many },
                { ($0.enterprises, $0.state) = (many, .running) },
                { ($0.enterprises, $0.number) = (many, "1") },
                { ($0.enterprises, $0.rules) = (many, ["rare"]) },
            ]
            for change in changes {
                var query = MatterQuery()
                query.limit = 7
                change(&query)
                var seen: [MatterID] = []
                repeat {
                    let page = try await board.list(query, now: Sample.noon)
                    seen += page.rows.map(\.id)
                    query.after = page.next
                } while query.after != nil
                query.limit = 1_000
                let whole = try await board.list(query, now: Sample.noon).rows.map(\.id)
                #expect(seen == whole && !seen.isEmpty && Set(seen).count == seen.count)
            }
            var odd = MatterQuery()
            for cursor in ["", "x", "1:", ":y", "99999999999999999999"] {
                odd.after = cursor
                odd.state = .running
                _ = try await board.list(odd, now: Sample.noon)
            }
        }
    }

    /// Where little fits, a page ends after so many rows, and says where to look on.
    @Test(arguments: StoreKind.all) func aRareThingIsFoundInTheEnd(_ kind: StoreKind) async throws {
        try await kind.with { store in
            let count = 20_000
            let all = (0..<count).map { index in
                matter(MatterID("complaint/\(100_000 + index)"), isOpen: index > 2, record("r", due: nil))
            }
            for start in stride(from: 0, to: count, by: 5_000) {
                _ = try await store.commit(Commit { $0.matters = Array(all[start..<start + 5_000]) })
            }
            let board = try #require(store as? any BoardStore)
            for types in [[], [MatterType.complaint]] {
                var query = MatterQuery()
                query.state = .closed
                query.types = types
                var (seen, pages) = ([String](), 0)
                repeat {
                    let page = try await board.list(query, now: Sample.noon)
                    seen += page.rows.map(\.id.number)
                    pages += 1
                    query.after = page.next
                } while query.after != nil
                #expect(seen == ["100002", "100001", "100000"] && pages == 3)
            }
        }
    }

    @Test(arguments: StoreKind.all) func whatStandsAtTheTopIsCounted(_ kind: StoreKind) async throws {
        try await kind.with { store in
            try await fill(store)
            _ = try await store.commit(
                Commit { $0.notifications = ["a", "b", "c"].map { Sample.notification($0) } }
            )
            let at = Sample.noon - .hours(1)
            try await store.beginAttempts([
                StoredAttemptStart(key: "a", channel: "hook", number: 1, at: at),
                StoredAttemptStart(key: "b", channel: "hook", number: 1, at: at),
            ])
            _ = try await store.finishAttempts([
                StoredAttemptEnd(
                    key: "a",
                    channel: "hook",
                    number: 1,
                    at: at,
                    outcome: .sent(reference: nil),
                    state: .sent,
                    nextAt: nil
                ),
                StoredAttemptEnd(
                    key: "b",
                    channel: "hook",
                    number: 1,
                    at: at,
                    outcome: .failed(code: "500", reason: "no"),
                    state: .gaveUp,
                    nextAt: nil
                ),
            ])
            let board = try #require(store as? any BoardStore)
            let top = try await board.summary(now: Sample.noon)
            #expect(top.overdue == 1 && top.running == 2 && top.waiting == 1 && top.undelivered == 1)
            let later = try await board.summary(now: Sample.noon + .days(1))
            #expect(later.overdue == 3 && later.running == 0 && later.undelivered == 0, "a day is over")
            let trouble = try await board.notifications(before: nil, onlyTrouble: true, limit: 9)
            #expect(trouble.map(\.stored.notification.key) == ["b"])
            let versions = try await board.versions(of: .complaint)
            #expect(versions == ["complaint/CP-1": 1, "complaint/CP-2": 1, "complaint/CP-3": 1])
            #expect(try await store.statistics(now: Sample.noon).matters == 5)
        }
    }

    @Test(arguments: StoreKind.all) func theBusiestEnterprisesComeFirst(_ kind: StoreKind) async throws {
        try await kind.with { store in
            try await fill(store)
            let board = try #require(store as? any BoardStore)
            let load = try await board.load(limit: 10)
            #expect(load.map(\.enterprise) == ["E-1", "E-2"] && load.map(\.open) == [2, 1])
        }
    }

    @Test(arguments: StoreKind.all) func theLatestNotificationIsTheLastThatWasAskedFor(
        _ kind: StoreKind
    ) async throws {
        try await kind.with { store in
            _ = try await store.commit(
                Commit { $0.notifications = ["a", "b", "c"].map { Sample.notification($0) } }
            )
            let board = try #require(store as? any BoardStore)
            let matter = Sample.notification("a").matter
            let last = try await board.lastNotifications(of: [matter, "complaint/none"])
            #expect(last.mapValues(\.notification.key) == [matter: "c"])
            let first = try await board.notifications(before: nil, onlyTrouble: false, limit: 2)
            #expect(first.map(\.stored.notification.key) == ["c", "b"])
            let rest = try await board.notifications(before: first.last?.number, onlyTrouble: false, limit: 2)
            #expect(rest.map(\.stored.notification.key) == ["a"])
            #expect(try await board.notifications(before: nil, onlyTrouble: true, limit: 9).isEmpty)
        }
    }

    /// With a million matters a list may not go through the table.
    @Test func everyListHasAnIndex() async throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        try await SQLiteStore(path: scratch.database).close()
        let queue = try DatabaseQueue(path: scratch.database)
        let statements = [
            "SELECT id FROM matter WHERE due_at > 5 ORDER BY due_at, id LIMIT 9": "matter_due",
            "SELECT id FROM matter WHERE due_at <= 5 ORDER BY due_at DESC, id DESC LIMIT 9": "matter_due",
            "SELECT id FROM matter WHERE is_open = 0 AND enterprise IN ('a') LIMIT 9": "matter_closed",
            SQLiteStore.openOnes.numbered: "matter_undecided",
            SQLiteStore.closedOnes.numbered: "matter_closed",
            "SELECT count(*) FROM (SELECT 1 FROM matter WHERE due_at <= 5 LIMIT 9)":
                "COVERING INDEX matter_due",
            "SELECT rowid FROM matter WHERE is_open = 0 AND enterprise = 'a' AND rowid < 5 ORDER BY rowid DESC":
                "matter_closed",
            "SELECT rowid FROM notification WHERE rowid < 5 AND state IN ('uncertain', 'gaveUp', 'failed') LIMIT 9":
                "notification_trouble",
        ]
        for (sql, index) in statements {
            let plan = try await queue.read { db in
                try Row.fetchAll(db, sql: "EXPLAIN QUERY PLAN " + sql).map { $0["detail"] as String }
            }
            #expect(plan.contains { $0.contains(index) }, "\(sql): \(plan)")
        }
        try queue.close()
    }
}

extension String {
    /// With a number in the place of each argument.
    fileprivate var numbered: String { replacingOccurrences(of: "?", with: "5") }
}
