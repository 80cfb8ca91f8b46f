import Duty
import Engine
import Storage
import Synchronization

/// Hears nothing.
struct Silent: CommitObserver {
    func committed(_ records: [JournalRecord]) {}
    func notificationsQueued() {}
    func deadLettersQueued() {}
}

/// Notes how late each breach of a response is recorded.
final class BreachWatch: CommitObserver {
    private let found = Mutex<[Duration]>([])
    private let clock: any WallClock

    init(clock: any WallClock) { self.clock = clock }

    func committed(_ records: [JournalRecord]) {
        let now = clock.now()
        let breaches = records.flatMap(\.entries).filter {
            $0.action == "deadline.breached" && $0.rule == "A22.response"
        }
        let late = breaches.map { Duration.microseconds((now - $0.at).microseconds) }
        if !late.isEmpty { found.withLock { $0 += late } }
    }

    func notificationsQueued() {}
    func deadLettersQueued() {}

    var late: [Duration] { found.withLock { $0 } }
}
