import Duty
import Engine
import Foundation
import Storage
import Testing

/// One history told by many voices at once, each with people, enterprises and numbers of its own.
///
/// The first tells it in order, each other one late and in an order of its own. In the end they must all have come
/// to the same.
struct Chorus {
    /// From when to when; facts arrive at the full hours in between that `step` names.
    let start: String
    let end: String
    var step = Span.hours(12)
    var settings: [String: String] = [:]
    /// Holders of roles that a voice needs for itself.
    var holders: [RoleID: @Sendable (String) -> PersonRef] = [:]
    /// What is known before the story begins.
    var before: @Sendable (String) throws -> [Fact] = { _ in [] }
    /// Up to how long a fact is on its way, beyond which it comes at the end.
    var longestDelay = Span.days(6)
    let story: @Sendable (String) throws -> [Fact]
    /// The matters to compare.
    let matters: @Sendable (String) -> [MatterID]

    static let voices = 301

    /// The mark of a voice, in every name that is its own.
    private static func mark(_ voice: Int) -> String { "x\(voice)x" }

    private var seed: UInt64 {
        ProcessInfo.processInfo.environment["DUTYCLOCK_SEED"].flatMap { UInt64($0) }
            ?? UInt64.random(in: 0..<1 << 48)
    }

    func sing() async throws {
        let seed = seed
        let marks = (0..<Self.voices).map(Self.mark)
        var holders: [RoleID: [PersonRef]] = [:]
        for (role, name) in self.holders { holders[role] = marks.map(name) }
        try await World.county(at: start, settings: settings, holders: holders) { world in
            try await world.establishDuties()
            try await world.feed(try marks.flatMap(before))
            try await perform(in: world, marks, seed)
            let reference = try await outlook(world, marks[0])
            #expect(reference.problems == [], "in order")
            #expect(reference.records != [])
            for (index, mark) in marks.enumerated().dropFirst() {
                let seen = try await outlook(world, mark)
                guard seen != reference || !seen.problems.isEmpty else { continue }
                let order = try arrivals(mark, voice: index, seed)
                    .map { stamp($0.at) + " " + $0.fact.key.id }.joined(separator: "\n")
                Issue.record(
                    "DUTYCLOCK_SEED=\(seed) voice \(index)\n\(order)\n\(difference(seen, reference))"
                )
                return
            }
            #expect(try await world.store.verify { _, _ in }.isSound)
        }
    }

    /// All facts of all voices at their times, with whatever time brings in between.
    private func perform(in world: World, _ marks: [String], _ seed: UInt64) async throws {
        var calls: [(at: Instant, order: Int, fact: Fact)] = []
        for (index, mark) in marks.enumerated() {
            let arrivals = try arrivals(mark, voice: index, seed)
            calls += arrivals.enumerated().map { ($1.at, $0, $1.fact) }
        }
        calls.sort { ($0.at, $0.order) < ($1.at, $1.order) }
        var rest = calls[...]
        while let next = rest.first {
            let batch = rest.prefix { $0.at == next.at }
            rest = rest.dropFirst(batch.count)
            try await world.advance(to: next.at)
            try await world.feed(batch.map(\.fact))
        }
        try await world.advance(to: local(end))
    }

    /// When and in which order the facts of a voice reach us; the first voice has them in order and at once.
    private func arrivals(_ mark: String, voice: Int, _ seed: UInt64) throws -> [(at: Instant, fact: Fact)] {
        let facts = try story(mark)
        guard voice > 0 else { return facts.map { (tick($0.receivedAt), $0) } }
        var random = SeededGenerator(seed: seed &+ UInt64(voice))
        return facts.map { fact in
            let hours = longestDelay.seconds / 3600
            let delay = Bool.random(using: &random) ? 0 : Int64.random(in: 0...hours, using: &random)
            return (tick(fact.receivedAt + .hours(delay)), fact)
        }
        .shuffled(using: &random).enumerated()
        .sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(\.element)
    }

    private func tick(_ moment: Instant) -> Instant {
        let length = step.microseconds
        let count = ((moment - local(start)).microseconds + length - 1) / length
        return min(local(start) + Span(microseconds: count * length), local(end))
    }

    private func outlook(_ world: World, _ mark: String) async throws -> Outlook {
        var seen: [(StoredMatter, [Duty.Notification])] = []
        for id in matters(mark) {
            guard let matter = try await world.store.matters([id]).first else { continue }
            seen.append((matter, try await world.store.notifications(of: id).map(\.notification)))
        }
        return Outlook(seen, copy: mark)
    }

    private func difference(_ seen: Outlook, _ reference: Outlook) -> String {
        func lines(_ name: String, _ path: KeyPath<Outlook, [String]>) -> [String] {
            let change = seen[keyPath: path].difference(from: reference[keyPath: path])
            return change.map { change in
                switch change {
                case .insert(_, let line, _): "+ \(name) \(line)"
                case .remove(_, let line, _): "- \(name) \(line)"
                }
            }
        }
        let all =
            lines("record", \.records) + lines("reflected", \.reflected) + lines("belief", \.beliefs)
            + lines("share", \.shares) + seen.problems
        return all.joined(separator: "\n")
    }
}
