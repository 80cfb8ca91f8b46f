import Duty
import Storage
import Synchronization

/// What a stretch of the past would have come to under some rules: the engine's own decisions on a virtual clock.
///
/// Each event is taken at the moment of its arrival, and every wake-up at its own moment, as they would have been.
package struct Replay: Sendable {
    private let books: [RuleBook]
    private let input: ReplayInput
    private let end: Instant

    /// - Parameters:
    ///   - books: The rules; every matter is opened under their current policy. Several of them are the same rules,
    ///     read several times: each works on a part of the history, with nothing in memory that two threads share.
    ///   - input: What arrived.
    ///   - end: How far the clock goes; what arrived later is left out. Nil: to the last arrival.
    package init(books: [RuleBook], input: ReplayInput, until end: Instant? = nil) {
        self.books = books
        self.input = input
        self.end = end ?? input.facts.last?.receivedAt ?? .distantPast
    }

    package init(book: RuleBook, input: ReplayInput, until end: Instant? = nil) {
        self.init(books: [book], input: input, until: end)
    }

    /// Runs all of it; `progress` is told now and then how many events have been taken.
    package func run(progress: @escaping @Sendable (Int) -> Void = { _ in }) async throws -> ReplayReport {
        let facts = input.facts.prefix { $0.receivedAt <= end }
        guard let book = books.first else { throw NoRules() }
        let parts = await ReplayPartition.parts(facts, book.current, count: books.count)
        let ends = try await together(parts, beginning: facts.first?.receivedAt, progress)
        progress(input.facts.count)
        return try report(ends, facts)
    }

    private func report(_ ends: [End], _ facts: ArraySlice<Fact>) throws -> ReplayReport {
        var tally = ReplayTally(input)
        tally.leftOut = input.facts.count - facts.count
        for end in ends { tally.add(end.tally) }
        guard let first = ends.first else { throw NoRules() }
        return ReplayReport(
            tally: tally,
            policy: first.book.current,
            calendar: first.book.calendar,
            from: facts.first?.receivedAt,
            until: end
        )
    }

    private struct NoRules: Error {}

    // MARK: In parts

    /// What a part has come to, without its matters: these go where they were made.
    private struct End: Sendable {
        let part: Int
        let tally: ReplayTally
        let book: RuleBook
    }

    private func together(
        _ parts: [ReplayPartition.Part],
        beginning: Instant?,
        _ progress: @escaping @Sendable (Int) -> Void
    ) async throws -> [End] {
        let sum = Sum(progress, parts: parts.count, total: input.facts.count)
        return try await withThrowingTaskGroup(of: End.self) { group in
            for (index, part) in parts.enumerated() {
                let book = books[index]
                group.addTask {
                    var run = ReplayRun(book: book, input: input, share: part.share)
                    let begins = index == 0 ? beginning : nil
                    try await run.run(part.facts[...], beginning: begins, until: end) {
                        sum.show($0, of: index)
                    }
                    return End(part: index, tally: run.tally, book: run.processor.book)
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }.sorted { $0.part < $1.part }
        }
    }

    /// How far all parts have come; what each of them needs counts once.
    private final class Sum: Sendable {
        private let progress: @Sendable (Int) -> Void
        private let total: Int
        private let done: Mutex<[Int]>

        init(_ progress: @escaping @Sendable (Int) -> Void, parts: Int, total: Int) {
            self.progress = progress
            self.total = total
            done = Mutex([Int](repeating: 0, count: parts))
        }

        func show(_ count: Int, of part: Int) {
            progress(
                done.withLock { done in
                    done[part] = count
                    return min(total, done.reduce(0, +))
                }
            )
        }
    }
}
