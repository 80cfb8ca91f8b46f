/// What callers want from a producer's thread.
final class ProducerInbox: Sendable {
    struct Flush: Sendable {
        let deadline: Ticks
        let continuation: CheckedContinuation<Void, Never>
    }

    struct Wishes {
        var batches: [ProduceBatch]
        var flushes: [Flush]
        var isClosing: Bool
    }

    private struct State {
        var handle: RdKafkaHandle?
        var batches: [ProduceBatch] = []
        var flushes: [Flush] = []
        var isClosing = false
        var isClosed = false
        var closers: [CheckedContinuation<Void, Never>] = []
    }

    private let monitor: Monitor<State>

    init(handle: RdKafkaHandle) { monitor = Monitor(State(handle: handle)) }

    var handle: RdKafkaHandle? { monitor.withLock { $0.handle } }
    var isClosing: Bool { monitor.withLock { $0.isClosing } }

    /// False when the producer is closing.
    func send(_ batch: ProduceBatch) -> Bool { send { $0.batches.append(batch) } }

    /// False when the producer is closing.
    func send(_ flush: Flush) -> Bool { send { $0.flushes.append(flush) } }

    private func send(_ change: (inout State) -> Void) -> Bool {
        monitor.withLock { state in
            guard !state.isClosing else { return false }
            change(&state)
            state.handle?.wake()
            return true
        }
    }

    func wishes() -> Wishes {
        monitor.withLock { state in
            defer {
                state.batches = []
                state.flushes = []
            }
            return Wishes(batches: state.batches, flushes: state.flushes, isClosing: state.isClosing)
        }
    }

    func beginClosing() {
        monitor.withLock { state in
            state.isClosing = true
            state.handle?.wake()
        }
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

    /// Lets go of the client, which destroys it.
    func finish() {
        let handle = monitor.withLock { state in
            defer { state.handle = nil }
            return state.handle
        }
        withExtendedLifetime(handle) {}
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
