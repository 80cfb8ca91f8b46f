import Duty
import Engine
import Kafka
import Storage

/// Plays a day on a clock that it moves itself: to the next event or the next moment of a matter, whichever
/// comes first, and never on before everything due has been said.
struct DayPlayer {
    let daemon: Daemon
    let clock: ManualClock
    let topic: String

    /// How long after the last event the day is followed, for clocks that still run.
    private static let tail = Span.hours(3)

    /// Plays the whole day.
    ///
    /// `pace` says how long the whole day should take; zero: as fast as it goes.
    /// With `opening`: called before the first complaint.
    func play(_ day: SampleDay, pace: Duration, opening: () -> Void) async throws {
        try await waitUntilAssigned()
        let first = day.lines.firstIndex(where: \.isComplaint) ?? 0
        let pause = pace / max(1, day.lines.count - first)
        for (index, line) in day.lines.enumerated() {
            if index == first { opening() }
            try await advance(to: line.arrivesAt)
            try await publish(line)
            if pause > .zero, index >= first { try await Task.sleep(for: pause) }
        }
        if let last = day.lines.last { try await advance(to: last.arrivesAt + Self.tail) }
        try await daemon.publisher.drain()
    }

    private func waitUntilAssigned() async throws {
        while daemon.consumer.assignment.isEmpty { try await Task.sleep(for: .milliseconds(20)) }
    }

    private func publish(_ line: SampleDay.Line) async throws {
        let record = ProducerRecord(topic: topic, key: line.key.map { Array($0.utf8) }, value: line.value)
        for result in await daemon.producer.produce([record]) {
            let delivered = try result.get()
            try await waitUntilConsumed(delivered)
        }
        try await waitUntilQuiet()
    }

    private func waitUntilConsumed(_ record: DeliveredRecord) async throws {
        while true {
            let stored = try await daemon.store.offsets()
            if stored.contains(where: {
                $0.topic == topic && $0.partition == record.partition && $0.next > record.offset
            }) {
                return
            }
            try await Task.sleep(for: .milliseconds(1))
        }
    }

    /// Until every notification that is due has been handed over.
    private func waitUntilQuiet() async throws {
        try await daemon.engine.settle()
        while let due = try await daemon.store.nextNotificationDue(after: .distantPast), due <= clock.now() {
            daemon.dispatcher.poke()
            try await Task.sleep(for: .milliseconds(1))
        }
    }

    private func advance(to moment: Instant) async throws {
        while let next = try await daemon.store.nextWakeUp(), next <= moment {
            clock.advance(to: next)
            try await daemon.engine.wake()
            try await waitUntilQuiet()
        }
        clock.advance(to: moment)
    }
}
