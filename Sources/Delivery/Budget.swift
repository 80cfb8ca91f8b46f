import Duty

/// What a provider allows, counted as strictly as a provider can count: pure, time is passed in.
///
/// A message counts from its beginning until a whole window after its end. Whenever in between the provider
/// booked it, no window of that length, wherever it begins, then holds more than the rate; messages whose
/// outcome is unknown, or that failed, count like any other.
package struct Budget: Sendable {
    /// At most `count` messages in any stretch of time as long as `per`.
    package struct Rate: Hashable, Sendable {
        package let count: Int
        package let per: Span

        package init(_ count: Int, per: Span) {
            self.count = max(1, count)
            self.per = max(.zero, per)
        }
    }

    private let rates: [Rate]
    /// Begun and not ended.
    private var underWay = 0
    /// When the others ended, ascending, as many as the rates can ask for.
    private var ends: [Instant] = []

    /// A budget that holds all of `rates` at once; without any it allows everything.
    package init(_ rates: [Rate]) { self.rates = rates }

    /// From when on one more message may leave; the distant future while only an end can tell.
    package var readyAt: Instant { rates.map(readyAt).max() ?? .distantPast }

    private func readyAt(_ rate: Rate) -> Instant {
        let free = rate.count - underWay
        guard free > 0 else { return .distantFuture }
        return ends.count < free ? .distantPast : ends[ends.count - free] + rate.per
    }

    /// How many messages may leave at `now`.
    package func room(at now: Instant) -> Int {
        rates.map { rate in
            let first = ends.partitioningIndex { $0 + rate.per > now }
            return max(0, rate.count - underWay - (ends.count - first))
        }.min() ?? .max
    }

    package mutating func begin() { underWay += 1 }

    /// The message that `begin` counted did not leave after all.
    package mutating func abandon() { underWay = max(0, underWay - 1) }

    /// A message that `begin` counted came back.
    package mutating func end(at now: Instant) {
        abandon()
        remember(now)
    }

    /// Counts a message of an earlier run; these come in the order of their ends.
    package mutating func remember(_ end: Instant) {
        // A clock that was put back must not make a message older than one before it.
        ends.append(max(end, ends.last ?? end))
        let most = rates.map(\.count).max() ?? 0
        if ends.count > 2 * most + 16 { ends.removeFirst(ends.count - most) }
    }

    /// Whether nothing would change if this budget were forgotten.
    package func isIdle(at now: Instant) -> Bool {
        underWay == 0 && ends.last.map { last in rates.allSatisfy { last + $0.per <= now } } ?? true
    }
}

extension Array {
    /// The first place from which on `belongs` holds, in an array that is split by it.
    fileprivate func partitioningIndex(where belongs: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if belongs(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
