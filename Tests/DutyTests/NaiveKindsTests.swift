import Duty
import Testing

/// The core against a notebook, kind of rule by kind, on histories from a fixed seed and at several moments.
@Suite struct NaiveKindsTests {
    private static let histories: UInt64 = 2_000

    private static var kinds: [any NaiveKind.Type] {
        [
            NaivePauses.self, NaiveClasses.self, NaivePractice.self, NaiveNear.self, NaivePrices.self,
            NaiveLists.self, NaiveWindow.self, NaiveDuties.self, NaiveLinks.self, NaiveVisitGates.self,
            NaiveNotices.self, NaiveLimits.self, NaiveYears.self, NaiveOwners.self,
        ]
    }

    @Test(arguments: kinds.indices)
    func `Any history stands at several moments as the notebook says`(_ index: Int) {
        let kind = Self.kinds[index]
        var told = 0
        for seed in 1...Self.histories {
            var history = NaiveKindsHistory(seed: seed)
            kind.play(&history)
            history.correct()
            let last = history.lastArrival
            for now in [last / 3, last / 2, last, last + 8 * 1_440, last + 40 * 1_440] {
                let wanted = kind.wanted(history, at: now)
                let found = kind.found(history, at: now)
                told += wanted.count
                guard wanted != found else { continue }
                let facts = history.arrived(by: now).map(ModelTests.line).joined(separator: "\n  ")
                Issue.record("\(kind), seed \(seed), at \(now):\n\(wanted)\n\(found)\n  \(facts)")
                return
            }
        }
        // Histories of which nobody would have anything to say prove nothing.
        #expect(told > Int(Self.histories) / 4)
    }
}
