import Duty
import Foundation
import GRDB
import Storage
import Testing

/// Sums that a store keeps with its commits.
@Suite struct FigureConformance {
    private func figures(_ build: (inout Figures) -> Void) -> Figures {
        var figures = Figures()
        build(&figures)
        return figures
    }

    private func slot(_ outcome: Figures.Outcome, isLate: Bool = false, days: Int = 0) -> Figures.Slot {
        let day = CivilDate(Sample.noon).adding(days: days)
        return Figures.Slot(rule: "r", outcome: outcome, isLateIngest: isLate, day: day)
    }

    @Test(arguments: StoreKind.all) func changesAddUp(_ kind: StoreKind) async throws {
        try await kind.with { store in
            #expect(try await store.statistics(now: Sample.noon).supervision == Figures())
            let changes = [
                figures {
                    $0.add(2, to: slot(.breached)); $0.postedFen = 500; $0.heldFen = 3
                },
                figures {
                    $0.add(-1, to: slot(.breached)); $0.add(1, to: slot(.metLate)); $0.postedFen = -700
                    $0.add(1, to: slot(.breached, isLate: true)); $0.add(4, to: slot(.breached, days: 1))
                },
                Figures(),
            ]
            for change in changes {
                _ = try await store.commit(
                    Commit {
                        $0.figures = change
                        $0.journal = [Sample.record()]
                    }
                )
            }
            let days = figures {
                $0.add(1, to: slot(.breached)); $0.add(1, to: slot(.metLate))
                $0.add(1, to: slot(.breached, isLate: true)); $0.add(4, to: slot(.breached, days: 1))
            }
            var sum = days.total
            sum.postedFen = -200
            sum.heldFen = 3
            #expect(try await store.statistics(now: Sample.noon).supervision == sum)
            let noon = CivilDate(Sample.noon)
            let board = try #require(store as? any BoardStore)
            #expect(try await board.figures(from: noon, through: noon.next) == days)
            let tomorrow = try await board.figures(from: noon.next, through: noon.next)
            #expect(tomorrow == figures { $0.add(4, to: slot(.breached, days: 1)) })
        }
    }

    @Test(arguments: StoreKind.all) func timesAndAgesAreKeptAsWell(_ kind: StoreKind) async throws {
        try await kind.with { store in
            let noon = CivilDate(Sample.noon)
            func took(_ minutes: Int64) -> Figures.Slot {
                Figures.Slot(rule: "r", outcome: .took, day: noon, minutes: minutes)
            }
            func waits(_ days: Int) -> Figures.Slot {
                Figures.Slot(rule: nil, outcome: .waiting, day: noon.adding(days: days))
            }
            for change in [
                figures {
                    $0.add(2, to: took(7)); $0.add(1, to: took(120)); $0.add(3, to: waits(-2))
                },
                figures {
                    $0.add(-1, to: waits(-2)); $0.add(1, to: waits(0)); $0.add(-1, to: waits(0))
                },
            ] {
                _ = try await store.commit(
                    Commit {
                        $0.figures = change
                        $0.journal = [Sample.record()]
                    }
                )
            }
            let board = try #require(store as? any BoardStore)
            let kept = try await board.figures(from: noon, through: noon)
            #expect(kept.minutes(["r"], percent: 50) == (7, 3))
            #expect(kept.minutes(["r"], percent: 90) == (120, 3))
            let total = try await store.statistics(now: Sample.noon).supervision
            #expect(total.minutes(["r"], percent: 90) == (120, 3))
            #expect(try await board.waiting() == [noon.adding(days: -2): 2])
        }
    }

    @Test(arguments: StoreKind.all) func aRefusedCommitChangesNoSum(_ kind: StoreKind) async throws {
        try await kind.with { store in
            await #expect(throws: StoreError.staleMatter("complaint/1")) {
                try await store.commit(
                    Commit {
                        $0.figures.add(1, to: slot(.met))
                        $0.matters = [Sample.matter(version: 7)]
                    }
                )
            }
            let kept = try await store.statistics(now: Sample.noon).supervision
            #expect(kept == Figures())
        }
    }

    @Test(arguments: StoreKind.all) func aSumBeyondAllSenseIsCutOff(_ kind: StoreKind) async throws {
        try await kind.with { store in
            for _ in 0..<2 {
                _ = try await store.commit(
                    Commit {
                        $0.figures.postedFen = .max
                        $0.journal = [Sample.record()]
                    }
                )
            }
            #expect(try await store.statistics(now: Sample.noon).supervision.postedFen == .max)
        }
    }

    @Test(arguments: StoreKind.all) func whatWaitsIsCountedByItsChannel(_ kind: StoreKind) async throws {
        try await kind.with { store in
            let keys = ["new", "again", "sending", "sent", "elsewhere"]
            _ = try await store.commit(Commit { $0.notifications = keys.map { Sample.notification($0) } })
            try await store.beginAttempts(
                keys.dropFirst().map {
                    StoredAttemptStart(key: $0, channel: "hook", number: 1, at: Sample.noon)
                }
            )
            func end(
                _ key: String,
                _ outcome: SendOutcome,
                _ state: NotificationState,
                next: String? = nil
            ) -> StoredAttemptEnd {
                StoredAttemptEnd(
                    key: key,
                    channel: "hook",
                    number: 1,
                    at: Sample.noon,
                    outcome: outcome,
                    state: state,
                    nextAt: next.map { _ in Sample.noon },
                    nextChannel: next
                )
            }
            let busy = SendOutcome.retry(code: "503", reason: "busy", after: nil)
            try await store.finishAttempts([
                end("again", busy, .failed, next: "hook"), end("elsewhere", busy, .failed, next: "sms"),
                end("sent", .sent(reference: nil), .sent),
            ])
            #expect(
                Set(try await store.statistics(now: Sample.noon).pending) == [
                    StoreStatistics.Pending(messageClass: .personal, channel: nil, count: 1),
                    StoreStatistics.Pending(messageClass: .personal, channel: "hook", count: 1),
                    StoreStatistics.Pending(messageClass: .personal, channel: "sms", count: 1),
                ]
            )
        }
    }

    // MARK: Files of the first version

    /// Takes a file back to where its version 1 was.
    private static func makeOld(_ path: String) throws {
        let queue = try DatabaseQueue(path: path)
        try queue.write { db in
            try db.execute(
                sql: """
                    DELETE FROM grdb_migrations
                      WHERE identifier LIKE '2 %' OR identifier LIKE 'figures by%' OR identifier LIKE 'how %';
                    DROP TABLE figure;
                    DROP TABLE tally;
                    DROP INDEX matter_due;
                    DROP INDEX matter_closed;
                    DROP INDEX notification_trouble;
                    ALTER TABLE matter DROP COLUMN due_at;
                    DROP INDEX notification_next;
                    ALTER TABLE notification DROP COLUMN class;
                    ALTER TABLE notification DROP COLUMN channel;
                    CREATE INDEX notification_next ON notification (urgency, next_at) WHERE next_at IS NOT NULL;
                    """
            )
        }
        try queue.close()
    }

    @Test func anOlderFileIsSummedUpOnce() async throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        var state = MatterState()
        state.posted = [
            MatterState.Posted(
                person: "P-1",
                role: "park.staff",
                amount: Fen(50),
                toldAmount: nil,
                toldFine: nil
            )
        ]
        let first = try SQLiteStore(path: scratch.database)
        _ = try await first.commit(
            Commit {
                $0.matters = ["fine/1", "fine/2", "complaint/1"].map { Sample.matter($0) }
                $0.matters[0].state = state
                $0.matters[1].state = state
                $0.notifications = [Sample.notification("n")]
            }
        )
        try await first.close()
        try Self.makeOld(scratch.database)
        for _ in 0..<2 {
            let store = try SQLiteStore(path: scratch.database)
            let statistics = try await store.statistics(now: Sample.noon)
            #expect(statistics.supervision.postedFen == 100)
            #expect(statistics.matters == 3 && statistics.openMatters == 3)
            #expect(
                statistics.pending == [
                    StoreStatistics.Pending(messageClass: .personal, channel: nil, count: 1)
                ]
            )
            #expect(try await store.outbox() == ["n"])
            try await store.close()
        }
    }

    @Test func whatWaitsIsCountedFromTheIndexAlone() async throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        try await SQLiteStore(path: scratch.database).close()
        let queue = try DatabaseQueue(path: scratch.database)
        let plan = try await queue.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    EXPLAIN QUERY PLAN SELECT class, channel, count(*) AS count FROM notification
                    WHERE next_at IS NOT NULL GROUP BY class, channel ORDER BY class, channel
                    """
            ).map { $0["detail"] as String }
        }
        try queue.close()
        #expect(plan.contains { $0.contains("COVERING INDEX notification_next") }, "\(plan)")
    }
}
