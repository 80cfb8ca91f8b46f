import Duty
import Testing

@testable import Delivery

@Suite struct BudgetTests {
    private func take(_ budget: inout Budget, at now: Instant) -> Bool {
        guard now >= budget.readyAt else { return false }
        budget.begin()
        budget.end(at: now)
        return true
    }

    @Test func allowsTheNumberAndThenOneForEachThatGrowsOld() {
        var budget = Budget([.init(3, per: .seconds(60))])
        let taken = [0, 10, 20, 30, 59, 60, 69, 70].map { take(&budget, at: noon + .seconds($0)) }
        #expect(taken == [true, true, true, false, false, true, false, true])
        #expect(budget.room(at: noon + .seconds(79)) == 0)
        #expect(budget.room(at: noon + .seconds(80)) == 1)
        #expect(!budget.isIdle(at: noon + .seconds(129)))
        #expect(budget.isIdle(at: noon + .seconds(130)))
    }

    @Test func allRatesHold() {
        var budget = Budget([.init(2, per: .seconds(1)), .init(3, per: .minutes(1))])
        let taken = [0, 0, 0, 1, 2, 3].map { take(&budget, at: noon + .seconds($0)) }
        #expect(taken == [true, true, false, true, false, false])
        #expect(budget.readyAt == noon + .minutes(1))
    }

    @Test func withoutARateEverythingMayGo() {
        var budget = Budget([])
        #expect((0..<50).allSatisfy { _ in take(&budget, at: noon) })
        #expect(budget.room(at: noon) == .max)
    }

    @Test func aClockThatIsPutBackMakesNothingOlder() {
        var budget = Budget([.init(1, per: .minutes(1))])
        _ = take(&budget, at: noon)
        budget.remember(noon - .hours(1))
        #expect(budget.readyAt == noon + .minutes(1))
    }

    /// The provider books a message at any moment between its beginning and its end, whichever is worst.
    @Test(arguments: 0..<20 as Range<UInt64>) func noWindowEverHoldsMore(seed: UInt64) {
        var random = SeededRandom(seed)
        let rates = [Budget.Rate(5, per: .seconds(10)), Budget.Rate(18, per: .seconds(60))]
        var budget = Budget(rates)
        var booked: [Int64] = []
        var underWay: [(begun: Int64, ends: Int64)] = []
        for now in 0..<4_000 as Range<Int64> {
            // A step is 100 ms.
            for sent in underWay where sent.ends <= now {
                budget.end(at: noon + .milliseconds(now * 100))
                booked.append(Int64.random(in: sent.begun...sent.ends, using: &random))
            }
            underWay.removeAll { $0.ends <= now }
            while noon + .milliseconds(now * 100) >= budget.readyAt, Int.random(in: 0..<3, using: &random) > 0
            {
                budget.begin()
                underWay.append((now, now + Int64.random(in: 0...60, using: &random)))
            }
        }
        booked.sort()
        for rate in rates {
            let steps = rate.per.microseconds / 100_000
            for index in booked.indices.dropFirst(rate.count) {
                #expect(booked[index] - booked[index - rate.count] >= steps)
            }
        }
        #expect(booked.count > 50)
    }
}

/// SplitMix64, so that a failure can be repeated.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
