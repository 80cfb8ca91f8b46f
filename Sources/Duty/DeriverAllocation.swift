/// Who bears which share of a fine, as its facts say.
extension Deriver {
    func allocation(_ rule: Rule, _ allocation: AllocationRule) -> AllocationTarget? {
        guard let issued = facts.first(where: { matches($0, allocation.fines) && isInForce($0) }) else {
            return nil
        }
        let fine = FineRecord(issued: issued, facts: facts, base: allocation.base)
        let frozen = allocation.freezesDuringReview ? fine.review : nil
        let stage = frozen?.before ?? fine.stage
        let decision = decision(allocation, before: frozen?.opening)
        let isAttributed = decision?.data["attributable"]?.bool ?? false
        let weighted = allocation.weighted(by: decision?.data["weights"])
        let holders = holders(weighted, at: rosterDate(allocation, issued, decision))
        return AllocationTarget(
            rule: rule.id,
            article: rule.article,
            amount: stage.amount,
            revision: stage.revision,
            decisionID: decision?.text("decisionId") ?? "",
            isAttributed: isAttributed,
            allocation: weighted.allocate(isAttributed ? stage.amount : .zero, holders: holders),
            rosterSnapshot: weighted.weights.flatMap { weight in
                (holders[weight.role] ?? []).map { weight.role.text + ":" + $0.text }
            },
            settlements: settlements,
            cause: [decision, stage.fact].compactMap { $0 }.max(by: Fact.precedes)?.key
        )
    }

    /// A fine that nobody has a share in, as it was voided or the policy does not share it: what was settled on it
    /// all the same is due back.
    ///
    /// For a matter that has a fact issuing a fine, if only one that was voided.
    func unshared() -> AllocationTarget? {
        for rule in policy.rules {
            guard case .allocation(let allocation) = rule.body else { continue }
            return AllocationTarget(
                rule: rule.id,
                article: rule.article,
                amount: nil,
                revision: 0,
                decisionID: "",
                isAttributed: false,
                allocation: allocation.allocate(.zero, holders: [:]),
                rosterSnapshot: [],
                settlements: settlements,
                cause: nil
            )
        }
        return nil
    }

    /// The last decision on the cause, by its own time; with `opening`, of those before a review that freezes shares.
    private func decision(_ allocation: AllocationRule, before opening: Fact?) -> Fact? {
        facts.last { fact in
            fact.kind == .fineAttributed
                && (allocation.decider == nil || fact.text("decidedBy.role") == allocation.decider?.text)
                && opening.map { Fact.precedes(fact, $0) } ?? true
        }
    }

    private func rosterDate(_ allocation: AllocationRule, _ issued: Fact, _ decision: Fact?) -> Instant {
        switch allocation.rosterAsOf {
        case .decision: issued.at
        case .attribution: decision?.at ?? issued.at
        case .violation:
            issued.text("violatedAt").flatMap { CivilDate($0)?.start ?? Instant(rfc3339: $0) } ?? issued.at
        }
    }

    /// Who held each role that bears something, each person once, in the order of their references.
    private func holders(_ allocation: AllocationRule, at moment: Instant) -> [RoleID: [PersonRef]] {
        var holders: [RoleID: [PersonRef]] = [:]
        for weight in allocation.weights where weight.weight > 0 {
            var people = enterprise.roster.holders(of: weight.role, at: moment, backups: false)
            if allocation.includesBackups {
                people += enterprise.roster.holders(of: weight.role, at: moment, backups: true)
            }
            holders[weight.role] = Set(people).sorted()
        }
        return holders
    }

    private var settlements: [AllocationTarget.Settlement] {
        facts.filter { $0.kind == .fineShareSettled }.map {
            AllocationTarget.Settlement(
                event: $0.key,
                person: PersonRef($0.text("personRef") ?? ""),
                amount: Fen($0.data["amountFen"]?.integer ?? 0)
            )
        }
    }
}
