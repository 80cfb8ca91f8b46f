import Duty
import Engine
import Foundation
import Storage
import Telemetry

/// A store as it is after years: most complaints are long answered, some wait, a few have run out.
struct PagesStore {
    static let enterprises = 1_000
    /// Of twenty complaints, one still waits.
    private static let waitsEvery = 20
    /// So many of those that wait have run out.
    private static let overdue = 200
    private static let batch = 5_000

    let bench: Workbench
    let count: Int

    /// Makes the file if it is not there yet.
    func make(_ file: String) async throws {
        guard !FileManager.default.fileExists(atPath: file) else { return }
        let store = try SQLiteStore(path: file)
        let now = SystemClock().now()
        let workload = Workload(enterprises: Self.enterprises, complaints: 0, start: now)
        // Of what was answered long ago the messages are left out: nobody looks for them, and they are most of all rows.
        let past = engine(CommitRecorder(store: store, isTold: true))
        try await past.ingest(Workbench.batch(workload.standing(), receivedAt: now))
        let closed = (0..<count).filter { $0 % Self.waitsEvery != 0 }
        for chunk in closed.chunks(of: Self.batch) {
            try await past.ingest(
                Workbench.batch(chunk.flatMap { workload.answered($0, now) }, receivedAt: now)
            )
        }
        try await past.settle()
        let present = engine(store)
        let open = (0..<count).filter { $0 % Self.waitsEvery == 0 }
        for chunk in open.chunks(of: Self.batch) {
            try await present.ingest(
                Workbench.batch(
                    chunk.flatMap { index in
                        index / Self.waitsEvery < Self.overdue
                            ? [workload.old(index, now)] : workload.waiting(index, now)
                    },
                    receivedAt: now
                )
            )
        }
        try await present.settle()
        try await send(store, now)
        try await store.close()
    }

    private func engine(_ store: any Store) -> Engine {
        Engine(
            store: store,
            book: bench.book,
            clock: SystemClock(),
            metrics: DutyclockMetrics(),
            observer: Silent(),
            cacheSize: 2_000
        )
    }

    /// Notes every message as sent, one of a hundred as not delivered.
    private func send(_ store: SQLiteStore, _ now: Instant) async throws {
        let later = now + .days(2)
        while true {
            let taken = try await store.takeNotifications(
                limit: 2_000,
                now: later,
                excluding: [],
                passingOver: [:]
            )
            guard !taken.isEmpty else { return }
            let keys = taken.map(\.notification.key)
            try await store.beginAttempts(
                keys.map { StoredAttemptStart(key: $0, channel: "hook", number: 1, at: now) }
            )
            _ = try await store.finishAttempts(
                keys.enumerated().map { index, key in
                    let isLost = index % 100 == 99
                    return StoredAttemptEnd(
                        key: key,
                        channel: "hook",
                        number: 1,
                        at: now,
                        outcome: isLost ? .failed(code: "500", reason: "no answer") : .sent(reference: nil),
                        state: isLost ? .gaveUp : .sent,
                        nextAt: nil,
                        gaveUpBecause: isLost ? "no channel" : nil
                    )
                }
            )
        }
    }
}

extension Workload {
    /// Filed some weeks ago and answered, planned and resolved in time.
    fileprivate func answered(_ index: Int, _ now: Instant) -> [CloudEvent] {
        let filed = now - .hours(24 + Int64(index % 1_000))
        return [
            self.filed("CP-\(index)", at: filed, enterprise: index % enterprises),
            responded("CP-\(index)", at: filed + .minutes(10), enterprise: index % enterprises),
            resolved("CP-\(index)", at: filed + .hours(3), enterprise: index % enterprises),
        ]
    }

    /// Filed and answered a while ago; the plan is due in some hours, and no reminder in the next two.
    fileprivate func waiting(_ index: Int, _ now: Instant) -> [CloudEvent] {
        let filed = now - .minutes(20) - .seconds(Int64(index % 3_600))
        return [
            self.filed("CP-\(index)", at: filed, enterprise: index % enterprises),
            responded("CP-\(index)", at: filed + .minutes(10), enterprise: index % enterprises),
        ]
    }

    /// Filed four days ago, and nobody has done anything.
    fileprivate func old(_ index: Int, _ now: Instant) -> CloudEvent {
        filed("CP-\(index)", at: now - .days(4), enterprise: index % enterprises)
    }
}
