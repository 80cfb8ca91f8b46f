import Console
import Delivery
import Duty
import Engine
import Storage
import Synchronization
import Telemetry

/// Log lines of what was committed, and pokes for those who carry it on.
final class CommitBroadcast: CommitObserver {
    private let journal: JournalLog
    private let passedOver: PassedOverLog
    private let pulse: LivePulse
    /// A type of its own: a function that a mutex holds by itself is wrapped once more by every look at it, so that each
    /// commit would make the next call longer.
    private struct Listeners {
        var notifications: (@Sendable () -> Void)?
        var outcomes: (@Sendable () -> Void)?
    }

    private let listeners = Mutex(Listeners())

    init(journal: JournalLog, passedOver: PassedOverLog, pulse: LivePulse) {
        self.pulse = pulse
        self.journal = journal
        self.passedOver = passedOver
    }

    func connect(notifications: @escaping @Sendable () -> Void, outcomes: @escaping @Sendable () -> Void) {
        listeners.withLock { $0 = Listeners(notifications: notifications, outcomes: outcomes) }
    }

    /// Also of what delivery put into the journal.
    func committed(_ records: [JournalRecord]) {
        if records.isEmpty { return }
        journal.write(records)
        pulse.raise()
        listeners.withLock { $0.outcomes }?()
    }
    func passedOver(duplicates: [PassedOver], skipped: [PassedOver]) {
        passedOver.write(duplicates: duplicates, skipped: skipped)
    }
    func rejected(_ letters: [DeadLetter]) { passedOver.write(rejected: letters) }
    func notificationsQueued() { listeners.withLock { $0.notifications }?() }
    func deadLettersQueued() {
        pulse.raise()
        listeners.withLock { $0.outcomes }?()
    }
}

/// What delivery does, as metrics; attempts are on record in the journal, from which their log lines come.
struct DeliveryReport: DispatchObserver {
    let log: LogWriter
    let metrics: DutyclockMetrics

    func attemptFinished(_ notification: Notification, channel: String, outcome: SendOutcome, latency: Span) {
        metrics.notifications(channel, outcome.word).add()
        if case .sent = outcome {
            metrics.notificationLatency(channel).observe(seconds: Double(latency.microseconds) / 1e6)
        }
    }

    func gaveUp(_ notification: Notification, reason: String) { metrics.notifications("", "gaveUp").add() }

    /// Attempts that the end of an earlier process cut off, by the journal's records of them.
    static func count(interrupted records: [JournalRecord], _ metrics: DutyclockMetrics) {
        for entry in records.flatMap(\.entries) where entry.action == "notification.uncertain" {
            metrics.notifications(entry.fields["channel"]?.string ?? "", "uncertain").add()
        }
    }

    func breakerChanged(channel: String, isOpen: Bool) {
        metrics.channelOpen(channel).set(isOpen)
        log.write(
            level: isOpen ? .error : .info,
            message: "channel breaker changed",
            fields: [
                ("event.action", .string(isOpen ? "channel.opened" : "channel.closed")),
                ("duty.channel", .string(channel)),
            ]
        )
    }

    func outboxFailed(operation: OutboxOperation, error: any Error) {
        log.write(
            level: .error,
            message: "outbox is away",
            fields: [("error.code", .string(operation.rawValue)), ("error.message", .outside("\(error)"))]
        )
    }
}
