import Duty
import Kafka

/// What a replay takes: facts in the order of their arrival, and a count of what could not be read.
package struct ReplayInput: Sendable {
    /// In the order of their arrival; of those that came together, in the order in which they stood.
    package private(set) var facts: [Fact] = []
    /// By the reason, in a word.
    package private(set) var rejected: [String: Int] = [:]
    /// Of types that the catalogue does not have.
    package private(set) var skipped = 0

    package var count: Int { facts.count + skipped + rejected.values.reduce(0, +) }

    /// Files of one JSON object a line each, or of one JSON array of them.
    ///
    /// An event arrives at its `arrivedat`, which a sample may have, else at its `time`, else at its own time.
    package static func read(json files: [[UInt8]]) async -> ReplayInput {
        var input = ReplayInput()
        for file in files { await input.add(json: file) }
        input.sort()
        return input
    }

    private mutating func add(json bytes: [UInt8]) async {
        let first = bytes.first { !Self.isBlank($0) }
        if first == UInt8(ascii: "["), let list = (try? JSONReader.decode(bytes))?.array {
            return await add(list, Self.outcome)
        }
        await add(bytes.split(separator: 0x0A).filter { !$0.allSatisfy(Self.isBlank) }) { line in
            do {
                return Self.outcome(try JSONReader.decode(Array(line)))
            } catch {
                return .rejected(EventRejection.Reason.notJSON.rawValue)
            }
        }
    }

    /// Records of Kafka, each arriving when the broker says that it did.
    package static func read(_ records: [KafkaRecord], clock: any WallClock) async -> ReplayInput {
        let decoder = RecordDecoder(clock: clock)
        let sorted = records.sorted { left, right in
            (left.timestampMillis ?? .max, left.topicPartition, left.offset)
                < (right.timestampMillis ?? .max, right.topicPartition, right.offset)
        }
        var input = ReplayInput()
        await input.add(sorted) { record in
            switch decoder.decode([record]).items.first {
            case .fact(let fact, _): .fact(fact)
            case .deadLetter(let letter): .rejected(letter.reason)
            case .skipped, nil: .skipped
            }
        }
        input.sort()
        return input
    }

    // MARK: One by one

    private enum Outcome: Sendable {
        case fact(Fact)
        case rejected(String)
        case skipped
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0D || byte == 0x09 || byte == 0x0A
    }

    private static func outcome(_ value: Value) -> Outcome {
        do throws(EventRejection) {
            let event = try CloudEvent(structured: value)
            return .fact(try fact(event))
        } catch {
            return error.reason == .unknownType ? .skipped : .rejected(error.reason.rawValue)
        }
    }

    private static func fact(_ event: CloudEvent) throws(EventRejection) -> Fact {
        let attributes = event.attributes
        if let arrived = (attributes["arrivedat"] ?? attributes["time"]).flatMap({ Instant(rfc3339: $0) }) {
            return try EventValidation.fact(event, receivedAt: arrived)
        }
        let probe = try EventValidation.fact(event, receivedAt: latest)
        guard probe.at < latest else {
            throw EventRejection(.missingField, "没有写明何时发生或何时到达", "nothing says when it happened or arrived")
        }
        return try EventValidation.fact(event, receivedAt: probe.at)
    }

    private static let latest = Instant.distantFuture - .days(1)

    // MARK: All of them

    private static let chunk = 2_000

    /// Reads on all processors and keeps the order.
    private mutating func add<Item: Sendable>(
        _ items: [Item],
        _ outcome: @escaping @Sendable (Item) -> Outcome
    ) async {
        let chunk = Self.chunk
        let starts = Array(stride(from: 0, to: items.count, by: chunk))
        var parts = [[Outcome]](repeating: [], count: starts.count)
        await withTaskGroup(of: (Int, [Outcome]).self) { group in
            for (index, start) in starts.enumerated() {
                group.addTask { (index, items[start..<min(start + chunk, items.count)].map(outcome)) }
            }
            for await (index, part) in group { parts[index] = part }
        }
        facts.reserveCapacity(facts.count + items.count)
        for part in parts { for outcome in part { add(outcome) } }
    }

    private mutating func add(_ outcome: Outcome) {
        switch outcome {
        case .fact(let fact): facts.append(fact)
        case .rejected(let reason): rejected[reason, default: 0] += 1
        case .skipped: skipped += 1
        }
    }

    /// Swift's sort is stable in practice and not by promise: the place decides where the moments are the same.
    private mutating func sort() {
        let isSorted = zip(facts, facts.dropFirst()).allSatisfy { $0.receivedAt <= $1.receivedAt }
        if isSorted { return }
        let moments = facts.map(\.receivedAt)
        facts = facts.indices.sorted { (moments[$0], $0) < (moments[$1], $1) }.map { facts[$0] }
    }
}
