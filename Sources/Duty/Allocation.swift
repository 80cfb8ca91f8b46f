/// How a share that is not a whole number of fen becomes one.
package enum Rounding: String, Sendable, CaseIterable {
    case floor, halfUp, halfEven

    /// `amount × numerator ÷ denominator`, exact; nil only where it does not fit 64 bits.
    package func share(of amount: Fen, numerator: Int64, denominator: Int64) -> Fen? {
        guard denominator > 0, numerator >= 0, amount >= .zero else { return nil }
        let whole = denominator.magnitude
        let product = amount.amount.magnitude.multipliedFullWidth(by: numerator.magnitude)
        guard product.high < whole else { return nil }
        let (unsigned, remainder) = whole.dividingFullWidth(product)
        // One fen more must still fit after rounding up.
        guard unsigned < Int64.max.magnitude else { return nil }
        let quotient = Int64(unsigned)
        let comparesAbove = remainder > whole - remainder
        let isHalf = remainder == whole - remainder
        let up =
            switch self {
            case .floor: false
            case .halfUp: comparesAbove || isHalf
            case .halfEven: comparesAbove || (isHalf && quotient % 2 != 0)
            }
        return Fen(up ? quotient + 1 : quotient)
    }
}

/// Who bears what of one amount.
package struct Allocation: Hashable, Sendable {
    package struct Share: Hashable, Sendable {
        package let person: PersonRef
        package let role: RoleID
        package let amount: Fen
    }

    package struct Held: Hashable, Sendable {
        package let role: RoleID
        package let amount: Fen
    }

    /// What is borne by people, held parts included.
    package let share: Fen
    /// What stays with the enterprise's side of the record; `share + rest` is the amount.
    package let rest: Fen
    package let shares: [Share]
    /// Parts of a role that nobody held.
    package let held: [Held]
}

extension AllocationRule {
    /// The shares of `amount` among `holders`, by the largest-remainder method: exact to the fen, independent
    /// of the order of the input, at most one fen apart inside a role.
    ///
    /// Ties between roles go to the role that stands first in `weights`; inside a role by ascending reference.
    package func allocate(_ amount: Fen, holders: [RoleID: [PersonRef]]) -> Allocation {
        let part = rounding.share(of: amount, numerator: numerator, denominator: denominator) ?? .zero
        var shares: [Allocation.Share] = []
        var held: [Allocation.Held] = []
        for (role, total) in totals(of: part, holders) {
            let people = Set(holders[role] ?? []).sorted()
            if people.isEmpty {
                if total > .zero { held.append(Allocation.Held(role: role, amount: total)) }
                continue
            }
            let parts = Self.split(total.amount, weights: people.map { _ in 1 })
            shares += zip(people, parts).map { Allocation.Share(person: $0, role: role, amount: Fen($1)) }
        }
        let borne = shares.map(\.amount).sum + held.map(\.amount).sum
        return Allocation(share: borne, rest: amount - borne, shares: shares, held: held)
    }

    /// What each role bears; one without weight bears nothing, nor do its people appear.
    private func totals(of part: Fen, _ holders: [RoleID: [PersonRef]]) -> [(role: RoleID, total: Fen)] {
        let weights = weights.filter { $0.weight > 0 }
        // A part that is each role's own is not passed on to another one.
        if mode == .each { return weights.map { ($0.role, part) } }
        let filled = weights.filter { holders[$0.role]?.isEmpty == false }
        let bearing = emptyRole == .reassign && !filled.isEmpty ? filled : weights
        let parts = Self.split(part.amount, weights: bearing.map(\.weight))
        return zip(bearing, parts).map { ($0.role, Fen($1)) }
    }

    /// `total` in parts by weight: floors first, then one more for the largest remainders, ties in order.
    static func split(_ total: Int64, weights: [Int64]) -> [Int64] {
        let sum = weights.reduce(0, +)
        guard sum > 0, total >= 0 else { return weights.map { _ in 0 } }
        var parts: [Int64] = []
        var remainders: [(remainder: Int64, index: Int)] = []
        for (index, weight) in weights.enumerated() {
            let product = total.multipliedFullWidth(by: weight)
            let (quotient, remainder) = sum.dividingFullWidth(product)
            parts.append(quotient)
            remainders.append((remainder, index))
        }
        let left = Int(total - parts.reduce(0, +))
        let order = remainders.sorted {
            $0.remainder != $1.remainder ? $0.remainder > $1.remainder : $0.index < $1.index
        }
        for entry in order.prefix(left) { parts[entry.index] += 1 }
        return parts
    }
}
