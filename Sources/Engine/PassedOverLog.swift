import Duty
import Storage
import Synchronization
import Telemetry

/// Log lines of records that change nothing: what came again, what nobody here knows, and what cannot be read.
///
/// A topic that is read again from its start is all duplicates: after so many lines a minute they are only counted.
/// Unknown types may be most of a shared topic: they are said at debug level.
package final class PassedOverLog: Sendable {
    private let log: LogWriter
    private let allowance = Mutex(LineAllowance(lines: 60, per: .seconds(60)))

    package init(log: LogWriter) { self.log = log }

    package func write(
        duplicates: [PassedOver],
        skipped: [PassedOver],
        now: ContinuousClock.Instant = .now
    ) {
        for event in duplicates { writeDuplicate(event, now) }
        guard log.isEnabled(.debug) else { return }
        for event in skipped {
            log.write(
                level: .debug,
                message: "event of an unknown type",
                fields: Self.fields("event.skipped", event)
            )
        }
    }

    /// One line each, once the letters are on disk.
    package func write(rejected letters: [DeadLetter]) {
        for letter in letters {
            log.write(
                level: .warn,
                message: "event rejected",
                fields: Self.happening("event.rejected") + [
                    ("event.outcome", "failure"), ("error.type", .string(letter.reason)),
                    ("error.message", .outside(letter.detail)),
                ] + (letter.topic.isEmpty ? [] : Self.place(letter.topic, letter.partition, letter.offset))
            )
        }
    }

    private func writeDuplicate(_ event: PassedOver, _ now: ContinuousClock.Instant) {
        switch allowance.withLock({ $0.take(at: now) }) {
        case .line:
            log.write(
                level: .info,
                message: "event was on record before",
                fields: Self.fields("event.duplicate", event)
            )
        case .last:
            log.write(level: .info, message: "further duplicates are only counted for a minute")
        case .none: break
        }
    }

    private static func fields(_ action: String, _ event: PassedOver) -> [LogField] {
        var fields = happening(action)
        if let reason = event.reason { fields.append(("duty.reason", .outside(reason))) }
        if let type = event.type { fields.append(("duty.event_type", .string(type))) }
        if let key = event.key {
            fields.append(("event.id", .string(key.id)))
            fields.append(("duty.event_source", .string(key.source)))
        }
        if let matter = event.matter {
            fields.append(("duty.matter", .string(matter.text)))
            fields.append(("duty.case_id", .string(matter.number)))
        }
        if let enterprise = event.enterprise {
            fields.append(("park.enterprise_id", .string(enterprise.text)))
        }
        if let origin = event.origin { fields += place(origin.topic, origin.partition, origin.offset) }
        return fields
    }

    private static func happening(_ action: String) -> [LogField] {
        [("event.kind", "event"), ("event.category", .list(["process"])), ("event.action", .string(action))]
    }

    private static func place(_ topic: String, _ partition: Int32, _ offset: Int64) -> [LogField] {
        [
            ("messaging.system", "kafka"), ("messaging.destination.name", .string(topic)),
            ("messaging.destination.partition.id", .string("\(partition)")),
            ("messaging.kafka.offset", .int(offset)),
        ]
    }
}

/// How many lines of one kind may still be written: so many in each span of time, which begins with its first.
struct LineAllowance {
    enum Answer { case line, last, none }

    private let lines: Int
    private let span: Duration
    private var taken = 0
    private var began: ContinuousClock.Instant?

    init(lines: Int, per span: Duration) {
        self.lines = lines
        self.span = span
    }

    /// `last` once, for the first that is too many.
    mutating func take(at now: ContinuousClock.Instant) -> Answer {
        if began.map({ now - $0 >= span }) ?? true {
            began = now
            taken = 0
        }
        taken += 1
        return taken <= lines ? .line : taken == lines + 1 ? .last : .none
    }
}
