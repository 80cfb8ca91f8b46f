import CRdkafka

/// The body of a consumer's thread: it polls, cuts batches, and answers the group's rebalances.
///
/// Everything here is confined to that thread. When the owner is slow, the loop first waits a moment
/// for room, then pauses the partitions and goes on polling, so that the group keeps this member.
final class ConsumerLoop {
    typealias StartOffset = @Sendable ([TopicPartition]) throws -> [TopicPartition: Int64]

    private static let idleMilliseconds: Int32 = 100
    private static let patience: Duration = .milliseconds(200)
    private static let firstBackOff: Duration = .milliseconds(100)
    private static let longestBackOff: Duration = .seconds(5)
    private static let seekMilliseconds: Int32 = 5_000
    private static let seekAttempts = 40

    private let handle: RdKafkaHandle
    private let inbox: ConsumerInbox
    private let startOffset: StartOffset
    private var reader = MessageReader()
    private var batch: BatchBuilder
    private var assigned: Set<TopicPartition> = []
    /// The next offset to read, where it is known.
    private var positions: [TopicPartition: Int64] = [:]
    private var wasAssigned = false
    private var isPaused = false
    private var isHeldBack = false
    /// Since when a ready batch has found no room.
    private var blockedSince: Ticks?

    init(
        handle: RdKafkaHandle,
        inbox: ConsumerInbox,
        configuration: ConsumerConfiguration,
        startOffset: @escaping StartOffset
    ) {
        self.handle = handle
        self.inbox = inbox
        self.startOffset = startOffset
        batch = BatchBuilder(configuration)
    }

    /// Returns when the owner closes the consumer, after leaving the group.
    func run() {
        handle.callbacks.onError = { [inbox] in inbox.report($0) }
        handle.callbacks.onRebalance = { [unowned self] in rebalance($0, $1) }
        while true {
            let wishes = inbox.wishes()
            perform(wishes.commands)
            if wishes.isClosing { break }
            round(pauseWanted: wishes.pause)
        }
        handle.closeConsumer()
        handle.callbacks.clear()
        if !wasAssigned { handle.abandonIfDestroyingAborts() }
    }

    private func round(pauseWanted: Bool) {
        guard deliver() else { return }
        setPaused(pauseWanted || isHeldBack)
        poll()
    }

    /// Hands a ready batch over.
    ///
    /// False when it waited for room in vain and should look again.
    private func deliver() -> Bool {
        guard batch.isReady(at: .now) else {
            // A seek or a revocation has emptied the batch that waited: nothing is held back any more.
            isHeldBack = false
            blockedSince = nil
            return true
        }
        if inbox.offer(batch.records) {
            notePositions()
            batch.removeAll()
            blockedSince = nil
            isHeldBack = false
            return true
        }
        let since = blockedSince ?? .now
        blockedSince = since
        isHeldBack = Ticks.now >= since + Self.patience
        if !isHeldBack { inbox.waitForRoom(until: since + Self.patience) }
        return isHeldBack
    }

    private func poll() {
        var milliseconds = isHeldBack ? Self.idleMilliseconds : batch.millisecondsLeft(Self.idleMilliseconds)
        while let message = handle.pollConsumer(milliseconds: milliseconds) {
            defer { RdKafkaHandle.destroy(message) }
            switch reader.read(message) {
            case .record(let record): batch.append(record)
            case .error(let error): inbox.report(error)
            case .nothing: break
            }
            if isHeldBack || batch.isReady(at: .now) { return }
            milliseconds = batch.millisecondsLeft(Self.idleMilliseconds)
        }
    }
}

// The owner's wishes.
extension ConsumerLoop {
    private func perform(_ commands: [ConsumerInbox.Command]) {
        for command in commands {
            switch command {
            case .commit(let offsets):
                if let error = handle.commit(offsets) { inbox.report(error) }
            case .seek(let offsets, let continuation):
                continuation.resume(returning: seek(offsets))
            }
        }
    }

    /// Partitions that went to another member meanwhile are passed over: that member reads them again.
    private func seek(_ offsets: [TopicPartition: Int64]) -> KafkaError? {
        let offsets = offsets.filter { assigned.contains($0.key) }
        guard !offsets.isEmpty else { return nil }
        notePositions()
        batch.drop(Set(offsets.keys))
        inbox.rewind(offsets)
        positions.merge(offsets) { _, new in new }
        return move(to: offsets)
    }

    /// A partition that is only just starting refuses to move for a moment: hence the attempts.
    private func move(to offsets: [TopicPartition: Int64]) -> KafkaError? {
        var failure: KafkaError?
        for _ in 0..<Self.seekAttempts {
            failure = handle.seek(offsets, milliseconds: Self.seekMilliseconds)
            guard let failure, failure.isRetriable else { break }
            if inbox.waitForClosing(until: .now + .milliseconds(25)) { return .closed }
        }
        return failure
    }

    /// Resuming names each position anew: librdkafka would go on after the last record it handed out,
    /// which is the wrong place when a seek came between.
    private func setPaused(_ pause: Bool) {
        guard pause != isPaused else { return }
        isPaused = pause
        guard !assigned.isEmpty else { return }
        if pause {
            if let error = handle.pause(Array(assigned)) { inbox.report(error) }
            return
        }
        notePositions()
        if !positions.isEmpty, let error = move(to: positions) { inbox.report(error) }
        if let error = handle.resume(Array(assigned)) { inbox.report(error) }
    }

    /// Moves the positions past the records of the batch in hand.
    private func notePositions() {
        for (partition, offset) in batch.records.nextOffsets { positions[partition] = offset }
    }
}

// The group's rebalances, called by librdkafka from within a poll or the closing.
extension ConsumerLoop {
    private func rebalance(_ code: rd_kafka_resp_err_t, _ list: PartitionList) {
        reader.reset()
        switch code {
        case RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS:
            wasAssigned = true
            assign(list)
        case RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS:
            revoke(list)
        default:
            inbox.report(KafkaError(code, "rebalance failed"))
            revoke(list)
        }
    }

    private func assign(_ list: PartitionList) {
        let partitions = list.partitions
        let offsets = partitions.isEmpty ? [:] : askStartOffsets(partitions)
        list.setOffsets(offsets)
        assigned.formUnion(partitions)
        positions.merge(offsets.filter { $0.value >= 0 && assigned.contains($0.key) }) { _, new in new }
        inbox.assign(partitions, from: positions)
        if let error = handle.assign(list) { inbox.report(error) }
        if isPaused, !partitions.isEmpty, let error = handle.pause(partitions) { inbox.report(error) }
    }

    /// Asks until there is an answer: to start anywhere else would skip or repeat records.
    private func askStartOffsets(_ partitions: [TopicPartition]) -> [TopicPartition: Int64] {
        var backOff = Self.firstBackOff
        while true {
            do {
                return try startOffset(partitions)
            } catch {
                inbox.report(KafkaError(RD_KAFKA_RESP_ERR__APPLICATION, "no start offsets: \(error)"))
            }
            if inbox.waitForClosing(until: .now + backOff) { return [:] }
            backOff = min(backOff * 2, Self.longestBackOff)
        }
    }

    private func revoke(_ list: PartitionList) {
        let partitions = list.partitions
        let gone = Set(partitions)
        // A pause outlives the assignment in librdkafka; the next one must not inherit it.
        if isPaused, !partitions.isEmpty { _ = handle.resume(partitions) }
        notePositions()
        batch.drop(gone)
        assigned.subtract(gone)
        for partition in partitions { positions[partition] = nil }
        inbox.revoke(partitions, lost: handle.isAssignmentLost)
        if let error = handle.unassign(list) { inbox.report(error) }
    }
}
