/// An amount of money in fen (1/100 yuan), exact.
///
/// Sums are checked: what would not fit 64 bits stays at the limit, as no input may end the process. A single amount
/// is at most `limit`, so that it takes close to a million of them on one fine to get there.
package struct Fen: Hashable, Sendable, Comparable {
    package let amount: Int64

    package init(_ amount: Int64) { self.amount = amount }
    package static let zero = Fen(0)

    /// The largest amount that an event may carry: a hundred billion yuan, far from overflow in any sum here.
    package static let limit = Fen(10_000_000_000_000)

    package static func < (left: Fen, right: Fen) -> Bool { left.amount < right.amount }
    package static prefix func - (value: Fen) -> Fen { .zero - value }

    package static func + (left: Fen, right: Fen) -> Fen {
        let (sum, overflow) = left.amount.addingReportingOverflow(right.amount)
        return Fen(overflow ? (right.amount < 0 ? .min : .max) : sum)
    }

    package static func - (left: Fen, right: Fen) -> Fen {
        let (difference, overflow) = left.amount.subtractingReportingOverflow(right.amount)
        return Fen(overflow ? (right.amount < 0 ? .max : .min) : difference)
    }

    package static func += (sum: inout Fen, other: Fen) { sum = sum + other }

    /// `12,345.67`, with a minus sign in front of a negative amount.
    package var yuan: String { (amount < 0 ? "-" : "") + digits }

    /// `¥12,345.67`, `-¥12,345.67`.
    package var money: String { (amount < 0 ? "-¥" : "¥") + digits }

    private var digits: String {
        let magnitude = amount.magnitude
        let whole = Array(String(magnitude / 100))
        var grouped = ""
        for (index, digit) in whole.enumerated() {
            if index > 0, (whole.count - index) % 3 == 0 { grouped.append(",") }
            grouped.append(digit)
        }
        return grouped + "." + padded(Int(magnitude % 100), 2)
    }
}

extension Sequence<Fen> {
    package var sum: Fen { reduce(.zero, +) }
}
