/// What is said of a closed matter when the profile of its enterprise changes for the past.
///
/// Its record stays, and nobody is told: the journal says what it would have come to, for those who audit.
package enum Recalculation {
    /// One entry for each obligation that would stand otherwise by `after` than by `before`.
    package static func report(
        _ state: MatterState,
        before: Derivation,
        after: Derivation,
        at now: Instant
    ) -> [Transition] {
        let (old, new) = (obligations(before), obligations(after))
        return Set(old.keys).union(new.keys).sorted().compactMap { key in
            guard let obligation = new[key] ?? old[key], obligation.mayRecordDetails else { return nil }
            let (then, would) = (old[key]?.phase(at: now), new[key]?.phase(at: now))
            if then == would { return nil }
            let record = state.record(key).flatMap { $0.isWithdrawn ? nil : $0.phase }
            return Transition(
                action: "matter.recalculated",
                rule: key.rule,
                article: obligation.rule.article,
                cycle: key.cycle,
                at: now,
                fields: .object([
                    Value.Member("was", .string(record?.rawValue ?? none)),
                    Value.Member("wouldBe", .string(would?.rawValue ?? none)),
                ])
            )
        }
    }

    private static let none = "none"

    private static func obligations(_ derivation: Derivation) -> [ObligationKey: Obligation] {
        Dictionary(derivation.obligations.filter { !$0.isNotice }.map { ($0.key, $0) }) { $1 }
    }
}
