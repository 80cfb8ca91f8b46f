import Duty
import Engine
import Foundation

/// What it costs to derive one matter of each kind, and what the rules of all thirty articles cost beside those of
/// articles 22 and 25 alone: the derivation, and a whole history replayed.
struct DerivePhase {
    /// One derivation may take so long at the median.
    private static let limit = 10.0
    private static let samples = 101
    private static let turns = 100

    let bench: Workbench

    func run() async throws {
        let histories = try DeriveHistories.all()
        let few = Self.few(bench.book.current)
        var ratios: [Double] = []
        for history in histories {
            let (all, part) = Self.compared(history, bench.book.current, few, bench.book.calendar)
            let isSlow = all > Self.limit
            Workbench.report(
                "derive \(history.name), \(history.facts.count) facts",
                String(format: "%.1f µs", all) + (isSlow ? ", over \(Self.limit)" : "")
            )
            if history.isOfFew { ratios.append(all / part) }
        }
        let mean = ratios.reduce(0, +) / Double(max(1, ratios.count))
        Workbench.report("  all articles to 22 and 25 alone, their matters", String(format: "%.2f", mean))
        try await replay(few)
    }

    /// The rules of articles 22 and 25.
    private static func few(_ policy: Policy) -> Policy {
        Policy(
            name: policy.name,
            version: policy.version,
            document: policy.document,
            effectiveFrom: policy.effectiveFrom,
            roles: policy.roles,
            escalations: policy.escalations,
            rules: policy.rules.filter { $0.article == 22 || $0.article == 25 },
            settings: policy.settings,
            keyRoles: policy.keyRoles
        )
    }

    // MARK: One matter

    /// The medians of both in microseconds; the two take turns, so that a busy machine slows them alike.
    private static func compared(
        _ history: DeriveHistories.History,
        _ first: Policy,
        _ second: Policy,
        _ calendar: WorkCalendar
    ) -> (Double, Double) {
        var times: [[Double]] = [[], []]
        for _ in 0..<samples {
            for (index, policy) in [first, second].enumerated() {
                var count = 0
                let began = ContinuousClock.now
                for _ in 0..<turns {
                    let derivation = derive(
                        matter: history.matter,
                        facts: history.facts,
                        enterprise: history.enterprise,
                        policy: policy,
                        calendar: calendar,
                        now: history.now
                    )
                    count += derivation.obligations.count
                }
                let took = (ContinuousClock.now - began) / .microseconds(1)
                // Nothing of it may be left out as unused.
                times[index].append(count < 0 ? .infinity : took / Double(turns))
            }
        }
        return (median(times[0]), median(times[1]))
    }

    private static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

    // MARK: A whole history

    private func replay(_ few: Policy) async throws {
        let workload = Workload(enterprises: 1_000, complaints: 10_000, start: Workload.day.start)
        let events = workload.standing() + workload.traffic()
        var lines: [UInt8] = []
        for event in events { lines += JSONWriter.encode(event.structured) + [0x0A] }
        let input = await ReplayInput.read(json: [lines])
        var best: [Double] = [0, 0]
        for _ in 0..<3 {
            for (index, policy) in [bench.book.current, few].enumerated() {
                let book = RuleBook(
                    current: policy,
                    calendar: bench.book.calendar,
                    directory: bench.book.directory
                )
                let took = try await Workbench.time { _ = try await Replay(book: book, input: input).run() }
                best[index] = max(best[index], Workbench.rate(input.facts.count, took))
            }
        }
        Workbench.report("replay on one thread, all articles", "\(Int(best[0])) events/s")
        Workbench.report("  to articles 22 and 25 alone", String(format: "%.2f", best[0] / best[1]))
    }
}
