import Duty
import Foundation
import Storage

/// What a channel that keeps every request for a minute costs the others.
///
/// The same load by turns beside a channel that hangs and beside one that answers, so that what else happens on the
/// machine falls on both alike. Each block has a program, topics and a store of its own. The channel has hung for a
/// minute already when a block begins: as many messages wait for it as the load makes in that time. It gets its
/// messages all along, its requests under way run out of time while others are measured, and its breaker opens.
struct HangingChannelPhase {
    private static let pairs = 5
    private static let count = 1_000
    private static let backlog = 6_000

    private static let waiting = Backlog(
        prefix: "BL-",
        code: "N10",
        stage: "open",
        messageClass: .group,
        recipient: .group,
        urgency: 1
    )

    /// Requests that a channel may have under way.
    private static let concurrency = 64

    let bench: Workbench

    func run() async throws {
        var answering: [Distribution] = []
        var hanging: [Distribution] = []
        for pair in 0..<Self.pairs {
            // Neither is always the first.
            for hangs in pair.isMultiple(of: 2) ? [false, true] : [true, false] {
                let found = try await block(pair, hangs: hangs)
                if hangs { hanging.append(found) } else { answering.append(found) }
            }
        }
        report("web hook beside a channel that answers", answering)
        report("web hook beside a channel that hangs", hanging)
        let changes = zip(hanging, answering).map { $0.worstOfHundred / $1.worstOfHundred - 1 }
        Workbench.report(
            "change of the p99 by the channel that hangs, of \(Self.pairs) pairs",
            changes.sorted().map { String(format: "%+.0f", $0 * 100) }.joined(separator: " / ") + " %"
        )
        let change = median(hanging.map(\.worstOfHundred)) / median(answering.map(\.worstOfHundred)) - 1
        Workbench.report("change of the median p99", String(format: "%+.0f %%", change * 100))
    }

    private func report(_ label: String, _ blocks: [Distribution]) {
        let figures = [blocks.map(\.middle), blocks.map(\.worstOfHundred), blocks.map(\.worst)]
        Workbench.report(
            label + ": p50 / p99 / max, medians",
            figures.map { String(format: "%.1f", median($0)) }.joined(separator: " / ") + " ms"
        )
    }

    private func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

    private func block(_ pair: Int, hangs: Bool) async throws -> Distribution {
        let side = hangs ? "hang" : "side"
        let broker = try BenchBroker(bench.bootstrap)
        defer { broker.close() }
        let installation = LatencyInstallation(
            servers: broker.servers,
            name: "bench.\(side).\(pair).\(getpid())",
            store: "\(side).\(pair).db",
            side: side
        )
        try await broker.create(installation.intake, installation.outcomes, installation.deadLetters)
        try await Self.waiting.fill(bench.path(installation.store), count: Self.backlog, age: .seconds(60))
        return try await LatencyPhase(bench: bench).personal(through: installation, count: Self.count) {
            $0.beside >= (hangs ? Self.concurrency : Self.backlog)
        }
    }
}
