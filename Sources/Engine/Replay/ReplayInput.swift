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
            return await add(Self.chunks(of: list.count)) { chunk, part in
                for value in list[chunk] { part.add(Self.outcome(value)) }
            }
        }
        await add(Self.pieces(of: bytes)) { piece, part in part.add(lines: bytes[piece]) }
    }

    private mutating func add(lines: ArraySlice<UInt8>) {
        var rest = lines
        while !rest.isEmpty {
            let end = rest.firstIndex(of: Self.newline) ?? rest.endIndex
            let line = rest[..<end]
            rest = rest[min(end + 1, rest.endIndex)...]
            if line.allSatisfy(Self.isBlank) { continue }
            do {
                add(Self.outcome(try JSONReader.decode(line)))
            } catch {
                add(.rejected(EventRejection.Reason.notJSON.rawValue))
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
        await input.add(Self.chunks(of: sorted.count)) { chunk, part in
            for record in sorted[chunk] { part.add(Self.outcome(record, decoder)) }
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

    private static func outcome(_ record: KafkaRecord, _ decoder: RecordDecoder) -> Outcome {
        switch decoder.decode([record]).items.first {
        case .fact(let fact, _): .fact(fact)
        case .deadLetter(let letter): .rejected(letter.reason)
        case .skipped, nil: .skipped
        }
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

    private static let newline = UInt8(ascii: "\n")
    /// So many events, or bytes of a file, are read in one go.
    private static let chunk = 2_000
    private static let piece = 500_000

    private static func chunks(of count: Int) -> [Range<Int>] {
        stride(from: 0, to: count, by: chunk).map { $0..<min($0 + chunk, count) }
    }

    /// Parts of a file that begin and end with a line.
    private static func pieces(of bytes: [UInt8]) -> [Range<Int>] {
        var pieces: [Range<Int>] = []
        var start = 0
        while start < bytes.count {
            let least = min(start + piece, bytes.count)
            let end = bytes[least...].firstIndex(of: newline).map { $0 + 1 } ?? bytes.count
            pieces.append(start..<end)
            start = end
        }
        return pieces
    }

    /// Reads parts on all processors and keeps their order.
    private mutating func add(
        _ parts: [Range<Int>],
        _ read: @escaping @Sendable (Range<Int>, inout ReplayInput) -> Void
    ) async {
        var inputs = [ReplayInput](repeating: ReplayInput(), count: parts.count)
        await withTaskGroup(of: (Int, ReplayInput).self) { group in
            for (index, part) in parts.enumerated() {
                group.addTask {
                    var input = ReplayInput()
                    read(part, &input)
                    return (index, input)
                }
            }
            for await (index, input) in group { inputs[index] = input }
        }
        facts.reserveCapacity(inputs.reduce(facts.count) { $0 + $1.facts.count })
        for input in inputs {
            facts += input.facts
            rejected.merge(input.rejected, uniquingKeysWith: +)
            skipped += input.skipped
        }
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
