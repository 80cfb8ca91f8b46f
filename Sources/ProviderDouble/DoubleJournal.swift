import Duty

/// What became of a request, in one word.
enum Verdict: String, Sendable {
    /// The recipients have the message.
    case accepted
    /// The provider said no: by its own rules or by the script.
    case refused
    /// The provider said no because of a limit.
    case overLimit
    /// The provider said yes and nobody has it.
    case dropped
    /// The provider found a repetition by itself, said yes and told nobody again.
    case suppressed
    /// The recipients have it and the sender heard nothing.
    case died
    /// A token, no message.
    case token
}

/// One request and what became of it.
struct Received: Sendable {
    let at: Instant
    let provider: Provider
    let request: DoubleRequest
    let letter: Letter?
    let verdict: Verdict
    var code: String?
    /// Recipients for whom it was dropped without a word.
    var dropped: [String] = []

    /// Whether somebody was told by it.
    var reachedSomebody: Bool { verdict == .accepted || verdict == .died }

    /// The address stays out: it holds keys.
    func value(number: Int) -> Value {
        var members: [Value.Member] = [
            Value.Member("number", .integer(Int64(number))),
            Value.Member("at", .string(at.rfc3339)),
            Value.Member("provider", .string(provider.rawValue)),
            Value.Member("path", .string(request.path)),
            Value.Member("verdict", .string(verdict.rawValue)),
        ]
        if let code { members.append(Value.Member("code", .string(code))) }
        if let letter {
            members.append(Value.Member("recipients", .array(letter.recipients.map { .string($0) })))
            members.append(Value.Member("text", .string(letter.text)))
            if let key = letter.key { members.append(Value.Member("key", .string(key))) }
        }
        if !dropped.isEmpty { members.append(Value.Member("dropped", .array(dropped.map { .string($0) }))) }
        members.append(Value.Member("body", .string(request.text)))
        return .object(members)
    }
}

/// The counts of one provider.
struct DoubleCounters: Sendable {
    var received = 0
    var accepted = 0
    var overLimit = 0
    var dropped = 0
    var suppressed = 0
    var died = 0
    var tokens = 0
    /// Messages under a key by which somebody had been told before.
    var duplicates = 0
    /// Refusals that no script asked for: the sender made a mistake.
    var invalid = 0
    var refused: [String: Int] = [:]

    var value: Value {
        let codes = refused.sorted { $0.key < $1.key }
        return .members(
            ("received", .integer(Int64(received))),
            ("accepted", .integer(Int64(accepted))),
            ("overLimit", .integer(Int64(overLimit))),
            ("dropped", .integer(Int64(dropped))),
            ("suppressed", .integer(Int64(suppressed))),
            ("died", .integer(Int64(died))),
            ("tokens", .integer(Int64(tokens))),
            ("duplicates", .integer(Int64(duplicates))),
            ("invalid", .integer(Int64(invalid))),
            ("refused", .object(codes.map { Value.Member($0.key, .integer(Int64($0.value))) }))
        )
    }
}

/// All that came, and the counts over it.
struct DoubleJournal: Sendable {
    /// Older requests are forgotten; the counts stay.
    static let capacity = 20_000

    private var entries: [(number: Int, entry: Received)] = []
    private var total = 0
    private var told: Set<String> = []
    private(set) var counters: [Provider: DoubleCounters] = [:]

    /// The number of the request that comes next, from 1.
    var nextNumber: Int { total + 1 }

    /// `isScripted`: the script asked for this, so it says nothing about the sender.
    mutating func add(_ entry: Received, isScripted: Bool) {
        total += 1
        entries.append((total, entry))
        if entries.count > DoubleJournal.capacity + 1_000 { entries.removeFirst(1_000) }
        var counts = counters[entry.provider] ?? DoubleCounters()
        counts.count(entry, isScripted: isScripted)
        if entry.reachedSomebody, let key = entry.letter?.key {
            let names = [entry.provider.rawValue, key] + (entry.letter?.recipients ?? [])
            if !told.insert(names.joined(separator: "\n")).inserted { counts.duplicates += 1 }
        }
        counters[entry.provider] = counts
    }

    /// What came after request `number`, of one provider or of all.
    func received(after number: Int, provider: Provider?) -> Value {
        .array(
            entries.filter { $0.number > number && (provider == nil || $0.entry.provider == provider) }
                .map { $0.entry.value(number: $0.number) }
        )
    }

    var value: Value {
        .object(
            Provider.allCases.map {
                Value.Member($0.rawValue, (counters[$0] ?? DoubleCounters()).value)
            }
        )
    }
}

extension DoubleCounters {
    fileprivate mutating func count(_ entry: Received, isScripted: Bool) {
        received += 1
        if !entry.dropped.isEmpty { dropped += entry.dropped.count }
        switch entry.verdict {
        case .accepted: accepted += 1
        case .overLimit: overLimit += 1
        case .dropped: if entry.dropped.isEmpty { dropped += 1 }
        case .suppressed: suppressed += 1
        case .died: died += 1
        case .token: tokens += 1
        case .refused: if !isScripted { invalid += 1 }
        }
        if entry.verdict == .refused || entry.verdict == .overLimit, let code = entry.code {
            refused[code, default: 0] += 1
        }
    }
}
