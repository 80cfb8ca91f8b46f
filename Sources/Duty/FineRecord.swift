/// What the facts of a fine say of the fine itself: its amount, which revision counts, and whether it is under review.
///
/// Revisions count in the order of their numbers; after a gap they wait.
package struct FineRecord: Sendable, Hashable {
    /// The fine as one revision left it.
    package struct Stage: Sendable, Hashable {
        package let amount: Fen
        package let revision: Int64
        /// Nil for the fine as it was issued.
        package let fact: Fact?
    }

    /// A reconsideration or a lawsuit that runs.
    package struct Review: Sendable, Hashable {
        package let opening: Fact
        /// The fine as it stood before.
        package let before: Stage
    }

    package let stage: Stage
    package let review: Review?
    /// The number that later revisions wait for; nil if none do.
    package let awaitedRevision: Int64?

    /// `facts` are the effective facts of the fine, `issued` among them.
    package init(issued: Fact, facts: [Fact], base: AllocationRule.Base = .principal) {
        // Of two with one number the earlier counts.
        let numbered = facts.compactMap { fact in Self.number(fact).map { ($0, fact) } }
        let revisions = Dictionary(numbered) { first, _ in first }
        var stage = Stage(amount: Self.amount(issued, base), revision: 1, fact: nil)
        var review: Review?
        while let next = revisions[stage.revision + 1] {
            if next.data["underReview"]?.bool != true || next.kind == .fineRevoked {
                review = nil
            } else if review == nil {
                review = Review(opening: next, before: stage)
            }
            stage = Stage(amount: Self.amount(next, base), revision: stage.revision + 1, fact: next)
        }
        self.stage = stage
        self.review = review
        let last = revisions.keys.max() ?? 1
        awaitedRevision = last > stage.revision ? stage.revision + 1 : nil
    }

    private static func number(_ fact: Fact) -> Int64? {
        fact.kind == .fineRevised || fact.kind == .fineRevoked ? fact.data["revision"]?.integer : nil
    }

    private static func amount(_ fact: Fact, _ base: AllocationRule.Base) -> Fen {
        guard fact.kind != .fineRevoked else { return .zero }
        let principal = Fen(fact.data["amountFen"]?.integer ?? 0)
        return base == .principal ? principal : principal + Fen(fact.data["surchargeFen"]?.integer ?? 0)
    }
}
