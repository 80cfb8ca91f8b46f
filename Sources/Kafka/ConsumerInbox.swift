/// What stands between a consumer's thread and its owner: events one way, wishes the other.
final class ConsumerInbox: Sendable {
    /// An owner's wish that only the polling thread can fulfil.
    enum Command: Sendable {
        case seek([TopicPartition: Int64], CheckedContinuation<KafkaError?, Never>)
        case commit([TopicPartition: Int64])
    }

    /// What the thread looks at between two rounds.
    struct Wishes {
        var commands: [Command]
        var pause: Bool
        var isClosing: Bool
    }

    /// Batches that may wait for the owner.
    private static let batchLimit = 2
    /// Errors that may wait; further ones would only repeat them.
    private static let errorLimit = 64

    private struct State {
        var handle: RdKafkaHandle?
        var events: [ConsumerEvent] = []
        var batches = 0
        var errors = 0
        var waiter: CheckedContinuation<ConsumerEvent?, Never>?
        var commands: [Command] = []
        var pause = false
        var isClosing = false
        var isClosed = false
        var closers: [CheckedContinuation<Void, Never>] = []
        var assigned: Set<TopicPartition> = []
        var positions: [TopicPartition: Int64] = [:]
        /// How often the owner has sent the consumer back, and how often it had when the last event was handed over.
        var rewinds = 0
        var rewindsAtHandover = 0
    }

    private let monitor: Monitor<State>

    init(handle: RdKafkaHandle) { monitor = Monitor(State(handle: handle)) }

    var handle: RdKafkaHandle? { monitor.withLock { $0.handle } }
}

// The owner's side.
extension ConsumerInbox {
    func next() async -> ConsumerEvent? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { take($0) }
        } onCancel: {
            monitor.withLock { Self.takeWaiter(&$0) }?.resume(returning: nil)
        }
    }

    /// Answers from the queue, else remembers who asks; an earlier asker is sent away with nil.
    private func take(_ continuation: CheckedContinuation<ConsumerEvent?, Never>) {
        let isCancelled = Task.isCancelled
        let (answer, earlier) = monitor.notify {
            state -> (ConsumerEvent??, CheckedContinuation<ConsumerEvent?, Never>?) in
            let earlier = Self.takeWaiter(&state)
            if state.isClosing || isCancelled { return (.some(nil), earlier) }
            if let event = Self.takeEvent(&state) { return (.some(event), earlier) }
            state.waiter = continuation
            return (nil, earlier)
        }
        earlier?.resume(returning: nil)
        if let answer { continuation.resume(returning: answer) }
    }

    private static func takeWaiter(_ state: inout State) -> CheckedContinuation<ConsumerEvent?, Never>? {
        defer { state.waiter = nil }
        return state.waiter
    }

    private static func takeEvent(_ state: inout State) -> ConsumerEvent? {
        guard !state.events.isEmpty else { return nil }
        state.rewindsAtHandover = state.rewinds
        let event = state.events.removeFirst()
        switch event {
        case .records(let records):
            if state.batches == batchLimit { state.handle?.wake() }
            state.batches -= 1
            state.positions.merge(records.nextOffsets) { _, new in new }
        case .error:
            state.errors -= 1
        case .assigned, .revoked:
            break
        }
        return event
    }

    /// False when the consumer is closing and nothing will be done any more.
    func send(_ command: Command) -> Bool {
        monitor.notify { state in
            guard !state.isClosing else { return false }
            state.commands.append(command)
            state.handle?.wake()
            return true
        }
    }

    func setPause(_ pause: Bool) {
        monitor.notify { state in
            state.pause = pause
            state.handle?.wake()
        }
    }

    var rewinds: Int { monitor.withLock { $0.rewinds } }
    var rewindsAtHandover: Int { monitor.withLock { $0.rewindsAtHandover } }

    var assignment: [TopicPartition] { monitor.withLock { $0.assigned }.sorted() }

    func lag() -> [TopicPartition: Int64] {
        monitor.withLock { state in
            guard let handle = state.handle else { return [:] }
            var lag: [TopicPartition: Int64] = [:]
            for partition in state.assigned {
                guard let position = state.positions[partition] else { continue }
                guard let end = handle.highWatermark(partition) else { continue }
                lag[partition] = max(0, end - position)
            }
            return lag
        }
    }

    /// Asks the thread to end, and sends the waiting owner away.
    func beginClosing() {
        let waiter = monitor.notify { state -> CheckedContinuation<ConsumerEvent?, Never>? in
            state.isClosing = true
            state.events.removeAll()
            state.handle?.wake()
            return Self.takeWaiter(&state)
        }
        waiter?.resume(returning: nil)
    }

    func closed() async {
        await withCheckedContinuation { continuation in
            let isClosed = monitor.withLock { state in
                if !state.isClosed { state.closers.append(continuation) }
                return state.isClosed
            }
            if isClosed { continuation.resume() }
        }
    }
}

// The thread's side.
extension ConsumerInbox {
    func wishes() -> Wishes {
        monitor.withLock { state in
            defer { state.commands.removeAll() }
            return Wishes(commands: state.commands, pause: state.pause, isClosing: state.isClosing)
        }
    }

    /// Hands a batch over unless too many wait already.
    func offer(_ records: [KafkaRecord]) -> Bool {
        let (taken, waiter) = monitor.withLock {
            state -> (Bool, CheckedContinuation<ConsumerEvent?, Never>?) in
            guard state.batches < Self.batchLimit else { return (false, nil) }
            guard let waiter = Self.takeWaiter(&state) else {
                if !state.isClosing {
                    state.events.append(.records(records))
                    state.batches += 1
                }
                return (true, nil)
            }
            state.positions.merge(records.nextOffsets) { _, new in new }
            state.rewindsAtHandover = state.rewinds
            return (true, waiter)
        }
        waiter?.resume(returning: .records(records))
        return taken
    }

    /// Blocks until a batch fits or the owner wants something else.
    func waitForRoom(until deadline: Ticks) {
        monitor.wait(until: deadline) { state in
            state.batches < Self.batchLimit || !state.commands.isEmpty || state.isClosing
        }
    }

    /// Blocks the thread for a back-off that ends early when the consumer closes.
    func waitForClosing(until deadline: Ticks) -> Bool {
        monitor.wait(until: deadline) { $0.isClosing }
        return monitor.withLock { $0.isClosing }
    }

    func report(_ error: KafkaError) {
        publish(.error(error)) { state in
            // A fatal error is told though many others wait.
            guard state.errors < (error.isFatal ? 2 : 1) * Self.errorLimit else { return false }
            if state.waiter == nil { state.errors += 1 }
            return true
        }
    }

    func assign(_ partitions: [TopicPartition], from offsets: [TopicPartition: Int64]) {
        guard !partitions.isEmpty else { return }
        publish(.assigned(partitions)) { state in
            state.assigned.formUnion(partitions)
            for partition in partitions { state.positions[partition] = offsets[partition] }
            return true
        }
    }

    func revoke(_ partitions: [TopicPartition], lost: Bool) {
        guard !partitions.isEmpty else { return }
        publish(.revoked(partitions, lost: lost)) { state in
            state.assigned.subtract(partitions)
            for partition in partitions { state.positions[partition] = nil }
            Self.drop(Set(partitions), from: &state)
            return true
        }
    }

    /// Forgets queued records of the partitions, which will be read again from these offsets.
    func rewind(_ offsets: [TopicPartition: Int64]) {
        monitor.withLock { state in
            state.rewinds += 1
            Self.drop(Set(offsets.keys), from: &state)
            state.positions.merge(offsets) { _, new in new }
        }
    }

    private static func drop(_ partitions: Set<TopicPartition>, from state: inout State) {
        state.events = state.events.compactMap { event in
            guard case .records(let records) = event else { return event }
            let kept = records.filter { !partitions.contains($0.topicPartition) }
            if kept.isEmpty { state.batches -= 1 }
            return kept.isEmpty ? nil : .records(kept)
        }
    }

    private func publish(_ event: ConsumerEvent, _ apply: (inout State) -> Bool) {
        let waiter = monitor.withLock { state -> CheckedContinuation<ConsumerEvent?, Never>? in
            guard !state.isClosing, apply(&state) else { return nil }
            guard let waiter = Self.takeWaiter(&state) else {
                state.events.append(event)
                return nil
            }
            return waiter
        }
        waiter?.resume(returning: event)
    }

    /// Lets go of the client, which destroys it, and tells everyone who waits for that.
    func finish() {
        let (handle, commands) = monitor.withLock { state -> (RdKafkaHandle?, [Command]) in
            defer {
                state.handle = nil
                state.commands = []
                state.assigned = []
            }
            return (state.handle, state.commands)
        }
        withExtendedLifetime(handle) {}
        for case .seek(_, let continuation) in commands { continuation.resume(returning: .closed) }
    }

    func announceClosed() {
        let closers = monitor.withLock { state in
            state.isClosed = true
            defer { state.closers = [] }
            return state.closers
        }
        for closer in closers { closer.resume() }
    }
}
