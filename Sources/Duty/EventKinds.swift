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
    /// The patterns of which one has to fit for the rule to have something to say.
    var openings: [FactPattern] {
        switch self {
        case .deadline(let rule): rule.opens
        case .gate(let rule): [rule.act] + (rule.planned.map { [$0] } ?? [])
        case .notice(let rule): [rule.on]
        case .practice(let rule): rule.facts
        case .amount(let rule): [rule.facts]
        case .allocation(let rule): [rule.fines]
        case .window, .recurring: []
        }
    }

    /// Of these kinds a matter must have one, or the rule has nothing to say in it; all where that is not so simple.
    var needs: EventKinds {
        switch self {
        case .window, .recurring: return .all
        case .practice(let rule) where rule.range != .matter: return .all
        default: break
        }
        var kinds = EventKinds(openings.map(\.kind))
        // An end of a pause that comes before its beginning is found without what opens the clock.
        if case .deadline(let rule) = self, let paused = rule.pausedBy { kinds.insert(paused.kind) }
        return kinds
    }

    /// Where the rule says nothing unless one of the effective facts fits its openings: these; else nil.
    var beginnings: [FactPattern]? {
        switch self {
        case .window, .recurring, .allocation: nil
        case .practice(let rule): rule.range == .matter ? openings : nil
        case .deadline(let rule): rule.pausedBy == nil ? openings : nil
        case .gate, .notice, .amount: openings
        }
    }
}
