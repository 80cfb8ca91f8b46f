/// A set of kinds of events, one bit each.
package struct EventKinds: Sendable, Hashable {
    private var bits: UInt64

    package init() { bits = 0 }
    private init(bits: UInt64) { self.bits = bits }

    package init(_ kinds: some Sequence<EventKind>) {
        self.init()
        for kind in kinds { insert(kind) }
    }

    /// The kinds of facts, each once.
    init(of facts: [Fact]) {
        self.init()
        for fact in facts { insert(fact.kind) }
    }

    static let all = EventKinds(bits: .max)

    package mutating func insert(_ kind: EventKind) { bits |= 1 << kind.ordinal }
    package func contains(_ kind: EventKind) -> Bool { bits & 1 << kind.ordinal != 0 }
    package func intersects(_ other: EventKinds) -> Bool { bits & other.bits != 0 }
}

extension Rule.Body {
    /// Of these kinds a matter must have one, or the rule has nothing to say in it; all where that is not so simple.
    var needs: EventKinds {
        switch self {
        case .deadline(let rule): EventKinds((rule.opens + (rule.pausedBy.map { [$0] } ?? [])).map(\.kind))
        case .gate(let rule): EventKinds([rule.act.kind] + (rule.planned.map { [$0.kind] } ?? []))
        case .notice(let rule): EventKinds([rule.on.kind])
        case .amount(let rule): EventKinds([rule.facts.kind])
        case .allocation(let rule): EventKinds([rule.fines.kind])
        case .practice(let rule): rule.range == .matter ? EventKinds(rule.facts.map(\.kind)) : .all
        case .window, .recurring: .all
        }
    }
}
