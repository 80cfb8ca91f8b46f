import Duty

/// A random history of a few matters: facts at random minutes, some late, some corrected or voided.
struct NaiveKindsHistory {
    typealias Members = KeyValuePairs<String, Value>

    private(set) var facts: [Fact] = []
    /// The matter that each fact, correction and void belongs to, by the id.
    private(set) var homes: [String: String] = [:]
    /// Answers that a correction may give instead, by the field.
    var otherAnswers: [String: [Value]] = [:]
    private var random: SeededGenerator
    private var count = 0

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &random) }
    mutating func between(_ first: Int, _ last: Int) -> Int { Int.random(in: first...last, using: &random) }
    mutating func chance(_ percent: Int) -> Bool { random.chance(percent) }
    mutating func one<T>(_ values: [T]) -> T { values[below(values.count)] }
    mutating func moment(_ days: ClosedRange<Int>) -> Int {
        between(days.lowerBound * 1_440, days.upperBound * 1_440)
    }

    static func instant(_ minute: Int) -> Instant { Town.monday + .minutes(Int64(minute)) }
    static func text(_ minute: Int) -> Value { .string(instant(minute).rfc3339) }

    mutating func add(_ kind: EventKind, _ minute: Int, of number: String = "1", _ more: Members = [:]) {
        count += 1
        let late = chance(60) ? 0 : below(6_000)
        let fact = Town.fact(
            kind,
            "f\(count)",
            at: Self.instant(minute),
            received: Self.instant(minute + late),
            of: number,
            more
        )
        keep(fact, in: number)
    }

    mutating func keep(_ fact: Fact, in number: String) {
        facts.append(fact)
        homes[fact.key.id] = number
    }

    /// Corrects and voids some facts, and some of the corrections and voids.
    mutating func correct() {
        guard chance(60), !facts.isEmpty else { return }
        for _ in 0..<between(1, 3) {
            let target = one(facts)
            count += 1
            let at = target.receivedAt + .minutes(Int64(1 + below(4_000)))
            let isPlain = target.kind != .recordVoided && target.kind != .recordCorrected
            let patch = isPlain && chance(60) ? otherAnswer(target) : nil
            keep(
                patch.map { Town.correction("f\(count)", of: target.key.id, target.kind, at: at, $0) }
                    ?? Town.void("f\(count)", of: target.key.id, target.kind, at: at),
                in: homes[target.key.id] ?? ""
            )
        }
    }

    private mutating func otherAnswer(_ target: Fact) -> Value? {
        let own = otherAnswers.keys.filter { target.data[$0] != nil }.sorted()
        let timeField = EventCatalogue.schema(target.kind).timeField
        if let timeField, own.isEmpty || chance(50) {
            let moved = target.at + .minutes(Int64(below(8_640) - 4_320))
            return .object([Value.Member(timeField, .string(moved.rfc3339))])
        }
        guard !own.isEmpty else { return nil }
        let field = one(own)
        return .object([Value.Member(field, one(otherAnswers[field] ?? [.null]))])
    }

    /// The facts that have arrived by a minute, in the order of their arrival.
    func arrived(by minute: Int, at number: String? = nil) -> [Fact] {
        facts.filter {
            $0.receivedAt <= Self.instant(minute) && (number == nil || homes[$0.key.id] == number)
        }
        .sorted { ($0.receivedAt, $0.key.id) < ($1.receivedAt, $1.key.id) }
    }

    var lastArrival: Int { facts.map { NaiveModel.minute($0.receivedAt) }.max() ?? 0 }
}
